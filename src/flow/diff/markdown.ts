import { markdownCode, markdownFence, markdownHtml, markdownText } from "../../output/markdown.ts";
import type { FlowDiff } from "./compare.ts";
import type { Risk } from "./risk.ts";
import { fencedLines, folded, grouped, noiseWords, summaryWords } from "./text.ts";

/** What GitHub takes in one comment is 65,536 characters; this leaves room for what a workflow puts around it. */
export const MARKDOWN_BUDGET = 60_000;

/**
 * A comparison as Markdown for a pull request, of at most `budget` characters. What does not fit is left out in this order, and said
 * to be: texts line by line, the changes of single steps, then all but the risks and the summary.
 */
export function diffMarkdown(diff: FlowDiff, risks: readonly Risk[], budget = MARKDOWN_BUDGET): string {
  const levels = [
    () => document(diff, risks, true, Infinity, ""),
    () =>
      document(
        diff,
        risks,
        false,
        Infinity,
        "Texts and scripts are not shown line by line: there is no room.",
      ),
    ...[200, 50, 10].map(
      (most) => () =>
        document(
          diff,
          risks,
          false,
          most,
          `Only the first ${most} changes of each step are shown: there is no room.`,
        ),
    ),
    () => document(diff, risks, false, 0, "The single changes are not shown: there is no room."),
  ];
  for (const level of levels) {
    const text = level();
    if (text.length <= budget) return text;
  }
  const least = document(
    diff,
    risks.slice(0, 20),
    false,
    0,
    "Single changes and some risks are not shown: there is no room.",
  );
  return least.length <= budget
    ? least
    : `### ${title(diff, 60)}\n\n${summaryWords(diff)}\n`.slice(0, budget);
}

function title({ left, right }: FlowDiff, longest: number): string {
  const name = left.id === right.id ? right.id : `${left.id} -> ${right.id}`;
  return `Flow ${markdownCode(name.length > longest ? `${name.slice(0, longest)}…` : name)}`;
}

function document(
  diff: FlowDiff,
  risks: readonly Risk[],
  withTexts: boolean,
  most: number,
  omitted: string,
): string {
  const out = [`### ${title(diff, 200)}: ${summaryWords(diff).replace(/^No change.*/, "no change")}`];
  if (risks.length > 0) {
    out.push(
      [
        `> [!${risks.some(({ level }) => level === "high") ? "WARNING" : "NOTE"}]`,
        ...risks.map(({ code, text }) => `> **${code}** ${markdownText(text)}  `),
      ].join("\n"),
    );
  }
  if (omitted !== "") out.push(`_${omitted}_`);
  for (const { heading, changes } of most === 0 ? [] : grouped(diff)) {
    const all = folded(diff, changes);
    const shown = all.slice(0, most);
    const more = all.length > shown.length ? [`  ... and ${all.length - shown.length} more`] : [];
    out.push(
      [
        `<details open><summary>${heading === undefined ? "Settings" : markdownHtml(heading)}</summary>`,
        "",
        markdownFence([...fencedLines(shown, withTexts), ...more], "diff"),
        "</details>",
      ].join("\n"),
    );
  }
  if (diff.noise.length > 0) out.push(`Hidden: ${noiseWords(diff)}.`);
  return `${out.join("\n\n")}\n`;
}
