import { isJsonObject, type Json } from "../../json/value.ts";
import { extension } from "../layout.ts";
import type { SnapshotContent } from "../content.ts";

const PREFIX = "asset:";

/** A file name as exports give one: what only begins like a reference is somebody's text. */
const FILE_NAME = /^[^/\\\s]+\.[A-Za-z0-9]{1,8}$/;

/** The file name that a value refers to as an asset; undefined for all other values. */
export function assetName(value: Json): string | undefined {
  if (typeof value !== "string" || !value.startsWith(PREFIX)) return undefined;
  const name = value.slice(PREFIX.length);
  return FILE_NAME.test(name) ? name : undefined;
}

export function assetPath(name: string): string {
  return `assets/${name}`;
}

/** How PNG, JPEG, GIF, WebP and SVG files begin in base64. */
const IMAGE =
  /^(?:data:image\/[a-z+.-]+;base64,)?((?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|PHN2Zy|PD94bWwg)[A-Za-z0-9+/]*={0,2})$/;

/** The base64 of an image that stands in a value itself, as exports without assets have it; undefined for all else. */
export function inlineImage(value: string): string | undefined {
  return value.length < 24 ? undefined : IMAGE.exec(value)?.[1];
}

/** A binary asset, or an image in its place, in words: its hash. */
export function binaryWords(base64: string): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(base64).digest("hex")}`;
}

/** The value with images that stand in it by their hashes. What holds none is not copied. */
export function withImagesHashed(value: Json): Json {
  if (typeof value === "string") {
    const image = inlineImage(value);
    return image === undefined ? value : binaryWords(image);
  }
  if (Array.isArray(value)) {
    const items = value.map(withImagesHashed);
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(
    ([key, member]) => [key, withImagesHashed(member ?? null)] as const,
  );
  return members.every(([key, member]) => member === value[key]) ? value : Object.fromEntries(members);
}

/** The file that repeats where each asset belongs. */
export const ASSET_INDEX = "assets/assets.json";

/** True for assets that are text; the others are base64. */
export function isTextAsset(name: string): boolean {
  return extension(name) === ".txt" || extension(name) === ".html";
}

/** Names of all assets that a value refers to, in order, each once. */
export function assetsIn(value: Json, found = new Set<string>()): Set<string> {
  if (typeof value === "string") {
    const name = assetName(value);
    if (name !== undefined) found.add(name);
  } else if (Array.isArray(value)) {
    for (const item of value) if (mayHold(item)) assetsIn(item, found);
  } else if (isJsonObject(value)) {
    for (const key in value) {
      const member = value[key] ?? null;
      if (mayHold(member)) assetsIn(member, found);
    }
  }
  return found;
}

const known = new WeakMap<object, ReadonlySet<string>>();

/** The same of a whole document, which is walked once however often it is asked for: two environments share most of theirs. */
export function assetsOf(document: Json): ReadonlySet<string> {
  if (typeof document !== "object" || document === null) return assetsIn(document);
  let found = known.get(document);
  if (found === undefined) known.set(document, (found = assetsIn(document)));
  return found;
}

/** Keys and indexes from a value to the first place that refers to an asset; undefined where none does. */
export function pathOfAsset(value: Json, name: string): (string | number)[] | undefined {
  if (typeof value === "string") return assetName(value) === name ? [] : undefined;
  const members: [string | number, Json | undefined][] = Array.isArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  for (const [key, member = null] of members) {
    const rest = mayHold(member) ? pathOfAsset(member, name) : undefined;
    if (rest !== undefined) return [key, ...rest];
  }
  return undefined;
}

/** Looks at a value before a call is spent on it: most are plain texts. */
function mayHold(value: Json): boolean {
  return typeof value === "string" ? value.startsWith(PREFIX) : typeof value === "object" && value !== null;
}

/**
 * The tree that mirrors where a document refers to assets, as the asset index has it: leaves are file names, what leads to none is
 * left out (an empty object in lists, so that positions stay). Undefined for a document without assets.
 */
export function assetTree(value: Json): Json | undefined {
  const name = assetName(value);
  if (name !== undefined) return name;
  if (Array.isArray(value)) {
    const items = value.map((item) => assetTree(item));
    const last = items.findLastIndex((item) => item !== undefined);
    return last === -1 ? undefined : items.slice(0, last + 1).map((item) => item ?? {});
  }
  if (!isJsonObject(value)) return undefined;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const tree = assetTree(member);
    return tree === undefined ? [] : [[key, tree] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** An asset's name by its content: the hash of the text, or of the base64 text. */
export function nameByContent(name: string, content: string): string {
  const prefix = name.includes("-") ? name.slice(0, name.indexOf("-")) : "value";
  const hashed = isTextAsset(name) && content.endsWith("\n") ? content.slice(0, -1) : content;
  return `${prefix}-${new Bun.CryptoHasher("sha256").update(hashed).digest("hex")}${extension(name)}`;
}

/** The content of an asset: text without the newline that is added when it is written, or base64. Undefined when there is no file. */
export function assetContent(content: Pick<SnapshotContent, "get">, name: string): string | undefined {
  const found = content.get(assetPath(name));
  return typeof found === "string" ? found : undefined;
}
