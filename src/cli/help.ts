import type { Paint } from "../output/colour.ts";
import { globalFlags, versionFlag } from "./globals.ts";
import { aligned, flagTable, type Row } from "./help-layout.ts";
import { groupExamples, headings, HELP_SUMMARY, type Group } from "./routes.ts";

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
