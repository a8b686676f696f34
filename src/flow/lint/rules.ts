import type { Found } from "../../lint/finding.ts";
import { PATH_RULES } from "./path-rules.ts";
import { PROJECT_RULES } from "./project-rules.ts";
import type { FlowLint, FlowRule } from "./rule.ts";
import { VALUE_RULES } from "./value-rules.ts";
import { WIRING_RULES } from "./wiring-rules.ts";

/** All rules about flows. */
export const FLOW_RULES: readonly FlowRule[] = [
  ...PATH_RULES,
  ...WIRING_RULES,
  ...VALUE_RULES,
  ...PROJECT_RULES,
];

/** What the rules find in one flow. */
export function lintFlow(lint: FlowLint): Found[] {
  return FLOW_RULES.flatMap((rule) => [...rule.find(lint)]);
}
