import { processTerminal, terminalWidth } from "./cli/terminal.ts";
import { run } from "./cli/run.ts";
import { writeError, writeOutput } from "./output/write.ts";

/** What would have to be cleaned up if the process were interrupted now. */
const cleanUps = new Set<() => void>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  const die = () => {
    for (const cleanUp of cleanUps) cleanUp();
    // Dies of the signal itself, so that whoever waits for it sees what happened.
    process.off(signal, die);
    process.kill(process.pid, signal);
  };
  process.on(signal, die);
}

const status = await run(Bun.argv.slice(2), {
  environment: process.env,
  terminal: processTerminal(),
  writeOutput,
  writeError,
  terminalWidth,
  onInterrupt(cleanUp) {
    cleanUps.add(cleanUp);
    return () => cleanUps.delete(cleanUp);
  },
});
process.exit(status);
