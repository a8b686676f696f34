import { UsageFailure } from "../failure.ts";
import { isGlobalSwitch } from "./globals.ts";
import { root, type Group, type Leaf } from "./routes.ts";
import { suggest } from "./suggest.ts";

/** Where a command line leads. */
export interface Resolved {
  readonly route: Group | Leaf;
  /** The words that led there. */
  readonly words: readonly string[];
  /** All other tokens, in order. */
  readonly rest: readonly string[];
}

/**
 * Walks the words of a command line down the route table. Flags may stand before and between the words; a flag that is not one of
 * the program's own switches and has no `=` is taken to be followed by its value.
 *
 * @throws {UsageFailure} for a word that the tree does not have there, with those that are near.
 */
export function resolve(tokens: readonly string[]): Resolved {
  let route: Group | Leaf = root;
  const words: string[] = [];
  const rest: string[] = [];
  let i = 0;
  for (; i < tokens.length && route.kind === "group"; i++) {
    const token = tokens[i] as string;
    if (token === "--") {
      const next = tokens[i + 1];
      if (next !== undefined) throw unknownWord(next, route, words);
      break;
    }
    if (token.startsWith("-") && token.length > 1) {
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
    if (next === undefined) throw unknownWord(token, route, words);
    words.push(token);
    route = next;
  }
  return { route, words, rest: [...rest, ...tokens.slice(i)] };
}

/** The error for a word that does not exist, with suggestions. */
export function unknownWord(typed: string, group: Group, words: readonly string[]): UsageFailure {
  const near = suggest(typed, [...Object.keys(group.children), ...(words.length === 0 ? ["help"] : [])]);
  const where = ["descope", ...words].join(" ");
  const hint =
    near.length > 0
      ? `Did you mean ${near.map((word) => `"${[...words, word].join(" ")}"`).join(" or ")}?`
      : `Run "${where} --help" for what there is.`;
  return new UsageFailure(`Unknown command "${typed}" for "${where}"`, words, hint);
}
