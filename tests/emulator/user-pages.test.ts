import { expect, test } from "bun:test";
import { testEmulator } from "../support/emulator.ts";
import { randomFrom } from "../support/random.ts";

const USERS = 5000;

/** Conditions of a search, and the same in SQL, said in another way. */
const filters = [
  { query: {}, sql: "1" },
  {
    query: { tenantIds: ["acme"] },
    sql: "seq IN (SELECT user FROM user_links WHERE kind = 'tenant' AND value = 'acme')",
  },
  { query: { text: "even" }, sql: "name LIKE '%even%'" },
  { query: { text: "number 12" }, sql: "name LIKE '%number 12%'" },
  {
    query: { text: "even", tenantIds: ["acme"] },
    sql: "name LIKE '%even%' AND seq IN (SELECT user FROM user_links WHERE kind = 'tenant' AND value = 'acme')",
  },
  { query: { statuses: ["enabled"] }, sql: "status = 'enabled'" },
] as const;

const orders = [
  { sort: undefined, sql: "seq" },
  { sort: [{ field: "email" }], sql: "email, seq" },
  { sort: [{ field: "status", desc: true }], sql: "status DESC, seq DESC" },
  { sort: [{ field: "id", desc: true }], sql: "id DESC" },
] as const;

test("every page is the right one, and every total, while users change between the searches", async () => {
  await using emulator = testEmulator({ seed: { tenants: [{ id: "acme", name: "Acme" }] } });
  const { store } = emulator.world;
  const random = randomFrom(3);
  const user = (n: number) => ({
    loginId: `user${n}`,
    email: `${(n * 7919) % USERS}@example.com`,
    displayName: `${n % 2 === 0 ? "Even" : "Odd"} number ${n}`,
    userTenants: n % 3 === 0 ? [] : [{ tenantId: "acme" }],
  });
  const batch = (from: number, count: number) =>
    emulator.ok("/v1/mgmt/user/create/batch", {
      users: Array.from({ length: count }, (_, i) => user(from + i)),
    });
  await batch(0, USERS);
  let made = USERS;
  const somebody = () => `user${random.below(made)}`;
  const changes: readonly (() => Promise<unknown>)[] = [
    () => emulator.call("/v1/mgmt/user/delete", { loginId: somebody() }),
    () =>
      emulator.call("/v1/mgmt/user/update/name", { loginId: somebody(), displayName: `Even number ${made}` }),
    () => emulator.call("/v1/mgmt/user/update/tenant/add", { loginId: somebody(), tenantId: "acme" }),
    () => emulator.call("/v1/mgmt/user/update/tenant/remove", { loginId: somebody(), tenantId: "acme" }),
    () => emulator.call("/v1/mgmt/user/update/status", { loginId: somebody(), status: "disabled" }),
    () => emulator.ok("/v1/mgmt/user/create", user(made++)),
    // A batch of which one fails, and a change that is undone.
    () => batch((made += 60) - 61, 61),
    () => emulator.call("/v1/mgmt/user/create", user(random.below(USERS))),
    () => Promise.resolve(),
    () => Promise.resolve(),
  ];
  for (let step = 0; step < 250; step++) {
    const filter = filters[random.below(filters.length)] as (typeof filters)[number];
    const order = orders[random.below(orders.length)] as (typeof orders)[number];
    const limit = [1, 10, 100][random.below(3)] as number;
    const expected = store
      .all<{ id: string }>(`SELECT id FROM users WHERE ${filter.sql} ORDER BY ${order.sql}`)
      .map(({ id }) => id);
    const page = random.below(Math.ceil(expected.length / limit) + 2);
    const query = { ...filter.query, ...(order.sort === undefined ? {} : { sort: order.sort }), limit, page };
    const { users, total } = await emulator.ok("/v2/mgmt/user/search", query);
    expect({ query, total, ids: users.map(({ userId }) => userId) }).toEqual({
      query,
      total: expected.length,
      ids: expected.slice(page * limit, (page + 1) * limit),
    });
    await changes[random.below(changes.length)]?.();
  }
}, 60_000);
