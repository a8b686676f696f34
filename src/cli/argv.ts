import { UsageFailure } from "../failure.ts";
import { readCsvRecord } from "./csv.ts";
import { parseGoInt } from "./int.ts";
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
  const occurrences: Occurrence[] = [];
  const args: string[] = [];
  const rest = [...tokens];
  const fail = (message: string, hint?: string) => new UsageFailure(message, words, hint);
  const next = (name: string): string => {
    const following = rest.shift();
    if (following === undefined) throw fail(`The flag ${name} needs a value`);
    return following;
  };
  while (rest.length > 0) {
    const token = rest.shift() as string;
    if (token === "--") {
      return { occurrences, args: [...args, ...rest], afterDashes: rest };
    }
    if (token.startsWith("--")) {
      const equals = token.indexOf("=");
      const name = token.slice(2, equals === -1 ? undefined : equals);
      if (name === "" || name.startsWith("-")) throw fail(`Bad flag syntax: ${token}`);
      const flag = flags.find((known) => known.long === name);
      if (flag === undefined) throw fail(`Unknown flag: --${name}`, nearFlag(name, flags));
      if (equals !== -1) occurrences.push({ flag, value: token.slice(equals + 1) });
      else occurrences.push({ flag, value: flag.kind === "bool" ? "true" : next(`--${name}`) });
    } else if (token.startsWith("-") && token.length > 1) {
      let group = token.slice(1);
      while (group.length > 0) {
        const letter = [...group][0] as string;
        const flag = flags.find((known) => known.short === letter);
        if (flag === undefined)
          throw fail(`Unknown flag: -${letter}${token.length > 2 ? ` in ${token}` : ""}`);
        const tail = group.slice(letter.length);
        if (tail.length > 1 && tail.startsWith("=")) {
          occurrences.push({ flag, value: tail.slice(1) });
          group = "";
        } else if (flag.kind === "bool") {
          occurrences.push({ flag, value: "true" });
          group = tail;
        } else {
          occurrences.push({ flag, value: tail.length > 0 ? tail : next(`-${letter}`) });
          group = "";
        }
      }
    } else args.push(token);
  }
  return { occurrences, args, afterDashes: [] };
}

function nearFlag(name: string, flags: readonly FlagSpec[]): string | undefined {
  const near = flags.find(({ long, deprecated }) => {
    return (
      deprecated === undefined &&
      (long.startsWith(name) || long.toLowerCase() === name.toLowerCase().replaceAll("_", "-"))
    );
  });
  return near === undefined ? undefined : `Did you mean --${near.long}?`;
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

/** True when `--json` or `-j` stands on a line that could not be parsed, so that its error is JSON all the same. */
export function asksForJson(tokens: readonly string[]): boolean {
  for (const token of tokens) {
    if (token === "--") return false;
    if (/^--json(=(1|t|T|TRUE|true|True))?$/.test(token) || /^-j[A-Za-z]*$/.test(token)) return true;
  }
  return false;
}
