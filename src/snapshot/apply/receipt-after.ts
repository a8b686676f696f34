import type { Json } from "../../json/value.ts";
import type { Address } from "../model/address.ts";
import type { Meanings } from "../model/meanings.ts";
import { sameJson } from "../../json/equal.ts";
import { NORMALISER } from "../model/normalise.ts";
import { valueAt, withoutValue, withValue } from "../model/place.ts";
import { readPointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import { isMergeable, recordOf, shapeOf, shapePointer, type Recorded } from "../plan/base.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { secretLabel } from "../plan/secrets.ts";
import { RECEIPT_SCHEMA, type Receipt } from "../receipt.ts";
import { meaningAfter } from "./after-meaning.ts";
import type { Verified } from "./verify.ts";

/** The receipt of a plan that was applied: what it wanted of each entity, and what the target made of it. */
export function receiptAfter(done: {
  readonly plan: Plan;
  readonly after: Snapshot;
  readonly meanings: Meanings;
  readonly verified: Verified;
  readonly previous: Receipt | undefined;
  readonly backup: string;
  readonly tool: string;
  readonly now: string;
}): Receipt {
  const { plan, after, meanings, verified, previous } = done;
  const entities = new Map<Address, Recorded>(Object.entries(previous?.entities ?? {}));
  for (const [address, record] of Object.entries(plan.accepted)) entities.set(address, record);
  for (const address of plan.same) {
    const entity = after.entities.get(address);
    if (entity === undefined || address in plan.accepted) continue;
    const live = meanings.of(entity, after);
    entities.set(address, recordOf(address, live, live));
  }
  const missed = new Set(
    verified.entities.filter(({ state }) => state === "not_applied").map(({ address }) => address),
  );
  for (const change of plan.changes) {
    // What did not arrive stays what the base said, so that the next plan sees it again.
    if (missed.has(change.address)) continue;
    if (change.previousAddress !== null) entities.delete(change.previousAddress);
    const record = recordAfter(change, plan, after, meanings);
    if (record === undefined) entities.delete(change.address);
    else entities.set(change.address, record);
  }
  const secrets = new Map(Object.entries(previous?.secrets ?? {}));
  for (const { address, at, name, write, version } of plan.secrets) {
    if (version === null || write === "clear" || missed.has(address)) continue;
    secrets.set(secretLabel(address, at, name), version);
  }
  return {
    schema: RECEIPT_SCHEMA,
    tool: done.tool,
    createdAt: done.now,
    normalizer: NORMALISER,
    fingerprint: plan.fingerprint,
    state: verified.ok ? "applied" : "unverified",
    target: { project: plan.target.project, baseUrl: plan.target.baseUrl },
    backup: done.backup === "" ? null : done.backup,
    entities: Object.fromEntries([...entities].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(plan.ignore.length === 0 ? {} : { ignore: plan.ignore }),
    secrets: Object.fromEntries([...secrets].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function recordAfter(change: Change, plan: Plan, after: Snapshot, meanings: Meanings): Recorded | undefined {
  const { address, desired } = change;
  const entity = after.entities.get(address);
  if (desired === null || entity === undefined) return undefined;
  const live = meanings.of(entity, after);
  if (!isMergeable(address)) return { desired: desired.hash, live: live.hash };
  const planned = meaningAfter(change, meanings);
  const wanted = desired.shape ?? (planned === undefined ? undefined : shapeOf(planned.meaning, address));
  if (wanted === undefined) return undefined;
  let liveShape: Json = shapeOf(live.meaning, address);
  // Drift that was left alone stays drift: the receipt goes on saying what was last agreed on.
  for (const path of plan.drift.filter((one) => one.address === address).flatMap(({ fields }) => fields)) {
    const pointer = shapePointer(readPointer(path) ?? [], address);
    const agreed = valueAt(wanted, pointer);
    liveShape =
      agreed === undefined
        ? withoutValue(liveShape, pointer)
        : (withValue(liveShape, pointer, agreed) ?? liveShape);
  }
  const isSame = sameJson(wanted, liveShape);
  return { desired: desired.hash, live: live.hash, liveShape, ...(isSame ? {} : { desiredShape: wanted }) };
}
