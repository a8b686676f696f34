import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { readCsv } from "../../src/emulator/seed/csv.ts";
import { parseYaml } from "../../src/emulator/seed/yaml.ts";
import { readSeed, seedOf } from "../../src/emulator/seed/read-seed.ts";
import { setAt } from "../support/documents.ts";
import { testEmulator } from "../support/emulator.ts";
import { temporaryFolder } from "../support/folder.ts";
import { PASSWORD, signInClient } from "../support/sign-in.ts";

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
  setAt(files, ["auth/oauth.json", "providerSettings", "google", "clientSecret"], "PLACEHOLDER_VALUE");
  setAt(files, ["project.json", "domain"], "auth.example.com");
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

  const files: readonly (readonly [string, string, string])[] = [
    ["bad.json", '{"users": [', "bad.json:1:12: not JSON"],
    ["bad.yaml", "users: [a: b: c", "bad.yaml:1:12: not YAML: block collections are not allowed"],
    ["bad.yml", "users:\n  - loginId: a\n    email: b: c\n", "bad.yml:3:"],
    ["users.txt", "", "neither a folder nor"],
    [
      "member.json",
      '{\n "users": [{"loginId": "a"},\n  {"loginId": "b", "emial": "x"}]}',
      "member.json:3: users.1.emial is",
    ],
    [
      "member.yaml",
      "# users\nusers:\n- loginId: a\n- loginId: b\n  phone: 15550001111\n",
      "member.yaml:5: users.1.phone must be string",
    ],
    [
      "roles.yaml",
      "users:\n  - loginId: a\n  - loginId: b\n    roleNames: [x]\n",
      "roles.yaml:3: users.1: There is no role x",
    ],
    [
      "projects.yaml",
      "projects:\n  - id: P2a\n    users:\n      - loginId: a\n      -\n        loginId: a\n",
      "projects.yaml:6: users.1: ",
    ],
    [
      "roles.json",
      '{"users":[\n{"loginId":"a"},\n{"loginId":"b","roleNames":["x"]}]}',
      "roles.json:3: users.1: There is no role x",
    ],
    ["a.ndjson", '{"loginId":"a"}\n\n{"loginId":"b"', "a.ndjson:3: not JSON: column 15: "],
    ["b.ndjson", '{"loginId":"a"}\n{"loginId":"b","emial":1}\n', "b.ndjson:2: emial is not known in a seed"],
    ["c.ndjson", '{"loginId":"a"}\n[]\n', "c.ndjson:2: it must be an object"],
    ["d.ndjson", '{"loginId":"a"}\n{"loginId":"a"}\n', "d.ndjson:2: A user has the login id a"],
    [
      "e.jsonl",
      '{"loginId":"a","userId":"U1"}\n{"loginId":"b","userId":"U1"}\n',
      "e.jsonl:2: There is a user U1",
    ],
    [
      "f.ndjson",
      '{"loginId":"a","hashedPassword":{"md6":{"hash":"x"}}}\n',
      "f.ndjson:1: The hashedPassword field must hold one of",
    ],
    ["a.csv", "", "a.csv is empty: its first line must name the columns"],
    ["b.csv", "loginId,emial\na,b\n", "b.csv:1:9: the column emial is not known"],
    ["c.csv", "loginId,email,email\n", "c.csv:1:15: the column email is there twice"],
    ["d.csv", "loginId,email\na\n", "d.csv:2:1: this line has 1 field, and the first line names 2"],
    ["e.csv", "loginId,email\na,b,c\n", "e.csv:2:5: this line has 3 fields"],
    ["f.csv", 'loginId,name\n"a","one\ntwo"\nb,c "d"\n', "f.csv:4:5: a quote within a field"],
    ["g.csv", 'loginId,name\na,"never closed\n\n', "g.csv:2:3: the quote that begins here is never closed"],
    ["h.csv", 'loginId,name\n"a"x,b\n', "h.csv:2:4: text behind a closing quote"],
    [
      "i.csv",
      "loginId,verifiedEmail\r\na,true\r\nb,yes\r\n",
      "i.csv:3:3: verifiedEmail must be true or false",
    ],
    [
      "j.csv",
      "loginId,status\na,gone\n",
      "j.csv:2:3: status must be enabled or disabled or invited or expired",
    ],
    ["k.csv", "loginId,roles\na,\nb,x\n", "k.csv:3: There is no role x"],
    ["l.csv", 'loginId,customAttributes\na,"{"\n', "l.csv:2:3: not JSON"],
    ["m.csv", "email\na@example.com\n", "m.csv:2: A user has no loginId"],
    ["n.csv", "loginId,customAttributes.\n", "n.csv:1:9: the column customAttributes. is not known"],
  ];
  for (const [name, content, words] of files) {
    test(`${name}: ${words}`, () => {
      using folder = temporaryFolder();
      folder.put(name, content);
      expect(() => startEmulator({ seeds: [readSeed(folder.at(name))] })).toThrow(words);
    });
  }

  test("folders and files that are not there", () => {
    using folder = temporaryFolder();
    folder.put("empty/readme.json", "{}");
    expect(() => readSeed(folder.at("empty"))).toThrow("holds no snapshot");
    for (const name of ["nothing.json", "nothing.yaml", "nothing.csv", "nothing.ndjson"])
      expect(() => readSeed(folder.at(name))).toThrow(/nothing\.\w+: no such file/);
  });
});

const BCRYPT = Bun.password.hashSync(PASSWORD, { algorithm: "bcrypt", cost: 4 });

describe("users in files of their own", () => {
  const base = {
    permissions: [{ name: "read" }],
    roles: [{ name: "Admin" }, { name: "Viewer" }, { name: "Local", tenantId: "acme" }],
    tenants: [
      { id: "acme", name: "Acme" },
      { id: "globex", name: "Globex" },
    ],
  };
  const ann = {
    userId: "Uann",
    loginIds: ["ann@example.com", "ann"],
    email: "ann@example.com",
    name: 'Ann, "the" Ash\nof Ü',
    verifiedEmail: true,
    roleNames: ["Admin", "Viewer"],
    status: "enabled",
    createdTime: 1704164645,
    password: true,
    test: false,
    customAttributes: { plan: "gold" },
  };

  async function check(name: string, content: string) {
    using folder = temporaryFolder();
    folder.put("base.json", JSON.stringify(base));
    folder.put(name, content);
    const seeds = [readSeed(folder.at("base.json")), readSeed(folder.at(name))];
    await using emulator = testEmulator({ seeds });
    const { user } = await emulator.ok("/v1/mgmt/user?loginId=ann");
    expect(user).toMatchObject(ann);
    expect(user.userTenants).toMatchObject([
      { tenantId: "acme", roleNames: ["Admin", "Local"] },
      { tenantId: "globex", roleNames: [] },
    ]);
    const { users } = await emulator.ok("/v2/mgmt/user/search", { withTestUser: true });
    expect(users.map((one) => [one.loginIds[0], one.test, one.status, one.TOTP])).toEqual([
      ["ann@example.com", false, "enabled", false],
      ["bo", true, "disabled", true],
    ]);
    const client = signInClient(emulator);
    await client.ok("/v1/auth/password/signin", { loginId: "ann", password: PASSWORD });
    await client.refused(401, "E062801", "/v1/auth/password/signin", {
      loginId: "ann",
      password: "Other-Horse-1",
    });
  }

  test("as lines of JSON", () =>
    check(
      "users.ndjson",
      `\ufeff${JSON.stringify({
        userId: "Uann",
        loginId: "ann@example.com",
        additionalLoginIds: ["ann"],
        email: "ann@example.com",
        displayName: 'Ann, "the" Ash\nof Ü',
        verifiedEmail: true,
        roleNames: ["Admin", "Viewer"],
        userTenants: [{ tenantId: "acme", roleNames: ["Admin", "Local"] }, { tenantId: "globex" }],
        customAttributes: { plan: "gold" },
        createdTime: "2024-01-02T03:04:05Z",
        hashedPassword: { bcrypt: { hash: BCRYPT } },
      })}\n\n${JSON.stringify({ loginId: "bo", test: true, status: "disabled", seed: "JBSWY3DPEHPK3PXP" })}`,
    ));

  test("as CSV", () =>
    check(
      "users.csv",
      "\ufeffuserId,loginIds,email,name,verifiedEmail,roles,tenants,customAttributes.plan,createdTime,hashedPassword.bcrypt.hash,test,status,seed\r\n" +
        `Uann,ann@example.com;ann,ann@example.com,"Ann, ""the"" Ash\nof Ü",TRUE,Admin; Viewer,acme:Admin|Local;globex,gold,1704164645,${BCRYPT},,,\r\n` +
        "\r\n,bo,,,,,,,,,true,disabled,JBSWY3DPEHPK3PXP",
    ));

  test("several seeds go in in their order", async () => {
    using folder = temporaryFolder();
    folder.put("base.json", JSON.stringify(base));
    folder.put("users.csv", "loginId,roles\na,Admin\n");
    const [first, second] = [readSeed(folder.at("base.json")), readSeed(folder.at("users.csv"))];
    await using emulator = testEmulator({ seeds: [first, second] });
    expect((await emulator.ok("/v2/mgmt/user/search", {})).total).toBe(1);
    expect(() => startEmulator({ seeds: [second, first] })).toThrow("users.csv:2: There is no role Admin");
  });
});

describe("calls of a seed", () => {
  const SCHEMA =
    "model AuthZ 1.0\n\ntype user\n\ntype doc\n  relation owner: user\n  permission can_read: owner\n";

  test("make whatever the management API makes, behind all else, and again at a reset", async () => {
    using folder = temporaryFolder();
    folder.put(
      "seed.yaml",
      `users: [{ loginId: ann }]
calls:
  - path: /v1/mgmt/fga/schema
    body: { dsl: ${JSON.stringify(SCHEMA)} }
  - path: /v1/mgmt/fga/relations
    body:
      tuples: [{ resource: d1, resourceType: doc, relation: owner, target: ann, targetType: user }]
  - { path: /v1/mgmt/user/patch, method: PATCH, body: { loginId: ann, displayName: Ann } }
  - { path: "/v1/mgmt/list", body: { name: blocked, type: texts, data: [x] } }
`,
    );
    await using emulator = testEmulator({
      seeds: [readSeed(folder.at("seed.yaml"))],
      managementKey: "KMine",
    });
    for (let round = 0; round < 2; round++) {
      const tuples = [
        { resource: "d1", resourceType: "doc", relation: "can_read", target: "ann", targetType: "user" },
      ];
      expect((await emulator.ok("/v1/mgmt/fga/check", { tuples })).tuples[0]?.allowed).toBe(true);
      expect((await emulator.ok("/v1/mgmt/user?loginId=ann")).user.name).toBe("Ann");
      expect((await emulator.ok("/v1/mgmt/list/all")).lists).toHaveLength(1);
      expect((await emulator.ok("/v1/mgmt/audit/search", {})).audits).toEqual([]);
      emulator.reset();
    }
  });

  const wrong: readonly (readonly [string, string])[] = [
    [
      "calls:\n  - path: /v1/mgmt/fga/schema\n  - path: /v1/mgmt/fga/schema\n",
      "seed.yaml:2: calls.0: The dsl field is required",
    ],
    [
      "calls:\n  - { path: /v1/mgmt/fga/schem }\n",
      "seed.yaml:2: calls.0: There is no POST /v1/mgmt/fga/schem; the nearest",
    ],
    [
      "calls:\n  - { path: /v1/auth/otp/signup/email }\n",
      "seed.yaml:2: calls.0.path must be the path of a management call",
    ],
    [
      "calls:\n  - { path: /v1/mgmt/user/create, body: { loginId: a } }\n  - { path: /v1/mgmt/user/create, body: { loginId: a } }\n",
      "seed.yaml:3: calls.1: A user has the login id a",
    ],
  ];
  for (const [content, words] of wrong) {
    test(words, () => {
      using folder = temporaryFolder();
      folder.put("seed.yaml", content);
      expect(() => startEmulator({ seeds: [readSeed(folder.at("seed.yaml"))] })).toThrow(words);
    });
  }
});

test("any table comes back as it was written", () => {
  const field = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom('"', ",", "\r\n", "a\nb", '""', " ", "\r"),
  );
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(rows, fc.constantFrom("\n", "\r\n"), fc.boolean(), (table, end, final) => {
      const quote = (text: string) =>
        /[",\r\n\ufeff]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const text = table.map((row) => row.map(quote).join(",")).join(end) + (final ? end : "");
      expect(readCsv(text).map((row) => row.map((one) => one.text))).toEqual(table);
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("lines of YAML are found by the path of what stands there", () => {
  const text = `# a comment: no key
users:
- loginId: a
  "userTenants":
    - tenantId: acme
      roleNames:
        - x
        -   y
- { loginId: b, email: c }
-
  loginId: d
'tenants':
  - id: acme
    name: "a: b"
`;
  const { line } = parseYaml(text);
  const cases: readonly (readonly [(string | number)[], number])[] = [
    [["users"], 2],
    [["users", 0, "loginId"], 3],
    [["users", 0, "userTenants", 0, "roleNames", 1], 8],
    [["users", 1, "email"], 9],
    [["users", 2], 11],
    [["users", 2, "loginId"], 11],
    [["tenants", 0, "name"], 14],
    [["nothing"], 1],
  ];
  for (const [place, at] of cases) expect([place, line(place)]).toEqual([place, at]);
});

test("reset goes back to the seed, and to nothing else", async () => {
  await using emulator = testEmulator({ seed: { users: [{ userId: "Uann", loginId: "ann" }] } });
  await emulator.ok("/v1/mgmt/user/create", { loginId: "bo" });
  await emulator.ok("/v1/mgmt/user/delete", { loginId: "ann" });
  await emulator.ok("/v1/mgmt/project/clone", { name: "x" });
  emulator.world.clock.advance(86_400_000);
  emulator.reset();
  const { users } = await emulator.ok("/v2/mgmt/user/search", {});
  expect(users.map(({ userId }) => userId)).toEqual(["Uann"]);
  expect(emulator.projects).toHaveLength(1);
  expect(Math.abs(emulator.world.clock.now() - Date.now())).toBeLessThan(60_000);
});
