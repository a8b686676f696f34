import type { Plan } from "../plan/plan.ts";
export function planMarkdown(plan: Plan, budget: number): string {
  return `${plan.fingerprint}${budget}`;
}
import type { Comparison } from "../diff/compare-sides.ts";
export function comparisonMarkdown(comparison: Comparison, budget: number): string {
  return `${comparison.left}${budget}`;
}
