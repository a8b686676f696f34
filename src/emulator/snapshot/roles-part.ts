import { isJsonObject, type Json } from "../../json/value.ts";
import { byCodePoint } from "../../json/print.ts";
import { permissions, roleKey, roles } from "../entities/role.ts";
import { text } from "../project-settings.ts";
import type { Project } from "../project.ts";
import { putUser, usersLinked } from "../users/user-store.ts";
import type { SnapshotPart } from "./parts.ts";
import { names } from "./snapshot-files.ts";

/** The project's roles and permissions, by their names: ids are each project's own. */
export const rolesPart: SnapshotPart = {
  name: "authorization",
  file: "roles.json",
  write(project) {
    const byName = (a: { name: string }, b: { name: string }) => byCodePoint(a.name, b.name);
    return {
      permissions: permissions
        .all(project)
        .sort(byName)
        .map(({ name, description }) => ({ name, description })),
      roles: roles
        .all(project)
        .filter(({ tenantId }) => tenantId === undefined)
        .sort(byName)
        .map((role) => ({
          name: role.name,
          description: role.description,
          permissionNames: [...role.permissionNames].sort(byCodePoint),
          default: role.default,
          private: role.private,
        })),
    };
  },
  check(content) {
    const { failures } = parse(content);
    return failures;
  },
  read(project, content) {
    const wanted = parse(content);
    replacePermissions(project, wanted.permissions);
    replaceRoles(project, wanted.roles);
  },
};

interface Wanted {
  readonly permissions: readonly { name: string; description: string }[];
  readonly roles: readonly {
    name: string;
    description: string;
    permissionNames: readonly string[];
    default: boolean;
    private: boolean;
  }[];
  readonly failures: string[];
}

function parse(content: Json): Wanted {
  const failures: string[] = [];
  const list = (key: string) => {
    const items = isJsonObject(content) ? content[key] : undefined;
    if (items === undefined) return [];
    if (Array.isArray(items) && items.every((item) => isJsonObject(item) && text(item.name) !== ""))
      return items.filter(isJsonObject);
    failures.push(`roles.json: "${key}" must be a list of objects with a name`);
    return [];
  };
  const foundPermissions = list("permissions").map(({ name, description }) => ({
    name: text(name),
    description: text(description),
  }));
  const foundRoles = list("roles").map((role) => ({
    name: text(role.name),
    description: text(role.description),
    permissionNames: names(role.permissionNames),
    default: role.default === true,
    private: role.private === true,
  }));
  for (const role of foundRoles) {
    for (const name of role.permissionNames) {
      if (!foundPermissions.some((permission) => permission.name === name))
        failures.push(
          `roles.json: the role "${role.name}" has the permission "${name}", which is not listed`,
        );
    }
  }
  return { permissions: foundPermissions, roles: foundRoles, failures };
}

function replacePermissions(project: Project, wanted: Wanted["permissions"]): void {
  for (const permission of permissions.all(project)) {
    if (!wanted.some(({ name }) => name === permission.name)) permissions.delete(project, permission.id);
  }
  for (const { name, description } of wanted) {
    const existing = permissions.named(project, name);
    permissions.put(project, {
      id: existing?.id ?? project.ids.next("PER"),
      name,
      description,
      systemDefault: existing?.systemDefault ?? false,
    });
  }
}

function replaceRoles(project: Project, wanted: Wanted["roles"]): void {
  for (const role of roles.all(project)) {
    if (role.tenantId !== undefined || wanted.some(({ name }) => name === role.name)) continue;
    for (const user of usersLinked(project, "role", role.id))
      putUser(project, { ...user, roleIds: user.roleIds.filter((id) => id !== role.id) });
    roles.delete(project, role.id);
  }
  for (const role of wanted) {
    const existing = roles.named(project, roleKey(role.name));
    roles.put(project, {
      id: existing?.id ?? project.ids.next("ROL"),
      ...role,
      createdTime: existing?.createdTime ?? project.clock.now(),
    });
  }
}
