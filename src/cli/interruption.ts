/** The signals that ask the program to end. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
export type Signal = keyof typeof SIGNALS;

/** What is done before the process dies; where it gives back a promise, that is waited for, though not for long. */
export type CleanUp = () => void | Promise<void>;

/** How long, in milliseconds: a standard error that nobody reads must not keep the process alive. */
const LAST_WORDS = 1000;

/** What has to be cleaned up if the process is interrupted now. */
const cleanUps = new Set<CleanUp>();
let armed = false;
let dying = false;

/** What takes signals in this process's place. */
let receiver: ((signal: Signal) => void) | undefined;

/**
 * Runs `cleanUp` if the process is interrupted before the function that this gives back is called. The process then dies of the
 * signal itself, so that whoever waits for it sees what happened.
 *
 * Signals are left to the system until the first call: a process that has nothing to clean up dies of them without our help, and
 * until then `nohup` and background jobs, which start a process deaf to some of them, keep their word.
 */
export function onInterrupt(cleanUp: CleanUp): () => void {
  if (!armed) arm();
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

function arm(): void {
  armed = true;
  const ignored = ignoredSignals();
  for (const signal of Object.keys(SIGNALS) as Signal[]) {
    if (((ignored >> BigInt(SIGNALS[signal] - 1)) & 1n) === 0n)
      process.on(signal, () => (receiver === undefined ? dieOf(signal) : receiver(signal)));
  }
}

/** Has signals go to `take` instead of ending the process, until the function that this gives back is called. */
export function redirectSignals(take: (signal: Signal) => void): () => void {
  if (!armed) arm();
  receiver = take;
  return () => (receiver = undefined);
}

/** Cleans up and dies of a signal, as if it had come from outside. A second signal does not wait for the rest. */
export function dieOf(signal: NodeJS.Signals): void {
  const last = dying ? [] : runCleanUps();
  dying = true;
  const end = () => {
    process.removeAllListeners(signal);
    // The first process of a container is spared by signals that it does not take itself.
    if (process.pid === 1) process.exit(128 + numberOf(signal));
    process.kill(process.pid, signal);
  };
  if (last.length === 0) return end();
  const timer = setTimeout(end, LAST_WORDS);
  void Promise.allSettled(last).then(() => {
    clearTimeout(timer);
    end();
  });
}

function runCleanUps(): Promise<void>[] {
  const last: Promise<void>[] = [];
  for (const cleanUp of [...cleanUps].reverse()) {
    try {
      const more = cleanUp();
      if (more !== undefined) last.push(more);
    } catch {
      // The next one may still do its part, and there is nobody left to tell.
    }
  }
  return last;
}

function numberOf(signal: NodeJS.Signals): number {
  return (require("node:os") as typeof import("node:os")).constants.signals[signal];
}

/** The signals that whoever started this process made it deaf to, as a set of bits; none where the system does not say. */
function ignoredSignals(): bigint {
  try {
    const fs = require("node:fs") as typeof import("node:fs");
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(fs.readFileSync("/proc/self/status", "utf8"))?.[1];
    return mask === undefined ? 0n : BigInt(`0x${mask}`);
  } catch {
    return 0n;
  }
}
