import { expect } from "bun:test";
import fc from "fast-check";
import type { Reply } from "../../support/replies.ts";
import { command, expectOk, expectRefused, type Command } from "./command.ts";
import { userReply, type Model, type UserModel } from "./model.ts";
import { compareSearch, type Query } from "./user-search.ts";

/** Few, so that they are taken often. */
const loginId = fc.constantFrom("ann@example.com", "bo@example.com", "cy", "dee", "+15550001111", "eve");
const mail = fc.constantFrom("", "ann@example.com", "bo@example.com", "x.y@example.org");
const name = fc.constantFrom("", "Ann Ash", "Bo Berg", "Zoë", "ÄRGER");
const attributes = fc.constantFrom({}, { level: "gold" }, { level: "red", tags: ["a", "b"] }, { count: 3 });
const pick = fc.nat(20);
const tenantIds = fc.subarray(["t1", "t2", "t3"]);

/** What a request says of a user; what is undefined is not sent. */
const fields = fc.record(
  {
    email: mail,
    phone: fc.constantFrom("", "+15550001111"),
    name,
    verifiedEmail: fc.boolean(),
    tenants: tenantIds,
    customAttributes: attributes,
    more: fc.array(loginId, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
type Fields = typeof fields extends fc.Arbitrary<infer F> ? F : never;

function requestOf(id: string, { tenants, more, ...rest }: Fields): Record<string, unknown> {
  return {
    loginId: id,
    ...rest,
    ...(tenants === undefined ? {} : { userTenants: tenants.map((tenantId) => ({ tenantId })) }),
    ...(more === undefined ? {} : { additionalIdentifiers: more }),
  };
}

function hasUnknownTenant(model: Model, { tenants }: Fields): boolean {
  return (tenants ?? []).some((id) => !model.tenants.has(id));
}

/** Changes what is said of a user; `false` where the login ids are another's. */
function apply(model: Model, user: UserModel, given: Fields, mode: "merge" | "replace"): boolean {
  const more = given.more ?? [];
  const loginIds = more.length === 0 ? user.loginIds : [...new Set([user.loginIds[0] as string, ...more])];
  if (model.isTaken(loginIds, user)) return false;
  user.loginIds = loginIds;
  for (const field of ["name", "email", "phone"] as const) {
    if (given[field] !== undefined) user[field] = given[field];
    else if (mode === "replace") user[field] = "";
  }
  if (given.verifiedEmail !== undefined || mode === "replace")
    user.verifiedEmail = given.verifiedEmail ?? false;
  if (mode === "replace") user.roles = [];
  if (given.tenants !== undefined || mode === "replace")
    user.tenants = (given.tenants ?? []).map((tenantId) => ({ tenantId, roles: [] }));
  const said = given.customAttributes;
  if (mode === "replace") user.attributes = { ...said };
  else user.attributes = { ...user.attributes, ...said };
  return true;
}

function newUser(model: Model, id: string, given: Fields, test: boolean): UserModel | undefined {
  const user: UserModel = {
    userId: "",
    loginIds: [id],
    name: "",
    email: "",
    phone: "",
    verifiedEmail: false,
    status: "enabled",
    roles: [],
    tenants: [],
    attributes: {},
    password: undefined,
    test,
    created: model.now,
    seen: false,
  };
  return !model.isTaken([id]) && apply(model, user, given, "replace") ? user : undefined;
}

const filters = {
  tenantIds: fc.subarray(["t1", "t2", "t3"], { minLength: 1 }),
  statuses: fc.subarray(["enabled", "disabled", "invited"], { minLength: 1 }),
  roleNames: fc.subarray(["reader", "writer"], { minLength: 1 }),
  loginIds: fc.array(loginId, { minLength: 1, maxLength: 3 }),
  emails: fc.array(mail, { minLength: 1, maxLength: 2 }),
  text: fc.constantFrom("ann", "EXAMPLE", "berg", "zo", "ä", "U", "gold", "555"),
  customAttributes: fc.constantFrom(
    { level: "gold" },
    { tags: "a" },
    { count: 3 },
    { level: "red", tags: "b" },
  ),
  verifiedEmail: fc.boolean(),
};

/** No filter, one or two: more of them find nobody. */
const filter = fc
  .subarray(Object.keys(filters) as (keyof typeof filters)[], { maxLength: 2 })
  .chain((names) =>
    fc.record(Object.fromEntries(names.map((one) => [one, filters[one] as fc.Arbitrary<unknown>]))),
  );

const query: fc.Arbitrary<Query> = fc
  .record({
    filter,
    test: fc.constantFrom({ withTestUser: true }, { withTestUser: true }, { testUsersOnly: true }, {}),
    page: fc.constantFrom({}, {}, { limit: 2 }, { limit: 1, page: 1 }, { limit: 2, page: 1 }),
    sort: fc.array(
      fc.record({
        field: fc.constantFrom("email", "displayName", "status", "createdTime"),
        desc: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ filter: wanted, test, page, sort }) => ({ ...wanted, ...test, ...page, sort }));

/** A new user. */
export const creating: fc.Arbitrary<Command> = fc
  .record({ id: loginId, given: fields, test: fc.boolean() })
  .map(({ id, given, test }) =>
    command(`create ${id} ${test ? "(test) " : ""}${JSON.stringify(given)}`, async (model, system) => {
      const path = test ? "/v1/mgmt/user/create/test" : "/v1/mgmt/user/create";
      const answer = await system.manage(path, requestOf(id, given));
      if (hasUnknownTenant(model, given)) return expectRefused(answer, 404, "E011004");
      const user = newUser(model, id, given, test);
      if (user === undefined) return expectRefused(answer, 400, "E062107");
      model.users.push({ ...user, userId: answer.body.user.userId });
      expectOk(answer, { user: userReply(model, model.users.at(-1) as UserModel) });
    }),
  );

/** A user joins a tenant, or leaves it. */
export const joining: fc.Arbitrary<Command> = fc
  .record({
    who: pick,
    tenant: fc.constantFrom("t1", "t1", "t2", "t3"),
    add: fc.constantFrom(true, true, true, false),
  })
  .map(({ who, tenant, add }) =>
    command(`user ${who} ${add ? "joins" : "leaves"} ${tenant}`, async (model, system) => {
      const user = model.someUser(who);
      const path = `/v1/mgmt/user/update/tenant/${add ? "add" : "remove"}`;
      const answer = await system.manage(path, {
        loginId: user?.loginIds[0] ?? "nobody",
        tenantId: tenant,
      });
      if (user === undefined) return expectRefused(answer, 404, "E112102");
      if (!model.tenants.has(tenant)) return expectRefused(answer, 404, "E011004");
      if (!add) user.tenants = user.tenants.filter(({ tenantId }) => tenantId !== tenant);
      else if (user.tenants.every(({ tenantId }) => tenantId !== tenant))
        user.tenants = [...user.tenants, { tenantId: tenant, roles: [] }];
      expectOk(answer, { user: userReply(model, user) });
    }),
  );

export const userCommands: fc.Arbitrary<Command>[] = [
  creating,
  joining,
  fc
    .record({ who: pick, given: fields, patch: fc.boolean(), byUserId: fc.boolean() })
    .map(({ who, given, patch, byUserId }) =>
      command(`${patch ? "patch" : "update"} user ${who} ${JSON.stringify(given)}`, async (model, system) => {
        const user = model.someUser(who);
        const id = (byUserId ? user?.userId : user?.loginIds[0]) ?? "nobody";
        const answer = patch
          ? await system.manage("/v1/mgmt/user/patch", requestOf(id, given), "PATCH")
          : await system.manage("/v1/mgmt/user/update", requestOf(id, given));
        if (user === undefined) return expectRefused(answer, 404, "E112102");
        if (hasUnknownTenant(model, given)) return expectRefused(answer, 404, "E011004");
        if (!apply(model, user, given, patch ? "merge" : "replace"))
          return expectRefused(answer, 400, "E062107");
        expectOk(answer, { user: userReply(model, user) });
      }),
    ),
  fc.record({ who: pick, byUserId: fc.boolean() }).map(({ who, byUserId }) =>
    command(`delete user ${who}`, async (model, system) => {
      const user = model.someUser(who);
      const answer = await system.manage(
        "/v1/mgmt/user/delete",
        byUserId ? { userId: user?.userId ?? "U0" } : { loginId: user?.loginIds[0] ?? "nobody" },
      );
      if (user === undefined) return expectRefused(answer, 404, "E112102");
      model.deleteUser(user);
      expectOk(answer);
    }),
  ),
  fc
    .record({
      who: pick,
      status: fc.constantFrom("enabled" as const, "disabled" as const, "invited" as const),
    })
    .map(({ who, status }) =>
      command(`user ${who} is ${status}`, async (model, system) => {
        const user = model.someUser(who);
        const answer = await system.manage("/v1/mgmt/user/update/status", {
          loginId: user?.loginIds[0] ?? "nobody",
          status,
        });
        if (user === undefined) return expectRefused(answer, 404, "E112102");
        user.status = status;
        expectOk(answer, { user: userReply(model, user) });
      }),
    ),
  fc.record({ who: pick, to: fc.oneof(loginId, fc.constant("")) }).map(({ who, to }) =>
    command(`user ${who} has the login id ${JSON.stringify(to)} for the first one`, async (model, system) => {
      const user = model.someUser(who);
      const from = user?.loginIds[0] ?? "nobody";
      const answer = await system.manage("/v1/mgmt/user/update/loginid", { loginId: from, newLoginId: to });
      if (user === undefined) return expectRefused(answer, 404, "E112102");
      if (to === "" && user.loginIds.length === 1) return expectRefused(answer, 400, "E011004");
      const loginIds = to === "" ? user.loginIds.slice(1) : [...new Set([to, ...user.loginIds.slice(1)])];
      if (model.isTaken(loginIds, user)) return expectRefused(answer, 400, "E062107");
      user.loginIds = loginIds;
      expectOk(answer, { user: userReply(model, user) });
    }),
  ),
  fc.array(fc.record({ id: loginId, given: fields }), { maxLength: 4 }).map((rows) =>
    command(`create a batch ${JSON.stringify(rows)}`, async (model, system) => {
      const users = rows.map(({ id, given }) => requestOf(id, given));
      const answer = await system.manage("/v1/mgmt/user/create/batch", { users });
      const created: UserModel[] = [];
      const failed: string[] = [];
      for (const { id, given } of rows) {
        const user = hasUnknownTenant(model, given) ? undefined : newUser(model, id, given, false);
        if (user === undefined) failed.push(id);
        else {
          const userId = answer.body.createdUsers[created.length]?.userId ?? "";
          created.push({ ...user, userId });
          model.users.push(created.at(-1) as UserModel);
        }
      }
      expectOk(answer, {
        createdUsers: created.map((user) => userReply(model, user)),
        failedUsers: failed.map((id) => ({ user: { loginIds: [id] } })),
      });
    }),
  ),
  fc.array(pick, { maxLength: 3 }).map((picks) =>
    command(`delete the batch ${picks}`, async (model, system) => {
      const users = picks.map((one) => model.someUser(one));
      const userIds = users.map((user) => user?.userId ?? "U0");
      expectOk(await system.manage("/v1/mgmt/user/delete/batch", { userIds }));
      for (const user of users) if (user !== undefined) model.deleteUser(user);
    }),
  ),
  query.map((wanted) =>
    command(`search ${JSON.stringify(wanted)}`, async (model, system) => {
      await compareSearch(model, system, wanted);
    }),
  ),
  fc.record({ who: pick }).map(({ who }) =>
    command(`load user ${who}`, async (model, system) => {
      const user = model.someUser(who);
      for (const query of [
        `loginId=${encodeURIComponent(user?.loginIds.at(-1) ?? "nobody")}`,
        `userId=${user?.userId ?? "U0"}`,
      ]) {
        const answer = await system.manage(`/v1/mgmt/user?${query}`);
        if (user === undefined) expectRefused(answer, 404, "E112102");
        else expectOk(answer, { user: userReply(model, user) });
      }
    }),
  ),
];

/** All users, whatever they are, compared one by one. */
export async function compareUsers(
  model: Model,
  system: { ok(path: string, body: unknown): Promise<Reply> },
) {
  const { users, total } = await system.ok("/v2/mgmt/user/search", { limit: 1000, withTestUser: true });
  expect(total).toBe(model.users.length);
  expect(users).toMatchObject(model.users.map((user) => userReply(model, user)));
}
