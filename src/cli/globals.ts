import type { FlagSpec } from "./argv.ts";

/** Flags that every command takes, before or behind its words. */
export const globalFlags: readonly FlagSpec[] = [
  { key: "json", long: "json", short: "j", kind: "bool", about: "Print one JSON document" },
  {
    key: "timeout",
    long: "timeout",
    kind: "string",
    value: "time",
    about: "How long a call may take, with repeats (default 60s)",
  },
  {
    key: "debug",
    long: "debug",
    kind: "bool",
    about: "Show requests and replies on standard error, secrets masked",
  },
  { key: "color", long: "color", kind: "string", value: "when", about: "Colour: auto, always or never" },
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

/** True for a token that is one of the program's own switches, alone, so that the next word is not its value. */
export function isGlobalSwitch(token: string): boolean {
  return [...globalFlags, versionFlag].some((flag) => {
    return (
      flag.kind === "bool" &&
      (token === `--${flag.long}` || (flag.short !== undefined && token === `-${flag.short}`))
    );
  });
}
