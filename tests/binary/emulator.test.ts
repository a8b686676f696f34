import { Database } from "bun:sqlite";
import fs from "node:fs";
import { generateKeyPairSync, verify } from "node:crypto";
import { afterEach, describe, expect, test } from "bun:test";
import { binary, spawnBinary } from "../support/binary.ts";
import { APPLICATION_ID } from "../../src/emulator/store/schema.ts";
import { readExport } from "../../src/emulator/export/read-export.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import type { Reply } from "../support/replies.ts";
import { startServing } from "../support/serving.ts";
import type { ReadyLine } from "../support/serving.ts";

const started: Bun.Subprocess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** Starts the emulator and reads its first line. */
async function start(...flags: string[]) {
  const child = Bun.spawn([binary, "emulator", "start", "--port", "0", ...flags], {
    env: { NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  started.push(child);
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  return { child, line: new TextDecoder().decode(value) };
}

const readyIn = (line: string) => JSON.parse(line) as ReadyLine;

describe("emulator start", () => {
  test("with --json prints one line when it serves: all that a program needs", async () => {
    const { line } = await start(
      "--json",
      "--project",
      "P2staging=staging",
      "--project",
      "P2production=production",
    );
    expect(line).toEndWith("\n");
    const ready = readyIn(line);
    expect<unknown>(ready).toEqual({
      event: "ready",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      projects: [
        { id: "P2staging", name: "staging" },
        { id: "P2production", name: "production" },
      ],
      managementKey: "KEmulatorManagementKey00000001",
      env: {
        DESCOPE_BASE_URL: ready.url,
        DESCOPE_BASE_URI: ready.url,
        DESCOPE_PROJECT_ID: "P2staging",
        DESCOPE_MANAGEMENT_KEY: "KEmulatorManagementKey00000001",
      },
    });
    const created = await spawnBinary(["tenant", "create", "Acme", "--id", "acme", "--json"], {
      env: ready.env,
    });
    expect(created.status).toBe(0);
    const loaded = await spawnBinary(["tenant", "load", "acme", "--json"], { env: ready.env });
    expect(JSON.parse(loaded.out)).toMatchObject({ ok: true, tenant: { name: "Acme" } });
  });

  test("for people prints where it is, and on standard error what to set", async () => {
    const { child, line } = await start();
    expect(line).toMatch(
      /^\* Emulator ready at http:\/\/127\.0\.0\.1:\d+ with PEmulatorProject000000000001 \(Emulator\)\n$/,
    );
    child.kill("SIGTERM");
    expect(await child.stderr.text()).toContain(
      "export DESCOPE_MANAGEMENT_KEY=KEmulatorManagementKey00000001",
    );
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`${signal} ends it, and what it kept is there at the next start`, async () => {
      using folder = temporaryFolder();
      const flags = ["--json", "--state", folder.at("state.db")];
      const first = await start(...flags);
      await spawnBinary(["tenant", "create", "Acme", "--id", "acme"], { env: readyIn(first.line).env });
      first.child.kill(signal);
      await first.child.exited;
      expect(first.child.signalCode).toBe(signal);
      const second = await start(...flags);
      const loaded = await spawnBinary(["tenant", "load", "acme"], { env: readyIn(second.line).env });
      expect(loaded.status).toBe(0);
    });
  }

  const alone = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"];
  const canBeFirst = Bun.which("unshare") !== null && Bun.spawnSync([...alone, "true"]).exitCode === 0;
  test.skipIf(!canBeFirst)(
    "a signal ends it also where it is the first process, as in a container",
    async () => {
      const child = Bun.spawn([...alone, binary, "emulator", "start", "--port", "0", "--json"], {
        env: {},
        stdin: "ignore",
        stdout: "pipe",
        stderr: "ignore",
      });
      started.push(child);
      await child.stdout.getReader().read();
      const inside = Bun.spawnSync(["pgrep", "-P", String(child.pid)])
        .stdout.toString()
        .trim();
      process.kill(Number(inside), "SIGTERM");
      await child.exited;
      expect(child.exitCode).toBe(143);
    },
  );

  test("a port that is taken is named, on standard output nothing is printed", async () => {
    const { line } = await start("--json");
    const { port } = new URL(readyIn(line).url);
    const second = await spawnBinary(["emulator", "start", "--port", port]);
    expect(second).toMatchObject({ status: 1, out: "" });
    expect(second.err).toContain(`Port ${port} of 127.0.0.1 is taken`);
  });
});

describe("emulator start that cannot start: exit status 1, nothing on standard output, and no file touched", () => {
  const cases: readonly (readonly [string, (folder: TemporaryFolder) => string[], string])[] = [
    [
      "a seed that is wrong",
      (folder) => ["--seed", folder.at("users.ndjson")],
      "users.ndjson:2: emial is not known in a seed",
    ],
    ["a seed that is no YAML", (folder) => ["--seed", folder.at("seed.yaml")], "seed.yaml:2:"],
    [
      "a state file of another version",
      (folder) => ["--state", folder.at("other.db")],
      "written by another version of the emulator",
    ],
    [
      "a file of something else",
      (folder) => ["--state", folder.at("notes.db")],
      "is not a state file of this emulator",
    ],
    [
      "a database of something else",
      (folder) => ["--state", folder.at("things.db")],
      "is not a state file of this emulator",
    ],
    ["a state file in use", (folder) => ["--state", folder.at("used.db")], "in use by another emulator"],
    [
      "a signing key that is none",
      (folder) => ["--signing-key", folder.at("notes.db")],
      "notes.db cannot be used: it is not a private key",
    ],
    ["a state file that is a folder", (folder) => ["--state", folder.path], "it is a folder"],
    ["a signing key that is not there", (folder) => ["--signing-key", folder.at("none.pem")], "none.pem"],
    [
      "a host of another machine",
      () => ["--host", "192.0.2.1"],
      "Cannot listen on port 0 of 192.0.2.1: that is no address of this machine",
    ],
    ["a code that is none", () => ["--otp", "abc"], "--otp must be 4 to 10 digits"],
    ["a port that is none", () => ["--port", "70000"], "--port must be 65535 or less"],
  ];

  for (const [name, flags, words] of cases) {
    test(name, async () => {
      using folder = temporaryFolder();
      folder.put("users.ndjson", '{"loginId":"a"}\n{"loginId":"b","emial":"x"}\n');
      folder.put("seed.yaml", "users:\n  - loginId: a: b\n");
      folder.put("notes.db", "these are notes ".repeat(100));
      for (const [file, sql] of [
        ["things.db", "CREATE TABLE things (id)"],
        [
          "other.db",
          `CREATE TABLE things (id); PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 999`,
        ],
      ] as const) {
        using database = new Database(folder.at(file));
        database.run(sql);
      }
      const user = name.endsWith("in use") ? await start("--state", folder.at("used.db")) : undefined;
      const before = user === undefined ? folder.contents() : {};
      const args = ["emulator", "start", "--port", "0", ...flags(folder)];
      const ran = await spawnBinary(args);
      expect(ran).toMatchObject({ status: 1, out: "" });
      expect(ran.err).toContain(words);
      const json = await spawnBinary([...args, "--json"]);
      expect([json.status, json.err, JSON.parse(json.out)]).toEqual([
        1,
        "",
        expect.objectContaining({ ok: false, error: expect.stringContaining(words) }),
      ]);
      if (user === undefined) expect(folder.contents()).toEqual(before);
    });
  }
});

test("tokens are signed by the key that --signing-key names, codes are the one of --otp", async () => {
  using folder = temporaryFolder();
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  folder.put("key.pem", privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  const { line } = await start("--json", "--signing-key", folder.at("key.pem"), "--otp", "987654");
  const { url, projects } = JSON.parse(line) as { url: string; projects: { id: string }[] };
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${projects[0]?.id}` };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as Reply;
  };
  await post("/v1/auth/otp/signup-in/email", { loginId: "ann@example.com" });
  const { sessionJwt } = await post("/v1/auth/otp/verify/email", {
    loginId: "ann@example.com",
    code: "987654",
  });
  const [head = "", body = "", signature = ""] = sessionJwt.split(".");
  expect(
    verify("RSA-SHA256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url")),
  ).toBe(true);
});

test("env, coverage and export of the compiled program, and a start from what was exported", async () => {
  using folder = temporaryFolder();
  const { line } = await start("--json");
  const { url, env } = JSON.parse(line) as { url: string; env: Record<string, string> };
  const shown = await spawnBinary(["emulator", "env", "--url", url, "--json"]);
  expect(JSON.parse(shown.out)).toMatchObject({ ok: true, env });
  const sh = Bun.spawnSync(
    [
      "sh",
      "-c",
      `eval "$('${binary}' emulator env --url ${url})" && '${binary}' tenant create Acme --id acme`,
    ],
    {
      env: { PATH: process.env.PATH ?? "" },
    },
  );
  expect(sh.exitCode).toBe(0);
  expect((await spawnBinary(["emulator", "coverage"])).out).toMatch(/\d+ of \d+ operations are served/);
  expect((await spawnBinary(["emulator", "export", folder.at("saved")], { env })).status).toBe(0);
  const second = await start("--json", "--seed", folder.at("saved"));
  const loaded = await spawnBinary(["tenant", "load", "acme"], {
    env: (JSON.parse(second.line) as { env: Record<string, string> }).env,
  });
  expect(loaded.status).toBe(0);
});

test("an export that is interrupted at any moment leaves a whole folder or none, and nothing else", async () => {
  using folder = temporaryFolder();
  {
    await using serving = await startServing("--state", folder.at("state.db"));
    const users = Array.from({ length: 10_000 }, (_, i) => ({ loginId: `user${i}` }));
    expect((await serving.call("/v1/mgmt/user/create/batch", { users })).status).toBe(200);
    serving.process.kill("SIGTERM");
    await serving.process.exited;
  }
  const ends = new Set<string>();
  for (const delay of [0, 5, 10, 20, 30, 50, 80, 2000]) {
    const child = Bun.spawn(
      [binary, "emulator", "export", folder.at("saved"), "--state", folder.at("state.db")],
      {
        env: {},
        stdin: "ignore",
        stdout: "ignore",
        stderr: "ignore",
      },
    );
    await Promise.race([child.exited, Bun.sleep(delay)]);
    child.kill("SIGTERM");
    await child.exited;
    const there = fs.readdirSync(folder.path).filter((name) => !name.startsWith("state.db"));
    ends.add(there.join());
    if (there.length === 0) continue;
    expect(there).toEqual(["saved"]);
    expect(readExport(folder.at("saved")).projects).toHaveLength(1);
    fs.rmSync(folder.at("saved"), { recursive: true });
  }
  expect(ends).toContain("saved");
}, 60_000);

describe("emulator exec", () => {
  test("gives the command its streams and ends as it does", async () => {
    const ran = await spawnBinary(["emulator", "exec", "--", "sh", "-c", "cat; echo err >&2; exit 7"], {
      stdin: "in",
    });
    expect(ran).toEqual({ status: 7, signal: undefined, out: "in", err: "err\n" });
  });

  test("this program finds the emulator by what exec sets", async () => {
    const ran = await spawnBinary(["emulator", "exec", "--", binary, "project", "list", "--json"]);
    expect(JSON.parse(ran.out)).toMatchObject({ count: 1, projects: [{ name: "Emulator" }] });
  });

  test("dies of the command's signal, unless it was one of a fault", async () => {
    expect(await spawnBinary(["emulator", "exec", "--", "sh", "-c", "kill -KILL $$"])).toMatchObject({
      status: null,
      signal: "SIGKILL",
    });
    expect(await spawnBinary(["emulator", "exec", "--", "sh", "-c", "kill -ABRT $$"])).toMatchObject({
      status: 134,
      err: "",
    });
  });

  test("hands a signal on and waits for what the command makes of it", async () => {
    const child = Bun.spawn(
      [
        binary,
        "emulator",
        "exec",
        "--",
        "sh",
        "-c",
        "trap 'echo caught; exit 5' TERM; echo up; while :; do sleep 0.1; done",
      ],
      { env: { PATH: process.env.PATH ?? "" }, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    );
    started.push(child);
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toBe("up\n");
    child.kill("SIGTERM");
    const caught = await reader.read();
    expect(new TextDecoder().decode(caught.value)).toBe("caught\n");
    await child.exited;
    expect(child.exitCode).toBe(5);
  });

  test("a command that does not exist", async () => {
    const ran = await spawnBinary(["emulator", "exec", "--", "no-such-program"]);
    expect(ran).toMatchObject({ status: 127, out: "" });
    expect(ran.err).toContain("Cannot run no-such-program: no such file or folder");
    const json = await spawnBinary(["emulator", "exec", "--json", "--", "no-such-program"]);
    expect([json.status, JSON.parse(json.out)]).toEqual([127, expect.objectContaining({ ok: false })]);
  });

  test("a command that may not be run", async () => {
    using folder = temporaryFolder();
    folder.put("script", "#!/bin/sh\n");
    const ran = await spawnBinary(["emulator", "exec", "--", folder.at("script")]);
    expect(ran).toMatchObject({ status: 126, out: "" });
    expect(ran.err).toContain("permission denied");
  });

  test("words behind -- reach the command as they are, with streams of any length", async () => {
    const words = [
      "-e",
      "process.stdout.write(JSON.stringify(process.argv.slice(1)))",
      "--",
      "--json",
      "",
      " a  b ",
      "'\"$x",
      "--port=1",
    ];
    const ran = await spawnBinary(["emulator", "exec", "--", "node", ...words]);
    expect(JSON.parse(ran.out)).toEqual(["--json", "", " a  b ", "'\"$x", "--port=1"]);
    const stdin = "x".repeat(3_000_000);
    expect((await spawnBinary(["emulator", "exec", "--", "cat"], { stdin })).out).toBe(stdin);
  });
});
