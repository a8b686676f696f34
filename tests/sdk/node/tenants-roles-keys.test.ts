import { describe, expect } from "bun:test";
import { address, claimsOf, fresh, ok, refused, sorted, suite } from "./suite.ts";

const { sdk, check } = suite();
const { tenant, role, permission, accessKey, password, group, user } = sdk.management;

describe("tenants", () => {
  check("tenant.create makes an id of its own, tenant.load gives the tenant back", async () => {
    const name = fresh("Acme ");
    const { id } = await ok(tenant.create(name, [`${fresh("acme")}.com`], { plan: "gold" }, true, false));
    expect(id).toMatch(/^T/);
    const loaded = await ok(tenant.load(id));
    expect(loaded).toMatchObject({
      id,
      name,
      customAttributes: { plan: "gold" },
      enforceSSO: true,
      disabled: false,
    });
    expect(loaded.selfProvisioningDomains).toHaveLength(1);
    expect(loaded.createdTime).toBeLessThan(2 ** 31);
    expect(loaded.createdTime).toBeGreaterThan(1_600_000_000);
  });

  check("tenant.createWithId takes the id, and refuses one that is taken", async () => {
    const id = fresh("tenant");
    await ok(tenant.createWithId(id, `Name ${id}`));
    expect(await ok(tenant.load(id))).toMatchObject({ id, name: `Name ${id}`, selfProvisioningDomains: [] });
    await refused(tenant.createWithId(id, `Another ${id}`), 400);
    expect((await ok(tenant.load(id))).name).toBe(`Name ${id}`);
  });

  check("a tenant needs a name", async () => {
    await refused(tenant.create(""), 400);
  });

  check("tenant.update replaces everything", async () => {
    const id = fresh("tenant");
    await ok(tenant.createWithId(id, "Before", [`${id}.com`], { plan: "gold" }, true, true));
    await ok(tenant.update(id, "After"));
    const loaded = await ok(tenant.load(id));
    expect(loaded.name).toBe("After");
    expect(loaded.selfProvisioningDomains).toEqual([]);
    expect(loaded.customAttributes ?? {}).toEqual({});
    await refused(tenant.update("nowhere", "x"), [400, 404]);
  });

  check("tenant.loadAll and tenant.searchAll find by id, name, domain and attribute", async () => {
    const [one, two] = [fresh("tenant"), fresh("tenant")];
    const plan = fresh("plan");
    await ok(tenant.createWithId(one, `Name ${one}`, [`${one}.com`], { plan }));
    await ok(tenant.createWithId(two, `Name ${two}`, [], { plan }));
    expect((await ok(tenant.loadAll())).map(({ id }) => id)).toEqual(expect.arrayContaining([one, two]));
    const ids = async (...args: Parameters<typeof tenant.searchAll>) =>
      sorted((await ok(tenant.searchAll(...args))).map(({ id }) => id));
    expect(await ids([one, "nowhere"])).toEqual([one]);
    expect(await ids(undefined, [`Name ${two}`])).toEqual([two]);
    expect(await ids(undefined, undefined, [`${one}.com`])).toEqual([one]);
    expect(await ids(undefined, undefined, undefined, { plan })).toEqual(sorted([one, two]));
    expect(await ids([one, two], [`Name ${two}`])).toEqual([two]);
    expect(await ids([fresh("nowhere")])).toEqual([]);
  });

  check("a tenant under another is found by its parent", async () => {
    const [parent, child] = [fresh("parent"), fresh("child")];
    await ok(tenant.createWithId(parent, parent));
    await ok(tenant.createWithId(child, child, [], {}, false, false, parent, "userOnly"));
    const found = await ok(tenant.searchAll(undefined, undefined, undefined, undefined, parent));
    expect(found.map(({ id }) => id)).toEqual([child]);
    await refused(tenant.createWithId(fresh("orphan"), "x", [], {}, false, false, "nowhere"), [400, 404]);
  });

  check("tenant.delete ends memberships; a tenant with tenants under it needs cascade", async () => {
    const [parent, child] = [fresh("parent"), fresh("child")];
    await ok(tenant.createWithId(parent, parent));
    await ok(tenant.createWithId(child, child, [], {}, false, false, parent));
    const email = address();
    await ok(user.create(email, { userTenants: [{ tenantId: child, roleNames: [] }] }));
    await ok(tenant.delete(child));
    await refused(tenant.load(child), 404);
    expect((await ok(user.load(email))).userTenants ?? []).toEqual([]);
    const another = fresh("child");
    await ok(tenant.createWithId(another, another, [], {}, false, false, parent));
    await ok(tenant.delete(parent, true));
    await refused(tenant.load(parent), 404);
    await refused(tenant.load(another), 404);
    await refused(tenant.delete(parent), 404);
  });

  check("tenant.getSettings has settings from the start; tenant.configureSettings changes them", async () => {
    const id = fresh("tenant");
    await ok(tenant.createWithId(id, id));
    const before = await ok(tenant.getSettings(id));
    expect(Object.keys(before).length).toBeGreaterThan(0);
    expect(before).toHaveProperty("enabled");
    await ok(
      tenant.configureSettings(id, {
        selfProvisioningDomains: [`${id}.com`],
        domains: [`sso-${id}.com`],
        authType: "none",
        enabled: true,
        sessionTokenExpiration: 15,
        sessionTokenExpirationUnit: "minutes",
        refreshTokenExpiration: 7,
        refreshTokenExpirationUnit: "days",
        JITDisabled: true,
      }),
    );
    expect(await ok(tenant.getSettings(id))).toMatchObject({
      selfProvisioningDomains: [`${id}.com`],
      domains: [`sso-${id}.com`],
      enabled: true,
      sessionTokenExpiration: 15,
      sessionTokenExpirationUnit: "minutes",
      refreshTokenExpiration: 7,
      refreshTokenExpirationUnit: "days",
      JITDisabled: true,
    });
    expect((await ok(tenant.load(id))).selfProvisioningDomains).toEqual([`${id}.com`]);
    await refused(tenant.getSettings("nowhere"), 404);
    await refused(tenant.configureSettings("nowhere", { selfProvisioningDomains: [] }), [400, 404]);
  });

  check("tenant.updateDefaultRoles gives the roles to who joins the tenant", async () => {
    const id = fresh("tenant");
    const name = fresh("Member ");
    await ok(tenant.createWithId(id, id));
    await ok(role.create(name));
    await ok(tenant.updateDefaultRoles(id, [name]));
    expect((await ok(tenant.load(id))).defaultRoles).toEqual([name]);
    await refused(tenant.updateDefaultRoles(id, ["No Such Role"]), [400, 404]);
    const email = address();
    await ok(user.create(email));
    expect((await ok(user.addTenant(email, id))).userTenants).toMatchObject([
      { tenantId: id, roleNames: [name] },
    ]);
  });

  check(
    "tenant.generateSSOConfigurationLink gives a link, tenant.revokeSSOConfigurationLink takes it back",
    async () => {
      const id = fresh("tenant");
      await ok(tenant.createWithId(id, id));
      const { adminSSOConfigurationLink } = await ok(tenant.generateSSOConfigurationLink(id, 3600));
      expect(new URL(adminSSOConfigurationLink).protocol).toStartWith("http");
      await ok(tenant.revokeSSOConfigurationLink(id));
      await refused(tenant.generateSSOConfigurationLink("nowhere", 3600), [400, 404]);
    },
  );
});

describe("permissions", () => {
  const named = async (name: string) => (await ok(permission.loadAll())).find((one) => one.name === name);
  const idOf = async (name: string) => ((await named(name)) as unknown as { id: string }).id;

  check("permission.create, loadAll, update and delete by name", async () => {
    const [name, newName] = [fresh("read "), fresh("see ")];
    await ok(permission.create(name, "reads"));
    expect(await named(name)).toMatchObject({ name, description: "reads", systemDefault: false });
    await ok(permission.update(name, newName, "sees"));
    expect(await named(name)).toBeUndefined();
    expect(await named(newName)).toMatchObject({ description: "sees" });
    await ok(permission.delete(newName));
    expect(await named(newName)).toBeUndefined();
  });

  check("a permission's name is taken once, E024104", async () => {
    const [name, other] = [fresh("read "), fresh("write ")];
    await ok(permission.create(name));
    await refused(permission.create(name), 400, "E024104");
    await ok(permission.create(other));
    await refused(permission.update(other, name), 400);
    await refused(permission.create(""), 400);
  });

  check("what does not exist is neither updated nor deleted", async () => {
    await refused(permission.update(fresh("none "), "x"), [400, 404]);
    await refused(permission.delete(fresh("none ")), [400, 404]);
  });

  check("permission.updateWithId and permission.deleteWithId go by id", async () => {
    const [name, newName] = [fresh("by id "), fresh("renamed ")];
    await ok(permission.create(name, "d"));
    const id = await idOf(name);
    await ok(permission.updateWithId(id, newName, "e"));
    expect(await named(newName)).toMatchObject({ id, description: "e" } as never);
    await ok(permission.deleteWithId(id));
    expect(await named(newName)).toBeUndefined();
  });

  check(
    "a renamed permission keeps its name in the roles that give it; a deleted one leaves them",
    async () => {
      const [name, newName, roleName] = [fresh("old "), fresh("new "), fresh("Role ")];
      await ok(permission.create(name));
      await ok(role.create(roleName, "", [name]));
      await ok(permission.update(name, newName));
      const permissionsOf = async () =>
        (await ok(role.search({ roleNames: [roleName] })))[0]?.permissionNames;
      expect(await permissionsOf()).toEqual([newName]);
      await ok(permission.delete(newName));
      expect((await permissionsOf()) ?? []).toEqual([]);
    },
  );

  check("permission.createBatch, updateBatch and deleteBatch work on many", async () => {
    const names = [fresh("a "), fresh("b "), fresh("c ")] as const;
    await ok(
      permission.createBatch(names.map((name) => ({ name, description: name, systemDefault: false }))),
    );
    const [a, b] = [await idOf(names[0]), await idOf(names[1])];
    const newName = fresh("a2 ");
    await ok(permission.updateBatch([{ id: a, newName, description: "changed" }]));
    expect(await named(newName)).toMatchObject({ id: a, description: "changed" } as never);
    await ok(permission.deleteBatch([newName], [b]));
    expect(await named(newName)).toBeUndefined();
    expect(await named(names[1])).toBeUndefined();
    expect(await named(names[2])).toBeDefined();
  });
});

describe("roles", () => {
  const find = async (name: string, tenantIds?: string[]) =>
    (await ok(role.search({ roleNames: [name], ...(tenantIds === undefined ? {} : { tenantIds }) })))[0];

  check("role.create, search, loadAll, update and delete by name", async () => {
    const [name, newName, may] = [fresh("Role "), fresh("Renamed "), fresh("may ")];
    await ok(permission.create(may));
    await ok(role.create(name, "described", [may]));
    expect(await find(name)).toMatchObject({ name, description: "described", permissionNames: [may] });
    expect((await find(name))?.createdTime).toBeGreaterThan(1_600_000_000);
    expect((await ok(role.loadAll())).map((one) => one.name)).toContain(name);
    await ok(role.update(name, newName, "changed"));
    expect(await find(name)).toBeUndefined();
    const updated = await find(newName);
    expect(updated?.description).toBe("changed");
    expect(updated?.permissionNames ?? []).toEqual([]);
    await ok(role.delete(newName));
    expect(await find(newName)).toBeUndefined();
  });

  check("a role's name is taken once in the project and once in each tenant", async () => {
    const [name, id] = [fresh("Role "), fresh("tenant")];
    await ok(tenant.createWithId(id, id));
    await ok(role.create(name));
    await refused(role.create(name), 400);
    await ok(role.create(name, "local", [], id));
    await refused(role.create(name, "again", [], id), 400);
    expect((await ok(role.loadAll())).filter((one) => one.name === name)).toHaveLength(2);
    await ok(role.delete(name, id));
    expect(await find(name)).toMatchObject({ name });
  });

  check("a role needs permissions and a tenant that exist", async () => {
    await refused(role.create(fresh("Role "), "", ["no such permission"]), [400, 404]);
    await refused(role.create(fresh("Role "), "", [], "nowhere"), [400, 404]);
    await refused(role.create(""), 400);
    await refused(role.update("No Such Role", "x"), [400, 404]);
    await refused(role.delete("No Such Role"), [400, 404]);
  });

  check("role.updateWithId and role.deleteWithId go by id; users keep a renamed role", async () => {
    const [name, newName] = [fresh("Role "), fresh("Renamed ")];
    await ok(role.create(name));
    const email = address();
    await ok(user.create(email, { roles: [name] }));
    const id = (await find(name))?.id as string;
    await ok(role.updateWithId(id, newName, "by id"));
    expect((await ok(user.load(email))).roleNames).toEqual([newName]);
    await ok(role.deleteWithId(id));
    expect((await ok(user.load(email))).roleNames ?? []).toEqual([]);
  });

  check("role.search goes by name, likeness, permission and tenant", async () => {
    const mark = fresh("Zebra ");
    const [one, two, may, id] = [`${mark}one`, `${mark}two`, fresh("may "), fresh("tenant")];
    await ok(tenant.createWithId(id, id));
    await ok(permission.create(may));
    await ok(role.create(one, "", [may]));
    await ok(role.create(two, "", [], id));
    const names = async (options: Parameters<typeof role.search>[0]) =>
      sorted((await ok(role.search(options))).map(({ name }) => name));
    expect(await names({ roleNameLike: mark })).toEqual(sorted([one, two]));
    expect(await names({ permissionNames: [may] })).toEqual([one]);
    expect(await names({ tenantIds: [id] })).toEqual([two]);
    expect(await names({ tenantIds: [id], includeProjectRoles: true, roleNameLike: mark })).toEqual(
      sorted([one, two]),
    );
    expect(await names({ roleNames: [fresh("none ")] })).toEqual([]);
  });

  check(
    "role.createBatch and role.updateBatch give the roles back; role.deleteBatch deletes by name and by id",
    async () => {
      const names = [fresh("A "), fresh("B "), fresh("C ")] as const;
      const made = await ok(
        role.createBatch(
          names.map((name) => ({ name, description: name, permissionNames: [], createdTime: 0 })),
        ),
      );
      expect(made.map(({ name }) => name)).toEqual([...names]);
      const [a, b] = made.map(({ id }) => id as string) as [string, string];
      const newName = fresh("A2 ");
      expect(await ok(role.updateBatch([{ id: a, newName, description: "new" }]))).toMatchObject([
        { id: a, name: newName, description: "new" },
      ]);
      await ok(role.deleteBatch([newName]));
      expect(await find(newName)).toBeUndefined();
      await ok(role.deleteBatch(undefined, undefined, [b]));
      expect(await find(names[1])).toBeUndefined();
      expect(await find(names[2])).toBeDefined();
    },
  );
});

describe("access keys", () => {
  check("accessKey.create gives the cleartext once; accessKey.load gives the key", async () => {
    const name = fresh("Key ");
    const [id, roleName] = [fresh("tenant"), fresh("Role ")];
    await ok(tenant.createWithId(id, `Name ${id}`));
    await ok(role.create(roleName));
    const bound = await ok(user.create(address()));
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const { key, cleartext } = await ok(
      accessKey.create(
        name,
        expires,
        undefined,
        [{ tenantId: id, roleNames: [roleName] }],
        bound.userId,
        { k: 1 },
        "described",
        ["10.0.0.1", "192.168.0.0/16"],
        { team: "a" },
      ),
    );
    expect(cleartext.length).toBeGreaterThan(10);
    expect(key).toMatchObject({
      name,
      status: "active",
      description: "described",
      permittedIps: ["10.0.0.1", "192.168.0.0/16"],
      boundUserId: bound.userId,
      keyTenants: [{ tenantId: id, roleNames: [roleName] }],
      expireTime: expires,
      customClaims: { k: 1 },
      customAttributes: { team: "a" },
    } as never);
    expect(key.id).toMatch(/^K/);
    expect(key.clientId).toBeString();
    expect(await ok(accessKey.load(key.id))).toEqual(key);
    expect(JSON.stringify(await ok(accessKey.load(key.id)))).not.toContain(cleartext);
  });

  check("what a key refers to must exist", async () => {
    await refused(accessKey.create(fresh("Key "), 0, ["No Such Role"]), [400, 404]);
    await refused(
      accessKey.create(fresh("Key "), 0, undefined, [{ tenantId: "nowhere", roleNames: [] }]),
      [400, 404],
    );
    await refused(accessKey.create("", 0), 400);
    await refused(accessKey.load("K000000000000000000000000000"), 404);
  });

  check("accessKey.searchAll goes by tenant, bound user, creator and attribute", async () => {
    const id = fresh("tenant");
    await ok(tenant.createWithId(id, id));
    const bound = await ok(user.create(address()));
    const team = fresh("team");
    const one = await ok(accessKey.create(fresh("Key "), 0, undefined, [{ tenantId: id, roleNames: [] }]));
    const two = await ok(
      accessKey.create(
        fresh("Key "),
        0,
        undefined,
        undefined,
        bound.userId,
        undefined,
        undefined,
        undefined,
        { team },
      ),
    );
    const ids = async (...args: Parameters<typeof accessKey.searchAll>) =>
      (await ok(accessKey.searchAll(...args))).map((key) => key.id);
    expect(await ids([id])).toEqual([one.key.id]);
    expect(await ids(undefined, bound.userId)).toEqual([two.key.id]);
    expect(await ids(undefined, undefined, undefined, { team })).toEqual([two.key.id]);
    expect(await ids()).toEqual(expect.arrayContaining([one.key.id, two.key.id]));
  });

  check("accessKey.update changes name and description, and keeps the cleartext good", async () => {
    const { key, cleartext } = await ok(accessKey.create(fresh("Key "), 0));
    const name = fresh("Renamed ");
    expect(await ok(accessKey.update(key.id, name, "new"))).toMatchObject({
      id: key.id,
      name,
      description: "new",
    });
    expect(await ok(accessKey.load(key.id))).toMatchObject({ name, description: "new" });
    await sdk.exchangeAccessKey(cleartext);
    await refused(accessKey.update("K000000000000000000000000000", "x"), 404);
  });

  check("accessKey.deactivate and accessKey.activate close and open the exchange", async () => {
    const { key, cleartext } = await ok(accessKey.create(fresh("Key "), 0));
    await ok(accessKey.deactivate(key.id));
    expect((await ok(accessKey.load(key.id))).status).toBe("inactive");
    await refused(sdk.accessKey.exchange(cleartext), [401, 403]);
    await ok(accessKey.activate(key.id));
    expect((await ok(accessKey.load(key.id))).status).toBe("active");
    await ok(sdk.accessKey.exchange(cleartext));
  });

  check(
    "accessKey.rotate gives a new cleartext for the same key and makes the old one worthless",
    async () => {
      const { key, cleartext } = await ok(accessKey.create(fresh("Key "), 0));
      const rotated = await ok(accessKey.rotate(key.id));
      expect(rotated.key.id).toBe(key.id);
      expect(rotated.cleartext).not.toBe(cleartext);
      await refused(sdk.accessKey.exchange(cleartext), 401);
      await ok(sdk.accessKey.exchange(rotated.cleartext));
    },
  );

  check("accessKey.delete and the batches work on the keys named", async () => {
    const keys = await Promise.all([1, 2, 3].map(() => ok(accessKey.create(fresh("Key "), 0))));
    const [one, two, three] = keys.map(({ key }) => key.id) as [string, string, string];
    await ok(accessKey.deactivateBatch([one, two]));
    const statuses = async () =>
      Promise.all([one, two, three].map(async (id) => (await ok(accessKey.load(id))).status));
    expect(await statuses()).toEqual(["inactive", "inactive", "active"]);
    await ok(accessKey.activateBatch([one]));
    expect(await statuses()).toEqual(["active", "inactive", "active"]);
    await ok(accessKey.delete(one));
    await refused(accessKey.load(one), 404);
    await ok(accessKey.deleteBatch([two, three]));
    await refused(accessKey.load(two), 404);
    await refused(accessKey.load(three), 404);
    await refused(accessKey.delete(one), 404);
  });

  check("sdk.exchangeAccessKey gives a session of the key with its roles, tenants and claims", async () => {
    const [may, roleName, id] = [fresh("may "), fresh("Role "), fresh("tenant")];
    await ok(permission.create(may));
    await ok(role.create(roleName, "", [may]));
    await ok(tenant.createWithId(id, id));
    const project = await ok(
      accessKey.create(fresh("Key "), 0, [roleName], undefined, undefined, { own: "claim" }),
    );
    const info = await sdk.exchangeAccessKey(project.cleartext, { customClaims: { asked: "for" } });
    expect(info.token.sub).toBe(project.key.id);
    expect(info.token).toMatchObject({ drn: "DS", own: "claim", roles: [roleName], permissions: [may] });
    expect(JSON.stringify(info.token)).toContain('"asked":"for"');
    expect(sdk.validateRoles(info, [roleName])).toBe(true);
    expect(sdk.validatePermissions(info, [may])).toBe(true);
    const inTenant = await ok(
      accessKey.create(fresh("Key "), 0, undefined, [{ tenantId: id, roleNames: [roleName] }]),
    );
    const session = await sdk.exchangeAccessKey(inTenant.cleartext, { selectedTenant: id });
    expect(sdk.validateTenantRoles(session, id, [roleName])).toBe(true);
    expect(sdk.validateTenantPermissions(session, id, [may])).toBe(true);
    expect(session.token.dct).toBe(id);
  });

  check("sdk.accessKey.exchange says which key and when it ends; wrong keys are refused", async () => {
    const { key, cleartext } = await ok(accessKey.create(fresh("Key "), 0));
    const reply = await ok(sdk.accessKey.exchange(cleartext));
    expect(reply.keyId).toBe(key.id);
    expect(reply.expiration).toBe(claimsOf(reply.sessionJwt).exp);
    await refused(sdk.accessKey.exchange("K2wrongwrongwrong"), 401);
    await refused(sdk.accessKey.exchange(`${cleartext}x`), 401);
    await expect(sdk.exchangeAccessKey("nonsense")).rejects.toThrow();
  });

  check("a key bound to a user ends with the user", async () => {
    const bound = await ok(user.create(address()));
    const { cleartext } = await ok(accessKey.create(fresh("Key "), 0, undefined, undefined, bound.userId));
    await ok(sdk.accessKey.exchange(cleartext));
    await ok(user.deleteByUserId(bound.userId));
    await refused(sdk.accessKey.exchange(cleartext), [401, 403, 404]);
  });
});

describe("password settings", () => {
  check(
    "password.getSettings has a policy; password.configureSettings changes what is enforced in it",
    async () => {
      const id = fresh("tenant");
      await ok(tenant.createWithId(id, id));
      const before = await ok(password.getSettings(id));
      expect(before.minLength).toBeGreaterThan(0);
      await ok(
        password.configureSettings(id, {
          ...before,
          enabled: true,
          minLength: 20,
          lowercase: true,
          uppercase: false,
          lock: true,
          lockAttempts: 4,
        }),
      );
      expect(await ok(password.getSettings(id))).toMatchObject({
        enabled: true,
        minLength: 20,
        lowercase: true,
        uppercase: false,
        lock: true,
        lockAttempts: 4,
      });
      await refused(password.getSettings("nowhere"), [400, 404]);
    },
  );
});

describe("groups", () => {
  check("a tenant without groups has an empty list of them, by every question", async () => {
    const id = fresh("tenant");
    await ok(tenant.createWithId(id, id));
    const { userId } = await ok(user.create(address()));
    expect(await ok(group.loadAllGroups(id))).toEqual([]);
    expect(await ok(group.loadAllGroupsForMember(id, [userId], []))).toEqual([]);
    await refused(group.loadAllGroupMembers(id, "no-such-group"), [400, 404]);
    await refused(group.loadAllGroups("nowhere"), [400, 404]);
  });
});
