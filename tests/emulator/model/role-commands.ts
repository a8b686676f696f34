import { expect } from "bun:test";
import fc from "fast-check";
import { command, expectOk, expectRefused, type Command } from "./command.ts";
import { userReply, type Model, type RoleModel } from "./model.ts";
import type { System } from "./system.ts";

const permission = fc.constantFrom("read", "write", "share");
const permissions = fc.subarray(["read", "write", "share"], { maxLength: 1 });
// Few, so that a tenant and the project have roles of one name.
const roleName = fc.constantFrom("reader", "writer");
const tenantId = fc.constantFrom("t1", "t1", "t1", "t2");
const inTenant = fc.option(tenantId, { nil: undefined, freq: 2 });
const pick = fc.nat(20);

function roleReply({ id, name, tenantId: tenant, permissions: given }: RoleModel): Record<string, unknown> {
  return { id, name, tenantId: tenant ?? "", permissionNames: given };
}

const where = (tenant: string | undefined): string => (tenant === undefined ? "" : ` of ${tenant}`);

export const permissionCommands: fc.Arbitrary<Command>[] = [
  permission.map((name) =>
    command(`create permission ${name}`, async (model, system) => {
      const answer = await system.manage("/v1/mgmt/permission/create", { name });
      if (model.permissions.has(name)) return expectRefused(answer, 400, "E024104");
      model.permissions.add(name);
      expectOk(answer);
    }),
  ),
  permission.map((name) =>
    command(`delete permission ${name}`, async (model, system) => {
      const answer = await system.manage("/v1/mgmt/permission/delete", { name });
      if (!model.permissions.has(name)) return expectRefused(answer, 404, "E011004");
      model.permissions.delete(name);
      for (const role of model.roles) role.permissions = role.permissions.filter((one) => one !== name);
      expectOk(answer);
    }),
  ),
];

/** A new role, of the project or of a tenant. */
export const creatingRole: fc.Arbitrary<Command> = fc
  .record({ name: roleName, tenant: inTenant, given: permissions })
  .map(({ name, tenant, given }) =>
    command(`create role ${name}${where(tenant)} with ${given}`, async (model, system) => {
      const answer = await system.manage("/v1/mgmt/role/create", {
        name,
        permissionNames: given,
        tenantId: tenant,
      });
      if (tenant !== undefined && !model.tenants.has(tenant)) return expectRefused(answer, 404, "E011004");
      if (own(model, name, tenant) !== undefined) return expectRefused(answer, 400, "E011004");
      if (given.some((one) => !model.permissions.has(one))) return expectRefused(answer, 400, "E011004");
      const role: RoleModel = { id: answer.body.id, name, tenantId: tenant, permissions: given };
      model.roles.push(role);
      expectOk(answer, roleReply(role));
    }),
  );

export const roleCommands: fc.Arbitrary<Command>[] = [
  creatingRole,
  fc
    .record({
      name: roleName,
      tenant: inTenant,
      newName: fc.option(roleName, { nil: undefined }),
      given: permissions,
    })
    .map(({ name, tenant, newName, given }) =>
      command(`role ${name}${where(tenant)} becomes ${newName} with ${given}`, async (model, system) => {
        const answer = await system.manage("/v1/mgmt/role/update", {
          name,
          newName,
          permissionNames: given,
          tenantId: tenant,
        });
        const role = own(model, name, tenant);
        if (role === undefined) return expectRefused(answer, 404, "E011004");
        const isTaken =
          newName !== undefined && newName !== name && own(model, newName, tenant) !== undefined;
        if (isTaken || given.some((one) => !model.permissions.has(one)))
          return expectRefused(answer, 400, "E011004");
        role.name = newName ?? name;
        role.permissions = given;
        expectOk(answer, roleReply(role));
      }),
    ),
  fc.record({ name: roleName, tenant: inTenant }).map(({ name, tenant }) =>
    command(`delete role ${name}${where(tenant)}`, async (model, system) => {
      const answer = await system.manage("/v1/mgmt/role/delete", { name, tenantId: tenant });
      const role = own(model, name, tenant);
      if (role === undefined) return expectRefused(answer, 404, "E011004");
      model.deleteRoles((one) => one === role);
      expectOk(answer);
    }),
  ),
];

/** Who has which roles. */
export const assignmentCommands: fc.Arbitrary<Command>[] = [
  fc
    .record({
      who: pick,
      names: fc.constantFrom(["reader"], ["writer"], ["reader", "writer"]),
      tenant: inTenant,
      verb: fc.constantFrom("set" as const, "add" as const, "remove" as const),
    })
    .map(({ who, names, tenant, verb }) =>
      command(`${verb} the roles ${names}${where(tenant)} of user ${who}`, async (model, system) => {
        const user = model.someUser(who);
        const version = verb === "add" ? "v2" : "v1";
        const answer = await system.manage(`/${version}/mgmt/user/update/role/${verb}`, {
          loginId: user?.loginIds[0] ?? "nobody",
          roleNames: names,
          tenantId: tenant,
        });
        if (user === undefined) return expectRefused(answer, 404, "E112102");
        const roles = names.map((name) => model.role(name, tenant));
        const known = [...new Set(roles.filter((role) => role !== undefined))];
        if (verb !== "remove" && known.length < roles.length) return expectRefused(answer, 400, "E011004");
        if (tenant !== undefined && !model.tenants.has(tenant)) return expectRefused(answer, 404, "E011004");
        const holder = tenant === undefined ? user : user.tenants.find((one) => one.tenantId === tenant);
        if (holder === undefined) return expectRefused(answer, 400, "E011004");
        if (verb === "set") holder.roles = known;
        else if (verb === "add") holder.roles = [...new Set([...holder.roles, ...known])];
        else holder.roles = holder.roles.filter((role) => !known.includes(role));
        expectOk(answer, { user: userReply(model, user) });
      }),
    ),
];

/** The role of that name of a tenant alone, or of the project alone. */
function own(model: Model, name: string, tenant: string | undefined): RoleModel | undefined {
  return model.roles.find((role) => role.name === name && role.tenantId === tenant);
}

export async function compareRoles(model: Model, system: System): Promise<void> {
  const { roles } = await system.ok("/v1/mgmt/role/all");
  // A new project has roles of its own.
  const made = roles.filter(({ name }: { name: string }) => ["reader", "writer"].includes(name));
  expect(made).toMatchObject(model.roles.map(roleReply));
  const { permissions: all } = await system.ok("/v1/mgmt/permission/all");
  const names = all.map(({ name }: { name: string }) => name);
  for (const name of ["read", "write", "share"])
    expect(names.includes(name)).toBe(model.permissions.has(name));
}
