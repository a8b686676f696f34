import { afterEach, describe, expect, test } from "bun:test";
import fs from "node:fs";
import { binary, connected } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that never answers, or after the first bytes of an answer goes no further, and a promise of its first request. */
function silentServer(beginning?: string) {
  const asked = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch() {
      asked.resolve();
      if (beginning === undefined) return new Promise<Response>(() => {});
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(beginning)),
        pull: () => new Promise<void>(() => {}),
      });
      return new Response(body, { headers: { "content-type": "application/json" } });
    },
  });
  stops.push(() => void server.stop(true));
  return { url: `http://127.0.0.1:${server.port}`, asked: asked.promise };
}

function start(args: readonly string[], url: string, options: { cwd?: string; stdin?: "pipe" } = {}) {
  const child = Bun.spawn([binary, ...args], {
    env: connected(url),
    cwd: options.cwd ?? "/",
    stdin: options.stdin ?? "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  stops.push(() => child.kill("SIGKILL"));
  return child;
}

describe("a signal ends the program, which dies of the signal itself", () => {
  for (const signal of SIGNALS) {
    for (const args of [
      ["tenant", "load", "x"],
      ["tenant", "load", "x", "--json"],
      ["tenant", "create", "x"],
    ]) {
      test(`${signal} while it waits for ${args.join(" ")}`, async () => {
        const server = silentServer();
        const child = start(args, server.url);
        await server.asked;
        child.kill(signal);
        await child.exited;
        expect(child.signalCode).toBe(signal);
        expect(child.exitCode).toBeNull();
        expect(await child.stdout.text()).toBe("");
        expect(await child.stderr.text()).toBe("");
      });
    }

    test(`${signal} while it reads standard input`, async () => {
      const server = silentServer();
      const child = start(["user", "password", "set-active", "ann", "-"], server.url, { stdin: "pipe" });
      child.stdin?.write("s3c");
      child.stdin?.flush();
      await waitUntilAsleep(child.pid);
      child.kill(signal);
      await child.exited;
      expect(child.signalCode).toBe(signal);
    });

    test(`${signal} while it waits before a repeat`, async () => {
      const asked = Promise.withResolvers<void>();
      const server = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        fetch() {
          asked.resolve();
          return new Response("{}", { status: 429, headers: { "retry-after": "50" } });
        },
      });
      stops.push(() => void server.stop(true));
      const child = start(["tenant", "load", "x"], `http://127.0.0.1:${server.port}`);
      await asked.promise;
      child.kill(signal);
      await child.exited;
      expect(child.signalCode).toBe(signal);
    });

    for (const before of [{ "out/a.json": "old" }, {}])
      test(`${signal} in the middle of a snapshot's reply leaves nothing behind where ${Object.keys(before).length} files are`, async () => {
        const server = silentServer('{"files":{"a.json":{"new":true},');
        using folder = temporaryFolder();
        for (const [name, content] of Object.entries(before)) folder.put(name, content);
        const child = start(["project", "snapshot", "export", "P1", "-p", "out"], server.url, {
          cwd: folder.path,
        });
        await server.asked;
        await waitUntilAsleep(child.pid);
        child.kill(signal);
        await child.exited;
        expect(child.signalCode).toBe(signal);
        expect(folder.contents()).toEqual(before);
        expect(fs.readdirSync(folder.path)).toEqual(Object.keys(before).length === 0 ? [] : ["out"]);
      });
  }

  test.skipIf(process.platform !== "linux")("a shell sees 130, 143 and 129", async () => {
    for (const [signal, status] of [
      ["INT", 130],
      ["TERM", 143],
      ["HUP", 129],
    ] as const) {
      const server = silentServer();
      const shell = Bun.spawn(["sh", "-c", `"$0" tenant load x; echo $?`, binary], {
        env: connected(server.url),
        stdin: "ignore",
        stdout: "pipe",
        stderr: "ignore",
      });
      await server.asked;
      const children = fs.readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, "utf8");
      process.kill(Number(children.trim()), `SIG${signal}`);
      expect(Number((await shell.stdout.text()).trim())).toBe(status);
    }
  });
});

describe("a signal while files are written", () => {
  for (const signal of SIGNALS) {
    test(`${signal}: the folder holds the old files or the new ones, and nothing else`, async () => {
      const names = Array.from({ length: 300 }, (_, i) => `d${i % 7}/f${i}.txt`);
      const server = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        fetch: () =>
          Response.json({ files: Object.fromEntries(names.map((name) => [name, "new\n".repeat(2000)])) }),
      });
      stops.push(() => void server.stop(true));
      using folder = temporaryFolder();
      for (const name of names) folder.put(`out/${name}`, "old");
      const child = start(
        ["project", "snapshot", "export", "P1", "-p", "out"],
        `http://127.0.0.1:${server.port}`,
        {
          cwd: folder.path,
        },
      );
      const watcher = fs.watch(folder.at("out"), () => child.kill(signal));
      await child.exited;
      watcher.close();
      const left = folder.contents("out");
      expect(Object.keys(left).sort()).toEqual([...names].sort());
      const kinds = new Set(Object.values(left));
      expect(kinds.size).toBe(1);
      if (child.signalCode !== signal) expect(child.exitCode).toBe(0);
    });

    test(`${signal}: a new folder is there with all of its files, or not at all`, async () => {
      const names = Array.from({ length: 3000 }, (_, i) => `d${i % 7}/f${i}.txt`);
      const server = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        fetch: () =>
          Response.json({ files: Object.fromEntries(names.map((name) => [name, "new\n".repeat(200)])) }),
      });
      stops.push(() => void server.stop(true));
      using folder = temporaryFolder();
      const child = start(
        ["project", "snapshot", "export", "P1", "-p", "out"],
        `http://127.0.0.1:${server.port}`,
        { cwd: folder.path },
      );
      const watcher = fs.watch(folder.path, () => child.kill(signal));
      await child.exited;
      watcher.close();
      if (child.signalCode === signal) expect(fs.readdirSync(folder.path)).toEqual([]);
      else {
        expect(child.exitCode).toBe(0);
        expect(Object.keys(folder.contents("out"))).toHaveLength(names.length);
      }
    });
  }
});

describe("a process that was made deaf to a signal stays so", () => {
  for (const [signal, number] of [
    ["HUP", 1],
    ["INT", 2],
  ] as const) {
    for (const args of [
      ["tenant", "load", "x"],
      ["project", "snapshot", "export", "P1", "-p", "out"],
    ]) {
      test(`${signal}: ${args.join(" ")}`, async () => {
        const asked = Promise.withResolvers<void>();
        const answer = Promise.withResolvers<Response>();
        const server = Bun.serve({
          port: 0,
          hostname: "127.0.0.1",
          fetch() {
            asked.resolve();
            return answer.promise;
          },
        });
        stops.push(() => void server.stop(true));
        using folder = temporaryFolder();
        const child = Bun.spawn(["sh", "-c", `trap '' ${signal}; exec "$0" "$@"`, binary, ...args], {
          env: connected(`http://127.0.0.1:${server.port}`),
          cwd: folder.path,
          stdin: "ignore",
          stdout: "ignore",
          stderr: "pipe",
        });
        await asked.promise;
        process.kill(child.pid, number);
        answer.resolve(Response.json({ id: "x", name: "X", files: {} }));
        await child.exited;
        expect(child.signalCode).toBeNull();
        expect(child.exitCode).toBe(0);
      });
    }
  }
});

/** Waits until a process does nothing but wait. */
async function waitUntilAsleep(pid: number): Promise<void> {
  if (process.platform !== "linux") return Bun.sleep(300);
  for (let quiet = 0; quiet < 5;) {
    const state = /^State:\s*(\w)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    quiet = state === "S" ? quiet + 1 : 0;
    await Bun.sleep(10);
  }
}
