import { marked, type Line, type Mark } from "../../output/line.ts";
import type { Plan } from "../plan/plan.ts";
import { planView, short } from "./plan-view.ts";
import { sections, type EntityView, type Row, type Symbol } from "./view.ts";

const MARKS: Readonly<Record<Symbol, Mark>> = {
  "+": "added",
  "-": "removed",
  "~": "changed",
  ">": "changed",
  "*": "notice",
  " ": "quiet",
};

/** A plan as lines for people: risks and what stands in the way first, the summary and the next step last. */
export function planLines(plan: Plan): Line[] {
  const view = planView(plan);
  const lines: Line[] = [
    [marked("heading", "Plan"), `  ${view.title}`],
    [marked("quiet", `      ${view.context}`)],
  ];
  const codes = [...view.risks, ...view.blocked].map(({ code }) => code.length);
  const places = [...view.risks, ...view.blocked].map(({ address }) => address.length);
  const columns = (code: string, address: string) =>
    `${code.padEnd(Math.max(0, ...codes))}  ${address.padEnd(Math.min(40, Math.max(0, ...places)))}`;
  for (const { code, level, address, text } of view.risks) {
    const mark = level === "high" ? "error" : level === "medium" ? "warning" : "notice";
    lines.push(["  ", marked(mark, "!"), ` ${columns(code, address)}  ${text}`]);
  }
  for (const { code, address, text } of view.blocked)
    lines.push(["  ", marked("error", "x"), ` ${columns(code, address)}  ${text}`]);
  lines.push(...entityLines(view.entities));
  lines.push("", ...view.leftAlone);
  for (const warning of view.warnings) lines.push([marked("warning", "Note"), `: ${warning}`]);
  if (plan.noiseList !== undefined && plan.noiseList.length > 0)
    lines.push("Hidden:", ...plan.noiseList.map((one) => `  ${one}`));
  const hint =
    plan.summary.noiseHidden > 0 && plan.noiseList === undefined
      ? ` (${view.noise.join(", ")}; --show noise lists them)`
      : "";
  const verdict =
    plan.blocked.length > 0
      ? ` BLOCKED: ${plan.blocked.length} in the way.`
      : plan.changes.length === 0
        ? " Nothing to do."
        : "";
  lines.push([marked("heading", view.summary), `${hint}.${verdict}`]);
  lines.push(`Fingerprint ${short(view.fingerprint)}   next: ${view.next}`);
  return lines;
}

/** Entities under the headings of what they are. */
export function entityLines(entities: readonly EntityView[]): Line[] {
  return sections(entities).flatMap(([title, group]) => [
    "",
    [marked("heading", title)],
    ...group.flatMap(entityBlock),
  ]);
}

function entityBlock({ symbol, address, previous, summary, rows, hidden }: EntityView): Line[] {
  const width = Math.min(36, Math.max(0, ...rows.map(({ label }) => label.length)));
  return [
    [
      marked(MARKS[symbol], symbol),
      ` ${address}`,
      marked("quiet", `  ${previous === undefined ? summary : `was ${previous}`}`),
    ],
    ...rows.flatMap((row) => rowLines(row, width)),
    ...(hidden > 0
      ? [[marked("quiet", `    hidden: ${hidden} that mean nothing (--show noise)`)] as const]
      : []),
  ];
}

function rowLines({ symbol, label, text, note, lines, depth = 0 }: Row, width: number): Line[] {
  const indent = "    ".repeat(depth + 1);
  const name = label === "" ? "" : `${label.padEnd(width)}  `;
  return [
    [
      indent,
      marked(MARKS[symbol], symbol),
      ` ${name}${text}`,
      ...(note === undefined ? [] : [marked("quiet", `  (${note})`)]),
    ],
    ...(lines ?? []).map((line): Line => {
      const mark = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "quiet";
      return [`${indent}    `, marked(mark, line)];
    }),
  ];
}
