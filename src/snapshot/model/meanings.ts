import { printJson } from "../../json/print.ts";
import { isJsonObject, isRawNumber, type Json } from "../../json/value.ts";
import { matchesAddress, type Address, type Place } from "./address.ts";
import { assetContent, assetName, assetsIn } from "./assets.ts";
import type { SnapshotContent } from "../content.ts";
import type { Entity } from "./entity.ts";
import {
  normalise,
  sha256,
  type Noise,
  type NoiseKind,
  type Normalised,
  type Surroundings,
} from "./normalise.ts";
import { placesOf, valueAt, withoutValue } from "./place.ts";
import { readPointer, writePointer, type Pointer } from "./pointer.ts";

/** The hash of a meaning: `sha256:` and 64 hexadecimal digits. */
export type MeaningHash = string;

export function hashOf(meaning: Json): MeaningHash {
  return `sha256:${sha256(printJson(meaning, "compact"))}`;
}

/** The meaning of an entity with its hash, which is made when it is first asked for. */
export class Meaning implements Normalised {
  readonly meaning: Json;
  readonly noise: readonly Noise[];
  readonly references: ReadonlySet<Address>;
  private known: MeaningHash | undefined;

  constructor(meaning: Json, noise: readonly Noise[], references: ReadonlySet<Address>) {
    this.meaning = meaning;
    this.noise = noise;
    this.references = references;
  }

  get hash(): MeaningHash {
    return (this.known ??= hashOf(this.meaning));
  }
}

/** Finds what entities mean under one set of rules. */
export class Meanings {
  private readonly ignore: readonly Place[];

  /** @param ignore places that are no part of the meaning. */
  constructor(ignore: readonly Place[]) {
    this.ignore = ignore;
  }

  /** True for an entity that is left out as a whole. */
  ignores(address: Address): boolean {
    return this.ignore.some((rule) => rule.pointer.length === 0 && matchesAddress(rule.address, address));
  }

  /** The hash of what an entity means, where nothing else of it is asked. */
  hash(entity: Entity, surroundings: Surroundings): MeaningHash {
    return this.read(entity, surroundings, false).hash;
  }

  of(entity: Entity, surroundings: Surroundings): Meaning {
    return this.read(entity, surroundings, true);
  }

  private read(entity: Entity, surroundings: Surroundings, listNoise: boolean): Meaning {
    const { meaning, noise, references } = normalise(entity, surroundings, listNoise);
    let kept = meaning;
    const hidden: Noise[] = [];
    for (const rule of this.ignore) {
      if (rule.pointer.length === 0 || !matchesAddress(rule.address, entity.address)) continue;
      for (const place of placesOf(kept, rule.pointer)) {
        const value = valueAt(kept, place);
        if (value === undefined) continue;
        hidden.push({ kind: "ignored", pointer: writePointer(place), value });
        kept = withoutValue(kept, place);
      }
    }
    return new Meaning(kept, [...noise, ...hidden], references);
  }
}

/** True when two values are the same to the last key, following assets to what they hold. Quick; false says nothing. */
export function sameContent(
  left: Json,
  right: Json,
  lefts: SnapshotContent,
  rights: SnapshotContent,
): boolean {
  if (left === right && typeof left !== "object") {
    const asset = assetName(left);
    return asset === undefined || assetContent(lefts, asset) === assetContent(rights, asset);
  }
  if (left === right) {
    for (const asset of assetsIn(left))
      if (assetContent(lefts, asset) !== assetContent(rights, asset)) return false;
    return true;
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    for (let i = 0; i < left.length; i++)
      if (!sameContent(left[i] as Json, right[i] as Json, lefts, rights)) return false;
    return true;
  }
  if (isRawNumber(left)) return isRawNumber(right) && left.rawJSON === right.rawJSON;
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  let count = 0;
  for (const key in left) {
    count++;
    const other = right[key];
    if (other === undefined || !Object.hasOwn(right, key)) return false;
    if (!sameContent(left[key] as Json, other, lefts, rights)) return false;
  }
  for (const _ in right) count--;
  return count === 0;
}

/**
 * What of the noise differs between two sides.
 *
 * @param told places whose meaning differs: what was left out in the course of reading those is no noise.
 */
export function hiddenBetween(
  left: readonly Noise[],
  right: readonly Noise[],
  told: readonly Pointer[] = [],
): Noise[] {
  const toldAt = new Set(told.map((pointer) => withoutItems(pointer).join("/")));
  const isTold = ({ kind, pointer }: Noise) => {
    if (toldAt.size === 0 || !OF_ONE_VALUE.has(kind)) return false;
    const place = withoutItems(readPointer(pointer) ?? []);
    // An argument stands for its value.
    if (place.at(-1) === "value") place.pop();
    return place.some((_, i) => toldAt.has(place.slice(0, i + 1).join("/")));
  };
  const key = ({ kind, pointer }: Noise) => `${kind} ${pointer}`;
  const rights = new Map(right.map((one) => [key(one), one]));
  const hidden: Noise[] = [];
  for (const one of left) {
    const other = rights.get(key(one));
    if (other === undefined || printJson(other.value, "compact") !== printJson(one.value, "compact"))
      hidden.push(one);
    rights.delete(key(one));
  }
  return [...hidden, ...rights.values()].filter((one) => !isTold(one));
}

/** Noise that stands in the place of a value, which may differ in earnest too. */
const OF_ONE_VALUE: ReadonlySet<NoiseKind> = new Set(["ids", "empty values", "file names", "line ends"]);

/** A pointer without its steps into lists, whose items are numbered here and named there. Steps of a flow are no list. */
function withoutItems(pointer: Pointer): string[] {
  return pointer.filter((segment, i) => pointer[i - 1] === "tasks" || !/^(?:\d+$|\[)/.test(segment));
}
