import * as operations from "../../api/operations/auth-passwords.ts";
import { issueLink, linkAddress } from "../auth/challenges.ts";
import { signedInAs } from "../auth/current-session.ts";
import { addressFor, masked, send } from "../auth/delivery.ts";
import { isExpired, passwordPolicy, requireGoodPassword } from "../auth/password-policy.ts";
import { userOfPassword } from "../auth/password-proof.ts";
import { baseSession, requireEnabled, signIn, type LoginOptions } from "../auth/sign-in.ts";
import { newUser } from "../auth/start.ts";
import { isTestLoginId, requireMethod, requireSignUp } from "../auth/settings.ts";
import {
  invalidArgument,
  missingArgument,
  passwordExpired,
  signInUserNotFound,
  userExists,
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
    const user = userOfPassword(call, loginId, password);
    if (user.password !== undefined && isExpired(call.project, user.password, user)) throw passwordExpired();
    return open(call, user, loginOptions ?? {});
  }),
  on(operations.replace, ({ loginId, oldPassword, newPassword, revokeOtherSessions }, call) => {
    const user = userOfPassword(call, loginId, oldPassword);
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
