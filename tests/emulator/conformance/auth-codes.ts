import * as notp from "../../../src/api/operations/auth-notp.ts";
import * as otp from "../../../src/api/operations/auth-otp.ts";
import * as totp from "../../../src/api/operations/auth-totp.ts";
import { totpCode } from "../../../src/emulator/auth/totp.ts";
import type { TotpReply } from "../../support/replies.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { sessionReply, strict, text } from "./shapes.ts";

const newUser = (scene: Scene) => {
  const loginId = scene.mail();
  return { method: "email", loginId, user: { email: loginId, name: "Ann" } };
};

const known = async (scene: Scene) => ({ method: "email", loginId: (await scene.user()).loginIds[0] });

const update = (more: (scene: Scene) => object) => async (scene: Scene) => {
  const { refreshJwt, user } = await scene.session();
  return { token: refreshJwt, input: { loginId: user.loginIds[0], ...more(scene) } };
};

export const otpExamples: Examples = [
  example(otp.signUp, strict({ maskedEmail: text }), newUser),
  example(otp.signIn, strict({ maskedEmail: text }), known),
  example(otp.signUpOrIn, strict({ maskedEmail: text }), known),
  example(otp.verify, sessionReply, async (scene) => {
    const { user } = await scene.member();
    const [loginId] = user.loginIds;
    await scene.auth.ok("/v1/auth/otp/signin/email", { loginId });
    return { method: "email", loginId, code: await scene.codeTo(loginId) };
  }),
  sending(
    otp.updateEmail,
    strict({ maskedEmail: text }),
    update((scene) => ({ email: scene.mail() })),
  ),
  sending(
    otp.updatePhone,
    strict({ maskedPhone: text }),
    update((scene) => ({ method: "sms", phone: scene.phone() })),
  ),
];

const phoneUser = async (scene: Scene) => {
  const phone = scene.phone();
  await scene.manage("/v1/mgmt/user/create", { loginId: phone, phone, verifiedPhone: true });
  return { provider: "whatsapp", loginId: phone };
};

export const notpExamples: Examples = [
  example(notp.signUp, strict({ redirectUrl: text, image: text, pendingRef: text }), (scene) => {
    const phone = scene.phone();
    return { provider: "whatsapp", loginId: phone, user: { phone } };
  }),
  example(notp.signIn, strict({ redirectUrl: text, image: text, pendingRef: text }), phoneUser),
  example(notp.signUpOrIn, strict({ redirectUrl: text, image: text, pendingRef: text }), phoneUser),
  sending(
    notp.update,
    strict({ redirectUrl: text, image: text, pendingRef: text }),
    update((scene) => ({ provider: "whatsapp", phone: scene.phone() })),
  ),
  example(notp.pendingSession, sessionReply, async (scene) => {
    const { pendingRef, redirectUrl } = await scene.auth.ok(
      "/v1/auth/notp/whatsapp/signin",
      await phoneUser(scene),
    );
    await fetch(redirectUrl);
    return { pendingRef };
  }),
];

export const totpExamples: Examples = [
  example(totp.signUp, strict({ provisioningURL: text, image: text, key: text }), (scene) => ({
    loginId: scene.mail(),
    user: { name: "Ann" },
  })),
  sending(
    totp.update,
    strict({ provisioningURL: text, image: text, key: text }),
    update(() => ({})),
  ),
  example(totp.verify, sessionReply, async (scene) => {
    const loginId = scene.mail();
    const { key } = await scene.auth.ok<TotpReply>("/v1/auth/totp/signup", { loginId });
    return { loginId, code: totpCode(key, Date.now()) };
  }),
];
