import { byCodePoint } from "../../json/print.ts";
import type { Json } from "../../json/value.ts";
import { kindOf, matchesAddress, readPlace, type Address, type Place } from "../model/address.ts";
import { compare } from "../model/compare.ts";
import type { Meanings } from "../model/meanings.ts";
import { isMergeable, shapeOf } from "../plan/base.ts";
import { itemSegment, readSegment, writePointer, type Pointer } from "../model/pointer.ts";
import { valueAt } from "../model/place.ts";
import type { Snapshot } from "../model/read.ts";
import type { Difference } from "../diff/compare-sides.ts";
import { plannedField, shownValue } from "../plan/field.ts";
import { flowChange } from "../plan/flow-change.ts";
import { ONLY_THERE, type Plan } from "../plan/plan.ts";
import type { Receipt } from "../receipt.ts";

/** How far a project is from what was declared for it. */
export const TIERS = ["declared", "deleted", "added"] as const;
export type Tier =
  /** What was declared is something else there. */
  | "declared"
  /** What was declared is gone there. */
  | "deleted"
  /** There is something that nobody declared. */
  | "added";

/** An entity that is another in the project than what was declared: from what was declared to what is there. */
export interface Drifted extends Difference {
  readonly tier: Tier;
  /** What changed, where only that it changed is known: a receipt holds no values. */
  readonly places: readonly { readonly path: string; readonly now: Json }[];
  /** An open plan would change the same. */
  readonly inPlan: boolean;
}

export interface Drift {
  readonly drifted: readonly Drifted[];
  /** What the folder changed since the base and nobody applied yet: no drift. */
  readonly pending: readonly Address[];
  readonly same: number;
  readonly noise: Plan["noise"];
  readonly noiseList: readonly string[];
}

/** Which places of an entity drifted; "all" for the whole. */
interface Spot {
  tier: Tier;
  places: ReadonlySet<string> | "all";
  /** Its address in the project, where that is another. */
  there?: Address;
}

/**
 * What drifted, told by the plan that would bring it back: with a base, what moved in the project alone or on both sides; without one,
 * all that differs.
 */
export function driftOf(plan: Plan, ours: Snapshot, theirs: Snapshot, meanings: Meanings): Drift {
  const spots = new Map<Address, Spot>();
  const add = (address: Address, tier: Tier, places: readonly string[] | "all", there?: Address) => {
    const spot = spots.get(address);
    if (spot === undefined) {
      const own = places === "all" ? "all" : new Set(places);
      spots.set(address, { tier, places: own, ...(there === undefined ? {} : { there }) });
    } else if (spot.places !== "all") {
      spot.places = places === "all" ? "all" : new Set([...spot.places, ...places]);
      if (spot.tier === "added") spot.tier = tier;
    }
  };
  const pending: Address[] = [];
  for (const { address, action, fields, graph, previousAddress } of plan.changes) {
    const isSecretAlone = action === "update" && fields.length + graph.length === 0;
    if (isSecretAlone) continue;
    if (plan.base.kind !== "none") pending.push(address);
    else if (action === "create") add(address, "deleted", "all");
    else if (action !== "delete") {
      const whole = action === "rename" || !isMergeable(address);
      add(address, "declared", whole ? "all" : fields.map(({ path }) => path), previousAddress ?? undefined);
    }
  }
  for (const { address, fields } of plan.drift) {
    if (!theirs.entities.has(address)) add(address, "deleted", "all");
    else add(address, "declared", isMergeable(address) ? fields : "all");
  }
  for (const { at } of plan.conflicts) {
    const place = readPlace(at);
    if (place === undefined) continue;
    const tier = theirs.entities.has(place.address) ? "declared" : "deleted";
    add(place.address, tier, place.pointer.length === 0 ? "all" : [writePointer(place.pointer)]);
  }
  for (const { address, fields, why } of plan.kept)
    if (why === ONLY_THERE && fields.length > 0) add(address, "added", fields);
  for (const address of plan.unmanaged) add(address, "added", "all");
  const drifted = [...spots]
    .sort(([a], [b]) => byCodePoint(a, b))
    .flatMap(([address, spot]) => drift(address, spot, ours, theirs, meanings));
  return {
    drifted,
    pending,
    same: plan.summary.same,
    noise: plan.noise,
    noiseList: plan.noiseList ?? [],
  };
}

function drift(
  address: Address,
  { tier, places, there = address }: Spot,
  ours: Snapshot,
  theirs: Snapshot,
  meanings: Meanings,
): Drifted[] {
  const mine = ours.entities.get(address);
  const other = theirs.entities.get(there);
  const base = { kind: kindOf(address), tier, byHash: false, noiseHidden: 0, places: [], inPlan: false };
  if (mine === undefined || other === undefined) {
    const content = (mine ?? other)?.content ?? null;
    const action = mine === undefined ? "create" : "delete";
    return [{ ...base, address, action, previousAddress: null, fields: [], graph: [], content }];
  }
  const all = compare(meanings.of(mine, ours).meaning, meanings.of(other, theirs).meaning);
  const fields = places === "all" ? all : all.filter(({ pointer }) => places.has(writePointer(pointer)));
  const flow =
    base.kind === "flow"
      ? flowChange(
          address,
          { content: mine.content, surroundings: ours },
          { content: other.content, surroundings: theirs },
        )
      : undefined;
  if (fields.length === 0 && there === address) return [];
  return [
    {
      ...base,
      address: there,
      action: there === address ? "update" : "rename",
      previousAddress: there === address ? null : address,
      fields: fields.map((field) => plannedField(address, field, "folder")),
      graph: flow?.graph ?? [],
      ...(flow === undefined ? {} : { picture: flow.picture }),
      content: other.content,
    },
  ];
}

/** What drifted since a receipt was written. It holds hashes alone, so the old values are not known. */
export function driftSince(
  receipt: Receipt,
  theirs: Snapshot,
  meanings: Meanings,
  scope: { readonly only: readonly Place[]; readonly except: readonly Place[] },
): Drift {
  const drifted: Drifted[] = [];
  let same = 0;
  const isIn = (address: Address) =>
    !meanings.ignores(address) &&
    (scope.only.length === 0 || scope.only.some((one) => matchesAddress(one.address, address))) &&
    !scope.except.some((one) => one.pointer.length === 0 && matchesAddress(one.address, address));
  const base = { previousAddress: null, fields: [], graph: [], byHash: true, noiseHidden: 0, inPlan: false };
  for (const address of [...new Set([...Object.keys(receipt.entities), ...theirs.entities.keys()])].sort(
    byCodePoint,
  )) {
    if (!isIn(address)) continue;
    const recorded = receipt.entities[address];
    const entity = theirs.entities.get(address);
    const common = { ...base, address, kind: kindOf(address), content: entity?.content ?? null };
    if (recorded === undefined) {
      drifted.push({ ...common, action: "create", tier: "added", places: [] });
      continue;
    }
    if (entity === undefined) {
      drifted.push({ ...common, action: "delete", tier: "deleted", places: [] });
      continue;
    }
    const live = meanings.of(entity, theirs);
    if (live.hash === recorded.live) {
      same++;
      continue;
    }
    const shape = recorded.liveShape;
    const moved = shape === undefined ? [] : compare(shape, shapeOf(live.meaning, address));
    if (shape !== undefined && moved.length === 0) {
      same++;
      continue;
    }
    drifted.push({
      ...common,
      action: "update",
      tier: "declared",
      places: moved.map(({ pointer }) => {
        const place = namedPointer(pointer, live.meaning, address);
        return {
          path: writePointer(place),
          now: shownValue(address, place, valueAt(live.meaning, place)),
        };
      }),
    });
  }
  return { drifted, pending: [], same, noise: {}, noiseList: [] };
}

/** A pointer into a shape as one into the meaning: items are known by their names there, not by the hashes of these. */
function namedPointer(pointer: Pointer, meaning: Json, address: Address): Pointer {
  const out: string[] = [];
  for (const segment of pointer) {
    const step = readSegment(segment);
    const here = valueAt(meaning, out);
    if (step.kind !== "item" || !Array.isArray(here)) {
      out.push(segment);
      continue;
    }
    const names = here.flatMap((item) => {
      const name = valueAt(item, [step.by]);
      return typeof name === "string" ? [name] : [];
    });
    const name = names.find((one) => shapeOf(one, address) === step.value);
    out.push(itemSegment(step.by, name ?? "?"));
  }
  return out;
}

/** Marks what an open plan would change too: somebody has to decide which of the two is right. */
export function withOpenPlan(found: Drift, plan: Plan): Drift {
  const touched = new Map(plan.changes.map((change) => [change.address, change]));
  return {
    ...found,
    drifted: found.drifted.map((one) => {
      const change = touched.get(one.address) ?? touched.get(one.previousAddress ?? "");
      if (change === undefined) return one;
      const paths = [...one.fields, ...one.places].map(({ path }) => path);
      const isWhole = paths.length === 0 || change.fields.length === 0 || !isMergeable(one.address);
      const inPlan = isWhole || change.fields.some(({ path }) => paths.includes(path));
      return { ...one, inPlan };
    }),
  };
}
