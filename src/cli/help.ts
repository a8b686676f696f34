import { connectionOf, type Command } from "../command/command.ts";
import type { FlagSpec } from "./argv.ts";
import { commandArguments, commandFlags, sharedFlags, usageLine } from "./describe.ts";
import { globalFlags, versionFlag } from "./globals.ts";
import { groupExamples, headings, type Group } from "./routes.ts";
import { wrap } from "./wrap.ts";

/** Marks parts of a help text for colour. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

export const plain: Paint = { bold: (text) => text, dim: (text) => text };

/** Help is read more easily in lines that are not too long, however wide the terminal. */
const PROSE = 80;
const WIDEST = 100;

/** The help of the root or of a group: made of the route table alone. */
export function groupHelp(group: Group, words: readonly string[], paint: Paint): string {
  const isRoot = words.length === 0;
  const name = ["descope", ...words].join(" ");
  const listed = isRoot ? headings : ([["Commands", Object.keys(group.children)]] as const);
  const width = Math.max(...listed.flatMap(([, names]) => names.map((word) => word.length)));
  const lines = [`${group.summary}.`, "", paint.bold("Usage"), `  ${name} <command> [flags]`, ""];
  for (const [heading, names] of listed) {
    const rows = names.map((word): Row => [word, group.children[word]?.summary ?? HELP_SUMMARY]);
    lines.push(paint.bold(heading), ...aligned(rows, width), "");
  }
  lines.push(paint.bold("Flags"), ...flagTable(isRoot ? [...globalFlags, versionFlag] : globalFlags), "");
  const examples = groupExamples[words.join(" ")] ?? [];
  if (examples.length > 0) lines.push(paint.bold("Examples"), ...examples.map((line) => `  ${line}`), "");
  if (isRoot) {
    lines.push(
      paint.bold("Environment"),
      ...aligned([
        ["DESCOPE_MANAGEMENT_KEY", "Who you are: a management key of your company"],
        ["DESCOPE_PROJECT_ID", "Where you work: the id of a project"],
        ["DESCOPE_BASE_URL", "Another address of the API, such as an emulator's"],
      ]),
      "",
    );
  }
  lines.push(paint.dim(`Run "${name} <command> --help" for more on a command.`), "");
  return lines.join("\n");
}

/** What `help` does, which is no command of the route table. */
export const HELP_SUMMARY = "Show the help of a command";

/** The help of a command: what it does, how it is called, and lines to copy. */
export function commandHelp(
  declared: Command,
  summary: string,
  words: readonly string[],
  paint: Paint,
): string {
  const lines = [`${summary}.`, ""];
  if (declared.description !== undefined) lines.push(...wrap(declared.description, PROSE), "");
  if (declared.confirm !== undefined)
    lines.push("On a terminal it asks first; in scripts, with --json and with --force it does not.", "");
  lines.push(...usageLines(declared, words, paint));
  lines.push(paint.bold("Examples"), ...declared.examples.map((line) => `  ${line}`), "");
  const needs = NEEDS[connectionOf(declared)];
  if (needs !== undefined) lines.push(paint.dim(needs), "");
  return lines.join("\n");
}

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
  return notes.length === 0 ? [] : [...notes.flatMap((note) => wrap(note, PROSE)), ""];
}

const LIST_NOTE =
  "Lists are separated by commas, and their flags may be given again; quotes hold an item together: '\"a,b\",c' is two.";

/** The part of a command's help that is shown under a mistake in its command line. */
export function usageText(declared: Command, words: readonly string[]): string {
  return usageLines(declared, words, plain).join("\n").trimEnd();
}

function usageLines(declared: Command, words: readonly string[], paint: Paint): string[] {
  const lines = [paint.bold("Usage"), `  ${usageLine(words, declared)}`, ""];
  const args = commandArguments(declared).map(({ key, about }): Row => [key, about]);
  if (declared.rest !== undefined) args.push([declared.rest.name, declared.rest.about]);
  if (args.length > 0) lines.push(paint.bold("Arguments"), ...aligned(args), "");
  const own = commandFlags(declared);
  if (own.length > 0) lines.push(paint.bold("Flags"), ...flagTable(own), "", ...flagNotes(own));
  lines.push(paint.bold("Flags of every command"), ...flagTable(sharedFlags(declared)), "");
  return lines;
}

const TYPE_NAMES = { string: "string", int: "int", list: "strings", bool: "" } as const;

function flagTable(flags: readonly FlagSpec[]): string[] {
  return aligned(
    flags
      .filter(({ deprecated }) => deprecated === undefined)
      .map((flag): Row => {
        const type = flag.value ?? TYPE_NAMES[flag.kind];
        const short = flag.short === undefined ? "    " : `-${flag.short}, `;
        const about = flag.default === undefined ? flag.about : `${flag.about} (default ${flag.default})`;
        return [`${short}--${flag.long}${type === "" ? "" : ` ${type}`}`, about];
      }),
  );
}

type Row = readonly [name: string, about: string];

/** Names with what is said about them beside them, indented. */
function aligned(rows: readonly Row[], width = Math.max(...rows.map(([name]) => name.length))): string[] {
  return rows.flatMap(([name, about]) => {
    const [first = "", ...more] = wrap(about, WIDEST - width - 5);
    return [`  ${name.padEnd(width)}   ${first}`, ...more.map((line) => " ".repeat(width + 5) + line)];
  });
}
