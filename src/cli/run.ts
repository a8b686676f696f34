import type { Terminal } from "../command/context.ts";
import type { Environment } from "../config/settings.ts";
import { Failure, UsageFailure } from "../failure.ts";
import { OutputClosed, OutputFailed } from "../output/write.ts";
import { wantsColour, type ColourChoice } from "../output/colour.ts";
import { asksForJson } from "./argv.ts";
import { groupHelp, plain, rootHelp, type Paint } from "./help.ts";
import { resolve, unknownWord } from "./resolve.ts";
import { root, type Group, type Leaf } from "./routes.ts";
import { version } from "./version.ts";

/** What the process gives to a run, and what it takes from it. */
export interface Process {
  readonly environment: Environment;
  readonly terminal: Terminal;
  writeOutput(text: string): Promise<void>;
  writeError(text: string): Promise<void>;
  onInterrupt(cleanUp: () => void): () => void;
  terminalWidth(): number;
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
  try {
    return await dispatch(tokens, process);
  } catch (error) {
    if (error instanceof OutputClosed) return EXIT.done;
    return await fail(error, tokens, process);
  }
}

async function dispatch(tokens: readonly string[], process: Process): Promise<number> {
  const [first] = tokens;
  if (first === "__complete" || first === "__completeNoDesc") {
    const { complete } = await import("./complete.ts");
    const { candidates, remark } = await complete(tokens.slice(1), first === "__complete");
    await process.writeOutput(candidates);
    await process.writeError(remark);
    return EXIT.done;
  }
  if (first === "help") return help(tokens.slice(1), process);
  if (
    (first === "--version" || first === "-v") &&
    tokens.every((token, i) => i === 0 || !token.startsWith("-"))
  ) {
    return showVersion(process);
  }
  const { route, words, rest } = resolve(tokens);
  if (route.kind === "group") return group(route, words, rest, process);
  const { runCommand } = await import("./run-command.ts");
  return runCommand({ leaf: route, words, tokens: rest, process });
}

/** `help [words…]` shows what `words… --help` does. */
async function help(tokens: readonly string[], process: Process): Promise<number> {
  const { route, words, rest } = resolve(tokens.filter((token) => token !== "-h" && token !== "--help"));
  const extra = rest.find((token) => !token.startsWith("-"));
  if (route.kind === "group") {
    if (extra !== undefined) throw unknownWord(extra, route, words);
    return showGroup(route, words, process);
  }
  return showCommand(route, words, process);
}

async function group(
  route: Group,
  words: readonly string[],
  rest: readonly string[],
  process: Process,
): Promise<number> {
  const isRoot = words.length === 0;
  const bare = rest.length === 0;
  if (!bare) {
    const { parseArgv, flagValue } = await import("./argv.ts");
    const { globalFlags, versionFlag } = await import("./globals.ts");
    const { occurrences } = parseArgv(rest, isRoot ? [...globalFlags, versionFlag] : globalFlags, words);
    const given = new Set(
      occurrences.filter((one) => flagValue(one, words) !== false).map(({ flag }) => flag.key),
    );
    if (given.has("version") && !given.has("help")) return showVersion(process);
  }
  return showGroup(route, words, process);
}

async function showVersion(process: Process): Promise<number> {
  await process.writeOutput(`descope version ${version}\n`);
  return EXIT.done;
}

async function showGroup(route: Group, words: readonly string[], process: Process): Promise<number> {
  const paint = await painter(process, "auto");
  await process.writeOutput(route === root ? rootHelp(paint) : groupHelp(route, words, paint));
  return EXIT.done;
}

/** Shows the help of a command. */
export async function showCommand(leaf: Leaf, words: readonly string[], process: Process): Promise<number> {
  const { commandHelp } = await import("./help.ts");
  const { default: declared } = await leaf.load();
  await process.writeOutput(commandHelp(declared, leaf.summary, words, await painter(process, "auto")));
  return EXIT.done;
}

/** Colours for standard output, loaded only where colour is wanted. */
export async function painter(process: Process, choice: ColourChoice): Promise<Paint> {
  if (!wantsColour(choice, process.environment, () => process.terminal.outputIsTerminal)) return plain;
  const { createColors } = await import("picocolors");
  return createColors(true);
}

async function fail(error: unknown, tokens: readonly string[], process: Process): Promise<number> {
  const { bugFailure, failureJson, failureText } = await import("./failure-text.ts");
  const failure = asFailure(error) ?? bugFailure(error, tokens.includes("--debug"));
  try {
    if (asksForJson(tokens) && !(error instanceof OutputFailed)) {
      await process.writeOutput(failureJson(failure));
    } else {
      const usage = failure instanceof UsageFailure ? await usageOf(failure.words) : undefined;
      const colour = wantsColour("auto", process.environment, () => process.terminal.errorIsTerminal);
      const mark = colour ? (await import("picocolors")).createColors(true).red : plain.bold;
      await process.writeError(failureText(failure, usage, mark));
    }
  } catch (second) {
    if (!(second instanceof OutputClosed)) await process.writeError(`* Error: ${failure.message}\n`);
  }
  return EXIT.failed;
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
    const { usageText } = await import("./help.ts");
    return usageText((await route.load()).default, words);
  }
  return `Run "${["descope", ...words].join(" ")} --help" for usage.`;
}
