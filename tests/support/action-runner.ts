import fs from "node:fs";
import path from "node:path";
import { binary } from "./binary.ts";
import type { FakeGithub } from "./github.ts";
import { TOKEN } from "./github.ts";
import { temporaryFolder, type TemporaryFolder } from "./folder.ts";

/** The folder of the actions. */
export const actionsFolder = path.join(import.meta.dir, "../../actions");

/** An action.yml as far as tests look into it. */
export interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<
    Record<string, { description: string; required?: boolean; default?: string } | undefined>
  >;
  readonly outputs: Readonly<Record<string, { description: string; value: string } | undefined>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

export interface ActionStep {
  readonly name: string;
  readonly id?: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function readAction(name: string): ActionFile {
  return Bun.YAML.parse(fs.readFileSync(path.join(actionsFolder, name, "action.yml"), "utf8")) as ActionFile;
}

export interface ActionRan {
  readonly status: number;
  /** Standard output and standard error of its steps. */
  readonly log: string;
  /** What the runner would show: commands that it understood are taken out. */
  readonly errors: readonly string[];
  readonly masks: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface Runner extends Disposable {
  /** Where the job's temporary files go. */
  readonly temporary: TemporaryFolder;
  /** Runs an action in `folder`, as a step of a job would. The program is the compiled one unless `inputs` say otherwise. */
  run(
    name: string,
    inputs: Readonly<Record<string, string>>,
    context?: {
      /** What the runner says of where the action comes from; by default nothing. */
      readonly actionRepository?: string;
      /** Where it keeps the actions. */
      readonly actions?: string;
      readonly pullRequest?: number;
      readonly fork?: string;
      readonly env?: Record<string, string>;
    },
  ): Promise<ActionRan>;
}

/** A runner for composite actions: their inputs, steps, environment files, commands and outputs, with bash as the runner calls it. */
export function actionRunner(folder: string, github: FakeGithub): Runner {
  const temporary = temporaryFolder();
  const programs = temporary.at("programs");
  fs.mkdirSync(programs);
  const gh = `#!/bin/sh\nexec '${process.execPath}' '${path.join(import.meta.dir, "gh.ts")}' "$@"\n`;
  fs.writeFileSync(path.join(programs, "gh"), gh, { mode: 0o755 });
  return {
    temporary,
    [Symbol.dispose]: () => temporary[Symbol.dispose](),
    async run(name, given, context = {}) {
      const action = readAction(name);
      for (const key of Object.keys(given))
        if (action.inputs[key] === undefined) throw new Error(`${name} has no input ${key}`);
      const inputs: Record<string, string> = {};
      const known: Record<string, string> = {
        "github.token": TOKEN,
        "github.action_repository": context.actionRepository ?? "",
        "github.event.pull_request.number":
          context.pullRequest === undefined ? "" : String(context.pullRequest),
        "github.event.pull_request.head.repo.full_name":
          context.fork ?? (context.pullRequest === undefined ? "" : github.repository),
      };
      for (const [key, input] of Object.entries(action.inputs))
        inputs[key] = given[key] ?? evaluated(input?.default ?? "", known);
      if ("binary" in inputs && given.binary === undefined && given.download_url === undefined)
        inputs.binary = binary;
      for (const [key, value] of Object.entries(inputs)) known[`inputs.${key}`] = value;
      const number = fs.readdirSync(temporary.path).length;
      const at = (what: string) => {
        const file = temporary.at(`${number}-${what}`);
        fs.writeFileSync(file, "");
        return file;
      };
      const summaryFile = at("summary");
      let log = "";
      let status = 0;
      const search = [programs, ...(process.env.PATH ?? "").split(":")];
      for (const step of action.runs.steps) {
        const output = at(`output-${step.id ?? "none"}`);
        const pathFile = at("path");
        const script = at("script.sh");
        fs.writeFileSync(script, step.run);
        if (step.shell !== "bash") throw new Error(`the shell of ${step.name} is ${step.shell}`);
        const environment = Object.fromEntries(
          Object.entries(step.env ?? {}).map(([key, value]) => [key, evaluated(value, known)]),
        );
        const child = Bun.spawn(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], {
          cwd: folder,
          stdin: "ignore",
          stdout: "pipe",
          stderr: "pipe",
          env: {
            PATH: search.join(":"),
            HOME: temporary.path,
            CI: "true",
            GITHUB_ACTIONS: "true",
            GITHUB_ACTION_PATH: path.join(context.actions ?? actionsFolder, name),
            GITHUB_API_URL: `${github.url}/api/v3`,
            GITHUB_SERVER_URL: "https://github.com",
            GITHUB_REPOSITORY: github.repository,
            GITHUB_REF: "refs/heads/main",
            GITHUB_REF_NAME: "main",
            GITHUB_RUN_ID: "77",
            GITHUB_SHA: "0123456789abcdef",
            GITHUB_OUTPUT: output,
            GITHUB_PATH: pathFile,
            GITHUB_STEP_SUMMARY: summaryFile,
            RUNNER_TEMP: temporary.path,
            ...context.env,
            ...environment,
          },
        });
        const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
        await child.exited;
        log += out + err;
        status = child.exitCode ?? 1;
        for (const line of lines(pathFile)) search.unshift(line);
        for (const line of lines(output)) {
          const split = line.indexOf("=");
          known[`steps.${step.id}.outputs.${line.slice(0, split)}`] = line.slice(split + 1);
        }
        if (status !== 0) break;
      }
      const outputs = Object.fromEntries(
        Object.entries(action.outputs ?? {}).map(([key, one]) => [
          key,
          evaluated(one?.value ?? "", { ...unset(one?.value ?? ""), ...known }),
        ]),
      );
      const { errors, masks } = commands(log);
      return { status, log, errors, masks, outputs, summary: fs.readFileSync(summaryFile, "utf8") };
    },
  };
}

function lines(file: string): string[] {
  return fs
    .readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** Puts values in the place of expressions. Only names are known, no functions and operators. */
function evaluated(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => {
    const value = known[name];
    if (value === undefined) throw new Error(`nobody knows ${whole}`);
    return value;
  });
}

/** Outputs of steps that did not come so far are empty. */
function unset(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/\$\{\{\s*(steps\.[\w.-]+)\s*\}\}/g)].map(([, name]) => [name ?? "", ""]),
  );
}

/** The commands that the runner would carry out, which may be stopped for a while. */
function commands(log: string): { errors: string[]; masks: string[] } {
  const errors: string[] = [];
  const masks: string[] = [];
  let stopped: string | undefined;
  for (const line of log.split("\n")) {
    if (stopped !== undefined) {
      if (line === `::${stopped}::`) stopped = undefined;
      continue;
    }
    const [, command, , data = ""] = /^::([a-z-]+)( [^:]*)?::(.*)$/.exec(line) ?? [];
    if (command === "stop-commands") stopped = data;
    else if (command === "error") errors.push(decoded(data));
    else if (command === "add-mask") masks.push(decoded(data));
    else if (command !== undefined) throw new Error(`the command ${command} was not expected`);
  }
  return { errors, masks };
}

function decoded(data: string): string {
  return data.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");
}
