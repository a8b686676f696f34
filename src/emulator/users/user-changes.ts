import { audit } from "../audit.ts";
import { mergeAttributes } from "../attributes/values.ts";
import { roles } from "../entities/role.ts";
import { missingArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { checkFamilies } from "./user-families.ts";
import { userFields, withFields, withoutFields, type UserInput } from "./user-fields.ts";
import { addUser, deleteUser, putUser } from "./user-store.ts";
import { joinTenants } from "./user-tenants.ts";
import type { User } from "./user.ts";

export interface NewUser extends UserInput {
  readonly loginId: string;
}

/** What a new user may have beside what requests say: pinned by seeds, or set by the kind of call. */
export interface NewUserOptions {
  readonly test: boolean;
  readonly status?: User["status"];
  readonly userId?: string;
  /** Milliseconds since 1970. */
  readonly createdTime?: number;
  readonly actorId?: string;
  /** How the user proves who it is, and what else no request can say. */
  readonly more?: Pick<User, "password" | "totpSeed" | "dependent">;
}

/**
 * Creates a user.
 *
 * @throws {EmulatorError} E062107 when a login id is taken; for a role, tenant or family that does not exist.
 */
export function createUser(project: Project, input: NewUser, options: NewUserOptions): User {
  if (input.loginId === "") throw missingArgument("The loginId field is empty");
  const fields = userFields(project, input);
  const now = project.clock.now();
  const blank: User = {
    userId: options.userId ?? project.ids.next("U"),
    loginIds: loginIds(input.loginId, fields.moreLoginIds ?? []),
    status: "enabled",
    test: options.test,
    verifiedEmail: false,
    verifiedPhone: false,
    roleIds: [],
    tenants: [],
    customAttributes: {},
    ssoAppIds: [],
    createdTime: options.createdTime ?? now,
    modifiedTime: options.createdTime ?? now,
    ...options.more,
  };
  const described = withFields(blank, fields);
  const user = withDefaultRoles(project, {
    ...described,
    status: options.status ?? described.status,
    customAttributes: mergeAttributes({}, described.customAttributes),
    tenants: joinTenants(project, [], described.tenants),
  });
  checkFamilies(project, undefined, user);
  if (options.userId === undefined) addUser(project, user);
  else putUser(project, user);
  auditUser(project, "UserCreated", user, options.actorId);
  return user;
}

/** Replaces a user: what the request does not say is taken away, but for who the user is and how it signs in. */
export function updateUser(project: Project, user: User, input: UserInput, actorId: string): User {
  const fields = userFields(project, input);
  return change(project, user, withFields(withoutFields(user), fields), fields.moreLoginIds, actorId);
}

/** Changes what the request says, and nothing else; of the custom attributes too. */
export function patchUser(project: Project, user: User, input: UserInput, actorId: string): User {
  const fields = userFields(project, input);
  const customAttributes = mergeAttributes(user.customAttributes, fields.customAttributes ?? {});
  return change(
    project,
    user,
    withFields(user, { ...fields, customAttributes }),
    fields.moreLoginIds,
    actorId,
  );
}

function change(
  project: Project,
  before: User,
  changed: User,
  moreLoginIds: readonly string[] | undefined,
  actorId: string,
): User {
  const after = withLoginIds(
    { ...changed, tenants: joinTenants(project, before.tenants, changed.tenants) },
    moreLoginIds,
  );
  checkFamilies(project, before, after);
  return saveUser(project, after, actorId);
}

/** Keeps a changed user and says so in the audit trail. */
export function saveUser(
  project: Project,
  user: User,
  actorId: string,
  data?: Readonly<Record<string, unknown>>,
): User {
  const saved = putUser(project, { ...user, modifiedTime: project.clock.now() });
  auditUser(project, "UserModified", saved, actorId, data);
  return saved;
}

export function removeUser(project: Project, user: User, actorId: string): void {
  deleteUser(project, user.userId);
  auditUser(project, "UserDeleted", user, actorId);
}

/** Writes what happened to a user to the audit trail, unless it is a test user. */
export function auditUser(
  project: Project,
  action: string,
  user: User,
  actorId: string | undefined,
  data?: Readonly<Record<string, unknown>>,
): void {
  if (user.test) return;
  audit(project, {
    action,
    userId: user.userId,
    loginIds: user.loginIds,
    tenants: user.tenants.map(({ tenantId }) => tenantId),
    ...(actorId === undefined || actorId === "" ? {} : { actorId }),
    ...(data === undefined ? {} : { data }),
  });
}

function withLoginIds(user: User, more: readonly string[] | undefined): User {
  const [first] = user.loginIds;
  if (more === undefined || more.length === 0 || first === undefined) return user;
  return { ...user, loginIds: loginIds(first, more) };
}

function loginIds(first: string, more: readonly string[]): string[] {
  return [...new Set([first, ...more.filter((id) => id !== "")])];
}

/** Adds the roles that every new user gets. */
function withDefaultRoles(project: Project, user: User): User {
  const given = defaultRoleIds(project);
  return given.length === 0 ? user : { ...user, roleIds: [...new Set([...user.roleIds, ...given])] };
}

function defaultRoleIds(project: Project): readonly string[] {
  return roles.derived(project, "defaults", () =>
    roles
      .all(project)
      .filter((role) => role.default && role.tenantId === undefined)
      .map(({ id }) => id),
  );
}
