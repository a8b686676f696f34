import { connect, type Socket } from "node:net";
import { describe, expect, test } from "bun:test";
import type { GenericSchema } from "valibot";
import { LONGEST_BODY } from "../../src/emulator/requests/request-body.ts";
import { served } from "../../src/emulator/services.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import { randomFrom, type Random } from "../support/random.ts";

const SEED = {
  permissions: [{ name: "p" }],
  roles: [{ name: "r", permissionNames: ["p"] }],
  tenants: [{ id: "t", name: "T" }],
  users: [{ loginId: "a", email: "ann@example.com", userTenants: [{ tenantId: "t" }] }],
};

/** What nobody expects in a member, whatever it is for. */
const ODD: readonly unknown[] = [
  null,
  0,
  -1,
  1e21,
  true,
  "",
  "\0",
  "\ud800",
  "__proto__",
  "x".repeat(5000),
  [],
  {},
  [[]],
  [null],
  { a: {} },
  JSON.parse('{"__proto__":{"x":1}}'),
];
const TEXTS = [
  "a",
  "t",
  "r",
  "p",
  "",
  "U1",
  "ann@example.com",
  "https://x.example/?a=1",
  "\0",
  "\ud800x",
  "+15551234567",
];
const NUMBERS = [0, 1, -1, 5, 0.5, 1e21];

/** The parts of a schema of valibot that say what it is made of. */
interface Shape {
  readonly type?: string;
  readonly wrapped?: Shape;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  readonly options?: readonly unknown[];
}

const one = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] as T;

/** Something that is nearly what a schema asks for. */
function nearly(schema: Shape | undefined, random: Random, depth = 0): unknown {
  if (schema === undefined || depth > 6 || random.below(12) === 0) return one(random, ODD);
  const { type, wrapped, entries, item, options } = schema;
  if (wrapped !== undefined) return random.below(5) === 0 ? undefined : nearly(wrapped, random, depth + 1);
  if (entries !== undefined)
    return Object.fromEntries(
      Object.entries(entries)
        .filter(() => random.below(4) > 0)
        .map(([key, member]) => [key, nearly(member, random, depth + 1)]),
    );
  if (item !== undefined)
    return Array.from({ length: random.below(3) }, () => nearly(item, random, depth + 1));
  if (type === "union") return nearly(one(random, options ?? []) as Shape, random, depth + 1);
  if (type === "picklist") return one(random, options ?? []);
  if (type === "string") return one(random, TEXTS);
  if (type === "number") return one(random, NUMBERS);
  if (type === "boolean") return random.below(2) === 0;
  return one(random, ODD);
}

test("whatever any operation is given, it is never the emulator's fault, and it answers in JSON or as it says", async () => {
  await using emulator = testEmulator({ seed: SEED });
  const random = randomFrom(42);
  const faults: string[] = [];
  const statuses = new Set<number>();
  for (let round = 0; round < 6; round++) {
    emulator.reset();
    for (const { operation } of served) {
      const schema = operation.input?.() as (GenericSchema & Shape) | undefined;
      const input = schema === undefined ? {} : nearly(schema, random);
      const inQuery = operation.method === "GET" || operation.method === "DELETE";
      const path = operation.path.replaceAll(/\{\w+\}/g, () =>
        one(random, ["a", "t", "%00", "%", "__proto__"]),
      );
      const query = new URLSearchParams();
      if (inQuery && typeof input === "object" && input !== null)
        for (const [key, value] of Object.entries(input))
          if (value != null)
            query.append(key, typeof value === "object" ? JSON.stringify(value) : String(value));
      const sent = `${path}${inQuery ? `?${query}` : ""}`;
      const response = await fetch(emulator.url + sent, {
        method: operation.method,
        redirect: "manual",
        headers: {
          authorization: `Bearer ${emulator.project}:${random.below(10) === 0 ? "x" : emulator.managementKey}`,
          "content-type": "application/json",
        },
        ...(inQuery ? {} : { body: JSON.stringify(input) ?? "" }),
      });
      const text = await response.text();
      statuses.add(response.status);
      if (response.status >= 500)
        faults.push(`${operation.method} ${sent} ${JSON.stringify(input)}: ${text}`);
    }
  }
  expect(faults).toEqual([]);
  expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 400, 401, 404]));
}, 60_000);

/** A connection of bytes. */
async function connection(emulator: TestEmulator): Promise<{ socket: Socket; answer: Promise<string> }> {
  const { hostname, port } = new URL(emulator.url);
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("close", () => resolve(text));
    socket.on("error", () => resolve(text));
  });
  await new Promise<void>((resolve) => socket.on("connect", resolve));
  return { socket, answer };
}

function head({ project, managementKey }: TestEmulator, length: number): string {
  return (
    `POST /v1/mgmt/tenant/create HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n` +
    `authorization: Bearer ${project}:${managementKey}\r\ncontent-length: ${length}\r\n\r\n`
  );
}

describe("requests that come slowly, or not whole", () => {
  test("one that comes letter by letter is answered, and holds nobody else up", async () => {
    await using emulator = testEmulator();
    const { socket, answer } = await connection(emulator);
    const body = JSON.stringify({ id: "slow", name: "Slow" });
    for (const part of `${head(emulator, body.length)}${body}`.match(/.{1,40}/gs) ?? []) {
      expect((await emulator.ok("/v1/mgmt/tenant/all")).tenants).toEqual([]);
      await new Promise((resolve) => socket.write(part, resolve));
    }
    expect(await answer).toContain('{"id":"slow"}');
    expect((await emulator.ok("/v1/mgmt/tenant/all")).tenants).toHaveLength(1);
  });

  test("one that is cut behind what would be a whole body does nothing", async () => {
    await using emulator = testEmulator();
    const body = JSON.stringify({ id: "cut", name: "Cut" });
    for (const end of ["end", "destroy"] as const) {
      const { socket, answer } = await connection(emulator);
      await new Promise((resolve) => socket.write(`${head(emulator, body.length + 10)}${body}`, resolve));
      socket[end]();
      await answer;
    }
    expect((await emulator.ok("/v1/mgmt/tenant/all")).tenants).toEqual([]);
  });

  test("what is no HTTP is sent away, and the next request is answered", async () => {
    await using emulator = testEmulator();
    for (const bytes of [
      "\0\0\0",
      "GET\r\n\r\n",
      "\x16\x03\x01\x02\x00",
      "POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    ]) {
      const { socket, answer } = await connection(emulator);
      socket.write(bytes);
      socket.end();
      expect(await answer).not.toContain(" 200 ");
      expect((await emulator.call("/_emulator/health")).status).toBe(200);
    }
  });
});

test("a client that looks for the reply only when all is sent learns that it was too much", async () => {
  await using emulator = testEmulator();
  const length = LONGEST_BODY + 1024 * 1024;
  const { socket, answer } = await connection(emulator);
  socket.pause();
  await new Promise((resolve) => socket.write(head(emulator, length) + "x".repeat(length), resolve));
  socket.resume();
  expect(await answer).toMatch(/^HTTP\/1.1 413 [^]*The body is longer than 52428800 bytes/);
});

describe("bodies", () => {
  const bodies: readonly (readonly [string, string, number])[] = [
    [
      "nested a hundred thousand deep",
      `{"name":"a","customAttributes":{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`,
      400,
    ],
    ["a text of ten million letters", JSON.stringify({ id: "long", name: "x".repeat(10_000_000) }), 200],
    ["cut within", '{"name":"a"', 400],
    ["two documents", '{"name":"a"}{"name":"b"}', 400],
    ["a comment", '{"name":"a"} // yes', 400],
    ["single quotes", "{'name':'a'}", 400],
    ["a number that is none", '{"name":NaN}', 400],
  ];
  for (const [name, body, status] of bodies) {
    test(`${name}: ${status}`, async () => {
      await using emulator = testEmulator();
      const answer = await emulator.call("/v1/mgmt/tenant/create", body);
      expect<unknown>([answer.status, answer.body.errorCode]).toEqual([
        status,
        status === 200 ? undefined : "E011001",
      ]);
      if (status !== 200) expect((await emulator.ok("/v1/mgmt/tenant/all")).tenants).toEqual([]);
    });
  }

  test("a key that every object has by birth is a key like any other", async () => {
    await using emulator = testEmulator();
    const body =
      '{"loginId":"a","customAttributes":{"__proto__":"x","constructor":"y"},"__proto__":{"test":true}}';
    expect((await emulator.call("/v1/mgmt/user/create", body)).status).toBeLessThan(500);
    expect(({} as { test?: boolean }).test).toBeUndefined();
    expect((await emulator.ok("/v2/mgmt/user/search", {})).users.every((user) => !user.test)).toBe(true);
  });
});

test("thousands of writers who want the same things: what is kept holds together", async () => {
  await using emulator = testEmulator({ seed: SEED });
  const random = randomFrom(7);
  const work = Array.from({ length: 4000 }, (_, i) => {
    const loginId = `user${random.below(60)}`;
    switch (random.below(6)) {
      case 0:
        return emulator.call("/v1/mgmt/user/delete", { loginId });
      case 1:
        return emulator.call("/v1/mgmt/user/update/loginid", {
          loginId,
          newLoginId: `user${random.below(60)}`,
        });
      case 2:
        return emulator.call("/v1/mgmt/user/update/tenant/add", { loginId, tenantId: "t" });
      case 3:
        return emulator.call("/v1/mgmt/user/create/batch", {
          users: [{ loginId }, { loginId: `user${random.below(60)}` }, { loginId: `only${i}` }],
        });
      case 4:
        return emulator.call(
          "/v1/mgmt/user/patch",
          { loginId, displayName: `Name ${i}` },
          { method: "PATCH" },
        );
      default:
        return emulator.call("/v1/mgmt/user/create", { loginId, displayName: `Name ${i}` });
    }
  });
  const statuses = new Set((await Promise.all(work)).map(({ status }) => status));
  expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  const { users, total } = await emulator.ok("/v2/mgmt/user/search", { limit: 10_000 });
  expect(users).toHaveLength(total);
  const loginIds = users.flatMap((user) => user.loginIds);
  expect(new Set(loginIds).size).toBe(loginIds.length);
  const { store } = emulator.world;
  const column = (sql: string) => store.all<{ value: unknown }>(sql).map(({ value }) => value);
  expect(column("SELECT login_id AS value FROM login_ids").toSorted()).toEqual(loginIds.toSorted());
  expect(column("SELECT sum(n) AS value FROM user_counts")).toEqual([total]);
  expect(column("SELECT count(*) AS value FROM user_text")).toEqual([total]);
  const inTenant = users.filter((user) => user.userTenants.length > 0).length;
  expect((await emulator.ok("/v2/mgmt/user/search", { tenantIds: ["t"] })).total).toBe(inTenant);
  expect(column("SELECT count(*) AS value FROM user_links WHERE kind = 'tenant'")).toEqual([inTenant]);
}, 60_000);
