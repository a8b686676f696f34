import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cli } from "../support/cli.ts";
import { setAt } from "../support/documents.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import { temporaryFolder } from "../support/folder.ts";
import type { AccessKey, AuditRecord, Reply } from "../support/replies.ts";

/** What commands say with --json: what the API answered, in their own words. */
interface Shown extends Reply {
  readonly status: number;
  readonly count: number;
  readonly tenantId: string;
  readonly accessKey: AccessKey & { readonly cleartext: string };
  readonly accessKeys: AccessKey[];
  readonly records: AuditRecord[];
  readonly result: Reply;
}

/** Every command that talks to the API, run in this process against an emulator, in the order in which somebody would. */
let emulator: TestEmulator;
beforeAll(() => {
  emulator = testEmulator({
    projects: [
      { id: "P2staging", name: "staging" },
      { id: "P2production", name: "production" },
    ],
  });
});
afterAll(() => emulator.stop());

/** Runs a command with --json and gives back its document. */
async function run(...words: string[]): Promise<Shown> {
  const ran = await cli([...words, "--json"], { env: emulator.env });
  if (ran.status !== 0) throw new Error(`${words.join(" ")}: ${ran.out}${ran.err}`);
  return ran.json<Shown>();
}

/** Runs a command that is to fail, and gives back its document. */
async function fails(...words: string[]): Promise<Shown> {
  const ran = await cli([...words, "--json"], { env: emulator.env });
  expect(ran.status).toBe(1);
  return ran.json<Shown>();
}

describe("create, load, load all, delete", () => {
  test("tenants", async () => {
    expect<unknown>(await run("tenant", "create", "Acme", "--id", "acme", "--domains", "acme.com")).toEqual({
      ok: true,
      tenantId: "acme",
    });
    const { tenantId } = await run("tenant", "create", "Globex");
    expect(tenantId).toMatch(/^T\w{27}$/);
    expect((await run("tenant", "load", "acme")).tenant).toMatchObject({
      id: "acme",
      name: "Acme",
      selfProvisioningDomains: ["acme.com"],
    });
    expect((await run("tenant", "load-all")).count).toBe(2);
    await run("tenant", "delete", tenantId);
    expect(await fails("tenant", "load", tenantId)).toMatchObject({ ok: false, status: 404 });
    expect((await fails("tenant", "create", "Again", "--id", "acme")).error).toContain("acme already");
  });

  test("users", async () => {
    const { user } = await run(
      "user",
      "create",
      "ann@example.com",
      "--email",
      "ann@example.com",
      "--phone",
      "+15550001111",
      "--name",
      "Ann",
      "--tenants",
      "acme",
    );
    expect(user).toMatchObject({
      loginIds: ["ann@example.com"],
      phone: "+15550001111",
      userTenants: [{ tenantId: "acme", tenantName: "Acme" }],
    });
    expect((await run("user", "load", "--user-id", user.userId)).user).toEqual(user);
    expect((await run("user", "load-all")).count).toBe(1);
    await run("user", "roles", "set", "ann@example.com", "--roles", "Tenant Admin", "--tenant", "acme");
    await run("user", "roles", "add", "ann@example.com", "--roles", "Tenant Admin");
    expect((await run("user", "load", "--login-id", "ann@example.com")).user).toMatchObject({
      roleNames: ["Tenant Admin"],
      userTenants: [{ roleNames: ["Tenant Admin"] }],
    });
    await run("user", "roles", "remove", "ann@example.com", "--roles", "Tenant Admin");
    await run("user", "deactivate", "ann@example.com");
    expect((await run("user", "load", "--login-id", "ann@example.com")).user.status).toBe("disabled");
    await run("user", "activate", "ann@example.com");
    await run("user", "password", "set-temporary", "ann@example.com", "Correct-Horse-1");
    await run("user", "password", "set-active", "ann@example.com", "Correct-Horse-2");
    await run("user", "password", "expire", "ann@example.com");
    expect((await fails("user", "create", "ann@example.com")).errorCode).toBe("E062107");
    await run("user", "delete", "--login-id", "ann@example.com");
    expect((await fails("user", "load", "--login-id", "ann@example.com")).errorCode).toBe("E112102");
  });

  test("test users", async () => {
    expect((await run("user", "test", "create", "tester", "--email", "t@example.com")).user.test).toBe(true);
    expect((await run("user", "test", "generate", "otp", "email", "tester")).code).toMatch(/^\d{6}$/);
    const url = "https://app.example.com/verify";
    expect(
      (await run("user", "test", "generate", "magic-link", "sms", "tester", "--redirect-url", url)).link,
    ).toStartWith(`${url}?t=`);
    expect((await run("user", "test", "generate", "enchanted-link", "tester")).result).toMatchObject({
      pendingRef: expect.any(String),
    });
    await run("user", "test", "delete-all");
    expect((await fails("user", "test", "generate", "otp", "email", "tester")).status).toBe(404);
  });

  test("access keys", async () => {
    const { accessKey } = await run(
      "access-key",
      "create",
      "ci",
      "--description",
      "for CI",
      "--tenants",
      "acme",
      "--expires",
      "4102444800",
    );
    expect(accessKey).toMatchObject({
      name: "ci",
      description: "for CI",
      expireTime: 4102444800,
      status: "active",
      keyTenants: [{ tenantId: "acme" }],
    });
    expect(accessKey.cleartext).toStartWith("K");
    await run("access-key", "deactivate", accessKey.id);
    expect((await run("access-key", "load", accessKey.id)).accessKey.status).toBe("inactive");
    await run("access-key", "activate", accessKey.id);
    expect((await run("access-key", "load-all")).accessKeys.map((key) => key.status)).toEqual(["active"]);
    await run("access-key", "delete", accessKey.id);
    expect((await run("access-key", "load-all")).count).toBe(0);
  });

  test("inbound applications", async () => {
    const settings = [
      "-f",
      "https://login.example.com",
      "-p",
      "read,Read things,reader|editor",
      "-c",
      "https://app.example.com/cb",
    ];
    const { app, secret } = await run("apps", "inbound", "create", "Portal", ...settings);
    expect(app).toMatchObject({
      name: "Portal",
      approvedCallbackUrls: ["https://app.example.com/cb"],
      permissionsScopes: [{ name: "read", values: ["reader", "editor"] }],
    });
    expect((await run("apps", "inbound", "secret", "load", app.id)).secret).toBe(secret);
    const rotated = (await run("apps", "inbound", "secret", "rotate", app.id)).secret;
    expect(rotated).not.toBe(secret);
    expect((await run("apps", "inbound", "secret", "load", app.id)).secret).toBe(rotated);
    const updated = (
      await run(
        "apps",
        "inbound",
        "update",
        app.id,
        "Gateway",
        "-f",
        "https://x.example.com",
        "-p",
        "w,Write,-",
      )
    ).app;
    expect(updated).toMatchObject({ name: "Gateway", clientId: app.clientId, approvedCallbackUrls: [] });
    expect((await run("apps", "inbound", "load-all")).count).toBe(1);
    await run("apps", "inbound", "delete", app.id);
    expect((await fails("apps", "inbound", "load", app.id)).status).toBe(404);
  });
});

test("every page of a long list, and no more than there are", async () => {
  await using other = testEmulator({
    seed: { users: Array.from({ length: 250 }, (_, i) => ({ loginId: `u${i}` })) },
  });
  const all = await cli(["user", "load-all", "--all", "--limit", "100", "--json"], { env: other.env });
  const { count, users } = all.json<Shown>();
  expect(count).toBe(250);
  expect(new Set(users.map((user) => user.loginIds[0])).size).toBe(250);
});

test("the audit trail says what happened, by whom and to whom", async () => {
  const { records } = await run("audit", "search", "");
  const actions = records.map((record) => record.action);
  for (const action of [
    "TenantCreated",
    "TenantDeleted",
    "UserCreated",
    "UserModified",
    "PasswordSet",
    "UserDeleted",
    "AccessKeyCreated",
    "ThirdPartyAppCreated",
  ])
    expect(actions).toContain(action);
  const [created] = (await run("audit", "search", "UserCreated")).records;
  expect(created).toMatchObject({ loginIds: ["ann@example.com"], Tenants: ["acme"], projectId: "P2staging" });
  expect((await run("audit", "search", "no such thing")).count).toBe(0);
});

test("projects: list, clone, delete", async () => {
  expect((await run("project", "list")).projects.map((one) => one.name)).toEqual(["staging", "production"]);
  const { result } = await run("project", "clone", "P2staging", "Copy", "--tags", "a,b");
  expect(result).toMatchObject({ projectName: "Copy", tags: ["a", "b"] });
  await run("project", "delete", result.projectId, "--force");
  expect((await run("project", "list")).count).toBe(2);
  expect((await fails("project", "delete", result.projectId, "--force")).errorCode).toBe("E011008");
});

test("snapshots: out of one project, into another, and out again: the same bytes", async () => {
  using folder = temporaryFolder();
  await run("project", "snapshot", "export", "P2staging", "--path", folder.at("a"));
  await run("project", "snapshot", "validate", "P2production", "--path", folder.at("a"));
  await run("project", "snapshot", "import", "P2production", "--path", folder.at("a"));
  await run("project", "snapshot", "export", "P2production", "--path", folder.at("b"));
  expect(folder.contents("b")).toEqual(folder.contents("a"));
  expect(Object.keys(folder.contents("a")).length).toBeGreaterThan(25);
});

test("a secret that is missing: validate says no, and import works once it is given", async () => {
  using folder = temporaryFolder();
  await run("project", "snapshot", "export", "P2staging", "--path", folder.at("a"));
  folder.put("a/connectors/connectors.json", JSON.stringify({ connectors: ["crm"] }));
  folder.put(
    "a/connectors/crm.json",
    JSON.stringify({
      id: "CI1",
      name: "CRM",
      type: "http",
      description: "",
      configuration: { authentication: { bearerToken: "PLACEHOLDER_VALUE" } },
    }),
  );
  const words = ["project", "snapshot"];
  const validated = await cli(
    [
      ...words,
      "validate",
      "P2production",
      "--path",
      folder.at("a"),
      "--secrets-output",
      folder.at("secrets.json"),
      "--json",
    ],
    { env: emulator.env },
  );
  expect(validated.status).toBe(2);
  const wanted = JSON.parse(folder.contents()["secrets.json"] as string);
  expect(wanted).toEqual({ "connector-CI1": { name: "CRM", secrets: { bearertoken: "" } } });
  setAt(wanted, ["connector-CI1", "secrets", "bearertoken"], "s3cr3t");
  folder.put("filled.json", JSON.stringify(wanted));
  await fails(...words, "import", "P2production", "--path", folder.at("a"));
  await run(
    ...words,
    "import",
    "P2production",
    "--path",
    folder.at("a"),
    "--secrets-input",
    folder.at("filled.json"),
  );
  await run(...words, "validate", "P2production", "--path", folder.at("a"));
});

test("flows and themes: listed, exported to a file, imported from it", async () => {
  using folder = temporaryFolder();
  expect<unknown>((await run("flow", "list")).flows).toEqual([
    {
      id: "sign-up-or-in",
      name: "Sign up or in",
      description: "Signs up or in with a code that is sent by mail",
    },
  ]);
  await run("flow", "export", "sign-up-or-in", folder.at("flow.json"));
  await run("flow", "import", "copy", folder.at("flow.json"));
  expect((await run("flow", "list")).flows.map((flow) => flow.id)).toEqual(["copy", "sign-up-or-in"]);
  const { flow } = await run("flow", "export", "copy");
  expect({ ...flow, flowId: "sign-up-or-in" }).toEqual((await run("flow", "export", "sign-up-or-in")).flow);
  expect((await fails("flow", "export", "nope")).status).toBe(404);
  await run("theme", "export", folder.at("theme.json"));
  await run("theme", "import", folder.at("theme.json"));
  expect<unknown>((await run("theme", "export")).theme).toEqual(
    JSON.parse(folder.contents()["theme.json"] as string),
  );
});
