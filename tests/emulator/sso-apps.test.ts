import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { clientSecretOf, ssoAppOfClient } from "../../src/emulator/entities/sso-app.ts";
import { findProject } from "../../src/emulator/project.ts";
import { valueAt } from "../support/documents.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({ seed: { roles: [{ id: "ROLreader", name: "reader" }] } });
});
afterEach(() => emulator.stop());

const PATH = "/v1/mgmt/sso/idp/app";
const app = (verb: string, body: object, project?: string) =>
  emulator.ok(`${PATH}/${verb}`, body, project === undefined ? {} : { project });
const load = (id: string) => emulator.ok(`${PATH}/load?id=${id}`);
const all = async () => (await emulator.ok("/v1/mgmt/sso/idp/apps/load")).apps;
const secret = async (id: string) => (await emulator.ok(`${PATH}/secret?id=${id}`)).cleartext;
const refused = async (path: string, body?: unknown) => {
  const { status, body: error } = await emulator.call(path, body);
  return [status, error.errorCode, error.errorMessage];
};

const mapping = {
  attributeMapping: [{ name: "mail", type: "", value: "email" }],
  groupsMapping: [
    { name: "g", type: "", filterType: "roles", value: "", roles: [{ id: "ROLreader", name: "" }] },
  ],
};

describe("an OIDC application", () => {
  test("is loaded as it was made, with what it must know of the project", async () => {
    const settings = {
      loginPageUrl: "https://login.example.com",
      forceAuthentication: true,
      claims: ["email"],
      clientType: "confidential",
      approvedRedirectUrls: ["https://app.example.com/cb"],
      forcePkce: true,
      backChannelLogoutUrl: "https://app.example.com/out",
      refreshTokenDisabled: true,
      defaultAudience: "clientId",
      jwtBearerSettings: { issuers: { "https://idp.example.com": { signAlgorithm: "RS256" } } },
    };
    const common = { name: "Wiki", description: "A wiki", logo: "x", customAttributes: { level: 2 } };
    const { id } = await app("oidc/create", { id: "wiki", enabled: false, ...common, ...settings });
    expect(id).toBe("wiki");
    const loaded = await load("wiki");
    const issuer = `${emulator.url}/${emulator.project}/wiki`;
    expect<unknown>(loaded).toEqual({
      id: "wiki",
      enabled: false,
      appType: "oidc",
      ...common,
      oidcSettings: {
        ...settings,
        clientId: expect.any(String),
        issuer,
        discoveryUrl: `${issuer}/.well-known/openid-configuration`,
      },
    });
    const clientId = loaded.oidcSettings.clientId;
    expect(atob(clientId)).toBe(`${emulator.project}:wiki`);
    const project = findProject(emulator.world, emulator.project)!;
    expect(ssoAppOfClient(project, clientId)?.name).toBe("Wiki");
    expect(await secret("wiki")).toBe(clientSecretOf(project, ssoAppOfClient(project, clientId)!));
  });

  test("may bring its client id and secret from elsewhere, and keeps them over updates", async () => {
    await app("oidc/create", { id: "old", name: "Old", clientId: "abc", clientSecret: "s3cret" });
    await app("oidc/update", { id: "old", name: "New", enabled: true });
    expect((await load("old")).oidcSettings.clientId).toBe("abc");
    expect(await secret("old")).toBe("s3cret");
    const body = { name: "Other", clientId: "abc" };
    expect((await refused(`${PATH}/oidc/create`, body)).slice(0, 2)).toEqual([400, "E011004"]);
  });

  test("gets a new secret; a public one has none", async () => {
    const { id } = await app("oidc/create", { name: "A" });
    const first = await secret(id);
    const { cleartext } = await app("rotate", { id });
    expect(cleartext).not.toBe(first);
    expect(await secret(id)).toBe(cleartext);
    const { id: other } = await app("oidc/create", { name: "B", clientType: "public" });
    expect((await refused(`${PATH}/secret?id=${other}`))[1]).toBe("E011004");
    expect((await refused(`${PATH}/rotate`, { id: other }))[1]).toBe("E011004");
  });
});

test("a SAML application is loaded as it was made, its roles by id and name", async () => {
  const settings = {
    loginPageUrl: "https://login.example.com",
    entityId: "sp",
    acsUrl: "https://sp.example.com/acs",
    certificate: "cert",
    acsAllowedCallbacks: ["https://sp.example.com/*"],
    subjectNameIdType: "email",
    defaultRelayState: "home",
    defaultSignatureAlgorithm: "sha256",
  };
  const { id } = await app("saml/create", { name: "Shop", ...settings, ...mapping });
  const loaded = await load(id);
  expect(loaded).toMatchObject({ appType: "saml", enabled: true, samlSettings: settings });
  expect(loaded.samlSettings).toMatchObject({
    attributeMapping: mapping.attributeMapping,
    groupsMapping: [{ name: "g", roles: [{ id: "ROLreader", name: "reader" }] }],
    useMetadataInfo: false,
    metadataUrl: "",
    idpSsoUrl: `${emulator.url}/v1/auth/saml/idp/sso?app=${emulator.project}-${id}`,
  });
  expect(loaded).not.toHaveProperty("oidcSettings");
  expect((await refused(`${PATH}/secret?id=${id}`))[1]).toBe("E011004");
});

test("a WS-Fed application is loaded as it was made", async () => {
  const settings = {
    loginPageUrl: "",
    realm: "urn:app",
    replyUrl: "https://app.example.com/wsfed",
    replyAllowedCallbacks: ["https://app.example.com/*"],
    errorRedirectUrl: "https://app.example.com/error",
  };
  const { id } = await app("wsfed/create", { name: "Office", ...settings, attributeMapping: null });
  expect(await load(id)).toMatchObject({ appType: "wsfed", wsfedSettings: settings });
});

test("an update replaces everything but the kind", async () => {
  const { id } = await app("saml/create", { name: "Shop", entityId: "sp", logo: "x", ...mapping });
  await app("saml/update", { id, name: "Store", acsUrl: "https://sp.example.com/acs" });
  expect(await load(id)).toMatchObject({
    name: "Store",
    logo: "",
    enabled: true,
    samlSettings: { entityId: "", acsUrl: "https://sp.example.com/acs", groupsMapping: [] },
  });
  expect(await refused(`${PATH}/oidc/update`, { id, name: "Store" })).toEqual([
    400,
    "E011004",
    `The SSO application ${id} is of the kind saml, not oidc`,
  ]);
});

test("ids and names are one application's alone, roles must exist", async () => {
  await app("saml/create", { id: "shop", name: "Shop" });
  for (const body of [
    { id: "shop", name: "Other" },
    { name: "Shop" },
    { name: "Other", groupsMapping: [{ name: "g", roles: [{ name: "nobody" }] }] },
  ])
    expect((await refused(`${PATH}/saml/create`, body)).slice(0, 2)).toEqual([400, "E011004"]);
  expect((await all()).map(({ id }) => id)).toEqual(["descope-default-oidc", "shop"]);
});

test.each<[string, object | undefined, number, string]>([
  [`${PATH}/oidc/create`, { name: "" }, 400, "The name field is empty"],
  [`${PATH}/oidc/create`, {}, 400, "The name field is required"],
  [
    `${PATH}/oidc/create`,
    { name: "A", approvedRedirectUrls: "x" },
    400,
    "The approvedRedirectUrls field must be a list",
  ],
  [
    `${PATH}/saml/create`,
    { name: "A", attributeMapping: [{ name: 1 }] },
    400,
    "The attributeMapping.0.name field must be a string",
  ],
  [`${PATH}/wsfed/update`, { name: "A" }, 400, "The id field is required"],
  [`${PATH}/oidc/update`, { id: "none", name: "A" }, 404, "There is no SSO application none"],
  [`${PATH}/delete`, { id: "none" }, 404, "There is no SSO application none"],
  [`${PATH}/load?id=none`, undefined, 404, "There is no SSO application none"],
  [`${PATH}/secret?id=none`, undefined, 404, "There is no SSO application none"],
])("%s %j is refused", async (path, body, status, message) => {
  const [gotStatus, , gotMessage] = await refused(path, body);
  expect([gotStatus, gotMessage]).toEqual([status, message]);
});

test("users lose an application that is deleted, and the trail says what happened", async () => {
  const { id } = await app("oidc/create", { name: "A" });
  await emulator.ok("/v1/mgmt/user/create", { loginId: "ann", ssoAppIds: [id] });
  await app("oidc/update", { id, name: "B" });
  await app("rotate", { id });
  await app("delete", { id });
  const { user } = await emulator.ok("/v1/mgmt/user?loginId=ann");
  expect(user.ssoAppIds).not.toContain(id);
  expect((await emulator.ok("/v2/mgmt/user/search", { ssoAppIds: [id] })).total).toBe(0);
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", {
    oldestFirst: true,
    text: "SSOApplication",
  });
  expect(audits.map(({ action, data }) => [action, data.name])).toEqual([
    ["SSOApplicationCreated", "A"],
    ["SSOApplicationUpdated", "B"],
    ["SSOApplicationSecretRotated", "B"],
    ["SSOApplicationDeleted", "B"],
  ]);
});

test("applications travel with the snapshot, their secrets do not", async () => {
  await app("oidc/create", { id: "wiki", name: "Wiki", claims: ["email"], clientSecret: "s3cret" });
  await app("saml/create", { id: "shop", name: "Shop", entityId: "sp", customAttributes: { level: 2 } });
  const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
  expect(valueAt(files, ["applications.json", "applications", 1])).toEqual({
    id: "wiki",
    name: "Wiki",
    description: "",
    enabled: true,
    logo: "",
    oidc: { claims: ["email"] },
  });
  expect(JSON.stringify(files)).not.toContain("s3cret");
  await using other = testEmulator();
  await other.ok("/v1/mgmt/project/snapshot/import", { files });
  const there = (await other.ok("/v1/mgmt/sso/idp/apps/load")).apps;
  expect(there.map(({ id, appType }) => [id, appType])).toEqual([
    ["descope-default-oidc", "oidc"],
    ["wiki", "oidc"],
    ["shop", "saml"],
  ]);
  expect(there[2]).toMatchObject({ customAttributes: { level: 2 }, samlSettings: { entityId: "sp" } });
  const made = await other.ok(`${PATH}/secret?id=wiki`);
  expect(made.cleartext).not.toBe("s3cret");
  expect(await other.ok(`${PATH}/secret?id=wiki`)).toEqual(made);
  expect((await other.ok("/v1/mgmt/project/snapshot/export", {})).files).toEqual(files);
});

test("attributes that are declared for applications have the types that they are declared with", async () => {
  await using emulator = testEmulator();
  const mgmt = (path: string, body?: unknown) => emulator.call(`/v1/mgmt/sso/idp/app${path}`, body);
  await mgmt("/customattribute/create", { attributes: [{ name: "level", type: 2 }] });
  const create = (name: string, level: unknown) =>
    mgmt("/saml/create", {
      name,
      loginPageUrl: "https://app.example.com",
      entityId: "e",
      acsUrl: "https://app.example.com/acs",
      customAttributes: { level, other: "x" },
    });
  expect((await create("Wrong", "high")).status).toBe(400);
  const { body } = await create("Right", 3);
  expect((await mgmt(`/load?id=${body.id}`)).body.customAttributes).toEqual({ level: 3, other: "x" });
  expect<unknown>((await mgmt("/customattribute/delete", { names: ["level"] })).body).toEqual({
    data: [],
    total: "0",
  });
  expect((await create("Now right", "high")).status).toBe(200);
});
