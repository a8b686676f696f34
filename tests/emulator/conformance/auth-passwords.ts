import * as passwords from "../../../src/api/operations/auth-passwords.ts";
import { PASSWORD } from "../../support/sign-in.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, nothing, sessionReply, strict, text, integer } from "./shapes.ts";

const NEXT = "Better-Horse-2";

async function known(scene: Scene): Promise<{ loginId: string; refreshJwt: string }> {
  const { refreshJwt, user } = await scene.session();
  return { loginId: user.loginIds[0], refreshJwt };
}

export const passwordExamples: Examples = [
  example(passwords.signUp, sessionReply, (scene) => ({
    loginId: scene.mail(),
    password: PASSWORD,
    user: { name: "Ann", givenName: "Ann" },
  })),
  example(passwords.signIn, sessionReply, async (scene) => ({
    loginId: (await known(scene)).loginId,
    password: PASSWORD,
  })),
  example(passwords.sendReset, strict({ resetMethod: text, maskedEmail: text }), async (scene) => {
    const loginId = scene.mail();
    await scene.auth.session(loginId, { email: loginId, verifiedEmail: true });
    return { loginId, redirectUrl: "https://example.com/reset" };
  }),
  sending(passwords.update, nothing, async (scene) => {
    const { loginId, refreshJwt } = await known(scene);
    return { token: refreshJwt, input: { loginId, newPassword: NEXT } };
  }),
  example(passwords.replace, sessionReply, async (scene) => ({
    loginId: (await known(scene)).loginId,
    oldPassword: PASSWORD,
    newPassword: NEXT,
  })),
  example(
    passwords.policy,
    strict({ minLength: integer, lowercase: flag, uppercase: flag, number: flag, nonAlphanumeric: flag }),
  ),
];
