import * as enchanted from "../../../src/api/operations/auth-enchanted-links.ts";
import * as magic from "../../../src/api/operations/auth-magic-links.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { nothing, sessionReply, strict, text } from "./shapes.ts";
import { tokenOf } from "../../support/sign-in.ts";

const redirectUrl = "https://example.com/verify";

const signUp = (scene: Scene) => {
  const loginId = scene.mail();
  return { method: "email", loginId, user: { email: loginId, name: "Ann" }, redirectUrl };
};

const signIn = async (scene: Scene) => {
  const { loginIds } = await scene.user();
  return { method: "email", loginId: loginIds[0], redirectUrl };
};

/** A new address of a user who is signed in. */
const update = (more: (scene: Scene) => object) => async (scene: Scene) => {
  const { refreshJwt, user } = await scene.session();
  return { token: refreshJwt, input: { loginId: user.loginIds[0], redirectUrl, ...more(scene) } };
};

async function magicLink(scene: Scene): Promise<{ token: string }> {
  const { loginId } = await signIn(scene);
  await scene.auth.ok("/v1/auth/magiclink/signin/email", { loginId, redirectUrl });
  return { token: await scene.linkTo(loginId) };
}

async function enchantedLink(scene: Scene): Promise<{ token: string; pendingRef: string }> {
  const { loginId } = await signIn(scene);
  const { pendingRef, linkId } = await scene.auth.ok("/v1/auth/enchantedlink/signin/email", {
    loginId,
    redirectUrl,
  });
  const { messages } = await scene.auth.control("GET", `messages?loginId=${encodeURIComponent(loginId)}`);
  const sent = messages.findLast((one) => one.linkId === linkId);
  return { token: tokenOf(sent?.link ?? ""), pendingRef };
}

export const magicLinkExamples: Examples = [
  example(magic.signUp, strict({ maskedEmail: text }), signUp),
  example(magic.signIn, strict({ maskedEmail: text }), signIn),
  example(magic.signUpOrIn, strict({ maskedEmail: text }), signIn),
  example(magic.verify, sessionReply, magicLink),
  sending(
    magic.updateEmail,
    strict({ maskedEmail: text }),
    update((scene) => ({ email: scene.mail() })),
  ),
  sending(
    magic.updatePhone,
    strict({ maskedPhone: text }),
    update((scene) => ({ method: "sms", phone: scene.phone() })),
  ),
  sending(
    magic.updatePhoneByText,
    strict({ maskedPhone: text }),
    update((scene) => ({ phone: scene.phone() })),
  ),
];

export const enchantedLinkExamples: Examples = [
  example(enchanted.signUp, strict({ pendingRef: text, linkId: text, maskedEmail: text }), signUp),
  example(enchanted.signIn, strict({ pendingRef: text, linkId: text, maskedEmail: text }), signIn),
  example(enchanted.signUpOrIn, strict({ pendingRef: text, linkId: text, maskedEmail: text }), signIn),
  example(enchanted.verify, nothing, async (scene) => ({ token: (await enchantedLink(scene)).token })),
  example(enchanted.pendingSession, sessionReply, async (scene) => {
    const { token, pendingRef } = await enchantedLink(scene);
    await scene.auth.ok("/v1/auth/enchantedlink/verify", { token });
    return { pendingRef };
  }),
  sending(
    enchanted.updateEmail,
    strict({ pendingRef: text, linkId: text, maskedEmail: text }),
    update((scene) => ({ email: scene.mail() })),
  ),
];
