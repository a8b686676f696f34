import { describe, expect, test } from "bun:test";
import { cli, credentials } from "../../support/cli.ts";
import { copy, everyKind, fileShape, folderFiles, inline, to, type Invented } from "../../support/flows.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/folder.ts";
import { scriptedServer } from "../../support/server.ts";
import { lacks } from "../../support/tools.ts";
import type { JsonObject } from "../../../src/json/value.ts";

const PROJECT = "P2abcdefghijklmnopqrstuvwxyz";
const KEY = { DESCOPE_MANAGEMENT_KEY: credentials.DESCOPE_MANAGEMENT_KEY };

/** The flow with a step renamed and a way led elsewhere. */
function edited(): Invented {
  const flow = copy(everyKind());
  (flow.contents.tasks["4"] as JsonObject).name = "Check";
  Object.assign(flow.contents.tasks["10"] as JsonObject, to(["success", "0"]));
  return flow;
}

/** A snapshot with the flow in it, and files of the flow beside it. */
function given(): TemporaryFolder {
  const folder = temporaryFolder();
  for (const flow of [everyKind(), { ...copy(everyKind()), id: "step-up" }]) {
    for (const [name, file] of folderFiles(flow))
      folder.put(`snap/flows/${flow.id}/${name}`, `${file.text}\n`);
  }
  folder.put("snap/snapshot.json", '{"version": 5}');
  folder.put("snap/flows/flows.json", '{"flows": ["sign-in", "step-up"]}');
  folder.put("same.json", JSON.stringify(fileShape(everyKind())));
  folder.put("edited.json", JSON.stringify({ flow: fileShape(edited()) }, null, 2));
  return folder;
}

describe.skipIf(lacks("git"))("a flow at a commit", () => {
  test("is compared with the folder as it is now, with its assets", async () => {
    using folder = given();
    const git = (...words: string[]) => {
      const ran = Bun.spawnSync(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
        cwd: folder.path,
        stderr: "pipe",
      });
      expect(ran.stderr.toString()).toBe("");
    };
    const scripted = copy(everyKind());
    const args = scripted.contents.tasks["10"]?.arguments as JsonObject;
    args.scriptCode = inline("asset:value-1.txt");
    for (const [name, file] of folderFiles(scripted))
      folder.put(`snap/flows/sign-in/${name}`, `${file.text}\n`);
    folder.put("snap/assets/value-1.txt", "return 1;\n");
    git("init", "--quiet", "--initial-branch=main");
    git("add", "snap", "same.json");
    git("commit", "--quiet", "-m", "one");
    folder.put("snap/assets/value-1.txt", "return 2;\n");
    folder.put("same.json", JSON.stringify(fileShape(edited())));
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      const flow = "snap/flows/sign-in";
      const same = await cli(["flow", "diff", `git:HEAD:${flow}`, `git:main:${flow}`, "--exit-code"]);
      expect(same).toMatchObject({ status: 0, out: "No change: the two flows mean the same.\n", err: "" });
      const ran = await cli(["flow", "diff", `git:HEAD:${flow}`, flow, "--exit-code"]);
      expect([ran.status, ran.err]).toEqual([2, ""]);
      expect(ran.out).toContain('~ script    scriptCode  "return 1;" -> "return 2;"');
      const file = await cli(["flow", "diff", "git:main:same.json", "same.json"]);
      expect(file.out).toContain('"Verify" -> "Check"');
      const lint = await cli(["flow", "lint", "git:main:snap/flows/sign-in", "--json"]);
      expect(lint.json()).toMatchObject({ ok: true });
      for (const [named, words] of [
        ["git:main", "git:main names no flow"],
        ["git:nowhere:snap", "There is no commit nowhere"],
        ["git:main:snap", "it has no metadata.json"],
        ["git:main:gone.json", "There is no gone.json at main"],
      ] as const) {
        const wrong = await cli(["flow", "draw", named]);
        expect([wrong.status, wrong.err]).toEqual([1, expect.stringContaining(words)]);
      }
    } finally {
      process.chdir(before);
    }
  });
});

describe("flow diff", () => {
  test("tells changes in words; the shape of a file is none", async () => {
    using folder = given();
    const same = await cli([
      "flow",
      "diff",
      folder.at("snap/flows/sign-in"),
      folder.at("same.json"),
      "--exit-code",
    ]);
    expect(same).toMatchObject({ status: 0, out: "No change: the two flows mean the same.\n", err: "" });
    const differs = ["flow", "diff", folder.at("same.json"), folder.at("edited.json")];
    const shown = await cli(differs);
    expect(shown.status).toBe(0);
    expect(shown.out).toBe(
      [
        "~ flow/sign-in",
        '  ~ action "Check" (step 4)',
        '    ~ name      "Verify" -> "Check"',
        '  ~ action "Score" (step 10)',
        '    ~ edge      "Score" --next--> "End"   now --next--> "Welcome"',
        "2 steps changed, 1 way, 1 other",
        "",
      ].join("\n"),
    );
    expect((await cli([...differs, "--exit-code"])).status).toBe(2);
  });

  test("prints one document with --json, which goes with no other format", async () => {
    using folder = given();
    const args = ["flow", "diff", folder.at("same.json"), folder.at("edited.json"), "--json"];
    const ran = await cli([...args, "--exit-code"]);
    expect(ran.status).toBe(2);
    expect(ran.json()).toMatchObject({
      schema: "descope-flow-diff/1",
      ok: false,
      reason: "differences_found",
      same: false,
      left: { id: "sign-in", shape: "file" },
      right: { id: "sign-in", shape: "wrapped" },
      changes: [
        { op: "change", subject: "name", step: "4", path: "/tasks/4/name", old: "Verify", new: "Check" },
        { op: "change", subject: "edge", step: "10", edge: { outcome: "success", old: "9", new: "0" } },
      ],
      noise: [],
    });
    expect((await cli([...args.slice(0, -1), "--exit-code", "--format", "json"])).out).toBe(ran.out);
    expect((await cli(args)).json()).toMatchObject({ ok: true, same: false });
    const both = await cli([...args, "--format", "svg"]);
    expect(both.status).toBe(1);
    expect(both.json()).toMatchObject({ ok: false });
  });

  test("draws, and writes to a file", async () => {
    using folder = given();
    const args = ["flow", "diff", folder.at("same.json"), folder.at("edited.json"), "--exit-code"];
    for (const [format, start] of [
      ["svg", "<svg "],
      ["html", "<!doctype html>"],
      ["markdown", "### Flow `sign-in`: 2 steps changed"],
    ] as const) {
      const printed = await cli([...args, "--format", format]);
      expect(printed.out).toStartWith(start);
      const written = await cli([...args, "--format", format, "--out", folder.at("out", format)]);
      expect(written).toMatchObject({ status: 2, out: `* Wrote ${folder.at("out", format)}\n` });
      expect(folder.contents("out")[format]).toBe(printed.out);
    }
  });

  test("asks for a key only where a project is named, and compares with what the project has", async () => {
    using folder = given();
    const live = `project:${PROJECT}/sign-in`;
    const without = await cli(["flow", "diff", folder.at("same.json"), live]);
    expect(without.status).toBe(1);
    expect(without.err).toContain("DESCOPE_MANAGEMENT_KEY is not set");
    using server = scriptedServer({ "POST /v2/mgmt/flow/export": { body: { flow: fileShape(edited()) } } });
    const env = { ...KEY, DESCOPE_BASE_URL: server.url };
    const ran = await cli(["flow", "diff", folder.at("same.json"), live, "--exit-code"], { env });
    server.verify();
    expect(ran.status).toBe(2);
    expect(ran.out).toContain('"Verify" -> "Check"');
    expect(server.seen.map(({ body, authorization }) => [body, authorization])).toEqual([
      [{ flowId: "sign-in" }, `Bearer ${PROJECT}:${KEY.DESCOPE_MANAGEMENT_KEY}`],
    ]);
  });

  test("hides what looks like a secret, and shows that it changed", async () => {
    using folder = given();
    const secret = (value: string, code: string) => {
      const flow = copy(everyKind());
      (flow.contents.tasks["7"]?.arguments as JsonObject).args = inline([
        { key: "apiKey", type: "string", value },
      ]);
      (flow.contents.tasks["10"]?.arguments as JsonObject).scriptCode = inline(
        `const token = "${code}";\nreturn token;`,
      );
      return JSON.stringify(fileShape(flow));
    };
    folder.put("old.json", secret("hJ82kfoaQ93kfpXz71", "aB92kfoaQ93kfpXz72"));
    folder.put("new.json", secret("zK19mmoaQ93kfpXz73", "cD12kfoaQ93kfpXz74"));
    for (const format of ["text", "json", "markdown", "svg", "html"]) {
      const ran = await cli([
        "flow",
        "diff",
        folder.at("old.json"),
        folder.at("new.json"),
        "--exit-code",
        "--format",
        format,
      ]);
      expect(ran.status).toBe(2);
      expect(ran.out).not.toMatch(/Q93kfpXz/);
    }
  });

  test("refuses what is no flow, naming it", async () => {
    using folder = given();
    folder.put("empty/notes.md", "");
    folder.put("bad.json", '{"a": 1}');
    folder.put("broken.json", '{\n  "a": }');
    folder.put("deep.json", `${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    const table: [string, string][] = [
      [folder.at("nothing.json"), "There is no file or folder"],
      [folder.at("bad.json"), "bad.json holds no flow"],
      [folder.at("broken.json"), "broken.json: not JSON: line 2, column 8"],
      [folder.at("deep.json"), "nested too deeply"],
      [folder.at("snap"), "is not the folder of a flow"],
      [folder.at("snap/flows"), `Name one of its flows: ${folder.at("snap/flows")}/<id>.`],
      [folder.at("empty"), "empty is not the folder of a flow"],
      ["project:P1", "project:P1 names no flow"],
      ["project:X/sign-in", "is not the id of a project"],
    ];
    for (const [side, message] of table) {
      const ran = await cli(["flow", "diff", folder.at("same.json"), side], { env: KEY });
      expect(ran.status).toBe(1);
      expect(ran.err).toContain(message);
      expect(ran.err).not.toContain("fault in descope");
    }
  });
});

describe("flow draw", () => {
  test("an outline, in colour on a terminal; the flow may be named by one of its files", async () => {
    using folder = given();
    const plain = await cli(["flow", "draw", folder.at("snap/flows/sign-in")]);
    expect(plain.out).toContain("└▶ ▢ Welcome  screen\n   ├─ Continue with Google → ○ Google  oauth-start\n");
    expect(plain.out).toContain("subflow: Sign In (step-up)");
    expect((await cli(["flow", "draw", folder.at("snap/flows/sign-in/contents.json")])).out).toBe(plain.out);
    const colour = await cli(["flow", "draw", folder.at("snap/flows/sign-in"), "--color", "always"]);
    expect(Bun.stripANSI(colour.out)).toBe(plain.out);
    expect(colour.out).not.toBe(plain.out);
  });

  test("a flag that would do nothing in the format is refused, and says where it belongs", async () => {
    using folder = given();
    const one = folder.at("same.json");
    for (const [args, hint] of [
      [["draw", one, "--layout", "auto"], "--layout does nothing with --format outline"],
      [["diff", one, one, "--layout", "auto"], "--layout does nothing with --format text"],
      [["diff", one, one, "--show", "all", "--format", "svg"], "--show does nothing with --format svg"],
    ] as const) {
      const ran = await cli(["flow", ...args]);
      expect([ran.status, ran.out]).toEqual([1, ""]);
      expect(ran.err).toContain(hint);
    }
    const page = await cli(["flow", "diff", one, one, "--layout", "auto", "--format", "html"]);
    expect(page.status).toBe(0);
  });

  test("SVG and Mermaid; --json wraps the drawing", async () => {
    using folder = given();
    const svg = await cli(["flow", "draw", folder.at("same.json"), "--format", "svg", "--layout", "auto"]);
    expect(svg.out).toStartWith("<svg ");
    const mermaid = await cli(["flow", "draw", folder.at("same.json"), "--format", "mermaid"]);
    expect(mermaid.out).toStartWith("flowchart LR\n");
    const json = await cli(["flow", "draw", folder.at("same.json"), "--format", "mermaid", "--json"]);
    expect(json.json()).toEqual({ ok: true, flow: "sign-in", format: "mermaid", drawing: mermaid.out });
  });
});

describe("flow lint", () => {
  test("a sound flow is clean; around it the snapshot is looked at", async () => {
    using folder = given();
    const alone = await cli(["flow", "lint", folder.at("same.json")]);
    expect(alone).toMatchObject({ status: 0, out: "No findings\n" });
    const inside = await cli(["flow", "lint", folder.at("snap/flows/sign-in")]);
    expect(inside.status).toBe(2);
    expect(inside.out).toContain("which the flow step-up does not offer");
  });

  test("findings name file, line and column; levels decide the exit status", async () => {
    using folder = given();
    const flow = edited();
    Object.assign(flow.contents.tasks["0"] as JsonObject, to(["btnEmail", "1"], ["btnGoogle", "3"]));
    folder.put("odd.json", JSON.stringify(fileShape(flow), null, 2));
    const args = ["flow", "lint", folder.at("odd.json")];
    const text = await cli(args);
    expect(text.status).toBe(0);
    expect(text.out).toMatch(
      /odd\.json:\d+:\d+ {2}warning dead-end\n {4}"Welcome" leaves "Send me a link" without a way on\n {4}fix: /,
    );
    expect((await cli([...args, "--fail-on", "warning"])).status).toBe(2);
    const json = (await cli([...args, "--json"])).json() as {
      findings: { rule: string; line: number; pointer: string }[];
    };
    const [first] = json.findings;
    const line = (await Bun.file(folder.at("odd.json")).text()).split("\n")[(first?.line ?? 0) - 1];
    expect([first?.rule, first?.pointer, line?.trim()]).toEqual(["dead-end", "/contents/tasks/0", '"0": {']);
    expect((await cli([...args, "--format", "github"])).out).toMatch(
      /^::warning file=.*,line=\d+,col=\d+,title=dead-end::/,
    );
    expect(JSON.parse((await cli([...args, "--format", "sarif"])).out)).toMatchObject({ version: "2.1.0" });
  });

  test("a rules file with comments allows with a reason, for one environment", async () => {
    using folder = given();
    const flow = edited();
    Object.assign(flow.contents.tasks["10"] as JsonObject, { next: {} });
    folder.put("odd.json", JSON.stringify(fileShape(flow)));
    folder.put(
      "lint.json",
      '{\n  // Parked until the new score is there.\n  "schema": "descope-lint/1",\n  "rules": { "static-test-otp": "off" },\n  "environments": {\n    "staging": { "allow": [{ "rule": "dead-end", "at": "flow/sign-in#/tasks/10", "why": "parked" }] }\n  }\n}\n',
    );
    const args = ["flow", "lint", folder.at("odd.json"), "--rules", folder.at("lint.json")];
    expect((await cli(args)).status).toBe(2);
    const staging = await cli([...args, "--env", "staging"]);
    expect(staging.status).toBe(0);
    expect(staging.out).toContain("1 allowed");
    expect((await cli([...args, "--env", "nowhere"])).err).toContain('there is no environment "nowhere"');
    expect((await cli(["flow", "lint", folder.at("odd.json"), "--env", "staging"])).err).toContain(
      "--env chooses a part of the rules file",
    );
  });

  test("a baseline takes in what is there, and only what is new is reported", async () => {
    using folder = given();
    const flow = edited();
    Object.assign(flow.contents.tasks["10"] as JsonObject, { next: {} });
    folder.put("odd.json", JSON.stringify(fileShape(flow)));
    const args = ["flow", "lint", folder.at("odd.json")];
    expect((await cli(args)).status).toBe(2);
    const other = { fingerprint: "0", rule: "dead-end", address: "flow/other#/tasks/1" };
    folder.put("known.json", JSON.stringify({ schema: "descope-lint-baseline/1", findings: [other] }));
    expect((await cli([...args, "--write-baseline", folder.at("known.json")])).status).toBe(0);
    const written = (await Bun.file(folder.at("known.json")).json()) as { findings: unknown[] };
    expect(written.findings[0]).toEqual(other);
    const later = await cli([...args, "--baseline", folder.at("known.json")]);
    expect(later.status).toBe(0);
    expect(later.out).toMatch(/^No findings; \d in the baseline\n$/);
    Object.assign(flow.contents.tasks["1"] as JsonObject, { next: {} });
    folder.put("odd.json", JSON.stringify(fileShape(flow), null, 2));
    const worse = await cli([...args, "--baseline", folder.at("known.json")]);
    expect(worse.status).toBe(2);
    expect(worse.out).toContain('"Send code" has no way on');
    expect(worse.out).not.toContain('"Score" has no way on');
  });
});
