import { markdownCode, markdownText } from "../../output/markdown.ts";
import { marked, type Line } from "../../output/line.ts";
import type { Json, JsonObject } from "../../json/value.ts";
import type { Comparison } from "../diff/compare-sides.ts";
import { TIERS, type Drift, type Drifted, type Tier } from "../drift/drift.ts";
import type { Traces } from "../drift/who.ts";
import { commentWord, cut, entityParts, fitting } from "./markdown.ts";
import { entityLines } from "./text.ts";
import { entityView, words, type EntityView } from "./view.ts";

/** Drift with all that is said of it. */
export interface DriftReport {
  readonly project: string;
  /** The folder with its environment, or the receipt. */
  readonly against: string;
  readonly environment: string | undefined;
  readonly drift: Drift;
  readonly traces: Traces | undefined;
  readonly notes: readonly string[];
  /** Command lines that settle it. */
  readonly next: readonly string[];
}

/** The drift as entities that are shown: from what was declared to what is there. */
function views({ drift, traces }: DriftReport): EntityView[] {
  return drift.drifted.map((one) => {
    const view = entityView(one, [], undefined);
    const places = one.places.map(({ path, now }) => ({
      symbol: "~" as const,
      label: path.slice(1),
      text: now === null ? "changed, and is gone" : `changed, now ${words(now)}`,
    }));
    const seen = (traces?.byAddress.get(one.address) ?? []).map(({ actor, time, action }) => ({
      symbol: " " as const,
      label: "audit",
      text: `${time} ${action} by ${actor}`,
    }));
    const tier = one.inPlan
      ? `${TIER_WORDS[one.tier]}, and an open plan changes it too`
      : TIER_WORDS[one.tier];
    const size = view.summary === "" || one.tier !== "declared" ? "" : `: ${view.summary}`;
    // What is in something that nobody declared says little: that it is there is the news.
    const rows = one.action === "create" ? [] : view.rows;
    return { ...view, summary: `${tier}${size}`, rows: [...rows, ...places, ...seen] };
  });
}

const TIER_WORDS: Readonly<Record<Tier, string>> = {
  declared: "changed there",
  deleted: "gone there",
  added: "nobody declared it",
};

function count(drifted: readonly Drifted[], tier: Tier): number {
  return drifted.filter((one) => one.tier === tier).length;
}

/** "1 changed, 0 gone, 2 added, 60 same" */
function driftSummary({ drift }: DriftReport): string {
  const { drifted, pending, same } = drift;
  return [
    `${count(drifted, "declared")} changed`,
    `${count(drifted, "deleted")} gone`,
    `${count(drifted, "added")} added`,
    `${same} same`,
    ...(pending.length === 0 ? [] : [`${pending.length} not applied yet (${listed(pending)})`]),
  ].join(", ");
}

function listed(items: readonly string[]): string {
  return items.length <= 6
    ? items.join(", ")
    : `${items.slice(0, 6).join(", ")} and ${items.length - 6} more`;
}

/** Drift as lines for people. */
export function driftLines(report: DriftReport): Line[] {
  const { project, against, traces, notes, next, drift } = report;
  return [
    [marked("heading", "Drift"), `  ${against} -> project ${project}`],
    ...entityLines(views(report)),
    "",
    ...[...notes, ...(traces?.notes ?? [])].map((note): Line => [marked("warning", "Note"), `: ${note}`]),
    [marked("heading", driftSummary(report)), drift.drifted.length === 0 ? ". No drift." : ""],
    ...next.map((line) => `next: ${line}`),
  ];
}

/** Drift as Markdown for an issue, of at most `budget` characters. The first line is how a workflow finds its own issue. */
export function driftMarkdown(report: DriftReport, budget: number): string {
  const entities = views(report);
  const { project, against, environment, traces, notes, next } = report;
  return fitting(budget, (level) =>
    [
      `<!-- descope-drift target=${commentWord(project)} env=${commentWord(environment ?? "none")} -->\n### Drift of ${markdownCode(cut(project, 60))} from ${markdownCode(cut(against, 100))}`,
      markdownText(cut(driftSummary(report), 500)),
      ...entityParts(entities, level),
      ...[...notes, ...(traces?.notes ?? [])]
        .slice(0, 5)
        .map((note) => `Note: ${markdownText(cut(note, level.width))}`),
      ...(level.omitted === "" ? [] : [`_Left out for want of room: ${level.omitted}._`]),
      ...next.map((line) => markdownCode(cut(line, 400))),
    ]
      .join("\n\n")
      .concat("\n"),
  );
}

/** Drift for programs (`descope-drift/1`; members may be added under this name). */
export function driftDocument(report: DriftReport): JsonObject {
  const { project, against, environment, drift, traces, notes, next } = report;
  const summary = Object.fromEntries(TIERS.map((tier) => [tier, count(drift.drifted, tier)]));
  return {
    schema: "descope-drift/1",
    project,
    against,
    ...(environment === undefined ? {} : { environment }),
    summary: { ...summary, pending: drift.pending.length, same: drift.same },
    drift: drift.drifted.map(
      ({ address, kind, tier, action, previousAddress, fields, graph, places, inPlan }): Json => ({
        address,
        kind,
        tier,
        action,
        previousAddress,
        fields: fields as unknown as Json,
        graph: graph as unknown as Json,
        places: places as unknown as Json,
        inPlan,
        ...(traces === undefined ? {} : { who: (traces.byAddress.get(address) ?? []) as unknown as Json }),
      }),
    ),
    pending: [...drift.pending],
    noise: { ...drift.noise },
    notes: [...notes, ...(traces?.notes ?? [])],
    next: [...next],
  };
}

/** Drift as a comparison, for forms that show one. */
export function driftComparison({ project, against, drift }: DriftReport): Comparison {
  const { drifted, same, noise, noiseList } = drift;
  return {
    left: against,
    right: `project ${project}`,
    differences: drifted,
    same,
    noise,
    noiseList,
    warnings: [],
  };
}
