/**
 * Places inside an entity, written as JSON pointers with one more kind of segment: `[name=Admin]` is the item of a list whose `name`
 * is that, so that a place stays the same when a list is re-ordered. In a pattern, `*` stands for any one segment.
 *
 * A pointer is held as its segments in their written form: `["tasks", "14", "name"]`, written `/tasks/14/name`.
 */
export type Pointer = readonly string[];

/** The segment of an object's key, with `~`, `/`, a first `[` and a lone `*` escaped. */
export function keySegment(key: string): string {
  if (!/[~/[*]/.test(key)) return key;
  const escaped = key.replaceAll("~", "~0").replaceAll("/", "~1");
  if (escaped === "*") return "~3";
  return escaped.startsWith("[") ? `~2${escaped.slice(1)}` : escaped;
}

/** The segment of a list's item that is known by its member `by`. */
export function itemSegment(by: string, value: string): string {
  return `[${by}=${value.replaceAll("~", "~0").replaceAll("/", "~1")}]`;
}

function unescape(text: string): string {
  return text.replace(/~[0-3]/g, (code) => ({ "~0": "~", "~1": "/", "~2": "[", "~3": "*" })[code] ?? code);
}

/** What a segment asks for: a key of an object or index of a list, an item by one of its members, or anything. */
export type Step =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "item"; readonly by: string; readonly value: string }
  | { readonly kind: "any" };

export function readSegment(segment: string): Step {
  if (segment === "*") return { kind: "any" };
  const item = /^\[([^=\]]+)=(.*)\]$/s.exec(segment);
  if (item !== null) return { kind: "item", by: item[1] as string, value: unescape(item[2] as string) };
  return { kind: "key", key: unescape(segment) };
}

/** The written form. */
export function writePointer(pointer: Pointer): string {
  return pointer.map((segment) => `/${segment}`).join("");
}

/** Reads the written form; undefined when it does not start with `/`. The empty text is the whole. */
export function readPointer(text: string): Pointer | undefined {
  if (text === "") return [];
  return text.startsWith("/") ? text.slice(1).split("/") : undefined;
}

/** True when `pattern` is `pointer` or stands above it. */
export function covers(pattern: Pointer, pointer: Pointer): boolean {
  return pattern.length <= pointer.length && pattern.every((segment, i) => sameSegment(segment, pointer[i]));
}

/** True when `pattern` is at `pointer`, above or below it. */
export function touches(pattern: Pointer, pointer: Pointer): boolean {
  const shared = Math.min(pattern.length, pointer.length);
  return pattern.slice(0, shared).every((segment, i) => sameSegment(segment, pointer[i]));
}

function sameSegment(pattern: string, segment: string | undefined): boolean {
  return pattern === "*" || pattern === segment;
}
