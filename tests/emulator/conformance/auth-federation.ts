import * as oauth from "../../../src/api/operations/auth-oauth.ts";
import * as sso from "../../../src/api/operations/auth-sso.ts";
import { example, sending, type Examples, type Sent } from "./example.ts";
import { codeFrom, redirectUrl, tenantWithSso } from "./federated-users.ts";
import type { Scene } from "./scene.ts";
import { flag, sessionReply, strict, text } from "./shapes.ts";

const start = (): Sent => ({
  query: { provider: "google", redirectUrl },
  input: { customClaims: { plan: "gold" } },
});

/** What a provider's own library gives an app. */
async function tokens(scene: Scene, nonce?: string): Promise<{ idToken: string; code: string }> {
  return scene.auth.control("POST", "identity-provider/id-token", {
    project: scene.project,
    provider: "google",
    login_hint: scene.mail(),
    ...(nonce === undefined ? {} : { nonce }),
  });
}

const oneTap = async (scene: Scene) => ({
  provider: "google",
  idToken: (await tokens(scene, "n1")).idToken,
  nonce: "n1",
});

export const oauthSignInExamples: Examples = [
  sending(oauth.signUpOrIn, strict({ url: text }), start),
  sending(oauth.signIn, strict({ url: text }), start),
  sending(oauth.signUp, strict({ url: text }), start),
  sending(oauth.update, strict({ url: text }), async (scene) => ({
    ...start(),
    token: (await scene.session()).refreshJwt,
    query: { provider: "google", redirectUrl, allowAllMerge: "true" },
  })),
  example(oauth.exchange, sessionReply, async (scene) => {
    const { url } = await scene.auth.ok(
      `/v1/auth/oauth/authorize?provider=google&redirectUrl=${encodeURIComponent(redirectUrl)}`,
      {},
    );
    return { code: await codeFrom(url, scene.mail()) };
  }),
  example(oauth.startNative, strict({ clientId: text, stateId: text, nonce: text, implicit: flag }), () => ({
    provider: "google",
    implicit: true,
  })),
  example(oauth.finishNative, sessionReply, async (scene) => {
    const { stateId, nonce } = await scene.auth.ok<{ stateId: string; nonce: string }>(
      "/v1/auth/oauth/native/start",
      {
        provider: "google",
        implicit: true,
      },
    );
    return { provider: "google", stateId, idToken: (await tokens(scene, nonce)).idToken };
  }),
  example(oauth.oneTapClientId, strict({ clientId: text }), () => ({ provider: "google" })),
  example(oauth.verifyOneTap, strict({ code: text }), oneTap),
  example(oauth.exchangeOneTap, sessionReply, oneTap),
];

export const ssoSignInExamples: Examples = [
  sending(sso.authorize, strict({ url: text }), async (scene) => ({
    query: { tenant: await tenantWithSso(scene), redirectUrl },
    input: { customClaims: { plan: "gold" } },
  })),
  example(sso.exchange, sessionReply, async (scene) => {
    const query = new URLSearchParams({ tenant: await tenantWithSso(scene), redirectUrl });
    const { url } = await scene.auth.ok(`/v1/auth/sso/authorize?${query}`, {});
    return { code: await codeFrom(url, "ann@acme.com") };
  }),
];
