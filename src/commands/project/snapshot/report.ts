import { boundedInt, choice } from "../../../command/flags.ts";
import type { Report } from "../../../command/result.ts";
import { printJson } from "../../../json/print.ts";
import type { Json, JsonObject } from "../../../json/value.ts";
import type { Comparison } from "../../../snapshot/diff/compare-sides.ts";
import type { Plan } from "../../../snapshot/plan/plan.ts";
import type { DriftReport } from "../../../snapshot/render/drift-view.ts";

const FORMATS = ["text", "json", "markdown", "html"] as const;

/** Flags that say how something is shown. */
export const formatFlags = {
  format: choice("How it is shown", FORMATS),
  show: choice("Also list what is hidden because it means nothing", ["noise", "all"]),
  maxChars: boundedInt(
    "Most characters of --format markdown",
    { default: 60_000, minimum: 5_000, maximum: 10_000_000 },
    { value: "count" },
  ),
} as const;

export interface Format {
  readonly format?: (typeof FORMATS)[number] | undefined;
  readonly maxChars: number;
}

/** A plan in the format that is asked for. `reason` says why the answer is no. */
export async function planReport(
  plan: Plan,
  { format, maxChars }: Format,
  reason: string | undefined,
): Promise<Report> {
  const answer = reason === undefined ? "yes" : "no";
  const document: JsonObject = {
    ...(plan as unknown as JsonObject),
    ok: answer === "yes",
    ...(reason === undefined ? {} : { reason }),
  };
  switch (format) {
    case "json":
      return { kind: "report", answer, document, body: `${printJson(plan as unknown as Json)}\n` };
    case "markdown": {
      const { planMarkdown } = await import("../../../snapshot/render/markdown.ts");
      return { kind: "report", answer, document, body: planMarkdown(plan, maxChars) };
    }
    case "html": {
      const { planHtml } = await import("../../../snapshot/render/html.ts");
      return { kind: "report", answer, document, body: await planHtml(plan) };
    }
    default: {
      const { planLines } = await import("../../../snapshot/render/text.ts");
      return { kind: "report", answer, document, body: planLines(plan) };
    }
  }
}

/** A comparison in the format that is asked for. `reason` says why the answer is no. */
export async function comparisonReport(
  comparison: Comparison,
  { format, maxChars, listNoise }: Format & { readonly listNoise: boolean },
  reason: string | undefined,
): Promise<Report> {
  const answer = reason === undefined ? "yes" : "no";
  const { comparisonDocument } = await import("../../../snapshot/render/diff-json.ts");
  const data = comparisonDocument(comparison, listNoise);
  const document: JsonObject = { ...data, ok: answer === "yes", ...(reason === undefined ? {} : { reason }) };
  switch (format) {
    case "json":
      return { kind: "report", answer, document, body: `${printJson(data)}\n` };
    case "markdown": {
      const { comparisonMarkdown } = await import("../../../snapshot/render/markdown.ts");
      return { kind: "report", answer, document, body: comparisonMarkdown(comparison, maxChars) };
    }
    case "html": {
      const { comparisonHtml } = await import("../../../snapshot/render/html.ts");
      return { kind: "report", answer, document, body: await comparisonHtml(comparison) };
    }
    default: {
      const { comparisonLines } = await import("../../../snapshot/render/diff-text.ts");
      return { kind: "report", answer, document, body: comparisonLines(comparison, listNoise) };
    }
  }
}

/** Drift in the format that is asked for. `reason` says why the answer is no. */
export async function driftReport(
  report: DriftReport,
  { format, maxChars, listNoise }: Format & { readonly listNoise: boolean },
  reason: string | undefined,
): Promise<Report> {
  const answer = reason === undefined ? "yes" : "no";
  const render = await import("../../../snapshot/render/drift-view.ts");
  const data = render.driftDocument(report);
  const document: JsonObject = { ...data, ok: answer === "yes", ...(reason === undefined ? {} : { reason }) };
  const { noiseList } = report.drift;
  switch (format) {
    case "json":
      return { kind: "report", answer, document, body: `${printJson(data)}\n` };
    case "markdown":
      return { kind: "report", answer, document, body: render.driftMarkdown(report, maxChars) };
    case "html": {
      const { comparisonHtml } = await import("../../../snapshot/render/html.ts");
      return { kind: "report", answer, document, body: await comparisonHtml(render.driftComparison(report)) };
    }
    default: {
      const hidden =
        listNoise && noiseList.length > 0 ? ["Hidden:", ...noiseList.map((one) => `  ${one}`)] : [];
      return { kind: "report", answer, document, body: [...render.driftLines(report), ...hidden] };
    }
  }
}
