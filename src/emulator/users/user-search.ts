import type { SQLQueryBindings } from "bun:sqlite";
import { withSubTenants } from "../entities/tenant.ts";
import { roleKey, roles } from "../entities/role.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { read } from "../store/store.ts";
import { tenantRole } from "./user-store.ts";
import type { User } from "./user.ts";

type Texts = readonly string[] | null | undefined;
type Flag = boolean | null | undefined;
type Time = number | string | null | undefined;

/** What a search asks for. Null, "", 0 and empty lists ask for nothing. */
export interface UserQuery {
  readonly limit?: number | null | undefined;
  readonly page?: number | null | undefined;
  readonly offset?: number | null | undefined;
  readonly sort?: readonly { readonly field: string; readonly desc?: Flag }[] | null | undefined;
  readonly text?: string | null | undefined;
  readonly loginId?: string | null | undefined;
  readonly loginIds?: Texts;
  readonly userIds?: Texts;
  readonly emails?: Texts;
  readonly phones?: Texts;
  readonly tenantIds?: Texts;
  readonly includeSubTenants?: Flag;
  readonly roleNames?: Texts;
  readonly tenantRoleIds?: TenantValues;
  readonly tenantRoleNames?: TenantValues;
  readonly statuses?: Texts;
  readonly ssoAppIds?: Texts;
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined;
  readonly withTestUser?: Flag;
  readonly testUsersOnly?: Flag;
  readonly ssoOnly?: Flag;
  readonly scimOnly?: Flag;
  readonly password?: Flag;
  readonly totp?: Flag;
  readonly webauthn?: Flag;
  readonly scim?: Flag;
  readonly verifiedEmail?: Flag;
  readonly verifiedPhone?: Flag;
  readonly verifiedRecoveryEmail?: Flag;
  readonly verifiedRecoveryPhone?: Flag;
  readonly recoveryEmails?: Texts;
  readonly recoveryPhones?: Texts;
  readonly fromCreatedTime?: Time;
  readonly toCreatedTime?: Time;
  readonly fromModifiedTime?: Time;
  readonly toModifiedTime?: Time;
}

/** For each tenant, roles: any of them, or all where `and` is set. */
type TenantValues =
  Readonly<Record<string, { readonly values?: Texts; readonly and?: Flag }>> | null | undefined;

/** Users on a page when the request does not say. */
export const DEFAULT_PAGE = 100;

/** A page of the users that fit, and how many fit in all. */
export function searchUsers(
  project: Project,
  query: UserQuery,
): { readonly users: User[]; readonly total: number } {
  const { where, values } = conditions(project, query);
  const limit = query.limit == null || query.limit === 0 ? DEFAULT_PAGE : query.limit;
  const page = query.page ?? 0;
  if (limit < 0 || page < 0) throw invalidArgument("The limit and page fields must not be negative");
  const offset = query.offset != null && query.offset > 0 ? query.offset : page * limit;
  const found = project.store.all<{ seq: number }>(
    `SELECT seq FROM users WHERE ${where} ORDER BY ${order(query)} LIMIT ? OFFSET ?`,
    ...values,
    limit,
    offset,
  );
  return { users: usersAt(project, found), total: count(project, query, where, values) };
}

/** Reads users in the order of `found`. They were found without them, so that an index alone was walked. */
function usersAt(project: Project, found: readonly { readonly seq: number }[]): User[] {
  const docs = new Map(
    project.store
      .all<{ seq: number; doc: string }>(
        "SELECT seq, doc FROM users WHERE seq IN (SELECT value FROM json_each(?))",
        JSON.stringify(found.map(({ seq }) => seq)),
      )
      .map(({ seq, doc }) => [seq, doc]),
  );
  return found.flatMap(({ seq }) => {
    const doc = docs.get(seq);
    return doc === undefined ? [] : [read<User>(doc)];
  });
}

/** How many users fit; where nothing is asked for, they are counted already. */
function count(
  project: Project,
  query: UserQuery,
  where: string,
  values: readonly SQLQueryBindings[],
): number {
  const { withTestUser, testUsersOnly } = query;
  const everybody = where === conditions(project, { withTestUser, testUsersOnly }).where;
  const sql = everybody
    ? `SELECT coalesce(sum(n), 0) AS n FROM user_counts WHERE ${where}`
    : `SELECT count(*) AS n FROM users WHERE ${where}`;
  return project.store.get<{ n: number }>(sql, ...values)?.n ?? 0;
}

const SORT_COLUMNS: Readonly<Record<string, string>> = {
  id: "id",
  userId: "id",
  modifiedTime: "modified",
  createdTime: "created",
  displayName: "name",
  name: "name",
  phoneNumber: "phone",
  phone: "phone",
  email: "email",
  status: "status",
  externalId: "json_extract(doc, '$.loginIds[0]')",
  loginId: "json_extract(doc, '$.loginIds[0]')",
  loginIds: "json_extract(doc, '$.loginIds[0]')",
  tenant: "json_extract(doc, '$.tenants[0].tenantId')",
};

function order({ sort }: UserQuery): string {
  const terms = (sort ?? []).map(({ field, desc }) => {
    const column = SORT_COLUMNS[field];
    if (column === undefined) {
      throw invalidArgument(`The sort field ${field} is not one of ${Object.keys(SORT_COLUMNS).join(", ")}`);
    }
    return `${column}${desc === true ? " DESC" : ""}`;
  });
  // Ids are unique: what stands behind one decides nothing and would keep its index from being used.
  const byId = terms.findIndex((term) => term.startsWith("id"));
  return (byId === -1 ? [...terms, "seq"] : terms.slice(0, byId + 1)).join(", ");
}

function conditions(project: Project, query: UserQuery) {
  const where = ["project = ?"];
  const values: SQLQueryBindings[] = [project.id];
  const add = (sql: string, ...more: SQLQueryBindings[]) => {
    where.push(sql);
    values.push(...more);
  };
  const among = (column: string, list: Texts) => {
    if (list != null && list.length > 0) add(`${column} IN (${marks(list)})`, ...list);
  };
  const linked = (kind: string, list: readonly string[]) =>
    add(
      `seq IN (SELECT user FROM user_links WHERE project = ? AND kind = ? AND value IN (${marks(list)}))`,
      project.id,
      kind,
      ...list,
    );

  if (query.testUsersOnly === true) add("test = 1");
  else if (query.withTestUser !== true) add("test = 0");

  const wantedLogins = [...(query.loginIds ?? []), ...(query.loginId ? [query.loginId] : [])];
  if (wantedLogins.length > 0) {
    add(
      `seq IN (SELECT user FROM login_ids WHERE project = ? AND login_id IN (${marks(wantedLogins)}))`,
      project.id,
      ...wantedLogins,
    );
  }
  among("id", query.userIds);
  among("email", query.emails);
  among("phone", query.phones);
  among("status", query.statuses);
  among("json_extract(doc, '$.recoveryEmail')", query.recoveryEmails);
  among("json_extract(doc, '$.recoveryPhone')", query.recoveryPhones);
  if (query.tenantIds != null && query.tenantIds.length > 0) {
    const ids = query.includeSubTenants === true ? withSubTenants(project, query.tenantIds) : query.tenantIds;
    linked("tenant", ids);
  }
  if (query.ssoAppIds != null && query.ssoAppIds.length > 0) linked("ssoApp", query.ssoAppIds);
  if (query.roleNames != null && query.roleNames.length > 0) {
    linked(
      "role",
      query.roleNames.flatMap((name) => roles.named(project, roleKey(name))?.id ?? []),
    );
  }
  tenantRoles(project, query).forEach((list) => linked("tenantRole", list));
  for (const [path, wanted] of Object.entries(query.customAttributes ?? {})) attribute(add, path, wanted);
  flags(add, query);
  times(add, query);
  if (query.text != null && query.text !== "") {
    const like = `%${query.text.replaceAll(/[\\%_]/g, (char) => `\\${char}`)}%`;
    add(
      `(name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' OR phone LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\'
        OR EXISTS (SELECT 1 FROM login_ids WHERE user = seq AND login_id LIKE ? ESCAPE '\\'))`,
      ...Array.from({ length: 5 }, () => like),
    );
  }
  return { where: where.join(" AND "), values };
}

function marks(list: readonly unknown[]): string {
  return list.map(() => "?").join(", ");
}

/** The links of which a user must have one, for each condition on roles in tenants. */
function tenantRoles(project: Project, query: UserQuery): string[][] {
  const byName = (tenantId: string, name: string) =>
    [roles.named(project, roleKey(name, tenantId)), roles.named(project, roleKey(name))].flatMap((role) =>
      role === undefined ? [] : [tenantRole(tenantId, role.id)],
    );
  const byId = (tenantId: string, id: string) => [tenantRole(tenantId, id)];
  const lists: string[][] = [];
  for (const [wanted, link] of [
    [query.tenantRoleNames, byName],
    [query.tenantRoleIds, byId],
  ] as const) {
    for (const [tenantId, { values, and }] of Object.entries(wanted ?? {})) {
      const links = (values ?? []).map((item) => link(tenantId, item));
      if (links.length === 0) continue;
      if (and === true) lists.push(...links);
      else lists.push(links.flat());
    }
  }
  return lists;
}

type Add = (sql: string, ...values: SQLQueryBindings[]) => void;

function attribute(add: Add, name: string, wanted: unknown): void {
  const path = `$.customAttributes.${JSON.stringify(name)}`;
  const options = (Array.isArray(wanted) ? wanted : [wanted]).map(plain);
  // An attribute that holds a list fits when one of its items does.
  add(
    `CASE json_type(doc, ?) WHEN 'array'
       THEN EXISTS (SELECT 1 FROM json_each(doc, ?) WHERE json_each.value IN (${marks(options)}))
       ELSE json_extract(doc, ?) IN (${marks(options)}) END`,
    path,
    path,
    ...options,
    path,
    ...options,
  );
}

function plain(wanted: unknown): SQLQueryBindings {
  if (typeof wanted === "boolean") return wanted ? 1 : 0;
  return typeof wanted === "number" || typeof wanted === "string" ? wanted : JSON.stringify(wanted);
}

function flags(add: Add, query: UserQuery): void {
  const has = (path: string) => `json_extract(doc, '$.${path}') IS NOT NULL`;
  const isTrue = (path: string) => `coalesce(json_extract(doc, '$.${path}'), 0) = 1`;
  const wanted: readonly (readonly [Flag, string])[] = [
    [query.password, has("password")],
    [query.totp, has("totpSeed")],
    [query.webauthn, "coalesce(json_array_length(doc, '$.passkeys'), 0) > 0"],
    [query.scim, isTrue("scim")],
    [query.verifiedEmail, isTrue("verifiedEmail")],
    [query.verifiedPhone, isTrue("verifiedPhone")],
    [query.verifiedRecoveryEmail, isTrue("verifiedRecoveryEmail")],
    [query.verifiedRecoveryPhone, isTrue("verifiedRecoveryPhone")],
  ];
  for (const [flag, sql] of wanted) if (flag != null) add(flag ? sql : `NOT (${sql})`);
  if (query.ssoOnly === true) add(`(${isTrue("saml")} OR ${isTrue("oidc")})`);
  if (query.scimOnly === true) add(isTrue("scim"));
}

function times(add: Add, query: UserQuery): void {
  const bounds: readonly (readonly [string, string, Time])[] = [
    ["fromCreatedTime", "created >= ?", query.fromCreatedTime],
    ["toCreatedTime", "created <= ?", query.toCreatedTime],
    ["fromModifiedTime", "modified >= ?", query.fromModifiedTime],
    ["toModifiedTime", "modified <= ?", query.toModifiedTime],
  ];
  for (const [field, sql, time] of bounds) {
    if (time == null || time === "") continue;
    const milliseconds = Number(time);
    if (Number.isNaN(milliseconds))
      throw invalidArgument(`The ${field} field must be a time in milliseconds since 1970`);
    if (milliseconds > 0) add(sql, milliseconds);
  }
}
