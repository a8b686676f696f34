import * as operations from "../../api/operations/auth-passwords.ts";
import { issueLink, linkAddress } from "../auth/challenges.ts";
import { signedInAs } from "../auth/current-session.ts";
import { addressFor, masked, send } from "../auth/delivery.ts";
import { matchesPassword } from "../auth/password-hashes.ts";
import { isExpired, passwordPolicy, requireGoodPassword } from "../auth/password-policy.ts";
import { auditLogin, baseSession, requireEnabled, signIn, type LoginOptions } from "../auth/sign-in.ts";
import { isTestLoginId, newUser, requireMethod, requireSignUp } from "../auth/start.ts";
import {
  invalidArgument,
  missingArgument,
  passwordExpired,
  signInUserNotFound,
  userExists,
  wrongPassword,
} from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { storePassword } from "../users/password.ts";
import { auditUser, createUser } from "../users/user-changes.ts";
import { putUser, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** Passwords, as the project's policy wants them. */
export const passwordService: Service = [
  on(operations.signUp, ({ loginId, password, user, loginOptions }, call) => {
    const { project } = call;
    requireMethod(project, "password");
    requireSignUp(project);
    if (loginId === "") throw missingArgument("The loginId field is empty");
    if (userByLoginId(project, loginId) !== undefined) throw userExists(loginId);
    const test = isTestLoginId(project, loginId);
    const created = createUser(project, newUser(loginId, { user }), { test });
    requireGoodPassword(project, password, created, undefined);
    return open(call, setPassword(project, created, password), loginOptions ?? {});
  }),
  on(operations.signIn, ({ loginId, password, loginOptions }, call) => {
    const user = provenBy(call, loginId, password);
    if (user.password !== undefined && isExpired(call.project, user.password, user)) throw passwordExpired();
    return open(call, user, loginOptions ?? {});
  }),
  on(operations.replace, ({ loginId, oldPassword, newPassword, revokeOtherSessions }, call) => {
    const user = provenBy(call, loginId, oldPassword);
    requireGoodPassword(call.project, newPassword, user, user.password);
    return open(call, setPassword(call.project, user, newPassword), { revokeOtherSessions });
  }),
  on(operations.update, ({ loginId, newPassword }, call) => {
    const { user } = signedInAs(call, loginId);
    requireMethod(call.project, "password");
    requireGoodPassword(call.project, newPassword, user, user.password);
    setPassword(call.project, user, newPassword);
    return {};
  }),
  on(operations.sendReset, ({ loginId, redirectUrl, URI, useRecovery }, call) => {
    const { project } = call;
    requireMethod(project, "password");
    const user = userByLoginId(project, loginId);
    if (user === undefined) throw signInUserNotFound(loginId);
    requireEnabled(call, user, "password");
    const address = useRecovery === true ? recoveryAddress(user) : addressFor("email", user, loginId);
    const purpose = { loginId, method: "email", address, options: {} };
    const { id } = issueLink(project, user, "passwordReset", purpose);
    const link = linkAddress(project, "magiclink", redirectUrl || URI, id);
    send(call, { loginId, kind: "passwordReset", method: "email", to: address, link });
    return { resetMethod: "magiclink", ...masked("email", address) };
  }),
  on(operations.policy, (_input, { project }) => {
    const { minLength, lowercase, uppercase, number, nonAlphanumeric } = passwordPolicy(project);
    return { minLength, lowercase, uppercase, number, nonAlphanumeric };
  }),
];

function open(call: Call, user: User, options: LoginOptions): object {
  const sessionId = baseSession(call, user, options);
  return signIn(call, user, { method: "password", amr: ["pwd"], options, sessionId });
}

/**
 * The user whose password it is. Wrong ones are counted, also those of the replies that refuse them.
 *
 * @throws {EmulatorError} 401 for a wrong one, and for any once too many were wrong.
 */
function provenBy(call: Call, loginId: string, password: string): User {
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

/** @throws {EmulatorError} when the user has none. */
function recoveryAddress({ recoveryEmail }: User): string {
  if (recoveryEmail) return recoveryEmail;
  throw invalidArgument("The useRecovery field is set, but the user has no recovery e-mail address");
}

function setPassword(project: Project, user: User, password: string): User {
  const now = project.clock.now();
  const stored = storePassword(password, project.ids.text(16), now, { previous: user.password });
  const saved = putUser(project, { ...user, password: stored, modifiedTime: now });
  auditUser(project, "PasswordSet", saved, user.userId);
  return saved;
}
