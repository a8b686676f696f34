/**
 * The whole check of a work tree, as `bun run test` and the continuous integration run it: types, format, the build for this machine,
 * every test. Its last line is `N passed, N failed`, with `, N skipped` where tests were skipped; the exit status is 0 only when
 * everything ran and nothing failed.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** What came of a part of the check. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const root = path.join(import.meta.dir, "..");
const tests = import.meta.dir;

/** Long enough for the slowest test on a machine that does other work too; a test that hangs still fails. */
const TEST_TIMEOUT = 60_000;

if (import.meta.main) {
  if (process.argv.length > 2) {
    console.error('This runs everything; for some of the tests: bun test <part of a path> [-t "<name>"]');
    process.exit(1);
  }
  const before = workTree();
  const steps = [
    step("types", ["check"]),
    step("format", ["fmt", "--check"]),
    step("build", ["run", "build.ts", "--quiet"]),
  ];
  // Without a build, tests of the compiled program would try an old one.
  const ran = steps[2] === true ? runTests() : { passed: 0, failed: 1, skipped: 0 };
  if (before !== undefined) steps.push(leavesClean(before));
  const passed = ran.passed + steps.filter((fine) => fine).length;
  const failed = ran.failed + steps.filter((fine) => !fine).length;
  const skipped = ran.skipped === 0 ? "" : `, ${ran.skipped} skipped`;
  console.log(`${passed} passed, ${failed} failed${skipped}`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Runs one step with this same Bun and says how it went. */
function step(name: string, args: readonly string[]): boolean {
  const ran = Bun.spawnSync([process.execPath, ...args], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const fine = ran.exitCode === 0;
  console.log(`${fine ? "(pass)" : "(fail)"} ${name}`);
  if (!fine) console.log(`${ran.stdout}${ran.stderr}`.trimEnd());
  return fine;
}

/** What git sees as changed or new; undefined where this is no checkout. */
function workTree(): string | undefined {
  if (Bun.which("git") === null) return undefined;
  const ran = Bun.spawnSync(["git", "status", "--porcelain"], {
    cwd: root,
    stdout: "pipe",
    stderr: "ignore",
  });
  return ran.exitCode === 0 ? ran.stdout.toString() : undefined;
}

function leavesClean(before: string): boolean {
  const after = workTree();
  const fine = after === before;
  console.log(`${fine ? "(pass)" : "(fail)"} the work tree is as it was before`);
  if (!fine) console.log(after?.trimEnd());
  return fine;
}

function runTests(): Counts {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "descope-tests-"));
  const report = path.join(folder, "report.xml");
  try {
    // Each file runs by itself, so that none leans on what another left behind, and one that ends its process is noticed.
    const ran = Bun.spawnSync(
      [
        process.execPath,
        "test",
        "--parallel",
        `--timeout=${TEST_TIMEOUT}`,
        "--reporter=junit",
        `--reporter-outfile=${report}`,
        "./tests",
      ],
      { cwd: root, stdin: "ignore", stdout: "inherit", stderr: "inherit" },
    );
    const counts = readReport(fs.existsSync(report) ? fs.readFileSync(report, "utf8") : "");
    const silent = testFiles().filter((file) => !counts.files.has(file));
    for (const file of silent) console.log(`(fail) ${file} ran no test`);
    const failed = counts.failed + silent.length;
    const unseen = failed === 0 && (ran.exitCode !== 0 || counts.passed === 0);
    if (unseen) console.log(`(fail) bun test ended with ${ran.exitCode ?? ran.signalCode}`);
    return { passed: counts.passed, failed: failed + (unseen ? 1 : 0), skipped: counts.skipped };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Every file of tests, relative to the project, with slashes. */
function testFiles(): string[] {
  return [...new Bun.Glob("**/*.test.ts").scanSync({ cwd: tests })].map((file) =>
    path.posix.join("tests", file.replaceAll(path.sep, "/")),
  );
}

/** Reads the counts and the files out of a JUnit report. */
function readReport(xml: string): Counts & { readonly files: ReadonlySet<string> } {
  const files = new Set<string>();
  let [total, failed, skipped] = [0, 0, 0];
  for (const [testcase] of xml.matchAll(/<testcase [^>]*?(?:\/>|>.*?<\/testcase>)/gs)) {
    total++;
    if (testcase.includes("<failure")) failed++;
    if (testcase.includes("<skipped")) skipped++;
    const file = /\sfile="([^"]*)"/.exec(testcase)?.[1];
    if (file !== undefined) files.add(file.replaceAll("\\", "/").replace(/^\.\//, ""));
  }
  return { passed: total - failed - skipped, failed, skipped, files };
}
