import type { AuthorizeInput } from "../../api/operations/oauth.ts";
import { audit } from "../audit.ts";
import { openSignedIn } from "../auth/sign-in.ts";
import { endSession, type Session } from "../auth/sessions.ts";
import { findConsent, grantConsent } from "../entities/consent.ts";
import { tenants } from "../entities/tenant.ts";
import { HttpReply, type Call } from "../service.ts";
import type { User } from "../users/user.ts";
import { addressOf } from "./address.ts";
import { clientOfApp, GRANTS, issuerOf, mayRedirectTo, type Client } from "./client.ts";
import { clientNamed, type Place } from "./credentials.ts";
import { invalidRequest, OAuthError } from "./error.ts";
import { inProject } from "./in-project.ts";
import { signInPage, type Offered } from "../pages/sign-in.ts";
import { deletePending, putPending, requestById, type Asked, type PendingRequest } from "./pending.ts";
import { withResourceScopes } from "./resource-scopes.ts";
import { grantedScopes, scopeDescriptions, scopesIn, scopesToConsent } from "./scopes.ts";
import { factorToken, sessionLifetime } from "./tokens.ts";
import { isResponseMode, orErrorAt, sentBack, shownError, type Back } from "./answer.ts";
import { currentSession, hintedSession, offeredUsers, typedUser, userNamed } from "./who-signs-in.ts";
import { maySignUp } from "../auth/settings.ts";

/** How long a sign-in page waits, and how long a code is good, in milliseconds. */
export const REQUEST_LIFETIME = 30 * 60_000;

const CODE_LIFETIME = 5 * 60_000;

/**
 * Begins a sign-in for an application. Whoever shows a session of the project goes straight on; `prompt=none` with a `login_hint`
 * signs that user in without a page; all others get the page on which a user is chosen.
 */
export function authorize(call: Call, place: Place, input: AuthorizeInput): HttpReply {
  let client: Client | undefined;
  let redirectUri = "";
  try {
    client = clientNamed(call, place, input.client_id ?? "");
    if (client === undefined)
      throw invalidRequest(
        input.client_id ? `There is no client ${input.client_id} here` : "The client_id is missing",
      );
    if (!client.enabled) throw invalidRequest(`The application ${client.name} is disabled`);
    redirectUri = redirectUriOf(client, input);
  } catch (error) {
    // Nobody is sent to an address that is not known to be the client's.
    if (error instanceof OAuthError) return shownError(call, error);
    throw error;
  }
  const back: Back = {
    redirectUri,
    responseMode: isResponseMode(input.response_mode) ? input.response_mode : "query",
    state: input.state ?? undefined,
    issuer: issuerOf(client, addressOf(call)),
  };
  const known = client;
  return orErrorAt(back, () => begin(inProject(call, known.project), known, back, input));
}

/** What goes on with a sign-in that waits for its user: of the documents, and of the emulator's own page. */
export interface FinishInput {
  readonly state_id?: string | null | undefined;
  /** Whom the page has chosen: a user's id, or a login id. */
  readonly login_id?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly [more: string]: unknown;
}

/** Goes on with a sign-in: for the user whom the page names, or whoever shows a session of the project. */
export function finishAuthorize(call: Call, kind: Client["kind"], input: FinishInput): HttpReply {
  const found = input.state_id ? requestById(call.world, input.state_id) : undefined;
  if (found === undefined || found.request.kind !== kind || found.request.expires <= call.world.clock.now())
    return shownError(call, invalidRequest("The sign-in is over, or was never begun: start it again"));
  const { project, request } = found;
  const client = clientOfApp(project, request.kind, request.appId);
  if (client === undefined || !client.enabled)
    return shownError(call, invalidRequest("The application is gone or disabled"));
  const inside = inProject(call, project);
  return orErrorAt(request, () => {
    if (input.action === "deny") {
      deletePending(project, request.id);
      throw new OAuthError("access_denied", "The user denied the request");
    }
    const typed = typeof input.typed_login_id === "string" ? input.typed_login_id.trim() : "";
    if (!input.login_id && typed === "") {
      const current = currentSession(inside);
      if (current === undefined)
        return shownError(call, new OAuthError("login_required", "Nobody is signed in", { status: 401 }));
      return complete(inside, client, request, current.user, current.session);
    }
    const user = input.login_id ? userNamed(project, input.login_id) : typedUser(project, typed);
    if (user === undefined)
      return page(client, request, {
        problem: `No user signs in as ${input.login_id || typed}, and nobody may sign up to this project`,
      });
    if (request.factor !== undefined && request.factor.userId !== user.userId)
      throw new OAuthError("access_denied", "Another user is asked");
    return complete(inside, client, request, user, undefined);
  });
}

/**
 * Opens the session that a user has let a client have, and keeps that the user agreed.
 *
 * @param base the session by which the user has shown who they are.
 * @param amr how else they have.
 */
export function grant(
  call: Call,
  client: Client,
  asked: Asked,
  user: User,
  base: Session | undefined,
  amr: readonly string[] = base?.amr ?? [],
): Session {
  const { project } = client;
  const tenantId = asked.tenantId ?? base?.tenantId;
  checkTenant(client, user, tenantId);
  const { session } = openSignedIn(call, user, {
    method: "oidc",
    amr,
    options: tenantId === undefined ? {} : { selectedTenant: tenantId },
    claims: base?.claims,
    lifetime: sessionLifetime(client),
    client: {
      kind: client.kind,
      appId: client.appId,
      clientId: client.clientId,
      scopes: asked.scopes,
      audiences: asked.audiences,
    },
  });
  const consented = scopesToConsent(client, asked.scopes);
  if (consented.length > 0 && !hasConsent(client, asked, user)) {
    const consent = grantConsent(project, {
      appId: client.appId,
      userId: user.userId,
      tenantId: asked.tenantId ?? "",
      scopes: consented,
      grantedBy: user.userId,
    });
    if (!user.test)
      audit(project, {
        action: "ThirdPartyAppConsentCreated",
        actorId: user.userId,
        userId: user.userId,
        data: { appId: client.appId, consentId: consent.id },
      });
  }
  return session;
}

/** The audiences that a request asks for, by either of their names. @throws {OAuthError} invalid_target for one that is not allowed. */
export function audiencesOf(
  { audiences, name }: Client,
  audience: string | null | undefined,
  resource: string | readonly string[] | null | undefined,
): string[] {
  const resources = typeof resource === "string" ? [resource] : (resource ?? []);
  const asked = [...new Set([...(audience ? [audience] : []), ...resources])].filter((one) => one !== "");
  const refused = audiences.length === 0 ? [] : asked.filter((one) => !audiences.includes(one));
  if (refused.length > 0)
    throw new OAuthError(
      "invalid_target",
      `The application ${name} may not ask for the audience ${refused.join(", ")}`,
    );
  return asked;
}

/** Whether a user, or the tenant, has agreed before to all that is asked. */
export function hasConsent(
  client: Client,
  asked: Pick<Asked, "scopes" | "tenantId">,
  user: Pick<User, "userId">,
): boolean {
  const { project, appId } = client;
  const tenantId = asked.tenantId ?? "";
  const own = findConsent(project, { appId, userId: user.userId, tenantId });
  const ofTenant = tenantId === "" ? undefined : findConsent(project, { appId, userId: "", tenantId });
  const agreed = new Set([...(own?.scopes ?? []), ...(ofTenant?.scopes ?? [])]);
  return scopesToConsent(client, asked.scopes).every((scope) => agreed.has(scope));
}

function begin(call: Call, client: Client, back: Back, input: AuthorizeInput): HttpReply {
  const { project } = client;
  const prompts = scopesIn(input.prompt);
  if (prompts.includes("none") && prompts.length > 1)
    throw invalidRequest("prompt=none goes with no other prompt");
  const request = requestOf(client, back, input);
  if (prompts.includes("none")) {
    const hinted = request.loginHint === undefined ? undefined : userNamed(project, request.loginHint);
    if (hinted !== undefined) return complete(call, client, request, hinted, undefined);
    if (request.loginHint !== undefined)
      throw new OAuthError("login_required", `No user signs in as ${request.loginHint}`);
  }
  const current = currentSession(call) ?? hintedSession(client, input.id_token_hint ?? "");
  const isFresh =
    !input.max_age ||
    (current !== undefined &&
      project.clock.now() - current.session.createdTime <= Number(input.max_age) * 1000);
  const goesOn =
    current !== undefined &&
    isFresh &&
    !client.forcesSignIn &&
    !prompts.includes("login") &&
    !prompts.includes("select_account");
  if (prompts.includes("none")) {
    if (!goesOn)
      throw new OAuthError(
        "login_required",
        "Nobody is signed in; with a login_hint, prompt=none signs that user in",
      );
    if (!hasConsent(client, request, current.user))
      throw new OAuthError("consent_required", `The user has not agreed to what ${client.name} asks for`);
    return complete(call, client, request, current.user, current.session);
  }
  if (goesOn && !prompts.includes("consent") && hasConsent(client, request, current.user))
    return complete(call, client, request, current.user, current.session);
  return page(client, putPending(project, request), {
    signedIn: goesOn ? current.user : undefined,
  });
}

function requestOf(client: Client, back: Back, input: AuthorizeInput): PendingRequest {
  const { project } = client;
  if (input.request) throw new OAuthError("request_not_supported", "Request objects are not supported");
  if (input.request_uri)
    throw new OAuthError("request_uri_not_supported", "Request objects are not supported");
  if (input.response_type !== "code")
    throw input.response_type
      ? new OAuthError("unsupported_response_type", 'The response_type must be "code"')
      : invalidRequest("The response_type is missing");
  if (input.response_mode && !isResponseMode(input.response_mode))
    throw invalidRequest('The response_mode must be "query", "fragment" or "form_post"');
  if (!client.grants.has(GRANTS.code))
    throw new OAuthError("unauthorized_client", `The application ${client.name} may not use codes`);
  const challenge = challengeOf(client, input);
  if (input.tenant && tenants.get(project, input.tenant) === undefined)
    throw invalidRequest(`There is no tenant ${input.tenant}`);
  const audiences = audiencesOf(client, input.audience, input.resource);
  const scopes = grantedScopes(withResourceScopes(client, audiences, "user"), scopesIn(input.scope));
  const loginHint = input.login_hint || input.loginHint;
  return {
    type: "request",
    id: project.ids.text(43),
    expires: project.clock.now() + REQUEST_LIFETIME,
    kind: client.kind,
    appId: client.appId,
    clientId: client.clientId,
    scopes,
    audiences,
    redirectUri: back.redirectUri,
    namedRedirectUri: Boolean(input.redirect_uri),
    responseMode: back.responseMode,
    issuer: back.issuer,
    ...(back.state === undefined ? {} : { state: back.state }),
    ...(input.nonce ? { nonce: input.nonce } : {}),
    ...(challenge === undefined ? {} : { challenge }),
    ...(input.tenant ? { tenantId: input.tenant } : {}),
    ...(loginHint ? { loginHint } : {}),
  };
}

/** The challenge (PKCE) of a request. Clients without a secret must have one. */
function challengeOf(client: Client, input: AuthorizeInput): string | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = input;
  if (!challenge) {
    if (client.forcePkce || client.authentication === "none")
      throw invalidRequest("A code_challenge is needed (PKCE), with the method S256");
    return undefined;
  }
  if (method !== "S256") throw invalidRequest("The code_challenge_method must be S256");
  if (!/^[\w-]{43}$/.test(challenge))
    throw invalidRequest("The code_challenge is not a SHA-256 hash in base64url");
  return challenge;
}

/** Where the user is sent back to. @throws {OAuthError} for an address that is not the client's. */
export function redirectUriOf(client: Client, input: AuthorizeInput): string {
  const { redirectUris } = client;
  const wanted = input.redirect_uri || (redirectUris.length === 1 ? redirectUris[0] : undefined);
  if (wanted === undefined) throw invalidRequest("The redirect_uri is missing");
  if (mayRedirectTo(client, wanted)) return wanted;
  throw invalidRequest(
    client.kind === "inbound" || redirectUris.length > 0
      ? `The redirect_uri ${wanted} is not one of the application ${client.name}: it has ${redirectUris.join(", ") || "none"}`
      : `The redirect_uri ${wanted} is not in a domain that the project trusts`,
  );
}

/** Ends a sign-in: the user is signed in for the client, and the browser goes back with a code, or with the proof that was asked for. */
export function complete(
  call: Call,
  client: Client,
  request: PendingRequest,
  user: User,
  base: Session | undefined,
): HttpReply {
  const { project } = client;
  const session = grant(call, client, request, user, base);
  deletePending(project, request.id);
  const { factor } = request;
  if (factor !== undefined) {
    // What the proof is for is another provider's session, not one of this project.
    endSession(project, session.id);
    return sentBack(request, { id_token: factorToken(client, factor, request) });
  }
  const { type, state, responseMode, issuer, loginHint, id, ...asked } = request;
  const code = project.ids.text(64);
  putPending(project, {
    ...asked,
    type: "code",
    id: code,
    expires: project.clock.now() + CODE_LIFETIME,
    sessionId: session.id,
  });
  return sentBack(request, { code });
}

/** @throws {OAuthError} access_denied for a user who is in none of the tenants that may use the client, or not in the one that is asked for. */
function checkTenant({ allowedTenants, name }: Client, user: User, tenantId: string | undefined): void {
  const own = user.tenants.map((tenant) => tenant.tenantId);
  if (tenantId !== undefined && !own.includes(tenantId))
    throw new OAuthError("access_denied", `The user is not in the tenant ${tenantId}`);
  if (allowedTenants.length === 0) return;
  const isAllowed =
    tenantId === undefined
      ? own.some((id) => allowedTenants.includes(id))
      : allowedTenants.includes(tenantId);
  if (!isAllowed)
    throw new OAuthError("access_denied", `The user is in no tenant that may use the application ${name}`);
}

/** The page on which a user is chosen, or agrees, for a request that waits. */
export function page(
  client: Client,
  request: PendingRequest,
  more: { readonly signedIn?: Offered | undefined; readonly problem?: string },
): HttpReply {
  const { project } = client;
  const descriptions = scopeDescriptions(withResourceScopes(client, request.audiences, "user"));
  const { users, isCut } = offeredUsers(project);
  const path = client.kind === "inbound" ? "/oauth2/v1/apps/finish-authorize" : "/oauth2/v1/finish-authorize";
  return signInPage({
    action: path,
    hidden: { state_id: request.id },
    appName: client.name,
    projectName: project.info.name,
    scopes: scopesToConsent(client, request.scopes).map((name) => [name, descriptions.get(name) ?? ""]),
    users,
    isCut,
    loginHint: request.loginHint,
    mayCreate: maySignUp(project),
    ...more,
  });
}
