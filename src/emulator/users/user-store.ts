import { forgetTokensOfUser } from "../entities/outbound-token.ts";
import { userExists, userNotFound } from "../error.ts";
import { isRawNumber } from "../../json/value.ts";
import type { Project } from "../project.ts";
import { read, write } from "../store/store.ts";
import { afterUserChange, beforeUserChange } from "./user-counts.ts";
import { flagsOf } from "./user-flags.ts";
import { userText } from "./user-text.ts";
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
 * Keeps a user, new or changed, and what it is searched by. Nothing is written where it fails.
 *
 * @throws {EmulatorError} E062107 when one of its login ids is another user's.
 */
export function putUser(project: Project, user: User): User {
  const { store } = project;
  const before = rowOf(project, user.userId);
  if (before === undefined) return addUser(project, user);
  const old = read<User>(before.doc);
  const isSameLogin = same(old.loginIds, user.loginIds);
  if (!isSameLogin) checkLoginIds(project, user, before.seq);
  beforeUserChange(store, before.seq);
  store.run(
    `UPDATE users SET test = ?, status = ?, created = ?, modified = ?, flags = ?, login = ?, name = ?, email = ?,
       phone = ?, tenant = ?, doc = ?
     WHERE seq = ?`,
    ...columnsOf(user),
    before.seq,
  );
  if (!isSameLogin) {
    removeLoginIds(project, old.loginIds);
    addLoginIds(project, before.seq, user.loginIds);
  }
  const links = linksOf(user);
  const oldLinks = linksOf(old);
  if (!same(oldLinks.flat(), links.flat())) {
    removeLinks(project, before.seq, oldLinks);
    addLinks(project, before.seq, links);
  }
  const text = userText(user);
  if (userText(old) !== text) store.run("UPDATE user_text SET text = ? WHERE rowid = ?", text, before.seq);
  afterUserChange(store, before.seq);
  return user;
}

/**
 * Keeps a user whose id is not there yet, and what it is searched by.
 *
 * @throws {EmulatorError} E062107 when one of its login ids is another user's.
 */
export function addUser(project: Project, user: User): User {
  const { store } = project;
  checkLoginIds(project, user, undefined);
  beforeUserChange(store, undefined);
  const { lastId } = store.run(
    `INSERT INTO users (project, id, test, status, created, modified, flags, login, name, email, phone, tenant, doc)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    project.id,
    user.userId,
    ...columnsOf(user),
  );
  addLoginIds(project, lastId, user.loginIds);
  addLinks(project, lastId, linksOf(user));
  store.run("INSERT INTO user_text (rowid, text) VALUES (?, ?)", lastId, userText(user));
  addToCount(project, user, 1);
  afterUserChange(store, lastId);
  return user;
}

function columnsOf(user: User): (string | number)[] {
  return [
    user.test ? 1 : 0,
    user.status,
    user.createdTime,
    user.modifiedTime,
    flagsOf(user),
    user.loginIds[0] ?? "",
    user.name ?? "",
    user.email ?? "",
    user.phone ?? "",
    user.tenants[0]?.tenantId ?? "",
    write(user),
  ];
}

/** Deletes a user; true when there was one. */
export function deleteUser(project: Project, userId: string): boolean {
  const found = rowOf(project, userId);
  if (found === undefined) return false;
  const user = read<User>(found.doc);
  beforeUserChange(project.store, found.seq);
  removeLoginIds(project, user.loginIds);
  removeLinks(project, found.seq, linksOf(user));
  for (const table of ["challenges", "sessions", "logins"])
    project.store.run(`DELETE FROM ${table} WHERE project = ? AND user = ?`, project.id, userId);
  forgetTokensOfUser(project, userId);
  project.store.run("DELETE FROM user_text WHERE rowid = ?", found.seq);
  project.store.run("DELETE FROM users WHERE seq = ?", found.seq);
  addToCount(project, user, -1);
  afterUserChange(project.store, undefined);
  return true;
}

function addToCount(project: Project, user: User, n: number): void {
  project.store.run(
    "INSERT INTO user_counts VALUES (?, ?, ?) ON CONFLICT (project, test) DO UPDATE SET n = n + excluded.n",
    project.id,
    user.test ? 1 : 0,
    n,
  );
}

function rowOf(project: Project, userId: string): { readonly seq: number; readonly doc: string } | undefined {
  return project.store.get<{ seq: number; doc: string }>(
    "SELECT seq, doc FROM users WHERE project = ? AND id = ?",
    project.id,
    userId,
  );
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

/** How many users have a link of that kind and value. */
export function countLinked(project: Project, kind: LinkKind, value: string): number {
  return (
    project.store.get<{ n: number }>(
      "SELECT count(*) AS n FROM user_links WHERE project = ? AND kind = ? AND value = ?",
      project.id,
      kind,
      value,
    )?.n ?? 0
  );
}

/** All users, or all test users, one by one. */
export function allUsers(project: Project, which: "all" | "test" = "all"): User[] {
  const where = which === "test" ? " AND test = 1" : "";
  return project.store
    .all<Row>(`SELECT doc FROM users WHERE project = ?${where} ORDER BY seq`, project.id)
    .map(({ doc }) => read<User>(doc));
}

/** The first users who may sign in, in the order in which they came: so many of the project, or of a tenant. */
export function firstUsers(project: Project, limit: number, tenantId?: string): User[] {
  const ofTenant =
    tenantId === undefined
      ? ""
      : " AND seq IN (SELECT user FROM user_links WHERE project = ? AND kind = 'tenant' AND value = ?)";
  return project.store
    .all<Row>(
      `SELECT doc FROM users WHERE project = ? AND status <> 'disabled'${ofTenant} ORDER BY seq LIMIT ?`,
      project.id,
      ...(tenantId === undefined ? [] : [project.id, tenantId]),
      limit,
    )
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
  /** Value: a family's id. */
  | "family"
  /** Value: {@link attributeLink}, for each custom attribute, and for each item of one that is a list. */
  | "attribute"
  /** Value: the id of a federated application. */
  | "ssoApp"
  /** Value: the id of a credential. */
  | "passkey";

/** The value of a link to a role in a tenant. */
export function tenantRole(tenantId: string, roleId: string): string {
  return `${tenantId}\n${roleId}`;
}

/** The value of a link to what a custom attribute is, or holds. */
export function attributeLink(name: string, value: unknown): string {
  const plain = JSON.stringify(isRawNumber(value) ? Number(value.rawJSON) : value) ?? "";
  return `${name}\n${plain.length <= LONGEST_LINK ? plain : plain.slice(0, LONGEST_LINK) + Bun.hash(plain).toString(36)}`;
}

/** Of longer values the rest is told apart by a hash. */
const LONGEST_LINK = 200;

function linksOf(user: User): [LinkKind, string][] {
  return [
    ...user.roleIds.map((id): [LinkKind, string] => ["role", id]),
    ...user.ssoAppIds.map((id): [LinkKind, string] => ["ssoApp", id]),
    ...(user.passkeys ?? []).map(({ credentialId }): [LinkKind, string] => ["passkey", credentialId]),
    ...(user.families ?? []).map(({ familyId }): [LinkKind, string] => ["family", familyId]),
    ...Object.entries(user.customAttributes).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((item): [LinkKind, string] => [
        "attribute",
        attributeLink(name, item),
      ]),
    ),
    ...user.tenants.flatMap(({ tenantId, roleIds }): [LinkKind, string][] => [
      ["tenant", tenantId],
      ...roleIds.map((id): [LinkKind, string] => ["tenantRole", tenantRole(tenantId, id)]),
    ]),
  ];
}

function checkLoginIds(project: Project, user: User, seq: number | undefined): void {
  for (const loginId of user.loginIds) {
    const owner = project.store.get<{ user: number }>(
      "SELECT user FROM login_ids WHERE project = ? AND login_id = ?",
      project.id,
      loginId,
    );
    if (owner !== undefined && owner.user !== seq) throw userExists(loginId);
  }
}

function addLoginIds(project: Project, seq: number, loginIds: readonly string[]): void {
  for (const loginId of loginIds)
    project.store.run("INSERT INTO login_ids VALUES (?, ?, ?)", project.id, loginId, seq);
}

function removeLoginIds(project: Project, loginIds: readonly string[]): void {
  for (const loginId of loginIds)
    project.store.run("DELETE FROM login_ids WHERE project = ? AND login_id = ?", project.id, loginId);
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

function removeLinks(project: Project, seq: number, links: readonly (readonly [LinkKind, string])[]): void {
  for (const [kind, value] of links) {
    project.store.run(
      "DELETE FROM user_links WHERE project = ? AND kind = ? AND value = ? AND user = ?",
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
