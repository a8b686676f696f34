import type { Json } from "../../src/json/value.ts";
import type { SnapshotContent } from "../../src/snapshot/content.ts";
import type { Random } from "./random.ts";

/** Members whose lists are sets. */
const SETS = new Set([
  "scopes",
  "permissionNames",
  "rules",
  "claims",
  "flows",
  "connectors",
  "styles",
  "widgets",
  "sharedInteractions",
]);

/** The items in another order. */
function shuffledList<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => [random.below(2 ** 31), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** The same value with the keys of every object and the items of every set in another order. */
function shuffled(value: Json, random: Random, key = ""): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, random));
    return SETS.has(key) ? shuffledList(items, random) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, member]): [string, Json] => [
    name,
    shuffled(member as Json, random, name),
  ]);
  return Object.fromEntries(shuffledList(entries, random));
}

/** The same snapshot with its files, their keys and their sets in another order. */
export function shuffledContent(content: SnapshotContent, random: Random): Map<string, Json> {
  return new Map(
    shuffledList(
      [...content].map(([path, value]): [string, Json] => [path, shuffled(value, random)]),
      random,
    ),
  );
}
