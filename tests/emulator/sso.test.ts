import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { SsoReply } from "../support/replies.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    seed: {
      tenants: [
        { id: "acme", name: "Acme" },
        { id: "globex", name: "Globex" },
      ],
      roles: [
        { id: "ROLreader", name: "reader" },
        { id: "ROLwriter", name: "writer" },
        { id: "ROLown", name: "own", tenantId: "acme" },
      ],
    },
  });
});
afterEach(() => emulator.stop());

const post = (path: string, body: object) => emulator.ok(`/v1/mgmt/sso/${path}`, body);
const load = (query = "tenantId=acme") => emulator.ok(`/v2/mgmt/sso/settings?${query}`);
const loadAll = async (tenant = "acme") =>
  (await emulator.ok<{ SSOSettings: SsoReply[] }>(`/v2/mgmt/sso/settings/all?tenantId=${tenant}`))
    .SSOSettings;
const remove = (path: string) => emulator.ok(path, undefined, { method: "DELETE" });
const refused = async (path: string, body?: unknown) => {
  const { status, body: error } = await emulator.call(path, body);
  return [status, error.errorCode, error.errorMessage];
};

const saml = {
  idpUrl: "https://idp.example.com/sso",
  entityId: "idp",
  idpCert: "certificate",
  attributeMapping: { email: "mail", name: null, customAttributes: { level: "lvl" } },
  roleMappings: [
    { groups: ["staff"], roleName: "reader" },
    { groups: ["admins"], roleName: "own" },
  ],
  defaultSSORoles: ["writer"],
  groupsPriority: ["admins", "staff"],
  fgaMappings: {
    staff: { relations: [{ resource: "r", relationDefinition: "viewer", namespace: "doc" }] },
    none: null,
  },
};
const oidc = {
  name: "Okta",
  clientId: "client",
  clientSecret: "oidc-secret",
  authUrl: "https://okta.example.com/auth",
  tokenUrl: "https://okta.example.com/token",
  JWKsUrl: "https://okta.example.com/keys",
  scope: ["openid"],
  userAttrMapping: { loginId: "sub", email: "email" },
};

describe("SAML", () => {
  test("is loaded as it was configured, roles by id and name, and the tenant knows of it", async () => {
    await post("saml", {
      tenantId: "acme",
      settings: saml,
      redirectUrl: "https://app.example.com/sso",
      domains: ["acme.com"],
    });
    const loaded = await load();
    expect(loaded).toMatchObject({
      tenant: { id: "acme", name: "Acme", authType: "saml", domains: ["acme.com"] },
      saml: {
        idpSSOUrl: saml.idpUrl,
        idpEntityId: "idp",
        idpCertificate: "certificate",
        idpMetadataUrl: "",
        attributeMapping: { email: "mail", customAttributes: { level: "lvl" } },
        groupsMapping: [
          { role: { id: "ROLreader", name: "reader" }, groups: ["staff"] },
          { role: { id: "ROLown", name: "own" }, groups: ["admins"] },
        ],
        defaultSSORoles: ["writer"],
        groupsPriority: ["admins", "staff"],
        fgaMappings: { staff: saml.fgaMappings.staff },
        redirectUrl: "https://app.example.com/sso",
        spACSUrl: `${emulator.url}/v1/auth/saml/acs`,
      },
    });
    expect(loaded.saml.attributeMapping).not.toHaveProperty("name");
    expect(loaded.saml.fgaMappings).not.toHaveProperty("none");
    expect(await emulator.ok("/v1/mgmt/tenant?id=acme")).toMatchObject({
      authType: "saml",
      domains: ["acme.com"],
    });
    expect((await load("tenantId=globex")).tenant).toMatchObject({ authType: "none", domains: [] });
  });

  test("is replaced whole, but for default roles and mappings that are not spoken of", async () => {
    await post("saml", {
      tenantId: "acme",
      settings: { ...saml, spSignKey: "sign-key" },
      domains: ["acme.com"],
    });
    const settings = { idpMetadataUrl: "https://idp.example.com/metadata", defaultSSORoles: [] };
    await post("saml/metadata", { tenantId: "acme", settings });
    let loaded = await load();
    expect(loaded.saml).toMatchObject({
      idpMetadataUrl: settings.idpMetadataUrl,
      idpSSOUrl: "",
      idpEntityId: "",
      attributeMapping: {},
      redirectUrl: "",
      defaultSSORoles: ["writer"],
      groupsPriority: ["admins", "staff"],
    });
    expect(loaded.saml.groupsMapping).toHaveLength(2);
    expect(loaded.tenant.domains).toEqual([]);
    expect(JSON.stringify(loaded)).not.toContain("sign-key");
    await post("saml/metadata", {
      tenantId: "acme",
      settings: { ...settings, replaceDefaultSSORoles: true, roleMappings: [], groupsPriority: [] },
    });
    loaded = await load();
    expect(loaded.saml).toMatchObject({ defaultSSORoles: [], groupsMapping: [], groupsPriority: [] });
  });

  test("a tenant that comes from elsewhere keeps the addresses that its identity provider knows", async () => {
    const own = { spACSUrl: "https://old.example.com/acs", spEntityId: "old" };
    await post("saml", { tenantId: "acme", settings: { ...saml, ...own } });
    expect((await load()).saml).toMatchObject(own);
    await post("saml", { tenantId: "acme", settings: { ...saml, spACSUrl: "", spEntityId: "" } });
    expect((await load()).saml.spACSUrl).toBe(`${emulator.url}/v1/auth/saml/acs`);
  });
});

describe("OIDC", () => {
  test("is loaded as it was configured, without its secret", async () => {
    await post("oidc", { tenantId: "acme", settings: oidc, domains: ["acme.com"] });
    const loaded = await load();
    const { clientSecret, ...rest } = oidc;
    expect(loaded).toMatchObject({ tenant: { authType: "oidc" }, oidc: { ...rest, clientSecret: "" } });
    expect(JSON.stringify(loaded)).not.toContain(clientSecret);
  });

  test("takes roles in both forms", async () => {
    const groupsMapping = [{ role: { id: "ROLwriter" }, groups: ["a"] }];
    await post("oidc", { tenantId: "acme", settings: { ...oidc, groupsMapping } });
    expect<unknown>((await load()).oidc.groupsMapping).toEqual([
      { role: { id: "ROLwriter", name: "writer" }, groups: ["a"] },
    ]);
    await post("oidc", { tenantId: "acme", settings: { ...oidc, roleMappings: saml.roleMappings } });
    expect((await load()).oidc.groupsMapping.map(({ role }) => role.name)).toEqual(["reader", "own"]);
  });
});

describe("several configurations of a tenant", () => {
  test("are apart from each other", async () => {
    expect(await loadAll()).toEqual([]);
    await post("saml", { tenantId: "acme", settings: saml, domains: ["acme.com"] });
    const made = await post("settings/new", { tenantId: "acme", ssoId: "two", displayName: "Second" });
    expect(made).toMatchObject({
      ssoId: "two",
      displayName: "Second",
      tenant: { id: "acme", authType: "none" },
    });
    await post("oidc", { tenantId: "acme", ssoId: "two", settings: oidc, domains: ["acme.org"] });
    const [first, second] = await loadAll();
    expect(first).toMatchObject({ tenant: { authType: "saml", domains: ["acme.com"] }, oidc: { name: "" } });
    expect(second).toMatchObject({
      ssoId: "two",
      tenant: { authType: "oidc", domains: ["acme.org"] },
      oidc: { name: "Okta" },
      saml: { idpEntityId: "", groupsMapping: [] },
    });
    expect<unknown>(await load("tenantId=acme&ssoId=two")).toEqual(second);
    expect<unknown>(await load("tenantId=acme&ssoId=")).toEqual(first);
    expect((await emulator.ok("/v1/mgmt/tenant?id=acme")).authType).toBe("saml");
  });

  test("are made with an id of their own, or one that is free", async () => {
    const { ssoId } = await post("settings/new", { tenantId: "acme", ssoId: "", displayName: "A" });
    expect(ssoId).toMatch(/^SSO[0-9A-Za-z]{27}$/);
    expect(await refused("/v1/mgmt/sso/settings/new", { tenantId: "acme", ssoId, displayName: "B" })).toEqual(
      [400, "E011004", `The tenant acme has an SSO configuration ${ssoId} already`],
    );
    await post("settings/new", { tenantId: "globex", ssoId, displayName: "B" });
  });

  test("are deleted one by one", async () => {
    await post("saml", { tenantId: "acme", settings: saml, domains: ["acme.com"] });
    await post("settings/new", { tenantId: "acme", ssoId: "two", displayName: "Second" });
    await remove("/v1/mgmt/sso/settings?tenantId=acme");
    expect((await loadAll()).map(({ ssoId }) => ssoId)).toEqual(["two"]);
    expect(await load()).toMatchObject({
      tenant: { authType: "none", domains: [] },
      saml: { idpSSOUrl: "", groupsMapping: [] },
    });
    await remove("/v1/mgmt/sso/settings?tenantId=acme&ssoId=two");
    expect(await loadAll()).toEqual([]);
    const again = await emulator.call("/v1/mgmt/sso/settings?tenantId=acme&ssoId=two", undefined, {
      method: "DELETE",
    });
    expect(again.status).toBe(404);
  });
});

test("a configuration is switched off and on without losing what it holds", async () => {
  await post("saml", { tenantId: "acme", settings: saml, domains: ["acme.com"] });
  const before = await load();
  await post("settings/authtype", { tenantId: "acme", authType: "none" });
  expect(await load()).toEqual({ ...before, tenant: { ...before.tenant, authType: "none" } });
  await post("settings/authtype", { tenantId: "acme", authType: "saml" });
  expect(await load()).toEqual(before);
});

test("addresses to go back to are changed alone, those that are not sent stay", async () => {
  await post("saml", { tenantId: "acme", settings: saml, redirectUrl: "https://a.example.com" });
  await post("redirect", { tenantId: "acme", oauthRedirectUrl: "https://b.example.com" });
  const loaded = await load();
  expect([loaded.saml.redirectUrl, loaded.oidc.redirectUrl]).toEqual([
    "https://a.example.com",
    "https://b.example.com",
  ]);
  expect(loaded.tenant.authType).toBe("saml");
  await post("redirect", { tenantId: "acme", samlRedirectUrl: "" });
  expect((await load()).saml.redirectUrl).toBe("");
  expect((await refused("/v1/mgmt/sso/redirect", { tenantId: "acme" }))[1]).toBe("E011002");
});

test("ids of provider templates outlive what is configured later", async () => {
  await post("provider-ids", { tenantId: "acme", samlProviderId: "okta", oidcScimProviderId: "entra" });
  await post("saml", { tenantId: "acme", settings: saml });
  await post("oidc", { tenantId: "acme", settings: oidc });
  expect(await load()).toMatchObject({ saml: { providerID: "okta" }, oidc: { scimProviderID: "entra" } });
});

test("the old calls work on the same settings", async () => {
  await post("settings", {
    tenantId: "acme",
    idpURL: saml.idpUrl,
    entityId: "idp",
    idpCert: "certificate",
    redirectURL: "https://app.example.com",
    domains: ["acme.com", "acme.org"],
  });
  await post("mapping", {
    tenantId: "acme",
    roleMappings: [{ groups: ["staff"], roleName: "reader" }],
    attributeMapping: { email: "mail", group: "groups" },
  });
  const old = () => emulator.ok("/v1/mgmt/sso/settings?tenantId=acme");
  expect(await old()).toMatchObject({
    tenantId: "acme",
    idpSSOUrl: saml.idpUrl,
    idpEntityId: "idp",
    idpCertificate: "certificate",
    redirectUrl: "https://app.example.com",
    userMapping: { email: "mail", group: "groups" },
    groupsMapping: [{ role: { id: "ROLreader", name: "reader" }, groups: ["staff"] }],
    domains: ["acme.com", "acme.org"],
    domain: "acme.com",
  });
  await post("metadata", { tenantId: "acme", idpMetadataURL: "https://idp.example.com/metadata" });
  expect(await old()).toMatchObject({
    idpMetadataUrl: "https://idp.example.com/metadata",
    idpSSOUrl: "",
    userMapping: { email: "mail" },
    domains: [],
    domain: "",
  });
  expect((await load()).saml.idpMetadataUrl).toBe("https://idp.example.com/metadata");
});

test("trust in the tokens of other issuers is set, listed and taken back", async () => {
  const issuers = {
    "https://idp.example.com": { jwksUri: "https://idp.example.com/jwks", jitDisabled: true },
  };
  await post("settings/new", { tenantId: "acme", ssoId: "two", displayName: "Second" });
  await post("xaa/settings", {
    tenantId: "acme",
    ssoId: "two",
    enabled: true,
    settings: { issuers },
    roleMappings: [{ groups: ["staff"], roleName: "reader" }],
    defaultSSORoles: null,
    allowOverrideRoles: true,
  });
  const wanted = {
    ssoId: "two",
    enabled: true,
    settings: { issuers },
    groupsMapping: [{ role: { id: "ROLreader", name: "reader" }, groups: ["staff"] }],
    allowOverrideRoles: true,
  };
  expect(await emulator.ok("/v1/mgmt/sso/xaa/settings?tenantId=acme&ssoId=two")).toMatchObject(wanted);
  expect(await emulator.ok("/v1/mgmt/sso/xaa/settings/all?tenantId=acme")).toMatchObject({
    XAASettings: [wanted],
  });
  expect<unknown>((await load("tenantId=acme&ssoId=two")).saml.groupsMapping).toEqual(wanted.groupsMapping);
  await remove("/v1/mgmt/sso/xaa/settings?tenantId=acme&ssoId=two");
  expect<unknown>(await emulator.ok("/v1/mgmt/sso/xaa/settings/all?tenantId=acme")).toEqual({
    XAASettings: [],
  });
  expect(await emulator.ok("/v1/mgmt/sso/xaa/settings?tenantId=acme&ssoId=two")).toMatchObject({
    enabled: false,
  });
});

test.each<[string, object | undefined, number, string]>([
  ["/v1/mgmt/sso/saml", { settings: {} }, 400, "The tenantId field is required"],
  ["/v1/mgmt/sso/saml", { tenantId: "acme" }, 400, "The settings field is required"],
  [
    "/v1/mgmt/sso/saml",
    { tenantId: "acme", settings: { roleMappings: [{ groups: "a" }] } },
    400,
    "The settings.roleMappings.0.groups field must be a list",
  ],
  [
    "/v1/mgmt/sso/saml",
    { tenantId: "acme", settings: { roleMappings: [{ groups: ["a"], roleName: "nobody" }] } },
    400,
    "The roleMappings field names the role nobody, but there is no such role",
  ],
  [
    "/v1/mgmt/sso/oidc",
    { tenantId: "globex", settings: { defaultSSORoles: ["own"] } },
    400,
    "The defaultSSORoles field names the role own, but there is no such role",
  ],
  ["/v1/mgmt/sso/oidc", { tenantId: "none", settings: {} }, 404, "There is no tenant none"],
  [
    "/v1/mgmt/sso/oidc",
    { tenantId: "acme", ssoId: "none", settings: {} },
    404,
    "The tenant acme has no SSO configuration none",
  ],
  [
    "/v1/mgmt/sso/settings/authtype",
    { tenantId: "acme", authType: "x" },
    400,
    'The authType field must be "none" or "saml" or "oidc"',
  ],
  ["/v1/mgmt/sso/settings/new", { tenantId: "acme" }, 400, "The displayName field is empty"],
  ["/v2/mgmt/sso/settings?tenantId=", undefined, 400, "The tenantId field must be a text that is not empty"],
  ["/v2/mgmt/sso/settings/all?tenantId=none", undefined, 404, "There is no tenant none"],
])("%s %j is refused", async (path, body, status, message) => {
  const [gotStatus, , gotMessage] = await refused(path, body);
  expect([gotStatus, gotMessage]).toEqual([status, message]);
});

test("the trail names the tenant whose settings changed", async () => {
  await post("saml", { tenantId: "acme", settings: saml });
  await post("settings/new", { tenantId: "acme", ssoId: "two", displayName: "Second" });
  await remove("/v1/mgmt/sso/settings?tenantId=acme&ssoId=two");
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", { tenants: ["acme"], oldestFirst: true });
  expect(audits.map(({ action, data }) => [action, data.ssoId])).toEqual([
    ["SSOSettingsUpdated", undefined],
    ["SSOSettingsCreated", "two"],
    ["SSOSettingsDeleted", "two"],
  ]);
});
