import * as operations from "../../api/operations/auth-totp.ts";
import { signedInAs } from "../auth/current-session.ts";
import { qrPng } from "../auth/qr-code.ts";
import { auditLogin, baseSession, requireEnabled, signIn } from "../auth/sign-in.ts";
import { newUser } from "../auth/start.ts";
import { isTestLoginId, requireMethod, requireSignUp } from "../auth/settings.ts";
import { isTotpCode, newSecret, provisioningUrl } from "../auth/totp.ts";
import { invalidArgument, missingArgument, signInUserNotFound, userExists, wrongCode } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Service } from "../service.ts";
import { createUser } from "../users/user-changes.ts";
import { putUser, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** Codes of authenticator apps. */
export const totpService: Service = [
  on(operations.signUp, ({ loginId, user }, { project }) => {
    requireMethod(project, "totp");
    requireSignUp(project);
    if (loginId === "") throw missingArgument("The loginId field is empty");
    if (userByLoginId(project, loginId) !== undefined) throw userExists(loginId);
    const test = isTestLoginId(project, loginId);
    return enrol(project, createUser(project, newUser(loginId, { user }), { test }), loginId);
  }),
  on(operations.update, ({ loginId }, call) => {
    requireMethod(call.project, "totp");
    return enrol(call.project, signedInAs(call, loginId).user, loginId);
  }),
  on(operations.verify, ({ loginId, code, loginOptions }, call) => {
    const { project } = call;
    requireMethod(project, "totp");
    const user = userByLoginId(project, loginId);
    if (user === undefined) throw signInUserNotFound(loginId);
    requireEnabled(call, user, "totp");
    const options = loginOptions ?? {};
    const sessionId = baseSession(call, user, options);
    if (user.totpSeed === undefined) throw wrongCode("The user has no authenticator app");
    if (!isTotpCode(user.totpSeed, code, project.clock.now())) {
      auditLogin(call, "LoginFailed", user, "totp", "Wrong code");
      throw wrongCode("The code does not match");
    }
    return signIn(call, user, { method: "totp", amr: ["totp"], options, sessionId });
  }),
];

/** Characters that surely have room in a QR code, whichever they are. */
const LONGEST_QR = 2000;

function enrol(project: Project, user: User, loginId: string): object {
  const key = newSecret(project.ids.bytes(20));
  putUser(project, { ...user, totpSeed: key, modifiedTime: project.clock.now() });
  const provisioningURL = provisioningUrl(key, loginId, project.info.name);
  if (provisioningURL.length > LONGEST_QR)
    throw invalidArgument("The loginId field is longer than a QR code can hold");
  return { provisioningURL, image: qrPng(provisioningURL), key };
}
