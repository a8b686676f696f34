import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { claimsOf, signInClient, tokenOf, type SignInClient } from "../../support/sign-in.ts";

const ANN = "ann@example.com";

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  emulator = testEmulator();
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

describe("recovery codes", () => {
  const path = "/v1/auth/recovery-codes";
  const generate = async (token: string): Promise<string[]> =>
    (await client.ok(path, { loginId: ANN }, token)).codes.map(({ code }: { code: string }) => code);

  test("each signs in once, however it is typed, until others are made", async () => {
    const { refreshJwt, user } = await client.session(ANN);
    const codes = await generate(refreshJwt);
    expect(new Set(codes).size).toBe(10);
    const session = await client.ok(`${path}/signin`, { loginId: ANN, code: codes[0] });
    expect(session.user.userId).toBe(user.userId);
    expect(claimsOf(session.sessionJwt).amr).toEqual(["recoverycode"]);
    await client.refused(401, "E061102", `${path}/signin`, { loginId: ANN, code: codes[0] });
    const typed = ` ${codes[1]?.toUpperCase().replace("-", " ")}`;
    await client.ok(`${path}/signin`, { loginId: ANN, code: typed });
    const next = await generate(refreshJwt);
    await client.refused(401, "E061102", `${path}/signin`, { loginId: ANN, code: codes[2] });
    await client.ok(`${path}/signin`, { loginId: ANN, code: next[2] });
    await emulator.ok("/v1/mgmt/user/recovery-codes/delete", { loginId: ANN });
    await client.refused(401, "E061102", `${path}/signin`, { loginId: ANN, code: next[3] });
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", { actions: ["LoginFailed"] });
    expect(audits).toHaveLength(3);
  });

  test("are a factor of a session that is there, for its own user", async () => {
    const { refreshJwt } = await client.session(ANN);
    const [code, other] = await generate(refreshJwt);
    const body = { loginId: ANN, code, loginOptions: { mfa: true } };
    await client.refused(401, "E061005", `${path}/signin`, body);
    const session = await client.ok(`${path}/signin`, body, refreshJwt);
    expect(claimsOf(session.sessionJwt).amr).toEqual(["pwd", "recoverycode", "mfa"]);
    const { refreshJwt: bobs } = await client.session("bob");
    await client.refused(403, "E061004", path, { loginId: ANN }, bobs);
    await client.refused(401, "E061005", path, { loginId: ANN });
    await client.refused(404, "E062108", `${path}/signin`, { loginId: "nobody", code });
    await client.refused(401, "E061102", `${path}/signin`, { loginId: "bob", code: other });
  });
});

describe("security questions", () => {
  const path = "/v1/auth/security-questions";
  let refreshJwt: string;

  async function configure(more: object = {}): Promise<void> {
    const { files } = await emulator.ok("/v1/mgmt/project/export", {});
    files["auth/securityquestions.json"] = {
      ...files["auth/securityquestions.json"],
      enabled: true,
      securityQuestions: ["pet", "city", "food"].map((id) => ({ id, text: `Which ${id}?` })),
      setupQuestionsCount: 3,
      verifyQuestionsCount: 2,
      ...more,
    };
    await emulator.ok("/v1/mgmt/project/import", { files });
  }

  const answers = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([id, answer]) => ({ id, answer }));
  const ALL = { pet: "Rex", city: "New  York", food: "Rice" };
  const setUp = (given = answers(ALL)) =>
    client.call(`${path}/setup`, { loginId: ANN, answers: given }, refreshJwt);
  const verify = (given: Readonly<Record<string, string>>, more: object = {}) =>
    client.call(`${path}/verify`, { loginId: ANN, answers: answers(given), ...more }, refreshJwt);

  beforeEach(async () => {
    refreshJwt = (await client.session(ANN)).refreshJwt;
  });

  test("are refused where the project asks none", async () => {
    expect((await setUp()).status).toBe(403);
    expect((await client.call(`${path}/verify`, undefined, refreshJwt)).status).toBe(403);
  });

  test("are set up, asked, and a factor of the session", async () => {
    await configure();
    expect((await setUp(answers({ pet: "Rex", city: "x" }))).body.errorCode).toBe("E011004");
    expect((await setUp(answers({ ...ALL, car: "x" }))).body.errorCode).toBe("E011004");
    expect((await setUp(answers({ ...ALL, food: " " }))).body.errorCode).toBe("E011004");
    expect((await client.ok(`${path}/verify`, undefined, refreshJwt)).questions).toEqual([]);
    expect<unknown>((await setUp()).body).toEqual({});
    const { questions } = await client.ok(`${path}/verify`, undefined, refreshJwt);
    expect<unknown>(questions).toEqual([
      { id: "pet", text: "Which pet?" },
      { id: "city", text: "Which city?" },
    ]);
    const { body } = await verify({ pet: " rex ", city: "new york" });
    expect(claimsOf(body.sessionJwt).amr).toEqual(["pwd", "kba", "mfa"]);
    const stepped = await verify({ pet: "Rex", food: "Rice" }, { stepup: true });
    expect(claimsOf(stepped.body.sessionJwt).su).toBe(true);
    expect(JSON.stringify(await emulator.ok("/v1/mgmt/user?loginId=" + ANN))).not.toContain("Rex");
  });

  test("wrong answers and too few are refused, and after some for a while, after more for good", async () => {
    await configure({
      lock: true,
      lockAttempts: 4,
      tempLock: true,
      tempLockAttempts: 3,
      tempLockDuration: 5,
    });
    expect((await verify({ pet: "Rex", city: "New York" })).body.errorCode).toBe("E062801");
    await setUp();
    const right = { pet: "Rex", city: "New York" };
    expect((await verify({ pet: "Rex" })).body.errorCode).toBe("E062801");
    expect((await verify({ ...right, food: "Pie" })).body.errorCode).toBe("E062801");
    expect((await verify(right)).status).toBe(200);
    for (let i = 0; i < 3; i++) expect((await verify({ pet: "Rex", city: "x" })).status).toBe(401);
    expect((await verify(right)).status).toBe(401);
    await client.advance(301);
    expect((await verify({ pet: "x", city: "x" })).status).toBe(401);
    expect((await verify(right)).status).toBe(401);
    await setUp();
    expect((await verify(right)).status).toBe(200);
  });
});

test("an enchanted link to a phone makes it the user's", async () => {
  const { refreshJwt } = await client.session(ANN);
  const phone = "+15551234567";
  const path = "/v1/auth/enchantedlink/update/phone/sms";
  const body = { loginId: ANN, phone, addToLoginIDs: true };
  await client.refused(401, "E061005", path, body);
  const { pendingRef } = await client.ok(path, body, refreshJwt);
  await client.ok("/v1/auth/enchantedlink/verify", { token: tokenOf((await client.sent(ANN)).link) });
  const { user } = await client.ok("/v1/auth/enchantedlink/pending-session", { pendingRef });
  expect(user).toMatchObject({ phone, verifiedPhone: true, loginIds: [ANN, phone] });
});
