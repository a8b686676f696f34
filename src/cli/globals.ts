import { UsageFailure } from "../failure.ts";
import type { ColourChoice } from "../output/colour.ts";
import type { FlagSpec } from "./argv.ts";

const jsonFlag: FlagSpec = {
  key: "json",
  long: "json",
  short: "j",
  kind: "bool",
  about: "Print one JSON document",
};

/** Flags that every command takes, before or behind its words. */
export const globalFlags: readonly FlagSpec[] = [
  jsonFlag,
  {
    key: "timeout",
    long: "timeout",
    kind: "string",
    value: "time",
    about: "How long a call may take, with its repeats",
    default: "60s",
  },
  {
    key: "debug",
    long: "debug",
    kind: "bool",
    about: "Show requests and replies on stderr, secrets masked",
  },
  {
    key: "color",
    long: "color",
    kind: "string",
    value: "when",
    about: "When to colour: auto, always or never",
    choices: ["auto", "always", "never"],
    default: "auto",
  },
  { key: "help", long: "help", short: "h", kind: "bool", about: "Show help" },
];

/** The root's own. */
export const versionFlag: FlagSpec = {
  key: "version",
  long: "version",
  short: "v",
  kind: "bool",
  about: "Show the version",
};

/** True for a token that asks for the version, alone. */
export function isVersionSwitch(token: string): boolean {
  return token === `--${versionFlag.long}` || token === `-${versionFlag.short}`;
}

/** True for a token that is one of the program's own switches, alone, so that the next word is not its value. */
export function isGlobalSwitch(token: string): boolean {
  return [...globalFlags, versionFlag].some((flag) => {
    return (
      flag.kind === "bool" &&
      (token === `--${flag.long}` || (flag.short !== undefined && token === `-${flag.short}`))
    );
  });
}

export function isColourChoice(text: string | undefined): text is ColourChoice {
  return text === "auto" || text === "always" || text === "never";
}

/** What `--color` says; "auto" where it is not given. @throws {UsageFailure} */
export function colourChoice(given: string | undefined, words: readonly string[]): ColourChoice {
  if (given === undefined) return "auto";
  if (isColourChoice(given)) return given;
  throw new UsageFailure("--color takes auto, always or never", words);
}
