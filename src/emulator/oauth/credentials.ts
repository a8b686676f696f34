import { goodAccessKey } from "../auth/access-key-use.ts";
import type { Call } from "../service.ts";
import { accessKeyOf } from "../entities/access-key.ts";
import { findClient, type Client, type ClientKind } from "./client.ts";
import { inProject } from "./in-project.ts";
import { invalidClient, invalidRequest } from "./error.ts";

/** What a request says of who sends it. */
export interface CredentialsInput {
  readonly client_id?: string | null | undefined;
  readonly client_secret?: string | null | undefined;
  readonly client_assertion_type?: string | null | undefined;
  readonly client_assertion?: string | null | undefined;
}

/** Where a request was sent to, as far as its path or body says. */
export interface Place {
  readonly kind: ClientKind;
  readonly projectId?: string | undefined;
  /** The federated application that the path names, or the project whose default one is meant. */
  readonly appId?: string | undefined;
  /** The MCP server whose clients are meant. */
  readonly serverId?: string | undefined;
}

/** A client's name and secret as a request shows them. */
export interface Credentials {
  readonly clientId: string;
  readonly secret: string | undefined;
  /** Whether they stood in the header. */
  readonly byHeader: boolean;
}

/**
 * What a request shows: the header (`Basic`), or the members of its body.
 *
 * @throws {OAuthError} invalid_request for both at once, invalid_client for what is not supported.
 */
export function credentialsOf(call: Call, input: CredentialsInput): Credentials {
  const header = basic(call.header("authorization"));
  if (header !== undefined) {
    if (input.client_secret)
      throw invalidRequest(
        "The client shows its secret in the header and in the body: one of them is enough",
      );
    if (input.client_id && input.client_id !== header.clientId)
      throw invalidRequest("The client_id in the body is another one than in the header");
    return { ...header, byHeader: true };
  }
  if (input.client_assertion || input.client_assertion_type)
    throw invalidClient("Assertions by clients are not supported: show the client's secret");
  return { clientId: input.client_id ?? "", secret: input.client_secret || undefined, byHeader: false };
}

/**
 * The client that a request comes from, who has shown who it is.
 *
 * @throws {OAuthError} invalid_client
 */
export function authenticated(call: Call, place: Place, input: CredentialsInput): Client {
  const shown = credentialsOf(call, input);
  const client = clientNamed(call, place, shown.clientId);
  if (client === undefined)
    throw invalidClient(
      shown.clientId === ""
        ? "The client_id is missing"
        : `There is no client ${shown.clientId} here, or it is another application's endpoint`,
      shown.byHeader,
    );
  if (!client.enabled) throw invalidClient("The application is disabled", shown.byHeader);
  if (client.authentication === "none") return client;
  if (shown.secret === undefined) {
    if (client.authentication === "either") return client;
    throw invalidClient("The client_secret is missing", shown.byHeader);
  }
  if (!isSame(client.secret(), shown.secret) && !isAccessKey(call, client, shown.secret))
    throw invalidClient("The client_secret is not the application's", shown.byHeader);
  return client;
}

/** The client of that name, where it belongs to the place. */
export function clientNamed(call: Call, place: Place, clientId: string): Client | undefined {
  const { kind, appId, serverId } = place;
  const found = findClient(call.world, kind, clientId, place.projectId || undefined);
  if (serverId && found?.serverId !== serverId) return undefined;
  if (found === undefined || !appId) return found;
  return found.appId === appId || found.project.id === appId ? found : undefined;
}

/**
 * Access keys of the project count as the secret of a federated application that is not said to keep one, as the default one is.
 *
 * @throws {EmulatorError} 401 for a key that is not good any more.
 */
function isAccessKey(call: Call, client: Client, secret: string): boolean {
  const mayBe = client.kind === "federated" && client.authentication === "either";
  if (!mayBe || accessKeyOf(client.project, secret) === undefined) return false;
  goodAccessKey(inProject(call, client.project), secret);
  return true;
}

/** `Authorization: Basic`, whose parts are percent-encoded before they are put together (RFC 6749, section 2.3.1). */
function basic(header: string | null): { clientId: string; secret: string | undefined } | undefined {
  const encoded = /^basic\s+([\w+/=-]+)\s*$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString();
  const colon = text.indexOf(":");
  const [id, secret] = colon === -1 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  return { clientId: decoded(id), secret: secret === "" ? undefined : decoded(secret) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll("+", " "));
  } catch {
    return part;
  }
}

/** Compares in a time that does not tell where the texts differ. */
export function isSame(one: string, other: string): boolean {
  const hash = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest();
  return crypto().timingSafeEqual(hash(one), hash(other));
}

/** Loaded at the first comparison, not at the start. */
function crypto(): typeof import("node:crypto") {
  return require("node:crypto") as typeof import("node:crypto");
}
