import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import { claimsOf, signInClient } from "../support/sign-in.ts";

let emulator: TestEmulator;
beforeEach(() => (emulator = testEmulator()));
afterEach(() => emulator.stop());

const mgmt = (path: string, body?: unknown) => emulator.ok(`/v1/mgmt/${path}`, body);
const create = (id: string, more: object = {}) => mgmt("tenant/create", { id, name: `The ${id}`, ...more });
const tenant = (id: string) => mgmt(`tenant?id=${id}`);
const patch = (body: object) => emulator.call("/v1/mgmt/tenant/patch", body, { method: "PATCH" });
const status = async (path: string, body: object) => (await emulator.call(`/v1/mgmt/${path}`, body)).status;

const WHOLE = {
  selfProvisioningDomains: ["acme.com"],
  customAttributes: { plan: "gold", seats: 3 },
  enforceSSO: true,
  enforceSSOExclusions: ["ann"],
  disabled: true,
  roleInheritance: "userOnly",
};

test("who signs in with a verified address of a tenant's own domain joins it, with its default roles", async () => {
  await mgmt("role/create", { name: "member" });
  await create("acme", { selfProvisioningDomains: ["Acme.com"] });
  await mgmt("tenant/updateDefaultRoles", { id: "acme", defaultRoles: ["member"] });
  await create("shut", { selfProvisioningDomains: ["acme.com"], disabled: true });
  const client = signInClient(emulator);
  const joined = async (email: string, verifiedEmail: boolean) => {
    await mgmt("user/create", { loginId: email, email, verifiedEmail });
    await mgmt("user/password/set/active", { loginId: email, password: "Correct-Horse-1" });
    const before = (await mgmt(`user?loginId=${email}`)).user.userTenants;
    const body = { loginId: email, password: "Correct-Horse-1" };
    const { sessionJwt, user } = await client.ok("/v1/auth/password/signin", body);
    const { userTenants } = user;
    return [before, claimsOf(sessionJwt).tenants, userTenants.map((one) => one.tenantId)];
  };
  expect(await joined("ann@acme.com", true)).toEqual([
    [],
    { acme: { roles: ["member"], permissions: [] } },
    ["acme"],
  ]);
  expect(await joined("bo@acme.com", false)).toEqual([[], {}, []]);
  expect(await joined("cy@eu.acme.com", true)).toEqual([[], {}, []]);
});

test("an update replaces all that it may say, a patch only what it says", async () => {
  await create("acme", WHOLE);
  expect(await tenant("acme")).toMatchObject(WHOLE);
  expect<unknown>((await patch({ id: "acme", disabled: false })).body).toEqual({});
  expect<unknown>(await tenant("acme")).toMatchObject({ ...WHOLE, disabled: false, name: "The acme" });
  await patch({ id: "acme", customAttributes: { plan: "silver" }, selfProvisioningDomains: [] });
  expect(await tenant("acme")).toMatchObject({
    customAttributes: { plan: "silver" },
    selfProvisioningDomains: [],
    enforceSSO: true,
  });
  await mgmt("tenant/update", { id: "acme", name: "Acme" });
  expect(await tenant("acme")).toMatchObject({
    name: "Acme",
    customAttributes: {},
    enforceSSO: false,
    enforceSSOExclusions: [],
    roleInheritance: "",
  });
  expect([
    (await patch({ id: "acme", name: "" })).status,
    (await patch({ id: "none", name: "x" })).status,
    await status("tenant/update", { id: "none", name: "x" }),
    await status("tenant/update", { id: "acme", name: "x", roleInheritance: "all" }),
    await status("tenant/update", { id: "acme", name: "x", federatedAppIds: ["none"] }),
  ]).toEqual([400, 404, 404, 400, 404]);
  const { audits } = await mgmt("audit/search", { actions: ["TenantModified"], tenants: ["acme"] });
  expect(audits).toHaveLength(3);
});

test("a search wants all that it says, and one of each list, whatever its case", async () => {
  await create("acme", {
    selfProvisioningDomains: ["acme.com"],
    customAttributes: { plan: "gold", seats: 3 },
  });
  await create("bolt", { customAttributes: { plan: "gold" } });
  await create("acme-eu", { parent: "acme" });
  await mgmt("sso/saml", {
    tenantId: "bolt",
    settings: { idpUrl: "https://idp.example.com", entityId: "e", idpCert: "c" },
    domains: ["bolt.com"],
  });
  const found = async (query: object): Promise<string[]> =>
    (await mgmt("tenant/search", query)).tenants.map(({ id }: { id: string }) => id);
  const queries: readonly (readonly [object, string[]])[] = [
    [{}, ["acme", "bolt", "acme-eu"]],
    [{ tenantIds: ["bolt", "none"] }, ["bolt"]],
    [{ tenantNames: ["THE ACME"] }, ["acme"]],
    [{ tenantSelfProvisioningDomains: ["ACME.com"] }, ["acme"]],
    [{ tenantSSODomains: ["bolt.com"] }, ["bolt"]],
    [{ customAttributes: { plan: "gold" } }, ["acme", "bolt"]],
    [{ customAttributes: { plan: "gold", seats: 3 } }, ["acme"]],
    [{ authType: "saml" }, ["bolt"]],
    [{ parentTenantId: "acme" }, ["acme-eu"]],
    [{ topLevelOnly: true }, ["acme", "bolt"]],
    [{ topLevelOnly: true, authType: "none" }, ["acme"]],
  ];
  for (const [query, ids] of queries) expect([query, await found(query)]).toEqual([query, ids]);
  expect((await tenant("acme")).successors).toEqual(["acme-eu"]);
});

describe("settings", () => {
  test("follow the project until they are set, and then decide how long sessions are good", async () => {
    await create("acme");
    const settings = () => mgmt("tenant/settings?id=acme");
    expect(await settings()).toMatchObject({ enabled: false, sessionTokenExpiration: 10, authType: "none" });
    const set = { sessionTokenExpiration: 2, sessionTokenExpirationUnit: "hours" };
    await mgmt("tenant/settings", { tenantId: "acme", ...set });
    expect(await settings()).toMatchObject({ ...set, enabled: false, refreshTokenExpiration: 4 });
    await mgmt("user/create", { loginId: "ann", userTenants: [{ tenantId: "acme" }] });
    const client = signInClient(emulator);
    const lifetime = async () => {
      const token = await emulator.ok("/v1/mgmt/auth/signin", { loginId: "ann", selectedTenantId: "acme" });
      const { exp, iat } = claimsOf((await client.ok("/v1/auth/refresh", {}, token.refreshJwt)).sessionJwt);
      return exp - iat;
    };
    expect(await lifetime()).toBe(600);
    await mgmt("tenant/settings", { tenantId: "acme", enabled: true, domains: ["acme.com"] });
    expect(await lifetime()).toBe(7200);
    expect(await settings()).toMatchObject({ ...set, enabled: true, domains: ["acme.com"] });
    expect([
      await status("tenant/settings", { tenantId: "acme", sessionTokenExpirationUnit: "moons" }),
      await status("tenant/settings", { tenantId: "acme", sessionTokenExpiration: -1 }),
      await status("tenant/settings", { tenantId: "none", enabled: true }),
    ]).toEqual([400, 400, 404]);
  });

  test("default roles go to whoever joins, and must exist", async () => {
    await create("acme");
    await mgmt("role/create", { name: "Reader" });
    await mgmt("role/create", { name: "Own", tenantId: "acme" });
    await mgmt("tenant/updateDefaultRoles", { id: "acme", defaultRoles: ["Reader", "Own", "Own"] });
    expect((await tenant("acme")).defaultRoles).toEqual(["Reader", "Own"]);
    const { user } = await mgmt("user/create", { loginId: "ann", userTenants: [{ tenantId: "acme" }] });
    expect(user.userTenants[0]?.roleNames.sort()).toEqual(["Own", "Reader"]);
    expect(await status("tenant/updateDefaultRoles", { id: "acme", defaultRoles: ["None"] })).toBe(400);
    await mgmt("tenant/updateDefaultRoles", { id: "acme", defaultRoles: [] });
    expect((await tenant("acme")).defaultRoles).toEqual([]);
  });
});

describe("links to the setup of single sign-on", () => {
  const link = async (path: string, body: object): Promise<string> =>
    (await emulator.ok(path, { tenantId: "acme", ...body })).adminSSOConfigurationLink;

  test("are each another one, by every call for them, and one that is sent goes to the outbox", async () => {
    await create("acme");
    const links = [
      await link("/v1/mgmt/tenant/adminlinks/sso/generate", {}),
      await link("/v2/mgmt/tenant/adminlinks/sso/generate", { expireTime: 60, email: "it@acme.com" }),
      await link("/v1/mgmt/tenant/adminlinks/sso/authenticated", {}),
    ];
    expect(new Set(links).size).toBe(3);
    for (const one of links) expect(new URL(one).searchParams.get("tenant")).toBe("acme");
    await mgmt("tenant/adminlinks/sso/send", { tenantId: "acme", email: "boss@acme.com" });
    const { messages } = await emulator.ok("/_emulator/messages");
    expect(messages.map(({ to, link }) => [to, link])).toEqual([
      ["it@acme.com", links[1]],
      ["boss@acme.com", expect.stringContaining("tenant=acme")],
    ]);
    expect<unknown>(await mgmt("tenant/adminlinks/sso/revoke", { tenantId: "acme" })).toEqual({});
    const path = "tenant/adminlinks/sso";
    expect([
      await status(`${path}/send`, { tenantId: "acme", email: "nonsense" }),
      await status(`${path}/generate`, { tenantId: "acme", expireTime: -1 }),
      await status(`${path}/generate`, { tenantId: "acme", ssoId: "none" }),
      await status(`${path}/revoke`, { tenantId: "none" }),
    ]).toEqual([400, 400, 404, 404]);
  });
});

test("who came by a tenant's single sign-on can be taken out of it, and nobody else", async () => {
  await create("acme");
  const userTenants = [{ tenantId: "acme" }];
  await mgmt("user/create", { loginId: "ann", userTenants });
  await mgmt("user/create", { loginId: "bob", userTenants });
  expect((await patchUser("bob", { scim: true })).userTenants).toHaveLength(1);
  await mgmt("tenant/sso-user-remove", { tenantId: "acme" });
  expect((await mgmt("user?loginId=ann")).user.userTenants).toHaveLength(1);
  expect((await mgmt("user?loginId=bob")).user.userTenants).toEqual([]);
  expect(await status("tenant/sso-user-remove", { tenantId: "none" })).toBe(404);
});

async function patchUser(loginId: string, changes: object) {
  const body = { loginId, ...changes };
  return (await emulator.ok("/v1/mgmt/user/patch", body, { method: "PATCH" })).user;
}
