import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import type { Files } from "./snapshot-files.ts";

/**
 * Long texts and images stand in files of their own, `assets/<prefix>-<sha256>.<extension>`; where they belong there is the string
 * `asset:<file name>`. The hash is of the text, or of an image's base64.
 */
const REFERENCE = /^asset:([^/\\]+)$/;

/** The file that a value refers to; undefined for a value that is no reference. */
export function assetPath(value: Json): string | undefined {
  const found = typeof value === "string" ? REFERENCE.exec(value) : null;
  return found === null ? undefined : `assets/${found[1]}`;
}

/** A value with every reference replaced by what stands in the file; a reference without its file stays. */
export function withAssetsInline(value: Json, files: Readonly<Files>): Json {
  if (typeof value === "string") {
    const path = assetPath(value);
    const content = path === undefined ? undefined : files[path];
    return typeof content === "string" ? content : value;
  }
  if (Array.isArray(value)) return value.map((item) => withAssetsInline(item, files));
  if (!isJsonObject(value)) return value;
  return mapMembers(value, (member) => withAssetsInline(member, files));
}

/** A value with every long text that stands in one of the files replaced by a reference to it: what {@link withAssetsInline} undoes. */
export function withKnownAssets(value: Json, assets: Readonly<Files>): Json {
  const known = new Map<string, string>();
  for (const [path, content] of Object.entries(assets)) {
    if (typeof content === "string" && content.length > 0)
      known.set(content, `asset:${path.slice("assets/".length)}`);
  }
  const walk = (inner: Json): Json => {
    if (typeof inner === "string") return known.get(inner) ?? inner;
    if (Array.isArray(inner)) return inner.map(walk);
    return isJsonObject(inner) ? mapMembers(inner, walk) : inner;
  };
  return known.size === 0 ? value : walk(value);
}

/** The files that the values below refer to. */
export function referencedAssets(value: Json, found = new Set<string>()): Set<string> {
  const path = assetPath(value);
  if (path !== undefined) found.add(path);
  else if (Array.isArray(value)) for (const item of value) referencedAssets(item, found);
  else if (isJsonObject(value)) for (const member of Object.values(value)) referencedAssets(member, found);
  return found;
}

/** The name under which a text is kept. */
export function assetName(prefix: "body" | "img" | "value", extension: string, content: string): string {
  return `${prefix}-${new Bun.CryptoHasher("sha256").update(content).digest("hex")}.${extension}`;
}

/**
 * The assets of an import as they were before a client wrote them to disk, each under the name that its content has: a text that got
 * a final newline loses it, one that was edited gets a new name, to which its references are changed.
 */
export function settleAssets(files: Readonly<Files>): Files {
  const renamed = new Map<string, string>();
  const settled: Files = {};
  for (const [path, content] of Object.entries(files)) {
    const name = /^assets\/(\w+-)([0-9a-f]{64})(\.\w+)$/.exec(path);
    if (name === null || typeof content !== "string") {
      settled[path] = content;
      continue;
    }
    const [, prefix = "", hash = "", extension = ""] = name;
    const isText = extension === ".txt" || extension === ".html";
    const bare = isText && content.endsWith("\n") ? content.slice(0, -1) : content;
    const original = [content, bare].find((text) => sha256(text) === hash);
    if (original !== undefined) {
      settled[path] = original;
      continue;
    }
    const file = `${prefix}${sha256(bare)}${extension}`;
    renamed.set(path.slice("assets/".length), file);
    settled[`assets/${file}`] = bare;
  }
  if (renamed.size === 0) return settled;
  return Object.fromEntries(
    Object.entries(settled).map(([path, content]) => {
      if (path === "assets/assets.json") return [path, renameLeaves(content, renamed, "")];
      return [path, isJsonObject(content) ? renameLeaves(content, renamed, "asset:") : content];
    }),
  );
}

/**
 * `assets/assets.json`: for each file, a tree that mirrors it down to the values that were replaced. Positions in lists are mirrored
 * up to the last that matters.
 */
export function assetMapping(files: Readonly<Files>): JsonObject {
  const mapping: JsonObject = {};
  for (const [path, content] of Object.entries(files)) {
    if (path.startsWith("assets/")) continue;
    const tree = mirror(content);
    if (tree !== undefined) mapping[path] = tree;
  }
  return { mapping };
}

/** The file names in a mapping, sorted: two mappings that place the same files are as good as each other. */
export function mappedFiles(mapping: Json): string[] {
  if (typeof mapping === "string") return [mapping];
  if (Array.isArray(mapping)) return mapping.flatMap(mappedFiles).sort();
  return isJsonObject(mapping) ? Object.values(mapping).flatMap(mappedFiles).sort() : [];
}

function mirror(value: Json): Json | undefined {
  if (typeof value === "string") return assetPath(value)?.slice("assets/".length);
  if (Array.isArray(value)) {
    const items = value.map(mirror);
    const last = items.findLastIndex((item) => item !== undefined);
    return last === -1 ? undefined : items.slice(0, last + 1).map((item) => item ?? {});
  }
  if (!isJsonObject(value)) return undefined;
  const members = Object.entries(value).flatMap(([key, member]): [string, Json][] => {
    const tree = mirror(member);
    return tree === undefined ? [] : [[key, tree]];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function renameLeaves(value: Json, renamed: ReadonlyMap<string, string>, prefix: string): Json {
  if (typeof value === "string") {
    const file = value.startsWith(prefix) ? renamed.get(value.slice(prefix.length)) : undefined;
    return file === undefined ? value : prefix + file;
  }
  if (Array.isArray(value)) return value.map((item) => renameLeaves(item, renamed, prefix));
  return isJsonObject(value) ? mapMembers(value, (member) => renameLeaves(member, renamed, prefix)) : value;
}

function mapMembers(value: JsonObject, change: (member: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member)]));
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
