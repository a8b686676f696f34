import { printJson } from "../../json/print.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { kindOf, type Address } from "../model/address.ts";
import type { Meanings, MeaningHash } from "../model/meanings.ts";
import { sameJson } from "../../json/equal.ts";
import { isSecretMember, sha256 } from "../model/normalise.ts";
import { valueAt } from "../model/place.ts";
import { itemSegment, readSegment, type Pointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";

/** A meaning in which each value is a hash: it tells whether a value changed, not what it was. */
export type Shape = Json;

/** What was last known of an entity: what was wanted, and what the target then held. */
export interface Recorded {
  readonly desired: MeaningHash;
  readonly live: MeaningHash;
  /** Of settings; absent for flows and widgets, which are told by their hashes alone. */
  readonly liveShape?: Shape;
  /** Where the target had made something else of it. */
  readonly desiredShape?: Shape;
}

/** What both sides last had in common. */
export interface Base {
  readonly kind: "receipt" | "git" | "folder" | "none";
  readonly label: string | undefined;
  readonly fingerprint: string | undefined;
  /** False for an entity that it says nothing of. */
  knows(address: Address): boolean;
  /** Whether a side differs from what the base says, as a whole. */
  moved(side: Side, address: Address, hash: MeaningHash): boolean;
  /** The same of one place; undefined where the base cannot tell. */
  movedAt(side: Side, address: Address, pointer: Pointer, value: Json | undefined): boolean | undefined;
  /** The value at a place, where the base holds values. */
  valueAt(address: Address, pointer: Pointer): Json | undefined;
  /** What a receipt holds of an entity that is left alone. */
  record(address: Address): Recorded | undefined;
  /** All that it knows of. */
  readonly addresses: ReadonlySet<Address>;
}

export type Side = "ours" | "theirs";

/** Entities that are compared and merged member by member; all others are taken or left as a whole. */
export function isMergeable(address: Address): boolean {
  const kind = kindOf(address);
  return kind !== "flow" && kind !== "widget";
}

/** No base: change cannot be told from drift. */
export const noBase: Base = {
  kind: "none",
  label: undefined,
  fingerprint: undefined,
  addresses: new Set(),
  knows: () => false,
  moved: () => true,
  movedAt: () => undefined,
  valueAt: () => undefined,
  record: () => undefined,
};

/** A snapshot as the base: an earlier commit, or a folder. */
export function snapshotBase(
  kind: "git" | "folder",
  label: string,
  snapshot: Snapshot,
  meanings: Meanings,
): Base {
  const cache = new Map<Address, { hash: MeaningHash; meaning: Json }>();
  const meaningOf = (address: Address) => {
    const entity = snapshot.entities.get(address);
    if (entity === undefined) return undefined;
    let found = cache.get(address);
    if (found === undefined) cache.set(address, (found = meanings.of(entity, snapshot)));
    return found;
  };
  return {
    kind,
    label,
    fingerprint: undefined,
    addresses: new Set(snapshot.entities.keys()),
    knows: (address) => snapshot.entities.has(address),
    moved: (_side, address, hash) => meaningOf(address)?.hash !== hash,
    movedAt: (_side, address, pointer, value) => {
      const found = meaningOf(address);
      if (found === undefined) return undefined;
      return !sameJson(valueAt(found.meaning, pointer), value);
    },
    valueAt: (address, pointer) => {
      const found = meaningOf(address);
      return found === undefined ? undefined : valueAt(found.meaning, pointer);
    },
    record: (address) => {
      const found = meaningOf(address);
      return found === undefined ? undefined : recordOf(address, found, found);
    },
  };
}

/** What a receipt recorded as the base. */
export function recordedBase(fingerprint: string, entities: ReadonlyMap<Address, Recorded>): Base {
  return {
    kind: "receipt",
    label: undefined,
    fingerprint,
    addresses: new Set(entities.keys()),
    knows: (address) => entities.has(address),
    moved: (side, address, hash) => {
      const found = entities.get(address);
      return (side === "ours" ? found?.desired : found?.live) !== hash;
    },
    movedAt: (side, address, pointer, value) => {
      const found = entities.get(address);
      const shape = side === "ours" ? (found?.desiredShape ?? found?.liveShape) : found?.liveShape;
      if (shape === undefined) return undefined;
      const recorded = shapeAt(shape, pointer, address);
      return !sameJson(recorded, value === undefined ? undefined : shapeOf(value, address));
    },
    valueAt: () => undefined,
    record: (address) => entities.get(address),
  };
}

/** What a receipt holds of an entity: what was wanted, and what the target has. */
export function recordOf(
  address: Address,
  desired: { readonly hash: MeaningHash; readonly meaning: Json },
  live: { readonly hash: MeaningHash; readonly meaning: Json },
): Recorded {
  if (!isMergeable(address)) return { desired: desired.hash, live: live.hash };
  return {
    desired: desired.hash,
    live: live.hash,
    liveShape: shapeOf(live.meaning, address),
    ...(desired.hash === live.hash ? {} : { desiredShape: shapeOf(desired.meaning, address) }),
  };
}

/** Puts a hash in the place of each value. Keys stay; of a secret nothing is kept, not even a hash. */
export function shapeOf(meaning: Json, address: Address): Shape {
  if (Array.isArray(meaning)) return meaning.map((item) => shapeOf(item, address));
  if (isJsonObject(meaning)) {
    return Object.fromEntries(
      Object.entries(meaning).map(([key, member]) => {
        const isSecret = typeof member === "string" && isSecretMember(address, key);
        return [key, isSecret ? "secret" : shapeOf(member, address)];
      }),
    );
  }
  return sha256(`${address}\n${printJson(meaning, "compact")}`).slice(0, 16);
}

/** A pointer into a shape: what items are known by is hashed there too. */
export function shapePointer(pointer: Pointer, address: Address): Pointer {
  return pointer.map((segment) => {
    const step = readSegment(segment);
    return step.kind === "item" ? itemSegment(step.by, shapeOf(step.value, address) as string) : segment;
  });
}

function shapeAt(shape: Shape, pointer: Pointer, address: Address): Shape | undefined {
  return valueAt(shape, shapePointer(pointer, address));
}
