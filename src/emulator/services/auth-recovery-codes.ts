import * as operations from "../../api/operations/auth-recovery-codes.ts";
import { signedInAs } from "../auth/current-session.ts";
import { auditLogin, baseSession, requireEnabled, signIn } from "../auth/sign-in.ts";
import { signInUserNotFound, wrongCode } from "../error.ts";
import { on, type Service } from "../service.ts";
import { auditUser } from "../users/user-changes.ts";
import { putUser, userByLoginId } from "../users/user-store.ts";

/** So many are made at once. */
const CODES = 10;

/** Codes to write down, each good once, for whoever loses what they sign in with. */
export const recoveryCodeService: Service = [
  on(operations.generate, ({ loginId }, call) => {
    const { project } = call;
    const { user } = signedInAs(call, loginId);
    const codes = Array.from({ length: CODES }, () => grouped(project.ids.text(10).toLowerCase()));
    const saved = putUser(project, {
      ...user,
      recoveryCodes: codes.map(digest),
      modifiedTime: project.clock.now(),
    });
    auditUser(project, "RecoveryCodesGenerated", saved, user.userId);
    return { codes: codes.map((code) => ({ code })) };
  }),
  on(operations.signIn, ({ loginId, code, loginOptions }, call) => {
    const { project } = call;
    const user = userByLoginId(project, loginId);
    if (user === undefined) throw signInUserNotFound(loginId);
    requireEnabled(call, user, "recoverycode");
    const options = loginOptions ?? {};
    const sessionId = baseSession(call, user, options);
    const shown = digest(code);
    const left = (user.recoveryCodes ?? []).filter((one) => one !== shown);
    if (left.length === (user.recoveryCodes ?? []).length) {
      auditLogin(call, "LoginFailed", user, "recoverycode", "Wrong code");
      throw wrongCode("The code is not one of the user's that are left");
    }
    const saved = putUser(project, { ...user, recoveryCodes: left });
    return signIn(call, saved, { method: "recoverycode", amr: ["recoverycode"], options, sessionId });
  }),
];

function grouped(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

/** The hash that is kept. What people type otherwise when they copy a code makes no difference. */
function digest(code: string): string {
  const plain = code.replaceAll(/[\s-]/g, "").toLowerCase();
  return new Bun.CryptoHasher("sha256").update(plain).digest("hex");
}
