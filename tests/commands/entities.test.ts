import { describe, expect, test } from "bun:test";
import { resolve } from "../../src/cli/resolve.ts";
import { root } from "../../src/cli/routes.ts";
import { listCommands } from "../../src/cli/tree.ts";
import { cli, credentials, type Ran, type RunOptions } from "../support/cli.ts";
import { scriptedServer, type Answer, type ScriptedServer, type Seen } from "../support/server.ts";
import { entityCases, type EntityCase, type Request } from "./entity-cases.ts";

/** Runs a line against a server and its project, in UTC. */
async function run(server: ScriptedServer, line: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return cli(line, { ...options, env: { ...credentials, DESCOPE_BASE_URL: server.url, ...options.env } });
}

/** Without the members that a client may leave out because they are empty. */
function withoutEmpty(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutEmpty);
  if (typeof body !== "object" || body === null) return body;
  const kept = Object.entries(body).filter(([, content]) => {
    if (Array.isArray(content)) return content.length > 0;
    return content !== "" && content !== 0 && content !== false && content !== null;
  });
  return Object.fromEntries(kept.map(([key, content]) => [key, withoutEmpty(content)]));
}

function asRequest({ method, path, query, body }: Seen): Request {
  return {
    call: `${method} ${path}`,
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(body === undefined ? {} : { body: withoutEmpty(body) }),
  };
}

/** The case with another answer to its first request, and none to the others. */
function answering({ requests }: EntityCase, answer: Answer): Record<string, Answer> {
  return { [requests[0]?.call ?? ""]: answer };
}

const withForce = ({ line, asks }: EntityCase): readonly string[] => {
  return asks ? line.toSpliced(line.includes("--") ? line.indexOf("--") : line.length, 0, "--force") : line;
};
const named = entityCases.map((one) => [resolve(one.line).words.join(" "), one] as const);

test("every command for entities has a case", async () => {
  const covered = new Set(named.map(([name]) => name));
  const wanted = (await listCommands(root, []))
    .map(({ words }) => words)
    .filter(([first, second]) => {
      if (first === "project")
        return second !== "snapshot" && ["list", "clone", "delete"].includes(second ?? "");
      return ["access-key", "apps", "tenant", "user"].includes(first ?? "") || second === "search";
    })
    .map((words) => words.join(" "));
  expect(wanted.filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(named)("%s", (_, one) => {
  test("sends what it is to send, with the project's key, and prints one document with --json", async () => {
    using server = scriptedServer(one.answers);
    const ran = await run(server, ["--json", ...one.line]);
    server.verify();
    expect(ran.out).toBe(one.json);
    expect(ran).toMatchObject({ status: 0, err: "" });
    expect(server.seen.map(asRequest)).toEqual([...one.requests]);
    for (const seen of server.seen) {
      expect(seen.headers.get("content-type")).toBe(
        ["GET", "DELETE"].includes(seen.method) ? null : "application/json",
      );
      const project =
        one.line[0] === "project" && one.line[1] !== "list" ? one.line[2] : credentials.DESCOPE_PROJECT_ID;
      expect(seen.authorization).toBe(`Bearer ${project}:${credentials.DESCOPE_MANAGEMENT_KEY}`);
    }
  });

  test("prints the vendor's lines in a pipe, and asks nothing", async () => {
    using server = scriptedServer(one.answers);
    const ran = await run(server, one.line);
    server.verify();
    expect(ran.out).toBe(one.pipe);
    expect(ran.status).toBe(0);
    expect(ran.err).toBe(
      ran.err.startsWith("* 130 users exist") ? "* 130 users exist: --all loads them all\n" : "",
    );
    expect(server.seen.map(asRequest)).toEqual([...one.requests]);
  });

  test("prints what people read on a terminal, after a yes where it asks", async () => {
    using server = scriptedServer(one.answers);
    const ran = await run(server, one.line, { tty: true, answers: one.asks ? [true] : [] });
    server.verify();
    expect(ran.out).toBe(one.terminal ?? one.pipe);
    expect(ran.status).toBe(0);
    expect(server.seen.map(asRequest)).toEqual([...one.requests]);
  });

  test("asks before it destroys, and a no sends nothing", async () => {
    if (!one.asks) return;
    using server = scriptedServer(one.answers);
    const refused = await run(server, one.line, { tty: true, answers: [false] });
    expect(refused).toMatchObject({ status: 1, out: "" });
    expect(refused.err).toContain("* Error: Not confirmed: nothing was done\n");
    expect(server.seen).toEqual([]);
    const forced = await run(server, withForce(one), { tty: true });
    expect(forced.status).toBe(0);
    const json = await run(server, ["-j", ...one.line], { tty: true });
    expect(json.status).toBe(0);
    expect(server.seen).toHaveLength(2 * one.requests.length);
  });

  test("needs its variables, and says so before it asks the server", async () => {
    using server = scriptedServer({});
    const noKey = await run(server, one.line, { env: { DESCOPE_MANAGEMENT_KEY: "" } });
    expect(noKey).toMatchObject({ status: 1, out: "" });
    expect(noKey.err).toStartWith("* Error: The management key is missing");
    if (one.line[0] !== "project") {
      const noProject = await run(server, one.line, { env: { DESCOPE_PROJECT_ID: "" } });
      expect(noProject).toMatchObject({ status: 1, out: "" });
      expect(noProject.err).toStartWith("* Error: The project is missing");
    }
    expect(server.seen).toEqual([]);
  });

  test.each<[string, Answer, string, object]>([
    [
      "an error",
      {
        status: 400,
        body: {
          errorCode: "E011001",
          errorDescription: "Request is invalid",
          errorMessage: "x\u001b is missing",
        },
      },
      "[E011001] Request is invalid: x\\u001b is missing [Status-Code:400]",
      { code: "server", errorCode: "E011001", status: 400 },
    ],
    [
      "one without a message",
      { status: 404, body: { errorCode: "E1", errorDescription: "Not found" } },
      "[E1] Not found [Status-Code:404]",
      { code: "server", errorCode: "E1", status: 404 },
    ],
    [
      "one without a description",
      { status: 500, body: { errorCode: "E1", errorMessage: "oops" } },
      "[E1] Server error: oops [Status-Code:500]",
      { code: "server", errorCode: "E1", status: 500, hint: expect.any(String) },
    ],
    [
      "no permission",
      { status: 403, body: { errorCode: "E1", errorDescription: "No" } },
      "[E1] No [Status-Code:403]",
      { code: "server", status: 403, hint: "The management key lacks the permission for this." },
    ],
    [
      "too many requests, for longer than there is time",
      {
        status: 429,
        headers: { "retry-after": "3600" },
        body: { errorCode: "E130429", errorDescription: "Too many requests" },
      },
      "[E130429] Too many requests [Retry-After:3600 Status-Code:429]",
      { code: "server", errorCode: "E130429", status: 429 },
    ],
    [
      "HTML",
      { status: 500, raw: "<html>\n<b>Bad</b>", headers: { "content-type": "text/html" } },
      '[G020002] Invalid server response: text/html: "<html> <b>Bad</b>" [Status-Code:500]',
      { code: "server", errorCode: "G020002", status: 500 },
    ],
    [
      "nothing",
      { status: 404, raw: "" },
      "[G020002] Invalid server response: an empty body [Status-Code:404]",
      { errorCode: "G020002" },
    ],
    [
      "null",
      { status: 400, raw: "null" },
      '[G020002] Invalid server response: application/json: "null" [Status-Code:400]',
      { errorCode: "G020002" },
    ],
    [
      "a list",
      { status: 400, raw: "[]" },
      '[G020002] Invalid server response: application/json: "[]" [Status-Code:400]',
      { errorCode: "G020002" },
    ],
    [
      "an object of something else",
      { status: 400, raw: "{}" },
      '[G020002] Invalid server response: application/json: "{}" [Status-Code:400]',
      { errorCode: "G020002" },
    ],
    ...[301, 302, 303, 304, 307, 308].map((status): [string, Answer, string, object] => [
      `status ${status}`,
      { status, ...(status === 304 ? { raw: "" } : {}), headers: { location: "/elsewhere" } },
      `[G020002] Invalid server response: a redirect, which is never followed [Status-Code:${status}]`,
      {
        code: "server",
        errorCode: "G020002",
        status,
        hint: "Check that DESCOPE_BASE_URL names the API itself.",
      },
    ]),
  ])("tells of %s", async (what, answer, message, document) => {
    // The look-up of a project's name may fail; tests of their own hold that.
    if (one.line[1] === "delete" && one.line[0] === "project") return;
    using server = scriptedServer(answering(one, answer));
    const text = await run(server, one.line);
    server.verify();
    expect(text).toMatchObject({ status: 1, out: "" });
    expect(text.err).toStartWith(`* Error: ${message}\n`);
    expect(text.err).not.toContain("Usage");
    const json = await run(server, ["-j", ...one.line]);
    expect(json).toMatchObject({ status: 1, err: "" });
    expect(json.json()).toMatchObject({
      ok: false,
      error: message.replace("\\u001b", "\u001b"),
      ...document,
    });
    if (what.startsWith("status")) expect(server.seen).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ["HTML", { raw: "<html>", headers: { "content-type": "text/html" } }],
    ["half a document", { raw: '{"id": "a' }],
    ["two documents", { raw: "{}{}" }],
  ])("does not take %s for success", async (_what, answer) => {
    if (one.line[1] === "delete" && one.line[0] === "project") return;
    using server = scriptedServer(answering(one, answer));
    const ran = await run(server, ["-j", ...one.line]);
    expect(ran).toMatchObject({ status: 1, err: "" });
    expect(ran.json()).toMatchObject({ ok: false, code: "bad_reply", status: 200 });
  });

  test.each([
    ["an empty body", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["a text", '"x"'],
    ["a number", "1.0"],
  ])("reads its reply, or does not care for it: %s", async (_what, raw) => {
    if (one.line[1] === "delete" && one.line[0] === "project") return;
    using server = scriptedServer({ ...one.answers, ...answering(one, { raw }) });
    const ran = await run(server, ["-j", ...one.line]);
    if (one.ignoresReply) expect(ran).toMatchObject({ status: 0, out: one.json, err: "" });
    else {
      expect(ran).toMatchObject({ status: 1, err: "" });
      expect(ran.json()).toMatchObject({ ok: false, code: "bad_reply" });
    }
  });

  test("does not take a reply that lacks what it prints for success", async () => {
    const lists = /load-all|list|search/.test(one.line.join(" "));
    if (one.ignoresReply || one.json === '{\n  "ok": true\n}\n') return;
    for (const body of [
      {},
      {
        key: null,
        user: null,
        cleartext: null,
        id: "",
        link: "",
        code: "",
        keys: null,
        users: null,
        tenants: null,
        apps: null,
        audits: null,
        flows: null,
        projects: null,
      },
    ]) {
      using server = scriptedServer(answering(one, { body }));
      const ran = await run(server, ["-j", ...one.line]);
      if (lists) {
        expect(ran).toMatchObject({ status: 0, err: "" });
        const document = ran.json() as Record<string, unknown>;
        expect(document).toMatchObject({ count: 0, ok: true });
        expect(Object.values(document)).toContainEqual([]);
      } else {
        expect(ran).toMatchObject({ status: 1, err: "" });
        expect(ran.json()).toMatchObject({ ok: false, code: "bad_reply" });
      }
    }
  });
});
