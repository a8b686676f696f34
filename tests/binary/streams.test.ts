import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import { binary, connected, spawnBinary } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { scriptedServer } from "../support/server.ts";

const SLOW_READER = path.join(import.meta.dir, "../support/slow-reader.ts");

/** A server with a tenant whose record takes about `size` bytes, and what the program prints of it. */
function bigTenant(size: number) {
  const text = "0123456789abcdef".repeat(size / 16);
  return scriptedServer({
    "GET /v1/mgmt/tenant": { body: { id: "big", name: "Big", customAttributes: { text } } },
  });
}

/** Runs a line of shell with the program as `$0`; the program's own exit status is its third stream. */
async function shell(line: string, url: string, args: readonly string[]) {
  const child = Bun.spawn(["sh", "-c", line, binary, ...args], {
    env: connected(url),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { status: await child.exited, out, err };
}

const load = ["tenant", "load", "big"];

describe("standard output is whole", () => {
  for (const [name, size] of [
    ["1 MiB", 2 ** 20],
    ["10 MiB", 10 * 2 ** 20],
  ] as const) {
    for (const json of [[], ["--json"]]) {
      test(`${name} through a slow pipe${json.length === 0 ? "" : " as JSON"}`, async () => {
        using server = bigTenant(size);
        const whole = await spawnBinary([...load, ...json], { env: connected(server.url) });
        expect(whole.err).toBe("");
        expect(whole.status).toBe(0);
        expect(whole.out.length).toBeGreaterThan(size);
        expect(whole.out).toContain("0123456789abcdef".repeat(size / 16));
        expect(whole.out.endsWith("}\n")).toBe(true);
        const slow = await shell(`"$0" "$@" | '${process.execPath}' '${SLOW_READER}'`, server.url, [
          ...load,
          ...json,
        ]);
        expect(slow.err).toBe("");
        expect(slow.out.trim()).toBe(
          `${Buffer.byteLength(whole.out)} ${new Bun.CryptoHasher("sha256").update(whole.out).digest("hex")}`,
        );
      });
    }
  }

  test("through a slow pipe that does not block its writer", async () => {
    using server = bigTenant(2 ** 20);
    using folder = temporaryFolder();
    const pipe = folder.at("pipe");
    Bun.spawnSync(["mkfifo", pipe]);
    const reader = Bun.spawn(["sh", "-c", `'${process.execPath}' '${SLOW_READER}' <'${pipe}'`], {
      stdout: "pipe",
    });
    const end = fs.openSync(pipe, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    const child = Bun.spawn([binary, ...load], {
      env: connected(server.url),
      stdin: "ignore",
      stdout: end,
      stderr: "pipe",
    });
    expect(await child.stderr.text()).toBe("");
    expect(await child.exited).toBe(0);
    fs.closeSync(end);
    expect(Number((await reader.stdout.text()).split(" ")[0])).toBeGreaterThan(2 ** 20);
  });

  test("into a file", async () => {
    using server = bigTenant(2 ** 20);
    const ran = await shell('f=$(mktemp); "$0" "$@" >"$f"; echo $?; wc -c <"$f"; rm "$f"', server.url, load);
    const [status, size] = ran.out.trim().split("\n");
    expect(status).toBe("0");
    expect(Number(size)).toBeGreaterThan(2 ** 20);
  });
});

describe("a reader that goes away", () => {
  for (const json of [[], ["--json"]]) {
    for (const reader of ["true", "head -c 10 >/dev/null"]) {
      test(`is no failure: ${["descope", ...json].join(" ")} | ${reader}`, async () => {
        using server = bigTenant(2 ** 20);
        const ran = await shell(`{ "$0" "$@"; echo "status $?" >&2; } | ${reader}`, server.url, [
          ...load,
          ...json,
        ]);
        expect(ran.err).toBe("status 0\n");
      });
    }
  }

  test("does not turn a no into a yes", async () => {
    using server = scriptedServer({
      "POST /v1/mgmt/project/snapshot/validate": { body: { ok: false, failures: ["x"] } },
    });
    using folder = temporaryFolder();
    folder.put("a.json", "{}");
    for (const json of [[], ["--json"]]) {
      const args = ["project", "snapshot", "validate", "P1", "-p", folder.path, ...json];
      expect(await intoBrokenPipe(args, server.url)).toBe(2);
    }
  });

  test("does not hide a failure", async () => {
    using server = scriptedServer({ "GET /v1/mgmt/tenant": { status: 400, body: { errorCode: "E1" } } });
    expect(await intoBrokenPipe([...load, "--json"], server.url)).toBe(1);
  });

  test("is no failure of a small result", async () => {
    using server = bigTenant(16);
    for (const args of [load, [...load, "--json"], ["--help"], ["--version"]])
      expect(await intoBrokenPipe(args, server.url)).toBe(0);
  });
});

/** Runs the program with a standard output that nobody reads any more, quiet on standard error, and gives back its exit status. */
async function intoBrokenPipe(args: readonly string[], url: string): Promise<number> {
  using folder = temporaryFolder();
  const pipe = folder.at("pipe");
  Bun.spawnSync(["mkfifo", pipe]);
  const both = fs.openSync(pipe, fs.constants.O_RDWR);
  const end = fs.openSync(pipe, fs.constants.O_WRONLY);
  fs.closeSync(both);
  const child = Bun.spawn([binary, ...args], {
    env: connected(url),
    stdin: "ignore",
    stdout: end,
    stderr: "pipe",
  });
  fs.closeSync(end);
  const status = await child.exited;
  // A "no" for people says its reasons there.
  expect(await child.stderr.text()).not.toContain("Error");
  return status;
}

describe.skipIf(process.platform !== "linux")("a full disk", () => {
  for (const args of [load, [...load, "--json"], ["--help"], ["--version"], ["tenant", "load", "--help"]]) {
    test(`is a failure in words: ${args.join(" ")}`, async () => {
      using server = bigTenant(16);
      const ran = await shell('"$0" "$@" >/dev/full', server.url, args);
      expect(ran.err).toContain("Standard output cannot be written: no space left on the disk");
      expect(ran.status).toBe(1);
    });
  }

  test("of standard error does not hide a failure", async () => {
    using server = bigTenant(16);
    const ran = await shell('"$0" nope 2>/dev/full', server.url, []);
    expect(ran.status).toBe(1);
  });

  test("of standard error changes nothing of a success", async () => {
    using server = bigTenant(16);
    const ran = await shell('"$0" "$@" --debug 2>/dev/full', server.url, load);
    expect(ran.out).toContain('"id":"big"');
    expect(ran.status).toBe(0);
  });
});

describe("streams that are closed from the start", () => {
  for (const [closed, expected] of [
    ["<&-", 0],
    [">&-", 0],
    ["2>&-", 0],
    ["<&- >&- 2>&-", 0],
  ] as const) {
    test(`${closed} with a success`, async () => {
      using server = bigTenant(16);
      const ran = await shell(`"$0" "$@" ${closed}`, server.url, load);
      expect(ran.err).toBe("");
      expect(ran.status).toBe(expected);
      expect(server.seen.length).toBe(1);
    });
    test(`${closed} with a failure`, async () => {
      using server = bigTenant(16);
      const ran = await shell(`"$0" "$@" ${closed}`, server.url, ["tenant", "load", ""]);
      expect(ran.status).toBe(1);
      expect(server.seen.length).toBe(0);
    });
  }

  test("a password cannot be read from a closed standard input", async () => {
    using server = scriptedServer({});
    const ran = await shell('"$0" "$@" <&-', server.url, ["user", "password", "set-active", "ann", "-"]);
    expect(ran.status).toBe(1);
    expect(ran.err).toContain("* Error: ");
    expect(server.seen.length).toBe(0);
  });
});

describe("standard input", () => {
  const set = ["user", "password", "set-active", "ann", "-"];
  const fine = { "POST /v1/mgmt/user/password/set/active": {} };

  for (const [name, line] of [
    ["a pipe", 'printf "s3cret\\nmore" | "$0" "$@"'],
    ["a slow pipe", '{ printf s3; sleep 0.2; printf cret; } | "$0" "$@"'],
    ["a file", 'f=$(mktemp); echo s3cret >"$f"; "$0" "$@" <"$f"; s=$?; rm "$f"; exit $s'],
  ] as const) {
    test(`is read from ${name}`, async () => {
      using server = scriptedServer(fine);
      const ran = await shell(line, server.url, set);
      expect(ran.err).toBe("");
      expect(ran.status).toBe(0);
      expect(server.seen.map(({ body }) => body)).toEqual([
        { loginId: "ann", password: "s3cret", setActive: true },
      ]);
    });
  }
});
