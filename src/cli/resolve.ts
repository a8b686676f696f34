import { UsageFailure } from "../failure.ts";
import { isGlobalSwitch, isVersionSwitch } from "./globals.ts";
import { root, type Group, type Leaf } from "./routes.ts";
import { suggestCommand } from "./suggest.ts";

/** Where a command line leads. */
export interface Resolved {
  readonly route: Group | Leaf;
  /** The words that led there. */
  readonly words: readonly string[];
  /** All other tokens, in order. */
  readonly rest: readonly string[];
  /** True when the word `help` stood on the way: what is found is to be explained, not done. */
  readonly help: boolean;
}

/**
 * Walks the words of a command line down the route table. Flags may stand before and between the words; a flag that is not one of
 * the program's own switches and has no `=` is taken to be followed by its value. A version that is asked for before the first word
 * ends the walk.
 *
 * @throws {UsageFailure} for a word that the tree does not have there, with those that are near.
 */
export function resolve(tokens: readonly string[]): Resolved {
  let route: Group | Leaf = root;
  const words: string[] = [];
  const rest: string[] = [];
  let help = false;
  let i = 0;
  for (; i < tokens.length && route.kind === "group"; i++) {
    const token = tokens[i] as string;
    if (token === "--") {
      const next = tokens[i + 1];
      if (next !== undefined) throw unknownWord(next, route, words);
      break;
    }
    if (token.startsWith("-") && token.length > 1) {
      if (words.length === 0 && !help && isVersionSwitch(token)) break;
      rest.push(token);
      const takesNext =
        !token.includes("=") && !isGlobalSwitch(token) && (token.startsWith("--") || token.length === 2);
      const value = tokens[i + 1];
      if (takesNext && value !== undefined && value !== "--") {
        rest.push(value);
        i++;
      }
      continue;
    }
    const next: Group | Leaf | undefined = Object.hasOwn(route.children, token)
      ? route.children[token]
      : undefined;
    if (next !== undefined) {
      words.push(token);
      route = next;
    } else if (token === "help" && (!help || words.length === 0)) help = true;
    else throw unknownWord(token, route, words);
  }
  return { route, words, rest: [...rest, ...tokens.slice(i)], help };
}

/** The error for a word that does not exist, with those that may have been meant or else all that there are. */
function unknownWord(typed: string, group: Group, words: readonly string[]): UsageFailure {
  const known = [...Object.keys(group.children), ...(words.length === 0 ? ["help"] : [])];
  const near = suggestCommand(typed, known);
  const hint =
    near.length > 0
      ? `Did you mean ${near.map((word) => `"${[...words, word].join(" ")}"`).join(" or ")}?`
      : known.length === 1
        ? `Its only command is ${known[0]}.`
        : `Its commands are ${known.slice(0, -1).join(", ")} and ${known.at(-1)}.`;
  return new UsageFailure(`Unknown command "${typed}" for "${["descope", ...words].join(" ")}"`, words, hint);
}
