import { afterEach, describe, expect, test } from "bun:test";
import { binary, spawnBinary } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";

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
    const ready = JSON.parse(line) as any;
    expect(ready).toEqual({
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
      await spawnBinary(["tenant", "create", "Acme", "--id", "acme"], { env: JSON.parse(first.line).env });
      first.child.kill(signal);
      await first.child.exited;
      expect(first.child.signalCode).toBe(signal);
      const second = await start(...flags);
      const loaded = await spawnBinary(["tenant", "load", "acme"], { env: JSON.parse(second.line).env });
      expect(loaded.status).toBe(0);
    });
  }

  test("a port that is taken is named, on standard output nothing is printed", async () => {
    const { line } = await start("--json");
    const { port } = new URL(JSON.parse(line).url as string);
    const second = await spawnBinary(["emulator", "start", "--port", port]);
    expect(second).toMatchObject({ status: 1, out: "" });
    expect(second.err).toContain(`Port ${port} of 127.0.0.1 is taken`);
  });
});

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
    expect(ran).toMatchObject({ status: 1, out: "" });
    expect(ran.err).toContain("Cannot run no-such-program: no such file or folder");
  });
});
