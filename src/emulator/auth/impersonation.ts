import { audit } from "../audit.ts";
import { invalidArgument } from "../error.ts";
import type { Call } from "../service.ts";
import { requireUser } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import { readToken } from "./current-session.ts";
import { endSession, openSession, type Session } from "./sessions.ts";
import { refreshToken, sessionToken } from "./tokens.ts";

/** What a request says of the token that it wants. */
export interface TokenOptions {
  readonly customClaims?: Readonly<Record<string, unknown>> | null | undefined;
  readonly selectedTenant?: string | null | undefined;
  /** Seconds. */
  readonly refreshDuration?: number | null | undefined;
}

/**
 * A token of one user for another one, who acts in the first one's name: a refresh token, or a session token where the session is
 * stepped up. Whether that one may is not looked at here.
 */
export function startImpersonation(
  call: Call,
  actor: User,
  user: User,
  options: TokenOptions,
  more: Partial<Session> = {},
): string {
  const jwt = tokenOf(call, user, options, { ...more, actorId: actor.userId });
  auditImpersonation(call, "ImpersonationStarted", actor, user.userId);
  return jwt;
}

/** Ends an impersonation, and gives a refresh token of whoever acted. @throws {EmulatorError} for another token. */
export function stopImpersonation(call: Call, jwt: string, options: TokenOptions): string {
  const { project } = call;
  const { session } = readToken(project, jwt);
  if (session.actorId === undefined)
    throw invalidArgument("The jwt field is not a token of an impersonation");
  const actor = requireUser(project, session.actorId);
  endSession(project, session.id);
  auditImpersonation(call, "ImpersonationStopped", actor, session.userId);
  return tokenOf(call, actor, options, {});
}

/** A time that a request gives in seconds, in milliseconds; undefined where it means the project's own. */
export function refreshLifetime(seconds: number | null | undefined): number | undefined {
  if (seconds === null || seconds === undefined || seconds === 0) return undefined;
  if (seconds < 0) throw invalidArgument("The refreshDuration field must not be negative");
  return seconds * 1000;
}

function tokenOf(
  { project }: Call,
  user: User,
  { customClaims, selectedTenant, refreshDuration }: TokenOptions,
  more: Partial<Session>,
): string {
  if (selectedTenant && !user.tenants.some(({ tenantId }) => tenantId === selectedTenant))
    throw invalidArgument(`The user is not in the tenant ${selectedTenant}`);
  const lifetime = refreshLifetime(refreshDuration);
  const session = openSession(project, {
    userId: user.userId,
    amr: [],
    claims: customClaims ?? {},
    ...(selectedTenant ? { tenantId: selectedTenant } : {}),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...more,
  });
  const make = session.steppedUpUntil === undefined ? refreshToken : sessionToken;
  return make(project, session, user).jwt;
}

function auditImpersonation({ project }: Call, action: string, actor: User, userId: string): void {
  audit(project, { action, userId, actorId: actor.userId, loginIds: actor.loginIds });
}
