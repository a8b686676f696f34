import * as operations from "../../api/operations/permissions.ts";
import { replaceAttributePermission } from "../attributes/definitions.ts";
import { audit } from "../audit.ts";
import { permissions, replacePermission, requirePermission, type Permission } from "../entities/role.ts";
import { forbidden, missingArgument, permissionExists } from "../error.ts";
import { on, type Call, type Service } from "../service.ts";

export const permissionService: Service = [
  on(operations.create, (input, call) => {
    create(call, input);
    return {};
  }),
  on(operations.createBatch, (input, call) => {
    for (const one of input.permissions) create(call, one);
    return {};
  }),
  on(operations.update, (input, call) => {
    update(call, input);
    return {};
  }),
  on(operations.updateBatch, (input, call) => {
    for (const one of input.permissions) update(call, one);
    return {};
  }),
  on(operations.remove, (input, call) => {
    remove(call, requirePermission(call.project, input));
    return {};
  }),
  on(operations.removeBatch, ({ names, ids }, call) => {
    const { project } = call;
    if ((names ?? []).length === 0 && (ids ?? []).length === 0)
      throw missingArgument("One of the names and ids fields is required");
    const wanted = [...(names ?? []).map((name) => ({ name })), ...(ids ?? []).map((id) => ({ id }))];
    const found = new Map(wanted.map((one) => requirePermission(project, one)).map((one) => [one.id, one]));
    for (const permission of found.values()) remove(call, permission);
    return {};
  }),
  on(operations.loadAll, (_input, { project }) => ({
    permissions: permissions.all(project).map(({ id, name, description, systemDefault }) => ({
      id,
      name,
      description,
      systemDefault,
    })),
  })),
];

interface PermissionInput {
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly newName?: string | null | undefined;
  readonly description?: string | null | undefined;
}

function create(call: Call, { name, description }: PermissionInput & { readonly name: string }): void {
  const { project } = call;
  if (permissions.named(project, name) !== undefined) throw permissionExists(name);
  const permission = permissions.put(project, {
    id: project.ids.next("PER"),
    name,
    description: description ?? "",
    systemDefault: false,
  });
  auditPermission(call, "PermissionCreated", permission);
}

function update(call: Call, input: PermissionInput): void {
  const { project } = call;
  const old = requirePermission(project, input);
  requireOwn(old);
  const name = input.newName || old.name;
  if (name !== old.name) {
    if (permissions.named(project, name) !== undefined) throw permissionExists(name);
    replacePermission(project, old.name, name);
    replaceAttributePermission(project, old.name, name);
  }
  const permission = permissions.put(project, { ...old, name, description: input.description ?? "" });
  auditPermission(call, "PermissionModified", permission);
}

function remove(call: Call, permission: Permission): void {
  requireOwn(permission);
  replacePermission(call.project, permission.name, undefined);
  replaceAttributePermission(call.project, permission.name, undefined);
  permissions.delete(call.project, permission.id);
  auditPermission(call, "PermissionDeleted", permission);
}

/** @throws {EmulatorError} 403 for a permission that every project has from the start. */
function requireOwn({ name, systemDefault }: Permission): void {
  if (systemDefault)
    throw forbidden(`The permission ${name} is built in: it can be neither changed nor deleted`);
}

function auditPermission({ project, actorId }: Call, action: string, { id, name }: Permission): void {
  audit(project, { action, actorId, data: { id, name } });
}
