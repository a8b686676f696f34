import { connectionOf, type Command } from "../command/command.ts";
import type { FlagSpec } from "./argv.ts";
import { commandArguments, commandFlags, usageLine } from "./describe.ts";
import { globalFlags, versionFlag } from "./globals.ts";
import { headings, root, type Group } from "./routes.ts";

/** Marks parts of a help text for colour. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

export const plain: Paint = { bold: (text) => text, dim: (text) => text };

/** The help of the root or of a group: made of the route table alone. */
export function groupHelp(group: Group, words: readonly string[], paint: Paint): string {
  const isRoot = words.length === 0;
  const lines = [isRoot ? `${group.summary}.` : `${group.summary}`, ""];
  lines.push(paint.bold("Usage"), `  ${["descope", ...words].join(" ")} <command> [flags]`, "");
  const listed = isRoot ? headings : ([["Commands", Object.keys(group.children)]] as const);
  const width = Math.max(...listed.flatMap(([, names]) => names.map((name) => name.length)));
  for (const [heading, names] of listed) {
    lines.push(paint.bold(heading));
    for (const name of names) {
      const summary = name === "help" ? "Show the help of a command" : (group.children[name]?.summary ?? "");
      lines.push(`  ${name.padEnd(width)}   ${summary}`);
    }
    lines.push("");
  }
  lines.push(paint.bold("Flags"), ...flagTable(isRoot ? [...globalFlags, versionFlag] : globalFlags), "");
  if (isRoot) {
    lines.push(
      paint.bold("Examples"),
      "  descope tenant create Acme --id acme",
      "  descope user create ann@example.com --tenants acme --json",
      "  descope project snapshot export P2abc --path config",
      "  descope emulator exec -- npm test",
      "",
      paint.bold("Environment"),
      "  DESCOPE_MANAGEMENT_KEY and DESCOPE_PROJECT_ID say who you are and where you work.",
      "",
    );
  }
  lines.push(
    `${paint.dim(`Run "${["descope", ...words].join(" ")} <command> --help" for more on a command.`)}`,
    "",
  );
  return lines.join("\n");
}

/** The help of a command: what it does, how it is called, and lines to copy. */
export function commandHelp(
  declared: Command,
  summary: string,
  words: readonly string[],
  paint: Paint,
): string {
  const lines = [`${summary}.`, ""];
  if (declared.description !== undefined) lines.push(declared.description, "");
  lines.push(...usageLines(declared, words, paint));
  lines.push(paint.bold("Examples"), ...declared.examples.map((line) => `  ${line}`), "");
  const kind = connectionOf(declared);
  if (kind === "project") lines.push(paint.dim("Needs DESCOPE_MANAGEMENT_KEY and DESCOPE_PROJECT_ID."), "");
  else if (kind === "named")
    lines.push(
      paint.dim("Needs DESCOPE_MANAGEMENT_KEY where a project is named, and nothing otherwise."),
      "",
    );
  else if (kind !== "none") lines.push(paint.dim("Needs DESCOPE_MANAGEMENT_KEY."), "");
  return lines.join("\n");
}

/** The part of a command's help that is shown under a mistake in its command line. */
export function usageText(declared: Command, words: readonly string[]): string {
  return usageLines(declared, words, plain).join("\n").trimEnd();
}

function usageLines(declared: Command, words: readonly string[], paint: Paint): string[] {
  const lines = [paint.bold("Usage"), `  ${usageLine(words, declared)}`, ""];
  const args = [
    ...commandArguments(declared).map(({ key, about, optional }) => [
      key,
      optional ? `${about} (may be left out)` : about,
    ]),
    ...(declared.rest === undefined ? [] : [[declared.rest.name, declared.rest.about]]),
  ] as [string, string][];
  if (args.length > 0) {
    const width = Math.max(...args.map(([name]) => name.length));
    lines.push(
      paint.bold("Arguments"),
      ...args.map(([name, about]) => `  ${name.padEnd(width)}   ${about}`),
      "",
    );
  }
  const own = commandFlags(declared);
  if (own.length > 0) lines.push(paint.bold("Flags"), ...flagTable(own), "");
  lines.push(paint.bold("Flags of every command"), ...flagTable(globalFlags), "");
  return lines;
}

const TYPE_NAMES = { string: "string", int: "int", list: "strings", bool: "" } as const;

function flagTable(flags: readonly FlagSpec[]): string[] {
  const rows = flags
    .filter(({ deprecated }) => deprecated === undefined)
    .map((flag) => {
      const type = flag.value ?? TYPE_NAMES[flag.kind];
      const short = flag.short === undefined ? "    " : `-${flag.short}, `;
      const left = `${short}--${flag.long}${type === "" ? "" : ` ${type}`}`;
      return {
        left,
        right: flag.default === undefined ? flag.about : `${flag.about} (default ${flag.default})`,
      };
    });
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, right }) => `  ${left.padEnd(width)}   ${right}`);
}

/** The root's help. */
export function rootHelp(paint: Paint): string {
  return groupHelp(root, [], paint);
}
