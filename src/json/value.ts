/**
 * JSON values as this program carries them.
 *
 * Numbers that a 64-bit float cannot carry without changing their spelling (`12345678901234567890`, `1.0`, `1e5`)
 * are kept as the text that was read, in the runtime's own `JSON.rawJSON` wrapper; all others are plain numbers.
 */

/** A number kept as it was spelled. Made by {@link rawNumber}, recognised by {@link isRawNumber}. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** Any JSON value. A plain object has no order of its own: it is written with its keys sorted. */
export type Json = null | boolean | number | string | RawNumber | Ordered | Json[] | JsonObject;

/** A JSON object whose order does not matter. */
export interface JsonObject {
  [key: string]: Json;
}

/** A JSON object that is written in the order of its entries (records such as users, where the order is a contract). */
export class Ordered {
  readonly entries: readonly (readonly [string, Json])[];

  constructor(entries: readonly (readonly [string, Json])[]) {
    this.entries = entries;
  }

  get(key: string): Json | undefined {
    return this.entries.find(([name]) => name === key)?.[1];
  }
}

const raw = JSON as unknown as { rawJSON(text: string): RawNumber; isRawJSON(value: unknown): boolean };

/** Keeps a number's spelling. `text` must be a JSON number. */
export function rawNumber(text: string): RawNumber {
  return raw.rawJSON(text);
}

export function isRawNumber(value: unknown): value is RawNumber {
  return raw.isRawJSON(value);
}

/** True for a JSON object as parsed (not an array, not null, not a kept number, not a record). */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Ordered) &&
    !isRawNumber(value)
  );
}

/** The same value without the order of its records, so that all of it is written sorted. */
export function unordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(unordered);
  if (!(value instanceof Ordered)) return value;
  return Object.fromEntries(value.entries.map(([key, member]) => [key, unordered(member)]));
}

/** Go's idea of an empty value: what `omitempty` leaves out. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Ordered) return value.entries.length === 0;
  if (isRawNumber(value)) return Number(value.rawJSON) === 0;
  if (typeof value === "object") return Object.keys(value).length === 0;
  return false;
}
