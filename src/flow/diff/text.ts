import { hunks } from "../../diff/lines.ts";
import { marked, type Line, type Mark } from "../../output/line.ts";
import type { Change } from "./change.ts";
import type { FlowDiff } from "./compare.ts";
import type { Risk } from "./risk.ts";

const SYMBOLS: Readonly<Record<Change["op"], readonly [symbol: string, mark: Mark]>> = {
  add: ["+", "added"],
  remove: ["-", "removed"],
  change: ["~", "changed"],
};

/** What is listed of a comparison beside what everybody should see: nothing, what means nothing, or every single change of the look too. */
export type Shown = "changes" | "noise" | "all";

/** What a comparison found, as lines for people. */
export function diffLinesOf(diff: FlowDiff, risks: readonly Risk[], shown: Shown): Line[] {
  const { left, right } = diff;
  const name = left.id === right.id ? right.id : `${left.id} -> ${right.id}`;
  const out: Line[] = [];
  if (diff.changes.length > 0) out.push([marked("changed", "~"), " ", marked("heading", `flow/${name}`)]);
  for (const { code, text, level } of risks) {
    out.push(["  ", marked(level === "high" ? "error" : "warning", `! ${code}`), `  ${text}`]);
  }
  for (const { heading, changes } of grouped(diff)) {
    const own = shown === "all" ? changes : folded(diff, changes);
    const [first, ...rest] = own;
    const isWhole = first !== undefined && first.subject === "step";
    if (isWhole) out.push(...changeLines(first, 2));
    else if (heading !== undefined) out.push(["  ", marked("changed", "~"), ` ${heading}`]);
    const below = isWhole ? rest : own;
    for (const change of below) out.push(...changeLines(change, heading === undefined ? 2 : 4));
  }
  out.push(summaryLine(diff));
  if (diff.noise.length > 0) {
    out.push(marked0(`hidden: ${noiseWords(diff)}${shown === "changes" ? " (--show noise)" : ""}`));
    if (shown !== "changes")
      for (const { kind, items } of diff.noise)
        for (const item of items) out.push(marked0(`  ${kind}  ${item}`));
  }
  return out;
}

function marked0(text: string): Line {
  return [marked("quiet", text)];
}

/** "37 layout moves, 12 derived fields" */
export function noiseWords({ noise }: FlowDiff): string {
  return noise.map(({ words }) => words).join(", ");
}

/** More changes of the look than these are one line. */
const MOST_LOOKS = 5;

/**
 * Changes with those of the look made one, where the two flows are of different component libraries: a newer one respells them by
 * the hundred, and nobody can review that.
 */
export function folded({ left, right }: FlowDiff, changes: readonly Change[]): Change[] {
  const version = ({ source }: FlowDiff["left"]) => source.metadata.content.componentsVersion ?? "";
  const looks = changes.filter(({ subject, weight }) => subject === "property" && weight === "look");
  const [first] = looks;
  if (first === undefined || looks.length <= MOST_LOOKS || version(left) === version(right))
    return [...changes];
  const components = new Set(looks.map(({ path }) => path.slice(0, 4).join("/"))).size;
  const words = `${looks.length} properties of the look of ${components} components (--show all)`;
  const { old: _old, new: _new, lines: _lines, ...place } = first;
  return [...changes.filter((change) => !looks.includes(change)), { ...place, op: "change", words }];
}

interface Group {
  /** "screen \"Welcome\" (step 0)"; absent for what belongs to no step. */
  readonly heading: string | undefined;
  readonly step: string | undefined;
  readonly changes: readonly Change[];
}

/** Changes by the step that they belong to: the flow's own first, then steps in their order. */
export function grouped({ changes, left, right }: FlowDiff): Group[] {
  const groups = Map.groupBy(changes, ({ step }) => step);
  const places = [undefined, ...right.steps.keys(), ...left.steps.keys()];
  const inOrder = [...groups].sort(([a], [b]) => places.indexOf(a) - places.indexOf(b));
  return inOrder.map(([id, own]) => {
    const step = id === undefined ? undefined : (right.steps.get(id) ?? left.steps.get(id));
    const heading = step === undefined ? undefined : `${step.kind} "${step.name}" (step ${step.id})`;
    return { heading, step: id, changes: own };
  });
}

function changeLines(change: Change, indent: number): Line[] {
  const [symbol, mark] = SYMBOLS[change.op];
  const margin = " ".repeat(indent);
  const subject = change.subject === "step" ? "" : `${change.subject.padEnd(9)} `;
  const out: Line[] = [[margin, marked(mark, `${symbol} ${subject}${change.words}`)]];
  if (change.lines !== undefined) {
    for (const line of textHunks(change)) out.push([`${margin}    `, line]);
  }
  return out;
}

function textHunks(change: Change): ReturnType<typeof marked>[] {
  return hunks(change.lines ?? []).flatMap(({ left, right, lines }) => [
    marked("quiet", `@@ line ${left} -> ${right} @@`),
    ...lines.map(({ op, text }) => {
      if (op === "same") return marked("quiet", `  ${text}`);
      return op === "add" ? marked("added", `+ ${text}`) : marked("removed", `- ${text}`);
    }),
  ]);
}

/** The same as lines for a `diff` fence: the symbol stands at the left edge, where it is coloured. */
export function fencedLines(changes: readonly Change[], withTexts: boolean): string[] {
  return changes.flatMap((change) => {
    const symbol = change.op === "change" ? "!" : SYMBOLS[change.op][0];
    const first = `${symbol} ${change.subject.padEnd(9)} ${change.words}`;
    if (change.lines === undefined || !withTexts) return [first];
    return [first, ...textHunks(change).map(({ text }) => text)];
  });
}

/** "1 step added, 2 changed, 3 ways, 1 text" */
export function summaryWords({ changes }: FlowDiff): string {
  if (changes.length === 0) return "No change: the two flows mean the same.";
  const steps = changes.filter(({ subject }) => subject === "step");
  const touched = new Set(
    changes.filter(({ subject, step }) => subject !== "step" && step !== undefined).map(({ step }) => step),
  );
  for (const { step } of steps) touched.delete(step);
  const count = (number: number, one: string, many: string) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  const of = (...subjects: Change["subject"][]) =>
    changes.filter(({ subject }) => subjects.includes(subject)).length;
  return [
    ...count(steps.filter(({ op }) => op === "add").length, "step added", "steps added"),
    ...count(steps.filter(({ op }) => op === "remove").length, "step removed", "steps removed"),
    ...count(touched.size, "step changed", "steps changed"),
    ...count(of("edge"), "way", "ways"),
    ...count(of("branch"), "branch", "branches"),
    ...count(of("argument", "action", "error"), "argument or error", "arguments and errors"),
    ...count(of("script"), "script", "scripts"),
    ...count(of("text"), "text", "texts"),
    ...count(of("component", "property", "interaction", "screen"), "part of a screen", "parts of screens"),
    ...count(of("setting", "exit", "id", "name", "other"), "other", "others"),
  ].join(", ");
}

function summaryLine(diff: FlowDiff): Line {
  return [marked("heading", summaryWords(diff))];
}
