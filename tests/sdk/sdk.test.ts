import { afterAll, describe, expect, test } from "bun:test";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { emulatorOfBinary, type RunningEmulator } from "./emulator.ts";
import { pending } from "./pending.ts";

/**
 * The official SDKs of other languages, each in a program of its own below this folder. What is installed for them stays in the
 * system's folder for temporary files, so that only the first run fetches it.
 */
const cache = path.join(os.tmpdir(), "descope-sdk-suites");
const LEAST_CHECKS = 200;
const INSTALL_TIME = 240_000;
const RUN_TIME = 150_000;

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

async function run(
  command: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; timeout?: number } = {},
): Promise<{ status: number | null; out: string; err: string }> {
  const child = Bun.spawn([...command], {
    cwd: options.cwd ?? import.meta.dir,
    env: { ...process.env, ...options.env } as Record<string, string>,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: options.timeout ?? RUN_TIME,
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return { status: child.exitCode, out, err };
}

/** What names the emulator to a program, in the variables that the SDKs document. */
async function environment(): Promise<Record<string, string>> {
  const { env } = await started();
  return { ...env, EMULATOR_PENDING: JSON.stringify(pending) };
}

/** Why a suite cannot run here; undefined when it can. */
type Obstacle = string | undefined;

const python = await preparePython();
const go = await prepareGo();

async function preparePython(): Promise<{ obstacle: Obstacle; interpreter: string }> {
  const base = ["python3", "python"].map((name) => Bun.which(name)).find((found) => found !== null);
  const folder = path.join(cache, "python");
  const interpreter = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (base === undefined) return { obstacle: "there is no Python", interpreter };
  const requirements = path.join(import.meta.dir, "python/requirements.txt");
  const wanted = fs.readFileSync(requirements, "utf8");
  const marker = path.join(folder, "installed.txt");
  if (fs.existsSync(marker) && fs.readFileSync(marker, "utf8") === wanted) {
    return { obstacle: undefined, interpreter };
  }
  fs.mkdirSync(cache, { recursive: true });
  const made = await run([base, "-m", "venv", "--clear", folder], { timeout: INSTALL_TIME });
  if (made.status !== 0) return { obstacle: "Python has no venv", interpreter };
  const pip = [
    interpreter,
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "-r",
    requirements,
  ];
  const installed = await run(pip, { timeout: INSTALL_TIME });
  if (installed.status !== 0) return { obstacle: "its package cannot be installed", interpreter };
  fs.writeFileSync(marker, wanted);
  return { obstacle: undefined, interpreter };
}

async function prepareGo(): Promise<{ obstacle: Obstacle; env: Record<string, string> }> {
  const env = {
    GOMODCACHE: path.join(cache, "go/modules"),
    GOCACHE: path.join(cache, "go/build"),
    GOFLAGS: "-modcacherw",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
  };
  if (Bun.which("go") === null) return { obstacle: "there is no Go", env };
  const downloaded = await run(["go", "mod", "download"], {
    cwd: path.join(import.meta.dir, "go"),
    env,
    timeout: INSTALL_TIME,
  });
  if (downloaded.status === 0) return { obstacle: undefined, env };
  const old = downloaded.err.includes("requires go >=");
  return { obstacle: old ? "this Go is too old for it" : "its module cannot be fetched", env };
}

async function runPython(): Promise<Suite> {
  const { out, err } = await run([python.interpreter, "-B", "main.py"], {
    cwd: path.join(import.meta.dir, "python"),
    env: await environment(),
  });
  const lines = out.split("\n").filter((line) => line.startsWith("{"));
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, any>);
  const summary = parsed.find((line) => "summary" in line);
  if (summary === undefined) throw new Error(`the program ended early: ${err || out}`);
  const results = parsed
    .filter((line) => "scenario" in line)
    .map(({ scenario, outcome, error }) => ({ name: scenario, outcome, detail: error }) as Result);
  return { results, checks: summary["summary"].checks as number };
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
