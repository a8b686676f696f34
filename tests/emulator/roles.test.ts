import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { valueAt } from "../support/documents.ts";
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

const mgmt = (path: string, body?: unknown) => emulator.ok(`/v1/mgmt/${path}`, body);
const refused = async (path: string, body: unknown) => {
  const answer = await emulator.call(`/v1/mgmt/${path}`, body);
  return [answer.status, answer.body.errorCode];
};
const named = (name: string) => ({ name });
const roleNames = async (query: object): Promise<string[]> =>
  (await mgmt("role/search", query)).roles.map(({ name }) => name);
const actions = async (): Promise<string[]> =>
  (await mgmt("audit/search", { oldestFirst: true })).audits.map(({ action }: { action: string }) => action);

async function user(more: object) {
  await mgmt("user/create", { loginId: "ann", ...more });
  return async () => (await mgmt("user?loginId=ann")).user;
}

describe("permissions", () => {
  test("are unique, and follow their new name into every role", async () => {
    await mgmt("permission/create", { name: "read", description: "May read" });
    expect(await refused("permission/create", named("read"))).toEqual([400, "E024104"]);
    await mgmt("role/create", { name: "Reader", permissionNames: ["read"] });
    const ann = await user({ roleNames: ["Reader"] });
    expect((await ann()).permissions).toEqual(["read"]);
    await mgmt("permission/update", { name: "read", newName: "look", description: "" });
    expect((await ann()).permissions).toEqual(["look"]);
    await mgmt("permission/delete", named("look"));
    expect((await ann()).permissions).toEqual([]);
    expect(await refused("permission/delete", named("look"))).toEqual([404, "E011004"]);
  });

  test("are followed in who may see and change attributes", async () => {
    await mgmt("permission/create", named("look"));
    for (const path of ["user", "sso/idp/app"])
      await mgmt(`${path}/customattribute/create`, {
        attributes: [{ name: "level", type: 2, viewPermissions: ["look", "SSO Admin"], editPermissions: [] }],
      });
    const seenBy = async () => [
      valueAt(await mgmt("user/customattributes"), ["data", 0, "viewPermissions"]),
      valueAt(await mgmt("sso/idp/app/customattributes"), ["data", 0, "viewPermissions"]),
    ];
    await mgmt("permission/update", { name: "look", newName: "see" });
    expect(await seenBy()).toEqual([
      ["see", "SSO Admin"],
      ["see", "SSO Admin"],
    ]);
    await mgmt("permission/delete", named("see"));
    expect(await seenBy()).toEqual([["SSO Admin"], ["SSO Admin"]]);
  });

  test("that every project has stay as they are", async () => {
    for (const [path, body] of [
      ["permission/update", { name: "Impersonate", newName: "Act" }],
      ["permission/delete", named("Impersonate")],
      ["permission/delete/batch", { names: ["Impersonate"] }],
    ] as const)
      expect((await refused(path, body))[0]).toBe(403);
  });

  test("a batch is made whole or not at all", async () => {
    await mgmt("permission/create", named("b"));
    expect(await refused("permission/create/batch", { permissions: [named("a"), named("b")] })).toEqual([
      400,
      "E024104",
    ]);
    const { permissions } = await mgmt("permission/all");
    expect(permissions.map(({ name }: { name: string }) => name)).not.toContain("a");
    expect(await refused("permission/delete/batch", {})).toEqual([400, "E011002"]);
  });
});

describe("roles", () => {
  test("one name may stand for a role of the project and for one of each tenant", async () => {
    await mgmt("role/create", named("Editor"));
    await mgmt("role/create", { name: "Editor", tenantId: "acme" });
    expect((await refused("role/create", { name: "Editor", tenantId: "acme" }))[0]).toBe(400);
    expect((await refused("role/create", { name: "Editor", tenantId: "none" }))[0]).toBe(404);
    expect((await refused("role/create", { name: "X", permissionNames: ["none"] }))[0]).toBe(400);
    await mgmt("role/delete", { name: "Editor", tenantId: "acme" });
    expect((await mgmt("role/all")).roles.filter(({ name }) => name === "Editor")).toHaveLength(1);
  });

  test("an update replaces what a role gives, and a name leads to the role under its new name", async () => {
    await mgmt("permission/create", named("read"));
    const { id } = await mgmt("role/create", {
      name: "A",
      description: "x",
      permissionNames: ["read"],
      private: true,
    });
    const ann = await user({ roleNames: ["A"], userTenants: [{ tenantId: "acme", roleNames: ["A"] }] });
    expect(await mgmt("role/update", { name: "A", newName: "B" })).toMatchObject({
      id,
      name: "B",
      description: "",
      permissionNames: [],
      private: false,
    });
    expect(await ann()).toMatchObject({
      roleNames: ["B"],
      userTenants: [{ tenantId: "acme", roleNames: ["B"] }],
    });
    expect((await refused("role/update", { name: "A", newName: "C" }))[0]).toBe(404);
    await mgmt("role/create", named("C"));
    expect((await refused("role/update", { id, newName: "C" }))[0]).toBe(400);
  });

  test("a role that is deleted is taken from users, keys and what tenants give", async () => {
    await mgmt("role/create", named("A"));
    const ann = await user({ roleNames: ["A"], userTenants: [{ tenantId: "acme", roleNames: ["A"] }] });
    await mgmt("tenant/updateDefaultRoles", { id: "acme", defaultRoles: ["A"] });
    const { key } = await mgmt("accesskey/create", {
      name: "k",
      keyTenants: [{ tenantId: "acme", roleNames: ["A"] }],
    });
    await mgmt("role/delete", named("A"));
    expect(await ann()).toMatchObject({ roleNames: [], userTenants: [{ roleNames: [] }] });
    expect((await mgmt(`accesskey?id=${key.id}`)).key.keyTenants[0]?.roleNames).toEqual([]);
    expect((await mgmt("tenant?id=acme")).defaultRoles).toEqual([]);
  });

  test("what a tenant gives to who joins it follows the role that its name means there", async () => {
    await mgmt("role/create/batch", { roles: [named("A"), { name: "A", tenantId: "acme" }] });
    for (const id of ["acme", "bolt"]) await mgmt("tenant/updateDefaultRoles", { id, defaultRoles: ["A"] });
    const given = async () => [
      (await mgmt("tenant?id=acme")).defaultRoles,
      (await mgmt("tenant?id=bolt")).defaultRoles,
    ];
    await mgmt("role/update", { name: "A", newName: "B" });
    expect(await given()).toEqual([["A"], ["B"]]);
    await mgmt("role/update", { name: "A", tenantId: "acme", newName: "C" });
    expect(await given()).toEqual([["C"], ["B"]]);
    await mgmt("role/delete", { name: "C", tenantId: "acme" });
    expect(await given()).toEqual([[], ["B"]]);
  });

  test("are followed in the scopes and groups of applications", async () => {
    await mgmt("role/create/batch", { roles: [named("A"), named("B")] });
    const app = await mgmt("thirdparty/app/create", {
      name: "Files",
      loginPageUrl: "https://files.example.com",
      permissionsScopes: [
        { name: "all", description: "All", values: ["A", "B"] },
        { name: "some", description: "Some", values: ["B"] },
      ],
    });
    const { id } = await mgmt("sso/idp/app/saml/create", {
      name: "Wiki",
      loginPageUrl: "https://wiki.example.com",
      useMetadataInfo: false,
      entityId: "wiki",
      acsUrl: "https://wiki.example.com/acs",
      groupsMapping: [{ name: "staff", type: "all", value: "", roles: [named("A"), named("B")] }],
    });
    const { resource } = await mgmt("resource/create", {
      name: "Orders",
      scopes: { permissionsScopes: [{ name: "all", description: "All", values: ["A", "B"] }] },
    });
    const mentioned = async () => [
      valueAt((await mgmt(`resource/load?id=${resource.id}`)).resource, [
        "scopes",
        "permissionsScopes",
        0,
        "values",
      ]),
      (await mgmt(`thirdparty/app/load?id=${app.id}`)).permissionsScopes.map(({ values }) => values),
      (await mgmt(`sso/idp/app/load?id=${id}`)).samlSettings.groupsMapping[0]?.roles.map(({ name }) => name),
    ];
    await mgmt("role/update", { name: "A", newName: "C" });
    expect(await mentioned()).toEqual([
      ["C", "B"],
      [["C", "B"], ["B"]],
      ["C", "B"],
    ]);
    await mgmt("role/delete", named("B"));
    expect(await mentioned()).toEqual([["C"], [["C"], []], ["C"]]);
  });

  test("are found by tenant, name, permission and text", async () => {
    await mgmt("permission/create", named("read"));
    await mgmt("role/create/batch", {
      roles: [
        { name: "Alpha", permissionNames: ["read"] },
        { name: "Beta", tenantId: "acme", description: "of Acme" },
        { name: "Gamma", tenantId: "bolt", permissionNames: ["read"] },
      ],
    });
    expect(await roleNames({ tenantIds: ["acme"] })).toEqual(["Beta"]);
    expect(await roleNames({ tenantIds: ["acme"], includeProjectRoles: true })).toEqual([
      "Tenant Admin",
      "Alpha",
      "Beta",
    ]);
    expect(await roleNames({ permissionNames: ["read"], sort: [{ field: "name", desc: true }] })).toEqual([
      "Gamma",
      "Alpha",
    ]);
    expect(await roleNames({ roleNameLike: "ALPH" })).toEqual(["Alpha"]);
    expect(await roleNames({ text: "acme" })).toEqual(["Beta"]);
    expect((await refused("role/search", { sort: [{ field: "no" }] }))[0]).toBe(400);
  });

  test("a batch names none, and all are deleted; the rows of a batch are deleted all or none", async () => {
    await mgmt("role/create/batch", { roles: [named("A"), { name: "B", tenantId: "acme" }] });
    expect((await refused("role/delete/batch", { roleNames: ["A", "none"] }))[0]).toBe(404);
    expect(await roleNames({ roleNames: ["A"] })).toEqual(["A"]);
    await mgmt("role/delete/batch", { tenantId: "acme" });
    expect(await roleNames({ tenantIds: ["acme"] })).toEqual([]);
    await mgmt("role/delete/batch", {});
    expect((await mgmt("role/all")).roles).toEqual([]);
  });

  test("are what the project's snapshot holds, and the trail says what happened to them", async () => {
    await mgmt("permission/create", named("read"));
    await mgmt("role/create", { name: "Reader", permissionNames: ["read"] });
    await mgmt("role/create", { name: "Own", tenantId: "acme" });
    const { files } = await mgmt("project/snapshot/export", {});
    const text = JSON.stringify(files["roles.json"] ?? files);
    expect(text).toContain('"Reader"');
    expect(text).not.toContain('"Own"');
    await mgmt("role/delete", named("Reader"));
    expect(await actions()).toEqual(
      expect.arrayContaining(["PermissionCreated", "RoleCreated", "RoleDeleted"]),
    );
  });
});

describe("access keys", () => {
  const key = async (more: object = {}) => mgmt("accesskey/create", { name: "ci", ...more });
  const exchanges = async (cleartext: string) =>
    (
      await emulator.call(
        "/v1/auth/accesskey/exchange",
        {},
        {
          authorization: `Bearer ${emulator.project}:${cleartext}`,
        },
      )
    ).status === 200;

  test("a key that is rotated keeps its id, and only the new secret is good", async () => {
    const { cleartext, key: before } = await key();
    expect(await exchanges(cleartext)).toBe(true);
    const rotated = await mgmt("accesskey/rotate", { id: before.id });
    expect(rotated.key).toEqual(before);
    expect([await exchanges(cleartext), await exchanges(rotated.cleartext)]).toEqual([false, true]);
  });

  test("a key that is switched off or has expired is not rotated", async () => {
    const off = await key();
    await mgmt("accesskey/deactivate", { id: off.key.id });
    expect((await refused("accesskey/rotate", { id: off.key.id }))[0]).toBe(400);
    await mgmt("accesskey/activate", { id: off.key.id });
    expect(await exchanges(off.cleartext)).toBe(true);
    const short = await key({ expireTime: emulator.world.clock.seconds() + 60 });
    await emulator.call("/_emulator/clock", { advance: "61s" });
    expect((await refused("accesskey/rotate", { id: short.key.id }))[0]).toBe(400);
  });

  test("an update changes what it names and leaves the rest", async () => {
    const made = (await key({ description: "d", permittedIps: ["10.0.0.1"], customClaims: { a: 1 } })).key;
    const { key: after } = await mgmt("accesskey/update", { id: made.id, name: "cd", permittedIps: [] });
    expect<unknown>(after).toEqual({ ...made, name: "cd", permittedIps: [] });
    expect((await refused("accesskey/update", { id: made.id, name: "" }))[0]).toBe(400);
  });

  test("what a key is permitted from must be addresses or ranges", async () => {
    const made = (await key({ permittedIps: ["10.0.0.1", "fd00::/8"] })).key;
    const wrong = { name: "k", permittedIps: ["10.0.0.0/8", "office"] };
    expect((await refused("accesskey/create", wrong))[0]).toBe(400);
    expect((await refused("accesskey/update", { id: made.id, ...wrong }))[0]).toBe(400);
    const { keys } = await mgmt("accesskey/search", {});
    expect(keys.find(({ id }) => id === made.id)?.permittedIps).toEqual(["10.0.0.1", "fd00::/8"]);
  });

  test("keys that come from elsewhere exchange by the secret that they had", async () => {
    const { keys } = await mgmt("accesskey/import", {
      keys: [
        { name: "old", cleartext: "Kold-secret" },
        { name: "other", cleartext: "Kother" },
      ],
    });
    expect(keys).toHaveLength(2);
    expect(await exchanges("Kold-secret")).toBe(true);
    expect((await refused("accesskey/import", { keys: [{ name: "x", cleartext: "Kother" }] }))[0]).toBe(400);
  });

  test("batches act on all of their keys or on none", async () => {
    const [a, b] = [await key(), await key()];
    const ids = [a.key.id, b.key.id];
    const statuses = async () =>
      (await mgmt("accesskey/search", {})).keys.map(({ status }: { status: string }) => status);
    expect((await refused("accesskey/deactivate/batch", { ids: [...ids, "none"] }))[0]).toBe(404);
    expect(await statuses()).toEqual(["active", "active"]);
    await mgmt("accesskey/deactivate/batch", { ids });
    expect(await statuses()).toEqual(["inactive", "inactive"]);
    expect(await exchanges(a.cleartext)).toBe(false);
    await mgmt("accesskey/activate/batch", { ids: [ids[0]] });
    expect(await statuses()).toEqual(["active", "inactive"]);
    await mgmt("accesskey/delete/batch", { ids });
    expect(await statuses()).toEqual([]);
  });

  test("a search is sorted as it asks", async () => {
    for (const name of ["b", "c", "a"]) await key({ name });
    const names = async (sort: object[]) =>
      (await mgmt("accesskey/search", { sort })).keys.map(({ name }: { name: string }) => name);
    expect(await names([{ field: "name" }])).toEqual(["a", "b", "c"]);
    expect(await names([{ field: "name", desc: true }])).toEqual(["c", "b", "a"]);
  });
});
