import { userExists, userNotFound } from "../error.ts";
import type { Project } from "../project.ts";
import { read, write } from "../store/store.ts";
import type { User } from "./user.ts";

/** The user with that id. */
export function userById(project: Project, userId: string): User | undefined {
  return decode(
    project.store.get<Row>("SELECT doc FROM users WHERE project = ? AND id = ?", project.id, userId),
  );
}

/** The user who signs in with that login id. */
export function userByLoginId(project: Project, loginId: string): User | undefined {
  return decode(
    project.store.get<Row>(
      `SELECT doc FROM login_ids JOIN users ON users.seq = login_ids.user
       WHERE login_ids.project = ? AND login_id = ?`,
      project.id,
      loginId,
    ),
  );
}

/** The user whom a management call means: by login id or, as most of them allow, by user id. @throws {EmulatorError} */
export function requireUser(project: Project, id: string): User {
  const found = userByLoginId(project, id) ?? userById(project, id);
  if (found === undefined) throw userNotFound(id);
  return found;
}

/**
 * Keeps a user, new or changed, and what it is searched by.
 *
 * @throws {EmulatorError} E062107 when one of its login ids is another user's.
 */
export function putUser(project: Project, user: User): User {
  const { store } = project;
  const before = store.get<{ seq: number; doc: string }>(
    "SELECT seq, doc FROM users WHERE project = ? AND id = ?",
    project.id,
    user.userId,
  );
  const columns = [
    user.test ? 1 : 0,
    user.status,
    user.createdTime,
    user.modifiedTime,
    user.name ?? "",
    user.email ?? "",
    user.phone ?? "",
    write(user),
  ];
  if (before === undefined) {
    const { lastId } = store.run(
      `INSERT INTO users (project, id, test, status, created, modified, name, email, phone, doc)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      project.id,
      user.userId,
      ...columns,
    );
    addLoginIds(project, lastId, user.loginIds);
    addLinks(project, lastId, linksOf(user));
    return user;
  }
  store.run(
    `UPDATE users SET test = ?, status = ?, created = ?, modified = ?, name = ?, email = ?, phone = ?, doc = ?
     WHERE seq = ?`,
    ...columns,
    before.seq,
  );
  const old = read<User>(before.doc);
  if (!same(old.loginIds, user.loginIds)) {
    store.run("DELETE FROM login_ids WHERE user = ?", before.seq);
    addLoginIds(project, before.seq, user.loginIds);
  }
  const links = linksOf(user);
  if (!same(linksOf(old).flat(), links.flat())) {
    store.run("DELETE FROM user_links WHERE user = ?", before.seq);
    addLinks(project, before.seq, links);
  }
  return user;
}

/** Deletes a user; true when there was one. */
export function deleteUser(project: Project, userId: string): boolean {
  const found = project.store.get<{ seq: number }>(
    "SELECT seq FROM users WHERE project = ? AND id = ?",
    project.id,
    userId,
  );
  if (found === undefined) return false;
  project.store.run("DELETE FROM login_ids WHERE user = ?", found.seq);
  project.store.run("DELETE FROM user_links WHERE user = ?", found.seq);
  for (const table of ["challenges", "sessions", "logins"])
    project.store.run(`DELETE FROM ${table} WHERE project = ? AND user = ?`, project.id, userId);
  project.store.run("DELETE FROM users WHERE seq = ?", found.seq);
  return true;
}

/** Users that have a link of that kind and value, in the order in which they came. */
export function usersLinked(project: Project, kind: LinkKind, value: string): User[] {
  return project.store
    .all<Row>(
      `SELECT doc FROM user_links JOIN users ON users.seq = user_links.user
       WHERE user_links.project = ? AND kind = ? AND value = ? ORDER BY users.seq`,
      project.id,
      kind,
      value,
    )
    .map(({ doc }) => read<User>(doc));
}

/** All users, or all test users, one by one. */
export function allUsers(project: Project, which: "all" | "test" = "all"): User[] {
  const where = which === "test" ? " AND test = 1" : "";
  return project.store
    .all<Row>(`SELECT doc FROM users WHERE project = ?${where} ORDER BY seq`, project.id)
    .map(({ doc }) => read<User>(doc));
}

/** What users are found by beside their own columns. */
export type LinkKind =
  /** Value: a tenant's id. */
  | "tenant"
  /** Value: the id of a role of the project. */
  | "role"
  /** Value: {@link tenantRole}. */
  | "tenantRole"
  /** Value: the id of a federated application. */
  | "ssoApp";

/** The value of a link to a role in a tenant. */
export function tenantRole(tenantId: string, roleId: string): string {
  return `${tenantId}\n${roleId}`;
}

function linksOf(user: User): [LinkKind, string][] {
  return [
    ...user.roleIds.map((id): [LinkKind, string] => ["role", id]),
    ...user.ssoAppIds.map((id): [LinkKind, string] => ["ssoApp", id]),
    ...user.tenants.flatMap(({ tenantId, roleIds }): [LinkKind, string][] => [
      ["tenant", tenantId],
      ...roleIds.map((id): [LinkKind, string] => ["tenantRole", tenantRole(tenantId, id)]),
    ]),
  ];
}

function addLoginIds(project: Project, seq: number, loginIds: readonly string[]): void {
  for (const loginId of loginIds) {
    const { changes } = project.store.run(
      "INSERT INTO login_ids VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      project.id,
      loginId,
      seq,
    );
    if (changes === 0) throw userExists(loginId);
  }
}

function addLinks(project: Project, seq: number, links: readonly (readonly [LinkKind, string])[]): void {
  for (const [kind, value] of links) {
    project.store.run(
      "INSERT INTO user_links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      project.id,
      kind,
      value,
      seq,
    );
  }
}

interface Row {
  readonly doc: string;
}

function decode(row: Row | undefined): User | undefined {
  return row === undefined ? undefined : read<User>(row.doc);
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
