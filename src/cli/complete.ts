import { nextWord, readLeniently, type FlagSpec } from "./argv.ts";
import { globalFlags, versionFlag } from "./globals.ts";
import { resolve, type Resolved } from "./resolve.ts";
import { HELP_SUMMARY, type Group, type Leaf } from "./routes.ts";

/** What a shell may do with the candidates: the numbers of cobra, which the scripts know. */
const DIRECTIVE = { default: 0, noFiles: 4 } as const;

/** What is printed for a shell: candidates on standard output, a remark for whoever debugs a script on standard error. */
export interface Completion {
  readonly candidates: string;
  readonly remark: string;
}

/** A word or flag that may stand at the cursor, and what is said about it. */
type Candidate = readonly [name: string, about: string];

/**
 * Completes the last of `words`, the others being those before it. Gives commands for words, flags for what starts with a dash, the
 * few texts that a flag or argument takes, and leaves other arguments and values to the shell, which knows the names of files. It
 * never looks at the network or the environment.
 */
export async function complete(words: readonly string[], withDescriptions: boolean): Promise<Completion> {
  const partial = words.at(-1) ?? "";
  const found = await candidates(words.slice(0, -1), partial);
  const directive = found === undefined ? DIRECTIVE.default : DIRECTIVE.noFiles;
  const lines = (found ?? [])
    .filter(([name]) => name.startsWith(partial))
    .map(([name, about]) => (withDescriptions && about !== "" ? `${name}\t${about}` : name));
  return {
    candidates: [...lines, `:${directive}`, ""].join("\n"),
    remark: `Completion ended with directive: ${directive === DIRECTIVE.default ? "ShellCompDirectiveDefault" : "ShellCompDirectiveNoFileComp"}\n`,
  };
}

/** What may stand behind some words; undefined where that is an argument or a value, which may be the name of a file. */
async function candidates(before: readonly string[], partial: string): Promise<Candidate[] | undefined> {
  const led = lead(before);
  if (led === undefined) return undefined;
  const flags = await flagsOf(led.help ? undefined : led.route, led.words.length === 0);
  const next = nextWord(led.rest, flags);
  if (typeof next !== "number") return choices(next.choices);
  if (partial.startsWith("-") && !before.includes("--")) {
    const equals = partial.indexOf("=");
    if (equals === -1) return flagCandidates(led, flags);
    const named = flags.find(({ long }) => partial.slice(0, equals) === `--${long}`);
    return choices(named?.choices, partial.slice(0, equals + 1));
  }
  if (led.route.kind === "leaf") return led.help ? [] : choices(await argumentChoices(led.route, next));
  const words = Object.entries(led.route.children).map(([name, { summary }]): Candidate => [name, summary]);
  return led.words.length > 0 || led.help ? words : [...words, ["help", HELP_SUMMARY]];
}

/** The only texts that may stand there; undefined where it may be any. */
function choices(texts: readonly string[] | undefined, before = ""): Candidate[] | undefined {
  return texts?.map((text) => [before + text, ""]);
}

async function argumentChoices(leaf: Leaf, index: number): Promise<readonly string[] | undefined> {
  const { commandArguments } = await import("./describe.ts");
  return commandArguments((await leaf.load()).default)[index]?.choices;
}

function flagCandidates({ rest }: Resolved, flags: readonly FlagSpec[]): Candidate[] {
  const used = readLeniently(rest, flags);
  return (
    flags
      // A list may be given again: its items add up.
      .filter(({ key, kind, deprecated }) => deprecated === undefined && (kind === "list" || !used.has(key)))
      .flatMap(({ long, short, about }): Candidate[] => {
        return [[`--${long}`, about], ...(short === undefined ? [] : [[`-${short}`, about] as const])];
      })
  );
}

/** Where the words before the cursor lead; undefined where they lead nowhere. */
function lead(words: readonly string[]): Resolved | undefined {
  try {
    return resolve(words);
  } catch {
    return undefined;
  }
}

async function flagsOf(route: Group | Leaf | undefined, isRoot: boolean): Promise<readonly FlagSpec[]> {
  if (route?.kind === "leaf") {
    const { allFlags } = await import("./describe.ts");
    return allFlags((await route.load()).default);
  }
  return isRoot && route !== undefined ? [...globalFlags, versionFlag] : globalFlags;
}
