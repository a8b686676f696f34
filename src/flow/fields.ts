import { fileFailure } from "../failure.ts";
import { isEmpty, isJsonObject, isRawNumber, type Json, type JsonObject } from "../json/value.ts";

/** What the members of a flow's records may hold. */
interface Values {
  text: string;
  switch: boolean;
  /** Fits in 64 bits, spelled without point and exponent. */
  whole: Json;
  texts: string[];
  /** null is an item too. */
  objects: (JsonObject | null)[];
  object: JsonObject;
}

type Kind = keyof Values;

/** A record's known members: what each has to hold. */
export type FieldKinds = Readonly<Record<string, Kind>>;

/** A record's members by what is known of them. */
export interface Fields<F extends FieldKinds> {
  /** By the record's own spelling of their names; absent where the source has none, or null. */
  readonly known: { readonly [K in keyof F]?: Values[F[K]] };
  /** All others, as they stand in the source. */
  readonly unknown: readonly (readonly [string, Json])[];
}

/**
 * Sorts a record's members. Names match without regard to case; of several spellings of one name the last one counts.
 *
 * @param file the file's name, for errors.
 * @param at where in the file the record stands, for errors: "flow", "screens[0]"; empty for the whole of it.
 * @throws {Failure} "file" for a member of the wrong type.
 */
export function readFields<const F extends FieldKinds>(
  raw: JsonObject,
  kinds: F,
  file: string,
  at: string,
): Fields<F> {
  const known: Record<string, unknown> = {};
  const unknown: [string, Json][] = [];
  for (const [key, value] of Object.entries(raw)) {
    const name = findName(kinds, key);
    if (name === undefined) unknown.push([key, value]);
    else if (value !== null)
      known[name] = readers[kinds[name] as Kind](value, `${file}: ${memberOf(at, key)}`);
  }
  return { known: known as Fields<F>["known"], unknown };
}

/** Where a member of the record at `at` stands. */
export function memberOf(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

/** A record's name for a member, undefined where it knows none. */
export function findName(kinds: FieldKinds, key: string): string | undefined {
  const folded = key.toLowerCase();
  return Object.keys(kinds).find((name) => name.toLowerCase() === folded);
}

/** An object of those members that say something: null, `""`, 0, false, `[]` and `{}` are left out. */
export function spoken(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const entries = Object.entries(members).filter((entry): entry is [string, Json] => !isEmpty(entry[1]));
  return Object.fromEntries(entries);
}

const readers: { readonly [K in Kind]: (value: Json, place: string) => Values[K] } = {
  text(value, place) {
    if (typeof value !== "string") throw wrong(place, "a string");
    return value;
  },
  switch(value, place) {
    if (typeof value !== "boolean") throw wrong(place, "true or false");
    return value;
  },
  whole(value, place) {
    if (!isWhole(value)) throw wrong(place, "a whole number of 64 bits");
    return value;
  },
  texts(value, place) {
    if (!Array.isArray(value)) throw wrong(place, "a list of strings");
    return value.map((item, i) => (item === null ? "" : readers.text(item, `${place}[${i}]`)));
  },
  objects(value, place) {
    if (!Array.isArray(value)) throw wrong(place, "a list of objects");
    return value.map((item, i) => (item === null ? null : readers.object(item, `${place}[${i}]`)));
  },
  object(value, place) {
    if (!isJsonObject(value)) throw wrong(place, "an object");
    return value;
  },
};

const LARGEST = 2n ** 63n - 1n;

function isWhole(value: Json): boolean {
  const spelling = isRawNumber(value) ? value.rawJSON : typeof value === "number" ? String(value) : "";
  if (!/^-?\d{1,19}$/.test(spelling)) return false;
  const whole = BigInt(spelling);
  return -LARGEST - 1n <= whole && whole <= LARGEST;
}

function wrong(place: string, wanted: string) {
  return fileFailure(`${place} is not ${wanted}`);
}
