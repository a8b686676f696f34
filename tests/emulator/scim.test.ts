import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { parseFilter } from "../../src/emulator/scim/filter.ts";
import { patched } from "../../src/emulator/scim/patch.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { AccessKey, ErrorReply, Reply, ScimReply } from "../support/replies.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    seed: {
      tenants: [
        { id: "acme", name: "Acme" },
        { id: "other", name: "Other" },
      ],
      users: [{ loginId: "stranger@other.com" }],
    },
  });
});
afterEach(() => emulator.stop());

const newKey = async (tenantId: string, roleNames = ["Tenant Admin"]): Promise<string> =>
  (
    await emulator.ok("/v1/mgmt/accesskey/create", {
      name: "Directory",
      keyTenants: [{ tenantId, roleNames }],
    })
  ).cleartext;

/** A tenant's directory. */
async function directory(tenantId = "acme") {
  const authorization = `Bearer ${emulator.project}:${await newKey(tenantId)}`;
  const call = (method: string, path: string, body?: object) =>
    emulator.call<ScimReply & ErrorReply>(`/scim/v2/${path}`, body, { method, authorization });
  return {
    call,
    async ok(method: string, path: string, body?: object): Promise<ScimReply> {
      const answer = await call(method, path, body);
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
  };
}

const ann = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName: "ann@acme.com",
  externalId: "00u1",
  name: { givenName: "Ann", familyName: "Ash" },
  displayName: "Ann Ash",
  emails: [{ value: "ann@acme.com", primary: true, type: "work" }],
  phoneNumbers: [{ value: "+15550001111", type: "mobile" }],
  active: true,
};
const loaded = async (loginId: string) => (await emulator.ok(`/v1/mgmt/user?loginId=${loginId}`)).user;

describe("who may call", () => {
  test("a key with the role Tenant Admin in one tenant; all others are refused in SCIM's own form", async () => {
    const ask = (authorization: string) => emulator.call("/scim/v2/Users", undefined, { authorization });
    const bearer = `Bearer ${emulator.project}`;
    expect((await ask(`${bearer}:${await newKey("acme")}`)).status).toBe(200);
    const refused = await ask(`${bearer}:K123`);
    expect([refused.status, refused.body]).toMatchObject([
      401,
      {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
        status: "401",
        detail: "The access key is not known",
        errorCode: "E061005",
      },
    ]);
    expect((await ask(`${bearer}:${await newKey("acme", [])}`)).status).toBe(403);
    expect((await ask(`${bearer}:${emulator.managementKey}`)).status).toBe(401);
    expect((await ask(bearer)).status).toBe(401);
  });

  test("sees nobody of another tenant", async () => {
    const [acme, other] = [await directory(), await directory("other")];
    const { id } = await acme.ok("POST", "Users", ann);
    const group = await acme.ok("POST", "Groups", { displayName: "Staff" });
    expect((await other.ok("GET", "Users")).totalResults).toBe(0);
    for (const path of [`Users/${id}`, `Groups/${group.id}`])
      for (const method of ["GET", "DELETE"]) expect((await other.call(method, path)).status).toBe(404);
    const theft = await other.call("POST", "Users", { ...ann, active: false });
    expect([theft.status, theft.body.status]).toEqual([409, "409"]);
    const intrusion = await other.call("POST", "Groups", { displayName: "X", members: [{ value: id }] });
    expect(intrusion.status).toBe(404);
    expect((await loaded("ann@acme.com")).userTenants).toMatchObject([{ tenantId: "acme" }]);
  });
});

describe("users", () => {
  test("are the project's own users", async () => {
    const { ok, call } = await directory();
    const made = await ok("POST", "Users", ann);
    expect(made).toMatchObject({
      ...ann,
      phoneNumbers: [{ value: "+15550001111" }],
      meta: { resourceType: "User" },
    });
    const user = await loaded("ann@acme.com");
    expect(user).toMatchObject({
      userId: made.id,
      name: "Ann Ash",
      givenName: "Ann",
      email: "ann@acme.com",
      verifiedEmail: true,
      phone: "+15550001111",
      externalIds: expect.arrayContaining(["00u1"]),
      status: "enabled",
      SCIM: true,
      userTenants: [{ tenantId: "acme" }],
    });
    expect(await ok("GET", `Users/${made.id}`)).toEqual(made);
    expect((await call("POST", "Users", ann)).status).toBe(409);
    expect((await call("POST", "Users", { displayName: "Nobody" })).body.errorCode).toBe("E011002");
  });

  test("are changed as a whole, by operations of several styles, and switched off", async () => {
    const { ok, call } = await directory();
    const { id } = await ok("POST", "Users", ann);
    await ok("PUT", `Users/${id}`, { ...ann, displayName: "Ann B", userName: "bea@acme.com" });
    expect(await loaded("bea@acme.com")).toMatchObject({ userId: id, name: "Ann B" });
    const okta = await ok("PATCH", `Users/${id}`, {
      Operations: [{ op: "replace", value: { active: false } }],
    });
    expect([okta.active, (await loaded("bea@acme.com")).status]).toEqual([false, "disabled"]);
    const azure = await ok("PATCH", `Users/${id}`, {
      Operations: [
        { op: "Replace", path: "active", value: "True" },
        { op: "Add", path: 'emails[type eq "work"].value', value: "work@acme.com" },
        { op: "replace", path: "name.familyName", value: "Birch" },
        { op: "remove", path: "phoneNumbers" },
      ],
    });
    expect(azure).toMatchObject({
      active: true,
      emails: [{ value: "work@acme.com" }],
      name: { givenName: "Ann", familyName: "Birch" },
      phoneNumbers: [],
    });
    expect(await loaded("bea@acme.com")).toMatchObject({
      email: "work@acme.com",
      phone: "",
      familyName: "Birch",
    });
    const emptied = await ok("PATCH", `Users/${id}`, {
      Operations: [{ op: "replace", path: "name.givenName", value: null }],
    });
    expect(emptied.name).toMatchObject({ givenName: "", familyName: "Birch" });
    const bad = await call("PATCH", `Users/${id}`, { Operations: [{ op: "move", path: "active" }] });
    expect(bad.body.errorCode).toBe("E011004");
  });

  test("keep what an operation does not speak of: an invitation, an address that is not verified", async () => {
    const { ok } = await directory();
    const loginId = "invited@acme.com";
    await emulator.ok("/v1/mgmt/user/create", {
      loginId,
      email: loginId,
      verifiedEmail: false,
      userTenants: [{ tenantId: "acme" }],
    });
    await emulator.ok("/v1/mgmt/user/update/status", { loginId, status: "invited" });
    const { userId } = await loaded(loginId);
    await ok("PATCH", `Users/${userId}`, {
      Operations: [{ op: "replace", path: "displayName", value: "New" }],
    });
    expect(await loaded(loginId)).toMatchObject({ name: "New", status: "invited", verifiedEmail: false });
  });

  test("keep the kind of a number, so that an operation finds it again; one address is the primary one", async () => {
    const { ok } = await directory();
    const made = await ok("POST", "Users", ann);
    expect(made.phoneNumbers).toEqual([{ value: "+15550001111", primary: true, type: "mobile" }]);
    const change = (operation: object) => ok("PATCH", `Users/${made.id}`, { Operations: [operation] });
    const phone = { op: "replace", path: 'phoneNumbers[type eq "mobile"].value', value: "+15550002222" };
    expect((await change(phone)).phoneNumbers).toEqual([
      { value: "+15550002222", primary: true, type: "mobile" },
    ]);
    const primary = { op: "add", path: "emails", value: [{ value: "new@acme.com", primary: true }] };
    expect((await change(primary)).emails).toMatchObject([{ value: "new@acme.com" }]);
    const other = { op: "add", path: "emails", value: [{ value: "other@acme.com", type: "home" }] };
    expect((await change(other)).emails).toMatchObject([{ value: "new@acme.com" }]);
    expect(await loaded("ann@acme.com")).toMatchObject({ email: "new@acme.com", phone: "+15550002222" });
  });

  test("are renamed to what nobody else is called, and always to something", async () => {
    const { ok, call } = await directory();
    const { id } = await ok("POST", "Users", ann);
    await emulator.call(
      "/v1/mgmt/user/patch",
      { loginId: "ann@acme.com", additionalLoginIds: ["second@acme.com"] },
      { method: "PATCH" },
    );
    expect((await ok("PUT", `Users/${id}`, { userName: "second@acme.com" })).userName).toBe(
      "second@acme.com",
    );
    expect((await loaded("ann@acme.com")).loginIds).toEqual(["second@acme.com", "ann@acme.com"]);
    const taken = await call("PUT", `Users/${id}`, { userName: "stranger@other.com", displayName: "X" });
    expect([taken.status, taken.body.scimType]).toEqual([409, "uniqueness"]);
    const emptied = await call("PATCH", `Users/${id}`, { Operations: [{ op: "remove", path: "userName" }] });
    expect(emptied.body.errorCode).toBe("E011002");
    expect((await ok("GET", `Users/${id}`)).userName).toBe("second@acme.com");
  });

  test("are found by filters, page by page", async () => {
    const { ok, call } = await directory();
    for (const name of ["ann", "bob", "cat"]) await ok("POST", "Users", { userName: `${name}@acme.com` });
    const find = async (query: string) =>
      (await ok("GET", `Users?${query}`)).Resources.map(({ userName }) => userName.slice(0, 3));
    expect(await find(`filter=${encodeURIComponent('userName eq "BOB@acme.com"')}`)).toEqual(["bob"]);
    expect(await find(`filter=${encodeURIComponent('userName sw "a" or userName sw "c"')}`)).toEqual([
      "ann",
      "cat",
    ]);
    const page = await ok("GET", "Users?startIndex=2&count=1");
    expect(page).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(page.Resources[0]?.userName).toBe("bob@acme.com");
    expect((await ok("GET", "Users?count=0")).Resources).toEqual([]);
    expect((await call("GET", "Users?filter=userName")).body).toMatchObject({
      errorCode: "E011004",
      scimType: "invalidFilter",
    });
  });

  test("leave with the directory: those of other tenants stay, others go", async () => {
    const { ok, call } = await directory();
    const { id } = await ok("POST", "Users", ann);
    const { id: second } = await ok("POST", "Users", { userName: "bob@acme.com" });
    await emulator.ok("/v1/mgmt/user/update/tenant/add", { loginId: "bob@acme.com", tenantId: "other" });
    const group = await ok("POST", "Groups", {
      displayName: "Staff",
      members: [{ value: id }, { value: second }],
    });
    for (const one of [id, second]) await ok("DELETE", `Users/${one}`);
    expect((await emulator.call("/v1/mgmt/user?loginId=ann@acme.com")).status).toBe(404);
    expect((await loaded("bob@acme.com")).userTenants).toMatchObject([{ tenantId: "other" }]);
    expect((await ok("GET", `Groups/${group.id}`)).members).toEqual([]);
    expect((await call("GET", `Users/${second}`)).status).toBe(404);
  });
});

describe("groups", () => {
  test("are the tenant's groups, whose members come and go", async () => {
    const { ok, call } = await directory();
    const ids = [];
    for (const name of ["ann", "bob"])
      ids.push((await ok("POST", "Users", { userName: `${name}@acme.com`, displayName: name })).id);
    const [first, second] = ids as [string, string];
    const group = await ok("POST", "Groups", {
      displayName: "Staff",
      externalId: "g1",
      members: [{ value: first }],
    });
    expect(group).toMatchObject({
      displayName: "Staff",
      externalId: "g1",
      members: [{ value: first, display: "ann" }],
    });
    expect(await emulator.ok("/v1/mgmt/group/all", { tenantId: "acme" })).toMatchObject([
      { id: group.id, display: "Staff", source: "scim", members: [{ loginId: "ann@acme.com" }] },
    ]);
    expect((await call("POST", "Groups", { displayName: "Staff" })).status).toBe(409);
    const members = async (Operations: object[]) =>
      (await ok("PATCH", `Groups/${group.id}`, { Operations })).members.map(({ value }) => value);
    expect(await members([{ op: "add", path: "members", value: [{ value: second }] }])).toEqual([
      first,
      second,
    ]);
    expect(await members([{ op: "remove", path: `members[value eq "${first}"]` }])).toEqual([second]);
    expect(
      await members([{ op: "replace", value: { displayName: "Crew", members: [{ value: first }] } }]),
    ).toEqual([first]);
    expect(await members([{ op: "remove", path: "members", value: [{ value: first }] }])).toEqual([]);
    const listed = await ok("GET", "Groups?excludedAttributes=members");
    expect(listed.Resources).toMatchObject([{ displayName: "Crew" }]);
    expect(listed.Resources[0]).not.toHaveProperty("members");
    const filter = `filter=${encodeURIComponent(`displayName eq "crew" and members.value eq "${second}"`)}`;
    await members([{ op: "replace", path: "members", value: { value: second } }]);
    const of = await ok("GET", `Groups?${filter}&excludedAttributes=members`);
    expect([of.totalResults, of.Resources[0]?.members]).toEqual([1, undefined]);
    const nameless = await call("PATCH", `Groups/${group.id}`, {
      Operations: [{ op: "remove", path: "displayName" }],
    });
    expect(nameless.body.errorCode).toBe("E011002");
    await ok("DELETE", `Groups/${group.id}`);
    expect((await call("GET", `Groups/${group.id}`)).status).toBe(404);
  });

  test("go on without those who have left the tenant", async () => {
    const { ok } = await directory();
    const [first, second] = [
      await ok("POST", "Users", ann),
      await ok("POST", "Users", { userName: "bob@acme.com" }),
    ];
    const group = await ok("POST", "Groups", {
      displayName: "Staff",
      members: [{ value: first.id }, { value: second.id }],
    });
    await emulator.ok("/v1/mgmt/user/update/tenant/remove", { loginId: "bob@acme.com", tenantId: "acme" });
    expect((await ok("GET", `Groups/${group.id}`)).members).toMatchObject([{ value: first.id }]);
    const renamed = { Operations: [{ op: "replace", path: "displayName", value: "Crew" }] };
    expect(await ok("PATCH", `Groups/${group.id}`, renamed)).toMatchObject({
      displayName: "Crew",
      members: [{ value: first.id }],
    });
  });

  test("give and take the roles that single sign-on maps them to", async () => {
    const { ok } = await directory();
    await emulator.ok("/v1/mgmt/role/create", { name: "Editor", permissionNames: [] });
    await emulator.ok("/v1/mgmt/sso/saml", {
      tenantId: "acme",
      settings: {
        idpUrl: "https://idp.example.com",
        entityId: "e",
        idpCert: "c",
        roleMappings: [{ groups: ["Writers"], roleName: "Editor" }],
      },
      redirectUrl: "https://app.example.com",
      domains: ["acme.com"],
    });
    const { id } = await ok("POST", "Users", ann);
    const roles = async () => (await loaded("ann@acme.com")).userTenants[0]?.roleNames;
    expect(await roles()).toEqual([]);
    const group = await ok("POST", "Groups", { displayName: "Writers", members: [{ value: id }] });
    expect(await roles()).toEqual(["Editor"]);
    await ok("PUT", `Groups/${group.id}`, { displayName: "Writers", members: [] });
    expect(await roles()).toEqual([]);
  });

  test("give and take relations, and go on doing so when somebody signs in", async () => {
    const { ok } = await directory();
    await emulator.ok("/v1/mgmt/fga/schema", {
      dsl: "model AuthZ 1.0\n\ntype user\n\ntype doc\n  relation viewer: user\n",
    });
    const relations = [{ resource: "d1", relationDefinition: "viewer", namespace: "doc" }];
    await emulator.ok("/v1/mgmt/sso/saml", {
      tenantId: "acme",
      settings: {
        idpUrl: "https://idp.example.com",
        entityId: "e",
        idpCert: "c",
        fgaMappings: { Writers: { relations }, Readers: { relations } },
      },
      redirectUrl: "https://app.example.com",
      domains: ["acme.com"],
    });
    const { id } = await ok("POST", "Users", ann);
    const mayView = async () => {
      const tuple = {
        resource: "d1",
        resourceType: "doc",
        relation: "viewer",
        target: id,
        targetType: "user",
      };
      return (await emulator.ok("/v1/mgmt/fga/check", { tuples: [tuple] })).tuples[0]?.allowed;
    };
    const member = (displayName: string) => ({ displayName, members: [{ value: id }] });
    const writers = await ok("POST", "Groups", member("Writers"));
    const readers = await ok("POST", "Groups", member("Readers"));
    expect(await mayView()).toBe(true);
    await ok("DELETE", `Groups/${writers.id}`);
    expect(await mayView()).toBe(true);
    await ok("PUT", `Groups/${readers.id}`, { displayName: "Readers" });
    expect(await mayView()).toBe(false);
    await ok("PUT", `Groups/${readers.id}`, member("Readers"));
    await emulator.ok("/v1/mgmt/user/update/tenant/add", { loginId: "ann@acme.com", tenantId: "other" });
    expect(await mayView()).toBe(true);
    await ok("DELETE", `Users/${id}`);
    expect(await mayView()).toBe(false);
  });
});

test("what is supported is said", async () => {
  const { ok } = await directory();
  expect(await ok("GET", "ServiceProviderConfig")).toMatchObject({
    patch: { supported: true },
    filter: { supported: true, maxResults: 200 },
  });
  const types = await ok("GET", "ResourceTypes");
  expect(types.Resources.map(({ id, endpoint }) => [id, endpoint])).toEqual([
    ["User", "/Users"],
    ["Group", "/Groups"],
  ]);
});

describe("a filter", () => {
  const resource = {
    userName: "Ann",
    active: true,
    age: 7,
    name: { familyName: "Ash" },
    emails: [
      { value: "a@w.com", type: "work" },
      { value: "a@h.com", type: "home" },
    ],
  };
  for (const [filter, fits] of [
    ['userName eq "ann"', true],
    ['userName ne "ann"', false],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann"', true],
    ['name.familyName sw "As" and active eq true', true],
    ["not (active eq true)", false],
    ['emails.value ew "h.com"', true],
    ['emails co "w.com"', true],
    ['emails[type eq "home" and value co "w.com"]', false],
    ["title pr", false],
    ["age gt 6 and age le 7", true],
    ['active eq "True"', true],
    ['userName eq "x" or userName eq "y" and active eq true', false],
  ] as const)
    test(`${filter} is ${fits}`, () => {
      expect(parseFilter(filter)(resource)).toBe(fits);
    });
  for (const filter of [
    "",
    "userName",
    "userName is 1",
    'userName eq "x',
    "(active pr",
    "active pr )",
    "a eq b",
    "(".repeat(100),
  ])
    test(`${filter.slice(0, 20)} is none`, () => {
      expect(() => parseFilter(filter)).toThrow("The filter cannot be read");
    });
});

describe("a patch", () => {
  const before = { a: "1", list: [{ value: "x" }, { value: "y", n: 1 }], o: { p: "q" } };
  for (const [what, patch, after] of [
    [
      "adds to a list, each value once",
      { op: "add", path: "list", value: [{ value: "y" }, { value: "z" }] },
      { list: [...before.list, { value: "z" }] },
    ],
    ["replaces a list", { op: "replace", path: "list", value: [] }, { list: [] }],
    [
      "sets in items that fit",
      { op: "replace", path: 'list[value eq "y"].n', value: 2 },
      { list: [{ value: "x" }, { value: "y", n: 2 }] },
    ],
    [
      "makes the item that fits",
      { op: "add", path: 'list[value eq "w"].n', value: 3 },
      { list: [...before.list, { value: "w", n: 3 }] },
    ],
    [
      "sets in every item by a path without a filter",
      { op: "replace", path: "list.n", value: 4 },
      {
        list: [
          { value: "x", n: 4 },
          { value: "y", n: 4 },
        ],
      },
    ],
    [
      "makes a list of the one item that replaces it",
      { op: "replace", path: "list", value: { value: "z" } },
      { list: [{ value: "z" }] },
    ],
    [
      "changes what is added again",
      { op: "add", path: "list", value: { value: "x", n: 5 } },
      { list: [{ value: "x", n: 5 }, before.list[1]] },
    ],
    ["sets inside an object", { op: "add", path: "o.r", value: "s" }, { o: { p: "q", r: "s" } }],
    [
      "takes away what is set to nothing",
      { op: "replace", value: { o: null, "list.n": null } },
      { o: undefined, list: [{ value: "x" }, { value: "y" }] },
    ],
    ["finds names in any case", { op: "replace", path: "A", value: "2" }, { a: "2" }],
    ["takes dotted names in a value", { op: "replace", value: { "o.p": "t" } }, { o: { p: "t" } }],
  ] as const)
    test(what, () => {
      expect(patched(before, [patch as never])).toEqual({ ...before, ...(after as object) });
    });
  test("leaves one item that is primary", () => {
    const list = [{ value: "x", primary: true }, { value: "y" }];
    const after = (patch: object) => patched({ list }, [patch as never]).list;
    const wanted = [
      { value: "x", primary: false },
      { value: "y", primary: true },
    ];
    expect(after({ op: "add", path: "list", value: [{ value: "y", primary: true }] })).toEqual(wanted);
    expect(after({ op: "replace", path: 'list[value eq "y"].primary', value: true })).toEqual(wanted);
    expect(after({ op: "add", path: "list", value: [{ value: "z", primary: true }] })).toEqual([
      wanted[0] as never,
      { value: "y" },
      { value: "z", primary: true },
    ]);
  });
  test("takes a member away", () => {
    expect(patched(before, [{ op: "remove", path: "a" }])).not.toHaveProperty("a");
  });
});

describe("keys of directories", () => {
  const manage = <R = Reply>(verb: string, body?: object) => emulator.ok<R>(`/v1/mgmt/scim/key${verb}`, body);
  const refused = async (verb: string, body: object) => {
    const { status, body: error } = await emulator.call(`/v1/mgmt/scim/key${verb}`, body);
    return [status, error.errorCode];
  };
  const isGood = async (cleartext: string) => {
    const authorization = `Bearer ${emulator.project}:${cleartext}`;
    return (await emulator.call("/scim/v2/Users", undefined, { authorization })).status === 200;
  };
  const ids = async (query: string) =>
    (await manage<{ keys: { key: AccessKey; ssoId: string }[] }>(`?${query}`)).keys.map(({ key, ssoId }) => [
      key.id,
      key.status,
      ssoId,
    ]);

  test("are made, found, switched off and on, and never told again", async () => {
    await emulator.ok("/v1/mgmt/sso/settings/new", {
      tenantId: "acme",
      ssoId: "second",
      displayName: "Second",
    });
    const first = await manage("/create", { tenantId: "acme" });
    const second = await manage("/create", { tenantId: "acme", ssoId: "second", expireTime: 2_000_000_000 });
    expect(first.key).toMatchObject({
      name: "SCIM Acme",
      expireTime: 0,
      keyTenants: [{ tenantId: "acme", roleNames: ["Tenant Admin"] }],
    });
    expect(second.key).toMatchObject({ name: "SCIM Acme Second", expireTime: 2_000_000_000 });
    await newKey("acme");
    expect([await isGood(first.cleartext), await isGood(second.cleartext)]).toEqual([true, true]);
    expect(await ids("tenantId=acme")).toEqual([
      [first.key.id, "active", "default"],
      [second.key.id, "active", "second"],
    ]);
    expect(await ids("tenantId=acme&ssoId=second")).toEqual([[second.key.id, "active", "second"]]);
    expect(await ids("tenantId=other")).toEqual([]);
    const off = { tenantId: "acme", revokeMode: "SCIM_KEY_REVOKE_MODE_DEACTIVATE" };
    expect<unknown>(await manage("/revoke", off)).toEqual({ revokedKeyIds: [first.key.id] });
    expect<unknown>(await manage("/revoke", off)).toEqual({ revokedKeyIds: [] });
    expect([await isGood(first.cleartext), await isGood(second.cleartext)]).toEqual([false, true]);
    const on = { tenantId: "acme", keyIds: [first.key.id, second.key.id] };
    expect(await refused("/activate", on)).toEqual([400, "E011004"]);
    expect(await isGood(first.cleartext)).toBe(false);
    expect<unknown>(await manage("/activate", { ...on, keyIds: [first.key.id] })).toEqual({
      activatedKeyIds: [first.key.id],
    });
    expect(await isGood(first.cleartext)).toBe(true);
    expect<unknown>(await manage("/revoke", { tenantId: "acme", ssoId: "second" })).toEqual({
      revokedKeyIds: [second.key.id],
    });
    expect((await emulator.call(`/v1/mgmt/accesskey?id=${second.key.id}`)).status).toBe(404);
    expect(JSON.stringify(await manage("?tenantId=acme"))).not.toContain(first.cleartext);
    expect(await refused("/create", { tenantId: "nowhere" })).toEqual([404, "E011004"]);
    expect(await refused("/create", { tenantId: "acme", ssoId: "third" })).toEqual([404, "E011004"]);
  });

  test("are replaced by rotating, those of other single sign-on left as they are", async () => {
    await emulator.ok("/v1/mgmt/sso/settings/new", {
      tenantId: "acme",
      ssoId: "second",
      displayName: "Second",
    });
    const [first, other] = [
      await manage("/create", { tenantId: "acme" }),
      await manage("/create", { tenantId: "acme", ssoId: "second" }),
    ];
    const next = await manage("/rotate", { tenantId: "acme", revokeMode: 1, name: "Next" });
    expect([await isGood(first.cleartext), await isGood(next.cleartext)]).toEqual([false, true]);
    expect(await ids("tenantId=acme&ssoId=default")).toEqual([
      [first.key.id, "inactive", "default"],
      [next.key.id, "active", "default"],
    ]);
    const last = await manage("/rotate", { tenantId: "acme" });
    expect(await ids("tenantId=acme&ssoId=default")).toEqual([[last.key.id, "active", "default"]]);
    expect(await isGood(other.cleartext)).toBe(true);
  });

  test("bring groups of their own single sign-on, which give what that one alone maps them to", async () => {
    const settings = (roleName: string) => ({
      idpUrl: "https://idp.example.com",
      entityId: "e",
      idpCert: "c",
      roleMappings: [{ groups: ["Staff"], roleName }],
    });
    await emulator.ok("/v1/mgmt/sso/settings/new", {
      tenantId: "acme",
      ssoId: "second",
      displayName: "Second",
    });
    for (const [ssoId, role] of [
      ["default", "Reader"],
      ["second", "Writer"],
    ] as const) {
      await emulator.ok("/v1/mgmt/role/create", { name: role, permissionNames: [] });
      await emulator.ok("/v1/mgmt/sso/saml", { tenantId: "acme", ssoId, settings: settings(role) });
    }
    const call = async (key: string, method: string, path: string, body?: object) =>
      (
        await emulator.call(`/scim/v2/${path}`, body, {
          method,
          authorization: `Bearer ${emulator.project}:${key}`,
        })
      ).body;
    const { cleartext: key } = await manage("/create", { tenantId: "acme", ssoId: "second" });
    const { cleartext: otherKey } = await manage("/create", { tenantId: "acme" });
    const { id } = await call(key, "POST", "Users", ann);
    const group = await call(key, "POST", "Groups", { displayName: "Staff", members: [{ value: id }] });
    const roles = async () => (await loaded("ann@acme.com")).userTenants[0]?.roleNames ?? [];
    expect(await roles()).toEqual(["Writer"]);
    expect((await call(otherKey, "GET", "Groups")).totalResults).toBe(0);
    expect((await call(otherKey, "DELETE", `Groups/${group.id}`)).status).toBe("404");
    expect((await call(await newKey("acme"), "GET", "Groups")).totalResults).toBe(1);
    const same = await call(otherKey, "POST", "Groups", { displayName: "Staff", members: [{ value: id }] });
    expect((await roles()).sort()).toEqual(["Reader", "Writer"]);
    await call(key, "DELETE", `Groups/${group.id}`);
    expect(await roles()).toEqual(["Reader"]);
    await call(otherKey, "DELETE", `Groups/${same.id}`);
    expect(await roles()).toEqual([]);
    await call(key, "POST", "Groups", { displayName: "Staff", members: [{ value: id }] });
    expect(await roles()).toEqual(["Writer"]);
    await emulator.call("/v1/mgmt/sso/settings?tenantId=acme&ssoId=second", undefined, { method: "DELETE" });
    expect(await roles()).toEqual([]);
    expect(await call(key, "GET", "Groups")).toMatchObject({ status: "403", errorCode: "E061004" });
  });
});
