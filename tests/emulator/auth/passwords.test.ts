import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { claimsOf, PASSWORD, signInClient, tokenOf, type SignInClient } from "../../support/sign-in.ts";

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  emulator = testEmulator();
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

const ANN = "ann@example.com";
const NEXT = "Better-Horse-2";

/** Sets members of the project's password settings. */
async function policy(settings: object): Promise<void> {
  const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
  Object.assign(files["auth/password.json"] ?? {}, settings);
  await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
}

const signUp = (password = PASSWORD, loginId = ANN) =>
  client.ok("/v1/auth/password/signup", { loginId, password, user: { email: loginId } });
const signIn = (password: string) => client.call("/v1/auth/password/signin", { loginId: ANN, password });
const status = async (password: string) => {
  const { status: number, body } = await signIn(password);
  return [number, body.errorCode];
};

test("signing up opens a session; the user signs in by the password and by no other", async () => {
  const { user, sessionJwt } = await signUp();
  expect(user).toMatchObject({ loginIds: [ANN], email: ANN, verifiedEmail: false, password: true });
  expect(claimsOf(sessionJwt).amr).toEqual(["pwd"]);
  expect<unknown>(await status(PASSWORD)).toEqual([200, undefined]);
  expect(await status(NEXT)).toEqual([401, "E062801"]);
  await client.refused(400, "E062107", "/v1/auth/password/signup", { loginId: ANN, password: PASSWORD });
  await client.refused(404, "E062108", "/v1/auth/password/signin", { loginId: "bob", password: PASSWORD });
});

describe("the policy", () => {
  test("is given to whoever asks", async () => {
    expect<unknown>(await client.ok("/v1/auth/password/policy")).toEqual({
      minLength: 8,
      lowercase: true,
      uppercase: true,
      number: true,
      nonAlphanumeric: false,
    });
  });

  const bad = [
    ["Short1", "8 characters"],
    ["NOLOWERCASE1", "a lowercase letter"],
    ["nouppercase1", "an uppercase letter"],
    ["NoNumberHere", "a number"],
  ] as const;
  for (const [password, words] of bad) {
    test(`${password} is refused: ${words}`, async () => {
      const { errorMessage } = await client.refused(400, "E011004", "/v1/auth/password/signup", {
        loginId: ANN,
        password,
      });
      expect(errorMessage).toContain(words);
      expect(errorMessage).not.toContain(password);
    });
  }

  test("may ask for other characters and for a length of its own", async () => {
    await policy({ nonAlphanumeric: true, minLength: 4, lowercase: false, uppercase: false, number: false });
    await client.refused(400, "E011004", "/v1/auth/password/signup", { loginId: ANN, password: "abcd" });
    await signUp("äb-c");
  });
});

describe("wrong passwords", () => {
  test("lock the right one after as many as the policy says; a good one before sets the count back", async () => {
    await policy({ lock: true, lockAttempts: 3 });
    await signUp();
    for (const password of [NEXT, NEXT, PASSWORD, NEXT, NEXT]) await signIn(password);
    expect<unknown>(await status(PASSWORD)).toEqual([200, undefined]);
    for (const password of [NEXT, NEXT, NEXT]) await signIn(password);
    expect(await status(PASSWORD)).toEqual([401, "E062801"]);
    await emulator.ok("/v1/mgmt/user/password/set/active", { loginId: ANN, password: NEXT });
    expect<unknown>(await status(NEXT)).toEqual([200, undefined]);
  });

  test("do not tell whether the user exists where the project masks errors", async () => {
    await policy({ maskError: true });
    await signUp();
    const [wrong, unknown] = [
      await signIn(NEXT),
      await client.call("/v1/auth/password/signin", { loginId: "b", password: NEXT }),
    ];
    expect(unknown.status).toBe(wrong.status);
    expect(unknown.body).toEqual(wrong.body);
  });
});

describe("another password", () => {
  test("replacing it takes the old one, and may end the other sessions", async () => {
    const { refreshJwt } = await signUp();
    const replace = (oldPassword: string, more: object = {}) =>
      client.call("/v1/auth/password/replace", { loginId: ANN, oldPassword, newPassword: NEXT, ...more });
    expect((await replace("Wrong-Horse-1")).status).toBe(401);
    const { body } = await replace(PASSWORD, { revokeOtherSessions: true });
    expect(body.user.loginIds).toEqual([ANN]);
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
    expect(await status(PASSWORD)).toEqual([401, "E062801"]);
    expect<unknown>(await status(NEXT)).toEqual([200, undefined]);
  });

  test("who is signed in sets it, for nobody else", async () => {
    const { refreshJwt } = await signUp();
    const other = await signUp(PASSWORD, "bob@example.com");
    const body = { loginId: ANN, newPassword: NEXT };
    await client.refused(401, "E061005", "/v1/auth/password/update", body);
    await client.refused(403, "E061004", "/v1/auth/password/update", body, other.refreshJwt);
    await client.refused(
      400,
      "E011004",
      "/v1/auth/password/update",
      { ...body, newPassword: "x" },
      refreshJwt,
    );
    expect<unknown>(await client.ok("/v1/auth/password/update", body, refreshJwt)).toEqual({});
    expect<unknown>(await status(NEXT)).toEqual([200, undefined]);
  });

  test("a link that is mailed signs in who forgot it", async () => {
    await signUp();
    const reset = await client.ok("/v1/auth/password/reset", {
      loginId: ANN,
      redirectUrl: "https://app.example.com/r",
    });
    expect<unknown>(reset).toEqual({ resetMethod: "magiclink", maskedEmail: "a***@e******.com" });
    const message = await client.sent(ANN);
    expect(message.kind).toBe("passwordReset");
    const { refreshJwt } = await client.ok("/v1/auth/magiclink/verify", { token: tokenOf(message.link) });
    await client.ok("/v1/auth/password/update", { loginId: ANN, newPassword: NEXT }, refreshJwt);
    expect<unknown>(await status(NEXT)).toEqual([200, undefined]);
    await client.refused(404, "E062108", "/v1/auth/password/reset", { loginId: "nobody@example.com" });
  });

  test("may be set by the recovery address, where the user has one", async () => {
    await signUp();
    const ask = { loginId: ANN, redirectUrl: "https://app.example.com/reset", useRecovery: true };
    await client.refused(400, "E011004", "/v1/auth/password/reset", ask);
    await emulator.ok("/v1/mgmt/user/update/recovery/email", {
      loginId: ANN,
      recoveryEmail: "backup@example.org",
      verified: true,
    });
    const { maskedEmail } = await client.ok("/v1/auth/password/reset", ask);
    expect(maskedEmail).toBe("b*****@e******.org");
    expect(await client.sent(ANN)).toMatchObject({ kind: "passwordReset", to: "backup@example.org" });
  });

  test("is none of the last ones where the policy forbids that", async () => {
    await policy({ reuse: true, reuseAmount: 2 });
    await signUp();
    let old = PASSWORD;
    const replace = async (newPassword: string) => {
      const answer = await client.call("/v1/auth/password/replace", {
        loginId: ANN,
        oldPassword: old,
        newPassword,
      });
      if (answer.status === 200) old = newPassword;
      return answer.status;
    };
    expect([
      await replace(PASSWORD),
      await replace(NEXT),
      await replace(PASSWORD),
      await replace("Third-Horse-3"),
      await replace(NEXT),
      await replace(PASSWORD),
    ]).toEqual([400, 200, 400, 200, 400, 200]);
  });

  test("is needed once it is temporary, was made to expire or is too old: E062909", async () => {
    await signUp();
    await emulator.ok("/v1/mgmt/user/password/set/temporary", { loginId: ANN, password: NEXT });
    expect(await status(NEXT)).toEqual([401, "E062909"]);
    expect(await status("Wrong-Horse-1")).toEqual([401, "E062801"]);
    await client.ok("/v1/auth/password/replace", { loginId: ANN, oldPassword: NEXT, newPassword: PASSWORD });
    expect<unknown>(await status(PASSWORD)).toEqual([200, undefined]);
    await emulator.ok("/v1/mgmt/user/password/expire", { loginId: ANN });
    expect(await status(PASSWORD)).toEqual([401, "E062909"]);
    await client.ok("/v1/auth/password/replace", { loginId: ANN, oldPassword: PASSWORD, newPassword: NEXT });
    await policy({ expiration: true, expirationWeeks: 2 });
    await client.advance(13 * 86_400);
    expect<unknown>(await status(NEXT)).toEqual([200, undefined]);
    await client.advance(2 * 86_400);
    expect(await status(NEXT)).toEqual([401, "E062909"]);
  });
});
