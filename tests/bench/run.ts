/**
 * Measures the compiled program and prints each figure as a ratio to something measured in the same run, in turn with it: start-up to
 * an empty program that was compiled with the same flags, work on files to `cp -r` of the same tree. Ends with 1 when a ratio misses
 * its target.
 *
 * Work on files depends on the machine: one that takes freed memory back from its guest makes every new page dear, for `cp` as for us.
 * TMPDIR says where the trees are made; the ratios are strictest in memory (`TMPDIR=/dev/shm`).
 *
 *     bun run build && bun run bench [start] [snapshots] [plans] [drawing] [emulator]
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { compileFlags } from "../../build.ts";
import { root } from "../../src/cli/routes.ts";
import { binary } from "../support/binary.ts";
import { credentials } from "../support/cli.ts";
import { fileShape, largeFlow } from "../support/flows.ts";
import { measureEmulator } from "./emulator.ts";

interface Run {
  /** Milliseconds from start to end. */
  readonly time: number;
  /** Peak memory in MiB. */
  readonly memory: number;
}

const PROJECT = credentials.DESCOPE_PROJECT_ID;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "descope-bench-"));
let missed = 0;
let madeTree: Tree | undefined;

try {
  console.log(`${os.cpus()[0]?.model ?? "unknown machine"}, ${os.cpus().length} cores, Bun ${Bun.version}`);
  const parts: Readonly<Record<string, () => void | Promise<void>>> = {
    start: measureStartUp,
    snapshots: measureSnapshots,
    plans: measurePlans,
    drawing: measureDrawing,
    emulator: () => measureEmulator({ empty: compileEmpty(), check }),
  };
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => parts[name] === undefined);
  if (unknown !== undefined) throw new Error(`there is no ${unknown}: ${Object.keys(parts).join(", ")}`);
  for (const [name, measure] of Object.entries(parts))
    if (wanted.length === 0 || wanted.includes(name)) await measure();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
console.log(
  missed === 0
    ? "\nEvery target holds."
    : `\n${missed} of the targets ${missed === 1 ? "is" : "are"} missed.`,
);
process.exitCode = missed === 0 ? 0 : 1;

async function measureStartUp(): Promise<void> {
  const empty = compileEmpty();
  const server = await startServer();
  const commands: readonly [name: string, args: readonly string[], target: number][] = [
    ["--version", ["--version"], 1.4],
    ["--help", ["--help"], 1.5],
    ["tenant create --help", ["tenant", "create", "--help"], 1.8],
    ["tenant load", ["tenant", "load", "acme"], 2.2],
  ];
  const rounds = 60;
  const runs = inTurn(rounds, [
    () => spawn([empty], server.url),
    ...commands.map(
      ([, args]) =>
        () =>
          spawn([binary, ...args], server.url),
    ),
  ]);
  const asked = await server.stop();
  const [base = [], ...rest] = runs;
  console.log(`\nStart-up, against an empty program: ${median(base.map(({ time }) => time)).toFixed(2)} ms`);
  for (const [i, [name, , target]] of commands.entries()) report(name, rest[i] ?? [], base, target);
  // One round is for warming up.
  check(`  requests per "tenant load": ${asked / (rounds + 1)}`, asked === rounds + 1);
}

async function measureSnapshots(): Promise<void> {
  const snapshot =
    root.children.project?.kind === "group" ? root.children.project.children.snapshot : undefined;
  if (snapshot === undefined) return;
  const { source, reply, bytes } = tree();
  const server = await startServer(reply);
  // A new folder each time, and none deleted in between: a file system that passes over what was deleted lately (ext4) would take many
  // times as long for whichever comes next.
  let count = 0;
  const fresh = (name: string) => path.join(folder, `${name}-${++count}`);
  let exported = "";
  const snapshotCommand = (verb: string, at: string) => [
    binary,
    "project",
    "snapshot",
    verb,
    PROJECT,
    "-p",
    at,
  ];
  const [copies = [], exports = [], again = [], imports = []] = inTurn(9, [
    () => {
      const target = fresh("copy");
      return spawn(["cp", "-r", source, target], server.url);
    },
    () => {
      exported = fresh("exported");
      return spawn(snapshotCommand("export", exported), server.url);
    },
    () => spawn(snapshotCommand("export", exported), server.url),
    () => spawn(snapshotCommand("import", source), server.url),
  ]);
  await server.stop();
  const difference = Bun.spawnSync(["diff", "-r", source, exported]);
  console.log(
    `\nA snapshot of 2,400 files, ${(bytes / 1e6).toFixed(1)} MB, against cp -r: ${median(copies.map(({ time }) => time)).toFixed(0)} ms`,
  );
  report("export", exports, copies, 2.0);
  report("export over itself", again, copies, 2.0);
  report("import", imports, copies, 1.5);
  for (const [name, runs] of [
    ["export", exports],
    ["export over itself", again],
    ["import", imports],
  ] as const) {
    const peak = Math.max(...runs.map(({ memory }) => memory));
    check(`  peak memory of ${name}: ${peak.toFixed(0)} MiB (target 190)`, peak <= 190);
  }
  check("  the export is the tree, byte by byte", difference.exitCode === 0);
}

/** The tree of a large project, the replies that export it and another environment of it, and how many bytes it has. */
interface Tree {
  readonly source: string;
  readonly reply: string;
  readonly elsewhere: string;
  readonly bytes: number;
}

/** Makes it when it is first asked for. */
function tree(): Tree {
  if (madeTree !== undefined) return madeTree;
  const [source, reply, elsewhere] = ["tree", "reply.json", "elsewhere.json"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  const made = Bun.spawnSync([
    process.execPath,
    path.join(import.meta.dir, "tree.ts"),
    source,
    reply,
    elsewhere,
  ]);
  if (made.exitCode !== 0) throw new Error(`the tree was not made: ${made.stderr}`);
  return (madeTree = { source, reply, elsewhere, bytes: Number(made.stdout) });
}

/** Planning to bring a large project to an environment where every box stands elsewhere and some texts are others. */
async function measurePlans(): Promise<void> {
  const { source, elsewhere } = tree();
  const server = await startServer(elsewhere);
  const plan = (...flags: readonly string[]) => [
    binary,
    "project",
    "snapshot",
    "plan",
    PROJECT,
    "--path",
    source,
    ...flags,
  ];
  const kept = path.join(folder, "plan.json");
  const works: readonly [name: string, command: readonly string[]][] = [
    ["plan", plan()],
    ["plan --out", plan("--out", kept)],
    ["plan --out, html", plan("--out", kept, "--format", "html")],
  ];
  const runs = inTurn(
    5,
    works.map(
      ([, command]) =>
        () =>
          spawn(command, server.url),
    ),
  );
  await server.stop();
  console.log("\nA plan of those 2,400 files against a project that differs in every flow");
  for (const [i, [name]] of works.entries()) {
    // The quickest: what it takes by itself, whatever else the machine does.
    const time = Math.min(...(runs[i] ?? []).map((run) => run.time));
    const peak = Math.max(...(runs[i] ?? []).map((run) => run.memory));
    check(`  ${name.padEnd(22)} ${time.toFixed(0)} ms  (target 1500 ms)`, time <= 1500);
    check(`  ${name.padEnd(22)} ${peak.toFixed(0)} MiB at its peak  (target 300 MiB)`, peak <= 300);
  }
}

/** Drawing a flow of 52 steps, by the clock: somebody waits for it. */
function measureDrawing(): void {
  const file = path.join(folder, "flow.json");
  fs.writeFileSync(file, JSON.stringify(fileShape(largeFlow(52))));
  const draw = (...flags: readonly string[]) => [binary, "flow", "draw", file, ...flags];
  const works: readonly [name: string, command: readonly string[]][] = [
    ["outline", draw()],
    ["mermaid", draw("--format", "mermaid")],
    ["svg", draw("--format", "svg")],
    ["svg --layout auto", draw("--format", "svg", "--layout", "auto")],
  ];
  const runs = inTurn(
    9,
    works.map(
      ([, command]) =>
        () =>
          spawn(command, ""),
    ),
  );
  console.log("\nDrawing a flow of 52 steps");
  for (const [i, [name]] of works.entries()) {
    const time = median((runs[i] ?? []).map((run) => run.time));
    check(`  ${name.padEnd(22)} ${time.toFixed(1)} ms  (target 300 ms)`, time <= 300);
  }
}

/** Runs each of `works` once to warm up, then `rounds` times, taking turns so that what else the machine does hits all alike. */
function inTurn(rounds: number, works: readonly (() => Run)[]): Run[][] {
  const out: Run[][] = works.map(() => []);
  for (const work of works) work();
  for (let round = 0; round < rounds; round++) for (const [i, work] of works.entries()) out[i]?.push(work());
  return out;
}

function spawn(command: readonly string[], url: string): Run {
  const started = Bun.nanoseconds();
  const ran = Bun.spawnSync([...command], {
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1", ...credentials, DESCOPE_BASE_URL: url },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  const time = (Bun.nanoseconds() - started) / 1e6;
  if (ran.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${ran.exitCode}`);
  return { time, memory: ran.resourceUsage.maxRSS / 2 ** 20 };
}

function report(name: string, runs: readonly Run[], base: readonly Run[], target: number): void {
  const time = median(runs.map((run) => run.time));
  const ratio = time / median(base.map((run) => run.time));
  check(
    `  ${name.padEnd(22)} ${ratio.toFixed(2)}x  (target ${target.toFixed(1)}x)  ${time.toFixed(1)} ms`,
    ratio <= target,
  );
}

function check(line: string, holds: boolean): void {
  if (!holds) missed++;
  console.log(`${line}  ${holds ? "holds" : "MISSED"}`);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** A program that does nothing, compiled as this one is. */
function compileEmpty(): string {
  const source = path.join(folder, "empty.ts");
  const out = path.join(folder, "empty");
  fs.writeFileSync(source, "export {};\n");
  const ran = Bun.spawnSync([process.execPath, "build", ...compileFlags, source, "--outfile", out], {
    cwd: folder,
  });
  if (ran.exitCode !== 0) throw new Error(`the empty program did not compile: ${ran.stderr}`);
  return out;
}

async function startServer(...args: readonly string[]) {
  const child = Bun.spawn([process.execPath, path.join(import.meta.dir, "server.ts"), ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const url = new TextDecoder().decode((await reader.read()).value).trim();
  return {
    url,
    /** Stops it and gives back how many requests it was asked. */
    async stop(): Promise<number> {
      const asked = Number(await (await fetch(`${url}/asked`)).text());
      child.kill();
      await child.exited;
      return asked;
    },
  };
}
