import * as passkeys from "../../../src/api/operations/auth-webauthn.ts";
import { Authenticator } from "../../support/authenticator.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, nothing, sessionReply, strict, text } from "./shapes.ts";

const origin = "https://app.example.com";
const PATH = "/v1/auth/webauthn";

const newUser = (scene: Scene) => {
  const loginId = scene.mail();
  return { loginId, user: { loginId, name: "Ann" }, origin };
};

/** The end of a sign-up, and the device that it was made with. */
async function signUp(scene: Scene) {
  const device = new Authenticator(origin);
  const user = newUser(scene);
  const { transactionId, options } = await scene.auth.ok(`${PATH}/signup/start`, user);
  return { device, loginId: user.loginId, finish: { transactionId, response: device.create(options) } };
}

/** Somebody who has a passkey. */
async function signedUp(scene: Scene) {
  const { device, loginId, finish } = await signUp(scene);
  const session = await scene.auth.ok(`${PATH}/signup/finish`, finish);
  return { device, loginId, session };
}

export const passkeyExamples: Examples = [
  example(passkeys.signUpStart, strict({ transactionId: text, options: text, create: flag }), newUser),
  example(passkeys.signUpFinish, sessionReply, async (scene) => (await signUp(scene)).finish),
  example(
    passkeys.signInStart,
    strict({ transactionId: text, options: text, create: flag }),
    async (scene) => ({
      loginId: (await signedUp(scene)).loginId,
      origin,
    }),
  ),
  example(passkeys.signInFinish, sessionReply, async (scene) => {
    const { device, loginId } = await signedUp(scene);
    const { transactionId, options } = await scene.auth.ok(`${PATH}/signin/start`, { loginId, origin });
    return { transactionId, response: device.get(options) };
  }),
  example(
    passkeys.signUpOrInStart,
    strict({ transactionId: text, options: text, create: flag }),
    async (scene) => ({
      loginId: (await signedUp(scene)).loginId,
      origin,
    }),
  ),
  sending(
    passkeys.updateStart,
    strict({ transactionId: text, options: text, create: flag }),
    async (scene) => {
      const { refreshJwt, user } = await scene.session();
      return { token: refreshJwt, input: { loginId: user.loginIds[0], origin } };
    },
  ),
  example(passkeys.updateFinish, nothing, async (scene) => {
    const { refreshJwt, user } = await scene.session();
    const { transactionId, options } = await scene.auth.ok(
      `${PATH}/update/start`,
      { loginId: user.loginIds[0], origin },
      refreshJwt,
    );
    return { transactionId, response: new Authenticator(origin).create(options) };
  }),
];
