import { byCodePoint } from "../../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { sameJson } from "../../json/equal.ts";
import { itemSegment, keySegment, type Pointer } from "./pointer.ts";

/** One difference between two meanings. */
export interface FieldChange {
  readonly pointer: Pointer;
  /** "reorder": a list holds the same items in another order; `old` and `new` are then what they are known by. */
  readonly op: "add" | "remove" | "change" | "reorder";
  readonly old: Json | undefined;
  readonly new: Json | undefined;
}

/**
 * Compares two meanings, member by member. Items of lists are paired by what identifies them, so that a place names the item and not
 * its number; lists without such a member are compared item by item where they are equally long, else as a whole.
 */
export function compare(left: Json, right: Json): FieldChange[] {
  const changes: FieldChange[] = [];
  walk(left, right, [], changes);
  return changes;
}

function walk(left: Json, right: Json, pointer: Pointer, changes: FieldChange[]): void {
  if (left === right) return;
  if (isJsonObject(left) && isJsonObject(right)) return objects(left, right, pointer, changes);
  if (Array.isArray(left) && Array.isArray(right)) return lists(left, right, pointer, changes);
  if (!sameJson(left, right)) changes.push({ pointer, op: "change", old: left, new: right });
}

function objects(left: JsonObject, right: JsonObject, pointer: Pointer, changes: FieldChange[]): void {
  const differing: string[] = [];
  for (const key in left) {
    const other = right[key];
    if (other === undefined || !Object.hasOwn(right, key) || !sameJson(left[key], other)) differing.push(key);
  }
  for (const key in right) if (!Object.hasOwn(left, key)) differing.push(key);
  for (const key of differing.sort(byCodePoint)) {
    const inner = [...pointer, keySegment(key)];
    const inLeft = Object.hasOwn(left, key);
    const inRight = Object.hasOwn(right, key);
    if (!inLeft) changes.push({ pointer: inner, op: "add", old: undefined, new: right[key] });
    else if (!inRight) changes.push({ pointer: inner, op: "remove", old: left[key], new: undefined });
    else walk(left[key] ?? null, right[key] ?? null, inner, changes);
  }
}

function lists(
  left: readonly Json[],
  right: readonly Json[],
  pointer: Pointer,
  changes: FieldChange[],
): void {
  if (sameJson(left as Json[], right as Json[])) return;
  const by = identity(left, right);
  if (by === undefined) {
    const pairs = left.length === right.length && [...left, ...right].every((item) => isJsonObject(item));
    if (pairs) left.forEach((item, i) => walk(item, right[i] ?? null, [...pointer, String(i)], changes));
    else changes.push({ pointer, op: "change", old: left as Json[], new: right as Json[] });
    return;
  }
  const lefts = new Map(left.map((item) => [identityOf(item, by) as string, item]));
  const rights = new Map(right.map((item) => [identityOf(item, by) as string, item]));
  for (const [name, item] of lefts) {
    const inner = [...pointer, itemSegment(by, name)];
    const other = rights.get(name);
    if (other === undefined) changes.push({ pointer: inner, op: "remove", old: item, new: undefined });
    else walk(item, other, inner, changes);
  }
  for (const [name, item] of rights)
    if (!lefts.has(name))
      changes.push({ pointer: [...pointer, itemSegment(by, name)], op: "add", old: undefined, new: item });
  const before = [...lefts.keys()].filter((name) => rights.has(name));
  const after = [...rights.keys()].filter((name) => lefts.has(name));
  if (before.some((name, i) => name !== after[i]))
    changes.push({ pointer, op: "reorder", old: before, new: after });
}

/** Members by which an item of a list may be known, the best first. */
export const IDENTITIES = [
  "id",
  "interactionId",
  "screenId",
  "name",
  "key",
  "text",
  "value",
  "label",
] as const;

/** The member that tells the items of both lists apart; undefined where none does. */
function identity(left: readonly Json[], right: readonly Json[]): string | undefined {
  return IDENTITIES.find((by) => tellsApart(left, by) && tellsApart(right, by));
}

function tellsApart(items: readonly Json[], by: string): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const name = identityOf(item, by);
    if (name === undefined || seen.has(name)) return false;
    seen.add(name);
  }
  return true;
}

function identityOf(item: Json, by: string): string | undefined {
  const known = isJsonObject(item) && Object.hasOwn(item, by) ? item[by] : undefined;
  return typeof known === "string" && known !== "" ? known : undefined;
}
