import { factorOf, waysToEnd, type Factor, type Way } from "../graph/factor.ts";
import type { Flow } from "../graph/model.ts";
import type { FlowDiff } from "./compare.ts";

/** A change that a reviewer must not miss. */
export interface Risk {
  readonly code:
    | "verification-skipped"
    | "mfa-removed"
    | "mfa-skippable"
    | "method-removed"
    | "risk-check-removed"
    | "script-changed"
    | "connector-changed";
  readonly level: "high" | "medium";
  /** One sentence in the names of the flow. */
  readonly text: string;
  /** The step that it is about: its id on the right, or on the left where it is gone. */
  readonly step?: string;
}

/** What of a comparison makes signing in weaker, or runs other code. Found on the ways from start to an end, not on single changes. */
export function flowRisks(diff: FlowDiff): Risk[] {
  const out: Risk[] = [];
  const { left, right, changes } = diff;
  const [before, after] = [waysToEnd(left), waysToEnd(right)];
  if (before.length > 0 && after.length > 0) {
    const [fewestBefore, fewestAfter] = [fewest(before), fewest(after)];
    const [mostBefore, mostAfter] = [most(before), most(after)];
    if (size(fewestBefore) > 0 && size(fewestAfter) === 0) {
      out.push({
        code: "verification-skipped",
        level: "high",
        text: `a way now reaches an end without any proof of who it is: ${wayText(right, fewestAfter)}`,
      });
    } else if (size(fewestBefore) > 1 && size(fewestAfter) < 2) {
      out.push({
        code: "mfa-skippable",
        level: "high",
        text: `a way now reaches an end with one factor alone (${[...fewestAfter.factors].join()}): ${wayText(right, fewestAfter)}`,
      });
    }
    const lost = lostProofs(diff);
    const secondFactors = new Set(before.filter((way) => size(way) > 1).flatMap((way) => [...way.factors]));
    for (const { id, factor, name } of lost) {
      const wasSecond = size(mostBefore) > 1 && secondFactors.has(factor);
      const isGone = !after.some((way) => way.factors.has(factor) && size(way) > 1);
      if (wasSecond && isGone && size(mostAfter) < size(mostBefore)) {
        out.push({
          code: "mfa-removed",
          level: "high",
          text: `no path from start reaches "${name}" any more`,
          step: id,
        });
      } else if (!after.some((way) => way.factors.has(factor))) {
        out.push({
          code: "method-removed",
          level: "medium",
          text: `no path from start reaches "${name}" any more: nobody signs in that way (${factor})`,
          step: id,
        });
      }
    }
    if (size(mostBefore) > 1 && size(mostAfter) < 2 && !out.some(({ code }) => code === "mfa-removed")) {
      out.push({
        code: "mfa-removed",
        level: "high",
        text: "no way to an end asks for a second factor any more",
      });
    }
  }
  for (const step of left.steps.values()) {
    if (step.action !== "risk" || !step.reachable) continue;
    const now = diff.pairs.toRight.get(step.id);
    if (now !== undefined && right.steps.get(now)?.reachable === true) continue;
    const text = `no path from start reaches "${step.name}" any more: the risk of a sign-in is not assessed there`;
    out.push({ code: "risk-check-removed", level: "medium", text, step: now ?? step.id });
  }
  for (const change of changes) {
    const name = right.steps.get(change.step ?? "")?.name ?? "";
    const at = change.step === undefined ? {} : { step: change.step };
    if (change.subject === "script") {
      out.push({
        code: "script-changed",
        level: "medium",
        text: `"${name}" runs other code: ${change.words}`,
        ...at,
      });
    } else if (change.subject === "argument" && change.path.at(-1) === "connectorId") {
      out.push({
        code: "connector-changed",
        level: "medium",
        text: `"${name}" uses another connector: ${change.words}`,
        ...at,
      });
    }
  }
  const rank = { high: 0, medium: 1 } as const;
  return out.sort((a, b) => rank[a.level] - rank[b.level]);
}

/** Steps that proved something on some way and cannot be reached any more. */
function lostProofs({ left, right, pairs }: FlowDiff): { id: string; factor: Factor; name: string }[] {
  const out: { id: string; factor: Factor; name: string }[] = [];
  for (const step of left.steps.values()) {
    const factor = factorOf(step);
    if (factor === undefined || factor === "session" || !step.reachable) continue;
    const now = pairs.toRight.get(step.id);
    const kept = now === undefined ? undefined : right.steps.get(now);
    if (kept?.reachable === true && factorOf(kept) === factor) continue;
    out.push({ id: now ?? step.id, factor, name: step.name });
  }
  return out;
}

function size(way: Way): number {
  return way.factors.size;
}

function fewest(ways: readonly Way[]): Way {
  return ways.reduce((best, way) => (size(way) < size(best) ? way : best));
}

function most(ways: readonly Way[]): Way {
  return ways.reduce((best, way) => (size(way) > size(best) ? way : best));
}

function wayText(flow: Flow, way: Way): string {
  const names = way.steps.map((id) => flow.steps.get(id)?.name ?? id);
  const shown = names.length > 8 ? [...names.slice(0, 4), "…", ...names.slice(-3)] : names;
  return shown.join(" > ");
}
