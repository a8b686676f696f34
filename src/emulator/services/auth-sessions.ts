import * as operations from "../../api/operations/auth-sessions.ts";
import { audit } from "../audit.ts";
import { goodAccessKey } from "../auth/access-key-use.ts";
import { readToken, signedIn, signedInUser, tokenClaims, type SignedIn } from "../auth/current-session.ts";
import { loginsOf } from "../auth/login-history.ts";
import { noSessionReply, sessionReply } from "../auth/session-reply.ts";
import { endSession, endSessions, lifetimes, putSession, type Session } from "../auth/sessions.ts";
import { accessKeyToken, onlyTenant } from "../auth/tokens.ts";
import { accessKeys, type AccessKey } from "../entities/access-key.ts";
import { tenants } from "../entities/tenant.ts";
import { EmulatorError, forbidden, invalidArgument, unauthorized } from "../error.ts";
import type { Project } from "../project.ts";
import { projectSettings } from "../project-settings.ts";
import { on, type Call, type Service } from "../service.ts";
import { userById } from "../users/user-store.ts";
import { UserReplies } from "../users/user-reply.ts";
import type { User } from "../users/user.ts";

/** Sessions of users and access keys: more tokens, an end, and who it is. */
export const sessionService: Service = [
  on(operations.refresh, (_input, call) => refresh(call, signedIn(call))),
  on(operations.tryRefresh, (_input, call) => {
    let found: SignedIn;
    try {
      found = signedIn(call);
    } catch (error) {
      if (error instanceof EmulatorError) return noSessionReply(call);
      throw error;
    }
    return refresh(call, found);
  }),
  on(operations.validate, (_input, call) => {
    const { token } = call.authorization;
    if (token === undefined)
      throw unauthorized("A session token is needed: Bearer <project id>:<session token>");
    return { parsedJWT: parsed(validated(call.project, token)) };
  }),
  on(operations.logout, (_input, call) => {
    const { session, user } = signedIn(call);
    endSession(call.project, session.id);
    auditLogout(call, "LogoutSucceed", user);
    return noSessionReply(call);
  }),
  on(operations.logoutAll, (_input, call) => {
    const { session, user } = signedIn(call);
    endSessions(call.project, session.userId);
    auditLogout(call, "LogoutAllSucceed", user);
    return noSessionReply(call);
  }),
  on(operations.me, (_input, call) => new UserReplies(call.project).of(signedInUser(call).user)),
  on(operations.myTenants, ({ dct, ids }, call) => {
    const { session, user } = signedInUser(call);
    const wanted = ids ?? [];
    if ((dct === true) === wanted.length > 0)
      throw invalidArgument("Exactly one of the dct and ids fields is needed");
    const current = session.tenantId ?? onlyTenant(user.tenants);
    const asked = dct === true ? (current === undefined ? [] : [current]) : wanted;
    return { tenants: asked.flatMap((id) => myTenant(call.project, user, id)) };
  }),
  on(operations.history, (_input, call) => loginsOf(call.project, [signedInUser(call).user.userId])),
  on(operations.selectTenant, ({ tenant }, call) => {
    const { session, user } = signedInUser(call);
    if (!user.tenants.some(({ tenantId }) => tenantId === tenant))
      throw forbidden(`The user is not in the tenant ${tenant}`);
    const chosen = putSession(call.project, {
      ...session,
      tenantId: tenant,
      usedTime: call.project.clock.now(),
      refreshNumber: session.refreshNumber + 1,
    });
    return sessionReply(call, chosen, user, { refresh: true });
  }),
  on(operations.exchangeAccessKey, ({ loginOptions }, call) => {
    const { accessKey: cleartext } = call.authorization;
    if (cleartext === undefined)
      throw unauthorized("An access key is needed: Bearer <project id>:<access key>");
    const key = goodAccessKey(call, cleartext);
    const user = key.boundUserId === undefined ? undefined : userById(call.project, key.boundUserId);
    const tenantId = keyTenant(user ?? key, loginOptions?.selectedTenant);
    const { jwt, expires } = accessKeyToken(call.project, key, user, {
      ...(tenantId === undefined ? {} : { tenantId }),
      untrustedClaims: loginOptions?.customClaims ?? {},
    });
    return { keyId: key.id, sessionJwt: jwt, expiration: expires };
  }),
];

function keyTenant(
  holder: Pick<AccessKey, "tenants">,
  selected: string | null | undefined,
): string | undefined {
  if (!selected) return undefined;
  if (holder.tenants.some(({ tenantId }) => tenantId === selected)) return selected;
  throw invalidArgument(`The access key is not in the tenant ${selected}`);
}

function refresh(call: Call, { session, user }: SignedIn): object {
  const { project } = call;
  const rotates = projectSettings(project).rotateJwt === true;
  const now = project.clock.now();
  const next: Session = rotates
    ? {
        ...session,
        usedTime: now,
        refreshNumber: session.refreshNumber + 1,
        expires: now + (session.lifetime || lifetimes(project, session.tenantId).refresh),
      }
    : { ...session, usedTime: now };
  putSession(project, next);
  return sessionReply(call, next, user, { refresh: rotates });
}

/** What a session token says that is still good: of a user who is signed in, or of an access key. */
function validated(project: Project, token: string): Readonly<Record<string, unknown>> {
  const claims = tokenClaims(project, token);
  if (claims.drn !== "DS") throw unauthorized("A session token is needed, this is another one");
  const key = accessKeys.get(project, String(claims.sub));
  if (key === undefined) return readToken(project, token, "DS").claims;
  if (key.status !== "active") throw unauthorized("The access key is not active");
  return claims;
}

/** The claims with times as texts, as this call gives them. */
function parsed(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const time = (seconds: unknown) => new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
  return { ...claims, iat: time(claims.iat), exp: time(claims.exp) };
}

function myTenant(project: Project, user: User, id: string): object[] {
  const tenant = tenants.get(project, id);
  if (tenant === undefined || !user.tenants.some(({ tenantId }) => tenantId === id)) return [];
  return [{ id, name: tenant.name, customAttributes: tenant.customAttributes }];
}

function auditLogout(call: Call, action: string, user: User | undefined): void {
  if (user === undefined || user.test) return;
  audit(call.project, {
    action,
    userId: user.userId,
    actorId: user.userId,
    loginIds: user.loginIds,
    remoteAddress: call.remoteAddress,
  });
}
