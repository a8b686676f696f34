import { describe, expect, test } from "bun:test";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { readSeed, seedOf } from "../../src/emulator/seed/read-seed.ts";
import { testEmulator } from "../support/emulator.ts";
import { temporaryFolder } from "../support/folder.ts";

const YAML = `
managementKey: KSeeded
projects:
  - id: P2staging
    name: staging
    tags: [eu]
    permissions:
      - name: read
    roles:
      - { id: ROLreader, name: reader, permissionNames: [read] }
      - { name: local, tenantId: acme }
    tenants:
      - { id: acme-eu, name: Acme EU, parent: acme }
      - { id: acme, name: Acme, selfProvisioningDomains: [acme.com] }
    users:
      - userId: Uann
        loginIds: [ann@example.com, ann]
        phone: "+15550001111"
        roleNames: [reader]
        userTenants: [{ tenantId: acme, roleNames: [local] }]
        createdTime: 2024-01-02T03:04:05Z
        password: Correct-Horse-1
      - { loginId: tester, test: true }
    accessKeys:
      - { id: Kone, name: one, cleartext: KoneSecret, userId: ann, roleNames: [reader] }
    inboundApps:
      - { id: TPA1, name: Portal, clientId: portal, secret: s3cr3t, loginPageUrl: "https://p.example.com" }
  - id: P2production
    name: production
    environment: production
`;

test("a YAML file: every id and secret is the one that was chosen", async () => {
  using folder = temporaryFolder();
  folder.put("seed.yaml", YAML);
  await using emulator = testEmulator({ seeds: [readSeed(folder.at("seed.yaml"))] });
  expect(emulator.managementKey).toBe("KSeeded");
  expect((await emulator.ok("/v1/mgmt/projects/list", {})).projects).toEqual([
    { id: "P2staging", name: "staging", environment: "", tags: ["eu"] },
    { id: "P2production", name: "production", environment: "production", tags: [] },
  ]);
  const { user } = await emulator.ok("/v1/mgmt/user?loginId=ann");
  expect(user).toMatchObject({
    userId: "Uann",
    loginIds: ["ann@example.com", "ann"],
    phone: "+15550001111",
    roleNames: ["reader"],
    permissions: ["read"],
    userTenants: [{ tenantId: "acme", roleNames: ["local"] }],
    createdTime: Date.parse("2024-01-02T03:04:05Z") / 1000,
    password: true,
  });
  expect((await emulator.ok("/v1/mgmt/accesskey?id=Kone")).key).toMatchObject({
    boundUserId: "Uann",
    roleNames: ["reader"],
  });
  expect((await emulator.ok("/v1/mgmt/thirdparty/app/secret?id=TPA1")).cleartext).toBe("s3cr3t");
  expect((await emulator.ok("/v1/mgmt/audit/search", {})).audits).toEqual([]);
});

test("a JSON file without projects is for the one that there is, or for all that are named", async () => {
  using folder = temporaryFolder();
  folder.put("seed.json", JSON.stringify({ users: [{ loginId: "ann" }] }));
  const seeds = [readSeed(folder.at("seed.json"))];
  await using one = testEmulator({ seeds });
  expect((await one.ok("/v2/mgmt/user/search", {})).total).toBe(1);
  await using two = testEmulator({
    seeds,
    projects: [
      { id: "Pa", name: "a" },
      { id: "Pb", name: "b" },
    ],
  });
  for (const project of ["Pa", "Pb"])
    expect((await two.ok("/v2/mgmt/user/search", {}, { project })).total).toBe(1);
});

test("a snapshot's folder, by itself or named in a file; secrets that are missing are made up", async () => {
  using folder = temporaryFolder();
  await using source = testEmulator();
  const { files } = await source.ok("/v1/mgmt/project/snapshot/export", {});
  files["auth/oauth.json"].providerSettings.google.clientSecret = "PLACEHOLDER_VALUE";
  files["project.json"].domain = "auth.example.com";
  for (const [path, content] of Object.entries(files)) {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    folder.put(`config/${path}`, path.endsWith(".svg") ? Buffer.from(text, "base64") : text);
  }
  folder.put("config/notes.md", "not a part of it");
  folder.put("seed.json", JSON.stringify({ projects: [{ id: "P2a", snapshot: "config" }] }));
  for (const seed of [folder.at("config"), folder.at("seed.json")]) {
    await using emulator = testEmulator({ seeds: [readSeed(seed)] });
    const exported = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
    expect(exported.files).toEqual(files);
    expect(await emulator.ok("/v1/mgmt/project/snapshot/validate", { files })).toMatchObject({ ok: true });
  }
});

describe("seeds that do not hold together say what and where, and nothing serves", () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["an unknown member", { users: [{ loginId: "a", emial: "x" }] }, "users.0.emial is not known"],
    [
      "a number for a text",
      { users: [{ loginId: "a", phone: 15550001111 }] },
      "users.0.phone must be string",
    ],
    ["a missing member", { tenants: [{ id: "x" }] }, "tenants.0.name is missing"],
    ["a role that does not exist", { users: [{ loginId: "a", roleNames: ["x"] }] }, "There is no role x"],
    [
      "a permission that does not exist",
      { roles: [{ name: "a", permissionNames: ["x"] }] },
      "There is no permission x",
    ],
    ["a login id twice", { users: [{ loginId: "a" }, { loginId: "b", loginIds: ["a"] }] }, "the login id a"],
    ["a user without login ids", { users: [{ email: "a@example.com" }] }, "no loginId"],
    [
      "tenants that are parts of each other",
      {
        tenants: [
          { id: "a", name: "A", parent: "b" },
          { id: "b", name: "B", parent: "a" },
        ],
      },
      "There is no tenant",
    ],
    ["an id that is no project's", { projects: [{ id: "staging" }] }, '"staging" is not the id of a project'],
    ["an id of a region", { projects: [{ id: "Puse12aAc4T2V93bddihGEx2Ryhc8e5Z" }] }, "longer than 28"],
    ["a key that is none", { managementKey: "secret" }, "must start with K"],
  ];
  for (const [name, content, words] of cases) {
    test(name, () => {
      expect(() => startEmulator({ seeds: [seedOf(content)] })).toThrow(words);
    });
  }

  test("files that cannot be read", () => {
    using folder = temporaryFolder();
    folder.put("bad.json", '{"users": [');
    folder.put("bad.yaml", "users: [a: b: c");
    folder.put("users.txt", "");
    folder.put("empty/readme.json", "{}");
    expect(() => readSeed(folder.at("bad.json"))).toThrow("bad.json is not JSON: line 1, column 12");
    expect(() => readSeed(folder.at("bad.yaml"))).toThrow("bad.yaml is not YAML");
    expect(() => readSeed(folder.at("users.txt"))).toThrow("neither a folder nor");
    expect(() => readSeed(folder.at("empty"))).toThrow("holds no snapshot");
    expect(() => readSeed(folder.at("nothing.json"))).toThrow("no such file");
  });
});

test("reset goes back to the seed, and to nothing else", async () => {
  await using emulator = testEmulator({ seed: { users: [{ userId: "Uann", loginId: "ann" }] } });
  await emulator.ok("/v1/mgmt/user/create", { loginId: "bo" });
  await emulator.ok("/v1/mgmt/user/delete", { loginId: "ann" });
  await emulator.ok("/v1/mgmt/project/clone", { name: "x" });
  emulator.world.clock.advance(86_400_000);
  emulator.reset();
  const { users } = await emulator.ok("/v2/mgmt/user/search", {});
  expect(users.map(({ userId }: any) => userId)).toEqual(["Uann"]);
  expect(emulator.projects).toHaveLength(1);
  expect(Math.abs(emulator.world.clock.now() - Date.now())).toBeLessThan(60_000);
});
