import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { Reply } from "../support/replies.ts";

let emulator: TestEmulator;
let now: number;
beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  emulator = testEmulator({
    machineTime: () => now,
    seed: {
      projects: [
        { id: "P2one", tags: ["eu"] },
        { id: "P2two", tags: ["us"] },
      ],
    },
  });
});
afterEach(() => emulator.stop());

const PATH = "/v1/mgmt/managementkey";
const create = (body: object) => emulator.ok(PATH, body, { method: "PUT" });
const patch = (body: object) => emulator.ok(PATH, body, { method: "PATCH" });
/** The status of a call that a key makes in a project. */
const used = async (cleartext: string, project = "P2one", path = "/v1/mgmt/tenant/all") =>
  (await emulator.call(path, undefined, { authorization: `Bearer ${project}:${cleartext}` })).status;

test("a key opens what it was made for, and is named in the audit trail", async () => {
  const { key, cleartext } = await create({ name: "ci", description: "d", permittedIps: ["127.0.0.0/8"] });
  expect(cleartext).toStartWith("K");
  expect(key).toMatchObject({
    name: "ci",
    description: "d",
    status: "active",
    createdTime: now / 1000,
    version: 1,
  });
  expect(JSON.stringify(key)).not.toContain(cleartext);
  await emulator.ok("/v1/mgmt/tenant/create", { name: "t" }, { authorization: `Bearer P2one:${cleartext}` });
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", { actorIds: [key.id] });
  expect(audits.map(({ action }) => action)).toEqual(["TenantCreated"]);
  expect((await emulator.ok(`${PATH}?id=${key.id}`)).key).toEqual(key);
  expect((await emulator.ok(`${PATH}/search`)).keys).toEqual([key]);
});

test("a key that is inactive, has run out or was deleted opens nothing", async () => {
  const lasting = await create({ name: "a" });
  await patch({ id: lasting.key.id, name: "a", status: "inactive" });
  expect(await used(lasting.cleartext)).toBe(401);
  await patch({ id: lasting.key.id, name: "a", status: "active" });
  expect(await used(lasting.cleartext)).toBe(200);

  const short = await create({ name: "b", expiresIn: "60" });
  expect(short.key.expireTime).toBe(now / 1000 + 60);
  expect(await used(short.cleartext)).toBe(200);
  now += 60_000;
  expect(await used(short.cleartext)).toBe(401);

  expect<unknown>(await emulator.ok(`${PATH}/delete`, { ids: [lasting.key.id, "Knope"] })).toEqual({
    total: 1,
  });
  expect(await used(lasting.cleartext)).toBe(401);
  expect((await emulator.call(`${PATH}?id=${lasting.key.id}`)).status).toBe(404);
});

describe("reach", () => {
  test("a key for single projects, or for a tag, opens no other project and nothing of the company", async () => {
    const roles = ["admin"];
    const named = await create({ name: "a", reBac: { projectRoles: [{ projectIds: ["P2one"], roles }] } });
    const tagged = await create({ name: "b", reBac: { tagRoles: [{ tags: ["us"], roles }] } });
    const whole = await create({ name: "c", reBac: { companyRoles: roles } });
    const of = async ({ cleartext }: Reply) => [
      await used(cleartext, "P2one"),
      await used(cleartext, "P2two"),
    ];
    expect(await of(named)).toEqual([200, 403]);
    expect(await of(tagged)).toEqual([403, 200]);
    expect(await of(whole)).toEqual([200, 200]);
    const list = async ({ cleartext }: Reply) =>
      (await emulator.call("/v1/mgmt/projects/list", {}, { authorization: `Bearer ${cleartext}` })).status;
    expect([await list(named), await list(whole)]).toEqual([403, 200]);
  });

  test("a project beside the key makes no company of a key for single projects", async () => {
    const { cleartext } = await create({
      name: "a",
      reBac: { projectRoles: [{ projectIds: ["P2one"], roles: ["admin"] }] },
    });
    const authorization = `Bearer P2one:${cleartext}`;
    const companyRoles = ["company-full-access"];
    const calls = [
      emulator.call(PATH, { name: "more", reBac: { companyRoles } }, { authorization, method: "PUT" }),
      emulator.call(`${PATH}/search`, undefined, { authorization }),
      emulator.call("/v1/mgmt/descoper/list", {}, { authorization }),
      emulator.call("/v1/mgmt/projects/list", {}, { authorization }),
    ];
    for (const { status } of await Promise.all(calls)) expect(status).toBe(403);
    expect((await emulator.call("/v1/mgmt/license", undefined, { authorization })).status).toBe(200);
  });

  test("a key is good from permitted addresses alone", async () => {
    const { cleartext } = await create({ name: "a", permittedIps: ["10.0.0.1"] });
    expect(await used(cleartext)).toBe(403);
  });
});

test("an update resets what it does not say", async () => {
  const { key } = await create({ name: "a", description: "d", permittedIps: ["10.0.0.1"] });
  const { key: saved } = await patch({ id: key.id, name: "b" });
  expect(saved).toMatchObject({ name: "b", description: "", permittedIps: [], status: "active", version: 2 });
});

test("what makes no sense is refused, naming the field", async () => {
  for (const [body, message] of [
    [{ name: "" }, "The name field is empty"],
    [{}, "The name field is required"],
    [{ name: "a", expiresIn: -1 }, "The expiresIn field must be seconds, 0 or more"],
    [{ name: "a", permittedIps: ["x"] }, "The permittedIps field holds x"],
    [{ name: "a", reBac: { projectRoles: [{ projectIds: ["P2no"] }] } }, "names the project P2no"],
  ] as const) {
    const answer = await emulator.call(PATH, body, { method: "PUT" });
    expect(answer.status).toBe(400);
    expect(answer.body.errorMessage).toContain(message);
  }
  const answer = await emulator.call(PATH, { id: "x", name: "a", status: "off" }, { method: "PATCH" });
  expect(answer.body.errorMessage).toContain("The status field must be");
});
