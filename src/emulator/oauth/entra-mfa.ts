import type * as operations from "../../api/operations/oauth.ts";
import { isJsonObject, type JsonObject } from "../../json/value.ts";
import { parseJson } from "../../json/parse.ts";
import type { Project } from "../project.ts";
import type { Call, HttpReply, InputOf } from "../service.ts";
import type { User } from "../users/user.ts";
import { addressOf } from "./address.ts";
import { complete, page, redirectUriOf, REQUEST_LIFETIME } from "./authorize.ts";
import { userNamed } from "./who-signs-in.ts";
import { orErrorAt, shownError, type Back } from "./answer.ts";
import { issuerOf, type Client } from "./client.ts";
import { clientNamed, type Place } from "./credentials.ts";
import { invalidRequest, OAuthError } from "./error.ts";
import { inProject } from "./in-project.ts";
import { putPending, type AskedFactor, type PendingRequest } from "./pending.ts";
import { scopesIn } from "./scopes.ts";

/** What Microsoft Entra sends to a provider of second factors. */
type EntraMfaInput = InputOf<typeof operations.authorizeEntraMfa>;

/**
 * Asks for another factor of the user whom Entra's ID token names, and posts the proof back. The page stands for the factor;
 * `prompt=none` passes it by. The emulator reaches no other machine, so it cannot check Entra's signature.
 */
export function authorizeEntraMfa(call: Call, place: Place, input: EntraMfaInput): HttpReply {
  let client: Client | undefined;
  let redirectUri = "";
  try {
    client = clientNamed(call, place, input.client_id ?? "");
    if (client === undefined || !client.enabled)
      throw invalidRequest("The client_id is missing, or no client's, or its application is disabled");
    redirectUri = redirectUriOf(client, input);
  } catch (error) {
    if (error instanceof OAuthError) return shownError(call, error);
    throw error;
  }
  const issuer = issuerOf(client, addressOf(call));
  const back: Back = { redirectUri, responseMode: "form_post", state: input.state ?? undefined, issuer };
  const known = client;
  return orErrorAt(back, () => ask(inProject(call, known.project), known, back, input));
}

function ask(call: Call, client: Client, back: Back, input: EntraMfaInput): HttpReply {
  const { project } = client;
  if (input.response_type !== "id_token") throw invalidRequest('The response_type must be "id_token"');
  if (!scopesIn(input.scope).includes("openid")) throw invalidRequest("The scope must hold openid");
  if (!input.nonce) throw invalidRequest("The nonce is missing");
  const hint = claimsIn(input.id_token_hint ?? "");
  if (hint === undefined) throw invalidRequest("The id_token_hint is missing, or no token");
  const user = hintedUser(project, hint);
  if (user === undefined)
    throw new OAuthError("access_denied", "The id_token_hint names nobody who is a user of the project");
  const request: PendingRequest = {
    type: "request",
    id: project.ids.text(43),
    expires: project.clock.now() + REQUEST_LIFETIME,
    kind: client.kind,
    appId: client.appId,
    clientId: client.clientId,
    scopes: ["openid"],
    audiences: [],
    redirectUri: back.redirectUri,
    namedRedirectUri: true,
    responseMode: back.responseMode,
    issuer: back.issuer,
    nonce: input.nonce,
    factor: { userId: user.userId, ...factorOf(hint, input.claims ?? "") },
    ...(back.state === undefined ? {} : { state: back.state }),
  };
  if (input.prompt === "none") return complete(call, client, request, user, undefined);
  return page(client, putPending(project, request), { signedIn: user });
}

/** By which of its claims an ID token of Entra names somebody who is known here. */
const NAMES = ["preferred_username", "upn", "email", "unique_name", "oid", "sub"];

function hintedUser(project: Project, hint: JsonObject): User | undefined {
  for (const name of NAMES) {
    const id = hint[name];
    const user = typeof id === "string" ? userNamed(project, id) : undefined;
    if (user !== undefined) return user;
  }
  return undefined;
}

/** What the proof is to say: the first of the values that Entra takes (`claims`), a code where it names none. */
function factorOf(hint: JsonObject, claims: string): Omit<AskedFactor, "userId"> {
  const asked = object(object(parsed(claims)).id_token);
  const acr = firstValue(asked.acr);
  return {
    subject: typeof hint.sub === "string" ? hint.sub : "",
    amr: firstValue(asked.amr) ?? "otp",
    ...(acr === undefined ? {} : { acr }),
  };
}

function firstValue(claim: unknown): string | undefined {
  const { values, value } = object(claim);
  const first = Array.isArray(values) ? values[0] : value;
  return typeof first === "string" ? first : undefined;
}

function claimsIn(token: string): JsonObject | undefined {
  const content = parsed(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return isJsonObject(content) ? content : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function object(content: unknown): JsonObject {
  return isJsonObject(content) ? content : {};
}
