import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import { binary, connected, spawnBinary } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { scriptedServer } from "../support/server.ts";

const load = ["tenant", "load", "x"];
const FOUND = { "GET /v1/mgmt/tenant": { body: { id: "x", name: "X" } } };
const EXPORT = {
  "POST /v1/mgmt/project/snapshot/export": { body: { files: { "a.json": {}, "b/c.txt": "text" } } },
};
const exportTo = (folder: string) => ["project", "snapshot", "export", "P1", "-p", folder];

/** Runs a line of shell with the program as `$0`, in `cwd`, with no environment but the connection. */
async function shell(line: string, url: string, args: readonly string[], cwd: string) {
  const child = Bun.spawn(["sh", "-c", line, binary, ...args], {
    env: connected(url),
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { status: await child.exited, out, err };
}

/** A failure in our words: no code of the runtime's, no place in its sources. */
function expectWords(ran: { status: number | null; out: string; err: string }, words: string | RegExp): void {
  expect(ran.status).toBe(1);
  expect(ran.out).toBe("");
  expect(ran.err).toStartWith("* Error: ");
  expect(ran.err).toMatch(words);
  expect(ran.err).not.toMatch(/ENOENT|EACCES|EISDIR|ENOTDIR|EIO|\bat .*:\d+:\d+|bunfs|fault in descope/);
}

describe.skipIf(process.platform === "win32")("the program runs", () => {
  test("in a folder that is gone", async () => {
    using server = scriptedServer(FOUND);
    using folder = temporaryFolder();
    fs.mkdirSync(folder.at("gone"));
    const ran = await shell('rmdir "$PWD"; exec "$0" "$@"', server.url, load, folder.at("gone"));
    expect(ran.err).toBe("");
    expect(ran.out).toContain('"id":"x"');
    expect(ran.status).toBe(0);
  });

  test("in a folder that is gone, from which files are named", async () => {
    using server = scriptedServer(EXPORT);
    using folder = temporaryFolder();
    folder.put("there/a.json", "old");
    for (const target of ["out", ".", "../out", "../there"]) {
      fs.mkdirSync(folder.at("gone"));
      const ran = await shell(
        'rmdir "$PWD"; exec "$0" "$@"',
        server.url,
        exportTo(target),
        folder.at("gone"),
      );
      expect(ran.status).toBe(1);
      expect(ran.err).not.toContain("fault in descope");
      expect(folder.contents()).toEqual({ "there/a.json": "old" });
    }
  });

  for (const [name, env] of [
    ["without HOME", {}],
    ["with an empty HOME", { HOME: "" }],
    ["with a HOME that is not there", { HOME: "/nowhere/at/all" }],
    ["with a HOME that is no folder", { HOME: "/dev/null" }],
    ["without PATH", { PATH: "" }],
    ["with no place for temporary files", { TMPDIR: "/nowhere", TMP: "/nowhere", TEMP: "/nowhere" }],
    ["in another language", { LANG: "de_DE.UTF-8", LC_ALL: "tr_TR.UTF-8" }],
    ["in the language C", { LANG: "C", LC_ALL: "C" }],
    ["in a time zone that there is not", { TZ: "Nowhere/At_All" }],
  ] as [string, Record<string, string>][]) {
    test(name, async () => {
      using server = scriptedServer(FOUND);
      const ran = await spawnBinary(load, { env: connected(server.url, env) });
      expect(ran.err).toBe("");
      expect(ran.out).toContain('"id":"x"');
      expect(ran.status).toBe(0);
    });
  }

  test("with nothing but its variables", async () => {
    using server = scriptedServer(FOUND);
    const { PATH: _, NO_COLOR: __, ...env } = connected(server.url);
    const child = Bun.spawn([binary, ...load], { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    expect(await child.stderr.text()).toBe("");
    expect(await child.stdout.text()).toContain('"id":"x"');
    expect(await child.exited).toBe(0);
  });

  test("with few files open at a time", async () => {
    using server = scriptedServer(EXPORT);
    using folder = temporaryFolder();
    const ran = await shell('ulimit -n 20; exec "$0" "$@"', server.url, exportTo("out"), folder.path);
    expect(ran.status).toBe(0);
    expect(folder.contents("out")).toEqual({ "a.json": "{}\n", "b/c.txt": "text\n" });
  });

  test("through a link, under another name", async () => {
    using folder = temporaryFolder();
    fs.symlinkSync(binary, folder.at("d"));
    const ran = await shell('exec ./d "$@"', "http://127.0.0.1:1", ["--version"], folder.path);
    expect(ran.out).toStartWith("descope version ");
    expect(ran.status).toBe(0);
  });

  test("with words that are no text", async () => {
    using server = scriptedServer(FOUND);
    const ran = await shell(
      'exec "$0" "$@" "$(printf "a\\377b")" --json',
      server.url,
      ["tenant", "load"],
      "/",
    );
    expect([0, 1]).toContain(ran.status);
    expect(JSON.parse(ran.out)).toHaveProperty("ok");
  });

  test("with a very long word", async () => {
    using server = scriptedServer({ "POST /v1/mgmt/tenant/create": { body: { id: "T1" } } });
    const ran = await spawnBinary(["tenant", "create", "x".repeat(100_000), "--json"], {
      env: connected(server.url),
    });
    expect(ran.status).toBe(0);
    expect((server.seen[0]?.body as { name: string }).name.length).toBe(100_000);
  });
});

describe.skipIf(process.platform !== "linux")(
  "a file that cannot be read or written is a failure in words",
  () => {
    const set = ["user", "password", "set-active", "ann", "--password-file"];

    for (const [file, words] of [
      ["/nowhere/at/all", "no such file"],
      ["/", "it is a folder"],
      ["/dev/null/x", "not a folder"],
      ["/proc/self/mem", "Cannot read /proc/self/mem"],
    ] as const) {
      test(`read ${file}`, async () => {
        using server = scriptedServer({});
        expectWords(await spawnBinary([...set, file], { env: connected(server.url) }), words);
        expect(server.seen).toEqual([]);
      });
    }

    for (const target of ["/proc/out", "/dev/null/out", "/dev/null", "/proc/version/out"]) {
      test(`export to ${target}`, async () => {
        using server = scriptedServer(EXPORT);
        expectWords(await spawnBinary(exportTo(target), { env: connected(server.url) }), target);
      });
    }

    test("export over a file in the way of a folder", async () => {
      using server = scriptedServer(EXPORT);
      using folder = temporaryFolder();
      folder.put("out/b", "a file where the snapshot has a folder");
      expectWords(
        await spawnBinary(exportTo("out"), { env: connected(server.url), cwd: folder.path }),
        "out/b",
      );
      expect(folder.contents()).toEqual({ "out/b": "a file where the snapshot has a folder" });
    });

    test("export over a folder in the way of a file", async () => {
      using server = scriptedServer(EXPORT);
      using folder = temporaryFolder();
      folder.put("out/a.json/x", "a folder where the snapshot has a file");
      expectWords(
        await spawnBinary(exportTo("out"), { env: connected(server.url), cwd: folder.path }),
        "a.json",
      );
      expect(folder.contents()).toEqual({ "out/a.json/x": "a folder where the snapshot has a file" });
    });

    test("export beyond a limit of size leaves nothing behind", async () => {
      using server = scriptedServer({
        "POST /v1/mgmt/project/snapshot/export": {
          body: { files: { "a.txt": "new", "big.txt": "0123456789abcdef".repeat(2 ** 16) } },
        },
      });
      using folder = temporaryFolder();
      folder.put("out/a.txt", "old");
      const ran = await shell('ulimit -f 100; exec "$0" "$@"', server.url, exportTo("out"), folder.path);
      expect(ran.status).toBe(1);
      expect(ran.err).toContain("too large");
      expect(folder.contents()).toEqual({ "out/a.txt": "old" });
    });
  },
);
