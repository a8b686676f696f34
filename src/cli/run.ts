import type { Terminal } from "../command/context.ts";
import type { Ending } from "../command/result.ts";
import type { Environment } from "../config/settings.ts";
import { Failure, UsageFailure } from "../failure.ts";
import { wantsColour, type ColourChoice } from "../output/colour.ts";
import { unpainted, type Paint } from "../output/line.ts";
import { ErrorStream } from "../output/error-stream.ts";
import { OutputClosed, OutputFailed } from "../output/write.ts";
import { flagValue, isYes, parseArgv, readLeniently, type FlagSpec } from "./argv.ts";
import { colourChoice, globalFlags, isColourChoice, isVersionSwitch, versionFlag } from "./globals.ts";
import { groupHelp } from "./help.ts";
import { resolve } from "./resolve.ts";
import { root, type Group, type Leaf } from "./routes.ts";
import { version } from "../version.ts";

/** What the process gives to a run, and what it takes from it. */
export interface Process {
  readonly environment: Environment;
  readonly terminal: Terminal;
  writeOutput(text: string): Promise<void>;
  writeError(text: string): Promise<void>;
  onInterrupt(cleanUp: () => void | Promise<void>): () => void;
  terminalWidth(stream: "output" | "error"): number;
  /** Runs another program; see {@link Context.runProgram}. */
  runProgram(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ending>;
  /** Ends the process by a signal, so that whoever waits for it sees what happened. */
  dieOf(signal: NodeJS.Signals): void;
}

/** The process as a run sees it: its streams keep their order between them, and standard error its own. */
export interface Edge extends Process {
  readonly errors: ErrorStream;
}

/** The exit statuses. Interrupted runs end by their signal instead. */
export const EXIT = {
  /** It is done. */
  done: 0,
  /** It failed. */
  failed: 1,
  /** It ran, and the answer is no. */
  no: 2,
} as const;

/** Runs one command line and gives back the exit status. Everything that it says goes through `process`. */
export async function run(tokens: readonly string[], process: Process): Promise<number> {
  const edge = edgeOf(process);
  try {
    return await dispatch(tokens, edge);
  } catch (error) {
    if (error instanceof OutputClosed) return EXIT.done;
    return await fail(error, tokens, edge);
  } finally {
    await edge.errors.close();
  }
}

function edgeOf(process: Process): Edge {
  const { environment, terminal } = process;
  const errors = new ErrorStream({
    write: (text) => process.writeError(text),
    canRedraw: () => environment.TERM !== "dumb" && terminal.errorIsTerminal,
    width: () => process.terminalWidth("error"),
    after(milliseconds, tick) {
      const timer = setTimeout(tick, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  return {
    ...process,
    errors,
    writeError: (text) => errors.write(text),
    async writeOutput(text) {
      await errors.settle();
      await process.writeOutput(text);
    },
  };
}

async function dispatch(tokens: readonly string[], process: Edge): Promise<number> {
  const [first] = tokens;
  if (first === "__complete" || first === "__completeNoDesc") {
    const { complete } = await import("./complete.ts");
    const { candidates, remark } = await complete(tokens.slice(1), first === "__complete");
    await process.writeOutput(candidates);
    await process.writeError(remark);
    return EXIT.done;
  }
  // The shortest way for what scripts ask most often.
  if (first !== undefined && tokens.length === 1 && isVersionSwitch(first))
    return showVersion(false, process);
  const { route, words, rest, help } = resolve(tokens);
  if (route.kind === "leaf" && !help) {
    const { runCommand } = await import("./run-command.ts");
    return runCommand({ leaf: route, words, tokens: rest, process });
  }
  const asked = readShared(rest, words, words.length === 0 && !help);
  if (asked.version && !asked.help && !help) return showVersion(asked.json, process);
  if (asked.json) return showTree(route, words, process);
  if (route.kind === "leaf") {
    const { showCommand } = await import("./command-help.ts");
    return showCommand(route, words, asked.colour, process);
  }
  const paint = await painter(process, asked.colour);
  await process.writeOutput(groupHelp(route, words, paint));
  return EXIT.done;
}

/** What is asked of the root, of a group or of `help`, which take the shared flags alone. */
interface Asked {
  readonly help: boolean;
  readonly version: boolean;
  readonly json: boolean;
  readonly colour: ColourChoice;
}

function readShared(rest: readonly string[], words: readonly string[], isRoot: boolean): Asked {
  if (rest.length === 0) return { help: false, version: false, json: false, colour: "auto" };
  const { occurrences } = parseArgv(rest, isRoot ? [...globalFlags, versionFlag] : globalFlags, words);
  const given = new Map(occurrences.map((one) => [one.flag.key, flagValue(one, words)]));
  return {
    help: given.get("help") === true,
    version: given.get("version") === true,
    json: given.get("json") === true,
    colour: colourChoice(given.get("color") as string | undefined, words),
  };
}

async function showVersion(json: boolean, process: Edge): Promise<number> {
  const text = json ? `${JSON.stringify({ ok: true, version }, null, 2)}\n` : `descope version ${version}\n`;
  await process.writeOutput(text);
  return EXIT.done;
}

/** Shows what can be typed from `route` on, as JSON: help for programs. */
export async function showTree(
  route: Group | Leaf,
  words: readonly string[],
  process: Edge,
): Promise<number> {
  const { describeTree } = await import("./tree.ts");
  const { printJson } = await import("../json/print.ts");
  await process.writeOutput(`${printJson({ ...(await describeTree(route, words)), ok: true })}\n`);
  return EXIT.done;
}

/** Colours for standard output, loaded only where colour is wanted. */
export async function painter(process: Process, choice: ColourChoice): Promise<Paint> {
  return paintOf(wantsColour(choice, process.environment, () => process.terminal.outputIsTerminal));
}

async function paintOf(isColoured: boolean): Promise<Paint> {
  return isColoured ? (await import("../output/paint.ts")).colours() : unpainted;
}

async function fail(error: unknown, tokens: readonly string[], process: Edge): Promise<number> {
  const { bugFailure, failureJson, failureText } = await import("./failure-text.ts");
  const wanted = await readWrongLine(tokens);
  const failure = asFailure(error) ?? bugFailure(error, wanted.debug);
  try {
    if (wanted.json && !(error instanceof OutputFailed)) {
      await process.writeOutput(failureJson(failure));
    } else {
      const words = failure instanceof UsageFailure ? failure.words : wanted.words;
      const usage = failure.details.code === "usage" ? await usageOf(words) : undefined;
      const colour = wantsColour(wanted.colour, process.environment, () => process.terminal.errorIsTerminal);
      await process.writeError(failureText(failure, usage, await paintOf(colour)));
    }
  } catch (second) {
    if (!(second instanceof OutputClosed)) await process.writeError(`* Error: ${failure.message}\n`);
  }
  return failure.details.exitStatus ?? EXIT.failed;
}

/** How somebody whose line failed wants to hear of it, read from the line as far as it can be read. */
async function readWrongLine(
  tokens: readonly string[],
): Promise<{ words: readonly string[]; json: boolean; debug: boolean; colour: ColourChoice }> {
  const { words, own } = await commandOf(tokens);
  const found = readLeniently(tokens, [...own, ...globalFlags]);
  const colour = found.get("color");
  return {
    words,
    json: isYes(found.get("json")),
    debug: isYes(found.get("debug")),
    colour: isColourChoice(colour) ? colour : "auto",
  };
}

/**
 * The command that a line leads to and its own flags, so that what is a flag's value is not taken for a flag; nothing where it leads
 * nowhere.
 */
async function commandOf(
  tokens: readonly string[],
): Promise<{ words: readonly string[]; own: readonly FlagSpec[] }> {
  try {
    const { route, words } = resolve(tokens);
    if (route.kind === "group") return { words, own: [] };
    const { commandFlags } = await import("./describe.ts");
    return { words, own: commandFlags((await route.load()).default) };
  } catch {
    return { words: [], own: [] };
  }
}

function asFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof OutputFailed) {
    const code = (error.cause as { code?: unknown } | null)?.code;
    return new Failure(
      `Standard output cannot be written: ${code === "ENOSPC" ? "no space left on the disk" : String(code)}`,
      {
        code: "output",
      },
    );
  }
  return undefined;
}

/** What is shown under a mistake in the command line: the usage of the command, or how to get help. */
async function usageOf(words: readonly string[]): Promise<string | undefined> {
  let route: Group | Leaf = root;
  for (const word of words) {
    if (route.kind !== "group") return undefined;
    const next: Group | Leaf | undefined = route.children[word];
    if (next === undefined) return undefined;
    route = next;
  }
  if (route.kind === "leaf") {
    const { usageText } = await import("./command-help.ts");
    return usageText((await route.load()).default, words);
  }
  return `Run "${["descope", ...words].join(" ")} --help" for usage.`;
}
