import type { SQLQueryBindings } from "bun:sqlite";
import { withSubTenants } from "../entities/tenant.ts";
import { roleKey, roles } from "../entities/role.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { read, type Store } from "../store/store.ts";
import { countNow, countUsers } from "./user-counts.ts";
import { bitOf, type UserFlag } from "./user-flags.ts";
import { attributeLink, tenantRole, type LinkKind } from "./user-store.ts";
import { fold, isIndexable, textPhrase } from "./user-text.ts";
import type { User } from "./user.ts";

type Texts = readonly string[] | null | undefined;
type Flag = boolean | null | undefined;
type Time = number | null | undefined;

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
  readonly familyIds?: Texts;
  readonly dependent?: Flag;
  readonly statuses?: Texts;
  readonly lockReasons?: Texts;
  readonly tempLockReasons?: Texts;
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
const DEFAULT_PAGE = 100;

/** A page of the users that fit, and how many fit in all. */
export function searchUsers(
  project: Project,
  query: UserQuery,
): { readonly users: User[]; readonly total: number } {
  const limit = query.limit == null || query.limit === 0 ? DEFAULT_PAGE : query.limit;
  const page = query.page ?? 0;
  if (!Number.isInteger(limit) || limit < 0 || !Number.isInteger(page) || page < 0)
    throw invalidArgument("The limit and page fields must be whole numbers, and not negative");
  const offset = query.offset != null && query.offset > 0 ? query.offset : page * limit;
  const wanted = conditions(project, query);
  const sized = bySize(project, wanted);
  const few = sized[0]?.isFew === true ? sized[0].set : undefined;
  const chosen: Chosen = { ...combine(wanted, few), terms: order(query) };
  const total = count(project, wanted, sized[0]);
  const isScanned = !wanted.everybody && few === undefined;
  return {
    users: usersAt(project, pageOf(project.store, chosen, isScanned, { offset, limit, total })),
    total,
  };
}

/** Users by conditions, in an order. */
interface Chosen {
  readonly where: string;
  readonly values: readonly SQLQueryBindings[];
  readonly terms: readonly Term[];
}

/** What users are sorted by. */
interface Term {
  readonly column: string;
  readonly descending: boolean;
}

interface Page {
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
}

/** So many users may be passed over to reach a page; where each has to be looked at, it is better to remember who comes when. */
const FAR = 1000;

/** The users of a page, reached from the end that is nearer. */
function pageOf(store: Store, chosen: Chosen, isScanned: boolean, { offset, limit, total }: Page): number[] {
  const count = Math.min(limit, total - offset);
  if (count <= 0) return [];
  const behind = total - offset - count;
  if (isScanned && Math.min(offset, behind) > FAR)
    return everyone(store, chosen).slice(offset, offset + count);
  const seqs = (terms: readonly Term[], passed: number) =>
    store
      .all<{ seq: number }>(
        `SELECT seq FROM users WHERE ${chosen.where} ORDER BY ${orderBy(terms)} LIMIT ? OFFSET ?`,
        ...chosen.values,
        count,
        passed,
      )
      .map(({ seq }) => seq);
  if (offset <= behind) return seqs(chosen.terms, offset);
  return seqs(
    chosen.terms.map(({ column, descending }) => ({ column, descending: !descending })),
    behind,
  ).reverse();
}

/** The last list that was made of everybody who fits: whoever asks for one page asks for the next ones too. */
const lists = new WeakMap<
  Store,
  { readonly key: string; readonly generation: string; readonly seqs: number[] }
>();

function everyone(store: Store, { where, values, terms }: Chosen): number[] {
  const key = JSON.stringify([where, values, terms]);
  const generation = store.usersGeneration;
  const known = lists.get(store);
  if (known?.key === key && known.generation === generation) return known.seqs;
  const seqs = store
    .all<{ seq: number }>(`SELECT seq FROM users WHERE ${where} ORDER BY ${orderBy(terms)}`, ...values)
    .map(({ seq }) => seq);
  lists.set(store, { key, generation, seqs });
  return seqs;
}

function orderBy(terms: readonly Term[]): string {
  return terms.map(({ column, descending }) => `${column}${descending ? " DESC" : ""}`).join(", ");
}

/** What a query asks for. */
interface Wanted {
  /** Conditions that are looked at user by user, with their values. */
  readonly tests: readonly string[];
  readonly values: readonly SQLQueryBindings[];
  /** Conditions that can also say by themselves which users fit. */
  readonly sets: readonly UserSet[];
  /** True where nothing is asked for but whether test users are in it. */
  readonly everybody: boolean;
}

/** Some users, by one condition: as a list of them, or as a question about one. */
interface UserSet {
  /** A query that gives `seq`s. */
  readonly list: string;
  readonly listValues: readonly SQLQueryBindings[];
  /** A condition on a row of `users`. */
  readonly test: string;
  readonly testValues: readonly SQLQueryBindings[];
}

/** Where more users than this fit a condition, a page is sooner full by asking user after user than by listing them all. */
const MANY = 2000;

/** The sets of a query, that with the fewest users first. */
function bySize(project: Project, { sets }: Wanted): { readonly set: UserSet; readonly isFew: boolean }[] {
  return sets
    .map((set) => {
      const sql = `SELECT count(*) AS n FROM (${set.list} LIMIT ${MANY})`;
      return { set, size: project.store.get<{ n: number }>(sql, ...set.listValues)?.n ?? 0 };
    })
    .sort((a, b) => a.size - b.size)
    .map(({ set, size }) => ({ set, isFew: size < MANY }));
}

/** One condition of all. One set at most is listed: two lists would be walked one within the other. */
function combine(
  { tests, values, sets }: Wanted,
  listed: UserSet | undefined,
): { readonly where: string; readonly values: readonly SQLQueryBindings[] } {
  const where = [...tests];
  const all = [...values];
  for (const set of sets) {
    where.push(set === listed ? `seq IN (${set.list})` : set.test);
    all.push(...(set === listed ? set.listValues : set.testValues));
  }
  return { where: where.join(" AND "), values: all };
}

/** Reads users in the order of `found`. They were found without them, so that an index alone was walked. */
function usersAt(project: Project, seqs: readonly number[]): User[] {
  const docs = new Map(
    project.store
      .all<{ seq: number; doc: string }>(
        "SELECT seq, doc FROM users WHERE seq IN (SELECT value FROM json_each(?))",
        JSON.stringify(seqs),
      )
      .map(({ seq, doc }) => [seq, doc]),
  );
  return seqs.flatMap((seq) => {
    const doc = docs.get(seq);
    return doc === undefined ? [] : [read<User>(doc)];
  });
}

/** How many users fit; where nothing is asked for, they are counted already. */
function count(
  { store }: Project,
  wanted: Wanted,
  smallest: { readonly set: UserSet; readonly isFew: boolean } | undefined,
): number {
  if (wanted.everybody) {
    const { where, values } = combine(wanted, undefined);
    const sql = `SELECT coalesce(sum(n), 0) AS n FROM user_counts WHERE ${where}`;
    return store.get<{ n: number }>(sql, ...values)?.n ?? 0;
  }
  // What a list gives depends on more than one user: such a count is not kept, and where the list is short it need not be.
  const { where, values } = combine(wanted, smallest?.isFew === true ? smallest.set : undefined);
  return smallest?.isFew === true ? countNow(store, where, values) : countUsers(store, where, values);
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
  externalId: "login",
  loginId: "login",
  loginIds: "login",
  tenant: "tenant",
};

function order({ sort }: UserQuery): readonly Term[] {
  const terms = (sort ?? []).map(({ field, desc }) => {
    const column = Object.hasOwn(SORT_COLUMNS, field) ? SORT_COLUMNS[field] : undefined;
    if (column === undefined) {
      throw invalidArgument(`The sort field ${field} is not one of ${Object.keys(SORT_COLUMNS).join(", ")}`);
    }
    return { column, descending: desc === true };
  });
  // Ids are unique: what stands behind one decides nothing and would keep its index from being used.
  const byId = terms.findIndex(({ column }) => column === "id");
  if (byId !== -1) return terms.slice(0, byId + 1);
  // Those that are equal come as their index has them.
  return [...terms, { column: "seq", descending: terms.at(-1)?.descending === true }];
}

/** A list as one value, so that lists of all lengths are one statement. */
const LIST = "(SELECT value FROM json_each(?))";

function conditions(project: Project, query: UserQuery): Wanted {
  const tests = ["project = ?"];
  const values: SQLQueryBindings[] = [project.id];
  const sets: UserSet[] = [];
  const add = (sql: string, ...more: SQLQueryBindings[]) => {
    tests.push(sql);
    values.push(...more);
  };
  const filled = (list: Texts): list is readonly string[] => list != null && list.length > 0;
  const among = (column: string, list: Texts) => {
    if (!filled(list)) return;
    const items = JSON.stringify(list);
    sets.push({
      list: `SELECT seq FROM users WHERE project = ? AND ${column} IN ${LIST}`,
      listValues: [project.id, items],
      test: `+${column} IN ${LIST}`,
      testValues: [items],
    });
  };
  const linked = (kind: LinkKind, list: readonly string[]) => {
    const links = `SELECT user FROM user_links WHERE project = ? AND kind = ? AND value IN ${LIST}`;
    const linkValues = [project.id, kind, JSON.stringify(list)];
    sets.push({
      list: links,
      listValues: linkValues,
      test: `EXISTS (${links} AND user = users.seq)`,
      testValues: linkValues,
    });
  };

  if (query.testUsersOnly === true) add("test = 1");
  else if (query.withTestUser !== true) add("test = 0");
  const nothing = tests.length;

  const wantedLogins = [...(query.loginIds ?? []), ...(query.loginId ? [query.loginId] : [])];
  if (wantedLogins.length > 0) {
    const logins = `SELECT user FROM login_ids WHERE project = ? AND login_id IN ${LIST}`;
    const loginValues = [project.id, JSON.stringify(wantedLogins)];
    sets.push({
      list: logins,
      listValues: loginValues,
      test: `EXISTS (${logins} AND user = users.seq)`,
      testValues: loginValues,
    });
  }
  among("id", query.userIds);
  among("email", query.emails);
  among("phone", query.phones);
  among("status", query.statuses);
  for (const [field, list] of [
    ["recoveryEmail", query.recoveryEmails],
    ["recoveryPhone", query.recoveryPhones],
  ] as const) {
    if (filled(list)) add(`json_extract(doc, '$.${field}') IN ${LIST}`, JSON.stringify(list));
  }
  if (filled(query.tenantIds)) {
    const ids = query.includeSubTenants === true ? withSubTenants(project, query.tenantIds) : query.tenantIds;
    linked("tenant", ids);
  }
  if (filled(query.ssoAppIds)) linked("ssoApp", query.ssoAppIds);
  if (filled(query.familyIds)) linked("family", query.familyIds);
  if (filled(query.roleNames)) {
    linked(
      "role",
      query.roleNames.flatMap((name) => roles.named(project, roleKey(name))?.id ?? []),
    );
  }
  tenantRoles(project, query).forEach((list) => linked("tenantRole", list));
  for (const [name, wanted] of Object.entries(query.customAttributes ?? {}))
    linked(
      "attribute",
      (Array.isArray(wanted) ? wanted : [wanted]).map((one) => attributeLink(name, one)),
    );
  flags(add, query);
  times(add, query);
  if (query.text) text(project, query.text, add, sets);
  return { tests, values, sets, everybody: sets.length === 0 && tests.length === nothing };
}

/** Looks for a text in all that is text of a user. A user's whole id means that user. */
function text(project: Project, wanted: string, add: Add, sets: UserSet[]): void {
  if (project.store.get("SELECT 1 FROM users WHERE project = ? AND id = ?", project.id, wanted) !== undefined)
    return add("id = ?", wanted);
  const test = "instr((SELECT text FROM user_text WHERE rowid = users.seq), ?) > 0";
  if (!isIndexable(wanted)) return add(test, fold(wanted));
  sets.push({
    list: "SELECT rowid FROM user_text WHERE user_text MATCH ?",
    listValues: [textPhrase(wanted)],
    test,
    testValues: [fold(wanted)],
  });
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

function flags(add: Add, query: UserQuery): void {
  const wanted: readonly (readonly [Flag, UserFlag])[] = [
    [query.password, "password"],
    [query.totp, "totp"],
    [query.webauthn, "webauthn"],
    [query.scim, "scim"],
    [query.dependent, "dependent"],
    [query.verifiedEmail, "verifiedEmail"],
    [query.verifiedPhone, "verifiedPhone"],
    [query.verifiedRecoveryEmail, "verifiedRecoveryEmail"],
    [query.verifiedRecoveryPhone, "verifiedRecoveryPhone"],
    // These two can be asked for, but not against.
    [query.ssoOnly || undefined, "sso"],
    [query.scimOnly || undefined, "scim"],
  ];
  for (const [flag, name] of wanted) if (flag != null) add(`flags & ${bitOf(name)} ${flag ? "<>" : "="} 0`);
  // Only passwords lock a user here, and only until somebody unlocks it.
  if (query.lockReasons != null && query.lockReasons.length > 0)
    add(query.lockReasons.includes("password") ? `flags & ${bitOf("passwordLocked")} <> 0` : "0");
  if (query.tempLockReasons != null && query.tempLockReasons.length > 0) add("0");
}

function times(add: Add, query: UserQuery): void {
  const bounds: readonly (readonly [string, Time])[] = [
    ["created >= ?", query.fromCreatedTime],
    ["created <= ?", query.toCreatedTime],
    ["modified >= ?", query.fromModifiedTime],
    ["modified <= ?", query.toModifiedTime],
  ];
  for (const [sql, time] of bounds) {
    if (time != null && time > 0) add(sql, time);
  }
}
