import type { Paint } from "../output/line.ts";
import { globalFlags, versionFlag } from "./globals.ts";
import { aligned, flagTable, type Row } from "./help-layout.ts";
import { groupExamples, headings, HELP_SUMMARY, type Group } from "./routes.ts";

/** The help of the root or of a group: made of the route table alone. */
export function groupHelp(group: Group, words: readonly string[], paint: Paint): string {
  const isRoot = words.length === 0;
  const name = ["descope", ...words].join(" ");
  const listed = isRoot ? headings : ([["Commands", Object.keys(group.children)]] as const);
  const width = Math.max(...listed.flatMap(([, names]) => names.map((word) => word.length)));
  const lines = [`${group.summary}.`, "", paint("heading", "Usage"), `  ${name} <command> [flags]`, ""];
  for (const [heading, names] of listed) {
    const rows = names.map((word): Row => [word, group.children[word]?.summary ?? HELP_SUMMARY]);
    lines.push(paint("heading", heading), ...aligned(rows, width), "");
  }
  lines.push(
    paint("heading", "Flags"),
    ...flagTable(isRoot ? [...globalFlags, versionFlag] : globalFlags),
    "",
  );
  const examples = groupExamples[words.join(" ")] ?? [];
  if (examples.length > 0)
    lines.push(paint("heading", "Examples"), ...examples.map((line) => `  ${line}`), "");
  if (isRoot) {
    lines.push(
      paint("heading", "Environment"),
      ...aligned([
        ["DESCOPE_MANAGEMENT_KEY", "Who you are: a management key of your company"],
        ["DESCOPE_PROJECT_ID", "Where you work: the id of a project"],
        ["DESCOPE_BASE_URL", "Another address of the API, such as an emulator's"],
      ]),
      "",
    );
  }
  lines.push(paint("quiet", `Run "${name} <command> --help" for more on a command.`), "");
  return lines.join("\n");
}
