import { audit } from "../audit.ts";
import { invalidArgument, unauthorized } from "../error.ts";
import type { Project } from "../project.ts";
import type { Call } from "../service.ts";
import { putUser } from "../users/user-store.ts";
import { provisionedTenants } from "../users/user-tenants.ts";
import type { User } from "../users/user.ts";
import { signedInUser, userDisabled } from "./current-session.ts";
import { deviceOf } from "./device.ts";
import { recordLogin } from "./login-history.ts";
import { sessionReply } from "./session-reply.ts";
import {
  endSessions,
  lifetimes,
  openSession,
  putSession,
  sessionById,
  type Session,
  type SessionClient,
} from "./sessions.ts";
import { onlyTenant } from "./tokens.ts";

/** `loginOptions` of a request, as far as they matter here. */
export interface LoginOptions {
  readonly stepup?: boolean | null | undefined;
  readonly mfa?: boolean | null | undefined;
  readonly customClaims?: Readonly<Record<string, unknown>> | null | undefined;
  readonly tenantId?: string | null | undefined;
  readonly selectedTenant?: string | null | undefined;
  readonly revokeOtherSessions?: boolean | null | undefined;
}

/** A proof of who somebody is. */
export interface Proof {
  /** For the audit trail: "otp", "password", "magiclink" and so on. */
  readonly method: string;
  /** For the token: "email", "pwd" and so on. */
  readonly amr: readonly string[];
  readonly options: LoginOptions;
  /** Claims that a trusted side asked for, beside those of the options. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** The session that another factor is added to. */
  readonly sessionId?: string | undefined;
  /** Milliseconds; the project's setting where it is not said. */
  readonly lifetime?: number | undefined;
  /** The application that the user is signed in for by OAuth. */
  readonly client?: SessionClient | undefined;
  /** More members of the reply. */
  readonly more?: object;
}

/**
 * Signs in a user who has proved who they are: somebody invited becomes enabled, the session is opened (or, for another factor, has
 * it added), and the sign-in is kept in history and audit trail.
 *
 * @throws {EmulatorError} 403 for a user who is disabled.
 */
export function signIn(call: Call, user: User, proof: Proof): Record<string, unknown> {
  const { session, user: saved, firstSeen } = openSignedIn(call, user, proof);
  return sessionReply(call, session, saved, {
    firstSeen,
    refresh: true,
    ...(proof.more === undefined ? {} : { more: proof.more }),
  });
}

/** The same without a reply: the session that was opened, and whether it is the user's first. */
export function openSignedIn(
  call: Call,
  user: User,
  proof: Proof,
): { readonly session: Session; readonly user: User; readonly firstSeen: boolean } {
  const { project } = call;
  requireEnabled(call, user, proof.method);
  const firstSeen = user.lastLoginTime === undefined;
  const now = project.clock.now();
  const tenants = provisionedTenants(project, user);
  const saved = putUser(project, { ...user, tenants, status: "enabled", lastLoginTime: now });
  const session = sessionFor(call, saved, proof);
  if (proof.options.revokeOtherSessions === true) endSessions(project, user.userId, session.id);
  const tenantId = session.tenantId ?? onlyTenant(saved.tenants) ?? "";
  recordLogin(project, user.userId, call.remoteAddress, tenantId);
  auditLogin(call, "LoginSucceed", saved, proof.method);
  return { session, user: saved, firstSeen };
}

/** @throws {EmulatorError} 403 when the user may not sign in; that somebody tried is kept. */
export function requireEnabled(call: Call, user: User, method: string): void {
  if (user.status === "enabled" || user.status === "invited") return;
  auditLogin(call, "LoginFailed", user, method, `The user is ${user.status}`);
  throw userDisabled(user);
}

/** The session to which step-up or a second factor is added: the caller's own. @throws {EmulatorError} 401 without one. */
export function baseSession(call: Call, user: User, options: LoginOptions): string | undefined {
  if (options.stepup !== true && options.mfa !== true) return undefined;
  const { session, user: current } = signedInUser(call);
  if (current.userId !== user.userId)
    throw unauthorized("The refresh token is another user's than the one who is to sign in");
  return session.id;
}

/** Writes a sign-in, or one that failed, to the audit trail. */
export function auditLogin(
  call: Call,
  action: "LoginSucceed" | "LoginFailed",
  user: User,
  method: string,
  error?: string,
): void {
  if (user.test) return;
  audit(call.project, {
    action,
    type: action === "LoginFailed" ? "warn" : "info",
    userId: user.userId,
    actorId: user.userId,
    loginIds: user.loginIds,
    tenants: user.tenants.map(({ tenantId }) => tenantId),
    method,
    device: deviceOf(call.userAgent),
    remoteAddress: call.remoteAddress,
    ...(error === undefined ? {} : { data: { error } }),
  });
}

/**
 * The tenant that login options choose. `tenantId` only says where the sign-in comes from, and counts where the user is in it.
 *
 * @throws {EmulatorError} when the user is not in the one that is chosen expressly.
 */
function chosenTenant(user: Pick<User, "tenants">, options: LoginOptions): string | undefined {
  const isIn = (tenantId: string) => user.tenants.some((one) => one.tenantId === tenantId);
  const { selectedTenant, tenantId } = options;
  if (selectedTenant) {
    if (!isIn(selectedTenant)) throw invalidArgument(`The user is not in the tenant ${selectedTenant}`);
    return selectedTenant;
  }
  return tenantId && isIn(tenantId) ? tenantId : undefined;
}

function sessionFor(
  call: Call,
  user: User,
  { amr, options, claims: trusted, sessionId, lifetime, client }: Proof,
): Session {
  const { project } = call;
  const tenantId = chosenTenant(user, options);
  const { claims: own, untrustedClaims } = claimsOf(call, options);
  const claims = { claims: { ...trusted, ...own }, untrustedClaims };
  const base = sessionId === undefined ? undefined : sessionById(project, sessionId);
  if (base !== undefined)
    return putSession(project, extended(project, base, { amr, options, claims, tenantId }));
  return openSession(project, {
    userId: user.userId,
    amr,
    ...claims,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(client === undefined ? {} : { client }),
  });
}

function extended(
  project: Project,
  base: Session,
  added: {
    readonly amr: readonly string[];
    readonly options: LoginOptions;
    readonly claims: Pick<Session, "claims" | "untrustedClaims">;
    readonly tenantId: string | undefined;
  },
): Session {
  const now = project.clock.now();
  const factors = [...new Set([...base.amr, ...added.amr])].filter((factor) => factor !== "mfa");
  return {
    ...base,
    amr: factors.length > 1 ? [...factors, "mfa"] : factors,
    claims: { ...base.claims, ...added.claims.claims },
    untrustedClaims: { ...base.untrustedClaims, ...added.claims.untrustedClaims },
    usedTime: now,
    refreshNumber: base.refreshNumber + 1,
    ...(added.tenantId === undefined ? {} : { tenantId: added.tenantId }),
    ...(added.options.stepup === true
      ? { steppedUpUntil: now + lifetimes(project, base.tenantId).stepUp }
      : {}),
  };
}

/** Claims are trusted where the caller has shown a management key. */
function claimsOf(call: Call, { customClaims }: LoginOptions): Pick<Session, "claims" | "untrustedClaims"> {
  const given = customClaims ?? {};
  const { managementKey, authManagementKey } = call.authorization;
  return managementKey === undefined && authManagementKey === undefined
    ? { claims: {}, untrustedClaims: given }
    : { claims: given, untrustedClaims: {} };
}
