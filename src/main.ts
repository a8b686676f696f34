import { dieOf, onInterrupt } from "./cli/interruption.ts";
import { processTerminal, terminalWidth } from "./cli/terminal.ts";
import { run } from "./cli/run.ts";
import { writeError, writeOutput } from "./output/write.ts";

const status = await run(Bun.argv.slice(2), {
  environment: process.env,
  terminal: processTerminal(),
  writeOutput,
  writeError,
  terminalWidth,
  onInterrupt,
  async runProgram(words, environment) {
    const { runProgram } = await import("./cli/program.ts");
    return runProgram(words, environment);
  },
  dieOf,
});
process.exit(status);
