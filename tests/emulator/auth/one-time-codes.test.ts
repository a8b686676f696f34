import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { setAt } from "../../support/documents.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import type { Reply } from "../../support/replies.ts";
import { claimsOf, signInClient, type SignInClient } from "../../support/sign-in.ts";

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  emulator = testEmulator();
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

const ANN = "ann@example.com";
const other = (code: string) => (code === "000000" ? "000001" : "000000");

async function signUp(loginId: string, method = "email"): Promise<Reply> {
  await client.ok(`/v1/auth/otp/signup-in/${method}`, { loginId });
  return client.ok(`/v1/auth/otp/verify/${method}`, { loginId, code: (await client.sent(loginId)).code });
}

describe("signing up", () => {
  test("the user exists once the code is verified, with the address verified and no more than was said", async () => {
    const user = { name: "Ann", givenName: "A", roleNames: ["Tenant Admin"], verifiedPhone: true };
    const { maskedEmail } = await client.ok("/v1/auth/otp/signup/email", { loginId: ANN, user });
    expect(maskedEmail).toBe("a***@e******.com");
    expect((await emulator.call(`/v1/mgmt/user?loginId=${ANN}`)).status).toBe(404);
    const message = await client.sent(ANN);
    expect(message).toMatchObject({ kind: "otp", method: "email", to: ANN, projectId: emulator.project });
    expect(message.code).toMatch(/^\d{6}$/);
    const session = await client.ok("/v1/auth/otp/verify/email", { loginId: ANN, code: message.code });
    expect(session.firstSeen).toBe(true);
    expect(session.user).toMatchObject({
      loginIds: [ANN],
      email: ANN,
      name: "Ann",
      givenName: "A",
      verifiedEmail: true,
      verifiedPhone: false,
      roleNames: [],
      status: "enabled",
    });
  });

  test("a sign-up that was not verified may be begun again; one that was may not", async () => {
    await client.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    await client.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    const { code } = await client.sent(ANN);
    await client.ok("/v1/auth/otp/verify/email", { loginId: ANN, code });
    await client.refused(400, "E062107", "/v1/auth/otp/signup/email", { loginId: ANN });
  });

  test("the address stands where each SDK puts it", async () => {
    await client.ok("/v1/auth/otp/signup/email", { loginId: "ann", email: ANN });
    expect(await client.sent("ann")).toMatchObject({ to: ANN });
    await client.ok("/v1/auth/otp/signup/sms", { loginId: "bob", user: { phone: "+15550001111" } });
    expect(await client.sent("bob")).toMatchObject({ to: "+15550001111" });
    await client.ok("/v1/auth/otp/signup/whatsapp", { loginId: "cat", whatsapp: "+15550002222" });
    expect(await client.sent("cat")).toMatchObject({ to: "+15550002222", method: "whatsapp" });
    await client.refused(400, "E011004", "/v1/auth/otp/signup/email", { loginId: "nobody" });
  });

  test("nobody signs up where the project does not let them", async () => {
    const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
    setAt(files, ["project.json", "projectSelfProvisioning"], false);
    await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
    await client.refused(403, "E061004", "/v1/auth/otp/signup-in/email", { loginId: ANN });
  });

  test("who is like the project's pattern of test users is one", async () => {
    const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
    files["project.json"] = {
      ...files["project.json"],
      testUserRegex: String.raw`^test\+.*@example\.com$`,
      testUserAllowFixedAuth: true,
      testUserFixedAuthToken: "424242",
      testUserFixedAuthVerifierRegex: "",
    };
    await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
    const loginId = "test+1@example.com";
    await client.ok("/v1/auth/otp/signup/email", { loginId });
    const { user } = await client.ok("/v1/auth/otp/verify/email", { loginId, code: "424242" });
    expect(user.test).toBe(true);
    await client.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    expect((await client.sent(ANN)).code).not.toBe("424242");
  });
});

describe("signing in", () => {
  test("an unknown user is refused, and so is a code that nobody asked for", async () => {
    await client.refused(404, "E062108", "/v1/auth/otp/signin/email", { loginId: ANN });
    await client.refused(401, "E061102", "/v1/auth/otp/verify/email", { loginId: ANN, code: "123456" });
  });

  const methods = [
    ["email", ANN, ["email"]],
    ["sms", "+15550001111", ["sms"]],
    ["voice", "+15550001112", ["sms"]],
    ["whatsapp", "+15550001113", ["whatsapp"]],
    ["im", "+15550001114", ["whatsapp"]],
  ] as const;
  for (const [method, loginId, amr] of methods) {
    test(`by ${method}: what the token says of it, and the address is verified`, async () => {
      const first = await signUp(loginId, method);
      const again = await signUp(loginId, method);
      expect([first.firstSeen, again.firstSeen]).toEqual([true, false]);
      expect<unknown>(claimsOf(first.sessionJwt).amr).toEqual(amr);
      const field = method === "email" ? "verifiedEmail" : "verifiedPhone";
      expect(again.user[field]).toBe(true);
    });
  }

  test("a way to send that there is not names the field", async () => {
    const { errorMessage } = await client.refused(400, "E011003", "/v1/auth/otp/signin/fax", {
      loginId: ANN,
    });
    expect(errorMessage).toContain("method");
  });

  test("a code works once, an older one not at all, and a mail's not for a phone", async () => {
    await signUp(ANN);
    await client.ok("/v1/auth/otp/signin/email", { loginId: ANN });
    const older = (await client.sent(ANN)).code;
    let newer = older;
    while (newer === older) {
      await client.ok("/v1/auth/otp/signin/email", { loginId: ANN });
      newer = (await client.sent(ANN)).code;
    }
    await client.refused(401, "E061102", "/v1/auth/otp/verify/email", { loginId: ANN, code: older });
    await client.refused(401, "E061102", "/v1/auth/otp/verify/sms", { loginId: ANN, code: newer });
    await client.ok("/v1/auth/otp/verify/email", { loginId: ANN, code: newer });
    await client.refused(401, "E061102", "/v1/auth/otp/verify/email", { loginId: ANN, code: newer });
  });

  test("it lapses after the three minutes of the project", async () => {
    await client.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    const { code } = await client.sent(ANN);
    await client.advance(181);
    await client.refused(401, "E061102", "/v1/auth/otp/verify/email", { loginId: ANN, code });
    await client.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    const fresh = (await client.sent(ANN)).code;
    await client.advance(178);
    await client.ok("/v1/auth/otp/verify/email", { loginId: ANN, code: fresh });
  });

  test("the fifth wrong code ends the right one; a new one works", async () => {
    await client.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    const { code } = await client.sent(ANN);
    const verify = (given: string) =>
      client
        .call("/v1/auth/otp/verify/email", { loginId: ANN, code: given })
        .then(({ body }) => body.errorCode);
    const codes = [];
    for (let i = 0; i < 6; i++) codes.push(await verify(other(code)));
    expect(codes).toEqual(["E061102", "E061102", "E061102", "E061102", "E061103", "E061103"]);
    expect(await verify(code)).toBe("E061103");
    await client.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    await client.ok("/v1/auth/otp/verify/email", { loginId: ANN, code: (await client.sent(ANN)).code });
  });

  test("a disabled user is refused; somebody invited becomes enabled", async () => {
    await signUp(ANN);
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: ANN, status: "disabled" });
    await client.refused(403, "E061004", "/v1/auth/otp/signin/email", { loginId: ANN });
    await emulator.ok("/v1/mgmt/user/create", {
      loginId: "bob@example.com",
      email: "bob@example.com",
      invite: true,
    });
    expect((await signUp("bob@example.com")).user.status).toBe("enabled");
  });

  test("who is disabled while a code is on its way does not get in", async () => {
    await signUp(ANN);
    await client.ok("/v1/auth/otp/signin/email", { loginId: ANN });
    const { code } = await client.sent(ANN);
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: ANN, status: "disabled" });
    await client.refused(403, "E061004", "/v1/auth/otp/verify/email", { loginId: ANN, code });
  });

  test("a method that the project has switched off is refused", async () => {
    const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
    setAt(files, ["auth/otp.json", "enabled"], false);
    await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
    await client.refused(403, "E061004", "/v1/auth/otp/signup/email", { loginId: ANN });
  });

  test("with --otp every code is the one that was chosen", async () => {
    await using fixed = testEmulator({ otp: "135790" });
    const own = signInClient(fixed);
    await own.ok("/v1/auth/otp/signup/email", { loginId: ANN });
    await own.ok("/v1/auth/otp/verify/email", { loginId: ANN, code: "135790" });
  });

  test("what happened is in the audit trail, but for test users", async () => {
    await signUp(ANN);
    await client.ok("/v1/auth/otp/signin/email", { loginId: ANN });
    const { code } = await client.sent(ANN);
    await client.call("/v1/auth/otp/verify/email", { loginId: ANN, code: other(code) });
    await emulator.ok("/v1/mgmt/user/create/test", { loginId: "t@example.com", email: "t@example.com" });
    await signUp("t@example.com");
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", {
      actions: ["LoginSucceed", "LoginFailed"],
    });
    expect(audits.map((row) => [row.action, row.method, row.externalIds])).toEqual([
      ["LoginFailed", "otp", [ANN]],
      ["LoginSucceed", "otp", [ANN]],
    ]);
    expect(audits[1]).toMatchObject({ remoteAddress: "127.0.0.1", userId: expect.stringMatching(/^U/) });
  });
});

describe("another address", () => {
  const NEW = "new@example.com";
  const update = async (token: string, more: object = {}) => {
    await client.ok("/v1/auth/otp/update/email", { loginId: ANN, email: NEW, ...more }, token);
    return client.ok("/v1/auth/otp/verify/email", { loginId: ANN, code: (await client.sent(NEW)).code });
  };
  const load = async (loginId: string) => (await emulator.ok(`/v1/mgmt/user?loginId=${loginId}`)).user;

  test("it is the user's once its code is verified", async () => {
    const { refreshJwt } = await signUp(ANN);
    await client.ok("/v1/auth/otp/update/email", { loginId: ANN, email: NEW }, refreshJwt);
    expect((await load(ANN)).email).toBe(ANN);
    await update(refreshJwt);
    expect(await load(ANN)).toMatchObject({ email: NEW, verifiedEmail: true, loginIds: [ANN] });
    await update(refreshJwt, { addToLoginIDs: true });
    expect((await load(NEW)).loginIds).toEqual([ANN, NEW]);
  });

  test("a number, by each way to reach it", async () => {
    const { refreshJwt } = await signUp(ANN);
    const methods = ["sms", "voice", "whatsapp", "im"];
    for (const [i, method] of methods.entries()) {
      const phone = `+1555000111${i}`;
      await client.ok(`/v1/auth/otp/update/phone/${method}`, { loginId: ANN, phone }, refreshJwt);
      await client.ok(`/v1/auth/otp/verify/${method}`, {
        loginId: ANN,
        code: (await client.sent(phone)).code,
      });
      expect(await load(ANN)).toMatchObject({ phone, verifiedPhone: true });
    }
  });

  test("only who is signed in changes it, and only their own", async () => {
    await client.refused(401, "E061005", "/v1/auth/otp/update/email", { loginId: ANN, email: NEW });
    const { refreshJwt } = await signUp(ANN);
    await signUp("bob@example.com");
    await client.refused(
      403,
      "E061004",
      "/v1/auth/otp/update/email",
      { loginId: "bob@example.com", email: NEW },
      refreshJwt,
    );
    await client.refused(
      400,
      "E011004",
      "/v1/auth/otp/update/email",
      { loginId: ANN, email: "nonsense" },
      refreshJwt,
    );
  });

  test("an address of another user: refused, merged into the other, or the other merged into this one", async () => {
    const { refreshJwt, user: ann } = await signUp(ANN);
    const { user: taken } = await signUp(NEW);
    await client.refused(
      400,
      "E062107",
      "/v1/auth/otp/update/email",
      { loginId: ANN, email: NEW, addToLoginIDs: true, failOnConflict: true },
      refreshJwt,
    );
    const merged = await update(refreshJwt, { addToLoginIDs: true, onMergeUseExisting: true });
    expect(merged.user.userId).toBe(taken.userId);
    expect(merged.user.loginIds.toSorted()).toEqual([ANN, NEW].toSorted());
    expect((await emulator.call(`/v1/mgmt/user?userId=${ann.userId}`)).status).toBe(404);
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);

    const { refreshJwt: third, user: cat } = await signUp("cat@example.com");
    await client.ok(
      "/v1/auth/otp/update/email",
      { loginId: "cat@example.com", email: NEW, addToLoginIDs: true },
      third,
    );
    const { code } = await client.sent(NEW);
    const kept = await client.ok("/v1/auth/otp/verify/email", { loginId: "cat@example.com", code });
    expect(kept.user.userId).toBe(cat.userId);
    expect(kept.user.loginIds.toSorted()).toEqual([ANN, "cat@example.com", NEW].toSorted());
  });
});
