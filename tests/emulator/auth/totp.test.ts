import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { inflateSync } from "node:zlib";
import jsQR from "jsqr";
import { qrPng } from "../../../src/emulator/auth/qr-code.ts";
import { isTotpCode, newSecret, totpCode } from "../../../src/emulator/auth/totp.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import type { TotpReply } from "../../support/replies.ts";
import { claimsOf, signInClient, type SignInClient } from "../../support/sign-in.ts";

describe("codes", () => {
  // The key "12345678901234567890" of RFC 6238, appendix B; its codes there have eight digits.
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const vectors = [
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ] as const;
  for (const [seconds, code] of vectors)
    test(`at ${seconds} s it is ${code}`, () => expect(totpCode(secret, seconds * 1000)).toBe(code));

  test("secrets are 160 bits in base 32, and read without regard to case and spaces", () => {
    expect(newSecret(new TextEncoder().encode("12345678901234567890"))).toBe(secret);
    expect(totpCode("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 59_000)).toBe("287082");
  });

  test("the half minute before and after count, no more", () => {
    const at = (steps: number) => isTotpCode(secret, totpCode(secret, 3_000_000 + steps * 30_000), 3_000_000);
    expect([-2, -1, 0, 1, 2].map(at)).toEqual([false, true, true, true, false]);
  });
});

describe("signing in", () => {
  let emulator: TestEmulator;
  let client: SignInClient;
  beforeEach(() => {
    emulator = testEmulator();
    client = signInClient(emulator);
  });
  afterEach(() => emulator.stop());
  const now = () => emulator.world.clock.now();
  const ANN = "ann@example.com";

  test("a sign-up gives key, address and picture; its codes sign in, by the emulator's clock", async () => {
    const { key, provisioningURL, image } = await client.ok<TotpReply>("/v1/auth/totp/signup", {
      loginId: ANN,
      user: { name: "Ann" },
    });
    const url = new URL(provisioningURL);
    expect(url.protocol + url.host).toBe("otpauth:totp");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      secret: key,
      issuer: "Emulator",
      digits: "6",
    });
    expect(decodeURIComponent(url.pathname)).toBe(`/Emulator:${ANN}`);
    expect<unknown>(Buffer.from(image, "base64").subarray(1, 4).toString()).toBe("PNG");
    await client.advance(1000);
    const session = await client.ok("/v1/auth/totp/verify", { loginId: ANN, code: totpCode(key, now()) });
    expect(session.user).toMatchObject({ name: "Ann", TOTP: true });
    expect(claimsOf(session.sessionJwt).amr).toEqual(["totp"]);
    const late = totpCode(key, now() - 3_600_000);
    await client.refused(401, "E061102", "/v1/auth/totp/verify", { loginId: ANN, code: late });
    await client.refused(400, "E062107", "/v1/auth/totp/signup", { loginId: ANN });
  });

  test("who is signed in adds an app as a second factor; another key ends the one before", async () => {
    const { refreshJwt } = await client.session(ANN);
    await client.refused(401, "E061102", "/v1/auth/totp/verify", { loginId: ANN, code: "123456" });
    const first = (await client.ok<TotpReply>("/v1/auth/totp/update", { loginId: ANN }, refreshJwt)).key;
    const { key } = await client.ok<TotpReply>("/v1/auth/totp/update", { loginId: ANN }, refreshJwt);
    const code = totpCode(first, now());
    if (!isTotpCode(key, code, now()))
      await client.refused(401, "E061102", "/v1/auth/totp/verify", { loginId: ANN, code });
    const both = await client.ok(
      "/v1/auth/totp/verify",
      { loginId: ANN, code: totpCode(key, now()), loginOptions: { mfa: true } },
      refreshJwt,
    );
    expect(claimsOf(both.sessionJwt).amr.toSorted()).toEqual(["mfa", "pwd", "totp"]);
  });
});

describe("pictures", () => {
  const url =
    "otpauth://totp/Emulator:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Emulator";
  for (const text of ["A", url, "Grüße 🙂", "x".repeat(1200)])
    test(`say what they were made of: ${text.slice(0, 40)}`, () => {
      const { data, size } = pixels(Buffer.from(qrPng(text), "base64"));
      const read = jsQR(data, size, size);
      expect(Buffer.from(read?.binaryData ?? []).toString()).toBe(text);
    });
});

/** A square grey picture as a browser would give it to a reader of codes: four bytes a pixel. */
function pixels(picture: Buffer): { readonly data: Uint8ClampedArray; readonly size: number } {
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  const size = picture.readUInt32BE(16);
  const start = picture.indexOf("IDAT");
  const rows = inflateSync(picture.subarray(start + 4, start + 4 + picture.readUInt32BE(start - 4)));
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      data.fill(rows[y * (size + 1) + 1 + x] as number, (y * size + x) * 4, (y * size + x) * 4 + 3);
  return { data, size };
}
