import { audit } from "../audit.ts";
import { roles } from "../entities/role.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { deleteUser, putUser } from "./user-store.ts";
import { userFields, withFields, withoutFields, type UserInput } from "./user-fields.ts";
import type { User } from "./user.ts";

export interface NewUser extends UserInput {
  readonly loginId: string;
}

/** What a new user may have beside what requests say: pinned by seeds, or set by the kind of call. */
export interface NewUserOptions {
  readonly test: boolean;
  readonly status?: User["status"];
  readonly userId?: string;
  readonly createdTime?: number;
  readonly actorId?: string;
}

/**
 * Creates a user.
 *
 * @throws {EmulatorError} E062107 when a login id is taken; for a role or tenant that does not exist.
 */
export function createUser(project: Project, input: NewUser, options: NewUserOptions): User {
  if (input.loginId === "") throw missingArgument("The loginId field is empty");
  const fields = userFields(project, input);
  const now = project.clock.now();
  const blank: User = {
    userId: options.userId ?? project.ids.next("U"),
    loginIds: loginIds(input.loginId, fields.moreLoginIds ?? []),
    status: options.status ?? "enabled",
    test: options.test,
    verifiedEmail: false,
    verifiedPhone: false,
    roleIds: [],
    tenants: [],
    customAttributes: {},
    ssoAppIds: [],
    createdTime: options.createdTime ?? now,
    modifiedTime: options.createdTime ?? now,
  };
  const user = withDefaultRoles(project, withFields(blank, fields));
  putUser(project, user);
  auditUser(project, "UserCreated", user, options.actorId);
  return user;
}

/** Replaces a user: what the request does not say is taken away, but for who the user is and how it signs in. */
export function updateUser(project: Project, user: User, input: UserInput, actorId: string): User {
  const fields = userFields(project, input);
  return saveUser(
    project,
    withLoginIds(withFields(withoutFields(user), fields), fields.moreLoginIds),
    actorId,
  );
}

/** Changes what the request says, and nothing else. */
export function patchUser(project: Project, user: User, input: UserInput, actorId: string): User {
  const fields = userFields(project, input);
  return saveUser(project, withLoginIds(withFields(user, fields), fields.moreLoginIds), actorId);
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

/** Checks a status that a request names. @throws {EmulatorError} E011004 */
export function userStatus(status: string): User["status"] {
  if (status === "enabled" || status === "disabled" || status === "invited" || status === "expired")
    return status;
  throw invalidArgument("The status field must be enabled, disabled, invited or expired");
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
