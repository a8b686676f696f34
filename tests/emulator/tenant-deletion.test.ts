import { expect, test } from "bun:test";
import { testEmulator } from "../support/emulator.ts";

test("a tenant takes with it what is nobody else's, and leaves access keys", async () => {
  await using emulator = testEmulator({
    seed: {
      tenants: [
        { id: "acme", name: "Acme" },
        { id: "globex", name: "Globex" },
      ],
      roles: [{ name: "own", tenantId: "acme" }, { name: "reader" }],
      inboundApps: [{ id: "files", name: "Files" }],
      consents: [{ id: "C1", appId: "files", tenantId: "acme", scopes: ["read"] }],
    },
  });
  const { key } = await emulator.ok("/v1/mgmt/accesskey/create", {
    name: "Key",
    keyTenants: [
      { tenantId: "acme", roleNames: ["own"] },
      { tenantId: "globex", roleNames: ["reader"] },
    ],
  });
  await emulator.ok("/v1/mgmt/sso/saml", {
    tenantId: "acme",
    settings: { idpUrl: "https://idp.example.com", roleMappings: [{ groups: ["g"], roleName: "own" }] },
    domains: ["acme.com"],
  });
  await emulator.ok("/v1/mgmt/tenant/delete", { id: "acme" });
  expect<unknown>((await emulator.ok(`/v1/mgmt/accesskey?id=${key.id}`)).key.keyTenants).toEqual([
    { tenantId: "globex", tenantName: "Globex", roleNames: ["reader"] },
  ]);
  expect((await emulator.ok("/v1/mgmt/thirdparty/consents/search", {})).total).toBe(0);
  await emulator.ok("/v1/mgmt/tenant/create", { id: "acme", name: "Another Acme" });
  const { saml } = await emulator.ok("/v2/mgmt/sso/settings?tenantId=acme");
  expect(saml).toMatchObject({ idpSSOUrl: "", groupsMapping: [] });
  const { status } = await emulator.call("/v1/mgmt/accesskey/create", {
    name: "Other",
    keyTenants: [{ tenantId: "acme", roleNames: ["own"] }],
  });
  expect(status).toBe(400);
});

test("cascade takes the users and access keys along that are in no other tenant, as the audit trail says", async () => {
  const tenants = [
    { id: "acme", name: "Acme" },
    { id: "globex", name: "Globex" },
  ];
  await using emulator = testEmulator({ seed: { tenants } });
  const made = async (name: string, ids: readonly string[]) => {
    const members = ids.map((tenantId) => ({ tenantId }));
    await emulator.ok("/v1/mgmt/accesskey/create", { name, keyTenants: members });
    await emulator.ok("/v1/mgmt/user/create", { loginId: name, userTenants: members });
  };
  await made("one", ["acme"]);
  await made("both", ["acme", "globex"]);
  await made("none", []);
  const left = async () => [
    (await emulator.ok("/v1/mgmt/accesskey/search", {})).keys.map(({ name }) => name).toSorted(),
    (await emulator.ok("/v2/mgmt/user/search", {})).users.map(({ loginIds }) => loginIds[0]).toSorted(),
  ];
  await emulator.ok("/v1/mgmt/tenant/delete", { id: "acme", cascade: true });
  expect(await left()).toEqual([
    ["both", "none"],
    ["both", "none"],
  ]);
  await emulator.ok("/v1/mgmt/tenant/delete", { id: "globex" });
  expect(await left()).toEqual([
    ["both", "none"],
    ["both", "none"],
  ]);
  const actions = ["UserDeleted", "AccessKeyDeleted"];
  expect((await emulator.ok("/v1/mgmt/audit/search", { actions })).total).toBe(2);
});
