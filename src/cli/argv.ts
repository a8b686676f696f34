import { UsageFailure } from "../failure.ts";
import { readCsvRecord } from "./csv.ts";
import { parseGoInt } from "./int.ts";
import { suggest } from "./suggest.ts";
import type { FlagInfo } from "../command/flags.ts";

/** A flag as the parser needs it. */
export interface FlagSpec extends FlagInfo {
  readonly key: string;
  readonly long: string;
}

/** One flag on the command line, as it was written. Switches that stand alone have the value "true". */
export interface Occurrence {
  readonly flag: FlagSpec;
  readonly value: string;
}

export interface Parsed {
  readonly occurrences: readonly Occurrence[];
  readonly args: readonly string[];
  /** What stood behind `--`; part of `args` too. */
  readonly afterDashes: readonly string[];
}

/**
 * Splits a command line into flags and arguments by the rules of Go's pflag, which the vendor's command line uses: flags and
 * arguments in any order, `--name value`, `--name=value`, `-x value`, `-xvalue`, `-x=value`, groups of switches, `--` to end the
 * flags, a lone `-` is an argument, and a flag that needs a value takes the next word whatever it is.
 *
 * @throws {UsageFailure} for an unknown flag, or one without its value.
 */
export function parseArgv(
  tokens: readonly string[],
  flags: readonly FlagSpec[],
  words: readonly string[],
): Parsed {
  return scan(tokens, flags, (message, hint) => {
    throw new UsageFailure(message, words, hint);
  });
}

/**
 * What a line says of flags that count also where the line is wrong or not yet whole: the last value of each flag by its key. Tokens
 * that make no sense are passed over.
 */
export function readLeniently(
  tokens: readonly string[],
  flags: readonly FlagSpec[],
): ReadonlyMap<string, string> {
  const { occurrences } = scan(tokens, flags, () => {});
  return new Map(occurrences.map(({ flag, value }) => [flag.key, value]));
}

/** What a word behind `tokens` would be: the value of a flag, or the argument of that number, from 0. */
export function nextWord(tokens: readonly string[], flags: readonly FlagSpec[]): FlagSpec | number {
  // No word of a command line can hold this character.
  const word = "\u0000";
  const { occurrences, args } = scan([...tokens, word], flags, () => {});
  const last = occurrences.at(-1);
  return last?.value === word ? last.flag : args.length - 1;
}

/** Does what {@link parseArgv} says. Where `refuse` comes back, the rest of the token that it was told of is left out. */
function scan(
  tokens: readonly string[],
  flags: readonly FlagSpec[],
  refuse: (message: string, hint?: string) => void,
): Parsed {
  const occurrences: Occurrence[] = [];
  const args: string[] = [];
  const rest = [...tokens];
  const give = (flag: FlagSpec, name: string, value: string | undefined) => {
    if (value === undefined) refuse(`The flag ${name} needs a value`);
    else occurrences.push({ flag, value });
  };
  while (rest.length > 0) {
    const token = rest.shift() as string;
    if (token === "--") return { occurrences, args: [...args, ...rest], afterDashes: rest };
    if (token.startsWith("--")) {
      const equals = token.indexOf("=");
      const name = token.slice(2, equals === -1 ? undefined : equals);
      const flag = flags.find((known) => known.long === name);
      if (name === "" || name.startsWith("-")) refuse(`Bad flag syntax: ${token}`);
      else if (flag === undefined) refuse(`Unknown flag: --${name}`, nearFlag(name, flags));
      else if (equals !== -1) give(flag, `--${name}`, token.slice(equals + 1));
      else give(flag, `--${name}`, flag.kind === "bool" ? "true" : rest.shift());
    } else if (token.startsWith("-") && token.length > 1) {
      for (let group = token.slice(1); group !== "";) {
        const letter = [...group][0] as string;
        const tail = group.slice(letter.length);
        const flag = flags.find((known) => known.short === letter);
        group = "";
        if (flag === undefined) refuseShort(letter, token, flags, refuse);
        else if (tail.length > 1 && tail.startsWith("=")) give(flag, `-${letter}`, tail.slice(1));
        else if (flag.kind === "bool") {
          give(flag, `-${letter}`, "true");
          group = tail;
        } else give(flag, `-${letter}`, tail === "" ? rest.shift() : tail);
      }
    } else args.push(token);
  }
  return { occurrences, args, afterDashes: [] };
}

function refuseShort(
  letter: string,
  token: string,
  flags: readonly FlagSpec[],
  refuse: (message: string, hint?: string) => void,
): void {
  if (token === `-${letter}`) return refuse(`Unknown flag: ${token}`);
  // A long name behind one dash is read as a group of short ones.
  const name = token.slice(1).replace(/=.*$/s, "");
  refuse(`Unknown flag: -${letter} in ${token}`, name.length > 1 ? nearFlag(name, flags) : undefined);
}

function nearFlag(name: string, flags: readonly FlagSpec[]): string | undefined {
  const known = flags.filter(({ deprecated }) => deprecated === undefined).map(({ long }) => long);
  // Two letters are two edits away from any other two.
  const near = suggest(name.replaceAll("_", "-"), known, Math.min(2, name.length - 1)).slice(0, 3);
  return near.length === 0 ? undefined : `Did you mean ${near.map((long) => `--${long}`).join(" or ")}?`;
}

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** What a flag's text means: a switch, a 64-bit number, the items of a list, or the text itself. @throws {UsageFailure} */
export function flagValue(
  { flag, value }: Occurrence,
  words: readonly string[],
): string | boolean | bigint | string[] {
  const refuse = (what: string) => new UsageFailure(`The flag --${flag.long} ${what}`, words);
  switch (flag.kind) {
    case "string":
      return value;
    case "bool":
      if (TRUE.has(value)) return true;
      if (FALSE.has(value)) return false;
      throw refuse("is a switch: give it alone, or with =true or =false");
    case "int": {
      const number = parseGoInt(value);
      if (number === undefined) throw refuse("takes a whole number of at most 64 bits");
      return number;
    }
    case "list": {
      const items = readCsvRecord(value);
      if (items === undefined)
        throw refuse(
          'takes a comma-separated list; a quote in it is not closed or not at an item\'s start (write "a,b",c)',
        );
      return items;
    }
  }
}

/** True unless the text says no in one of the ways that a switch takes. */
export function isYes(text: string | undefined): boolean {
  return text !== undefined && !FALSE.has(text);
}
