import type { TestEmulator } from "./emulator.ts";
import type { OAuthReply } from "./replies.ts";

/** Where the clients of these tests have users sent back to. Nothing listens there. */
export const CALLBACK = "http://localhost:9/callback";

/** A pair for PKCE, as RFC 7636 prints it. */
export const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
export const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** Members of a request; those that are undefined are left out. */
export type Members = Readonly<Record<string, string | undefined>>;

/** The OAuth endpoints of an emulator, as browsers and clients call them. */
export interface OAuthEndpoints {
  /** Opens the authorization endpoint as a browser does. */
  authorize(query: Members, headers?: Readonly<Record<string, string>>): Promise<Page>;
  /** Posts a form, as the sign-in page and clients do. */
  post(path: string, form: Members, headers?: Readonly<Record<string, string>>): Promise<Page>;
  /** Redeems at the token endpoint. */
  token(form: Members, headers?: Readonly<Record<string, string>>): Promise<Page>;
  /** A code for the user, without a page. */
  code(loginId: string, query?: Members): Promise<string>;
}

/** What came back. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: OAuthReply;
  /** Where the browser is sent. */
  readonly location: URL | undefined;
}

/**
 * @param base the path of the endpoints: `/oauth2/v1` or `/oauth2/v1/apps`.
 * @param common what every authorization request says, where it says nothing else.
 */
export function oauthEndpoints(emulator: TestEmulator, base: string, common: Members): OAuthEndpoints {
  const send = async (path: string, init: RequestInit): Promise<Page> => {
    const response = await fetch(emulator.url + path, { redirect: "manual", ...init });
    const text = await response.text();
    const location = response.headers.get("location");
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text) as OAuthReply;
      },
      location: location === null ? undefined : new URL(location),
    };
  };
  const post: OAuthEndpoints["post"] = (path, form, headers = {}) =>
    send(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: encoded(form),
    });
  const authorize: OAuthEndpoints["authorize"] = (query, headers = {}) =>
    send(`${base}/authorize?${encoded({ ...common, ...query })}`, {
      headers: { accept: "text/html", ...headers },
    });
  return {
    authorize,
    post,
    token: (form, headers) => post(`${base}/token`, form, headers),
    async code(loginId, query = {}) {
      const { location, text } = await authorize({ login_hint: loginId, prompt: "none", ...query });
      const code = location?.searchParams.get("code");
      if (!code) throw new Error(`no code came: ${location?.href ?? text}`);
      return code;
    },
  };
}

/** The members of a page's form that are not seen. */
export function hidden({ text }: Page): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, content]) => [
      name ?? "",
      content ?? "",
    ]),
  );
}

/** `Authorization: Basic`, with its parts encoded as OAuth has it. */
export function basic(id: string, secret: string): { authorization: string } {
  return { authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}` };
}

function encoded(members: Members): string {
  const given = Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
