import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { SHELLS, variableLines, type Shell } from "../../../src/commands/emulator/variable-lines.ts";
import { cli } from "../../support/cli.ts";
import { testEmulator } from "../../support/emulator.ts";
import { temporaryFolder } from "../../support/folder.ts";

const parsed = (output: string) => Object.fromEntries(JSON.parse(output) as [string, string][]);

describe("emulator env", () => {
  test("asks the running emulator, by flag or variable", async () => {
    await using emulator = testEmulator({
      projects: [
        { id: "P2a", name: "a" },
        { id: "P2b", name: "b" },
      ],
      managementKey: "KMine'$x",
    });
    const expected =
      `export DESCOPE_BASE_URL=${emulator.url}\nexport DESCOPE_BASE_URI=${emulator.url}\n` +
      `export DESCOPE_PROJECT_ID=P2a\nexport DESCOPE_MANAGEMENT_KEY='KMine'\\''$x'\n`;
    expect((await cli(["emulator", "env", "--url", emulator.url])).out).toBe(expected);
    expect((await cli(["emulator", "env"], { env: { DESCOPE_BASE_URL: `${emulator.url}/` } })).out).toBe(
      expected,
    );
    const json = (await cli(["emulator", "env", "--json"], { env: emulator.env })).json();
    expect(json).toEqual({
      ok: true,
      url: emulator.url,
      managementKey: "KMine'$x",
      projects: [
        { id: "P2a", name: "a" },
        { id: "P2b", name: "b" },
      ],
      env: {
        DESCOPE_BASE_URL: emulator.url,
        DESCOPE_BASE_URI: emulator.url,
        DESCOPE_PROJECT_ID: "P2a",
        DESCOPE_MANAGEMENT_KEY: "KMine'$x",
      },
    });
  });

  test("with the flags of start says what the emulator will say, without one", async () => {
    using folder = temporaryFolder();
    folder.put("seed.yaml", "managementKey: KSeeded\nprojects: [{ id: P2seeded }]\n");
    const cases: readonly (readonly [string[], string[]])[] = [
      [
        ["--port", "4400"],
        ["http://127.0.0.1:4400", "PEmulatorProject000000000001", "KEmulatorManagementKey00000001"],
      ],
      [
        ["--host", "0.0.0.0"],
        ["http://127.0.0.1:8400", "PEmulatorProject000000000001", "KEmulatorManagementKey00000001"],
      ],
      [
        ["--project", "P2a=A,P2b", "--management-key", "KMine"],
        ["http://127.0.0.1:8400", "P2a", "KMine"],
      ],
      [
        ["--seed", folder.at("seed.yaml")],
        ["http://127.0.0.1:8400", "P2seeded", "KSeeded"],
      ],
      [
        ["--seed", folder.at("seed.yaml"), "--project", "P2a"],
        ["http://127.0.0.1:8400", "P2a", "KSeeded"],
      ],
      [
        ["--state", folder.at("new.db"), "--project", "P2a"],
        ["http://127.0.0.1:8400", "P2a", "KEmulatorManagementKey00000001"],
      ],
    ];
    for (const [flags, [url, project, key]] of cases) {
      const { env } = (await cli(["emulator", "env", "--json", ...flags])).json<{ env: unknown }>();
      expect(env).toEqual({
        DESCOPE_BASE_URL: url,
        DESCOPE_BASE_URI: url,
        DESCOPE_PROJECT_ID: project,
        DESCOPE_MANAGEMENT_KEY: key,
      });
    }
    expect(Object.keys(folder.contents())).toEqual(["seed.yaml"]);
  });

  test("a state file is looked at, and not changed", async () => {
    using folder = temporaryFolder();
    const stateFile = folder.at("state.db");
    await testEmulator({
      stateFile,
      managementKey: "KKept",
      projects: [{ id: "P2kept", name: "kept" }],
    }).stop();
    const found = (
      await cli(["emulator", "env", "--json", "--state", stateFile, "--project", "P2more"])
    ).json();
    expect(found).toMatchObject({ managementKey: "KKept", projects: [{ id: "P2kept" }, { id: "P2more" }] });
    await using emulator = testEmulator({ stateFile });
    expect(emulator.projects.map(({ id }) => id)).toEqual(["P2kept"]);
  });

  test("what cannot be said is an error", async () => {
    const cases: readonly (readonly [string[], string])[] = [
      [["--port", "0"], "--port 0 means any that is free"],
      [["--port", "70000"], "--port must be 1 to 65535"],
      [["--url", "http://127.0.0.1:1", "--port", "1"], "--url asks a running emulator"],
      [["--url", "http://127.0.0.1:1", "--timeout", "1s"], "the connection was refused"],
      [["--url", "http://127.0.0.1:1", "--timeout", "1s"], "Start an emulator with `descope emulator start`"],
      [["--shell", "tcsh", "--port", "1"], "--shell must be"],
      [["--project", "staging"], "is not the id of a project"],
    ];
    for (const [flags, words] of cases) {
      const ran = await cli(["emulator", "env", ...flags]);
      expect([flags, ran.status, ran.out, ran.err]).toEqual([flags, 1, "", expect.stringContaining(words)]);
    }
  });
});

/** Values that break what is not quoted. */
const hostile = [
  "",
  " ",
  "plain",
  "it's",
  '"double"',
  "$HOME `id` $(id) !x",
  "back\\slash\\",
  "two\nlines\n",
  "END_OF_VALUE\nEND_OF_VALUE_",
  "tab\tand # hash = equals; & | > < * ? [a] {b} ~",
  "\u2018typographic\u2019 \u201cquotes\u201d ü 你好",
  "\\n is two characters",
];

/** Programs that read the lines back and print name and value as JSON. */
const NODE = `console.log(JSON.stringify(Object.entries(process.env).filter(([name]) => name.startsWith("V_"))))`;
const readers: Partial<Record<Shell, readonly (readonly string[])[]>> = {
  sh: [["sh"], ["dash"], ["bash"], ["zsh"]],
  fish: [["fish"]],
  powershell: [["pwsh", "-NoProfile", "-File"]],
};

describe("lines arrive as they are", () => {
  for (const [shell, programs] of Object.entries(readers) as [Shell, string[][]][]) {
    for (const [program = "", ...more] of programs) {
      const isThere = Bun.which(program) !== null;
      test.skipIf(!isThere)(`in ${program}`, () => {
        using folder = temporaryFolder();
        const random = fc.sample(fc.string({ unit: "grapheme", maxLength: 40 }), { numRuns: 40, seed: 7 });
        const values = [...hostile, ...random].filter(
          (value) => !value.includes("\0") && value.isWellFormed(),
        );
        const variables = Object.fromEntries(values.map((value, i) => [`V_${i}`, value]));
        folder.put("read.mjs", NODE);
        folder.put(
          shell === "powershell" ? "set.ps1" : "set",
          `${shell === "powershell" ? "\ufeff" : ""}${variableLines(variables, shell)}\n` +
            `${shell === "powershell" ? "& " : ""}'${process.execPath}' '${folder.at("read.mjs")}'\n`,
        );
        const file = folder.at(shell === "powershell" ? "set.ps1" : "set");
        const ran = Bun.spawnSync([program, ...more, file], {
          env: { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8" },
        });
        expect(ran.stderr.toString()).toBe("");
        expect(parsed(ran.stdout.toString())).toEqual(variables);
      });
    }
  }

  test("in a file of GitHub Actions", () => {
    const variables = Object.fromEntries(hostile.map((value, i) => [`V_${i}`, value]));
    expect(githubVariables(variableLines(variables, "github"))).toEqual(variables);
  });

  test("in a .env file, as this runtime reads one", () => {
    using folder = temporaryFolder();
    const variables = Object.fromEntries(hostile.map((value, i) => [`V_${i}`, value]));
    folder.put(".env", variableLines(variables, "dotenv"));
    const script = `console.log(JSON.stringify(Object.entries(require("node:util").parseEnv(require("node:fs").readFileSync(".env", "utf8")))))`;
    const node = Bun.which("node");
    if (node === null) return;
    const ran = Bun.spawnSync([node, "-e", script], { cwd: folder.path });
    const simple = Object.fromEntries(
      Object.entries(variables).filter(([, value]) => !/["$\\]/.test(value) || !/['\n]/.test(value)),
    );
    expect(parsed(ran.stdout.toString())).toMatchObject(simple);
  });

  test("every kind has lines", () => {
    for (const shell of SHELLS) expect(variableLines({ A: "b" }, shell)).toEndWith("\n");
  });
});

/** The variables of a file as the runner of GitHub Actions reads it. */
function githubVariables(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let i = 0; i < lines.length - 1; i++) {
    const line = lines[i] as string;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (heredoc !== -1 && (equals === -1 || heredoc < equals)) {
      const end = line.slice(heredoc + 2);
      const from = ++i;
      while (lines[i] !== end) i++;
      found[line.slice(0, heredoc)] = lines.slice(from, i).join("\n");
    } else found[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return found;
}
