import { constants } from "node:os";
import type { Ending } from "../command/result.ts";
import { Failure, systemReason } from "../failure.ts";
import { redirectSignals } from "./interruption.ts";

/**
 * Runs another program on this process's own streams and waits for its end. Signals that would end this process go to it instead.
 *
 * @throws {Failure} when it cannot be run.
 */
export async function runProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ending> {
  const child = spawn(words, environment);
  const forget = redirectSignals((signal) => {
    // A key on a terminal has reached the program already, which is in the foreground with this one.
    if (signal === "SIGINT" && isTerminal()) return;
    child.kill(signal);
  });
  try {
    await child.exited;
  } finally {
    forget();
  }
  return ending(child.exitCode, child.signalCode);
}

/** Signals by which a fault ends a program. To die of one would look like a fault of this program. */
const FAULTS = new Set<string>(["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGTRAP"]);

function ending(status: number | null, signal: string | number | null): Ending {
  const number = (name: string) => constants.signals[name as NodeJS.Signals];
  const name =
    typeof signal === "number"
      ? Object.keys(constants.signals).find((known) => number(known) === signal)
      : signal;
  if (name == null) return { status: status ?? 1 };
  return FAULTS.has(name) ? { status: 128 + number(name) } : { signal: name as NodeJS.Signals };
}

function spawn(words: readonly string[], environment: Readonly<Record<string, string>>) {
  try {
    return Bun.spawn([...words], {
      env: { ...environment },
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    });
  } catch (error) {
    throw new Failure(`Cannot run ${words[0]}: ${systemReason(error)}`, {
      code: "invalid_input",
      exitStatus: (error as { code?: unknown }).code === "ENOENT" ? 127 : 126,
      hint: "Write the command and its arguments behind --, as they would be typed without it.",
    });
  }
}

function isTerminal(): boolean {
  return (require("node:tty") as typeof import("node:tty")).isatty(0);
}
