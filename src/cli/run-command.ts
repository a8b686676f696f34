import * as v from "valibot";
import cac from "cac";
import { connectionOf, effectOf, type Command } from "../command/command.ts";
import type { Context, Terminal } from "../command/context.ts";
import type { Result } from "../command/result.ts";
import { connection, DEFAULT_TIMEOUT, parseTimeout, type Connected } from "../config/settings.ts";
import { systemClock } from "../clock.ts";
import { counted } from "../counted.ts";
import { Failure, invalidInput, UsageFailure } from "../failure.ts";
import type { Api, Redactor } from "../api/client.ts";
import type { Effect } from "../api/operation.ts";
import { wantsColour, type ColourChoice } from "../output/colour.ts";
import { Messages } from "../output/messages.ts";
import { render, type Reader } from "../command/render.ts";
import { visible } from "../output/terminal-text.ts";
import { OutputClosed } from "../output/write.ts";
import { showCommand } from "./command-help.ts";
import { colourChoice } from "./globals.ts";
import { flagValue, parseArgv, type Parsed } from "./argv.ts";
import { allFlags, commandArguments, commandFlags, flagSchemas, type ArgumentSpec } from "./describe.ts";
import { EXIT, painter, showTree, type Edge } from "./run.ts";
import type { Leaf } from "./routes.ts";
import { version } from "../version.ts";

/** A command line that has found its command. */
export interface Invocation {
  readonly leaf: Leaf;
  readonly words: readonly string[];
  /** Everything on the line but the words. */
  readonly tokens: readonly string[];
  readonly process: Edge;
}

/** Values that the command's own schemas have checked; the command's declaration knows their types. */
type Values = Record<string, never>;
type FlagValues = Record<string, string | boolean | bigint | string[] | undefined>;

/**
 * Takes a command from its tokens to its exit status, in the order that the vendor's command line has: flags, number of arguments,
 * variables, values, then the work.
 */
export async function runCommand(invocation: Invocation): Promise<number> {
  const { leaf, words, tokens, process } = invocation;
  const { default: declared } = await leaf.load();
  const flags = allFlags(declared);
  const parsed = parseArgv(tokens, flags, words);
  const given = flagValues(parsed, words);
  if (given.help === true) {
    return given.json === true
      ? showTree(leaf, words, process)
      : showCommand(leaf, words, colourChoice(given.color as string | undefined, words), process);
  }
  const globals = readGlobals(given, words, process);
  const messages = new Messages(process.errors, globals);
  for (const { flag } of parsed.occurrences) {
    if (flag.deprecated !== undefined)
      messages.say("warn", `* Warning: the flag --${flag.long} is deprecated: ${flag.deprecated}`);
  }
  let status: number = EXIT.failed;
  await dispatchByCac(declared, words, parsed, async (args) => {
    const connected = connect(declared, args, process);
    const values = checkValues(declared, args, given);
    const context = await createContext(connected, effectOf(declared), globals, messages, process);
    await confirmed(declared, values, context);
    const result = await declared.run(context, values.args, {
      ...values.flags,
      rest: parsed.afterDashes,
    } as never);
    status = await show(result, globals, messages, process);
  });
  return status;
}

/** The meaning of every flag on the line; of a flag that stands twice the last one wins, and lists add up. */
function flagValues(parsed: Parsed, words: readonly string[]): FlagValues {
  const values: FlagValues = {};
  for (const occurrence of parsed.occurrences) {
    const key = occurrence.flag.aliasOf ?? occurrence.flag.key;
    const next = flagValue(occurrence, words);
    const before = values[key];
    values[key] = Array.isArray(next) && Array.isArray(before) ? [...before, ...next] : next;
  }
  return values;
}

interface Globals {
  readonly json: boolean;
  readonly debug: boolean;
  readonly timeout: number;
  readonly colour: ColourChoice;
}

function readGlobals(given: FlagValues, words: readonly string[], process: Edge): Globals {
  return {
    json: given.json === true,
    debug: given.debug === true,
    timeout: timeoutOf(given.timeout as string | undefined, words, process),
    colour: colourChoice(given.color as string | undefined, words),
  };
}

const TIME_WORDS = "Write seconds, or a number with ms, s or m";

/** The flag wins over the variable. */
function timeoutOf(flag: string | undefined, words: readonly string[], process: Edge): number {
  if (flag !== undefined) {
    const timeout = parseTimeout(flag);
    if (timeout === undefined)
      throw new UsageFailure("The flag --timeout takes a time", words, `${TIME_WORDS}: --timeout 90s`);
    return timeout;
  }
  const variable = process.environment.DESCOPE_TIMEOUT ?? "";
  if (variable === "") return DEFAULT_TIMEOUT;
  const timeout = parseTimeout(variable);
  if (timeout === undefined)
    throw new Failure("DESCOPE_TIMEOUT does not hold a time", {
      code: "configuration",
      hint: `${TIME_WORDS}: DESCOPE_TIMEOUT=90s`,
    });
  return timeout;
}

/** Registers the one command with cac, and lets it match, count the arguments and call the action. */
async function dispatchByCac(
  declared: Command,
  words: readonly string[],
  parsed: Parsed,
  action: (args: readonly (string | undefined)[]) => Promise<void>,
): Promise<void> {
  const specs = commandArguments(declared);
  const cli = cac("descope");
  const name = words.join(" ");
  const placeholders = specs.map(({ key, optional }) => (optional ? `[${key}]` : `<${key}>`));
  const rest = declared.rest === undefined ? [] : ["[...rest]"];
  cli
    .command([name, ...placeholders, ...rest].join(" "), "")
    .action((...received: (string | undefined)[]) => action(received.slice(0, specs.length)));
  checkCount(declared, specs, parsed, words);
  // Its own parser turns what looks like a number into one, drops a lone "-" and takes what starts with "-" for a flag.
  Object.assign(cli, { mri: () => ({ args: [name, ...parsed.args], options: { "--": [] } }) });
  cli.parse([], { run: false });
  if (cli.matchedCommand === undefined) throw new Error(`cac did not match ${name}`);
  await cli.runMatchedCommand();
}

function checkCount(
  declared: Command,
  specs: readonly ArgumentSpec[],
  parsed: Parsed,
  words: readonly string[],
): void {
  const count = parsed.args.length;
  const least = specs.filter(({ optional }) => !optional).length;
  const missing = specs[count];
  if (count < least && missing !== undefined)
    throw new UsageFailure(`The argument <${missing.key}> is missing`, words);
  if (declared.rest === undefined && count > specs.length) {
    const wanted = specs.length === 0 ? "takes no arguments" : `takes ${counted(specs.length, "argument")}`;
    throw new UsageFailure(`"descope ${words.join(" ")}" ${wanted}, not ${count}`, words);
  }
}

function connect(
  declared: Command,
  args: readonly (string | undefined)[],
  process: Edge,
): Connected | undefined {
  const kind = connectionOf(declared);
  return kind === "none" || kind === "named" ? undefined : connection(kind, process.environment, args[0]);
}

/** Checks the values of arguments and flags against the command's schemas. The message names the place, never the value. */
function checkValues(declared: Command, args: readonly (string | undefined)[], flags: FlagValues) {
  const checkedArgs: Record<string, unknown> = {};
  for (const [index, [key, schema]] of Object.entries(declared.args ?? {}).entries()) {
    checkedArgs[key] = checkOne(schema, args[index], `<${key}>`);
  }
  const checkedFlags: Record<string, unknown> = {};
  const specs = commandFlags(declared);
  for (const [key, schema] of Object.entries(flagSchemas(declared))) {
    const name = specs.find((spec) => spec.key === key)?.long ?? key;
    checkedFlags[key] = checkOne(schema, flags[key], `--${name}`);
  }
  return { args: checkedArgs as Values, flags: checkedFlags as Values };
}

function checkOne(schema: v.GenericSchema, input: unknown, place: string): unknown {
  const checked = v.safeParse(schema, input);
  if (checked.success) return checked.output;
  const issue = checked.issues[0];
  // A choice says what it expects as `("email" | "sms")`.
  const choices = issue.expected
    ?.replace(/["()]/g, "")
    .split(" | ")
    .join(", ")
    .replace(/, (?=[^,]*$)/, " or ");
  throw invalidInput(`${place} ${issue.kind === "schema" ? `must be ${choices}` : issue.message}`);
}

async function createContext(
  connected: Connected | undefined,
  limit: Effect,
  globals: Globals,
  messages: Messages,
  process: Edge,
): Promise<Context> {
  const connectApi = apiConnector(globals, messages);
  return {
    api: connected === undefined ? unconnected : await connectApi(connected, limit),
    connect: (id, atMost) => connectApi(connection("argument", process.environment, id), atMost ?? limit),
    project: connected?.credentials.project ?? "",
    async files() {
      // Each file is written without a pause, so that a signal which is noticed at all is noticed when it is whole.
      process.onInterrupt(() => {});
      const { localFiles } = await import("../files/local.ts");
      const { interruptible } = await import("../files/interruptible.ts");
      return interruptible(localFiles, (cleanUp) => process.onInterrupt(cleanUp));
    },
    timeout: globals.timeout,
    environment: process.environment,
    terminal: orderly(process, globals),
    clock: systemClock,
    json: globals.json,
    print: (line) => process.writeOutput(`${line}\n`),
    async runProgram(words, environment) {
      // The other program writes to the same streams.
      await process.errors.settle();
      return process.runProgram(words, environment);
    },
    note: (line, always) => messages.say(always === "always" ? "warn" : "info", line),
    progress: (label) => (globals.json ? silent : process.errors.progress(label)),
    onInterrupt: (cleanUp) =>
      process.onInterrupt(() => {
        cleanUp();
        // What it said is still on its way.
        return process.errors.settle();
      }),
  };
}

const silent = { update() {}, stop() {} };

/** The terminal, with questions that come behind all that was said before them. */
function orderly({ terminal, errors, environment }: Edge, { colour }: Globals): Terminal {
  const coloured = () => wantsColour(colour, environment, () => terminal.errorIsTerminal);
  const inTurn = async <T>(ask: () => Promise<T>): Promise<T> => {
    await errors.settle();
    return ask();
  };
  return {
    get inputIsTerminal() {
      return terminal.inputIsTerminal;
    },
    get outputIsTerminal() {
      return terminal.outputIsTerminal;
    },
    get errorIsTerminal() {
      return terminal.errorIsTerminal;
    },
    readInput: () => terminal.readInput(),
    readLine: () => terminal.readLine(),
    ask: (question) => inTurn(() => terminal.ask(question)),
    confirm: (question) => inTurn(() => terminal.confirm(question, coloured())),
    askSecret: (question) => inTurn(() => terminal.askSecret(question, coloured())),
  };
}

const unconnected: Api = {
  call: () => Promise.reject(new Error("this command declares no connection")),
  exchange: () => Promise.reject(new Error("this command declares no connection")),
  receive: () => Promise.reject(new Error("this command declares no connection")),
  keepSecret() {},
};

/**
 * Makes the API clients of one run. They share what must not be shown, so that a secret which one project sent is masked in what is
 * shown of another.
 */
function apiConnector(
  globals: Globals,
  messages: Messages,
): (connected: Connected, limit: Effect) => Promise<Api> {
  let redactor: Redactor | undefined;
  let warned = false;
  return async (connected, limit) => {
    if (connected.insecure && !warned) {
      warned = true;
      messages.say(
        "warn",
        "* Warning: DESCOPE_INSECURE_SKIP_VERIFY=1: the server's certificate is NOT verified, anybody may read the key",
      );
    }
    const { connect: connectApi, Redactor } = await import("../api/client.ts");
    redactor ??= new Redactor();
    redactor.add(connected.credentials.key);
    return connectApi(
      {
        ...connected,
        timeout: globals.timeout,
        userAgent: `descope/${version}`,
        clock: systemClock,
        redactor,
        debug: globals.debug ? (line) => messages.say("debug", visible(line)) : undefined,
      },
      limit,
    );
  };
}

/** Asks before something is destroyed: only where somebody sits at a terminal and has not said yes already. */
async function confirmed(
  declared: Command,
  values: { args: Values; flags: Values },
  context: Context,
): Promise<void> {
  if (declared.confirm === undefined || (values.flags.force as boolean | undefined) === true || context.json)
    return;
  if (!context.terminal.inputIsTerminal || !context.terminal.errorIsTerminal) return;
  if (await context.terminal.confirm(visible(declared.confirm(values.args, values.flags)))) return;
  throw new Failure("Not confirmed: nothing was done", { code: "not_confirmed" });
}

async function show(result: Result, globals: Globals, messages: Messages, process: Edge): Promise<number> {
  if (result.kind === "ended") {
    await process.errors.settle();
    if ("signal" in result.how) process.dieOf(result.how.signal);
    return "status" in result.how ? result.how.status : EXIT.failed;
  }
  try {
    await process.writeOutput(render(result, await readerOf(globals, process)));
  } catch (error) {
    // Whoever looks no further has still asked for the answer.
    if (!(error instanceof OutputClosed)) throw error;
  }
  if (result.kind === "list" && result.more !== undefined) messages.say("info", `* ${result.more}`);
  if (result.kind === "report") return { yes: EXIT.done, no: EXIT.no, failed: EXIT.failed }[result.answer];
  return result.kind === "no" ? EXIT.no : EXIT.done;
}

async function readerOf(globals: Globals, process: Edge): Promise<Reader> {
  if (globals.json) return { kind: "json" };
  const { outputIsTerminal } = process.terminal;
  const paint = await painter(process, globals.colour);
  if (!outputIsTerminal) return { kind: "pipe", paint };
  const style = {
    heading: (text: string) => paint("heading", text),
    label: (text: string) => paint("quiet", text),
    width: process.terminalWidth("output"),
  };
  return { kind: "terminal", style, paint };
}
