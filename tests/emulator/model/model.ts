/** What an emulator must know after some calls, in the plainest form that gives the same answers. */
export class Model {
  /** Milliseconds since 1970. */
  now = Date.UTC(2026, 0, 1);
  readonly tenants = new Map<string, TenantModel>();
  /** In the order in which they were made. */
  users: UserModel[] = [];
  readonly permissions = new Set<string>();
  roles: RoleModel[] = [];
  readonly keys: KeyModel[] = [];
  readonly lists: ListModel[] = [];
  readonly sessions: SessionModel[] = [];
  /** "type:resource#relation@target type:target". */
  readonly relations = new Set<string>();

  /** Whose login id or own id it is. */
  user(id: string): UserModel | undefined {
    return this.users.find((user) => user.loginIds.includes(id) || user.userId === id);
  }

  isTaken(loginIds: readonly string[], but?: UserModel): boolean {
    return this.users.some((user) => user !== but && user.loginIds.some((id) => loginIds.includes(id)));
  }

  /** One of the users by a number, or undefined for one who does not exist. */
  someUser(pick: number): UserModel | undefined {
    return this.users[pick % (this.users.length + 1)];
  }

  /** What a role's name means: in a tenant the tenant's own, else the project's. */
  role(name: string, tenantId?: string): RoleModel | undefined {
    const own = this.roles.find((role) => role.name === name && role.tenantId === tenantId);
    return own ?? this.roles.find((role) => role.name === name && role.tenantId === undefined);
  }

  deleteRoles(fits: (role: RoleModel) => boolean): void {
    const gone = this.roles.filter(fits);
    this.roles = this.roles.filter((role) => !gone.includes(role));
    for (const user of this.users) {
      user.roles = user.roles.filter((role) => !gone.includes(role));
      for (const membership of user.tenants)
        membership.roles = membership.roles.filter((role) => !gone.includes(role));
    }
  }

  deleteUser(user: UserModel): void {
    this.users = this.users.filter((one) => one !== user);
  }

  /** Whether a refresh token is still worth something. */
  stateOf({ userId, ended, opened }: SessionModel): "good" | "ended" | "expired" | "disabled" {
    if (opened + REFRESH_LIFETIME <= this.now) return "expired";
    const user = this.users.find((one) => one.userId === userId);
    if (ended || user === undefined) return "ended";
    return user.status === "disabled" ? "disabled" : "good";
  }
}

/** What a new project says of its tokens, in milliseconds. */
export const REFRESH_LIFETIME = 28 * 86_400_000;
export const SESSION_LIFETIME = 600_000;

export interface TenantModel {
  readonly id: string;
  readonly name: string;
  readonly parent: string | undefined;
}

export interface RoleModel {
  readonly id: string;
  name: string;
  /** Undefined for a role of the project. */
  readonly tenantId: string | undefined;
  permissions: readonly string[];
}

/** A tenant that a user is in, and the roles there. */
export interface Membership {
  readonly tenantId: string;
  roles: RoleModel[];
}

export interface UserModel {
  readonly userId: string;
  loginIds: string[];
  name: string;
  email: string;
  phone: string;
  verifiedEmail: boolean;
  status: "enabled" | "disabled" | "invited";
  roles: RoleModel[];
  tenants: Membership[];
  attributes: Record<string, unknown>;
  password: string | undefined;
  readonly test: boolean;
  readonly created: number;
  /** False until somebody signed in. */
  seen: boolean;
}

export interface KeyModel {
  readonly id: string;
  readonly cleartext: string;
  readonly name: string;
  readonly userId: string | undefined;
  readonly expires: number | undefined;
  tenants: readonly string[];
  active: boolean;
}

export interface ListModel {
  readonly id: string;
  name: string;
  texts: string[];
}

export interface SessionModel {
  readonly userId: string;
  readonly refreshJwt: string;
  sessionJwt: string;
  readonly opened: number;
  /** When the session token was made. */
  refreshed: number;
  ended: boolean;
}

/** The names of roles, and of all permissions that they give. */
function granted(roles: readonly RoleModel[]): { roleNames: string[]; permissions: string[] } {
  return {
    roleNames: roles.map(({ name }) => name),
    permissions: [...new Set(roles.flatMap(({ permissions }) => permissions))],
  };
}

/** A user as the API must give it. */
export function userReply(model: Model, user: UserModel): Record<string, unknown> {
  return {
    userId: user.userId,
    loginIds: user.loginIds,
    name: user.name,
    email: user.email,
    phone: user.phone,
    verifiedEmail: user.verifiedEmail,
    status: user.status,
    test: user.test,
    ...granted(user.roles),
    userTenants: user.tenants.map(({ tenantId, roles }) => ({
      tenantId,
      tenantName: model.tenants.get(tenantId)?.name,
      ...granted(roles),
    })),
    customAttributes: user.attributes,
    createdTime: Math.floor(user.created / 1000),
    password: user.password !== undefined,
  };
}

const OBJECTS = {
  group: { member: ["user", "group#member"] },
  folder: { owner: ["user"], parent: ["folder"], can_view: [] },
  doc: { owner: ["user"], reader: ["user", "group#member"], parent: ["folder"], can_view: [] },
} as const;

/** The schema in which relations are made and asked for. */
export const SCHEMA = `model AuthZ 1.0

type user

type group
  relation member: user | group#member

type folder
  relation owner: user
  relation parent: folder
  permission can_view: owner | parent.can_view

type doc
  relation owner: user
  relation reader: user | group#member
  relation parent: folder
  permission can_view: owner | reader | parent.can_view
`;

export const RELATION_TYPES: readonly {
  readonly type: string;
  readonly relation: string;
  readonly target: string;
}[] = Object.entries(OBJECTS).flatMap(([type, relations]) =>
  Object.entries(relations).flatMap(([relation, targets]: [string, readonly string[]]) =>
    targets.map((target) => ({ type, relation, target })),
  ),
);

/** Whether a user has a relation to something, by walking every way there is. */
export function isAllowed(
  relations: ReadonlySet<string>,
  type: string,
  resource: string,
  relation: string,
  user: string,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  const here = `${type}:${resource}#${relation}`;
  if (seen.has(here)) return false;
  const deeper = new Set([...seen, here]);
  const has = (name: string) => isAllowed(relations, type, resource, name, user, deeper);
  if (relation === "can_view")
    return (
      has("owner") ||
      (type === "doc" && has("reader")) ||
      targetsOf(relations, `${type}:${resource}#parent`).some(
        ([, folder]) =>
          folder !== undefined && isAllowed(relations, "folder", folder, "can_view", user, deeper),
      )
    );
  return targetsOf(relations, here).some(([kind, id = ""]) =>
    kind === "user" ? id === user : isAllowed(relations, "group", id, "member", user, deeper),
  );
}

function targetsOf(relations: ReadonlySet<string>, from: string): string[][] {
  return [...relations]
    .filter((one) => one.startsWith(`${from}@`))
    .map((one) => one.slice(from.length + 1).split(":"));
}
