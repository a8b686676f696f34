import { binary } from "./binary.ts";

/** The program at a terminal that a test plays. */
export interface Session extends AsyncDisposable {
  /** All that the terminal has shown. */
  readonly shown: string;
  /** Types keys, as soon as the terminal has shown `after`. */
  type(keys: string, after: string): Promise<void>;
  /** Resolves when the terminal has shown `text`; fails when the program ends first. */
  see(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Whether the terminal echoes what is typed and gives it by lines, as it does before and after any program. */
  readonly isCooked: boolean;
  /** How it ended, when it has: a status, or the name of a signal. */
  readonly ended: Promise<number | string>;
}

/** Termios flags of what a terminal does by itself: gives lines, and echoes. */
const LINES_AND_ECHO = process.platform === "darwin" ? 0x100 | 0x8 : 0x2 | 0x8;

/**
 * Runs the program at a pseudo-terminal: standard input, output and error are all connected to it. A `line` of shell puts the program,
 * as `$0` with its arguments, in other company.
 */
export function atTerminal(
  args: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly columns?: number;
    readonly line?: string;
  },
): Session {
  let shown = "";
  let changed = Promise.withResolvers<void>();
  const decoder = new TextDecoder();
  const command =
    options.line === undefined ? [binary, ...args] : ["sh", "-c", options.line, binary, ...args];
  const child = Bun.spawn(command, {
    env: { TERM: "xterm-256color", ...options.env },
    cwd: options.cwd ?? "/",
    terminal: {
      cols: options.columns ?? 100,
      rows: 30,
      data(_terminal, data) {
        shown += decoder.decode(data, { stream: true });
        changed.resolve();
        changed = Promise.withResolvers<void>();
      },
    },
  });
  const terminal = child.terminal as Bun.Terminal;
  const ended = child.exited.then(() => child.exitCode ?? String(child.signalCode));
  let over = false;
  void ended.then(() => {
    over = true;
    changed.resolve();
  });
  const see = async (text: string): Promise<void> => {
    while (!shown.includes(text)) {
      if (over) throw new Error(`ended without showing ${JSON.stringify(text)}: ${JSON.stringify(shown)}`);
      await changed.promise;
    }
  };
  return {
    get shown() {
      return shown;
    },
    get isCooked() {
      return (terminal.localFlags & LINES_AND_ECHO) === LINES_AND_ECHO;
    },
    see,
    async type(keys, after) {
      await see(after);
      terminal.write(keys);
    },
    kill: (signal) => child.kill(signal),
    ended: ended.then(async (status) => {
      await drained(terminal);
      return status;
    }),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      terminal.close();
    },
  };
}

/** Gives what a program wrote last the time to come through the terminal. */
async function drained(terminal: Bun.Terminal): Promise<void> {
  terminal.unref();
  await Bun.sleep(20);
}
