import { Database } from "bun:sqlite";
import fs from "node:fs";
import { describe, expect, test } from "bun:test";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { CARRIAGE } from "../../src/emulator/export/layout.ts";
import { readExport } from "../../src/emulator/export/read-export.ts";
import { writeExport } from "../../src/emulator/export/write-export.ts";
import { readSeed } from "../../src/emulator/seed/read-seed.ts";
import { PROJECT_TABLES, SCHEMA } from "../../src/emulator/store/schema.ts";
import type { Store } from "../../src/emulator/store/store.ts";
import { PrivateFolder } from "../../src/files/private-folder.ts";
import { testEmulator } from "../support/emulator.ts";
import { temporaryFolder } from "../support/folder.ts";
import type { User } from "../support/replies.ts";
import { PASSWORD, signInClient } from "../support/sign-in.ts";

async function exported(store: Store, folder: string, projects?: readonly string[]) {
  const target = new PrivateFolder(folder);
  try {
    const made = await writeExport(store, target, { projects, pause: () => Promise.resolve() });
    target.commit();
    return made;
  } finally {
    target.abort();
  }
}

/** All rows of a table, without the numbers by which they only stand in order, and with documents whose keys have an order. */
function rowsOf(store: Store, table: string): string[] {
  const rows = store.all<Record<string, unknown>>(`SELECT * FROM ${table}`);
  return rows
    .map(({ seq: _, user, ...row }) =>
      // In these two it is such a number.
      Object.entries(["login_ids", "user_links"].includes(table) ? row : { ...row, user })
        .map(([name, value]) => [name, name === "content" ? sorted(JSON.parse(String(value))) : value])
        .map((pair) => JSON.stringify(pair))
        .join(),
    )
    .sort();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

describe("everything is carried", () => {
  const database = new Database(":memory:");
  database.run(SCHEMA);
  const names = database
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("sqlite_") && !name.startsWith("user_text"));
  const columns = (table: string) =>
    database
      .query<{ name: string; type: string }, []>(`SELECT name, type FROM pragma_table_info('${table}')`)
      .all();

  test("each table of the state is a project's, and is named by the export, or one of the two that are not", () => {
    expect(names.toSorted()).toEqual([...PROJECT_TABLES, "meta", "projects"].toSorted());
    expect(Object.keys(CARRIAGE).toSorted()).toEqual([...PROJECT_TABLES].toSorted());
    for (const table of PROJECT_TABLES) expect(columns(table).map(({ name }) => name)).toContain("project");
  });

  for (const [table, { kind }] of Object.entries(CARRIAGE)) {
    if (kind !== "rows" && kind !== "by kind") continue;
    test(`rows of ${table} come back, of a project and of the company, whatever they are`, async () => {
      using folder = temporaryFolder();
      await using source = testEmulator();
      const { store } = source.world;
      const values = (n: number, project: string) =>
        columns(table)
          .filter(({ name }) => name !== "seq")
          .map(({ name, type }) => {
            if (name === "project") return project;
            if (name === "doc") return `{"n":${n},"large":12345678901234567890,"text":"a\\nb \u2028"}`;
            return type === "INTEGER" ? n : `${name} ${n} "ü\n`;
          });
      for (const project of [source.project, ""]) {
        for (const n of [3, 1, 2]) {
          const row = values(n, project);
          const into = columns(table)
            .map(({ name }) => name)
            .filter((name) => name !== "seq");
          store.run(`INSERT INTO ${table} (${into}) VALUES (${row.map(() => "?")})`, ...row);
        }
      }
      await exported(store, folder.at("out"));
      await using copy = testEmulator({ seeds: [readSeed(folder.at("out"))] });
      expect(rowsOf(store, table).length).toBeGreaterThanOrEqual(6);
      expect(rowsOf(copy.world.store, table)).toEqual(rowsOf(store, table));
    });
  }
});

/** An emulator with something of almost everything in it. */
async function richEmulator() {
  const emulator = testEmulator({
    otp: "424242",
    managementKey: "KMine'\"$`",
    seed: {
      projects: [
        {
          id: "P2staging",
          name: "staging",
          tags: ["eu"],
          permissions: [{ name: "read" }],
          roles: [
            { name: "reader", permissionNames: ["read"] },
            { name: "local", tenantId: "acme", permissionNames: ["read"] },
          ],
          tenants: [{ id: "acme", name: "Acme", selfProvisioningDomains: ["acme.com"] }],
        },
        { id: "P2production", name: "Production \u{1f680}", environment: "production" },
      ],
    },
  });
  const { ok } = emulator;
  await ok("/v1/mgmt/user/customattribute/create", {
    attributes: [
      { name: "plan", displayName: "Plan", type: 1 },
      { name: "seats", displayName: "Seats", type: 2 },
    ],
  });
  await ok("/v1/mgmt/user/create/batch", {
    users: [
      {
        loginId: "ann@example.com",
        email: "ann@example.com",
        displayName: "Ann \u2028 Ash",
        additionalLoginIds: ["ann", 'ann,"x"\n'],
        roleNames: ["reader"],
        userTenants: [{ tenantId: "acme", roleNames: ["local"] }],
        password: PASSWORD,
        customAttributes: { plan: "gold \u2028 plus", seats: 7 },
      },
      {
        loginId: "bo",
        seed: "JBSWY3DPEHPK3PXP",
        phone: "+15550001111",
        verifiedPhone: true,
        hashedPassword: {
          bcrypt: { hash: Bun.password.hashSync(PASSWORD, { algorithm: "bcrypt", cost: 4 }) },
        },
      },
    ],
  });
  await ok("/v1/mgmt/user/create/test", { loginId: "tester", email: "t@example.com" });
  const { cleartext, key } = await ok("/v1/mgmt/accesskey/create", { name: "ci", expireTime: 0 });
  await ok("/v1/mgmt/thirdparty/app/create", { name: "Portal", loginPageUrl: "https://p.example.com" });
  await ok("/v1/mgmt/fga/schema", {
    dsl: "model AuthZ 1.0\n\ntype user\n\ntype doc\n  relation owner: user\n  permission can_read: owner\n",
  });
  await ok("/v1/mgmt/fga/relations", {
    tuples: [{ resource: "d1", resourceType: "doc", relation: "owner", target: "ann", targetType: "user" }],
  });
  await emulator.call("/_emulator/keys/rotate", {});
  const client = signInClient(emulator);
  const signedIn = await client.ok("/v1/auth/password/signin", {
    loginId: "ann@example.com",
    password: PASSWORD,
  });
  await client.ok("/v1/auth/otp/signup-in/email", { loginId: "open@example.com" });
  return { emulator, cleartext: String(cleartext), keyId: String(key.id), signedIn };
}

test("export, seed, export: the same bytes, the same rows, and everybody can still sign in", async () => {
  using folder = temporaryFolder();
  const { emulator, cleartext, signedIn } = await richEmulator();
  await using source = emulator;
  await exported(source.world.store, folder.at("one"));
  await using copy = testEmulator({ otp: "424242", seeds: [readSeed(folder.at("one"))] });
  await exported(copy.world.store, folder.at("two"));
  expect(folder.contents("two")).toEqual(folder.contents("one"));
  for (const table of [...PROJECT_TABLES, "meta", "projects", "user_text"])
    expect([table, rowsOf(copy.world.store, table)]).toEqual([table, rowsOf(source.world.store, table)]);

  expect(copy.readiness().managementKey).toBe("KMine'\"$`");
  const client = signInClient(copy);
  for (const loginId of ["ann@example.com", "ann", "bo"])
    expect((await client.ok("/v1/auth/password/signin", { loginId, password: PASSWORD })).user).toBeObject();
  expect((await client.ok("/v1/auth/accesskey/exchange", {}, cleartext)).keyId).toBeString();
  expect((await client.ok("/v1/auth/refresh", {}, signedIn.refreshJwt)).sessionJwt).toBeString();
  const checked = await copy.ok("/v1/mgmt/fga/check", {
    tuples: [
      { resource: "d1", resourceType: "doc", relation: "can_read", target: "ann", targetType: "user" },
    ],
  });
  expect(checked.tuples[0]?.allowed).toBe(true);
  const found = await copy.ok("/v2/mgmt/user/search", { text: "ash", withTestUser: true });
  expect(found.users.map((user) => user.loginIds[0])).toEqual(["ann@example.com"]);
  for (const query of [{ text: "gold" }, { customAttributes: { seats: 7 } }])
    expect((await copy.ok("/v2/mgmt/user/search", query)).total).toBe(1);
});

test("reset goes back to the export, and a seed behind it adds to it", async () => {
  using folder = temporaryFolder();
  {
    await using source = testEmulator({ seed: { users: [{ loginId: "ann" }] } });
    await source.ok("/v1/mgmt/user/create", { loginId: "bo" });
    await exported(source.world.store, folder.at("out"));
  }
  folder.put("more.json", JSON.stringify({ users: [{ loginId: "cy" }] }));
  await using copy = testEmulator({ seeds: [readSeed(folder.at("out")), readSeed(folder.at("more.json"))] });
  const names = async () => (await copy.ok("/v2/mgmt/user/search", {})).users.map((user) => user.loginIds[0]);
  expect(await names()).toEqual(["ann", "bo", "cy"]);
  expect((await copy.ok("/v1/mgmt/audit/search", {})).audits).toHaveLength(1);
  await copy.ok("/v1/mgmt/user/delete", { loginId: "ann" });
  copy.reset();
  expect(await names()).toEqual(["ann", "bo", "cy"]);
});

test("as many users as there are, each of them once", async () => {
  using folder = temporaryFolder();
  await using source = testEmulator();
  const users = Array.from({ length: 20_000 }, (_, i) => ({
    loginId: `user${i}`,
    displayName: `Name ${i} ü`,
  }));
  await source.ok("/v1/mgmt/user/create/batch", { users });
  const { records, projects } = await exported(source.world.store, folder.at("out"));
  expect([records > 40_000, projects[0]?.users]).toEqual([true, 20_000]);
  const lines =
    folder.contents(`out/projects/${source.project}`)["users.ndjson"]?.trimEnd().split("\n") ?? [];
  expect(lines.map((line) => (JSON.parse(line) as User).loginIds[0])).toEqual(
    users.map(({ loginId }) => loginId),
  );
  await using copy = testEmulator({ seeds: [readSeed(folder.at("out"))] });
  expect((await copy.ok("/v2/mgmt/user/search", { limit: 1, page: 19_999 })).users[0]?.loginIds).toEqual([
    "user19999",
  ]);
}, 60_000);

test("one project of several, and one that is not there", async () => {
  using folder = temporaryFolder();
  await using source = testEmulator({
    projects: [
      { id: "P2a", name: "a" },
      { id: "P2b", name: "b" },
    ],
  });
  await exported(source.world.store, folder.at("out"), ["P2b"]);
  expect(readExport(folder.at("out")).projects.map(({ id }) => id)).toEqual(["P2b"]);
  expect(exported(source.world.store, folder.at("no"), ["P2c"])).rejects.toThrow("There is no project P2c");
  expect(fs.readdirSync(folder.path)).toEqual(["out"]);
});

test("files of a snapshot that no folder can hold come back all the same", async () => {
  using folder = temporaryFolder();
  await using source = testEmulator();
  const { store } = source.world;
  const odd: Record<string, unknown> = {
    "assets/../../escape.txt": "outside",
    "assets/text.txt": "no newline at its end",
    "assets/broken.png": "not base64!",
    "assets/picture.gif": "R0lGODlh",
    "flows/list.json": [1, 2],
    "a.txt": "file",
    "a.txt/b.txt": "folder of that name",
    ".hidden/x.json": {},
    "numbers.json": { large: 1 },
  };
  for (const [path, content] of Object.entries(odd))
    store.run(
      "INSERT INTO snapshot_files VALUES (?, ?, ?)",
      source.project,
      path,
      path === "numbers.json" ? '{"large":12345678901234567890,"exact":1.0}' : JSON.stringify(content),
    );
  await exported(store, folder.at("out"));
  expect(fs.readdirSync(folder.path)).toEqual(["out"]);
  await using copy = testEmulator({ seeds: [readSeed(folder.at("out"))] });
  expect(rowsOf(copy.world.store, "snapshot_files")).toEqual(rowsOf(store, "snapshot_files"));
});

describe("folders that are not what was exported", () => {
  const cases: readonly (readonly [string, (files: Record<string, string>) => void, string])[] = [
    [
      "a file that was cut off",
      (files) => (files[USERS] = (files[USERS] as string).split("\n").slice(0, 1).join("\n")),
      `users.ndjson has 1 line, and emulator.json says 2`,
    ],
    ["a file that is gone", (files) => delete files[USERS], "users.ndjson: no such file"],
    [
      "a line that is not JSON",
      (files) => (files[USERS] = (files[USERS] as string).replace('"loginIds"', "loginIds")),
      "users.ndjson:1: not JSON",
    ],
    [
      "two users of one login id",
      (files) => (files[USERS] = (files[USERS] as string).replace('["bo"]', '["ann"]')),
      "users.ndjson:2: ",
    ],
    [
      "a user without login ids",
      (files) => (files[USERS] = (files[USERS] as string).replace('"loginIds":["bo"],', "")),
      "users.ndjson:2: it is not what an export has there",
    ],
    [
      "a member that no table has",
      (files) => (files[ROLES] = (files[ROLES] as string).replace('{"id"', '{"odd":1,"id"')),
      "role.ndjson:1: odd is not known here",
    ],
    [
      "another version",
      (files) => (files[MANIFEST] = (files[MANIFEST] as string).replace('"version": 1', '"version": 9')),
      "exported by another version of the emulator (9.",
    ],
    [
      "a manifest without its counts",
      (files) => (files[MANIFEST] = (files[MANIFEST] as string).replace('"company"', '"compny"')),
      "emulator.json: company is not what an export has there",
    ],
  ];
  const USERS = "out/projects/PEmulatorProject000000000001/users.ndjson";
  const ROLES = "out/projects/PEmulatorProject000000000001/records/role.ndjson";
  const MANIFEST = "out/emulator.json";
  for (const [name, change, words] of cases) {
    test(`${name}: nothing is served`, async () => {
      using folder = temporaryFolder();
      await using source = testEmulator({ seed: { users: [{ loginId: "ann" }, { loginId: "bo" }] } });
      await exported(source.world.store, folder.at("out"));
      const files = folder.contents();
      change(files);
      fs.rmSync(folder.at("out"), { recursive: true });
      for (const [file, content] of Object.entries(files)) folder.put(file, content);
      expect(() => startEmulator({ seeds: [readSeed(folder.at("out"))] })).toThrow(words);
    });
  }
});
