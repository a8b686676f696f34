import type { Terminal } from "../command/context.ts";
import { writeError } from "../output/write.ts";
import { dieOf, onInterrupt } from "./interruption.ts";

/**
 * The terminal that the process is attached to. It is asked through the file descriptors: the process's own streams cost more time
 * to set up than all the rest of a command.
 */
export function processTerminal(): Terminal {
  return {
    get inputIsTerminal() {
      return isTerminal(0);
    },
    get outputIsTerminal() {
      return isTerminal(1);
    },
    get errorIsTerminal() {
      return isTerminal(2);
    },
    readInput: () => Bun.stdin.text(),
    readLine,
    async ask(question) {
      await writeError(question);
      return readLine();
    },
    async confirm(question, coloured = true) {
      if (process.env.TERM === "dumb") {
        // A terminal that cannot move its cursor gets a question of one line.
        await writeError(`${question} [y/N] `);
        return /^y(es)?$/i.test(((await readLine()) ?? "").trim());
      }
      const { confirm } = await promptsIn(coloured);
      const answer = await prompted((signal) =>
        confirm({ message: question, initialValue: false, output: process.stderr, signal }),
      );
      return answer === true;
    },
    async askSecret(question, coloured = true) {
      const { password } = await promptsIn(coloured);
      return prompted((signal) => password({ message: question, output: process.stderr, signal }));
    },
  };
}

/** The prompts. They ask the environment alone whether there is to be colour. */
function promptsIn(coloured: boolean): Promise<typeof import("@clack/prompts")> {
  if (coloured) delete process.env.NO_COLOR;
  else process.env.NO_COLOR = "1";
  // Serial lines and some containers do not know their width and say 0: the question would stand one letter to a line.
  if (!process.stderr.columns) process.stderr.columns = WIDTH_UNKNOWN;
  return import("@clack/prompts");
}

/**
 * Runs a prompt, during which the terminal shows no cursor and gives keys instead of lines. However it ends, that ends with it.
 * Gives undefined when the user ends the input (Ctrl-D) instead of answering.
 */
async function prompted<T>(
  prompt: (signal: AbortSignal) => Promise<T>,
): Promise<Exclude<T, symbol> | undefined> {
  const forget = onInterrupt(() => {
    process.stdin.setRawMode(false);
    (require("node:fs") as typeof import("node:fs")).writeSync(2, "\u001b[?25h\n");
  });
  const ended = new AbortController();
  const watch = (keys: Buffer | string) => {
    if (keys.includes(END_OF_INPUT)) ended.abort();
  };
  process.stdin.on("data", watch);
  const answer = await prompt(ended.signal);
  process.stdin.off("data", watch);
  // Ctrl-C arrives as a key, not as a signal; the process dies of it all the same.
  if (typeof answer === "symbol" && !ended.signal.aborted) dieOf("SIGINT");
  forget();
  return typeof answer === "symbol" ? undefined : (answer as Exclude<T, symbol>);
}

/** What Ctrl-D sends where the terminal gives keys. */
const END_OF_INPUT = "\u0004";

interface TerminalBinding {
  isTTY(descriptor: number): boolean;
}

function isTerminal(descriptor: number): boolean {
  // What node:tty itself asks. That module takes two milliseconds to load, half of what an empty program takes as a whole.
  const { binding } = process as unknown as { binding?: (name: string) => Partial<TerminalBinding> };
  try {
    const answer = binding?.("tty_wrap").isTTY?.(descriptor);
    if (answer !== undefined) return answer;
  } catch {
    // It is not part of what the runtime promises.
  }
  return (require("node:tty") as typeof import("node:tty")).isatty(descriptor);
}

/** Columns of a terminal that does not say how many it has. */
const WIDTH_UNKNOWN = 80;

/** Columns of the terminal on standard output or standard error. */
export function terminalWidth(stream: "output" | "error"): number {
  const { WriteStream } = require("node:tty") as typeof import("node:tty");
  return new WriteStream(stream === "output" ? 1 : 2).columns || WIDTH_UNKNOWN;
}

async function readLine(): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let line = "";
  for await (const chunk of Bun.stdin.stream()) {
    line += decoder.decode(chunk, { stream: true });
    const end = line.indexOf("\n");
    if (end !== -1) return line.slice(0, end).replace(/\r$/, "");
  }
  return line === "" ? undefined : line;
}
