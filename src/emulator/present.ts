import { isJsonObject, type Json } from "../json/value.ts";

/** What of a request says something: null, wherever it stands in an object, says nothing. */
export function present(input: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) => (value == null ? [] : [[name, withoutNulls(value)]])),
  );
}

function withoutNulls(value: Json): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  return isJsonObject(value) ? present(value) : value;
}
