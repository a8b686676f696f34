import { expect } from "bun:test";
import { userReply, type Model, type UserModel } from "./model.ts";
import type { System } from "./system.ts";

/** A search, as far as the model knows it. */
export interface Query {
  readonly tenantIds?: readonly string[] | undefined;
  readonly roleNames?: readonly string[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly loginIds?: readonly string[] | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly text?: string | undefined;
  readonly customAttributes?: Readonly<Record<string, unknown>> | undefined;
  readonly verifiedEmail?: boolean | undefined;
  readonly withTestUser?: boolean | undefined;
  readonly testUsersOnly?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly page?: number | undefined;
  readonly sort?: readonly { readonly field: string; readonly desc: boolean }[] | undefined;
}

/** Sends a search and compares page and count. */
export async function compareSearch(model: Model, system: System, query: Query): Promise<void> {
  const { users, total } = await system.ok("/v2/mgmt/user/search", query);
  const found = sorted(
    model.users.filter((user) => fits(user, query)),
    query.sort ?? [],
  );
  const limit = query.limit || 100;
  const from = (query.page ?? 0) * limit;
  expect(total).toBe(found.length);
  expect(users).toMatchObject(found.slice(from, from + limit).map((user) => userReply(model, user)));
}

function fits(user: UserModel, query: Query): boolean {
  const among = (list: readonly string[] | undefined, ...values: readonly string[]) =>
    list === undefined || list.length === 0 || values.some((value) => list.includes(value));
  return (
    (query.testUsersOnly === true ? user.test : query.withTestUser === true || !user.test) &&
    among(query.tenantIds, ...user.tenants.map(({ tenantId }) => tenantId)) &&
    among(
      query.roleNames,
      ...user.roles.filter((role) => role.tenantId === undefined).map(({ name }) => name),
    ) &&
    among(query.statuses, user.status) &&
    among(query.loginIds, ...user.loginIds) &&
    among(query.emails, user.email) &&
    (query.verifiedEmail === undefined || user.verifiedEmail === query.verifiedEmail) &&
    (!query.text || textOf(user).some((text) => fold(text).includes(fold(query.text as string)))) &&
    Object.entries(query.customAttributes ?? {}).every(([name, wanted]) =>
      [user.attributes[name]].flat().includes(wanted),
    )
  );
}

/** What a search for a text looks at; of the user's id only the whole would do. */
function textOf(user: UserModel): string[] {
  return [
    ...user.loginIds,
    user.name,
    user.email,
    user.phone,
    ...Object.values(user.attributes).flat().map(String),
  ];
}

function fold(text: string): string {
  return text.toLowerCase();
}

const COLUMNS: Readonly<Record<string, (user: UserModel) => string | number>> = {
  email: ({ email }) => email,
  displayName: ({ name }) => name,
  status: ({ status }) => status,
  createdTime: ({ created }) => created,
};

/** Equal ones stay in the order in which they came, or in the other one behind a last field that is sorted downwards. */
function sorted(users: readonly UserModel[], sort: NonNullable<Query["sort"]>): UserModel[] {
  const base = sort.at(-1)?.desc === true ? users.toReversed() : [...users];
  return base.sort((a, b) => {
    for (const { field, desc } of sort) {
      const column = COLUMNS[field] as (user: UserModel) => string | number;
      const [x, y] = [column(a), column(b)];
      if (x !== y) return x < y === desc ? 1 : -1;
    }
    return 0;
  });
}
