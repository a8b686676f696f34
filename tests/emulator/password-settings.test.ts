import { afterEach, beforeEach, expect, test } from "bun:test";
import { setAt } from "../support/documents.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(
  () =>
    (emulator = testEmulator({
      seed: {
        tenants: [
          { id: "acme", name: "Acme" },
          { id: "bolt", name: "Bolt" },
        ],
      },
    })),
);
afterEach(() => emulator.stop());

const PATH = "/v1/mgmt/password/settings";
const set = (settings: object) => emulator.ok(PATH, settings);
const auth = (path: string, body: object) =>
  emulator.call(`/v1/auth/password/${path}`, body, { authorization: `Bearer ${emulator.project}` });
const signUp = async (loginId: string, password: string) =>
  (await auth("signup", { loginId, password })).status;
const signIn = async (loginId: string, password: string) =>
  (await auth("signin", { loginId, password })).status;

test("rules of the project hold at once, one by one, and stay with what was not said", async () => {
  await set({ enabled: true, minLength: 4, lowercase: false, uppercase: false, number: false });
  await set({ nonAlphanumeric: false, anyLetter: false, disallowedCharacters: "" });
  expect(await signUp("a", "1234")).toBe(200);
  const rules: readonly (readonly [object, string, string])[] = [
    [{ minLength: 6 }, "12345", "123456"],
    [{ lowercase: true }, "ABC123", "ABc123"],
    [{ uppercase: true }, "abc123", "aBc123"],
    [{ number: true }, "aBcdef", "aBcde1"],
    [{ nonAlphanumeric: true }, "aBcde1", "aBcde-1"],
    [{ disallowedCharacters: "<>" }, "aBcd>-1", "aBcd.-1"],
  ];
  for (const [index, [rule, bad, good]] of rules.entries()) {
    await set(rule);
    expect([index, await signUp(`bad${index}`, bad)]).toEqual([index, 400]);
    expect([index, await signUp(`good${index}`, good)]).toEqual([index, 200]);
  }
  await set({ disallowEmailMatch: true });
  expect(await signUp("Ann-Lee.1@example.com", "ann-Lee.1")).toBe(400);
  expect(await emulator.ok(PATH)).toMatchObject({ minLength: 6, uppercase: true, tenantId: "" });
  const policy = await emulator.ok("/v1/auth/password/policy");
  expect(policy).toMatchObject({ minLength: 6, number: true });
});

test("wrong ones lock, and old ones are refused and expire, as the settings say", async () => {
  await set({
    lock: true,
    lockAttempts: 2,
    reuse: true,
    reuseAmount: 1,
    expiration: true,
    expirationWeeks: 1,
  });
  expect(await signUp("ann", "Aa1!aaaa")).toBe(200);
  const replace = (oldPassword: string, newPassword: string) =>
    auth("replace", { loginId: "ann", oldPassword, newPassword });
  expect((await replace("Aa1!aaaa", "Aa1!aaaa")).status).toBe(400);
  expect((await replace("Aa1!aaaa", "Bb1!bbbb")).status).toBe(200);
  await emulator.ok("/_emulator/clock", { advance: "192h" });
  expect((await auth("signin", { loginId: "ann", password: "Bb1!bbbb" })).body.errorCode).toBe("E062909");
  await set({ expiration: false });
  expect(await signIn("ann", "Bb1!bbbb")).toBe(200);
  expect([await signIn("ann", "x"), await signIn("ann", "x")]).toEqual([401, 401]);
  expect(await signIn("ann", "Bb1!bbbb")).toBe(401);
});

test("a tenant's own settings hold for its users, where it has enabled them", async () => {
  await set({ minLength: 4, lowercase: false, uppercase: false, number: false, nonAlphanumeric: false });
  const passwords = new Map<string, string>();
  const change = async (loginId: string, newPassword: string) => {
    const { status } = await auth("replace", { loginId, oldPassword: passwords.get(loginId), newPassword });
    if (status === 200) passwords.set(loginId, newPassword);
    return status;
  };
  for (const [loginId, tenantId] of [
    ["ann", "acme"],
    ["bob", "bolt"],
  ] as const) {
    await emulator.ok("/v1/mgmt/user/create", { loginId, userTenants: [{ tenantId }] });
    await emulator.ok("/v1/mgmt/user/password/set/active", { loginId, password: "first-one" });
    passwords.set(loginId, "first-one");
  }
  await set({ tenantId: "acme", enabled: true, minLength: 10 });
  expect(await emulator.ok(`${PATH}?tenantId=acme`)).toMatchObject({ minLength: 10, tenantId: "acme" });
  expect(await emulator.ok(`${PATH}?tenantId=bolt`)).toMatchObject({ minLength: 4, tenantId: "bolt" });
  expect((await emulator.ok(PATH)).minLength).toBe(4);
  expect(await change("bob", "12345")).toBe(200);
  expect(await change("ann", "12345")).toBe(400);
  expect(await change("ann", "1234567890")).toBe(200);
  await set({ tenantId: "acme", enabled: false });
  expect(await change("ann", "12345")).toBe(200);
  expect((await emulator.call(PATH, { tenantId: "none", minLength: 1 })).status).toBe(404);
  expect((await emulator.call(PATH, { minLength: -1 })).status).toBe(400);
});

test("settings are what the project's snapshot holds, both ways", async () => {
  await set({ minLength: 13 });
  const { files } = await emulator.ok("/v1/mgmt/project/export", {});
  expect(files["auth/password.json"]?.minLength).toBe(13);
  setAt(files, ["auth/password.json", "minLength"], 14);
  await emulator.ok("/v1/mgmt/project/import", { files });
  expect((await emulator.ok(PATH)).minLength).toBe(14);
});
