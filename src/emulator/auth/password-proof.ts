import { signInUserNotFound, wrongPassword } from "../error.ts";
import type { Call } from "../service.ts";
import { putUser, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import { matchesPassword } from "./password-hashes.ts";
import { passwordPolicy } from "./password-policy.ts";
import { auditLogin, requireEnabled } from "./sign-in.ts";
import { requireMethod } from "./settings.ts";

/**
 * The user whose password it is. Wrong ones are counted, also those of the replies that refuse them.
 *
 * @throws {EmulatorError} 401 for a wrong one, and for any once too many were wrong.
 */
export function userOfPassword(call: Call, loginId: string, password: string): User {
  const { project } = call;
  requireMethod(project, "password");
  const user = userByLoginId(project, loginId);
  const policy = passwordPolicy(project, user);
  if (user === undefined)
    throw policy.maskError ? wrongPassword("Login id or password is wrong") : signInUserNotFound(loginId);
  requireEnabled(call, user, "password");
  const stored = user.password;
  const refuse = (detail: string) => {
    auditLogin(call, "LoginFailed", user, "password", detail);
    return wrongPassword(policy.maskError ? "Login id or password is wrong" : detail);
  };
  if (stored === undefined) throw refuse("The user has no password");
  if (stored.locked === true) throw refuse("The password is locked after too many wrong ones");
  const now = project.clock.now();
  if ((stored.lockedUntil ?? 0) > now)
    throw refuse("The password is locked for a while after too many wrong ones");
  if (!matchesPassword(password, stored)) {
    const failures = (stored.failures ?? 0) + 1;
    const locked = policy.lockAttempts > 0 && failures >= policy.lockAttempts;
    const paused = policy.pauseAttempts > 0 && failures % policy.pauseAttempts === 0;
    putUser(project, {
      ...user,
      password: { ...stored, failures, locked, ...(paused ? { lockedUntil: now + policy.pause } : {}) },
    });
    throw refuse(locked ? "The password is wrong, and now locked" : "The password is wrong");
  }
  const { failures: _failures, lockedUntil: _lockedUntil, ...good } = stored;
  return stored.failures === undefined ? user : putUser(project, { ...user, password: good });
}
