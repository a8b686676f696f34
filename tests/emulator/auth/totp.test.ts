import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { qrCode } from "../../../src/emulator/auth/qr-code.ts";
import { isTotpCode, newSecret, totpCode } from "../../../src/emulator/auth/totp.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
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
    const { key, provisioningURL, image } = await client.ok("/v1/auth/totp/signup", {
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
    expect(Buffer.from(image, "base64").subarray(1, 4).toString()).toBe("PNG");
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
    const first = (await client.ok("/v1/auth/totp/update", { loginId: ANN }, refreshJwt)).key;
    const { key } = await client.ok("/v1/auth/totp/update", { loginId: ANN }, refreshJwt);
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
  test("a code is square, has its three finders, and grows with the text", () => {
    const finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
    const corner = (code: boolean[][], x: number, y: number) =>
      code.slice(y, y + 7).map((row) =>
        row
          .slice(x, x + 7)
          .map(Number)
          .join(""),
      );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const code = qrCode(text);
        const { length } = code;
        expect(code.every((row) => row.length === length)).toBe(true);
        expect((length - 17) % 4).toBe(0);
        for (const [x, y] of [
          [0, 0],
          [length - 7, 0],
          [0, length - 7],
        ] as const) {
          expect(corner(code, x, y)).toEqual(finder);
        }
      }),
      { seed: 7, numRuns: 20 },
    );
  });

  // Read back by an independent decoder when they were taken.
  const known = [
    ["A", 1, "c8529cd82afac26f"],
    [
      "otpauth://totp/Emulator:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Emulator",
      6,
      "7281bd798d3e36cf",
    ],
    ["x".repeat(300), 13, "2abaf9ed149140d4"],
  ] as const;
  for (const [text, version, digest] of known) {
    test(`the code of ${text.length} characters is of version ${version}, module for module`, () => {
      const code = qrCode(text);
      expect(code.length).toBe(17 + 4 * version);
      const lines = code.map((row) => row.map((dark) => (dark ? "#" : ".")).join("")).join("\n");
      expect(new Bun.CryptoHasher("sha256").update(lines).digest("hex").slice(0, 16)).toBe(digest);
    });
  }
});
