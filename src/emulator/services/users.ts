import * as operations from "../../api/operations/users.ts";
import { invalidArgument, missingArgument, userNotFound } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { newCredentials, type CredentialInput } from "../users/credentials.ts";
import { sendInvitation, type InvitationInput } from "../users/invitation.ts";
import { storePassword } from "../users/password.ts";
import { auditUser, createUser, removeUser, saveUser, type NewUser } from "../users/user-changes.ts";
import { userStatus } from "../users/user-fields.ts";
import { searchUsers, type UserQuery } from "../users/user-search.ts";
import { allUsers, deleteUser, putUser, requireUser, userById, userByLoginId } from "../users/user-store.ts";
import { UserReplies, userReply } from "../users/user-reply.ts";
import type { User } from "../users/user.ts";

export const userService: Service = [
  on(operations.create, (input, call) => create(call, input, input.test === true)),
  on(operations.createTest, (input, call) => create(call, input, true)),
  on(operations.load, (input, { project }) => userReply(project, either(project, input))),
  on(operations.loadUsers, ({ userIds, includeInvalidUsers }, { project }) => {
    const found = [...new Set(userIds)]
      .map((id) => userById(project, id))
      .filter((user) => user !== undefined)
      .filter(({ status }) => includeInvalidUsers === true || status === "enabled" || status === "invited");
    const replies = new UserReplies(project);
    return { users: found.map((user) => replies.of(user)), total: found.length };
  }),
  on(operations.remove, (input, call) => {
    removeUser(call.project, either(call.project, input), call.actorId);
    return {};
  }),
  on(operations.search, (query, { project }) => search(project, query)),
  on(operations.searchTest, (query, { project }) => search(project, { ...query, testUsersOnly: true })),
  on(operations.updateStatus, ({ loginId, status }, { project, actorId }) => {
    const user = requireUser(project, loginId);
    const saved = saveUser(project, { ...user, status: userStatus(status) }, actorId, { status });
    return userReply(project, saved);
  }),
  on(operations.setTemporaryPassword, (input, call) => setPassword(call, input, true)),
  on(operations.setActivePassword, (input, call) => setPassword(call, input, false)),
  on(operations.setPassword, (input, call) => setPassword(call, input, input.setActive !== true)),
  on(operations.expirePassword, ({ loginId }, { project, actorId }) => {
    const user = requireUser(project, loginId);
    if (user.password === undefined) throw invalidArgument(`The user ${loginId} has no password`);
    const password = { ...user.password, expiredAt: project.clock.now() };
    putUser(project, { ...user, password, modifiedTime: project.clock.now() });
    auditUser(project, "PasswordExpired", user, actorId);
    return {};
  }),
  on(operations.deleteAllTest, (_input, { project }) => {
    for (const { userId } of allUsers(project, "test")) deleteUser(project, userId);
    return {};
  }),
];

/** A user's own id, as far as its form tells it from a login id. */
const USER_ID = /^U[0-9A-Za-z]{27,31}$/;

function create(call: Call, input: NewUser & CredentialInput & InvitationInput, test: boolean) {
  const { user, created } =
    input.invite === true ? invite(call, input, test) : { user: make(call, input, test), created: true };
  return { ...userReply(call.project, user), created };
}

function make(
  { project, actorId }: Call,
  input: NewUser & CredentialInput & InvitationInput,
  test: boolean,
): User {
  return createUser(project, input, {
    test,
    actorId,
    more: newCredentials(project, input),
    ...(input.invite === true ? { status: "invited" } : {}),
  });
}

/**
 * Invites somebody: a user that is there already is told once more, and stays as it is.
 *
 * @throws {EmulatorError} E112102 for the id of a user who does not exist: with it nobody new can be meant.
 */
export function invite(
  call: Call,
  input: NewUser & CredentialInput & InvitationInput,
  test: boolean,
): { readonly user: User; readonly created: boolean; readonly outcome: ReturnType<typeof sendInvitation> } {
  const { project } = call;
  const known = userByLoginId(project, input.loginId) ?? userById(project, input.loginId);
  if (known === undefined && USER_ID.test(input.loginId)) throw userNotFound(input.loginId);
  const user = known ?? make(call, input, test);
  return { user, created: known === undefined, outcome: sendInvitation(project, user, input) };
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
  if (loginId) return requireUser(project, loginId);
  const found = userById(project, id);
  if (found === undefined) throw userNotFound(id);
  return found;
}

function search(
  project: Project,
  query: UserQuery & { readonly selectedColumns?: readonly string[] | null | undefined },
) {
  const { users, total } = searchUsers(project, query);
  const replies = new UserReplies(project);
  const columns = (query.selectedColumns ?? []).map(
    (column) => (Object.hasOwn(COLUMNS, column) ? COLUMNS[column] : undefined) ?? column,
  );
  return { users: users.map((user) => selected(replies.of(user), columns)), total };
}

/** Columns that have another name in replies. */
const COLUMNS: Readonly<Record<string, string>> = {
  id: "userId",
  displayName: "name",
  phoneNumber: "phone",
  tenant: "userTenants",
  loginId: "loginIds",
  roles: "roleNames",
};

/** The columns that are asked for, beside who it is; all where none is. */
function selected(reply: Record<string, unknown>, columns: readonly string[]): Record<string, unknown> {
  if (columns.length === 0) return reply;
  return Object.fromEntries(
    Object.entries(reply).filter(
      ([name]) => name === "userId" || name === "loginIds" || columns.includes(name),
    ),
  );
}

function setPassword(
  { project, actorId }: Call,
  { loginId, password }: { readonly loginId: string; readonly password?: string | null | undefined },
  temporary: boolean,
): { readonly cleartext?: string } {
  if (password === "") throw missingArgument("The password field is empty");
  const user = requireUser(project, loginId);
  const now = project.clock.now();
  const made = password == null ? `${project.ids.text(12)}-a1A` : undefined;
  const stored = storePassword(password ?? (made as string), project.ids.text(16), now, {
    temporary,
    previous: user.password,
  });
  putUser(project, { ...user, password: stored, modifiedTime: now });
  auditUser(project, "PasswordSet", user, actorId, { temporary });
  return made === undefined ? {} : { cleartext: made };
}
