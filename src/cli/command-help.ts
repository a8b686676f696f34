import { connectionOf, type Command } from "../command/command.ts";
import type { ColourChoice } from "../output/colour.ts";
import { unpainted, type Paint } from "../output/line.ts";
import type { FlagSpec } from "./argv.ts";
import { commandArguments, commandFlags, sharedFlags, usageLine } from "./describe.ts";
import { aligned, flagTable, WIDTH, type Row } from "./help-layout.ts";
import type { Leaf } from "./routes.ts";
import { EXIT, painter, type Edge } from "./run.ts";
import { wrap } from "./wrap.ts";

/** Shows the help of a command. */
export async function showCommand(
  leaf: Leaf,
  words: readonly string[],
  colour: ColourChoice,
  process: Edge,
): Promise<number> {
  const { default: declared } = await leaf.load();
  await process.writeOutput(commandHelp(declared, leaf.summary, words, await painter(process, colour)));
  return EXIT.done;
}

/** The help of a command: what it does, how it is called, and lines to copy. */
function commandHelp(declared: Command, summary: string, words: readonly string[], paint: Paint): string {
  const lines = [`${summary}.`, ""];
  if (declared.description !== undefined) lines.push(...wrap(declared.description, WIDTH), "");
  if (declared.confirm !== undefined) lines.push(...wrap(CONFIRM_NOTE, WIDTH), "");
  lines.push(...usageLines(declared, words, paint));
  lines.push(paint("heading", "Examples"), ...declared.examples.map((line) => `  ${line}`), "");
  const needs = NEEDS[connectionOf(declared)];
  if (needs !== undefined) lines.push(paint("quiet", needs), "");
  return lines.join("\n");
}

const CONFIRM_NOTE = "On a terminal it asks first; in scripts, with --json and with --force it does not.";

const NEEDS = {
  project: "Needs DESCOPE_MANAGEMENT_KEY and DESCOPE_PROJECT_ID.",
  argument: "Needs DESCOPE_MANAGEMENT_KEY.",
  company: "Needs DESCOPE_MANAGEMENT_KEY.",
  named: "Needs DESCOPE_MANAGEMENT_KEY where a project is named, and nothing otherwise.",
  none: undefined,
} as const;

/** How values are written that are not just a text. */
function flagNotes(flags: readonly FlagSpec[]): string[] {
  const has = (kind: FlagSpec["kind"]) =>
    flags.some((flag) => flag.kind === kind && flag.deprecated === undefined);
  const notes = [
    ...(has("list") ? [LIST_NOTE] : []),
    ...(has("int") ? ["Numbers may be written in other bases: 0x10 is 16, 0b11 is 3 and 010 is 8."] : []),
  ];
  return notes.length === 0 ? [] : [...notes.flatMap((note) => wrap(note, WIDTH)), ""];
}

const LIST_NOTE =
  "Lists are separated by commas, and their flags may be given again; quotes hold an item together: '\"a,b\",c' is two.";

/** The part of a command's help that is shown under a mistake in its command line. */
export function usageText(declared: Command, words: readonly string[]): string {
  return usageLines(declared, words, unpainted).join("\n").trimEnd();
}

function usageLines(declared: Command, words: readonly string[], paint: Paint): string[] {
  const lines = [paint("heading", "Usage"), `  ${usageLine(words, declared)}`, ""];
  const args = commandArguments(declared).map(({ key, about }): Row => [key, about]);
  if (declared.rest !== undefined) args.push([declared.rest.name, declared.rest.about]);
  if (args.length > 0) lines.push(paint("heading", "Arguments"), ...aligned(args), "");
  const own = commandFlags(declared);
  if (own.length > 0) lines.push(paint("heading", "Flags"), ...flagTable(own), "", ...flagNotes(own));
  lines.push(paint("heading", "Flags of every command"), ...flagTable(sharedFlags(declared)), "");
  return lines;
}
