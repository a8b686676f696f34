import { run, type Process } from "../../src/cli/run.ts";
import type { Terminal } from "../../src/command/context.ts";

/** What a run of the command line in this process did. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** The signal of which it would have died. */
  readonly died: string | undefined;
  /** Standard output as JSON; throws when it is not exactly one document. */
  json<D = unknown>(): D;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Everything is a terminal, as for somebody at a keyboard. Default: nothing is. */
  readonly tty?: boolean;
  /** Standard input of a pipe. */
  readonly stdin?: string;
  /** Answers to questions, in order; a question without one fails the run. */
  readonly answers?: readonly (string | boolean | undefined)[];
  readonly columns?: number;
}

/** A project and key that look right. */
export const credentials = {
  DESCOPE_PROJECT_ID: "P2AbCdEfGhIjKlMnOpQrStUvWxYz",
  DESCOPE_MANAGEMENT_KEY: "K2ManagementKeyForTests",
} as const;

/** Runs a command line in this process, against nothing but what `options` gives it. */
export async function cli(tokens: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let out = "";
  let err = "";
  let died: string | undefined;
  const answers = [...(options.answers ?? [])];
  const answer = (question: string): string | boolean | undefined => {
    if (answers.length === 0) throw new Error(`nobody expected the question: ${question}`);
    err += question;
    return answers.shift();
  };
  const tty = options.tty === true;
  const terminal: Terminal = {
    inputIsTerminal: tty,
    outputIsTerminal: tty,
    errorIsTerminal: tty,
    readInput: async () => options.stdin ?? "",
    readLine: async () => firstLine(options.stdin),
    ask: async (question) => {
      if (tty) return answer(question) as string | undefined;
      err += question;
      return firstLine(options.stdin);
    },
    confirm: async (question) => answer(question) === true,
    askSecret: async (question) => answer(question) as string | undefined,
  };
  const process: Process = {
    environment: { NO_COLOR: "1", ...options.env },
    terminal,
    writeOutput: async (text) => void (out += text),
    writeError: async (text) => void (err += text),
    onInterrupt: () => () => {},
    terminalWidth: () => options.columns ?? 100,
    async runProgram(words, environment) {
      const child = Bun.spawn([...words], { env: { ...environment }, stdout: "pipe", stderr: "pipe" });
      const [childOut, childErr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      out += childOut;
      err += childErr;
      await child.exited;
      const signal = child.signalCode as NodeJS.Signals | null;
      return signal === null ? { status: child.exitCode ?? 1 } : { signal };
    },
    dieOf: (signal) => void (died = signal),
  };
  const status = await run(tokens, process);
  return { status, out, err, died, json: <D>() => JSON.parse(out) as D };
}

function firstLine(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text.split("\n")[0]?.replace(/\r$/, "");
}
