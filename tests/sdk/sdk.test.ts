import { afterAll, describe, expect, test } from "bun:test";
import path from "node:path";
import { emulatorOfBinary, type RunningEmulator } from "./emulator.ts";
import { pending } from "./pending.ts";
import { prepareGo, preparePython, run, RUN_TIME } from "../support/toolchains.ts";

/** The official SDKs of other languages, each in a program of its own below this folder. */
const LEAST_CHECKS = 200;

interface Result {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "waiting";
  readonly detail?: string;
}

interface Suite {
  readonly results: readonly Result[];
  readonly checks: number;
}

let emulator: Promise<RunningEmulator> | undefined;
const started = () => (emulator ??= emulatorOfBinary());
afterAll(async () => (await emulator)?.[Symbol.asyncDispose]());

/** What names the emulator to a program, in the variables that the SDKs document. */
async function environment(): Promise<Record<string, string>> {
  const { env } = await started();
  return { ...env, EMULATOR_PENDING: JSON.stringify(pending) };
}

const python = await preparePython("python", path.join(import.meta.dir, "python/requirements.txt"));
const go = await prepareGo(path.join(import.meta.dir, "go"));

async function runPython(): Promise<Suite> {
  const { out, err } = await run([python.interpreter, "-B", "main.py"], {
    cwd: path.join(import.meta.dir, "python"),
    env: await environment(),
  });
  const lines = out.split("\n").filter((line) => line.startsWith("{"));
  const parsed = lines.map((line) => JSON.parse(line) as PythonLine);
  const summary = parsed.find((line) => "summary" in line);
  if (summary === undefined) throw new Error(`the program ended early: ${err || out}`);
  const results = parsed
    .filter((line) => "scenario" in line)
    .map(({ scenario, outcome, error }) => ({ name: scenario, outcome, detail: error }) as Result);
  return { results, checks: summary["summary"]?.checks as number };
}

/** A line of the Python program: what came of a scenario, or the count at the end. */
interface PythonLine {
  readonly scenario?: string;
  readonly outcome?: Result["outcome"];
  readonly error?: string;
  readonly summary?: { readonly checks: number };
}

interface GoEvent {
  readonly Action: string;
  readonly Test?: string;
  readonly Output?: string;
}

async function runGo(): Promise<Suite> {
  const { out, err } = await run(["go", "test", "-json", "-count=1", "./..."], {
    cwd: path.join(import.meta.dir, "go"),
    env: { ...go.env, ...(await environment()) },
  });
  const events = out
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as GoEvent);
  const output = (name: string) =>
    events.flatMap(({ Test, Output }) => (Test === name ? [Output ?? ""] : [])).join("");
  const outcomes = { pass: "passed", fail: "failed", skip: "waiting" } as const;
  const results = events.flatMap(({ Action, Test }): Result[] => {
    const outcome = outcomes[Action as keyof typeof outcomes];
    return Test === undefined || outcome === undefined ? [] : [{ name: Test, outcome, detail: output(Test) }];
  });
  const checks = /checks: (\d+)/.exec(events.map(({ Output }) => Output ?? "").join(""))?.[1];
  if (checks === undefined) throw new Error(`the program ended early: ${err || out}`);
  return { results, checks: Number(checks) };
}

function expectGood({ results, checks }: Suite): void {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  expect(failed.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([]);
  expect(results.length).toBeGreaterThan(30);
  // Some scenarios end before their checks while what they need is not served.
  if (pending.length === 0) {
    expect(results.filter(({ outcome }) => outcome === "waiting")).toEqual([]);
    expect(checks).toBeGreaterThan(LEAST_CHECKS);
  }
}

describe("the official SDKs against the compiled program", () => {
  const suites = [
    ["Python", python.obstacle, runPython],
    ["Go", go.obstacle, runGo],
  ] as const;
  for (const [language, obstacle, runSuite] of suites) {
    const why = obstacle === undefined ? "" : ` (skipped: ${obstacle})`;
    test.skipIf(obstacle !== undefined)(
      `${language}: every scenario of its suite${why}`,
      async () => expectGood(await runSuite()),
      RUN_TIME,
    );
  }

  test("the ready line names what the SDKs document", async () => {
    const { url, projectId, managementKey, env } = await started();
    expect(env).toEqual({
      DESCOPE_BASE_URL: url,
      DESCOPE_BASE_URI: url,
      DESCOPE_PROJECT_ID: projectId,
      DESCOPE_MANAGEMENT_KEY: managementKey,
    });
  });
});
