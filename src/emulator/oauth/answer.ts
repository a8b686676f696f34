import { EmulatorError } from "../error.ts";
import { HttpReply, type Call } from "../service.ts";
import { asOAuthError, errorReply, NOT_STORED, OAuthError } from "./error.ts";
import { notePage } from "../pages/html-page.ts";
import { postingPage } from "../pages/posting.ts";

/** Where an answer to an authorization request goes. */
export interface Back {
  readonly redirectUri: string;
  readonly responseMode: string;
  readonly state?: string | undefined;
  readonly issuer: string;
}

const RESPONSE_MODES = ["query", "fragment", "form_post"];

export function isResponseMode(mode: string | null | undefined): mode is string {
  return RESPONSE_MODES.includes(mode ?? "");
}

/** What `handle` gives back; an error that it throws is told to the client, by the browser. */
export function orErrorAt(back: Back, handle: () => HttpReply): HttpReply {
  try {
    return handle();
  } catch (error) {
    const known = error instanceof EmulatorError ? asOAuthError(error) : error;
    if (!(known instanceof OAuthError)) throw error;
    return sentBack(back, { error: known.code, error_description: known.message });
  }
}

/** Sends the browser back to the client with an answer, which names its issuer (RFC 9207). */
export function sentBack(back: Back, answer: Readonly<Record<string, string>>): HttpReply {
  const members = {
    ...answer,
    ...(back.state === undefined ? {} : { state: back.state }),
    iss: back.issuer,
  };
  if (back.responseMode === "form_post") return postingPage(back.redirectUri, members);
  const query = new URLSearchParams(members).toString();
  const before = back.responseMode === "fragment" ? "#" : back.redirectUri.includes("?") ? "&" : "?";
  return redirect(`${back.redirectUri}${before}${query}`);
}

/** Sends the browser on; a form that was posted is not posted again there. */
export function redirect(address: string): HttpReply {
  return new HttpReply(303, {
    location: new URL(address).href,
    "referrer-policy": "no-referrer",
    ...NOT_STORED,
  });
}

/** An error where nobody can be sent back: a page for people, JSON for programs. */
export function shownError(call: Call, error: OAuthError): HttpReply {
  if (!(call.header("accept") ?? "").includes("text/html")) return errorReply(error);
  return notePage(error.status, "This sign-in cannot go on", `${error.message}. (${error.code})`);
}
