import * as operations from "../../api/operations/auth-sessions.ts";
import { audit } from "../audit.ts";
import { readToken, signedIn, signedInUser, tokenClaims, type SignedIn } from "../auth/current-session.ts";
import { loginsOf } from "../auth/login-history.ts";
import { noSessionReply, sessionReply } from "../auth/session-reply.ts";
import { endSession, endSessions, lifetimes, putSession, type Session } from "../auth/sessions.ts";
import { accessKeyToken, onlyTenant } from "../auth/tokens.ts";
import { accessKeyOf, accessKeys, isExpired, type AccessKey } from "../entities/access-key.ts";
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

/**
 * The access key that was given out as `cleartext`.
 *
 * @throws {EmulatorError} 401 for one that does not exist, is not active, has expired or may not be used from the caller's address.
 */
export function goodAccessKey(call: Call, cleartext: string): AccessKey {
  const { project, remoteAddress } = call;
  const key = accessKeyOf(project, cleartext);
  const fault =
    key === undefined
      ? "The access key is not known"
      : key.status !== "active"
        ? "The access key is not active"
        : isExpired(project, key)
          ? "The access key has expired"
          : key.permittedIps.length > 0 && !key.permittedIps.some((range) => isWithin(remoteAddress, range))
            ? "The access key may not be used from this address"
            : key.boundUserId !== undefined && !isActive(userById(project, key.boundUserId))
              ? "The access key's user is disabled or gone"
              : undefined;
  if (key === undefined || fault !== undefined) {
    audit(project, {
      action: "AccessKeyExchangeFailed",
      type: "warn",
      ...(key === undefined ? {} : { actorId: key.id }),
      remoteAddress,
      data: { error: fault },
    });
    throw new EmulatorError(401, "E061005", "Invalid token", fault, { keeps: true });
  }
  audit(project, { action: "AccessKeyExchanged", actorId: key.id, remoteAddress, data: { keyId: key.id } });
  return key;
}

function isActive(user: User | undefined): boolean {
  return user !== undefined && user.status !== "disabled";
}

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

/** Whether an address is the one that is given, or in its range (`10.0.0.0/8`). */
function isWithin(address: string, range: string): boolean {
  const [base = "", bits] = range.split("/");
  const plain = address.replace(/^::ffff:/, "");
  if (bits === undefined) return base === plain;
  const [from, to] = [ipv4(base), ipv4(plain)];
  if (from === undefined || to === undefined) return base === plain;
  const shift = 32 - Number(bits);
  return shift >= 32 || from >>> shift === to >>> shift;
}

function ipv4(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0) >>> 0;
}
