import * as operations from "../../api/operations/users.ts";
import { invalidArgument, missingArgument, userNotFound } from "../error.ts";
import { findRole, roleIds } from "../entities/role.ts";
import { requireTenant } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { storePassword } from "../users/password.ts";
import {
  auditUser,
  createUser,
  removeUser,
  saveUser,
  userStatus,
  type NewUser,
} from "../users/user-changes.ts";
import { searchUsers, type UserQuery } from "../users/user-search.ts";
import { allUsers, deleteUser, putUser, requireUser, userById, userByLoginId } from "../users/user-store.ts";
import { UserReplies, userReply } from "../users/user-reply.ts";
import type { User } from "../users/user.ts";

export const userService: Service = [
  on(operations.create, (input, call) => create(input, call, input.test === true)),
  on(operations.createTest, (input, call) => create(input, call, true)),
  on(operations.load, (input, { project }) => userReply(project, either(project, input))),
  on(operations.remove, (input, call) => {
    removeUser(call.project, either(call.project, input), call.actorId);
    return {};
  }),
  on(operations.search, (query, { project }) => search(project, query)),
  on(operations.updateStatus, ({ loginId, status }, { project, actorId }) => {
    const user = requireUser(project, loginId);
    const saved = saveUser(project, { ...user, status: userStatus(status) }, actorId, { status });
    return userReply(project, saved);
  }),
  on(operations.setTemporaryPassword, (input, call) => setPassword(call, input, true)),
  on(operations.setActivePassword, (input, call) => setPassword(call, input, false)),
  on(operations.expirePassword, ({ loginId }, { project, actorId }) => {
    const user = requireUser(project, loginId);
    if (user.password === undefined) throw invalidArgument(`The user ${loginId} has no password`);
    const password = { ...user.password, expiredAt: project.clock.now() };
    putUser(project, { ...user, password, modifiedTime: project.clock.now() });
    auditUser(project, "PasswordExpired", user, actorId);
    return {};
  }),
  on(operations.setRoles, (input, call) => changeRoles(call, input, (_old, given) => given)),
  on(operations.addRoles, (input, call) =>
    changeRoles(call, input, (old, given) => [...new Set([...old, ...given])]),
  ),
  on(operations.removeRoles, (input, call) => removeRoles(call, input)),
  on(operations.deleteAllTest, (_input, { project }) => {
    for (const { userId } of allUsers(project, "test")) deleteUser(project, userId);
    return {};
  }),
];

function create(
  input: NewUser & { readonly invite?: boolean | null | undefined },
  call: Call,
  test: boolean,
) {
  const { project, actorId } = call;
  const invited = input.invite === true;
  const user = createUser(project, input, { test, actorId, ...(invited ? { status: "invited" } : {}) });
  return userReply(project, user);
}

/** The user whom one of two ids names. @throws {EmulatorError} when neither is given, or there is no such user. */
function either(
  project: Project,
  {
    loginId,
    userId,
  }: { readonly loginId?: string | null | undefined; readonly userId?: string | null | undefined },
): User {
  const id = loginId || userId;
  if (!id) throw missingArgument("One of the loginId and userId fields is required");
  const found = loginId
    ? (userByLoginId(project, loginId) ?? userById(project, loginId))
    : userById(project, id);
  if (found === undefined) throw userNotFound(id);
  return found;
}

function search(project: Project, query: UserQuery) {
  const { users, total } = searchUsers(project, query);
  const replies = new UserReplies(project);
  return { users: users.map((user) => replies.of(user)), total };
}

function setPassword(
  { project, actorId }: Call,
  { loginId, password }: { readonly loginId: string; readonly password: string },
  temporary: boolean,
): Record<string, never> {
  if (password === "") throw missingArgument("The password field is empty");
  const user = requireUser(project, loginId);
  const now = project.clock.now();
  const stored = storePassword(password, project.ids.text(16), now, { temporary, previous: user.password });
  putUser(project, { ...user, password: stored, modifiedTime: now });
  auditUser(project, "PasswordSet", user, actorId, { temporary });
  return {};
}

interface RolesInput {
  readonly loginId: string;
  readonly tenantId?: string | null | undefined;
  readonly roleNames?: readonly string[] | null | undefined;
}

/** Changes a user's roles in the project or, where one is named, in a tenant of the user's. */
function changeRoles(
  { project, actorId }: Call,
  { loginId, tenantId, roleNames }: RolesInput,
  change: (old: readonly string[], given: readonly string[]) => readonly string[],
) {
  const user = requireUser(project, loginId);
  const given = roleIds(project, roleNames ?? [], tenantId || undefined);
  return userReply(
    project,
    saveUser(
      project,
      withRoles(project, user, tenantId, (old) => change(old, given)),
      actorId,
    ),
  );
}

/** Takes roles away; a name that means nothing any more is no error, since the user does not have it. */
function removeRoles({ project, actorId }: Call, { loginId, tenantId, roleNames }: RolesInput) {
  const user = requireUser(project, loginId);
  const gone = new Set((roleNames ?? []).map((name) => findRole(project, name, tenantId || undefined)?.id));
  const changed = withRoles(project, user, tenantId, (old) => old.filter((id) => !gone.has(id)));
  return userReply(project, saveUser(project, changed, actorId));
}

function withRoles(
  project: Project,
  user: User,
  tenantId: string | null | undefined,
  change: (old: readonly string[]) => readonly string[],
): User {
  if (!tenantId) return { ...user, roleIds: change(user.roleIds) };
  requireTenant(project, tenantId);
  if (!user.tenants.some((tenant) => tenant.tenantId === tenantId))
    throw invalidArgument(`The user is not in the tenant ${tenantId}`);
  return {
    ...user,
    tenants: user.tenants.map((tenant) =>
      tenant.tenantId === tenantId ? { tenantId, roleIds: change(tenant.roleIds) } : tenant,
    ),
  };
}
