import type { Plan } from "../plan/plan.ts";
export function planHtml(plan: Plan): string {
  return plan.fingerprint;
}
