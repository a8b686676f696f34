import { byCodePoint } from "../../json/print.ts";
import type { Json } from "../../json/value.ts";
import { kindOf, matchesAddress, namingNothing, type Address, type Place } from "../model/address.ts";
import { compare } from "../model/compare.ts";
import { hiddenBetween } from "../model/meanings.ts";
import type { NoiseKind } from "../model/normalise.ts";
import { covers, readPointer } from "../model/pointer.ts";
import type { Picture } from "../../flow/draw/picture.ts";
import { plannedField } from "../plan/field.ts";
import { flowChange, unseenIn } from "../plan/flow-change.ts";
import type { Change, GraphChange, PlannedField } from "../plan/plan.ts";
import type { Held, Side } from "./side.ts";

/** What differs between the two sides of one entity. */
export interface Difference {
  readonly address: Address;
  readonly kind: string;
  /** From the left side to the right one. */
  readonly action: Change["action"];
  readonly previousAddress: Address | null;
  readonly fields: readonly PlannedField[];
  readonly graph: readonly GraphChange[];
  readonly picture?: Picture;
  /** True where one side is known by its hash alone. */
  readonly byHash: boolean;
  readonly content: Json;
  readonly noiseHidden: number;
}

export interface Comparison {
  readonly left: string;
  readonly right: string;
  readonly differences: readonly Difference[];
  readonly same: number;
  readonly noise: Readonly<Partial<Record<NoiseKind, number>>>;
  readonly noiseList: readonly string[];
  /** What was asked for and cannot have been meant, in words. */
  readonly warnings: readonly string[];
}

export interface ComparisonOptions {
  readonly only: readonly Place[];
  readonly except: readonly Place[];
}

/** Compares two sides entity by entity. Where one of them is partial, only what it holds is looked at. */
export function compareSides(left: Side, right: Side, options: ComparisonOptions): Comparison {
  const partial = [left, right].filter(({ isPartial }) => isPartial);
  const all = partial.length === 0 ? [left, right] : partial;
  const known = [...new Set(all.flatMap((side) => [...side.addresses]))].sort(byCodePoint);
  const addresses = known.filter((address) => isIn(address, options));
  const differences: Difference[] = [];
  const noise = new Map<NoiseKind, number>();
  const noiseList: string[] = [];
  let same = 0;
  for (const address of addresses) {
    const before = left.held(address);
    const after = right.held(address);
    if (before === undefined && after === undefined) continue;
    const found = difference(address, before, after, options, (kind, count) => {
      noise.set(kind, (noise.get(kind) ?? 0) + count);
      noiseList.push(`${kind}  ${address}`);
    });
    const told = found?.fields.map(({ path }) => readPointer(path) ?? []);
    const hidden =
      before === undefined || after === undefined ? [] : hiddenBetween(before.noise, after.noise, told);
    for (const { kind, pointer } of hidden) {
      noise.set(kind, (noise.get(kind) ?? 0) + 1);
      noiseList.push(`${kind}  ${address}${pointer === "" ? "" : `#${pointer}`}`);
    }
    if (found === undefined) same++;
    else differences.push({ ...found, noiseHidden: hidden.length });
  }
  return {
    left: left.name,
    right: right.name,
    differences: withRenames(differences, left, right),
    same,
    noise: Object.fromEntries([...noise].sort(([a], [b]) => byCodePoint(a, b))),
    noiseList,
    warnings: namingNothing(options, known),
  };
}

function isIn(address: Address, { only, except }: ComparisonOptions): boolean {
  if (only.length > 0 && !only.some((place) => matchesAddress(place.address, address))) return false;
  return !except.some((place) => place.pointer.length === 0 && matchesAddress(place.address, address));
}

function difference(
  address: Address,
  before: Held | undefined,
  after: Held | undefined,
  options: ComparisonOptions,
  hide: (kind: NoiseKind, count: number) => void,
): Difference | undefined {
  const base = {
    address,
    kind: kindOf(address),
    previousAddress: null,
    graph: [],
    byHash: false,
    noiseHidden: 0,
  };
  if (before === undefined || after === undefined) {
    const there = before ?? after;
    return {
      ...base,
      action: before === undefined ? "create" : "delete",
      fields: [],
      content: there?.content ?? null,
    };
  }
  if (before.meaning === undefined || after.meaning === undefined) {
    if (before.hash === after.hash) return undefined;
    return {
      ...base,
      action: "update",
      fields: [],
      byHash: true,
      content: after.content ?? before.content ?? null,
    };
  }
  const here = options.only.filter((place) => matchesAddress(place.address, address));
  const fields = compare(before.meaning, after.meaning).filter(({ pointer }) => {
    if (here.length > 0 && !here.some((place) => covers(place.pointer, pointer))) return false;
    return !options.except.some(
      (place) => matchesAddress(place.address, address) && covers(place.pointer, pointer),
    );
  });
  if (fields.length === 0) return undefined;
  const flow =
    kindOf(address) === "flow" && before.flow !== undefined && after.flow !== undefined
      ? flowChange(address, before.flow, after.flow)
      : undefined;
  const unseen = flow === undefined ? undefined : unseenIn(flow, fields);
  if (unseen !== undefined) {
    hide(unseen.kind, unseen.count);
    return undefined;
  }
  return {
    ...base,
    action: "update",
    fields: fields.map((field) => plannedField(address, field, "folder")),
    ...(flow === undefined ? {} : { graph: flow.graph, picture: flow.picture }),
    content: after.content ?? null,
  };
}

/** What is gone from the left and new on the right under the same id was renamed. */
function withRenames(differences: readonly Difference[], left: Side, right: Side): Difference[] {
  const gone = differences.filter(({ action }) => action === "delete");
  const taken = new Set<Address>();
  const renamed = differences.map((one): Difference => {
    if (one.action !== "create") return one;
    const after = right.held(one.address);
    if (after?.id === undefined || after.meaning === undefined) return one;
    for (const { address, kind } of gone) {
      const before = left.held(address);
      if (kind !== one.kind || before?.id !== after.id || before.meaning === undefined) continue;
      taken.add(address);
      return {
        ...one,
        action: "rename",
        previousAddress: address,
        fields: compare(before.meaning, after.meaning).map((field) =>
          plannedField(one.address, field, "folder"),
        ),
      };
    }
    return one;
  });
  return renamed.filter(({ address }) => !taken.has(address));
}
