import type { Plan } from "../plan/plan.ts";
export function planHtml(plan: Plan): string {
  return plan.fingerprint;
}
import type { Comparison } from "../diff/compare-sides.ts";
export function comparisonHtml(comparison: Comparison): string {
  return comparison.left;
}
