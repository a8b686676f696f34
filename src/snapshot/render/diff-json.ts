import type { Json, JsonObject } from "../../json/value.ts";
import type { Comparison } from "../diff/compare-sides.ts";
import { comparisonSummary } from "./diff-text.ts";

/** A comparison for programs (`descope-diff/1`; members may be added under this name). */
export function comparisonDocument(comparison: Comparison, listNoise: boolean): JsonObject {
  const { left, right, differences, same, noise, noiseList, warnings } = comparison;
  return {
    schema: "descope-diff/1",
    left,
    right,
    summary: comparisonSummary(comparison),
    differences: differences.map(
      ({ address, kind, action, previousAddress, fields, graph, byHash, noiseHidden }): Json => ({
        address,
        kind,
        action,
        previousAddress,
        fields: fields as unknown as Json,
        graph: graph as unknown as Json,
        byHash,
        noiseHidden,
      }),
    ),
    same,
    noise: { ...noise },
    ...(listNoise ? { noiseList: [...noiseList] } : {}),
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
  };
}
