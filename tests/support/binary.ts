import path from "node:path";
import { hostTarget } from "../../build.ts";
import { credentials } from "./cli.ts";

/** The compiled program, which the test run builds before it starts. */
export const binary = path.join(
  import.meta.dir,
  "../../dist",
  hostTarget(),
  process.platform === "win32" ? "descope.exe" : "descope",
);

export interface Spawned {
  readonly status: number | null;
  readonly signal: string | undefined;
  readonly out: string;
  readonly err: string;
}

/** The whole environment of a program that talks to a server of the test's. */
export function connected(
  url: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { ...bare, ...credentials, DESCOPE_BASE_URL: url, ...more };
}

const bare = { PATH: process.env.PATH ?? "", NO_COLOR: "1" };

/** Runs the compiled program with nothing in its environment but what is given. */
export async function spawnBinary(
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; cwd?: string; stdin?: string | Uint8Array } = {},
): Promise<Spawned> {
  const child = Bun.spawn([binary, ...args], {
    env: { ...bare, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: new Blob([options.stdin ?? ""]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return { status: child.exitCode, signal: child.signalCode?.toString(), out, err };
}
