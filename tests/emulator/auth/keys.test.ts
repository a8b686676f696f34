import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { DEVELOPMENT_KEY } from "../../../src/emulator/auth/development-key.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import type { Data, ErrorReply } from "../../support/replies.ts";
import { claimsOf, headerOf, signInClient, type SignInClient } from "../../support/sign-in.ts";

/** As RFC 7517 has it; there always is one. */
interface KeySet {
  readonly keys: readonly [PublicKey, ...PublicKey[]];
}

interface PublicKey extends Data {
  readonly kid: string;
  readonly n: string;
}

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  emulator = testEmulator({
    projects: [
      { id: "P2one", name: "One" },
      { id: "P2two", name: "Two" },
    ],
  });
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

const keys = async (project: string) => {
  const response = await fetch(`${emulator.url}/v2/keys/${project}`);
  return ((await response.json()) as KeySet).keys;
};

/** Whether a key of a key set has signed a token. */
function isSigned(token: string, jwk: object): boolean {
  const [head, payload, signature] = token.split(".");
  const key = createPublicKey({ key: jwk as never, format: "jwk" });
  return verify(
    "RSA-SHA256",
    Buffer.from(`${head}.${payload}`),
    key,
    Buffer.from(signature ?? "", "base64url"),
  );
}

describe("a project's keys", () => {
  test("sign its tokens; they stand under every address at which clients look", async () => {
    const { sessionJwt } = await client.session("ann");
    const [key] = await keys("P2one");
    expect<unknown>(key).toEqual({
      kty: "RSA",
      alg: "RS256",
      use: "sig",
      e: "AQAB",
      kid: headerOf(sessionJwt).kid,
      n: expect.stringMatching(/^[\w-]{342}$/),
    });
    expect(headerOf(sessionJwt)).toEqual({ alg: "RS256", kid: key.kid, typ: "JWT" });
    expect(isSigned(sessionJwt, key)).toBe(true);
    const at = async (path: string) => (await fetch(emulator.url + path)).json();
    expect(await at("/P2one/.well-known/jwks.json")).toEqual({ keys: [key] });
    expect(await at("/v1/keys/P2one")).toEqual(key);
  });

  test("is the published one unless another is given, under another name in each project", async () => {
    const published = createPublicKey(createPrivateKey(DEVELOPMENT_KEY)).export({ format: "jwk" });
    const [one, two] = [(await keys("P2one"))[0], (await keys("P2two"))[0]];
    expect<unknown>([one.n, two.n]).toEqual([published.n, published.n]);
    expect(one.kid).not.toBe(two.kid);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    await using own = testEmulator({ signingKey: pem });
    const { sessionJwt } = await signInClient(own).session("ann");
    const { keys: served } = (await (await fetch(`${own.url}/v2/keys/${own.project}`)).json()) as KeySet;
    expect<unknown>(served[0].n).toBe(createPublicKey(privateKey).export({ format: "jwk" }).n);
    expect(isSigned(sessionJwt, served[0])).toBe(true);
  });

  test("a token that a test signs itself by the published key is taken where its session exists", async () => {
    const { refreshJwt, sessionJwt } = await client.session("ann");
    const payload = Buffer.from(JSON.stringify({ ...claimsOf(refreshJwt), extra: true })).toString(
      "base64url",
    );
    const signed = `${refreshJwt.split(".")[0]}.${payload}`;
    const signature = sign("RSA-SHA256", Buffer.from(signed), createPrivateKey(DEVELOPMENT_KEY));
    await client.ok("/v1/auth/refresh", {}, `${signed}.${signature.toString("base64url")}`);
    expect(claimsOf(sessionJwt).extra).toBeUndefined();
  });

  test("a project that does not exist, or is another than the caller's, is refused", async () => {
    await client.refused(401, "E061005", "/v2/keys/P2nowhere");
    await client.refused(401, "E061005", "/v2/keys/P2two");
    await client.ok("/v2/keys/P2one");
    const response = await fetch(`${emulator.url}/v2/keys/P2nowhere`);
    expect([response.status, ((await response.json()) as ErrorReply).errorCode]).toEqual([404, "E011008"]);
  });

  test("a token of one project is worth nothing in another", async () => {
    const { refreshJwt } = await client.session("ann");
    await signInClient(emulator, "P2two").refused(401, "E061005", "/v1/auth/refresh", {}, refreshJwt);
  });
});

describe("rotating and revoking", () => {
  test("another key signs from then on; the one before stays good until it is revoked", async () => {
    const before = await client.session("ann");
    const { current, keys: all } = await client.control("POST", "keys/rotate", { project: "P2one" });
    expect(all).toHaveLength(2);
    expect<unknown>((await keys("P2one")).map(({ kid }) => kid)).toEqual([
      current,
      headerOf(before.sessionJwt).kid,
    ]);
    const after = await client.ok("/v1/auth/refresh", {}, before.refreshJwt);
    expect(headerOf(after.sessionJwt).kid).toBe(current);
    expect(isSigned(after.sessionJwt, (await keys("P2one"))[0])).toBe(true);
    await client.control("POST", "keys/revoke", { project: "P2one", kid: headerOf(before.sessionJwt).kid });
    expect<unknown>((await keys("P2one")).map(({ kid }) => kid)).toEqual([current]);
    await client.refused(401, "E061005", "/v1/auth/refresh", {}, before.refreshJwt);
    expect(await keys("P2two")).toHaveLength(1);
  });

  test("revoking the only key makes another one; an unknown one is refused", async () => {
    const [{ kid }] = await keys("P2one");
    await client.control("POST", "keys/revoke", { kid });
    const [next, ...more] = await keys("P2one");
    expect(more).toEqual([]);
    expect(next.kid).not.toBe(kid);
    const answer = await emulator.call("/_emulator/keys/revoke", { kid });
    expect([answer.status, answer.body.errorCode]).toEqual([400, "E011004"]);
  });
});

describe("discovery", () => {
  test("says where everything is, by the address at which the emulator was reached", async () => {
    for (const path of [
      "/P2one/.well-known/openid-configuration",
      "/P2one/.well-known/oauth-authorization-server",
      "/.well-known/oauth-authorization-server/P2one",
    ]) {
      const found = (await (await fetch(emulator.url + path)).json()) as unknown;
      expect(found).toMatchObject({
        issuer: `${emulator.url}/P2one`,
        jwks_uri: `${emulator.url}/P2one/.well-known/jwks.json`,
        authorization_endpoint: `${emulator.url}/oauth2/v1/authorize`,
        token_endpoint: `${emulator.url}/oauth2/v1/token`,
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
      });
    }
    const inbound = (await (
      await fetch(`${emulator.url}/v1/apps/P2one/.well-known/openid-configuration`)
    ).json()) as unknown;
    expect(inbound).toMatchObject({
      issuer: `${emulator.url}/v1/apps/P2one`,
      token_endpoint: `${emulator.url}/oauth2/v1/apps/token`,
    });
    expect((await fetch(`${emulator.url}/P2nowhere/.well-known/openid-configuration`)).status).toBe(404);
  });
});

describe("a signing key that cannot be used", () => {
  const ec = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const small = () => generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const cases = [
    ["no key", () => "nonsense", "not a private key in PEM form"],
    [
      "another algorithm",
      () => ec().export({ type: "pkcs8", format: "pem" }) as string,
      "an RSA key is needed",
    ],
    ["too short", () => small().export({ type: "pkcs8", format: "pem" }) as string, "2048 bits"],
  ] as const;
  for (const [what, pem, words] of cases)
    test(what, () => expect(() => testEmulator({ signingKey: pem() })).toThrow(words));
});
