import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import * as oidc from "openid-client";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { CALLBACK } from "../../support/oauth.ts";
import { claimsOf } from "../../support/sign-in.ts";
import { SEED } from "./seed.ts";

/** What clients of the OpenID Foundation's certified library see: it checks each reply as the specifications say. */
let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({ projects: [{ id: "P2one", name: "One" }], seed: SEED });
});
afterEach(() => emulator.stop());

interface Registered {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
}

const INBOUND: Registered = { issuer: "v1/apps/P2one", clientId: "files-client", secret: "files/secret+1" };

/** A federated application, made as a console would. */
async function shop(settings: object = {}): Promise<Registered> {
  await emulator.ok("/v1/mgmt/sso/idp/app/oidc/create", {
    name: "Shop",
    id: "shop",
    clientId: "shop-client",
    clientType: "confidential",
    approvedRedirectUrls: [CALLBACK],
    enabled: true,
    loginPageUrl: "",
    ...settings,
  });
  const { cleartext } = await emulator.ok("/v1/mgmt/sso/idp/app/secret?id=shop");
  return { issuer: "P2one/shop", clientId: "shop-client", secret: cleartext };
}

function discovered({ issuer, clientId, secret }: Registered, auth = oidc.ClientSecretBasic(secret)) {
  const at = new URL(`${emulator.url}/${issuer}/.well-known/openid-configuration`);
  return oidc.discovery(at, clientId, undefined, auth, { execute: [oidc.allowInsecureRequests] });
}

/** Signs ann in and redeems the code: PKCE, state and nonce are the library's, and it checks all of them. */
async function signIn(config: oidc.Configuration, scope: string) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    prompt: "none",
    login_hint: "ann@example.com",
  });
  const back = await fetch(url, { redirect: "manual" });
  return oidc.authorizationCodeGrant(config, new URL(back.headers.get("location") ?? ""), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
}

describe.each(["federated", "inbound"])("a client of the %s kind", (kind) => {
  const registered = () => (kind === "inbound" ? Promise.resolve(INBOUND) : shop());
  const scope = kind === "inbound" ? "openid profile read" : "openid profile email";

  for (const [how, auth] of [
    ["basic", oidc.ClientSecretBasic],
    ["post", oidc.ClientSecretPost],
  ] as const) {
    test(`signs a user in by discovery, code and PKCE, its secret shown by ${how}`, async () => {
      const client = await registered();
      const config = await discovered(client, auth(client.secret));
      const tokens = await signIn(config, scope);
      const claims = tokens.claims();
      expect(claims).toMatchObject({
        iss: `${emulator.url}/${client.issuer}`,
        aud: client.clientId,
        sub: "Uann",
        name: "Ann <b>Lee</b>",
        given_name: "Ann",
        family_name: "Lee",
      });
      expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 600, scope });
      const info = await oidc.fetchUserInfo(config, tokens.access_token, "Uann");
      expect(info).toMatchObject({ sub: "Uann", name: "Ann <b>Lee</b>" });
      if (kind === "federated")
        expect(info).toMatchObject({ email: "ann@example.com", email_verified: true });
      else expect(info).not.toHaveProperty("email");
    });
  }

  test("gets further tokens for a refresh token, each of which is good once", async () => {
    const config = await discovered(await registered());
    const first = await signIn(config, scope);
    const second = await oidc.refreshTokenGrant(config, first.refresh_token ?? "");
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.claims()?.sub).toBe("Uann");
    const third = await oidc.refreshTokenGrant(config, second.refresh_token ?? "");
    await expect(oidc.refreshTokenGrant(config, first.refresh_token ?? "")).rejects.toMatchObject({
      error: "invalid_grant",
      status: 400,
    });
    // Somebody had an old one: nothing that came of it is good any more.
    await expect(oidc.refreshTokenGrant(config, third.refresh_token ?? "")).rejects.toMatchObject({
      error: "invalid_grant",
    });
    await expect(oidc.fetchUserInfo(config, third.access_token, "Uann")).rejects.toThrow();
  });

  test("acts for itself", async () => {
    const client = await registered();
    const config = await discovered(client);
    const asked = kind === "inbound" ? "read" : "";
    const tokens = await oidc.clientCredentialsGrant(config, { scope: asked });
    expect(tokens.refresh_token).toBeUndefined();
    expect(tokens.id_token).toBeUndefined();
    expect(claimsOf(tokens.access_token)).toMatchObject({
      sub: client.clientId,
      aud: [client.clientId, "P2one"],
      scope: asked,
      drn: "DS",
      roles: kind === "inbound" ? ["reader"] : [],
      permissions: kind === "inbound" ? ["files.read"] : [],
    });
  });

  test("revokes tokens: the session is over", async () => {
    const config = await discovered(await registered());
    const tokens = await signIn(config, scope);
    await oidc.tokenRevocation(config, tokens.refresh_token ?? "");
    await expect(oidc.refreshTokenGrant(config, tokens.refresh_token ?? "")).rejects.toMatchObject({
      error: "invalid_grant",
    });
    await oidc.tokenRevocation(config, "nonsense");
  });

  test("on a device gets tokens when the user has typed the code", async () => {
    const config = await discovered(await registered());
    const device = await oidc.initiateDeviceAuthorization(config, { scope });
    expect(device.user_code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect(device.verification_uri_complete).toBe(`${device.verification_uri}?user_code=${device.user_code}`);
    const now = () =>
      oidc.genericGrantRequest(config, "urn:ietf:params:oauth:grant-type:device_code", {
        device_code: device.device_code,
      });
    await expect(now()).rejects.toMatchObject({ error: "authorization_pending" });
    await emulator.ok("/_emulator/device", {
      user_code: device.user_code.toLowerCase().replace("-", ""),
      login_id: "ann@example.com",
    });
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...device, interval: 0 });
    expect(tokens.claims()).toMatchObject({ sub: "Uann", aud: config.clientMetadata().client_id });
    await expect(now()).rejects.toMatchObject({ error: "invalid_grant" });
  });

  test("on a device is told when the user denies it, or takes too long", async () => {
    const config = await discovered(await registered());
    const denied = await oidc.initiateDeviceAuthorization(config, { scope });
    await emulator.ok("/_emulator/device", { user_code: denied.user_code, action: "deny" });
    await expect(oidc.pollDeviceAuthorizationGrant(config, { ...denied, interval: 0 })).rejects.toMatchObject(
      { error: "access_denied" },
    );
    const late = await oidc.initiateDeviceAuthorization(config, { scope });
    await emulator.ok("/_emulator/clock", { advance: late.expires_in + 1 });
    await expect(oidc.pollDeviceAuthorizationGrant(config, { ...late, interval: 0 })).rejects.toMatchObject({
      error: "expired_token",
    });
  });
});

describe("asking a user who is elsewhere", () => {
  test("gives tokens when the user agrees behind the link of the message", async () => {
    const config = await discovered(INBOUND);
    const asked = await oidc.initiateBackchannelAuthentication(config, {
      scope: "openid read",
      login_hint: "ann@example.com",
      binding_message: "Pay 3 <euros>",
    });
    const { messages } = await emulator.ok("/_emulator/messages?loginId=ann%40example.com");
    expect(messages).toMatchObject([{ kind: "ciba", method: "email", to: "ann@example.com" }]);
    const page = await fetch(messages[0]?.link ?? "");
    const text = await page.text();
    expect(text).toContain("Pay 3 &lt;euros&gt;");
    expect(text).toContain("Ann &lt;b&gt;Lee&lt;/b&gt;");
    const userCode = new URL(messages[0]?.link ?? "").searchParams.get("user_code") ?? "";
    const other = await emulator.call("/_emulator/device", { user_code: userCode, login_id: "bo" });
    expect([other.status, other.body.errorMessage]).toEqual([403, "Another user is asked"]);
    await emulator.ok("/_emulator/device", { user_code: userCode, login_id: "ann@example.com" });
    const tokens = await oidc.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 0 });
    expect(tokens.claims()?.sub).toBe("Uann");
  });

  test("is refused for somebody who is no user", async () => {
    const config = await discovered(INBOUND);
    await expect(
      oidc.initiateBackchannelAuthentication(config, { scope: "openid", login_hint: "nobody" }),
    ).rejects.toMatchObject({ error: "unknown_user_id" });
  });
});

describe("a client that registered itself", () => {
  test("keeps no secret where it wants none, and signs users in by PKCE", async () => {
    const { client_id: clientId, client_secret: secret } = await emulator.ok(
      "/v1/mgmt/inboundapp/app/P2one/register",
      { client_name: "Agent", redirect_uris: [CALLBACK], token_endpoint_auth_method: "none" },
    );
    expect(secret).toBeUndefined();
    const config = await discovered({ ...INBOUND, clientId }, oidc.None());
    const tokens = await signIn(config, "openid email");
    expect(tokens.claims()).toMatchObject({ sub: "Uann", email: "ann@example.com" });
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(next.claims()?.sub).toBe("Uann");
    await expect(oidc.clientCredentialsGrant(config)).rejects.toMatchObject({ error: "invalid_client" });
  });
});
