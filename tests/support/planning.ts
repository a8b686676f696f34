import type { Json } from "../../src/json/value.ts";
import type { SnapshotContent } from "../../src/snapshot/content.ts";
import { readPlace, type Place } from "../../src/snapshot/model/address.ts";
import { readSnapshot } from "../../src/snapshot/model/read.ts";
import { noBase } from "../../src/snapshot/plan/base.ts";
import { compose } from "../../src/snapshot/plan/compose.ts";
import type { PlanInput } from "../../src/snapshot/plan/input.ts";
import { makePlan } from "../../src/snapshot/plan/make.ts";
import type { Plan } from "../../src/snapshot/plan/plan.ts";

export const target = { project: "P2target", baseUrl: "https://api.example.com" };

/** A plan of two snapshots with nothing special about it but `more`. */
export function planOf(ours: SnapshotContent, theirs: SnapshotContent, more: Partial<PlanInput> = {}): Plan {
  return makePlan({
    ours: readSnapshot(ours),
    theirs: readSnapshot(theirs),
    base: noBase,
    mode: "apply",
    only: [],
    except: [],
    keep: [],
    ignore: [],
    protect: [],
    unprotect: [],
    remove: [],
    resolve: new Map(),
    touched: [],
    secrets: [],
    writtenSecrets: undefined,
    target,
    source: { path: "config" },
    protection: "none",
    allowDelete: null,
    tool: "descope test",
    createdAt: "2026-01-01T00:00:00.000Z",
    warnings: [],
    listNoise: false,
    recordState: false,
    ...more,
  });
}

/** What the target holds when a plan is imported as it is. */
export function composed(theirs: SnapshotContent, plan: Plan): Map<string, Json> {
  return new Map(compose(readSnapshot(theirs), plan.changes));
}

export function place(written: string): Place {
  const found = readPlace(written);
  if (found === undefined) throw new Error(`no place: ${written}`);
  return found;
}

/** Addresses with what is done to them. */
export function actions(plan: Plan): Record<string, string> {
  return Object.fromEntries(plan.changes.map(({ address, action }) => [address, action]));
}

/** Secrets that every connector of the sample snapshots needs where it is new. */
export function secretsOf(...addresses: readonly string[]): PlanInput["secrets"] {
  return addresses.map((address) => ({
    address,
    at: [],
    name: "bearertoken",
    source: "env:TOKEN",
    version: null,
  }));
}
