import { isJsonObject, type Json, type JsonObject } from "./value.ts";

/**
 * Looks into JSON that may be of any shape: what is not there, or not of the kind that is looked for, is empty. Only an object's own
 * members are seen, whatever the key.
 */
export function member(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The object that is `value`, or an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The list that is `value`, or an empty one. */
export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The text that is `value`, or "". */
export function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The members of the object that is `value`; none of anything else. */
export function entriesOf(value: Json | undefined): [string, Json][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** What stands at the end of a path of keys and positions; undefined where the path leads nowhere. */
export function at(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  let here = value;
  for (const step of path) here = typeof step === "number" ? asList(here)[step] : member(here, step);
  return here;
}
