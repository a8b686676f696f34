import { beforeEach, afterEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { Data } from "../support/replies.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    seed: {
      tenants: [
        { id: "acme", name: "Acme" },
        { id: "globex", name: "Globex" },
        { id: "acme-eu", name: "Acme EU", parent: "acme" },
      ],
      permissions: [{ name: "read" }, { name: "write" }],
      roles: [
        { name: "reader", permissionNames: ["read"] },
        { name: "editor", permissionNames: ["read", "write"] },
        { name: "reader", tenantId: "globex", permissionNames: [] },
      ],
    },
  });
});
afterEach(() => emulator.stop());

const create = (body: object) => emulator.ok("/v1/mgmt/user/create", body);
const search = (body: object) => emulator.ok("/v2/mgmt/user/search", body);

describe("creating", () => {
  test("what was sent is what is loaded, by login id and by user id", async () => {
    const { user } = await create({
      loginId: "ann@example.com",
      additionalLoginIds: ["+15550001111"],
      displayName: "Ann Ash",
      givenName: "Ann",
      email: "ann@example.com",
      verifiedEmail: true,
      roleNames: ["editor"],
      userTenants: [{ tenantId: "acme", roleNames: ["reader"] }],
      customAttributes: { level: 7, tags: ["a"] },
    });
    expect(user).toMatchObject({
      loginIds: ["ann@example.com", "+15550001111"],
      name: "Ann Ash",
      givenName: "Ann",
      verifiedEmail: true,
      roleNames: ["editor"],
      permissions: ["read", "write"],
      userTenants: [{ tenantId: "acme", tenantName: "Acme", roleNames: ["reader"], permissions: ["read"] }],
      customAttributes: { level: 7, tags: ["a"] },
      status: "enabled",
      test: false,
    });
    expect(user.userId).toMatch(/^U[0-9A-Za-z]{27}$/);
    for (const query of [
      "loginId=ann%40example.com&userId=",
      "loginId=%2B15550001111",
      `loginId=&userId=${user.userId}`,
    ]) {
      expect((await emulator.ok(`/v1/mgmt/user?${query}`)).user).toEqual(user);
    }
  });

  test("null, empty texts and empty lists, as Go's client sends them, are nothing", async () => {
    const { user } = await create({
      loginId: "bo",
      email: "",
      phone: "",
      displayName: "",
      roleNames: null,
      userTenants: [],
      customAttributes: null,
      additionalLoginIds: null,
      ssoAppIDs: null,
      invite: false,
    });
    expect(user).toMatchObject({ loginIds: ["bo"], email: "", roleNames: [], userTenants: [] });
  });

  test("a login id is one user's alone, also among the additional ones", async () => {
    await create({ loginId: "a", additionalLoginIds: ["b"] });
    for (const body of [{ loginId: "b" }, { loginId: "c", additionalLoginIds: ["a"] }]) {
      const answer = await emulator.call("/v1/mgmt/user/create", body);
      expect([answer.status, answer.body.errorCode]).toEqual([400, "E062107"]);
    }
    expect((await search({})).total).toBe(1);
    expect((await emulator.call("/v1/mgmt/user?loginId=c")).status).toBe(404);
  });

  test("roles and tenants that do not exist are refused, and nothing is left behind", async () => {
    for (const body of [
      { loginId: "a", roleNames: ["nobody"] },
      { loginId: "a", userTenants: [{ tenantId: "none" }] },
      { loginId: "a", userTenants: [{ tenantId: "acme", roleNames: ["nobody"] }] },
    ]) {
      expect((await emulator.call("/v1/mgmt/user/create", body)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await search({ withTestUser: true })).total).toBe(0);
  });

  test("an invited user says so", async () => {
    expect((await create({ loginId: "a", invite: true })).user.status).toBe("invited");
  });
});

describe("test users", () => {
  beforeEach(async () => {
    await emulator.ok("/v1/mgmt/user/create/test", { loginId: "tester", email: "t@example.com", test: true });
    await create({ loginId: "ann" });
  });

  test("are apart from others in searches, and deleted together", async () => {
    const logins = async (body: object) => (await search(body)).users.flatMap((user) => user.loginIds);
    expect(await logins({})).toEqual(["ann"]);
    expect(await logins({ withTestUser: true })).toEqual(["tester", "ann"]);
    expect(await logins({ testUsersOnly: true })).toEqual(["tester"]);
    await emulator.ok("/v1/mgmt/user/test/delete/all", undefined, { method: "DELETE" });
    expect(await logins({ withTestUser: true })).toEqual(["ann"]);
    expect(await search({ withTestUser: true })).toMatchObject({ total: 1 });
  });

  test("get codes and links without anything being sent", async () => {
    const otp = await emulator.ok("/v1/mgmt/tests/generate/otp", {
      loginId: "tester",
      deliveryMethod: "email",
    });
    expect(otp).toMatchObject({ loginId: "tester", code: expect.stringMatching(/^\d{6}$/) });
    const magic = await emulator.ok("/v1/mgmt/tests/generate/magiclink", {
      loginId: "tester",
      deliveryMethod: "sms",
      URI: "https://app.example.com/verify?next=1",
    });
    expect(magic.link).toMatch(/^https:\/\/app\.example\.com\/verify\?next=1&t=\w{64}$/);
    const enchanted = await emulator.ok("/v1/mgmt/tests/generate/enchantedlink", { loginId: "tester" });
    expect(enchanted.link).toMatch(/^http:\/\/localhost:3000\/verify\?t=\w{64}$/);
    expect(enchanted.pendingRef).toMatch(/^\w{64}$/);
  });

  test("others get none, nor do methods that do not exist", async () => {
    const real = await emulator.call("/v1/mgmt/tests/generate/otp", {
      loginId: "ann",
      deliveryMethod: "email",
    });
    expect(real.status).toBe(400);
    expect(real.body.errorMessage).toContain("not a test user");
    const method = await emulator.call("/v1/mgmt/tests/generate/otp", {
      loginId: "tester",
      deliveryMethod: "fax",
    });
    expect(method.status).toBe(400);
    const nobody = await emulator.call("/v1/mgmt/tests/generate/otp", {
      loginId: "x",
      deliveryMethod: "email",
    });
    expect([nobody.status, nobody.body.errorCode]).toEqual([404, "E112102"]);
  });

  test("leave no trace in the audit trail", async () => {
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", {});
    expect(audits.map((row) => row.externalIds)).toEqual([["ann"]]);
  });

  test("a fixed code is the one that was chosen", async () => {
    await using fixed = testEmulator({ otp: "123456", seed: { users: [{ loginId: "t", test: true }] } });
    const { code } = await fixed.ok("/v1/mgmt/tests/generate/otp", { loginId: "t", deliveryMethod: "email" });
    expect(code).toBe("123456");
  });
});

describe("roles", () => {
  beforeEach(() => create({ loginId: "ann", userTenants: [{ tenantId: "acme" }, { tenantId: "globex" }] }));
  const change = (how: string, body: object) => {
    return emulator.ok(`/${how === "add" ? "v2" : "v1"}/mgmt/user/update/role/${how}`, {
      loginId: "ann",
      ...body,
    });
  };

  test("are set, added and removed, in the project and in a tenant", async () => {
    expect((await change("set", { roleNames: ["reader"] })).user.roleNames).toEqual(["reader"]);
    expect((await change("add", { roleNames: ["editor", "reader"] })).user.roleNames).toEqual([
      "reader",
      "editor",
    ]);
    const { user } = await change("add", { tenantId: "acme", roleNames: ["editor"] });
    expect(user.userTenants[0]).toMatchObject({
      tenantId: "acme",
      roleNames: ["editor"],
      permissions: ["read", "write"],
    });
    expect((await change("remove", { roleNames: ["reader", "unknown"] })).user.roleNames).toEqual(["editor"]);
    expect(
      (await change("set", { tenantId: "acme", roleNames: null })).user.userTenants[0]?.roleNames,
    ).toEqual([]);
  });

  test("a tenant's own role goes before the project's of the same name", async () => {
    const { user } = await change("set", { tenantId: "globex", roleNames: ["reader"] });
    expect(user.userTenants[1]).toMatchObject({ roleNames: ["reader"], permissions: [] });
  });

  test("in a tenant that the user is not in are refused", async () => {
    const answer = await emulator.call("/v1/mgmt/user/update/role/set", {
      loginId: "ann",
      tenantId: "acme-eu",
      roleNames: ["reader"],
    });
    expect(answer.status).toBe(400);
  });
});

describe("searching", () => {
  beforeEach(async () => {
    await create({
      loginId: "ann",
      email: "ann@example.com",
      displayName: "Ann",
      roleNames: ["reader"],
      userTenants: [{ tenantId: "acme", roleNames: ["editor", "reader"] }],
      customAttributes: { plan: "pro", tags: ["x", "y"] },
    });
    await create({
      loginId: "bo",
      phone: "+1555",
      displayName: "Bo",
      verifiedPhone: true,
      userTenants: [{ tenantId: "acme-eu", roleNames: ["reader"] }],
      customAttributes: { plan: "free" },
    });
    await create({ loginId: "cy_%", displayName: "Cy", roleNames: ["editor"] });
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: "cy_%", status: "disabled" });
  });
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [{}, ["ann", "bo", "cy_%"]],
    [{ loginIds: ["ann", "cy_%", "nobody"] }, ["ann", "cy_%"]],
    [{ emails: ["ann@example.com"] }, ["ann"]],
    [{ phones: ["+1555"] }, ["bo"]],
    [{ statuses: ["disabled"] }, ["cy_%"]],
    [{ statuses: [] }, ["ann", "bo", "cy_%"]],
    [{ text: "ANN@EX" }, ["ann"]],
    [{ text: "_%" }, ["cy_%"]],
    [{ tenantIds: ["acme"] }, ["ann"]],
    [{ tenantIds: ["acme"], includeSubTenants: true }, ["ann", "bo"]],
    [{ roleNames: ["editor"] }, ["cy_%"]],
    [{ roleNames: ["nobody"] }, []],
    [{ tenantRoleNames: { acme: { values: ["reader"] } } }, ["ann"]],
    [{ tenantRoleNames: { acme: { values: ["reader", "editor"], and: true } } }, ["ann"]],
    [{ tenantRoleNames: { "acme-eu": { values: ["reader", "editor"], and: true } } }, []],
    [{ tenantRoleNames: { "acme-eu": { values: ["reader", "editor"], and: false } } }, ["bo"]],
    [{ customAttributes: { plan: "pro" } }, ["ann"]],
    [{ customAttributes: { plan: ["pro", "free"] } }, ["ann", "bo"]],
    [{ customAttributes: { tags: "y" } }, ["ann"]],
    [{ verifiedPhone: true }, ["bo"]],
    [{ password: true }, []],
    [{ sort: [{ field: "displayName", desc: true }] }, ["cy_%", "bo", "ann"]],
    [{ sort: [{ field: "displayName", desc: true }], limit: 1, page: 1 }, ["bo"]],
    [{ limit: 2, page: 1 }, ["cy_%"]],
    [{ limit: 2, page: 5, offset: 1 }, ["bo", "cy_%"]],
    [{ toCreatedTime: 1000 }, []],
    [{ fromCreatedTime: 1000, toCreatedTime: 0 }, ["ann", "bo", "cy_%"]],
  ];
  for (const [query, logins] of cases) {
    test(`${JSON.stringify(query)} finds ${logins.join(", ") || "nobody"}`, async () => {
      const { users, total } = await search(query);
      expect<unknown>(users.map((user) => user.loginIds[0])).toEqual(logins);
      const { limit: _limit, page: _page, offset: _offset, ...filters } = query as Data;
      expect(total).toBe((await search(filters)).users.length);
    });
  }

  test("a field that nothing is sorted by is named", async () => {
    const answer = await emulator.call("/v2/mgmt/user/search", { sort: [{ field: "shoeSize" }] });
    expect(answer.status).toBe(400);
    expect(answer.body.errorMessage).toContain("shoeSize");
  });
});

test("deleting takes the login ids, links and codes with it", async () => {
  const { user } = await create({ loginId: "ann", userTenants: [{ tenantId: "acme" }] });
  await emulator.ok("/v1/mgmt/user/delete", { loginId: "", userId: user.userId });
  expect((await search({ tenantIds: ["acme"] })).total).toBe(0);
  expect((await emulator.call("/v1/mgmt/user/delete", { loginId: "ann" })).status).toBe(404);
  expect((await emulator.call("/v1/mgmt/user/delete", {})).body.errorCode).toBe("E011002");
  await create({ loginId: "ann" });
});

test("a tenant that is deleted is no longer its users', and takes those with it who are in no other where that is asked", async () => {
  await create({ loginId: "ann", userTenants: [{ tenantId: "acme-eu", roleNames: ["reader"] }] });
  await create({ loginId: "bo", userTenants: [{ tenantId: "acme-eu" }, { tenantId: "globex" }] });
  await create({ loginId: "cy", userTenants: [{ tenantId: "acme-eu" }, { tenantId: "acme" }] });
  expect((await emulator.call("/v1/mgmt/tenant/delete", { id: "acme", cascade: false })).status).toBe(400);
  expect((await search({})).total).toBe(3);
  await emulator.ok("/v1/mgmt/tenant/delete", { id: "acme", cascade: true });
  expect((await search({})).users.map(({ loginIds }) => loginIds[0])).toEqual(["bo"]);
  const { user } = await emulator.ok("/v1/mgmt/user?loginId=bo");
  expect(user.userTenants.map(({ tenantId }) => tenantId)).toEqual(["globex"]);
  expect((await emulator.ok("/v1/mgmt/tenant/all")).tenants.map(({ id }) => id)).toEqual(["globex"]);
});

test("passwords: set, temporary, expired", async () => {
  await create({ loginId: "ann" });
  expect((await emulator.call("/v1/mgmt/user/password/expire", { loginId: "ann" })).status).toBe(400);
  await emulator.ok("/v1/mgmt/user/password/set/temporary", { loginId: "ann", password: "Correct-Horse-1" });
  expect((await emulator.ok("/v1/mgmt/user?loginId=ann")).user.password).toBe(true);
  await emulator.ok("/v1/mgmt/user/password/set/active", {
    loginId: "ann",
    password: "Correct-Horse-2",
    setActive: true,
  });
  await emulator.ok("/v1/mgmt/user/password/expire", { loginId: "ann" });
  expect((await search({ password: true })).total).toBe(1);
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", {});
  expect(audits.map((row) => row.action)).toEqual([
    "PasswordExpired",
    "PasswordSet",
    "PasswordSet",
    "UserCreated",
  ]);
  expect(JSON.stringify(audits)).not.toContain("Correct-Horse");
});
