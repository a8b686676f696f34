import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { Reply } from "../support/replies.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    seed: {
      tenants: [{ id: "acme", name: "Acme" }],
      users: [{ loginId: "ann" }, { loginId: "bo" }],
      inboundApps: [
        { id: "files", name: "Files", clientId: "files-client", secret: "files-secret" },
        { id: "mail", name: "Mail" },
      ],
      consents: [
        { id: "C1", appId: "files", loginId: "ann", scopes: ["read"] },
        { id: "C2", appId: "files", loginId: "bo", tenantId: "acme", scopes: ["read", "write"] },
        { id: "C3", appId: "mail", loginId: "ann", scopes: ["send"] },
        { id: "C4", appId: "files", tenantId: "acme", scopes: ["admin"] },
      ],
    },
  });
});
afterEach(() => emulator.stop());

const app = (verb: string, body: object, version = "v2") =>
  emulator.ok(`/${version}/mgmt/thirdparty/app/${verb}`, body);
const load = (id: string, version = "v2") => emulator.ok(`/${version}/mgmt/thirdparty/app/load?id=${id}`);
const refused = async (path: string, body?: unknown) => {
  const { status, body: error } = await emulator.call(path, body);
  return [status, error.errorCode, error.errorMessage];
};
const actions = async () =>
  (await emulator.ok("/v1/mgmt/audit/search", { oldestFirst: true })).audits.map((row) => row.action);

const whole = {
  name: "Portal",
  description: "A portal",
  logo: "data:image/png;base64,AAAA",
  loginPageUrl: "https://login.example.com",
  approvedCallbackUrls: ["https://app.example.com/cb"],
  permissionsScopes: [{ name: "read", description: "Reads", values: ["reader"], optional: true }],
  scopeClaimMapping: [{ scope: "profile", claims: { nick: "{{user.name}}" }, mandatory: true }],
  jwtBearerSettings: { issuers: { "https://idp.example.com": { jwksUri: "https://idp.example.com/jwks" } } },
  customAttributes: { level: 3 },
  forcePkce: true,
  defaultAudience: "clientId",
  allowedTenants: ["acme"],
  somethingNew: { a: 1 },
};

describe("an application", () => {
  test("is loaded as it was made, by both versions, by id and by client id", async () => {
    const made = await app("create", whole);
    expect(made.id).toMatch(/^TPA[0-9A-Za-z]{27}$/);
    expect(made.cleartext).toMatch(/^\w{64}$/);
    const loaded = await load(made.id);
    expect(loaded).toMatchObject({ id: made.id, clientId: made.clientId, ...whole });
    expect(await load(made.id, "v1")).toEqual(loaded);
    expect(await emulator.ok(`/v1/mgmt/thirdparty/app/load?clientId=${made.clientId}`)).toEqual(loaded);
    expect(JSON.stringify(loaded)).not.toContain(made.cleartext);
  });

  test("may bring its client id and secret from elsewhere", async () => {
    const made = await app(
      "create",
      { name: "Old", id: "old", clientId: "abc", clientSecret: "s3cret" },
      "v1",
    );
    expect<unknown>(made).toEqual({ id: "old", clientId: "abc", cleartext: "s3cret" });
    expect<unknown>(await emulator.ok("/v1/mgmt/thirdparty/app/secret?id=old")).toEqual({
      cleartext: "s3cret",
    });
  });

  test("has id, name and client id for itself", async () => {
    for (const body of [
      { name: "Another", id: "files" },
      { name: "Files" },
      { name: "Another", clientId: "files-client" },
    ])
      expect((await refused("/v2/mgmt/thirdparty/app/create", body)).slice(0, 2)).toEqual([400, "E011004"]);
    expect(await refused("/v2/mgmt/thirdparty/app/update", { id: "mail", name: "Files" })).toEqual([
      400,
      "E011004",
      "There is an inbound application with the name Files already",
    ]);
    expect((await emulator.ok("/v1/mgmt/thirdparty/apps/load")).total).toBe(2);
  });

  test("names only tenants that exist", async () => {
    expect(await refused("/v2/mgmt/thirdparty/app/create", { name: "X", allowedTenants: ["none"] })).toEqual([
      400,
      "E011004",
      "The allowedTenants field names none, but there is no such tenant",
    ]);
  });

  test("loses by an update what the update does not say, but not who it is", async () => {
    const made = await app("create", { ...whole, nonConfidentialClient: true });
    const before = await load(made.id);
    await app("update", { id: made.id, name: "Gate", forcePkce: false });
    const after = await load(made.id);
    expect(after).toMatchObject({
      name: "Gate",
      clientId: before.clientId,
      nonConfidentialClient: true,
      description: "",
      logo: "",
      loginPageUrl: "",
      approvedCallbackUrls: [],
      permissionsScopes: [],
      customAttributes: {},
      forcePkce: false,
    });
    for (const gone of ["jwtBearerSettings", "scopeClaimMapping", "allowedTenants"])
      expect(after).not.toHaveProperty(gone);
    expect<unknown>(await emulator.ok(`/v1/mgmt/thirdparty/app/secret?id=${made.id}`)).toEqual({
      cleartext: made.cleartext,
    });
  });

  test("keeps by a patch what the patch does not say", async () => {
    const { id } = await app("create", whole);
    const before = await load(id);
    await app("patch", { id, description: "", customAttributes: null }, "v1");
    expect(await load(id)).toEqual({ ...before, description: "" });
    await app("patch", { id, forcePkce: false, approvedCallbackUrls: [] });
    expect(await load(id)).toEqual({
      ...before,
      description: "",
      forcePkce: false,
      approvedCallbackUrls: [],
    });
  });

  test("is not emptied by a patch of Go's client, which names every member", async () => {
    const { id } = await app("create", whole);
    const before = await load(id);
    await app("patch", {
      id,
      name: "",
      description: "Better",
      logo: "",
      loginPageUrl: "",
      approvedCallbackUrls: null,
      permissionsScopes: null,
      scopeClaimMapping: null,
      jwtBearerSettings: null,
      customAttributes: null,
      forcePkce: false,
      defaultAudience: "",
    });
    expect(await load(id)).toEqual({ ...before, description: "Better" });
  });

  test("gets a new secret, and the old one is gone", async () => {
    const secret = async () => (await emulator.ok("/v1/mgmt/thirdparty/app/secret?id=files")).cleartext;
    expect(await secret()).toBe("files-secret");
    const { cleartext } = await app("rotate", { id: "files" }, "v1");
    expect(cleartext).not.toBe("files-secret");
    expect(await secret()).toBe(cleartext);
  });

  test("takes its consents with it when it is deleted; a batch is deleted whole or not at all", async () => {
    expect((await refused("/v1/mgmt/thirdparty/app/delete/batch", { ids: ["files", "none"] }))[0]).toBe(404);
    expect((await load("files")).name).toBe("Files");
    await app("delete/batch", { ids: ["files"] }, "v1");
    expect((await emulator.ok("/v1/mgmt/thirdparty/consents/search", {})).total).toBe(1);
    await app("delete", { id: "mail" }, "v1");
    expect<unknown>(await emulator.ok("/v2/mgmt/thirdparty/apps/load", {})).toEqual({ apps: [], total: 0 });
  });

  test("leaves what happened to it in the audit trail", async () => {
    const { id } = await app("create", { name: "Portal" });
    await app("patch", { id, description: "x" });
    await app("rotate", { id }, "v1");
    await app("delete", { id }, "v1");
    expect(await actions()).toEqual([
      "ThirdPartyAppCreated",
      "ThirdPartyAppUpdated",
      "ThirdPartyAppSecretRotated",
      "ThirdPartyAppDeleted",
    ]);
  });
});

test("a list of applications comes in pages with the total", async () => {
  for (let i = 0; i < 5; i++) await app("create", { name: `App ${i}` });
  const ids = (page: Reply) => page.apps.map(({ name }) => name);
  const first = await emulator.ok("/v2/mgmt/thirdparty/apps/load", { limit: 3, page: 0 });
  expect([ids(first), first.total]).toEqual([["Files", "Mail", "App 0"], 7]);
  expect(ids(await emulator.ok("/v1/mgmt/thirdparty/apps/load?limit=3&page=2"))).toEqual(["App 4"]);
  expect((await emulator.ok("/v2/mgmt/thirdparty/apps/load", { limit: 0, page: 0 })).apps).toHaveLength(7);
  expect(await refused("/v2/mgmt/thirdparty/apps/load", { page: -1 })).toEqual([
    400,
    "E011004",
    "The page field must be a whole number, 0 or more",
  ]);
});

test.each<[string, object, number, string]>([
  ["/v2/mgmt/thirdparty/app/create", {}, 400, "The name field is required"],
  ["/v2/mgmt/thirdparty/app/create", { name: "" }, 400, "The name field is empty"],
  [
    "/v2/mgmt/thirdparty/app/create",
    { name: "X", permissionsScopes: [{ name: 5 }] },
    400,
    "The permissionsScopes.0.name field must be a string",
  ],
  [
    "/v2/mgmt/thirdparty/app/create",
    { name: "X", sessionSettings: { enabled: "yes" } },
    400,
    "The sessionSettings.enabled field must be true or false",
  ],
  [
    "/v1/mgmt/thirdparty/app/update",
    { id: "", name: "X" },
    400,
    "The id field must be a text that is not empty",
  ],
  ["/v1/mgmt/thirdparty/app/update", { id: "none", name: "X" }, 404, "There is no inbound application none"],
  ["/v2/mgmt/thirdparty/app/patch", { id: "none" }, 404, "There is no inbound application none"],
  ["/v1/mgmt/thirdparty/app/rotate", { id: "none" }, 404, "There is no inbound application none"],
  ["/v1/mgmt/thirdparty/app/delete", { id: "none" }, 404, "There is no inbound application none"],
  [
    "/v1/mgmt/thirdparty/app/delete/batch",
    { ids: [] },
    400,
    "The ids field must be a list that is not empty",
  ],
])("POST %s %j is refused", async (path, body, status, message) => {
  const [gotStatus, , gotMessage] = await refused(path, body);
  expect([gotStatus, gotMessage]).toEqual([status, message]);
});

describe("consents", () => {
  const ids = async (body: object) =>
    (await emulator.ok("/v1/mgmt/thirdparty/consents/search", body)).consents.map(({ id }) => id);

  test("are found by application, user, tenant and id, in pages", async () => {
    const { users } = await emulator.ok("/v2/mgmt/user/search", { loginIds: ["ann"] });
    const userId = users[0]?.userId;
    expect(await ids({})).toEqual(["C1", "C2", "C3", "C4"]);
    expect(await ids({ appId: "files" })).toEqual(["C1", "C2", "C4"]);
    expect(await ids({ userId })).toEqual(["C1", "C3"]);
    expect(await ids({ tenantId: "acme", appId: "files" })).toEqual(["C2", "C4"]);
    expect(await ids({ consentId: "C3" })).toEqual(["C3"]);
    expect(
      await emulator.ok("/v1/mgmt/thirdparty/consents/search", { limit: 1, page: 1, userId }),
    ).toMatchObject({
      total: 2,
      consents: [{ id: "C3", appId: "mail", userId, scopes: ["send"], grantedBy: userId, expireTime: 0 }],
    });
  });

  test("of users and of tenants are deleted apart, and never all by mistake", async () => {
    await emulator.ok("/v1/mgmt/thirdparty/consents/delete", { appId: "files", tenantId: "" });
    expect(await ids({})).toEqual(["C3", "C4"]);
    await emulator.ok("/v1/mgmt/thirdparty/consents/delete/tenant", { tenantId: "acme" });
    expect(await ids({})).toEqual(["C3"]);
    await emulator.ok("/v1/mgmt/thirdparty/consents/delete", { consentIds: ["C3"], appId: "files" });
    expect(await ids({})).toEqual(["C3"]);
    for (const path of ["delete", "delete/tenant"])
      expect((await refused(`/v1/mgmt/thirdparty/consents/${path}`, { consentIds: [], appId: "" }))[1]).toBe(
        "E011002",
      );
    expect(await actions()).toEqual(Array(3).fill("ThirdPartyAppConsentDeleted"));
  });
});

describe("an application that registers itself", () => {
  const register = (body: object, project = emulator.project) =>
    emulator.call(`/v1/mgmt/inboundapp/app/${project}/register`, body, { authorization: "none" });

  test("is told its client id and secret, and is there", async () => {
    const { status, body } = await register({
      client_name: "Agent",
      redirect_uris: ["http://localhost:1234/cb"],
      scope: "openid profile",
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      client_name: "Agent",
      redirect_uris: ["http://localhost:1234/cb"],
      scope: "openid profile",
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "client_secret_post",
      client_secret_expires_at: 0,
      client_secret: expect.stringMatching(/^\w{64}$/),
    });
    expect(await emulator.ok(`/v1/mgmt/thirdparty/app/load?clientId=${body.client_id}`)).toMatchObject({
      name: "Agent",
      approvedCallbackUrls: ["http://localhost:1234/cb"],
      dynamic: true,
    });
  });

  test("gets no secret when it cannot keep one, also later", async () => {
    const { body } = await register({
      redirect_uris: ["http://localhost/cb"],
      token_endpoint_auth_method: "none",
    });
    expect(body).not.toHaveProperty("client_secret");
    const { id } = await emulator.ok(`/v1/mgmt/thirdparty/app/load?clientId=${body.client_id}`);
    expect((await refused("/v1/mgmt/thirdparty/app/rotate", { id }))[1]).toBe("E011004");
  });

  test("needs an address to go back to, and a project", async () => {
    expect((await register({ client_name: "A", redirect_uris: [] })).body.errorMessage).toBe(
      "The redirect_uris field must be a list that is not empty",
    );
    expect((await register({ redirect_uris: ["nowhere"] })).body.errorMessage).toBe(
      "The redirect_uris.0 field must be a URL",
    );
    expect((await register({ redirect_uris: ["http://a.example"] }, "P2none")).status).toBe(404);
  });
});
