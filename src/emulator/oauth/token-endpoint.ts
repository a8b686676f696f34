import { goodAccessKey } from "../auth/access-key-use.ts";
import { readToken, tokenClaims } from "../auth/current-session.ts";
import { verifyJwt, type Claims } from "../auth/jwt.ts";
import { endSession, putSession, sessionById, type Session } from "../auth/sessions.ts";
import { isExpired } from "../auth/password-policy.ts";
import { userOfPassword } from "../auth/password-proof.ts";
import { accessKeyToken } from "../auth/tokens.ts";
import { accessKeyOf } from "../entities/access-key.ts";
import { tenants } from "../entities/tenant.ts";
import { EmulatorError, passwordExpired } from "../error.ts";
import { allProjects, findProject, type Project } from "../project.ts";
import type { Call } from "../service.ts";
import { userById } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import { addressOf } from "./address.ts";
import { assertedUser } from "./assertion.ts";
import { audiencesOf, grant, hasConsent } from "./authorize.ts";
import { GRANTS, type Client, type ClientKind, type Grant } from "./client.ts";
import {
  authenticated,
  clientNamed,
  credentialsOf,
  isSame,
  type Credentials,
  type Place,
} from "./credentials.ts";
import {
  invalidClient,
  invalidGrant,
  invalidRequest,
  invalidScope,
  OAuthError,
  unauthorizedClient,
} from "./error.ts";
import { inProject } from "./in-project.ts";
import { deletePending, pendingById, putPending, type IssuedCode } from "./pending.ts";
import { withResourceScopes } from "./resource-scopes.ts";
import { grantedScopes, scopesIn } from "./scopes.ts";
import { clientToken, sessionTokens, type TokenReply } from "./tokens.ts";

/** What a token request says. */
export interface TokenInput {
  readonly grant_type?: string | null | undefined;
  readonly code?: string | null | undefined;
  readonly redirect_uri?: string | null | undefined;
  readonly client_id?: string | null | undefined;
  readonly client_secret?: string | null | undefined;
  readonly code_verifier?: string | null | undefined;
  readonly refresh_token?: string | null | undefined;
  readonly scope?: string | null | undefined;
  readonly audience?: string | null | undefined;
  readonly resource?: string | null | undefined;
  readonly assertion?: string | null | undefined;
  readonly client_assertion_type?: string | null | undefined;
  readonly client_assertion?: string | null | undefined;
  readonly device_code?: string | null | undefined;
  readonly tenantId?: string | null | undefined;
  readonly subject_token?: string | null | undefined;
  readonly subject_token_type?: string | null | undefined;
  readonly requested_token_type?: string | null | undefined;
  readonly auth_req_id?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly password?: string | null | undefined;
}

/**
 * Gives tokens for whatever the request shows.
 *
 * @throws {OAuthError} RFC 6749, section 5.2, and the errors of the grants that were added to it.
 */
export function tokens(call: Call, place: Place, input: TokenInput): TokenReply {
  const name = input.grant_type;
  if (!name) throw invalidRequest("The grant_type is missing");
  const handler = HANDLERS[name as Grant];
  if (!Object.hasOwn(HANDLERS, name) || OF_ONE_KIND[name as Grant] === otherThan(place.kind))
    throw new OAuthError("unsupported_grant_type", `The grant_type ${name} is not supported here`);
  if (name === GRANTS.client && place.kind === "federated") {
    const reply = accessKeyGrant(call, place, input);
    if (reply !== undefined) return reply;
  }
  const client = authenticated(call, place, input);
  if (!client.grants.has(name as Grant))
    throw unauthorizedClient(`The application ${client.name} may not use the grant ${name}`);
  return handler(inProject(call, client.project), client, input);
}

/** Grants that one kind of application has, and the other does not. */
const OF_ONE_KIND: Partial<Readonly<Record<Grant, ClientKind>>> = {
  [GRANTS.tokenExchange]: "inbound",
  [GRANTS.ciba]: "inbound",
  [GRANTS.password]: "federated",
};

function otherThan(kind: ClientKind): ClientKind {
  return kind === "federated" ? "inbound" : "federated";
}

type Handler = (call: Call, client: Client, input: TokenInput) => TokenReply;

const HANDLERS: Readonly<Record<Grant, Handler>> = {
  [GRANTS.code]: redeemCode,
  [GRANTS.refresh]: refresh,
  [GRANTS.client]: actForItself,
  [GRANTS.device]: (call, client, { device_code }) => collect(call, client, "device", device_code),
  [GRANTS.ciba]: (call, client, { auth_req_id }) => collect(call, client, "ciba", auth_req_id),
  [GRANTS.jwtBearer]: redeemAssertion,
  [GRANTS.tokenExchange]: exchange,
  [GRANTS.password]: redeemPassword,
};

function redeemCode(call: Call, client: Client, input: TokenInput): TokenReply {
  const { project } = client;
  if (!input.code) throw invalidRequest("The code is missing");
  const code = pendingById(project, input.code, "code");
  if (code === undefined || code.clientId !== client.clientId || code.kind !== client.kind)
    throw invalidGrant("The code is not known, or is another client's");
  if (code.used === true) {
    // Somebody else may have it: what came of it ends (RFC 6749, section 4.1.2).
    endSession(project, code.sessionId);
    throw invalidGrant("The code was used before; what came of its first use has ended");
  }
  if (code.expires <= project.clock.now()) throw invalidGrant("The code has expired");
  checkRedirectUri(client, code, input.redirect_uri);
  checkVerifier(call, client, code, input);
  putPending(project, { ...code, used: true });
  const { session, user } = openSession(project, code.sessionId);
  return sessionTokens(client, session, user, { address: addressOf(call), nonce: code.nonce });
}

/** Third parties may leave it out, as OAuth 2.1 has it; the documents do not name it for them at all. */
function checkRedirectUri({ kind }: Client, code: IssuedCode, given: string | null | undefined): void {
  if (!given && (!code.namedRedirectUri || kind === "inbound")) return;
  if (!given) throw invalidRequest("The redirect_uri is missing: it was in the authorization request");
  if (given !== code.redirectUri)
    throw invalidGrant("The redirect_uri is another one than in the authorization request");
}

function checkVerifier(call: Call, client: Client, { challenge }: IssuedCode, input: TokenInput): void {
  const { code_verifier: verifier } = input;
  if (challenge === undefined) {
    if (verifier)
      throw invalidGrant("There is a code_verifier, but the code was given for no code_challenge");
    if (client.authentication === "either" && !hasSecret(call, input))
      throw invalidClient("The client shows neither its secret nor a code_verifier (PKCE)");
    return;
  }
  if (!verifier) throw invalidGrant("The code_verifier is missing");
  const hash = new Bun.CryptoHasher("sha256").update(verifier).digest("base64url");
  if (!/^[\w.~-]{43,128}$/.test(verifier) || !isSame(hash, challenge))
    throw invalidGrant("The code_verifier does not fit the code_challenge");
}

function refresh(call: Call, client: Client, input: TokenInput): TokenReply {
  const { project } = client;
  if (!input.refresh_token) throw invalidRequest("The refresh_token is missing");
  const { session, user } = refreshedSession(client, input.refresh_token);
  const before = session.client?.scopes ?? [];
  const wanted = input.scope ? scopesIn(input.scope) : before;
  const tenants = session.tenantId === undefined ? [] : [{ tenantId: session.tenantId }];
  if (![{}, ...tenants].some((of) => hasConsent(client, { scopes: before, ...of }, user)))
    throw invalidGrant("The user's consent was taken back, or has lapsed");
  const more = wanted.filter((scope) => !before.includes(scope));
  if (more.length > 0) throw invalidScope(`The scope ${more.join(", ")} was not granted before`);
  const now = project.clock.now();
  const kept = putSession(project, {
    ...session,
    usedTime: now,
    refreshNumber: session.refreshNumber + 1,
    expires: now + session.lifetime,
  });
  // Fewer scopes are for this one access token alone (RFC 6749, section 6).
  const narrowed: Session =
    kept.client === undefined ? kept : { ...kept, client: { ...kept.client, scopes: wanted } };
  return sessionTokens(client, narrowed, user, { address: addressOf(call) });
}

/** The session of a client's refresh token, each of which is good once. One that comes again ends the session: it may be stolen. */
function refreshedSession(client: Client, token: string): { readonly session: Session; readonly user: User } {
  const { project } = client;
  const claims = claimsOf(project, token);
  const [id = "", number] = String(claims.jti).split(".");
  const session = claims.drn === "DSR" ? sessionById(project, id) : undefined;
  if (session?.client?.clientId !== client.clientId || session.client.kind !== client.kind)
    throw invalidGrant("The refresh_token is not known, was revoked, or is another client's");
  if (Number(number) !== session.refreshNumber) {
    endSession(project, session.id);
    throw invalidGrant("The refresh_token was used before; its session has ended");
  }
  return userOf(readToken(project, token, "DSR"));
}

function actForItself(call: Call, client: Client, input: TokenInput): TokenReply {
  if (client.authentication === "none" || (client.authentication === "either" && !hasSecret(call, input)))
    throw invalidClient("A client without a secret cannot act for itself");
  const asked = scopesIn(input.scope);
  const unfit = asked.filter((scope) => ["openid", "offline_access"].includes(scope));
  if (client.kind === "inbound" && unfit.length > 0)
    throw invalidScope(`The scope ${unfit.join(", ")} is for users: a client that acts for itself is none`);
  const audiences = audiencesOf(client, input.audience, input.resource);
  const wider = withResourceScopes(client, audiences, "client");
  const scopes = grantedScopes(wider, asked).filter((scope) => !unfit.includes(scope));
  const tenantId = input.tenantId || undefined;
  if (tenantId !== undefined) {
    if (tenants.get(client.project, tenantId) === undefined)
      throw invalidRequest(`There is no tenant ${tenantId}`);
    if (client.allowedTenants.length > 0 && !client.allowedTenants.includes(tenantId))
      throw unauthorizedClient(`The application ${client.name} may not be used for the tenant ${tenantId}`);
  }
  return clientToken(
    client,
    scopes,
    audiences,
    addressOf(call),
    tenantId === undefined ? {} : { dct: tenantId, tenants: { [tenantId]: { roles: [], permissions: [] } } },
  );
}

/**
 * The client credentials of an access key: its id and the key, the project's id and the key, or the key alone. Undefined where the
 * secret is no access key, for then a federated application may be meant.
 */
function accessKeyGrant(call: Call, place: Place, input: TokenInput): TokenReply | undefined {
  const shown = credentialsOf(call, input);
  const found = accessKeyShown(call, place, shown);
  if (found === undefined) return undefined;
  const { project, cleartext } = found;
  const inside = inProject(call, project);
  try {
    const key = goodAccessKey(inside, cleartext);
    const user = key.boundUserId === undefined ? undefined : userById(project, key.boundUserId);
    const scopes = scopesIn(input.scope);
    const audience = input.audience || project.id;
    const { jwt, expires } = accessKeyToken(project, key, user, {
      untrustedClaims: {},
      more: { aud: audience, azp: key.id, client_id: key.id, scope: scopes.join(" ") },
    });
    return {
      access_token: jwt,
      token_type: "Bearer",
      expires_in: expires - project.clock.seconds(),
      scope: scopes.join(" "),
    };
  } catch (error) {
    if (error instanceof EmulatorError) throw invalidClient(error.message, shown.byHeader);
    throw error;
  }
}

/** Where the access key is that a request shows, and under whose name. @throws {OAuthError} for a key under another one's name. */
function accessKeyShown(
  call: Call,
  { appId, projectId }: Place,
  { clientId, secret, byHeader }: Credentials,
): { readonly project: Project; readonly cleartext: string } | undefined {
  // The key alone may stand where the client's name or its secret does.
  const cleartext = secret ?? clientId;
  if (cleartext === "") return undefined;
  for (const { id } of allProjects(call.world)) {
    const project = findProject(call.world, id);
    const key = project === undefined ? undefined : accessKeyOf(project, cleartext);
    if (project === undefined || key === undefined) continue;
    const names = [key.id, key.clientId, project.id, ""];
    const isOfApp = clientNamed(call, { kind: "federated", appId, projectId }, clientId)?.project.id === id;
    if (secret !== undefined && !names.includes(clientId) && !isOfApp)
      throw invalidClient("The client_secret is an access key, but of another client_id", byHeader);
    return { project, cleartext };
  }
  return undefined;
}

/** What a client waits for: a user who types the code of a device, or agrees elsewhere. */
function collect(
  call: Call,
  client: Client,
  type: "device" | "ciba",
  id: string | null | undefined,
): TokenReply {
  const { project } = client;
  const member = type === "device" ? "device_code" : "auth_req_id";
  if (!id) throw invalidRequest(`The ${member} is missing`);
  const waiting = pendingById(project, id, type);
  if (waiting?.clientId !== client.clientId || waiting.kind !== client.kind)
    throw invalidGrant(`The ${member} is not known, was used before, or is another client's`);
  if (waiting.denied === true) {
    deletePending(project, id);
    throw new OAuthError("access_denied", "The user denied the request");
  }
  if (waiting.expires <= project.clock.now())
    throw new OAuthError("expired_token", `The ${member} has expired; begin again`);
  if (waiting.sessionId === undefined)
    throw new OAuthError("authorization_pending", "The user has not agreed yet");
  deletePending(project, id);
  const { session, user } = openSession(project, waiting.sessionId);
  return sessionTokens(client, session, user, { address: addressOf(call) });
}

/** Signs a user in by a password that the client was told (RFC 6749, section 4.3). */
function redeemPassword(call: Call, client: Client, input: TokenInput): TokenReply {
  if (!input.username || !input.password) throw invalidRequest("The username and the password are needed");
  requireSecret(call, client, input);
  let user: User;
  try {
    user = userOfPassword(call, input.username, input.password);
    if (user.password !== undefined && isExpired(client.project, user.password, user))
      throw passwordExpired();
  } catch (error) {
    if (error instanceof EmulatorError) throw invalidGrant(error.message);
    throw error;
  }
  const audiences = audiencesOf(client, input.audience, input.resource);
  const asked = askedOf(client, input, audiences);
  const session = grant(call, client, asked, user, undefined, ["pwd"]);
  return sessionTokens(client, session, user, { address: addressOf(call) });
}

/** What an application asks for where no page stands in between. */
function askedOf(client: Client, input: TokenInput, audiences: readonly string[]) {
  return {
    kind: client.kind,
    appId: client.appId,
    clientId: client.clientId,
    scopes: grantedScopes(withResourceScopes(client, audiences, "user"), scopesIn(input.scope)),
    audiences,
  };
}

/** Signs a user in whom another issuer, which the application trusts, vouches for (RFC 7523). */
function redeemAssertion(call: Call, client: Client, input: TokenInput): TokenReply {
  if (!input.assertion) throw invalidRequest("The assertion is missing");
  requireSecret(call, client, input);
  const user = assertedUser(call, client, input.assertion);
  const settings = client.jwtBearerSettings;
  const audience = input.audience || textOf(settings.jwtBearerGrantTypeAudienceToUse);
  const audiences = audiencesOf(client, audience, input.resource);
  const asked = {
    ...askedOf(client, input, audiences),
    ...(input.tenantId ? { tenantId: input.tenantId } : {}),
  };
  const session = grant(call, client, asked, user, undefined);
  return sessionTokens(client, session, user, { address: addressOf(call), refresh: false });
}

/** Gives another token for one that the client holds: for another audience, or with fewer scopes (RFC 8693). */
function exchange(call: Call, client: Client, input: TokenInput): TokenReply {
  const { project } = client;
  const { subject_token: token, subject_token_type: type } = input;
  if (!token) throw invalidRequest("The subject_token is missing");
  if (!type) throw invalidRequest("The subject_token_type is missing");
  if (!SUBJECT_TYPES.includes(type))
    throw invalidRequest(`The subject_token_type must be ${SUBJECT_TYPES.join(" or ")}`);
  const wanted = input.requested_token_type;
  if (wanted && !SUBJECT_TYPES.includes(wanted))
    throw invalidRequest(`The requested_token_type must be ${SUBJECT_TYPES.join(" or ")}`);
  requireSecret(call, client, input);
  const subject = subjectOf(project, token);
  const held = typeof subject.claims.scope === "string" ? scopesIn(subject.claims.scope) : undefined;
  const asked = input.scope ? scopesIn(input.scope) : (held ?? []);
  const more = held === undefined ? [] : asked.filter((scope) => !held.includes(scope));
  if (more.length > 0) throw invalidScope(`The subject_token does not have the scope ${more.join(", ")}`);
  const audiences = audiencesOf(client, input.audience, input.resource);
  const wider = withResourceScopes(client, audiences, subject.user === undefined ? "client" : "user");
  const scopes = grantedScopes(wider, asked).filter((scope) => scope !== "openid");
  const address = addressOf(call);
  const issued = "urn:ietf:params:oauth:token-type:access_token";
  if (subject.session === undefined || subject.user === undefined)
    return { ...clientToken(client, scopes, audiences, address), issued_token_type: issued };
  const own = { kind: client.kind, appId: client.appId, clientId: client.clientId, scopes, audiences };
  const session = { ...subject.session, client: own };
  const reply = sessionTokens(client, session, subject.user, { address, refresh: false });
  return { ...reply, issued_token_type: issued };
}

const SUBJECT_TYPES = [
  "urn:ietf:params:oauth:token-type:access_token",
  "urn:ietf:params:oauth:token-type:jwt",
];

/** Whom a token is of: a user's session, or a client or access key by itself. */
function subjectOf(
  project: Project,
  token: string,
): { readonly claims: Claims; readonly session?: Session | undefined; readonly user?: User | undefined } {
  const claims = claimsOf(project, token);
  if (claims.drn !== "DS") throw invalidGrant("The subject_token is no access token");
  if (sessionById(project, String(claims.jti).split(".")[0] ?? "") === undefined) {
    if (userById(project, String(claims.sub)) !== undefined)
      throw invalidGrant("The subject_token's session has ended");
    return { claims };
  }
  return readAsGrant(project, token);
}

function readAsGrant(project: Project, token: string) {
  try {
    return readToken(project, token, "DS");
  } catch (error) {
    if (error instanceof EmulatorError) throw invalidGrant(error.message);
    throw error;
  }
}

/** @throws {OAuthError} invalid_grant for a token that the project did not sign, or that has expired. */
function claimsOf(project: Project, token: string): Claims {
  if (verifyJwt(project, token) === undefined) throw invalidGrant("The token is not one of the project's");
  try {
    return tokenClaims(project, token);
  } catch (error) {
    if (error instanceof EmulatorError) throw invalidGrant(error.message);
    throw error;
  }
}

function openSession(project: Project, id: string): { readonly session: Session; readonly user: User } {
  const session = sessionById(project, id);
  if (session === undefined || session.expires <= project.clock.now())
    throw invalidGrant("The session has ended");
  return userOf({ session, user: userById(project, session.userId) });
}

function userOf(found: { readonly session: Session; readonly user: User | undefined }): {
  readonly session: Session;
  readonly user: User;
} {
  const { session, user } = found;
  if (user === undefined) throw invalidGrant("The user is gone");
  if (user.status === "disabled") throw invalidGrant("The user is disabled");
  return { session, user };
}

/** @throws {OAuthError} for a client that has not shown a secret, where PKCE cannot stand in for it. */
function requireSecret(call: Call, client: Client, input: TokenInput): void {
  if (client.authentication === "none" || (client.authentication === "either" && !hasSecret(call, input)))
    throw invalidClient("Only a client that shows its secret may use this grant");
}

function hasSecret(call: Call, input: TokenInput): boolean {
  return credentialsOf(call, input).secret !== undefined;
}

function textOf(content: unknown): string | undefined {
  return typeof content === "string" && content !== "" ? content : undefined;
}
