import * as operations from "../../api/operations/roles.ts";
import { audit } from "../audit.ts";
import { accessKeys } from "../entities/access-key.ts";
import { families } from "../entities/family.ts";
import { permissions, roleKey, roleReply, roles, type Role } from "../entities/role.ts";
import { requireTenant, tenants } from "../entities/tenant.ts";
import { invalidArgument, missingArgument, notFound, roleExists } from "../error.ts";
import type { Project } from "../project.ts";
import { followRole } from "../entities/role-references.ts";
import { on, type Call, type Service } from "../service.ts";
import { sorted, type Sorting } from "../sorting.ts";
import { putUser, tenantRole, usersLinked } from "../users/user-store.ts";
import { fold } from "../users/user-text.ts";

export const roleService: Service = [
  on(operations.create, (input, call) => roleReply(createRole(call, input))),
  on(operations.createBatch, (input, call) => ({
    roles: input.roles.map((one) => roleReply(createRole(call, one))),
  })),
  on(operations.update, (input, call) => roleReply(update(call, input))),
  on(operations.updateBatch, (input, call) => ({
    roles: input.roles.map((one) => roleReply(update(call, one))),
  })),
  on(operations.remove, (input, call) => {
    remove(call, requireRole(call.project, input));
    return {};
  }),
  on(operations.removeBatch, ({ roleNames, roleIds, tenantId }, call) => {
    const { project, world } = call;
    const wanted = [
      ...(roleNames ?? []).map((name) => ({ name, tenantId })),
      ...(roleIds ?? []).map((id) => ({ id, tenantId })),
    ];
    const found =
      wanted.length > 0 ? wanted.map((one) => requireRole(project, one)) : everyRole(project, tenantId);
    if (wanted.length === 0)
      world.warn(
        `POST /v1/mgmt/role/delete/batch named neither roles nor ids: all ${found.length} roles are deleted, as Descope does`,
      );
    for (const role of new Map(found.map((one) => [one.id, one])).values()) remove(call, role);
    return {};
  }),
  on(operations.loadAll, (_input, { project }) => ({ roles: roles.all(project).map(roleReply) })),
  on(operations.search, (query, { project }) => ({ roles: search(project, query).map(roleReply) })),
];

/** What a request says of a role. */
export interface RoleInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly permissionNames?: readonly string[] | null | undefined;
  readonly tenantId?: string | null | undefined;
  readonly default?: boolean | null | undefined;
  readonly private?: boolean | null | undefined;
}

interface RoleName {
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly tenantId?: string | null | undefined;
}

function createRole(call: Call, input: RoleInput): Role {
  const { project } = call;
  const tenantId = input.tenantId || undefined;
  if (tenantId !== undefined) requireTenant(project, tenantId);
  if (roles.named(project, roleKey(input.name, tenantId)) !== undefined)
    throw roleExists(input.name, tenantId);
  const role = roles.put(project, {
    id: project.ids.next("ROL"),
    name: input.name,
    ...described(project, input),
    ...(tenantId === undefined ? {} : { tenantId }),
    createdTime: project.clock.now(),
  });
  auditRole(call, "RoleCreated", role);
  return role;
}

function update(
  call: Call,
  input: RoleName & Omit<RoleInput, "name"> & { readonly newName?: string | null | undefined },
): Role {
  const { project } = call;
  const old = requireRole(project, input);
  const name = input.newName || old.name;
  if (name !== old.name) {
    if (roles.named(project, roleKey(name, old.tenantId)) !== undefined) throw roleExists(name, old.tenantId);
    followRole(project, old, name);
  }
  const role = roles.put(project, { ...old, name, ...described(project, input) });
  auditRole(call, "RoleModified", role);
  return role;
}

/** Takes a role away, from all that have it too. */
function remove(call: Call, role: Role): void {
  const { project } = call;
  const without = (ids: readonly string[]) => ids.filter((id) => id !== role.id);
  const holders =
    role.tenantId === undefined
      ? [
          ...usersLinked(project, "role", role.id),
          ...tenants
            .all(project)
            .flatMap(({ id }) => usersLinked(project, "tenantRole", tenantRole(id, role.id))),
        ]
      : usersLinked(project, "tenantRole", tenantRole(role.tenantId, role.id));
  const inFamilies = families
    .all(project)
    .flatMap(({ id }) => usersLinked(project, "family", id))
    .filter((user) => user.families?.some(({ roleIds }) => roleIds.includes(role.id)));
  for (const user of new Map([...holders, ...inFamilies].map((one) => [one.userId, one])).values()) {
    putUser(project, {
      ...user,
      roleIds: without(user.roleIds),
      tenants: user.tenants.map(({ tenantId, roleIds }) => ({ tenantId, roleIds: without(roleIds) })),
      ...(user.families === undefined
        ? {}
        : { families: user.families.map((one) => ({ ...one, roleIds: without(one.roleIds) })) }),
    });
  }
  for (const key of accessKeys.all(project)) {
    if (key.roleIds.includes(role.id) || key.tenants.some(({ roleIds }) => roleIds.includes(role.id)))
      accessKeys.put(project, {
        ...key,
        roleIds: without(key.roleIds),
        tenants: key.tenants.map(({ tenantId, roleIds }) => ({ tenantId, roleIds: without(roleIds) })),
      });
  }
  followRole(project, role, undefined);
  roles.delete(project, role.id);
  auditRole(call, "RoleDeleted", role);
}

function described(project: Project, input: Omit<RoleInput, "name">) {
  const permissionNames = [...new Set(input.permissionNames ?? [])];
  for (const name of permissionNames) {
    if (permissions.named(project, name) === undefined)
      throw invalidArgument(`There is no permission ${name}`);
  }
  return {
    description: input.description ?? "",
    permissionNames,
    default: input.default ?? false,
    private: input.private ?? false,
  };
}

/** The role that a request names. With a tenant, a name means the tenant's own. @throws {EmulatorError} */
function requireRole(project: Project, { id, name, tenantId }: RoleName): Role {
  if (!id && !name) throw missingArgument("One of the id and name fields is required");
  const found = id
    ? roles.get(project, id)
    : roles.named(project, roleKey(name ?? "", tenantId || undefined));
  const where = tenantId ? ` in the tenant ${tenantId}` : "";
  if (found === undefined || (id && tenantId && found.tenantId !== tenantId))
    throw notFound(`There is no role ${id || name}${where}`);
  return found;
}

function everyRole(project: Project, tenantId: string | null | undefined): Role[] {
  return roles.all(project).filter((role) => !tenantId || role.tenantId === tenantId);
}

type Texts = readonly string[] | null | undefined;

interface RoleQuery {
  readonly tenantIds?: Texts;
  readonly includeProjectRoles?: boolean | null | undefined;
  readonly roleNames?: Texts;
  readonly roleIds?: Texts;
  readonly roleNameLike?: string | null | undefined;
  readonly permissionNames?: Texts;
  readonly text?: string | null | undefined;
  readonly sort?: Sorting;
}

/** Roles that fit all that is asked; of permissions, one is enough. */
function search(project: Project, query: RoleQuery): Role[] {
  const within = (list: Texts, item: string) => list == null || list.length === 0 || list.includes(item);
  const like = fold(query.roleNameLike ?? "");
  const text = fold(query.text ?? "");
  const found = roles.all(project).filter(({ id, name, description, tenantId, permissionNames }) => {
    if (tenantId === undefined) {
      if ((query.tenantIds ?? []).length > 0 && query.includeProjectRoles !== true) return false;
    } else if (!within(query.tenantIds, tenantId)) return false;
    return (
      within(query.roleNames, name) &&
      within(query.roleIds, id) &&
      (permissionNames.some((one) => within(query.permissionNames, one)) ||
        (query.permissionNames ?? []).length === 0) &&
      fold(name).includes(like) &&
      [name, description].some((one) => fold(one).includes(text))
    );
  });
  return sorted(found, query.sort, {
    id: ({ id }) => id,
    name: ({ name }) => name,
    description: ({ description }) => description,
    tenantId: ({ tenantId }) => tenantId ?? "",
    createdTime: ({ createdTime }) => createdTime,
  });
}

function auditRole({ project, actorId }: Call, action: string, { id, name, tenantId }: Role): void {
  audit(project, {
    action,
    actorId,
    ...(tenantId === undefined ? {} : { tenants: [tenantId] }),
    data: { id, name },
  });
}
