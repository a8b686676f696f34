import { afterEach, beforeEach, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator();
});
afterEach(() => emulator.stop());

const PATH = "/v1/mgmt/descoper";
const create = (...descopers: object[]) => emulator.call(PATH, { descopers }, { method: "PUT" });
const patch = (body: object) => emulator.ok(PATH, body, { method: "PATCH" });

test("descopers are created, loaded, changed and deleted", async () => {
  const { body } = await create(
    {
      loginId: "ann@example.com",
      attributes: { displayName: "Ann", email: "ann@example.com", phone: "" },
      rbac: { isCompanyAdmin: false, projects: [{ projectIds: [emulator.project], role: "developer" }] },
    },
    { loginId: "bo@example.com", sendInvite: true },
  );
  expect(body.total).toBe(2);
  const [ann, bo] = body.descopers;
  expect(ann).toMatchObject({
    loginIDs: ["ann@example.com"],
    status: "enabled",
    attributes: { displayName: "Ann" },
  });
  expect(bo?.status).toBe("invited");
  expect(emulator.world.outbox.find({ loginId: "bo@example.com" })).toMatchObject([
    { kind: "invite", to: "bo@example.com" },
  ]);
  const changed = await patch({ id: ann?.id, attributes: { displayName: "Ann Ash", email: null } });
  expect(changed.descoper.attributes).toMatchObject({ displayName: "Ann Ash", email: "ann@example.com" });
  expect<unknown>(changed.descoper.rbac).toEqual(ann?.rbac);
  const admin = await patch({ id: ann?.id, rbac: { isCompanyAdmin: true } });
  expect(admin.descoper.rbac).toEqual({ isCompanyAdmin: true, tags: [], projects: [] });
  expect((await emulator.ok(`${PATH}?id=${ann?.id}`)).descoper).toEqual(admin.descoper);
  await emulator.ok(`${PATH}?id=${bo?.id}`, undefined, { method: "DELETE" });
  expect<unknown>(await emulator.ok(`${PATH}/list`, {})).toEqual({ descopers: [admin.descoper], total: 1 });
  expect((await emulator.call(`${PATH}?id=${bo?.id}`)).status).toBe(404);
});

test("they belong to the company: every project sees the same", async () => {
  await create({ loginId: "ann" });
  const authorization = `Bearer ${emulator.managementKey}`;
  expect((await emulator.ok(`${PATH}/list`, {}, { authorization })).total).toBe(1);
});

test("what makes no sense is refused, and nothing of the list is created", async () => {
  await create({ loginId: "ann" });
  for (const [descopers, message] of [
    [[], "The descopers field must be a list of descopers"],
    [[{ loginId: "new" }, { loginId: "ann" }], "There is a descoper with the login id ann already"],
    [[{ loginId: "new" }, { loginId: "" }], "The descopers.1.loginId field must be a text that is not empty"],
    [[{ loginId: "new", rbac: { projects: [{ projectIds: ["P2no"], role: "admin" }] } }], "the project P2no"],
    [
      [{ loginId: "new", rbac: { tags: [{ tags: ["t"], role: "boss" }] } }],
      "The descopers.0.rbac.tags.0.role field",
    ],
  ] as const) {
    const { status, body } = await create(...descopers);
    expect(status).toBe(400);
    expect(body.errorMessage).toContain(message);
  }
  expect((await emulator.ok(`${PATH}/list`, {})).total).toBe(1);
});
