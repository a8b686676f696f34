import { isJsonObject, type Json } from "../../json/value.ts";
import { kindOf, type Address } from "../model/address.ts";
import { assetContent, assetName, assetPath, assetsIn, isTextAsset, nameByContent } from "../model/assets.ts";
import type { SnapshotContent } from "../content.ts";
import type { Entity } from "../model/entity.ts";
import type { Meaning, Meanings } from "../model/meanings.ts";
import { placesOf, valueAt, withoutValue, withValue } from "../model/place.ts";
import { writePointer, type Pointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import type { After } from "./plan.ts";
import { withoutSecrets } from "./secrets.ts";

/**
 * An entity's content in the making, out of pieces of two snapshots. Assets that the pieces refer to come with them; where both
 * sides have another asset under one name, the newcomer gets a name of its own.
 */
export class Draft {
  content: Json;
  private readonly assets = new Map<string, string>();
  private readonly ids = new Map<string, Address>();

  constructor(from: Snapshot, content: Json) {
    this.content = this.adopt(content, from);
  }

  /** Puts a piece of `from` at a place; removes what is there when the piece is undefined. */
  put(pointer: Pointer, value: Json | undefined, from: Snapshot): void {
    if (value === undefined) this.content = withoutValue(this.content, pointer);
    else this.set(pointer, this.adopt(value, from));
  }

  /** Puts the items of a list into the order that `names` gives; what it does not name stays behind. */
  reorder(pointer: Pointer, by: string, names: readonly string[]): void {
    const items = valueAt(this.content, pointer);
    if (!Array.isArray(items)) return;
    const rank = (item: Json) => {
      const name = isJsonObject(item) ? item[by] : undefined;
      const index = typeof name === "string" ? names.indexOf(name) : -1;
      return index === -1 ? names.length : index;
    };
    const ordered = items.map((item) => [rank(item), item] as const).sort(([a], [b]) => a - b);
    this.set(
      pointer,
      ordered.map(([, item]) => item),
    );
  }

  private set(pointer: Pointer, value: Json): void {
    const changed = withValue(this.content, pointer, value);
    if (changed !== undefined) this.content = changed;
  }

  /** Overwrites every place that a pattern leads to on either side by what `from` has there. Gives back the places that differed. */
  restore(pattern: Pointer, of: Entity, from: Snapshot): string[] {
    const places = new Map<string, Pointer>();
    const mine = pattern.includes("*") ? placesOf(this.content, pattern) : [pattern];
    for (const pointer of [...mine, ...placesOf(of.content, pattern)])
      places.set(writePointer(pointer), pointer);
    const differing: string[] = [];
    for (const [written, pointer] of places) {
      const theirs = valueAt(of.content, pointer);
      const before = this.content;
      const was = valueAt(before, pointer);
      if (was === undefined && theirs === undefined) continue;
      this.put(pointer, theirs, from);
      if (JSON.stringify(was) !== JSON.stringify(theirs)) differing.push(written);
    }
    return differing;
  }

  /** What it means, as an entity at `address`. */
  meaning(entity: Entity, meanings: Meanings): Meaning {
    return meanings.of({ ...entity, content: this.content }, surroundingsOf(this.assetRecord(), this.ids));
  }

  /** The finished content with all that it refers to. */
  finish(entity: Entity, meanings: Meanings): { after: After; meaning: Meaning } {
    const meaning = this.meaning(entity, meanings);
    const used = assetsIn(this.content);
    const { storage } = entity;
    return {
      meaning,
      after: {
        content: withoutSecrets(entity.address, this.content),
        hash: meaning.hash,
        assets: Object.fromEntries([...this.assets].filter(([name]) => used.has(name))),
        ids: Object.fromEntries(this.ids),
        ...(storage.form === "file" ? { file: storage.path } : {}),
        ...(storage.form === "item" ? { list: { path: storage.path, member: storage.member } } : {}),
        ...(storage.form === "file" && kindOf(entity.address) === "file" && storage.index !== undefined
          ? { index: storage.index }
          : {}),
        ...(storage.form === "folder" ? { screenFiles: storage.screenFiles } : {}),
      },
    };
  }

  private assetRecord(): Record<string, string> {
    return Object.fromEntries(this.assets);
  }

  private adopt(value: Json, from: Snapshot): Json {
    if (typeof value === "string") {
      const asset = assetName(value);
      if (asset !== undefined) return this.adoptAsset(value, asset, from);
      const address = value.length < 24 ? undefined : from.ids.get(value);
      if (address !== undefined && !this.ids.has(value)) this.ids.set(value, address);
      return value;
    }
    if (Array.isArray(value)) {
      let copy: Json[] | undefined;
      value.forEach((item, i) => {
        const adopted = this.adopt(item, from);
        if (adopted !== item) (copy ??= [...value])[i] = adopted;
      });
      return copy ?? value;
    }
    if (!isJsonObject(value)) return value;
    let copy: [string, Json][] | undefined;
    Object.keys(value).forEach((key, i) => {
      const member = value[key] ?? null;
      const adopted = this.adopt(member, from);
      if (adopted !== member) (copy ??= Object.entries(value))[i] = [key, adopted];
    });
    return copy === undefined ? value : Object.fromEntries(copy);
  }

  private adoptAsset(value: string, name: string, from: Snapshot): Json {
    const content = assetContent(from.content, name);
    if (content === undefined) return value;
    for (const candidate of [name, nameByContent(name, content)]) {
      const taken = this.assets.get(candidate);
      if (taken !== undefined && taken !== content) continue;
      this.assets.set(candidate, content);
      return candidate === name ? value : `asset:${candidate}`;
    }
    return isTextAsset(name) ? content : value;
  }
}

/** The surroundings that a plan carries with an entity. */
export function surroundingsOf(
  assets: Readonly<Record<string, string>>,
  ids: ReadonlyMap<string, Address> | Readonly<Record<string, Address>>,
): { content: Pick<SnapshotContent, "get">; ids: ReadonlyMap<string, Address> } {
  const files = new Map(Object.entries(assets).map(([name, content]) => [assetPath(name), content as Json]));
  return { content: files, ids: ids instanceof Map ? ids : new Map(Object.entries(ids)) };
}
