import { describe, expect, test } from "bun:test";
import { connected, spawnBinary } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { atTerminal } from "../support/pseudo-terminal.ts";
import { scriptedServer } from "../support/server.ts";

const ESCAPE = "\u001b";
const load = ["tenant", "load", "x"];
const HOSTILE = "\u001b[31mred\u001b]0;title\u0007\u009b2J\u202egnp\r\b\u0000";
const TENANTS = {
  "GET /v1/mgmt/tenant": { body: { id: "x", name: HOSTILE, selfProvisioningDomains: [HOSTILE] } },
  "GET /v1/mgmt/tenant/all": {
    body: {
      tenants: [
        { id: "x", name: HOSTILE },
        { id: "y", name: "Y" },
      ],
    },
  },
};

/** Everything that a run at a terminal showed, and how it ended. */
async function shown(
  args: readonly string[],
  options: Omit<Parameters<typeof atTerminal>[1], "env"> & {
    env?: Record<string, string>;
    url?: string;
  } = {},
) {
  const { url = "http://127.0.0.1:1", env = {}, ...rest } = options;
  await using session = atTerminal(args, { ...rest, env: { ...connected(url), NO_COLOR: "", ...env } });
  const status = await session.ended;
  return { status, text: session.shown };
}

describe.skipIf(process.platform === "win32")("colour", () => {
  test.each([
    ["on a terminal", {}, [], true],
    ["with NO_COLOR", { NO_COLOR: "1" }, [], false],
    ["with an empty NO_COLOR", { NO_COLOR: "" }, [], true],
    ["with TERM=dumb", { TERM: "dumb" }, [], false],
    ["with FORCE_COLOR=0", { FORCE_COLOR: "0" }, [], false],
    ["with TERM=dumb and FORCE_COLOR", { TERM: "dumb", FORCE_COLOR: "1" }, [], true],
    ["with NO_COLOR and FORCE_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, [], false],
    ["with --color=never", {}, ["--color=never"], false],
    ["with NO_COLOR and --color always", { NO_COLOR: "1" }, ["--color", "always"], true],
    ["without TERM", { TERM: "" }, [], true],
  ] as [string, Record<string, string>, string[], boolean][])("%s", async (_name, env, flags, coloured) => {
    using server = scriptedServer({ "GET /v1/mgmt/tenant": { body: { id: "x", name: "X" } } });
    const result = await shown([...load, ...flags], { url: server.url, env });
    expect(result.status).toBe(0);
    expect(result.text.includes(ESCAPE)).toBe(coloured);
    const help = await shown(["tenant", "load", "--help", ...flags], { env });
    expect(help.status).toBe(0);
    expect(help.text.includes(ESCAPE)).toBe(coloured);
    const failure = await shown(["tenant", "load", "", ...flags], { env });
    expect(failure.status).toBe(1);
    expect(failure.text.includes(ESCAPE)).toBe(coloured);
  });

  test.each([
    ["into a pipe", {}, [], false],
    ["into a pipe with FORCE_COLOR", { FORCE_COLOR: "1", NO_COLOR: "" }, [], true],
    ["into a pipe with --color always", {}, ["--color", "always"], true],
    ["into a pipe as JSON", { FORCE_COLOR: "1", NO_COLOR: "" }, ["--json", "--color=always"], false],
  ] as [string, Record<string, string>, string[], boolean][])("%s", async (_name, env, flags, coloured) => {
    using server = scriptedServer(TENANTS);
    for (const args of [["--help"], ["tenant", "load", "--help"]]) {
      const ran = await spawnBinary([...args, ...flags.filter((flag) => flag !== "--json")], { env });
      expect(ran.out.includes(ESCAPE)).toBe(coloured || flags.includes("--json"));
    }
    // What is printed for programs stays the same whatever the colour.
    const ran = await spawnBinary([...load, ...flags], { env: connected(server.url, env) });
    expect(ran.status).toBe(0);
    expect(ran.out).not.toContain(ESCAPE);
  });

  test("is decided for each stream: a pipe gets none while standard error is a terminal", async () => {
    using server = scriptedServer(TENANTS);
    using folder = temporaryFolder();
    const good = await shown(load, { url: server.url, cwd: folder.path, line: '"$0" "$@" >out' });
    expect(good.status).toBe(0);
    expect(good.text).toBe("");
    expect(folder.contents().out).toStartWith('* Loaded tenant: {"id":"x"');
    const bad = await shown(["tenant", "load", ""], { cwd: folder.path, line: '"$0" "$@" >out' });
    expect(bad.text).toContain(ESCAPE);
    expect(folder.contents()).toEqual({ out: "" });
  });

  test("is decided for each stream: a terminal gets it while standard error is a file", async () => {
    using folder = temporaryFolder();
    const bad = await shown(["tenant", "load", ""], { cwd: folder.path, line: '"$0" "$@" 2>err' });
    expect(bad.text).toBe("");
    expect(folder.contents().err).toStartWith("* Error: ");
    const help = await shown(["--help"], { cwd: folder.path, line: '"$0" "$@" 2>err' });
    expect(help.text).toContain(ESCAPE);
  });
});

describe.skipIf(process.platform === "win32")("control characters from a server", () => {
  // Those of our own: colours, and the line ends that a terminal makes of a newline.
  const ours = /\u001b\[(?:1|2|22|31|39)m|\r\n/g;
  const raw = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  for (const args of [load, ["tenant", "load-all"], [...load, "--debug"]]) {
    test(`never reach the terminal: ${args.join(" ")}`, async () => {
      using server = scriptedServer(TENANTS);
      const { status, text } = await shown(args, { url: server.url });
      expect(status).toBe(0);
      expect(text).toContain("\\u001b[31mred");
      expect(text.replace(ours, "")).not.toMatch(raw);
    });
  }

  test("nor from an error, its headers, or a reply that is none", async () => {
    for (const answer of [
      { status: 400, body: { errorCode: `E${HOSTILE}`, errorDescription: HOSTILE, errorMessage: HOSTILE } },
      { status: 502, raw: HOSTILE, headers: { "content-type": "text/x\u009b2J" } },
      { raw: `<html>${HOSTILE}`, headers: { "content-type": "text/html" } },
    ]) {
      using server = scriptedServer({ "*": answer });
      for (const more of [[], ["--debug"]]) {
        const { status, text } = await shown(["tenant", "create", "x", ...more], { url: server.url });
        expect(status).toBe(1);
        expect(text.replace(ours, "")).not.toMatch(raw);
      }
    }
  });

  test("nor from the command line and file names", async () => {
    const hostile = "a\u001b[31mb\u0007";
    for (const args of [
      [hostile],
      ["tenant", hostile],
      ["tenant", "load", "x", `--${hostile}`],
      ["project", "snapshot", "import", "P1", "-p", hostile],
    ]) {
      const { status, text } = await shown(args);
      expect(status).toBe(1);
      expect(text.replace(ours, "")).not.toMatch(raw);
    }
  });

  test("nor from a project's name in a question", async () => {
    using server = scriptedServer({
      "POST /v1/mgmt/projects/list": { body: { projects: [{ id: "P1", name: HOSTILE }] } },
    });
    await using session = atTerminal(["project", "delete", "P1"], { env: connected(server.url) });
    await session.type("no\n", "to go on");
    expect(await session.ended).toBe(0);
    expect(session.shown.replace(ours, "")).not.toMatch(raw);
  });
});

describe.skipIf(process.platform === "win32")("the width of the terminal", () => {
  test("is kept to by tables", async () => {
    using server = scriptedServer({
      "GET /v1/mgmt/tenant/all": {
        body: {
          tenants: Array.from({ length: 3 }, (_, i) => ({
            id: `tenant-${i}`,
            name: `A long name 你好 ${"x".repeat(60)}`,
            selfProvisioningDomains: ["a.example.com", "b.example.com"],
            createdTime: 1712070000,
          })),
        },
      },
    });
    for (const columns of [40, 80, 200]) {
      const { text } = await shown(["tenant", "load-all"], {
        url: server.url,
        columns,
        env: { NO_COLOR: "1" },
      });
      expect(text).toContain("tenant-2");
      for (const line of text.split("\r\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
});

describe.skipIf(process.platform === "win32")("a question before something is destroyed", () => {
  const remove = ["tenant", "delete", "x"];
  const QUESTION = "Delete tenant x?";

  for (const [name, keys, sent] of [
    ["y", "y", 1],
    ["arrow and Enter", "\u001b[D\r", 1],
    ["Enter alone", "\r", 0],
    ["n", "n", 0],
    ["Ctrl-D", "\u0004", 0],
  ] as const) {
    test(`is answered with ${name}`, async () => {
      using server = scriptedServer({ "POST /v1/mgmt/tenant/delete": {} });
      await using session = atTerminal(remove, { env: connected(server.url) });
      await session.type(keys, QUESTION);
      expect(await session.ended).toBe(sent === 1 ? 0 : 1);
      expect(server.seen.length).toBe(sent);
      if (sent === 0) expect(session.shown).toContain("nothing was done");
      expect(session.isCooked).toBe(true);
    });
  }

  test.each([
    ["on a terminal", {}, [], true],
    ["with NO_COLOR", { NO_COLOR: "1" }, [], false],
    ["with --color=never", {}, ["--color=never"], false],
    ["with NO_COLOR and --color always", { NO_COLOR: "1" }, ["--color", "always"], true],
  ] as [string, Record<string, string>, string[], boolean][])(
    "has colour %s as all else",
    async (_name, env, flags, coloured) => {
      await using session = atTerminal([...remove, ...flags], {
        env: { ...connected("http://127.0.0.1:1"), NO_COLOR: "", ...env },
      });
      await session.type("n", QUESTION);
      await session.ended;
      expect(/\u001b\[3\dm/.test(session.shown)).toBe(coloured);
    },
  );

  for (const [name, interrupt, signal] of [
    ["Ctrl-C", (session: ReturnType<typeof atTerminal>) => session.type("\u0003", QUESTION), "SIGINT"],
    [
      "SIGTERM",
      (session: ReturnType<typeof atTerminal>) => session.see(QUESTION).then(() => session.kill("SIGTERM")),
      "SIGTERM",
    ],
    [
      "SIGHUP",
      (session: ReturnType<typeof atTerminal>) => session.see(QUESTION).then(() => session.kill("SIGHUP")),
      "SIGHUP",
    ],
  ] as const) {
    test(`is ended by ${name}, which gives the terminal back as it was`, async () => {
      using server = scriptedServer({ "POST /v1/mgmt/tenant/delete": {} });
      await using session = atTerminal(remove, { env: connected(server.url) });
      await interrupt(session);
      expect(await session.ended).toBe(signal);
      expect(server.seen).toEqual([]);
      expect(session.isCooked).toBe(true);
      expect(session.shown.lastIndexOf("\u001b[?25h")).toBeGreaterThan(
        session.shown.lastIndexOf("\u001b[?25l"),
      );
    });
  }

  for (const [name, more, line] of [
    ["--force", ["--force"], undefined],
    ["-f", ["-f"], undefined],
    ["--json", ["--json"], undefined],
    ["standard input from elsewhere", [], '"$0" "$@" </dev/null'],
    ["standard error to elsewhere", [], '"$0" "$@" 2>/dev/null'],
  ] as const) {
    test(`is not asked with ${name}`, async () => {
      using server = scriptedServer({ "POST /v1/mgmt/tenant/delete": {} });
      const ran = await shown([...remove, ...more], {
        url: server.url,
        ...(line === undefined ? {} : { line }),
      });
      expect(ran.status).toBe(0);
      expect(ran.text).not.toContain(QUESTION);
      expect(server.seen.length).toBe(1);
    });
  }

  test("stands on standard error, so that output may go elsewhere", async () => {
    using server = scriptedServer({ "POST /v1/mgmt/tenant/delete": {} });
    using folder = temporaryFolder();
    await using session = atTerminal(remove, {
      env: connected(server.url),
      cwd: folder.path,
      line: '"$0" "$@" >out',
    });
    await session.type("y", QUESTION);
    expect(await session.ended).toBe(0);
    expect(folder.contents()).toEqual({ out: "" });
    expect(server.seen.length).toBe(1);
  });

  test("is readable on a terminal that does not know its width", async () => {
    using server = scriptedServer({ "POST /v1/mgmt/tenant/delete": {} });
    await using session = atTerminal(remove, {
      env: connected(server.url),
      line: 'stty cols 0 && "$0" "$@"',
    });
    await session.type("y", QUESTION);
    expect(await session.ended).toBe(0);
    expect(server.seen.length).toBe(1);
  });

  test("is one line on a terminal that cannot move its cursor", async () => {
    for (const [answer, sent] of [
      ["y\n", 1],
      ["\n", 0],
      ["\u0004", 0],
    ] as const) {
      using server = scriptedServer({ "POST /v1/mgmt/tenant/delete": {} });
      await using session = atTerminal(remove, { env: connected(server.url, { TERM: "dumb" }) });
      await session.type(answer, `${QUESTION} [y/N] `);
      expect(await session.ended).toBe(sent === 1 ? 0 : 1);
      expect(session.shown).not.toContain(ESCAPE);
      expect(server.seen.length).toBe(sent);
    }
  });

  test("has no colour where none is wanted", async () => {
    using server = scriptedServer({ "POST /v1/mgmt/tenant/delete": {} });
    await using session = atTerminal(remove, { env: connected(server.url) });
    await session.type("n", QUESTION);
    await session.ended;
    expect(session.shown).not.toMatch(/\u001b\[[\d;]*m/);
  });
});

describe.skipIf(process.platform === "win32")("the name of a project is asked before it is deleted", () => {
  for (const [typed, status, deleted] of [
    ["Staging\n", 0, true],
    ["  Staging \n", 0, true],
    ["no\n", 0, false],
    ["\n", 0, false],
    ["\u0004", 0, false],
    ["\u0003", "SIGINT", false],
  ] as const) {
    test(JSON.stringify(typed), async () => {
      using server = scriptedServer({
        "POST /v1/mgmt/projects/list": { body: { projects: [{ id: "P1", name: "Staging" }] } },
        "POST /v1/mgmt/project/delete": {},
      });
      await using session = atTerminal(["project", "delete", "P1"], { env: connected(server.url) });
      await session.type(typed, "Staging, to go on: ");
      expect(await session.ended).toBe(status);
      expect(server.seen.map(({ path }) => path)).toEqual([
        "/v1/mgmt/projects/list",
        ...(deleted ? ["/v1/mgmt/project/delete"] : []),
      ]);
    });
  }
});

describe.skipIf(process.platform === "win32")("a password", () => {
  const set = ["user", "password", "set-active", "ann"];

  test("is asked for without an echo", async () => {
    using server = scriptedServer({ "POST /v1/mgmt/user/password/set/active": {} });
    await using session = atTerminal(set, { env: connected(server.url) });
    await session.type("s3cret ü-Pass\r", "New password");
    expect(await session.ended).toBe(0);
    expect(server.seen.map(({ body }) => body)).toEqual([
      { loginId: "ann", password: "s3cret ü-Pass", setActive: true },
    ]);
    expect(session.shown).not.toContain("s3c");
    expect(session.shown).not.toContain("Pass\r");
    expect(session.isCooked).toBe(true);
  });

  for (const [name, keys, ended] of [
    ["nothing", "\r", 1],
    ["Ctrl-D", "\u0004", 1],
    ["Ctrl-C", "abc\u0003", "SIGINT"],
  ] as const) {
    test(`is not sent after ${name}`, async () => {
      using server = scriptedServer({});
      await using session = atTerminal(set, { env: connected(server.url) });
      await session.type(keys, "New password");
      expect(await session.ended).toBe(ended);
      expect(server.seen).toEqual([]);
      expect(session.isCooked).toBe(true);
    });
  }

  test("is not asked for where nobody sits: the command fails at once", async () => {
    using server = scriptedServer({});
    for (const line of ['"$0" "$@" </dev/null', '"$0" "$@" 2>/dev/null', '"$0" "$@" --json']) {
      const ran = await shown(set, { url: server.url, line });
      expect(ran.status).toBe(1);
      expect(ran.text).not.toContain("New password\r");
    }
    expect(server.seen).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("a signal from the keyboard", () => {
  test("ends a run that waits for a server", async () => {
    const asked = Promise.withResolvers<void>();
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch() {
        asked.resolve();
        return new Promise<Response>(() => {});
      },
    });
    for (const [keys, signal] of [
      ["\u0003", "SIGINT"],
      ["\u001c", "SIGQUIT"],
    ] as const) {
      await using session = atTerminal(load, {
        env: connected(`http://127.0.0.1:${server.port}`),
        line: 'ulimit -c 0; exec "$0" "$@"',
      });
      await asked.promise;
      await session.type(keys, "");
      expect(await session.ended).toBe(signal);
    }
    await server.stop(true);
  });
});
