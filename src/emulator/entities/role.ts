import { invalidArgument, missingArgument, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

export interface Permission {
  readonly id: string;
  name: string;
  description: string;
  /** True for those that every project has from the start. */
  readonly systemDefault: boolean;
}

export interface Role {
  readonly id: string;
  name: string;
  description: string;
  permissionNames: readonly string[];
  /** The tenant that it exists in; absent for a role of the project. */
  readonly tenantId?: string;
  /** Given to every new user. */
  default: boolean;
  private: boolean;
  /** Milliseconds since 1970. */
  readonly createdTime: number;
}

export const permissions = new Collection<Permission>(
  "permission",
  ({ id }) => id,
  ({ name }) => name,
  { remember: true },
);

/** The permission that a request names, by id or by name. @throws {EmulatorError} when there is none. */
export function requirePermission(
  project: Project,
  { id, name }: { readonly id?: string | null | undefined; readonly name?: string | null | undefined },
): Permission {
  if (!id && !name) throw missingArgument("One of the id and name fields is required");
  const found = id ? permissions.get(project, id) : permissions.named(project, name ?? "");
  if (found === undefined) throw notFound(`There is no permission ${id || name}`);
  return found;
}

/** Gives roles another permission in place of one, or none. */
export function replacePermission(project: Project, old: string, replacement: string | undefined): void {
  for (const role of roles.all(project)) {
    if (!role.permissionNames.includes(old)) continue;
    const permissionNames = role.permissionNames.flatMap((name) =>
      name === old ? (replacement ?? []) : name,
    );
    roles.put(project, { ...role, permissionNames });
  }
}

/** A role as the API gives it. */
export function roleReply(role: Role): Record<string, unknown> {
  return {
    id: role.id,
    name: role.name,
    description: role.description,
    permissionNames: role.permissionNames,
    createdTime: Math.floor(role.createdTime / 1000),
    tenantId: role.tenantId ?? "",
    default: role.default,
    private: role.private,
  };
}

export const roles = new Collection<Role>(
  "role",
  ({ id }) => id,
  ({ name, tenantId }) => roleKey(name, tenantId),
  { remember: true },
);

/** What a role is looked up by: its name is unique in its tenant, or among those of the project. */
export function roleKey(name: string, tenantId = ""): string {
  return `${tenantId}\n${name}`;
}

/** The role that a name means: in a tenant the tenant's own, else the project's. */
export function findRole(project: Project, name: string, tenantId?: string): Role | undefined {
  const own = tenantId === undefined ? undefined : roles.named(project, roleKey(name, tenantId));
  return own ?? roles.named(project, roleKey(name));
}

/** The ids of roles by their names. @throws {EmulatorError} for a name that no role has. */
export function roleIds(project: Project, names: readonly string[], tenantId?: string): string[] {
  const ids = names.map((name) => {
    const role = findRole(project, name, tenantId);
    if (role === undefined)
      throw invalidArgument(
        `There is no role ${name}${tenantId === undefined ? "" : ` in the tenant ${tenantId}`}`,
      );
    return role.id;
  });
  return [...new Set(ids)];
}

/** Looks roles up by id, each once. */
export class RoleLookup {
  private readonly project: Project;
  private readonly found = new Map<string, Role | undefined>();

  constructor(project: Project) {
    this.project = project;
  }

  /** The names of roles, those that are gone left out. */
  names(ids: readonly string[]): string[] {
    return this.existing(ids).map(({ name }) => name);
  }

  /** The names of all permissions that roles give, each once. */
  permissions(ids: readonly string[]): string[] {
    return [...new Set(this.existing(ids).flatMap(({ permissionNames }) => permissionNames))];
  }

  private existing(ids: readonly string[]): Role[] {
    return ids.map((id) => this.get(id)).filter((role) => role !== undefined);
  }

  private get(id: string): Role | undefined {
    if (!this.found.has(id)) this.found.set(id, roles.get(this.project, id));
    return this.found.get(id);
  }
}

/** The role that lets somebody, or an access key, manage a tenant. */
export const TENANT_ADMIN = "Tenant Admin";

/** The roles and permissions that every project starts with. */
export function putDefaultRoles(project: Project): void {
  const names = ["Impersonate", "User Admin", "SSO Admin"];
  for (const name of names) {
    permissions.put(project, {
      id: project.ids.next("PER"),
      name,
      description: DESCRIPTIONS[name] ?? "",
      systemDefault: true,
    });
  }
  roles.put(project, {
    id: project.ids.next("ROL"),
    name: TENANT_ADMIN,
    description: "May manage a tenant and its users",
    permissionNames: names,
    default: false,
    private: false,
    createdTime: project.clock.now(),
  });
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Impersonate: "May act as another user",
  "User Admin": "May manage users",
  "SSO Admin": "May manage single sign-on",
};
