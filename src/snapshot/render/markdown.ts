import { counted } from "../../counted.ts";
import { markdownCode, markdownFence, markdownHtml, markdownText } from "../../output/markdown.ts";
import type { Comparison } from "../diff/compare-sides.ts";
import type { Plan } from "../plan/plan.ts";
import { comparisonSummary, differenceViews } from "./diff-text.ts";
import { applyCommand, planView, type PlanView } from "./plan-view.ts";
import { sections, type EntityView, type Row } from "./view.ts";

/** How much is told. The first level tells all; each next one leaves something out. */
export interface Level {
  readonly noise: boolean;
  readonly texts: boolean;
  /** Most lines of details for an entity; 0 leaves the details out. */
  readonly rows: number;
  /** False puts counts in the place of the table; deletes are listed all the same. */
  readonly table: boolean;
  /** Most risks, blocks and deletes that are told one by one, and most characters of each. */
  readonly most: number;
  readonly width: number;
  readonly omitted: string;
}

const ALL = 1_000_000;

const LEVELS: readonly Level[] = [
  { noise: true, texts: true, rows: ALL, table: true, most: ALL, width: 2_000, omitted: "" },
  {
    noise: false,
    texts: true,
    rows: ALL,
    table: true,
    most: ALL,
    width: 2_000,
    omitted: "the hidden differences",
  },
  {
    noise: false,
    texts: false,
    rows: ALL,
    table: true,
    most: ALL,
    width: 1_000,
    omitted: "texts line by line",
  },
  ...[100, 20].map((rows) => ({
    noise: false,
    texts: false,
    rows,
    table: true,
    most: ALL,
    width: 500,
    omitted: `texts line by line, and all but the first ${rows} lines of each change`,
  })),
  {
    noise: false,
    texts: false,
    rows: 0,
    table: true,
    most: ALL,
    width: 300,
    omitted: "the details of each change",
  },
  {
    noise: false,
    texts: false,
    rows: 0,
    table: false,
    most: ALL,
    width: 200,
    omitted: "what changes, one by one",
  },
  ...[100, 20, 3].map((most) => ({
    noise: false,
    texts: false,
    rows: 0,
    table: false,
    most,
    width: 40,
    omitted: `what changes, one by one, and all but the first ${most} risks and deletes`,
  })),
];

/** The first level that fits; what no level can make fit ends at a line's end, and says so. */
export function fitting(budget: number, write: (level: Level) => string): string {
  for (const level of LEVELS) {
    const text = write(level);
    if (text.length <= budget) return text;
  }
  throw new Error("the smallest form does not fit: budgets have a minimum");
}

/**
 * A plan as Markdown for a pull request, of at most `budget` characters (5,000 or more). Risks, deletes, the summary and the
 * fingerprint are always there, and what is left out is said to be.
 */
export function planMarkdown(plan: Plan, budget: number): string {
  const view = planView(plan);
  return fitting(budget, (level) => planDocument(plan, view, level));
}

function planDocument(plan: Plan, view: PlanView, level: Level): string {
  const { target, source } = plan;
  const name = cut(target.name === undefined || target.name === "" ? target.project : target.name, 80);
  const kind =
    target.environment === undefined || target.environment === ""
      ? ""
      : ` (${markdownText(cut(target.environment, 40))})`;
  const risks = view.risks.length === 0 ? "" : `, **${counted(view.risks.length, "risk")}**`;
  const out = [
    `${marker(plan)}\n### Descope plan for **${markdownText(name)}**${kind}: ${view.summary.replace(/, \d+ noise fields? hidden$/, "")}${risks}`,
  ];
  out.push(...warningBlock(view, level));
  if (plan.blocked.length > 0)
    out.push(
      `**Blocked**: ${plan.blocked.length} in the way. Next: ${markdownText(cut(view.next, level.width))}`,
    );
  else if (plan.changes.length === 0) out.push("Nothing to do.");
  out.push(...entityParts(view.entities, level));
  if (level.rows > 0)
    out.push(view.leftAlone.map((line) => markdownText(cut(line, level.width))).join("  \n"));
  else out.push(markdownText(cut(view.leftAlone[0] ?? "", level.width)));
  for (const warning of view.warnings.slice(0, level.rows > 0 ? ALL : 3))
    out.push(`Note: ${markdownText(cut(warning, level.width))}`);
  const hidden = plan.summary.noiseHidden;
  if (hidden > 0) out.push(`${counted(hidden, "noise field")} hidden (${view.noise.join(", ")}).`);
  if (level.noise && plan.noiseList !== undefined && plan.noiseList.length > 0)
    out.push(
      `<details><summary>Hidden differences</summary>\n\n${markdownFence(plan.noiseList, "")}\n</details>`,
    );
  if (level.omitted !== "")
    out.push(
      `_Left out for want of room: ${level.omitted}. The whole is in the plan's file and with \`--format text\`._`,
    );
  const command = plan.applyable ? `Apply: ${markdownCode(cut(applyCommand(plan), 400))}  \n` : "";
  out.push(
    `${command}Fingerprint: \`${plan.fingerprint}\`${source.git === undefined ? "" : ` at \`${source.git}\`${source.dirty === true ? " with changes that are not committed" : ""}`}`,
  );
  return `${out.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A text as a part of a hidden comment, which it cannot end. */
export function commentWord(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.:/-]/g, "_")
    .replace(/-{2,}/g, "-")
    .slice(0, 80);
}

/** A hidden line by which a workflow finds its own comment. */
function marker({ target, source, fingerprint }: Plan): string {
  return `<!-- descope-plan target=${commentWord(target.project)} env=${commentWord(source.overlay ?? "none")} fp=${fingerprint} -->`;
}

function warningBlock({ risks, blocked, entities }: PlanView, level: Level): string[] {
  const deletes = entities.filter(({ symbol }) => symbol === "-");
  const lines = [
    ...deletes.map(({ address }) => `**delete** ${markdownCode(cut(address, level.width))}`),
    ...risks
      .filter(({ code }) => code !== "delete")
      .map(
        ({ code, address, text }) =>
          `**${code}** ${markdownCode(cut(address, level.width))}: ${markdownText(cut(text, level.width))}`,
      ),
    ...blocked.map(
      ({ code, address, text }) =>
        `**blocked: ${code}** ${markdownCode(cut(address, level.width))}: ${markdownText(cut(text, level.width))}`,
    ),
  ];
  if (lines.length === 0) return [];
  const shown = lines.slice(0, level.most);
  if (shown.length < lines.length) shown.push(`and ${lines.length - shown.length} more`);
  const serious = deletes.length > 0 || blocked.length > 0 || risks.some(({ level: how }) => how !== "note");
  return [[`> [!${serious ? "WARNING" : "NOTE"}]`, ...shown.map((line) => `> ${line}  `)].join("\n")];
}

/** Entities as a table, with the details of each folded away. */
export function entityParts(entities: readonly EntityView[], level: Level): string[] {
  if (entities.length === 0) return [];
  if (!level.table) {
    return [
      sections(entities)
        .map(([title, group]) => `${title}: ${group.length}`)
        .join(", "),
    ];
  }
  const all = sections(entities).flatMap(([, group]) => group);
  const rows = all.map(
    ({ symbol, address, summary }) =>
      `| \`${symbol}\` | ${markdownCode(cut(address, level.width))} | ${markdownText(cut(summary, level.width))} |`,
  );
  const details =
    level.rows === 0
      ? []
      : all.filter(({ rows: lines }) => lines.length > 0).map((entity) => detailsOf(entity, level));
  return [["| | Entity | What |", "|---|---|---|", ...rows].join("\n"), ...details];
}

function detailsOf({ address, rows }: EntityView, level: Level): string {
  const lines = rows.flatMap((row) => rowLines(row, level));
  const shown = lines.slice(0, level.rows).map((line) => cut(line, level.width));
  if (shown.length < lines.length) shown.push(`  and ${lines.length - shown.length} more lines`);
  return `<details><summary><code>${markdownHtml(cut(address, level.width))}</code></summary>\n\n${markdownFence(shown, "diff")}\n</details>`;
}

/** Lines for a `diff` fence: the symbol stands at the left edge, where it is coloured. */
function rowLines({ symbol, label, text, note, lines, depth = 0 }: Row, level: Level): string[] {
  const sign = symbol === "~" || symbol === ">" ? "!" : symbol === "*" ? "#" : symbol;
  const head = `${sign} ${"  ".repeat(depth)}${label === "" ? "" : `${label.padEnd(9)} `}${text}${note === undefined ? "" : `  (${note})`}`;
  return [head, ...(level.texts ? (lines ?? []) : [])];
}

/** A comparison as Markdown of at most `budget` characters. */
export function comparisonMarkdown(comparison: Comparison, budget: number): string {
  const entities = differenceViews(comparison);
  return fitting(budget, (level) => {
    const { left, right, noise, noiseList } = comparison;
    const hidden = Object.entries(noise).map(([kind, count]) => `${count} ${kind}`);
    const out = [
      `### Differences: ${markdownCode(cut(left, 100))} to ${markdownCode(cut(right, 100))}`,
      comparisonSummary(comparison),
      ...entityParts(entities, level),
    ];
    if (hidden.length > 0) out.push(`Hidden: ${hidden.join(", ")}.`);
    if (level.noise && noiseList.length > 0)
      out.push(
        `<details><summary>Hidden differences</summary>\n\n${markdownFence(noiseList, "")}\n</details>`,
      );
    if (level.omitted !== "") out.push(`_Left out for want of room: ${level.omitted}._`);
    return `${out.join("\n\n")}\n`;
  });
}

/** A text of at most `width` characters, with a mark where it was cut. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const kept = text.slice(0, Math.max(1, width - 1));
  // Half of a character of two units is none.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
