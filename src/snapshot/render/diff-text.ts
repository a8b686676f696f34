import { marked, type Line } from "../../output/line.ts";
import type { Comparison } from "../diff/compare-sides.ts";
import { entityLines } from "./text.ts";
import { entityView, type EntityView } from "./view.ts";

/** The differences of a comparison as they are shown. */
export function differenceViews({ differences }: Comparison): EntityView[] {
  return differences.map((one) => {
    const view = entityView(one, [], undefined);
    return one.byHash ? { ...view, summary: "differs; one side is known by its hash alone" } : view;
  });
}

/** "1 only on the right, 2 only on the left, 3 differ, 60 same" */
export function comparisonSummary({ differences, same }: Comparison): string {
  const count = (...actions: readonly string[]) =>
    differences.filter(({ action }) => actions.includes(action)).length;
  return [
    `${count("create")} only on the right`,
    `${count("delete")} only on the left`,
    `${count("update", "rename")} differ`,
    `${same} same`,
  ].join(", ");
}

/** A comparison as lines for people. */
export function comparisonLines(comparison: Comparison, listNoise: boolean): Line[] {
  const { left, right, noise, noiseList } = comparison;
  const hidden = Object.entries(noise).map(([kind, count]) => `${count} ${kind}`);
  const lines: Line[] = [
    [marked("heading", "Differences"), `  ${left} -> ${right}`],
    ...entityLines(differenceViews(comparison)),
  ];
  if (listNoise && noiseList.length > 0) lines.push("", "Hidden:", ...noiseList.map((one) => `  ${one}`));
  const hint =
    hidden.length === 0 ? "" : `; hidden: ${hidden.join(", ")}${listNoise ? "" : " (--show noise)"}`;
  lines.push("", [marked("heading", comparisonSummary(comparison)), hint]);
  return lines;
}
