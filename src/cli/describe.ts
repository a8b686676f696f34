import { argumentInfo, flagInfo, type FlagSchema } from "../command/flags.ts";
import type { Command } from "../command/command.ts";
import { bool } from "../command/flags.ts";
import type { FlagSpec } from "./argv.ts";
import { globalFlags } from "./globals.ts";

/** An argument of a command, for parsing and help. */
export interface ArgumentSpec {
  readonly key: string;
  readonly about: string;
  readonly optional: boolean;
  readonly choices?: readonly string[];
}

/** The switch that commands which destroy something have beside their own flags. */
const forceFlag = bool("Do not ask", { short: "f" });

/** The flags of a command, its own first, in order of declaration. */
export function commandFlags(declared: Command): FlagSpec[] {
  return Object.entries(flagSchemas(declared)).map(([key, schema]) => ({ key, ...flagInfo(key, schema) }));
}

/** The flags that a command shares with the others. */
export function sharedFlags(declared: Command): readonly FlagSpec[] {
  return declared.json === false ? globalFlags.filter(({ key }) => key !== "json") : globalFlags;
}

/** Every flag that a command takes. */
export function allFlags(declared: Command): FlagSpec[] {
  return [...commandFlags(declared), ...sharedFlags(declared)];
}

/** The schemas of a command's own flags, with `--force` where it asks. */
export function flagSchemas(declared: Command): Record<string, FlagSchema> {
  const own = declared.flags ?? {};
  return declared.confirm === undefined ? own : { ...own, force: forceFlag };
}

export function commandArguments(declared: Command): ArgumentSpec[] {
  return Object.entries(declared.args ?? {}).map(([key, schema]) => {
    return { key, ...argumentInfo(key, schema) };
  });
}

/** `descope user roles set <loginId> [flags]` */
export function usageLine(words: readonly string[], declared: Command): string {
  const args = commandArguments(declared).map(({ key, optional }) => (optional ? `[${key}]` : `<${key}>`));
  const rest = declared.rest === undefined ? [] : [`-- <${declared.rest.name}>...`];
  return ["descope", ...words, ...args, "[flags]", ...rest].join(" ");
}
