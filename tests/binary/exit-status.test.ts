import { describe, expect, test } from "bun:test";
import { connected, spawnBinary } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { scriptedServer, type Answer } from "../support/server.ts";

const load = ["tenant", "load", "x"];
const FOUND: Answer = { body: { id: "x", name: "X" } };
const VALIDATE = ["project", "snapshot", "validate", "P1", "-p", "snap"];

/** A command line, what the server says, and what comes of it. Those that end by a signal are in signals.test.ts. */
const lines: readonly {
  readonly args: readonly string[];
  readonly answer?: Answer;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly status: number;
  /** The `code` of the JSON on a failure. */
  readonly code?: string;
}[] = [
  { args: ["--version"], status: 0 },
  { args: ["--help"], status: 0 },
  { args: [], status: 0 },
  { args: ["tenant"], status: 0 },
  { args: ["tenant", "load", "--help"], status: 0 },
  { args: load, answer: FOUND, status: 0 },
  { args: ["tenant", "delete", "x"], answer: {}, status: 0 },
  { args: ["project", "delete", "P1"], answer: { body: { projects: [] } }, stdin: "no\n", status: 0 },
  { args: VALIDATE, answer: { body: { ok: true } }, status: 0 },
  { args: VALIDATE, answer: { body: { ok: false, failures: ["no"] } }, status: 2 },
  { args: ["nope"], status: 1, code: "usage" },
  { args: ["tenant", "nope"], status: 1, code: "usage" },
  { args: ["tenant", "load"], status: 1, code: "usage" },
  { args: ["tenant", "load", "x", "--nope"], status: 1, code: "usage" },
  { args: ["user", "load-all", "--limit", "x"], status: 1, code: "usage" },
  { args: load, env: { DESCOPE_MANAGEMENT_KEY: "" }, status: 1, code: "configuration" },
  { args: load, env: { DESCOPE_PROJECT_ID: "X" }, status: 1, code: "configuration" },
  { args: load, env: { DESCOPE_BASE_URL: "nowhere" }, status: 1, code: "configuration" },
  { args: ["tenant", "load", ""], status: 1, code: "invalid_input" },
  { args: ["user", "load"], status: 1, code: "invalid_input" },
  { args: ["project", "snapshot", "import", "P1", "-p", "nowhere"], status: 1, code: "file" },
  { args: load, env: { DESCOPE_BASE_URL: "http://127.0.0.1:1" }, status: 1, code: "network" },
  { args: [...load, "--timeout", "100ms"], answer: { ...FOUND, delay: 2000 }, status: 1, code: "timeout" },
  { args: load, answer: { status: 400, body: { errorCode: "E1" } }, status: 1, code: "server" },
  { args: load, answer: { raw: "<html>" }, status: 1, code: "bad_reply" },
  { args: ["project", "delete", "P1"], answer: { body: { projects: [] } }, status: 1, code: "not_confirmed" },
];

describe("the exit status", () => {
  for (const { args, answer, env, stdin, status, code } of lines) {
    for (const json of code === "not_confirmed" ? [["--json"]] : [[], ["--json"]]) {
      const asked = args[1] === "delete" && json.length > 0 && code === undefined && args[0] === "project";
      // With --json nothing can be asked, so that line ends otherwise and stands by itself.
      if (asked) continue;
      const said =
        answer === undefined ? "" : ` (${answer.status ?? 200} ${JSON.stringify(answer.body ?? answer.raw)})`;
      const set = env === undefined ? "" : `${JSON.stringify(env)} `;
      test(`${status}: ${set}descope ${[...args, ...json].join(" ")}${said}`, async () => {
        using server = scriptedServer(answer === undefined ? {} : { "*": answer });
        using folder = temporaryFolder();
        folder.put("snap/a.json", "{}");
        const timeout = env?.DESCOPE_BASE_URL === undefined ? {} : { DESCOPE_TIMEOUT: "200ms" };
        const ran = await spawnBinary([...args, ...json], {
          env: connected(server.url, { ...timeout, ...env }),
          cwd: folder.path,
          stdin: stdin ?? "",
        });
        expect(ran.status).toBe(status);
        expect(ran.signal).toBeUndefined();
        server.verify();
        if (status === 1) {
          expect(json.length > 0 ? ran.err : ran.out).toBe("");
          if (json.length === 0) expect(ran.err).toStartWith("* Error: ");
          else
            expect(JSON.parse(ran.out)).toMatchObject({
              ok: false,
              code: code ?? "",
              error: expect.any(String),
            });
        }
      });
    }
  }
});
