import { parseArgv } from "./argv.ts";
import { commandFlags } from "./describe.ts";
import { globalFlags, versionFlag } from "./globals.ts";
import { root, type Group, type Leaf } from "./routes.ts";

/** What a shell may do with the candidates: the numbers of cobra, which the scripts know. */
const DIRECTIVE = { default: 0, noFiles: 4 } as const;

/** What is printed for a shell: candidates on standard output, a remark for whoever debugs a script on standard error. */
export interface Completion {
  readonly candidates: string;
  readonly remark: string;
}

/**
 * Completes the last of `words`, the others being those before it. Gives commands for words, flags for what starts with a dash, and
 * leaves arguments to the shell, which knows the names of files. It never looks at the network or the environment.
 */
export async function complete(words: readonly string[], withDescriptions: boolean): Promise<Completion> {
  const partial = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const { route, rest } = walk(before);
  const found: [string, string][] = [];
  let directive: number = DIRECTIVE.default;
  if (partial.startsWith("-") && !before.includes("--")) {
    directive = DIRECTIVE.noFiles;
    const flags = await flagsOf(route);
    const used = new Set(usedFlags(rest, flags));
    for (const { key, long, short, about, deprecated } of flags) {
      if (deprecated !== undefined || used.has(key)) continue;
      if (`--${long}`.startsWith(partial)) found.push([`--${long}`, about]);
      if (short !== undefined && `-${short}`.startsWith(partial)) found.push([`-${short}`, about]);
    }
  } else if (route?.kind === "group") {
    directive = DIRECTIVE.noFiles;
    for (const [name, { summary }] of Object.entries(route.children)) {
      if (name.startsWith(partial)) found.push([name, summary]);
    }
    if (route === root && "help".startsWith(partial)) found.push(["help", "Show the help of a command"]);
  }
  const lines = found.map(([name, about]) => (withDescriptions ? `${name}\t${about}` : name));
  return {
    candidates: [...lines, `:${directive}`, ""].join("\n"),
    remark: `Completion ended with directive: ${directive === 0 ? "ShellCompDirectiveDefault" : "ShellCompDirectiveNoFileComp"}\n`,
  };
}

/** Where the words before the cursor lead; no route where they lead nowhere. `help` completes what it would show. */
function walk(words: readonly string[]): { route: Group | Leaf | undefined; rest: readonly string[] } {
  let route: Group | Leaf | undefined = root;
  const rest: string[] = [];
  for (const [index, word] of words.entries()) {
    if (index === 0 && word === "help") continue;
    if (route?.kind !== "group" || word.startsWith("-")) rest.push(word);
    else route = Object.hasOwn(route.children, word) ? route.children[word] : undefined;
  }
  return { route, rest };
}

async function flagsOf(route: Group | Leaf | undefined) {
  if (route === undefined) return [];
  if (route.kind === "leaf") return [...commandFlags((await route.load()).default), ...globalFlags];
  return route === root ? [...globalFlags, versionFlag] : globalFlags;
}

function usedFlags(tokens: readonly string[], flags: Awaited<ReturnType<typeof flagsOf>>): string[] {
  try {
    return parseArgv(tokens, flags, []).occurrences.map(({ flag }) => flag.key);
  } catch {
    // A line that is still being typed need not be right.
    return [];
  }
}
