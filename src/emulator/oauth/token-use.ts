import { readToken } from "../auth/current-session.ts";
import { verifyJwt, type Claims } from "../auth/jwt.ts";
import { endSession, sessionById } from "../auth/sessions.ts";
import { audit } from "../audit.ts";
import { EmulatorError } from "../error.ts";
import { allProjects, findProject, type Project } from "../project.ts";
import { HttpReply, type Call } from "../service.ts";
import { userById } from "../users/user-store.ts";
import { identityClaims } from "./claims.ts";
import { clientOfApp, findClient, isTrusted, type Client } from "./client.ts";
import { authenticated, credentialsOf, type CredentialsInput, type Place } from "./credentials.ts";
import { invalidClient, invalidRequest, invalidToken, OAuthError } from "./error.ts";
import { redirect, shownError } from "./answer.ts";
import { notePage } from "../pages/html-page.ts";
import { withResourceScopes } from "./resource-scopes.ts";
import { scopesIn } from "./scopes.ts";

/** What session tokens tell that no application asked for: those of the SDKs. */
const UNSCOPED = ["openid", "profile", "email", "phone"];

/**
 * What the bearer of an access token may know of its user (OpenID Connect Core, section 5.3).
 *
 * @throws {OAuthError} 401 invalid_token, 403 insufficient_scope
 */
export function userInfo(call: Call, place: Place, posted: string | null | undefined): object {
  const token = bearerOf(call) ?? posted;
  if (!token)
    throw new OAuthError("invalid_token", "An access token is needed: Authorization: Bearer <token>", {
      status: 401,
      // Whoever shows nothing is told no error (RFC 6750, section 3.1).
      challenge: 'Bearer realm="oauth2"',
    });
  const { project, claims } = tokenShown(call, token);
  const { session, user } = sessionOf(project, token);
  if (user === undefined) throw invalidToken("The access token is nobody's");
  const scopes = typeof claims.scope === "string" ? scopesIn(claims.scope) : UNSCOPED;
  if (!scopes.includes("openid"))
    throw new OAuthError("insufficient_scope", "The access token does not have the scope openid", {
      status: 403,
      challenge: 'Bearer realm="oauth2", error="insufficient_scope", scope="openid"',
    });
  const holder = session.client;
  const client =
    holder === undefined
      ? clientOfApp(project, "federated", "descope-default-oidc")
      : clientOfApp(project, holder.kind, holder.appId);
  if (client === undefined || !isAt(client, place))
    throw invalidToken("The access token is good at another user info endpoint");
  const asked = withResourceScopes(client, holder?.audiences ?? [], "user");
  return { ...identityClaims(asked, user, scopes, claims), sub: claims.sub };
}

/**
 * Ends the session that a token is of (RFC 7009): the other tokens of it with it. A token that is not good is no error.
 *
 * @throws {OAuthError} where the client does not show who it is
 */
export function revoke(
  call: Call,
  place: Place,
  input: CredentialsInput & { readonly token?: string | null | undefined },
): void {
  if (!input.token) throw invalidRequest("The token is missing");
  const shown = credentialsOf(call, input);
  const client = shown.clientId === "" ? undefined : authenticated(call, place, input);
  if (client === undefined && place.kind === "inbound") throw invalidClient("The client_id is missing");
  const found = projectOf(call, input.token);
  const id = String(found?.claims.jti).split(".")[0] ?? "";
  const session = found === undefined ? undefined : sessionById(found.project, id);
  if (found === undefined || session === undefined) return;
  const isOwn =
    client === undefined
      ? session.client?.kind !== "inbound" && (!place.appId || session.client?.appId === place.appId)
      : session.client?.clientId === client.clientId && session.client.kind === client.kind;
  if (isOwn) endSession(found.project, session.id);
}

/** What a logout request says. */
export interface LogoutInput {
  readonly id_token_hint?: string | null | undefined;
  readonly client_id?: string | null | undefined;
  readonly post_logout_redirect_uri?: string | null | undefined;
  readonly state?: string | null | undefined;
}

/** Ends the session that an ID token names, also one that has expired, and sends the browser back (RP-initiated logout). */
export function logout(call: Call, place: Place, input: LogoutInput): HttpReply {
  const hint = input.id_token_hint ? projectOf(call, input.id_token_hint) : undefined;
  if (input.id_token_hint && hint === undefined)
    return shownError(call, invalidRequest("The id_token_hint was not signed by a project of this emulator"));
  const named = input.client_id || (typeof hint?.claims.aud === "string" ? hint.claims.aud : "");
  if (hint !== undefined && input.client_id && hint.claims.aud !== input.client_id)
    return shownError(call, invalidRequest("The client_id is another one than that of the id_token_hint"));
  const client = clientNamed(call, hint?.project, named);
  if (place.appId && client !== undefined && !isAt(client, { ...place, kind: client.kind }))
    return shownError(call, invalidRequest("The client is another application's than the address"));
  const target = input.post_logout_redirect_uri;
  if (target && (client === undefined || !mayReturnTo(client, target)))
    return shownError(
      call,
      invalidRequest(
        client === undefined
          ? "To go back somewhere, the request must name the client, by a client_id or an id_token_hint"
          : `The post_logout_redirect_uri ${target} is neither an address of the application nor in a domain that the project trusts`,
      ),
    );
  if (hint !== undefined) endNamed(call, hint.project, hint.claims);
  if (target) {
    const to = new URL(target);
    if (input.state) to.searchParams.set("state", input.state);
    return redirect(to.href);
  }
  return notePage(200, "Signed out", "You are signed out. This page can be closed.");
}

/** Federated applications list where users may return to after a sign-in; after a sign-out the same host is good too. */
function mayReturnTo({ project, redirectUris }: Client, target: string): boolean {
  if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol))
    return redirectUris.includes(target);
  if (redirectUris.length === 0) return isTrusted(project, target);
  const { origin } = new URL(target);
  return redirectUris.some((uri) => uri === target || (URL.canParse(uri) && new URL(uri).origin === origin));
}

function clientNamed(call: Call, project: Project | undefined, clientId: string): Client | undefined {
  return (
    findClient(call.world, "federated", clientId, project?.id) ??
    findClient(call.world, "inbound", clientId, project?.id)
  );
}

function endNamed({ remoteAddress }: Call, project: Project, claims: Claims): void {
  const session = typeof claims.sid === "string" ? sessionById(project, claims.sid) : undefined;
  if (session === undefined) return;
  endSession(project, session.id);
  const user = userById(project, session.userId);
  if (user === undefined || user.test) return;
  audit(project, {
    action: "LogoutSucceed",
    userId: user.userId,
    actorId: user.userId,
    loginIds: user.loginIds,
    remoteAddress,
  });
}

/** Whether a client belongs to the place at which a request came in. */
function isAt({ kind, appId, project }: Client, place: Place): boolean {
  return (
    kind === place.kind &&
    (!place.appId || place.appId === appId || place.appId === project.id) &&
    (!place.projectId || place.projectId === project.id)
  );
}

/** A token of the header, which may stand behind its project's id, as Descope's SDKs send it. */
function bearerOf(call: Call): string | undefined {
  return /^bearer\s+(?:P[^\s:]*:)?([^\s:]+)\s*$/i.exec(call.header("authorization") ?? "")?.[1];
}

function tokenShown(call: Call, token: string): { readonly project: Project; readonly claims: Claims } {
  const found = projectOf(call, token);
  if (found === undefined)
    throw invalidToken("The access token was not signed by a project of this emulator");
  if (found.claims.drn !== "DS") throw invalidToken("An access token is needed, this is another one");
  return found;
}

function sessionOf(project: Project, token: string) {
  try {
    return readToken(project, token, "DS");
  } catch (error) {
    if (error instanceof EmulatorError) throw invalidToken(error.message);
    throw error;
  }
}

/** The project that has signed a token, and what the token says; its times are not looked at. */
function projectOf(
  { world }: Call,
  token: string,
): { readonly project: Project; readonly claims: Claims } | undefined {
  for (const { id } of allProjects(world)) {
    const project = findProject(world, id);
    const claims = project === undefined ? undefined : verifyJwt(project, token);
    if (project !== undefined && claims !== undefined) return { project, claims };
  }
  return undefined;
}
