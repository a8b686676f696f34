/** Whether something holds; unknown where that hangs on something that was not said. */
export type Truth = "no" | "unknown" | "yes";

const ORDER: readonly Truth[] = ["no", "unknown", "yes"];

/** The strongest of several: what "or" makes of them. */
export function anyOf(truths: readonly Truth[]): Truth {
  return ORDER.findLast((truth) => truths.includes(truth)) ?? "no";
}

/** The weakest of several: what "and" makes of them. */
export function allOf(truths: readonly Truth[]): Truth {
  return ORDER.find((truth) => truths.includes(truth)) ?? "yes";
}

export function negated(truth: Truth): Truth {
  return truth === "unknown" ? truth : truth === "yes" ? "no" : "yes";
}
