import type { Plan } from "../plan/plan.ts";
export function planMarkdown(plan: Plan, budget: number): string {
  return `${plan.fingerprint}${budget}`;
}
