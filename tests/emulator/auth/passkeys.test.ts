import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Authenticator, type Behaviour, type CreationOptions } from "../../support/authenticator.ts";
import { setAt } from "../../support/documents.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import type { Reply, SessionReply } from "../../support/replies.ts";
import { claimsOf, signInClient, type SignInClient } from "../../support/sign-in.ts";

const ORIGIN = "https://app.example.com";
const LOGIN_ID = "ann@example.com";

let emulator: TestEmulator;
let client: SignInClient;
let device: Authenticator;
beforeEach(() => {
  emulator = testEmulator();
  client = signInClient(emulator);
  device = new Authenticator(ORIGIN);
});
afterEach(() => emulator.stop());

const start = (path: string, body: object = {}, token?: string) =>
  client.ok(`/v1/auth/webauthn/${path}/start`, { origin: ORIGIN, ...body }, token);
const finish = <R = Reply>(path: string, transactionId: string, response: string) =>
  client.call<R>(`/v1/auth/webauthn/${path}/finish`, { transactionId, response });

async function signUp(behaviour?: Behaviour, body: object = {}) {
  const { transactionId, options } = await start("signup", {
    loginId: LOGIN_ID,
    user: { loginId: LOGIN_ID, name: "Ann" },
    ...body,
  });
  return finish("signup", transactionId, device.create(options, behaviour));
}

async function signIn(behaviour?: Behaviour, body: object = { loginId: LOGIN_ID }, token?: string) {
  const { transactionId, options } = await start("signin", body, token);
  return finish("signin", transactionId, device.get(options, behaviour));
}

/** What a page is to ask of the browser. */
const asked = (options: string) => JSON.parse(options) as CreationOptions;

describe.each([
  ["ES256", -7],
  ["RS256", -257],
] as const)("%s", (_name, algorithm) => {
  beforeEach(() => {
    device = new Authenticator(ORIGIN, algorithm);
  });

  test.each(["none", "packed"] as const)(
    "sign-up with the attestation %s, then sign-in",
    async (attestation) => {
      const { status, body } = await signUp({ attestation });
      expect<unknown>({ status, message: body.errorMessage }).toEqual({ status: 200, message: undefined });
      expect(body.user).toMatchObject({ loginIds: [LOGIN_ID], name: "Ann", email: LOGIN_ID, webauthn: true });
      expect(body.firstSeen).toBe(true);
      expect(claimsOf(body.sessionJwt)).toMatchObject({ amr: ["webauthn"], sub: body.user.userId });
      const again = await signIn();
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ firstSeen: false, user: { userId: body.user.userId } });
      const { passkeys } = await emulator.ok("/v1/mgmt/user/passkeys/list", { loginId: LOGIN_ID });
      expect(passkeys).toHaveLength(1);
      expect(passkeys[0]).toMatchObject({
        id: device.credentials[0]?.id.toString("base64url"),
        rpId: "app.example.com",
      });
    },
  );
});

describe("what does not fit is refused, and the challenge is spent", () => {
  const faults: readonly (readonly [string, Behaviour])[] = [
    ["another origin", { origin: "https://evil.example.com" }],
    ["another relying party", { rpId: "evil.example.com" }],
    ["another challenge", { challenge: "AAAA" }],
    ["another type", { type: "webauthn.other" }],
    ["nobody there", { flags: 0 }],
    ["a forged signature", { forged: true, attestation: "packed" }],
  ];
  test.each(faults)("at sign-up: %s", async (_what, behaviour) => {
    const { status, body } = await signUp(behaviour);
    expect({ status, code: body.errorCode }).toEqual({ status: 401, code: "E061005" });
    expect((await emulator.call("/v1/mgmt/user?loginId=" + LOGIN_ID)).status).toBe(404);
  });

  test.each(faults)("at sign-in: %s", async (_what, behaviour) => {
    expect((await signUp()).status).toBe(200);
    const { transactionId, options } = await start("signin", { loginId: LOGIN_ID });
    const { status, body } = await finish("signin", transactionId, device.get(options, behaviour));
    expect({ status, code: body.errorCode }).toEqual({ status: 401, code: "E061005" });
    expect((await finish("signin", transactionId, device.get(options))).status).toBe(401);
    expect((await signIn()).status).toBe(200);
  });

  test("attestations of other kinds, and one that says something where it should not", async () => {
    expect((await signUp({ attestation: "tpm" })).status).toBe(401);
    expect((await signUp({ forged: true })).status).toBe(401);
  });

  test("a user who was not verified, where that is required", async () => {
    const passkeyOptions = {
      authenticatorSelection: { userVerification: "required" },
      userVerification: "required",
    };
    expect((await signUp({ flags: 1 }, { passkeyOptions })).status).toBe(401);
    expect((await signUp({ flags: 5 }, { passkeyOptions })).status).toBe(200);
    expect((await signIn({ flags: 1 }, { loginId: LOGIN_ID, passkeyOptions })).status).toBe(401);
    expect((await signIn({ flags: 1 })).status).toBe(200);
  });

  test("a count that went back, but not one that is never kept", async () => {
    await signUp({ count: 5 });
    expect((await signIn({ count: 6 })).status).toBe(200);
    expect((await signIn({ count: 6 })).status).toBe(401);
    expect((await signIn({ count: 0 })).status).toBe(401);
    expect((await signIn({ count: 7 })).status).toBe(200);
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", { actions: ["LoginFailed"] });
    expect(audits).toHaveLength(2);
    await emulator.ok("/v1/mgmt/user/delete", { loginId: LOGIN_ID });
    device = new Authenticator(ORIGIN);
    await signUp({ count: 0 });
    expect((await signIn({ count: 0 })).status).toBe(200);
  });

  test("bytes that mean nothing, at either end", async () => {
    await signUp();
    for (const response of ["", "{}", "[]", "nonsense", '{"type":"public-key","id":"a","response":{}}']) {
      const up = await start("signup", { loginId: "bob@example.com" });
      expect((await finish("signup", up.transactionId, response)).status).toBe(401);
      const signin = await start("signin", { loginId: LOGIN_ID });
      expect((await finish("signin", signin.transactionId, response)).status).toBe(401);
    }
    const { transactionId, options } = await start("signup", { loginId: "bob@example.com" });
    const whole = JSON.parse(new Authenticator(ORIGIN).create(options)) as {
      response: { attestationObject: string };
    };
    const attestation = Buffer.from(whole.response.attestationObject, "base64url");
    whole.response.attestationObject = attestation.subarray(0, attestation.length - 20).toString("base64url");
    expect((await finish("signup", transactionId, JSON.stringify(whole))).status).toBe(401);
  });

  test("a transaction of another kind, an old one, a second use", async () => {
    const up = await start("signup", { loginId: LOGIN_ID });
    const response = device.create(up.options);
    expect((await finish("signin", up.transactionId, response)).status).toBe(401);
    expect((await finish("update", up.transactionId, response)).status).toBe(401);
    expect((await finish("signup", up.transactionId, response)).status).toBe(200);
    expect((await finish("signup", up.transactionId, response)).status).toBe(401);
    const { transactionId, options } = await start("signin", { loginId: LOGIN_ID });
    await client.advance(301);
    expect((await finish("signin", transactionId, device.get(options))).status).toBe(401);
  });
});

describe("who it is", () => {
  test("without a login id the authenticator says it, or the credential alone", async () => {
    const { body } = await signUp();
    for (const behaviour of [{}, { anonymous: true }]) {
      const found = await signIn(behaviour, {});
      expect(found.body.user?.userId).toBe(body.user.userId);
    }
  });

  test("a credential of somebody else's does not do", async () => {
    await signUp();
    const bobs = new Authenticator(ORIGIN);
    const up = await start("signup", { loginId: "bob@example.com" });
    await finish("signup", up.transactionId, bobs.create(up.options));
    const { transactionId, options } = await start("signin", { loginId: LOGIN_ID });
    const anyOf = JSON.stringify({ publicKey: { ...asked(options).publicKey, allowCredentials: [] } });
    expect((await finish("signin", transactionId, bobs.get(anyOf))).status).toBe(401);
  });

  test("sign-up wants somebody new, sign-in somebody known who has one, either takes both", async () => {
    const either = await start("signup-in", { loginId: LOGIN_ID });
    expect(either.create).toBe(true);
    expect((await finish("signup", either.transactionId, device.create(either.options))).status).toBe(200);
    const known = await start("signup-in", { loginId: LOGIN_ID });
    expect(known.create).toBe(false);
    expect((await finish("signin", known.transactionId, device.get(known.options))).status).toBe(200);
    const body = (loginId: string) => ({ loginId, origin: ORIGIN });
    await client.refused(400, "E062107", "/v1/auth/webauthn/signup/start", body(LOGIN_ID));
    await client.refused(404, "E062108", "/v1/auth/webauthn/signin/start", body("nobody@example.com"));
    await emulator.ok("/v1/mgmt/user/create", { loginId: "carl" });
    await client.refused(400, "E011004", "/v1/auth/webauthn/signin/start", body("carl"));
    await client.refused(400, "E011004", "/v1/auth/webauthn/signup-in/start", body("carl"));
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: LOGIN_ID, status: "disabled" });
    await client.refused(403, "E061004", "/v1/auth/webauthn/signin/start", body(LOGIN_ID));
  });

  test("another one for who is signed in, alone or as a factor of the session", async () => {
    const { refreshJwt, user } = await client.session(LOGIN_ID);
    const first = await start("update", { loginId: LOGIN_ID }, refreshJwt);
    const added = await finish("update", first.transactionId, device.create(first.options));
    expect<unknown>(added.body).toEqual({});
    const second = await start("update", { loginId: LOGIN_ID, mfa: true }, refreshJwt);
    expect(() => device.create(second.options)).toThrow("there is a credential already");
    const other = new Authenticator(ORIGIN);
    const { body } = await finish<{ jwt: SessionReply }>(
      "update",
      second.transactionId,
      other.create(second.options),
    );
    expect(claimsOf(body.jwt.sessionJwt)).toMatchObject({
      sub: user.userId,
      amr: ["pwd", "webauthn", "mfa"],
    });
    expect((await signIn()).body.user).toMatchObject({ userId: user.userId, webauthn: true });
    await client.refused(401, "E061005", "/v1/auth/webauthn/update/start", {
      loginId: LOGIN_ID,
      origin: ORIGIN,
    });
    const { refreshJwt: bobs } = await client.session("bob");
    await client.refused(
      403,
      "E061004",
      "/v1/auth/webauthn/update/start",
      { loginId: LOGIN_ID, origin: ORIGIN },
      bobs,
    );
  });

  test("step-up by a passkey", async () => {
    await signUp();
    const { body } = await signIn();
    const stepped = await signIn({}, { loginId: LOGIN_ID, loginOptions: { stepup: true } }, body.refreshJwt);
    expect(claimsOf(stepped.body.sessionJwt)).toMatchObject({ su: true, amr: ["webauthn"] });
    await client.refused(401, "E061005", "/v1/auth/webauthn/signin/start", {
      loginId: LOGIN_ID,
      origin: ORIGIN,
      loginOptions: { stepup: true },
    });
  });
});

describe("options", () => {
  test("are what browsers take, with what was asked for", async () => {
    const { options } = await start("signup", {
      loginId: LOGIN_ID,
      user: { name: "Ann" },
      passkeyOptions: {
        authenticatorSelection: { authenticatorAttachment: "crossplatform", residentKey: "required" },
        attestation: "direct",
        extensionsJSON: '{"credProps":true}',
      },
    });
    const { publicKey } = asked(options);
    expect(publicKey).toMatchObject({
      rp: { id: "app.example.com", name: "Emulator" },
      user: { name: LOGIN_ID, displayName: "Ann" },
      authenticatorSelection: {
        authenticatorAttachment: "cross-platform",
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "preferred",
      },
      attestation: "direct",
      extensions: { credProps: true },
      excludeCredentials: [],
    });
    expect(Buffer.from(publicKey.challenge, "base64url")).toHaveLength(32);
  });

  test("are for the domain that the project is set to, and for pages below it alone", async () => {
    const { files } = await emulator.ok("/v1/mgmt/project/export", {});
    setAt(files, ["auth/webauthn.json", "relyingPartyId"], "example.com");
    await emulator.ok("/v1/mgmt/project/import", { files });
    const { options } = await start("signup", { loginId: LOGIN_ID });
    expect(asked(options).publicKey.rp.id).toBe("example.com");
    expect((await signUp()).status).toBe(200);
    expect((await signIn()).status).toBe(200);
    for (const origin of ["https://notexample.com", "nonsense", "https://app.example.com/page", ""])
      expect((await client.call("/v1/auth/webauthn/signup/start", { loginId: "b", origin })).status).toBe(
        400,
      );
    setAt(files, ["auth/webauthn.json", "enabled"], false);
    await emulator.ok("/v1/mgmt/project/import", { files });
    await client.refused(403, "E061004", "/v1/auth/webauthn/signin/start", {
      loginId: LOGIN_ID,
      origin: ORIGIN,
    });
  });
});
