import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * The tools of other languages, as tests find them. What is installed for them stays in the system's folder for temporary files, so
 * that only the first run fetches it.
 */
const cache = path.join(os.tmpdir(), "descope-sdk-suites");
const INSTALL_TIME = 240_000;

/** How long a program of a suite may take, in milliseconds. */
export const RUN_TIME = 150_000;

export interface Output {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end; its environment is this one's and what is added. */
export async function run(
  command: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly timeout?: number;
  } = {},
): Promise<Output> {
  const child = Bun.spawn([...command], {
    cwd: options.cwd ?? os.tmpdir(),
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

/** Why a suite cannot run here; undefined when it can. */
export type Obstacle = string | undefined;

/**
 * Finds a Python with the packages of a requirements file.
 *
 * @param name the folder that they are kept in from one run to the next.
 */
export async function preparePython(
  name: string,
  requirements: string,
): Promise<{ readonly obstacle: Obstacle; readonly interpreter: string }> {
  const base = ["python3", "python"].map((program) => Bun.which(program)).find((found) => found !== null);
  const folder = path.join(cache, name);
  const interpreter = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (base === undefined) return { obstacle: "there is no Python", interpreter };
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

/** Finds a Go with the modules of a folder. */
export async function prepareGo(
  folder: string,
): Promise<{ readonly obstacle: Obstacle; readonly env: Readonly<Record<string, string>> }> {
  const env = {
    GOMODCACHE: path.join(cache, "go/modules"),
    GOCACHE: path.join(cache, "go/build"),
    GOFLAGS: "-modcacherw",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
  };
  if (Bun.which("go") === null) return { obstacle: "there is no Go", env };
  const downloaded = await run(["go", "mod", "download"], { cwd: folder, env, timeout: INSTALL_TIME });
  if (downloaded.status === 0) return { obstacle: undefined, env };
  const old = downloaded.err.includes("requires go >=");
  return { obstacle: old ? "this Go is too old for it" : "its module cannot be fetched", env };
}
