import { printJson } from "../../json/print.ts";
import type { Json } from "../../json/value.ts";
import { sha256 } from "../model/normalise.ts";
import type { Plan } from "./plan.ts";

/**
 * What a plan means, in one short text: the target, the scope and rules, the state that was seen of all that it touches or refers to,
 * and the state that it leads to. Who made it, when, from where and with which version is no part of it, so it is the same on another
 * machine and another day.
 */
export function fingerprintOf(plan: Omit<Plan, "fingerprint" | "checksum">): string {
  const meant: Json = {
    schema: plan.schema,
    normalizer: plan.normalizer,
    project: plan.target.project,
    baseUrl: plan.target.baseUrl,
    mode: plan.mode,
    scope: { only: [...plan.scope.only].sort(), except: [...plan.scope.except].sort() },
    ignore: [...plan.ignore].sort(),
    observed: { ...plan.observed },
    after: Object.fromEntries(plan.changes.map(({ address, after }) => [address, after?.hash ?? null])),
    renamed: Object.fromEntries(
      plan.changes.flatMap(({ address, previousAddress }) =>
        previousAddress === null ? [] : [[address, previousAddress] as const],
      ),
    ),
    secrets: plan.secrets
      .filter(({ write }) => write !== "keep")
      .map(({ address, at, name, write, source, version }) => ({
        address,
        at,
        name,
        write,
        source,
        version,
      })),
  };
  return `dp1-${sha256(printJson(meant, "compact"))}`;
}

/** The hash of a plan's whole text but for its date: it tells a plan that was edited. */
export function checksumOf(plan: Omit<Plan, "checksum">): string {
  const { createdAt: _createdAt, ...rest } = plan as Plan;
  return `sha256:${sha256(printJson({ ...rest, checksum: "" } as unknown as Json, "compact"))}`;
}
