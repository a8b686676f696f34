import { isRawNumber, Ordered, type Json, type JsonObject } from "./value.ts";

/**
 * Prints JSON in the one canonical form that files and `--json` share: keys of plain objects sorted by code point, records in
 * their own order, two spaces of indent, `<`, `>`, `&`, U+2028 and U+2029 escaped, numbers as they were read. No final newline.
 *
 * The form is byte for byte what the vendor's command line writes, so that swapping the binary shows no change in git.
 */
export function printJson(value: Json, layout: "indented" | "compact" = "indented"): string {
  if (layout === "indented") {
    const sorted = sortedForRuntime(value);
    if (sorted !== UNSORTABLE) return escapeHtml(JSON.stringify(sorted, null, 2));
  }
  return layout === "indented" ? print(value, "\n") : printCompact(value);
}

/** Without spaces. Where the whole cannot be left to the runtime, its parts are: a flow's screens, if not its numbered steps. */
function printCompact(value: Json): string {
  if (typeof value !== "object" || value === null) return print(value, "");
  const sorted = sortedForRuntime(value);
  return sorted === UNSORTABLE ? print(value, "") : escapeHtml(JSON.stringify(sorted));
}

/** Stands for a value whose order the runtime's own objects cannot hold. */
const UNSORTABLE = Symbol("unsortable");

/**
 * The value with the keys of every object in order, so that the runtime's own serialiser, which is several times faster than
 * {@link print}, gives the canonical form. Parts that are in order already are shared, not copied.
 *
 * @returns {@link UNSORTABLE} where that cannot be: records have an order of their own, and the runtime puts integer-like keys first.
 */
function sortedForRuntime(value: Json): Json | typeof UNSORTABLE {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return sortedItems(value);
  if (value instanceof Ordered) return UNSORTABLE;
  if (isRawNumber(value)) return value;
  const keys = Object.keys(value);
  let inOrder = true;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (keys.length > 1 && INTEGER_LIKE.test(key)) return UNSORTABLE;
    if (i > 0 && key < (keys[i - 1] as string)) inOrder = false;
    if (key === "__proto__" || hasSurrogate(key)) return UNSORTABLE;
  }
  if (!inOrder) keys.sort();
  let copy: JsonObject | undefined = inOrder ? undefined : {};
  for (const key of keys) {
    const member = value[key] as Json;
    const sorted = typeof member === "object" ? sortedForRuntime(member) : member;
    if (sorted === UNSORTABLE) return UNSORTABLE;
    if (copy !== undefined) copy[key] = sorted;
    else if (sorted !== member) {
      copy = { ...value };
      copy[key] = sorted;
    }
  }
  return copy ?? value;
}

const INTEGER_LIKE = /^\d+$/;

function sortedItems(items: Json[]): Json[] | typeof UNSORTABLE {
  let copy: Json[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as Json;
    if (item === null || typeof item !== "object") continue;
    const sorted = sortedForRuntime(item);
    if (sorted === UNSORTABLE) return UNSORTABLE;
    if (sorted === item) continue;
    copy ??= items.slice();
    copy[i] = sorted;
  }
  return copy ?? items;
}

function hasSurrogate(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** Escapes what HTML would read in text that the runtime printed as JSON. */
export function escapeHtml(text: string): string {
  let out = text;
  if (out.includes("<")) out = out.replaceAll("<", "\\u003c");
  if (out.includes(">")) out = out.replaceAll(">", "\\u003e");
  if (out.includes("&")) out = out.replaceAll("&", "\\u0026");
  if (out.includes("\u2028")) out = out.replaceAll("\u2028", "\\u2028");
  if (out.includes("\u2029")) out = out.replaceAll("\u2029", "\\u2029");
  // A lone surrogate stands for bytes that were not UTF-8; the runtime escapes it, the canonical form replaces it.
  if (out.includes("\\ud")) out = out.replace(/(?<=(?<!\\)(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, "\ufffd");
  return out;
}

function print(value: Json, newline: string): string {
  if (typeof value === "string") return printString(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return printNumber(value);
  const inner = newline === "" ? "" : newline + "  ";
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    let out = "[";
    for (let i = 0; i < value.length; i++)
      out += (i === 0 ? "" : ",") + inner + member(value[i] ?? null, inner);
    return out + newline + "]";
  }
  if (isRawNumber(value)) return value.rawJSON;
  const entries = value instanceof Ordered ? value.entries : sortedEntries(value);
  if (entries.length === 0) return "{}";
  const colon = newline === "" ? ":" : ": ";
  let out = "{";
  let first = true;
  for (const [key, content] of entries) {
    out += (first ? "" : ",") + inner + printString(key) + colon + member(content, inner);
    first = false;
  }
  return out + newline + "}";
}

function member(value: Json, newline: string): string {
  return newline === "" ? printCompact(value) : print(value, newline);
}

function printNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

const PLAIN = /^[^"\\<>&\u0000-\u001f\u2028\u2029\ud800-\udfff]*$/;

function printString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  return escapeHtml(JSON.stringify(value.toWellFormed()));
}

function sortedEntries(value: JsonObject): [string, Json][] {
  return Object.keys(value)
    .sort(byCodePoint)
    .map((key) => [key, value[key] ?? null]);
}

/**
 * Orders strings by code point, which is also the order of their UTF-8 bytes. The language's own order is by UTF-16 unit and
 * puts characters above U+FFFF before U+E000.
 */
export function byCodePoint(left: string, right: string): number {
  if (left === right) return 0;
  if (!hasSurrogate(left) && !hasSurrogate(right)) return left < right ? -1 : 1;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** A UTF-16 unit's place among code points: surrogates stand for characters above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
