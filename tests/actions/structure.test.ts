import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import { version } from "../../package.json";
import { actionsFolder, readAction } from "../support/action-runner.ts";
import { lacks } from "../support/tools.ts";

const actions = fs
  .readdirSync(actionsFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const scripts = [...new Bun.Glob("**/*.sh").scanSync({ cwd: actionsFolder })];
const readme = fs.readFileSync(path.join(actionsFolder, "README.md"), "utf8");
const read = (...parts: string[]) => fs.readFileSync(path.join(actionsFolder, ...parts), "utf8");

test("there are the six actions", () => {
  expect(actions.sort()).toEqual(["apply", "drift", "export", "import", "install", "plan"]);
});

describe.each(actions)("actions/%s", (name) => {
  const action = readAction(name);
  const steps = action.runs.steps;

  test("is a composite action of steps in bash, in scripts beside it", () => {
    expect(action.runs.using).toBe("composite");
    expect(Object.keys(action).sort()).toEqual([
      "branding",
      "description",
      "inputs",
      "name",
      "outputs",
      "runs",
    ]);
    for (const step of steps) {
      expect(step.shell).toBe("bash");
      const [, script] = /^bash "\$GITHUB_ACTION_PATH\/([a-z./]+)"$/.exec(step.run) ?? [];
      expect(fs.existsSync(path.join(actionsFolder, name, script ?? "none"))).toBe(true);
    }
  });

  test("puts nothing into the text of a script", () => {
    // What stands in an expression can be written by anybody who opens a pull request.
    for (const { run } of steps) expect(run).not.toContain("${{");
    for (const step of steps)
      for (const value of Object.values(step.env ?? {}))
        if (value.includes("${{")) expect(value).toMatch(/^\$\{\{ (inputs|github)\.[a-z0-9_.]+ \}\}$/);
  });

  test("uses every input that it declares, and declares every one that it uses", () => {
    const used = steps.flatMap(({ env = {} }) =>
      Object.values(env).flatMap((value) =>
        [...value.matchAll(/inputs\.(\w+)/g)].map(([, key]) => key ?? ""),
      ),
    );
    const declared = Object.keys(action.inputs).filter((key) => key !== "descopecli_version");
    expect([...new Set(used)].sort()).toEqual(declared.sort());
    for (const input of Object.values(action.inputs)) {
      expect(input?.description).toMatch(/\.\)?$/);
      // The runner has texts only, and a required input has no default.
      if (input?.required === true) expect(input.default).toBeUndefined();
      else expect(typeof input?.default).toBe("string");
    }
  });

  test("gives its scripts every variable that they read, and no other", () => {
    for (const { run, env = {} } of steps) {
      const [, script = ""] = /PATH\/([a-z./]+)"$/.exec(run) ?? [];
      const text = `${read(name, script)}\n${read("runner.sh")}`;
      const reads = new Set([...text.matchAll(/\$\{?(INPUT_[A-Z0-9_]+)/g)].map(([, one]) => one ?? ""));
      const own = [...read(name, script).matchAll(/\$\{?(INPUT_[A-Z0-9_]+)/g)].map(([, one]) => one ?? "");
      for (const one of own) expect(Object.keys(env)).toContain(one);
      for (const one of Object.keys(env).filter((key) => key.startsWith("INPUT_")))
        expect([...reads]).toContain(one);
    }
  });

  test("gives out what a step puts out", () => {
    for (const output of Object.values(action.outputs)) {
      const [, id, key] = /^\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}$/.exec(output?.value ?? "") ?? [];
      const step = steps.find((one) => one.id === id);
      const [, script = ""] = /PATH\/([a-z./]+)"$/.exec(step?.run ?? "") ?? [];
      expect(read(name, script)).toMatch(new RegExp(`^ *output ${key} `, "m"));
    }
  });

  test("is described with every input, its default and every output", () => {
    const [, section = ""] = new RegExp(`\\n## ${name}\\n(.*?)(?=\\n## |$)`, "s").exec(readme) ?? [];
    for (const [key, input] of Object.entries(action.inputs)) {
      const [, shown] = new RegExp(`^\\| \`${key}\` *\\| (.*?) *\\|`, "m").exec(section) ?? [];
      const wanted =
        input?.required === true ? "required" : input?.default === "" ? "" : `\`${input?.default}\``;
      expect(`${key}: ${shown}`).toBe(`${key}: ${wanted}`);
    }
    for (const key of Object.keys(action.outputs)) expect(section).toContain(`\`${key}\``);
    const rows = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key ?? "");
    expect(rows.sort()).toEqual([...Object.keys(action.inputs), ...Object.keys(action.outputs)].sort());
  });

  test("installs the version that it belongs to", () => {
    expect(action.inputs.version?.default).toBe(version);
  });
});

describe.each(scripts)("actions/%s", (file) => {
  const text = read(file);

  test.skipIf(lacks("bash"))("is bash that stops at what goes wrong", () => {
    const checked = Bun.spawnSync(["bash", "-n", path.join(actionsFolder, file)], { stderr: "pipe" });
    expect(checked.stderr.toString()).toBe("");
    if (!file.includes("/")) return;
    expect(text.startsWith("#!/usr/bin/env bash\n")).toBe(true);
    expect(text).toMatch(/^set -euo pipefail$/m);
  });

  test("needs nothing that old and foreign runners lack", () => {
    // Bash 3.2 of macOS has no such arrays and changes of case; jq and node are not on every runner.
    const foreign = /declare -A|\$\{\w+(\^\^|,,)|mapfile|readarray|(?<!--)\bjq |\bnode |\bpython|\beval /;
    expect(text.split("\n").filter((line) => foreign.test(line))).toEqual([]);
  });

  test("puts no secret on a command line", () => {
    // printf is the shell's own: what it is given stands in no list of processes.
    const secret = /\b(?:curl|descope|gh|git) [^"]*.*\$\{?(?:DESCOPE_MANAGEMENT_KEY|INPUT_SECRETS|GH_TOKEN)/;
    expect(text.split("\n").filter((line) => secret.test(line))).toEqual([]);
  });
});
