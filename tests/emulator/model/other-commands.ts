import { expect } from "bun:test";
import fc from "fast-check";
import { command, expectOk, expectRefused, type Command } from "./command.ts";
import {
  isAllowed,
  REFRESH_LIFETIME,
  RELATION_TYPES,
  SESSION_LIFETIME,
  userReply,
  type KeyModel,
  type ListModel,
  type Model,
  type SessionModel,
} from "./model.ts";
import type { System } from "./system.ts";

const pick = fc.nat(20);
const tenantId = fc.constantFrom("t1", "t2", "t3");
const PASSWORDS = ["Correct-Horse-1", "Better-Horse-2"] as const;

function some<T>(all: readonly T[], index: number): T | undefined {
  return all[index % (all.length + 1)];
}

/** Moves time on; sometimes by as much as tokens live. */
export const timeCommands: fc.Arbitrary<Command>[] = [
  fc.constantFrom(1000, 60_000, SESSION_LIFETIME, 86_400_000, REFRESH_LIFETIME / 2).map((by) =>
    command(`${by} ms pass`, async (model) => {
      model.now += by;
    }),
  ),
];

/** A new tenant. */
export const creatingTenant: fc.Arbitrary<Command> = fc
  .record({ id: tenantId, parent: fc.option(tenantId, { nil: undefined }) })
  .map(({ id, parent }) =>
    command(`create tenant ${id} below ${parent}`, async (model, system) => {
      const name = `Tenant ${id}`;
      const answer = await system.manage("/v1/mgmt/tenant/create", {
        id,
        name,
        ...(parent === undefined ? {} : { parent }),
      });
      if (model.tenants.has(id)) return expectRefused(answer, 400, "E011004");
      if (parent !== undefined && !model.tenants.has(parent)) return expectRefused(answer, 404, "E011004");
      model.tenants.set(id, { id, name, parent });
      expectOk(answer, { id });
    }),
  );

export const tenantCommands: fc.Arbitrary<Command>[] = [
  creatingTenant,
  fc.record({ id: tenantId, cascade: fc.boolean() }).map(({ id, cascade }) =>
    command(`delete tenant ${id}${cascade ? " and all below it" : ""}`, async (model, system) => {
      const answer = await system.manage("/v1/mgmt/tenant/delete", { id, cascade });
      if (!model.tenants.has(id)) return expectRefused(answer, 404, "E011004");
      const hasChildren = [...model.tenants.values()].some(({ parent }) => parent === id);
      if (hasChildren && !cascade) return expectRefused(answer, 400, "E011004");
      deleteTenant(model, id, cascade);
      expectOk(answer);
    }),
  ),
];

function deleteTenant(model: Model, id: string, cascade: boolean): void {
  model.tenants.delete(id);
  for (const user of model.users) {
    const others = user.tenants.filter(({ tenantId: one }) => one !== id);
    if (cascade && user.tenants.length > 0 && others.length === 0) model.deleteUser(user);
    user.tenants = others;
  }
  model.deleteRoles((role) => role.tenantId === id);
  for (const key of [...model.keys]) {
    const others = key.tenants.filter((one) => one !== id);
    if (cascade && key.tenants.length > 0 && others.length === 0)
      model.keys.splice(model.keys.indexOf(key), 1);
    key.tenants = others;
  }
  for (const child of [...model.tenants.values()])
    if (child.parent === id) deleteTenant(model, child.id, cascade);
}

export async function compareTenants(model: Model, system: System): Promise<void> {
  const { tenants } = await system.ok("/v1/mgmt/tenant/all");
  expect(tenants).toMatchObject([...model.tenants.values()].map(({ id, name }) => ({ id, name })));
  for (const id of ["t1", "t2", "t3"]) {
    const answer = await system.manage(`/v1/mgmt/tenant?id=${id}`);
    const tenant = model.tenants.get(id);
    if (tenant === undefined) expectRefused(answer, 404, "E011004");
    else expectOk(answer, { id, name: tenant.name });
  }
}

export const sessionCommands: fc.Arbitrary<Command>[] = [
  fc.record({ who: pick, password: fc.constantFrom(...PASSWORDS) }).map(({ who, password }) =>
    command(`user ${who} has the password ${password}`, async (model, system) => {
      const user = model.someUser(who);
      const loginId = user?.loginIds[0] ?? "nobody";
      const answer = await system.manage("/v1/mgmt/user/password/set/active", { loginId, password });
      if (user === undefined) return expectRefused(answer, 404, "E112102");
      user.password = password;
      expectOk(answer);
    }),
  ),
  fc.record({ who: pick, wrong: fc.constantFrom(false, false, false, true) }).map(({ who, wrong }) =>
    command(`user ${who} signs in${wrong ? " with a wrong password" : ""}`, async (model, system) => {
      const user = model.someUser(who);
      const password = wrong ? "Wrong-Horse-3" : (user?.password ?? PASSWORDS[0]);
      const loginId = user?.loginIds.at(-1) ?? "nobody";
      const answer = await system.sign("/v1/auth/password/signin", { loginId, password });
      if (user === undefined) return expectRefused(answer, 404, "E062108");
      if (user.status === "disabled") return expectRefused(answer, 403, "E061004");
      if (user.password !== password) return expectRefused(answer, 401, "E062801");
      const firstSeen = !user.seen;
      user.seen = true;
      user.status = "enabled";
      expectOk(answer, { firstSeen, user: userReply(model, user) });
      const { refreshJwt, sessionJwt } = answer.body;
      model.sessions.push({
        userId: user.userId,
        refreshJwt,
        sessionJwt,
        opened: model.now,
        refreshed: model.now,
        ended: false,
      });
    }),
  ),
  fc
    .record({ which: pick, call: fc.constantFrom("refresh" as const, "me" as const) })
    .map(({ which, call }) =>
      command(`${call} with session ${which}`, async (model, system) => {
        const session = some(model.sessions, which);
        if (session === undefined) return;
        const answer = await system.sign(
          `/v1/auth/${call}`,
          call === "me" ? undefined : {},
          session.refreshJwt,
        );
        if (!expectUsable(model, session, answer)) return;
        const user = model.users.find(({ userId }) => userId === session.userId);
        if (user === undefined) throw new Error("a session of nobody is good");
        if (call === "me") return expectOk(answer, userReply(model, user));
        expectOk(answer, { user: userReply(model, user) });
        session.sessionJwt = answer.body.sessionJwt;
        session.refreshed = model.now;
      }),
    ),
  fc.record({ which: pick, all: fc.boolean() }).map(({ which, all }) =>
    command(`log ${all ? "all" : "out"} of session ${which}`, async (model, system) => {
      const session = some(model.sessions, which);
      if (session === undefined) return;
      const answer = await system.sign(`/v1/auth/logout${all ? "all" : ""}`, {}, session.refreshJwt);
      if (!expectUsable(model, session, answer)) return;
      for (const one of model.sessions)
        if (one === session || (all && one.userId === session.userId)) one.ended = true;
      expectOk(answer);
    }),
  ),
  fc.record({ which: pick }).map(({ which }) =>
    command(`validate the session token of session ${which}`, async (model, system) => {
      const session = some(model.sessions, which);
      if (session === undefined) return;
      const answer = await system.sign("/v1/auth/validate", {}, session.sessionJwt);
      if (session.refreshed + SESSION_LIFETIME <= model.now) return expectRefused(answer, 401, "E061005");
      if (!expectUsable(model, session, answer)) return;
      expectOk(answer, { parsedJWT: { sub: session.userId } });
    }),
  ),
  fc.record({ which: pick, tenant: tenantId }).map(({ which, tenant }) =>
    command(`session ${which} selects ${tenant}`, async (model, system) => {
      const session = some(model.sessions, which);
      if (session === undefined) return;
      const answer = await system.sign("/v1/auth/tenant/select", { tenant }, session.refreshJwt);
      if (!expectUsable(model, session, answer)) return;
      const user = model.users.find(({ userId }) => userId === session.userId);
      if (user?.tenants.some(({ tenantId: one }) => one === tenant) !== true)
        return expectRefused(answer, 403, "E061004");
      expectOk(answer, { user: userReply(model, user) });
      session.sessionJwt = answer.body.sessionJwt;
      session.refreshed = model.now;
    }),
  ),
];

/** True where a session is good; where it is not, the answer must say why. */
function expectUsable(model: Model, session: SessionModel, answer: Parameters<typeof expectOk>[0]): boolean {
  switch (model.stateOf(session)) {
    case "good":
      return true;
    case "expired":
      expectRefused(answer, 401, "E061005");
      return false;
    case "ended":
      expectRefused(answer, 401, "E064001");
      return false;
    case "disabled":
      expectRefused(answer, 403, "E061004");
      return false;
  }
}

function keyReply(model: Model, key: KeyModel): Record<string, unknown> {
  const isExpired = key.expires !== undefined && key.expires <= model.now;
  return {
    id: key.id,
    name: key.name,
    status: isExpired ? "expired" : key.active ? "active" : "inactive",
    boundUserId: key.userId ?? "",
    expireTime: (key.expires ?? 0) / 1000,
    keyTenants: key.tenants.map((id) => ({ tenantId: id, tenantName: model.tenants.get(id)?.name })),
  };
}

export const keyCommands: fc.Arbitrary<Command>[] = [
  fc
    .record({
      name: fc.constantFrom("One", "Two"),
      bound: fc.option(pick, { nil: undefined }),
      lifetime: fc.option(fc.constantFrom(60, 86_400), { nil: undefined }),
      tenants: fc.subarray(["t1", "t2"]),
    })
    .map(({ name, bound, lifetime, tenants }) =>
      command(
        `create key ${name} of user ${bound} in ${tenants} for ${lifetime} s`,
        async (model, system) => {
          const user = bound === undefined ? undefined : model.someUser(bound);
          const expires =
            lifetime === undefined ? undefined : (Math.floor(model.now / 1000) + lifetime) * 1000;
          const answer = await system.manage("/v1/mgmt/accesskey/create", {
            name,
            expireTime: (expires ?? 0) / 1000,
            userId: bound === undefined ? "" : (user?.userId ?? "U0"),
            keyTenants: tenants.map((id) => ({ tenantId: id, roleNames: [] })),
          });
          if (bound !== undefined && user === undefined) return expectRefused(answer, 404, "E112102");
          if (tenants.some((id) => !model.tenants.has(id))) return expectRefused(answer, 404, "E011004");
          const { id } = answer.body.key;
          const key: KeyModel = {
            id,
            cleartext: answer.body.cleartext,
            name,
            userId: user?.userId,
            expires,
            tenants,
            active: true,
          };
          model.keys.push(key);
          expectOk(answer, { key: keyReply(model, key) });
        },
      ),
    ),
  fc
    .record({
      which: pick,
      verb: fc.constantFrom("activate" as const, "deactivate" as const, "delete" as const),
    })
    .map(({ which, verb }) =>
      command(`${verb} key ${which}`, async (model, system) => {
        const key = some(model.keys, which);
        const answer = await system.manage(`/v1/mgmt/accesskey/${verb}`, { id: key?.id ?? "K0" });
        if (key === undefined) return expectRefused(answer, 404, "E011004");
        if (verb === "delete") model.keys.splice(model.keys.indexOf(key), 1);
        else key.active = verb === "activate";
        expectOk(answer);
      }),
    ),
  fc.record({ which: pick, tenant: fc.option(tenantId, { nil: "" }) }).map(({ which, tenant }) =>
    command(`exchange key ${which} for ${tenant}`, async (model, system) => {
      const key = some(model.keys, which);
      const answer = await system.sign(
        "/v1/auth/accesskey/exchange",
        { loginOptions: { selectedTenant: tenant } },
        key?.cleartext ?? "K0nobody",
      );
      const user = model.users.find(({ userId }) => userId === key?.userId);
      const isGood =
        key !== undefined &&
        key.active &&
        (key.expires === undefined || key.expires > model.now) &&
        (key.userId === undefined || (user !== undefined && user.status !== "disabled"));
      if (!isGood) return expectRefused(answer, 401, "E061005");
      const tenants = user?.tenants.map((one) => one.tenantId) ?? key.tenants;
      if (tenant !== "" && !tenants.includes(tenant)) return expectRefused(answer, 400, "E011004");
      expectOk(answer, { keyId: key.id });
    }),
  ),
];

export async function compareKeys(model: Model, system: System): Promise<void> {
  const { keys } = await system.ok("/v1/mgmt/accesskey/search", {});
  expect(keys).toMatchObject(model.keys.map((key) => keyReply(model, key)));
}

function listReply({ id, name, texts }: ListModel): Record<string, unknown> {
  return { id, name, type: "texts", data: texts };
}

const listName = fc.constantFrom("Allowed", "Blocked", "Beta");
const words = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 4 });

export const listCommands: fc.Arbitrary<Command>[] = [
  fc.record({ name: listName, data: words }).map(({ name, data }) =>
    command(`create list ${name} of ${data}`, async (model, system) => {
      const answer = await system.manage("/v1/mgmt/list", { name, type: "texts", data });
      if (model.lists.some((list) => list.name === name)) return expectRefused(answer, 400, "E011004");
      const list = { id: answer.body.list.id, name, texts: [...new Set(data)] };
      model.lists.push(list);
      expectOk(answer, { list: listReply(list) });
    }),
  ),
  fc.record({ which: pick, name: listName, data: words }).map(({ which, name, data }) =>
    command(`list ${which} becomes ${name} of ${data}`, async (model, system) => {
      const list = some(model.lists, which);
      const answer = await system.manage("/v1/mgmt/list/update", {
        id: list?.id ?? "L0",
        name,
        type: "texts",
        data,
      });
      if (list === undefined) return expectRefused(answer, 404, "E011004");
      if (model.lists.some((one) => one !== list && one.name === name))
        return expectRefused(answer, 400, "E011004");
      list.name = name;
      list.texts = [...new Set(data)];
      expectOk(answer, { list: listReply(list) });
    }),
  ),
  fc
    .record({ which: pick, verb: fc.constantFrom("add" as const, "remove" as const), texts: words })
    .map(({ which, verb, texts }) =>
      command(`list ${which}: ${verb} ${texts}`, async (model, system) => {
        const list = some(model.lists, which);
        const answer = await system.manage(`/v1/mgmt/list/text/${verb}`, { id: list?.id ?? "L0", texts });
        if (list === undefined) return expectRefused(answer, 404, "E011004");
        list.texts =
          verb === "add"
            ? [...new Set([...list.texts, ...texts])]
            : list.texts.filter((one) => !texts.some((gone) => gone === one));
        expectOk(answer);
      }),
    ),
  fc.record({ which: pick, text: fc.constantFrom("a", "b", "") }).map(({ which, text }) =>
    command(`list ${which} has ${text}`, async (model, system) => {
      const list = some(model.lists, which);
      const answer = await system.manage("/v1/mgmt/list/text/check", { id: list?.id ?? "L0", text });
      if (list === undefined) return expectRefused(answer, 404, "E011004");
      expectOk(answer, { exists: list.texts.includes(text) });
    }),
  ),
  fc
    .record({ which: pick, verb: fc.constantFrom("clear" as const, "delete" as const) })
    .map(({ which, verb }) =>
      command(`${verb} list ${which}`, async (model, system) => {
        const list = some(model.lists, which);
        const answer = await system.manage(`/v1/mgmt/list/${verb}`, { id: list?.id ?? "L0" });
        if (list === undefined) return expectRefused(answer, 404, "E011004");
        if (verb === "clear") list.texts = [];
        else model.lists.splice(model.lists.indexOf(list), 1);
        expectOk(answer);
      }),
    ),
];

export async function compareLists(model: Model, system: System): Promise<void> {
  const { lists } = await system.ok("/v1/mgmt/list/all");
  expect(lists).toMatchObject(model.lists.map(listReply));
}

const thing = fc.constantFrom("x", "y", "z");
const user = fc.constantFrom("ann", "bo", "cy");
const relation = fc
  .constantFrom(...RELATION_TYPES)
  .chain((kind) =>
    fc.record({ kind: fc.constant(kind), resource: thing, target: kind.target === "user" ? user : thing }),
  );

export const relationCommands: fc.Arbitrary<Command>[] = [
  fc
    .record({ given: fc.array(relation, { minLength: 1, maxLength: 3 }), add: fc.boolean() })
    .map(({ given, add }) => {
      const words = given.map(
        ({ kind, resource, target }) =>
          `${kind.type}:${resource}#${kind.relation}@${kind.target.split("#")[0]}:${target}`,
      );
      return command(`${add ? "relate" : "part"} ${words.join(" ")}`, async (model, system) => {
        const tuples = given.map(({ kind, resource, target }) => ({
          resourceType: kind.type,
          resource,
          relation: kind.relation,
          targetType: kind.target,
          target,
        }));
        expectOk(await system.manage(`/v1/mgmt/fga/relations${add ? "" : "/delete"}`, { tuples }));
        for (const one of words) {
          if (add) model.relations.add(one);
          else model.relations.delete(one);
        }
      });
    }),
  fc
    .record({
      type: fc.constantFrom("doc", "folder"),
      resource: thing,
      relation: fc.constantFrom("owner", "can_view"),
    })
    .map(({ type, resource, relation: asked }) =>
      command(`who has ${type}:${resource}#${asked}`, async (model, system) => {
        const users = ["ann", "bo", "cy"];
        const tuple = { resourceType: type, resource, relation: asked, targetType: "user" };
        const { tuples } = await system.ok("/v1/mgmt/fga/check", {
          tuples: users.map((target) => ({ ...tuple, target })),
        });
        const allowed = users.filter((one) => isAllowed(model.relations, type, resource, asked, one));
        expect(tuples.filter((one) => one.allowed).map((one) => one.tuple.target)).toEqual(allowed);
        const { targets } = await system.ok("/v1/mgmt/authz/re/who", {
          resource,
          relationDefinition: asked,
          namespace: type,
        });
        expect([...targets].sort()).toEqual(allowed);
      }),
    ),
];
