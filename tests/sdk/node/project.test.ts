import { describe, expect } from "bun:test";
import descope from "@descope/node-sdk";
import { address, fresh, ok, refused, sorted, suite } from "./suite.ts";

const { sdk, emulator, check } = suite();
const {
  project,
  flow,
  theme,
  audit,
  analytics,
  list,
  descoper,
  managementKey,
  engine,
  user,
  tenant,
  role,
  permission,
} = sdk.management;

describe("the project", () => {
  check(
    "project.listProjects has this one; project.updateName and project.updateTags change it",
    async () => {
      const mine = async () => (await ok(project.listProjects())).find(({ id }) => id === emulator.projectId);
      expect(await mine()).toBeDefined();
      const name = fresh("Project ");
      await ok(project.updateName(name));
      await ok(project.updateTags(["one", "two"]));
      expect(await mine()).toMatchObject({ id: emulator.projectId, name, tags: ["one", "two"] });
      await refused(project.updateName(""), 400);
    },
  );

  check("project.clone makes a project with the same configuration and none of the users", async () => {
    const roleName = fresh("Cloned ");
    const email = address();
    await ok(role.create(roleName));
    await ok(user.create(email));
    const name = fresh("Clone ");
    const clone = await ok(project.clone(name, undefined, ["copy"]));
    expect(clone).toMatchObject({ projectName: name, tags: ["copy"] });
    expect(clone.projectId).toMatch(/^P/);
    expect(
      clone.projectId.length === 28 || clone.projectId.length === 32 || clone.projectId.length < 28,
    ).toBe(true);
    const other = descope({
      projectId: clone.projectId,
      managementKey: emulator.managementKey,
      baseUrl: emulator.url,
    });
    expect((await ok(other.management.role.loadAll())).map((one) => one.name)).toContain(roleName);
    await refused(other.management.user.load(email), [400, 404], "E112102");
    await ok(other.management.user.create(email));
    await ok(other.management.user.delete(email));
    await ok(user.load(email));
    await ok(other.management.project.delete());
    expect((await ok(project.listProjects())).map(({ id }) => id)).not.toContain(clone.projectId);
    await refused(other.management.user.load(email), [401, 404]);
  });

  check(
    "project.exportSnapshot is what project.importSnapshot takes, and what is in it comes back",
    async () => {
      const roleName = fresh("Exported ");
      const may = fresh("may ");
      await ok(permission.create(may, "from the snapshot"));
      await ok(role.create(roleName, "from the snapshot", [may]));
      const { files } = await ok(project.exportSnapshot());
      expect(Object.keys(files)).toContain("project.json");
      expect(JSON.stringify(files)).toContain(roleName);
      await ok(role.delete(roleName));
      await ok(permission.delete(may));
      await ok(project.importSnapshot({ files }));
      expect((await ok(role.search({ roleNames: [roleName] })))[0]).toMatchObject({
        description: "from the snapshot",
        permissionNames: [may],
      });
      expect((await ok(project.exportSnapshot())).files).toEqual(files);
    },
  );

  check("project.validateSnapshot says yes to an export and names what is wrong with nonsense", async () => {
    const { files } = await ok(project.exportSnapshot());
    expect((await ok(project.validateSnapshot({ files }))).ok).toBe(true);
    const bad = await project.validateSnapshot({ files: { "roles/roles.json": "not what it should be" } });
    if (bad.ok) {
      expect(bad.data?.ok).toBe(false);
      expect(bad.data?.failures?.length).toBeGreaterThan(0);
    } else {
      expect(bad.error?.errorCode).toStartWith("E");
      expect(bad.code).toBe(400);
    }
  });

  check("the older project.export and project.import are the same", async () => {
    const files = await ok(project.export());
    expect(files).toEqual((await ok(project.exportSnapshot())).files);
    await ok(project.import(files));
  });
});

describe("flows and themes", () => {
  const newFlow = (id: string, name: string) => ({
    id,
    name,
    description: "made by a test",
    disabled: false,
    dsl: { tasks: {}, startTask: "" },
  });

  check("flow.import, list, export and delete", async () => {
    const id = fresh("flow");
    await ok(flow.import(id, newFlow(id, "Imported"), []));
    const { flows, total } = await ok(flow.list());
    expect(total).toBe(flows.length);
    expect(flows.find((one) => one.id === id)).toMatchObject({ id, name: "Imported", disabled: false });
    const exported = await ok(flow.export(id));
    expect(exported.flow).toMatchObject({ id, name: "Imported" });
    expect(exported.screens ?? []).toEqual([]);
    await ok(flow.import(id, { ...exported.flow, name: "Changed" }, exported.screens));
    expect((await ok(flow.export(id))).flow.name).toBe("Changed");
    await ok(flow.delete([id]));
    expect((await ok(flow.list())).flows.map((one) => one.id)).not.toContain(id);
    await refused(flow.export(id), [400, 404]);
  });

  check("a new project has flows to begin with, and each can be exported and imported", async () => {
    const { flows } = await ok(flow.list());
    expect(flows.length).toBeGreaterThan(0);
    for (const { id } of flows) {
      const exported = await ok(flow.export(id));
      expect(exported.flow.id).toBe(id);
      await ok(flow.import(id, exported.flow, exported.screens));
      expect(await ok(flow.export(id))).toMatchObject({ screens: exported.screens });
    }
  });

  check("flow.run of a flow that does not exist is refused", async () => {
    await refused(flow.run(fresh("nothing"), { input: { a: 1 } }), [400, 404]);
  });

  check("theme.export is what theme.import takes and gives back", async () => {
    const { theme: exported } = await ok(theme.export());
    expect(exported).toBeObject();
    await ok(theme.import(exported));
    expect((await ok(theme.export())).theme).toEqual(exported);
  });
});

describe("the audit trail", () => {
  check("what happens to a user is written: who, what, when", async () => {
    const email = address();
    const before = Date.now() - 1000;
    const { userId } = await ok(user.create(email));
    await ok(user.updateDisplayName(email, "Named"));
    await ok(user.delete(email));
    const rows = await ok(audit.search({ userIds: [userId] }));
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(sorted(rows.map(({ action }) => action))).toEqual(
      expect.arrayContaining(["UserCreated", "UserDeleted", "UserModified"]),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ projectId: emulator.projectId, userId, loginIds: [email] });
      expect(row.occurred).toBeGreaterThan(before);
      expect(row.occurred).toBeLessThan(Date.now() + 60_000);
    }
  });

  check("the newest come first; audit.searchAll counts", async () => {
    const email = address();
    const { userId } = await ok(user.create(email));
    for (const name of ["a", "b"]) await ok(user.updateDisplayName(email, name));
    const { audits, total } = await ok(audit.searchAll({ userIds: [userId] }));
    expect(total).toBe(3);
    expect(audits).toHaveLength(3);
    expect(audits.at(-1)?.action).toBe("UserCreated");
    const times = audits.map(({ occurred }) => occurred);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  check("audit.createEvent writes a row that every filter finds", async () => {
    const tenantId = fresh("tenant");
    await ok(tenant.createWithId(tenantId, tenantId));
    const action = fresh("pencil.created.");
    await ok(
      audit.createEvent({
        action,
        type: "warn",
        actorId: "actor-1",
        tenantId,
        userId: "U-audited",
        data: { colour: "red" },
      }),
    );
    const search = async (options: Parameters<typeof audit.search>[0]) => ok(audit.search(options));
    expect(await search({ actions: [action] })).toMatchObject([
      {
        action,
        userId: "U-audited",
        tenants: [tenantId],
        data: { colour: "red" },
        type: "warn",
        actorId: "actor-1",
      } as never,
    ]);
    expect(await search({ actions: [action], tenants: [tenantId] })).toHaveLength(1);
    expect(await search({ actions: [action], tenants: ["nowhere"] })).toHaveLength(0);
    expect(await search({ actions: [action], excludedActions: [action] })).toHaveLength(0);
    expect(await search({ text: action })).toHaveLength(1);
    expect(
      await search({ actions: [action], from: Date.now() - 60_000, to: Date.now() + 60_000 }),
    ).toHaveLength(1);
    expect(await search({ actions: [action], to: Date.now() - 60_000 })).toHaveLength(0);
    expect(await search({ actions: [action], userIds: ["somebody"] })).toHaveLength(0);
    await refused(audit.createEvent({ action, type: "loud" as "info", actorId: "a", tenantId }), 400);
  });

  check("test users leave no trace", async () => {
    const loginId = address("test");
    const { userId } = await ok(user.createTestUser(loginId));
    expect(await ok(audit.search({ userIds: [userId] }))).toEqual([]);
  });

  check("a sign-in is written with its method", async () => {
    const email = address();
    const { userId } = await ok(user.create(email, { email }));
    await ok(user.setActivePassword(email, "Correct-Horse-1"));
    await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    await refused(sdk.password.signIn(email, "wrong"), 401);
    const rows = await ok(audit.search({ userIds: [userId], actions: ["LoginSucceed"] }));
    expect(rows).toMatchObject([{ action: "LoginSucceed", method: "password", loginIds: [email] }]);
    expect(await ok(audit.search({ loginIds: [email], actions: ["LoginFailed"] }))).toHaveLength(1);
    expect(await ok(audit.search({ userIds: [userId], methods: ["otp"] }))).toHaveLength(0);
  });

  check("audit.createAuditWebhook is accepted", async () => {
    await ok(
      audit.createAuditWebhook({
        name: fresh("hook "),
        url: "https://hooks.example.com",
        hmacSecret: "hidden",
        headers: { a: "b" },
      }),
    );
  });

  check("analytics.search counts what happened, grouped as asked", async () => {
    for (const id of [address(), address()]) await ok(user.create(id));
    const rows = await ok(analytics.search({ groupByAction: true, actions: ["UserCreated"] }));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ action: "UserCreated" });
    expect(rows[0]?.cnt).toBeString();
    expect(Number(rows[0]?.cnt)).toBeGreaterThanOrEqual(2);
    expect(await ok(analytics.search({ actions: ["NeverHappened"], groupByAction: true }))).toEqual([]);
  });
});

describe("lists", () => {
  check("list.create, load, loadByName, loadAll, update and delete", async () => {
    const name = fresh("List ");
    const made = await ok(list.create({ name, description: "d", type: "texts", data: ["a", "b"] }));
    expect(made).toMatchObject({ name, description: "d", type: "texts", data: ["a", "b"] });
    const id = made.id as string;
    expect(await ok(list.load(id))).toEqual(made);
    expect(await ok(list.loadByName(name))).toEqual(made);
    expect((await ok(list.loadAll())).map((one) => one.id)).toContain(id);
    expect(await ok(list.update(id, { name, type: "texts", data: ["c"] }))).toMatchObject({
      id,
      data: ["c"],
    });
    expect((await ok(list.load(id))).description || "").toBe("");
    await refused(list.create({ name, type: "texts" }), 400);
    await ok(list.delete(id));
    await refused(list.load(id), 404);
    await refused(list.loadByName(name), 404);
    await refused(list.delete(id), 404);
  });

  check("list.addIPs, checkIP and removeIPs know addresses and networks", async () => {
    const { id } = (await ok(list.create({ name: fresh("IPs "), type: "ips", data: ["10.0.0.1"] }))) as {
      id: string;
    };
    await ok(list.addIPs(id, ["10.0.0.1", "192.168.0.0/16", "2001:db8::1"]));
    expect((await ok(list.load(id))).data).toEqual(["10.0.0.1", "192.168.0.0/16", "2001:db8::1"]);
    expect(await ok(list.checkIP(id, "10.0.0.1"))).toBe(true);
    expect(await ok(list.checkIP(id, "192.168.7.9"))).toBe(true);
    expect(await ok(list.checkIP(id, "2001:db8::1"))).toBe(true);
    expect(await ok(list.checkIP(id, "10.0.0.2"))).toBe(false);
    await ok(list.removeIPs(id, ["10.0.0.1", "1.2.3.4"]));
    expect(await ok(list.checkIP(id, "10.0.0.1"))).toBe(false);
    await refused(list.addIPs(id, ["not an address"]), 400);
  });

  check("list.addTexts, checkText, removeTexts and clear", async () => {
    const { id } = (await ok(list.create({ name: fresh("Texts "), type: "texts", data: ["one"] }))) as {
      id: string;
    };
    await ok(list.addTexts(id, ["one", "two"]));
    expect((await ok(list.load(id))).data).toEqual(["one", "two"]);
    expect(await ok(list.checkText(id, "two"))).toBe(true);
    expect(await ok(list.checkText(id, "three"))).toBe(false);
    await ok(list.removeTexts(id, ["one", "never there"]));
    expect((await ok(list.load(id))).data).toEqual(["two"]);
    await ok(list.clear(id));
    const cleared = await ok(list.load(id));
    expect(cleared.data ?? []).toEqual([]);
    expect(cleared.type).toBe("texts");
  });

  check("texts do not go into a list of addresses, nor addresses into one of texts", async () => {
    const texts = (await ok(list.create({ name: fresh("Texts "), type: "texts", data: [] }))).id as string;
    const ips = (await ok(list.create({ name: fresh("IPs "), type: "ips", data: [] }))).id as string;
    await refused(list.addIPs(texts, ["10.0.0.1"]), 400);
    await refused(list.addTexts(ips, ["text"]), 400);
    await refused(list.create({ name: fresh("List "), type: "nonsense" }), 400);
  });

  check("list.import makes lists with their ids; a JSON list holds any object", async () => {
    const [one, two] = [fresh("list-"), fresh("list-")];
    await ok(
      list.import([
        { id: one, name: `Name ${one}`, type: "ips", data: ["10.1.1.1"] },
        { id: two, name: `Name ${two}`, type: "json", data: { deep: { value: [1, 2] } } },
      ]),
    );
    expect((await ok(list.loadByName(`Name ${one}`))).data).toEqual(["10.1.1.1"]);
    expect((await ok(list.loadByName(`Name ${two}`))).data).toEqual({ deep: { value: [1, 2] } });
  });
});

describe("descopers", () => {
  check("descoper.create, load, update, list and delete", async () => {
    const loginId = address("admin");
    const made = await ok(
      descoper.create([
        {
          loginId,
          attributes: { displayName: "Admin", email: loginId },
          rbac: {
            isCompanyAdmin: false,
            projects: [{ projectIds: [emulator.projectId], role: "developer" }],
          },
        },
      ]),
    );
    expect(made.total).toBe(1);
    const one = made.descopers[0];
    const id = one?.id as string;
    expect(one).toMatchObject({ loginIDs: [loginId], attributes: { displayName: "Admin", email: loginId } });
    expect(await ok(descoper.load(id))).toMatchObject({
      id,
      rbac: { projects: [{ projectIds: [emulator.projectId], role: "developer" }] },
    });
    expect(await ok(descoper.update(id, { displayName: "Renamed" }, { isCompanyAdmin: true }))).toMatchObject(
      { id, attributes: { displayName: "Renamed" }, rbac: { isCompanyAdmin: true } },
    );
    const listed = await ok(descoper.list());
    expect(listed.descopers.map((each) => each.id)).toContain(id);
    expect(listed.total).toBe(listed.descopers.length);
    await ok(descoper.delete(id));
    await refused(descoper.load(id), 404);
    await refused(descoper.delete(id), 404);
  });

  check("a login id is taken once", async () => {
    const loginId = address("admin");
    await ok(descoper.create([{ loginId }]));
    await refused(descoper.create([{ loginId }]), 400);
  });
});

describe("management keys", () => {
  const rbac = { companyRoles: ["company-full-access"] };

  check("managementKey.create gives a key that works; load, search, update and delete", async () => {
    const name = fresh("CI ");
    const made = await ok(managementKey.create(name, rbac, "for CI", 3600, ["127.0.0.1"]));
    expect(made.cleartext).toStartWith("K");
    expect(made.key).toMatchObject({
      name,
      description: "for CI",
      status: "active",
      permittedIps: ["127.0.0.1"],
    });
    const other = descope({
      projectId: emulator.projectId,
      managementKey: made.cleartext,
      baseUrl: emulator.url,
    });
    await ok(other.management.tenant.loadAll());
    expect(await ok(managementKey.load(made.key.id))).toEqual(made.key);
    expect((await ok(managementKey.search())).map(({ id }) => id)).toContain(made.key.id);
    const updated = await ok(
      managementKey.update(made.key.id, "Renamed", "changed", "inactive", ["127.0.0.1"]),
    );
    expect(updated).toMatchObject({
      id: made.key.id,
      name: "Renamed",
      description: "changed",
      status: "inactive",
    });
    await refused(other.management.tenant.loadAll(), [401, 403]);
    await ok(managementKey.update(made.key.id, "Renamed", "changed", "active", ["127.0.0.1"]));
    await ok(other.management.tenant.loadAll());
    await ok(managementKey.delete([made.key.id]));
    await refused(other.management.tenant.loadAll(), 401);
    await refused(managementKey.load(made.key.id), 404);
  });

  check("a key lapses when its time is over, and serves only the addresses that it permits", async () => {
    const elsewhere = await ok(managementKey.create(fresh("CI "), rbac, "", 3600, ["10.9.9.9"]));
    const client = (key: string) =>
      descope({ projectId: emulator.projectId, managementKey: key, baseUrl: emulator.url });
    await refused(client(elsewhere.cleartext).management.tenant.loadAll(), [401, 403]);
    const short = await ok(managementKey.create(fresh("CI "), rbac, "", 60));
    await ok(client(short.cleartext).management.tenant.loadAll());
    await emulator.advance(120);
    await refused(client(short.cleartext).management.tenant.loadAll(), [401, 403]);
    await emulator.advance(-120);
  });
});

describe("engines", () => {
  check("engine.create shows the secret once; load, loadAll, update, rotateSecret and delete", async () => {
    const name = fresh("Engine ");
    const made = await ok(engine.create(name));
    expect(made.name).toBe(name);
    expect(made.secret?.length).toBeGreaterThan(10);
    const loaded = await ok(engine.load(made.id));
    expect(loaded).toMatchObject({ id: made.id, name });
    expect(loaded.secret || "").toBe("");
    expect((await ok(engine.loadAll())).map(({ id }) => id)).toContain(made.id);
    expect(await ok(engine.update(made.id, "Renamed"))).toMatchObject({ id: made.id, name: "Renamed" });
    const { secret } = await ok(engine.rotateSecret(made.id));
    expect(secret).not.toBe(made.secret as string);
    await ok(engine.delete(made.id));
    await refused(engine.load(made.id), 404);
    await refused(engine.delete(made.id), 404);
    await refused(engine.rotateSecret(made.id), 404);
  });
});
