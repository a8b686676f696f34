import fc from "fast-check";
import { byCodePoint } from "../../src/json/print.ts";
import {
  CLOSE_BRACE,
  COMMA,
  OPEN_BRACE,
  parseKey,
  skipSpace,
  skipString,
  skipValue,
} from "../../src/json/scan.ts";
import { rawNumber, type Json, type JsonObject } from "../../src/json/value.ts";

/** Member names that are hard to keep: integer-like, empty, beyond the basic plane, the one that objects treat apart. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("0", "10", "9", "12.end", "", "Z", "a", "é", "\uffff", "\u{1f600}", "__proto__", "<&>"),
  fc.string({ unit: "grapheme", maxLength: 5 }),
);

const values = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<Json>(null, true, false, 0, "", 1, -1.5),
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.constantFrom("1.0", "-0", "1e5", "9007199254740993", "0.10", "0e1").map(rawNumber),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(names, tie("value"), { maxKeys: 4 }),
}));

/** Any JSON, numbers that a float would respell among it. */
export const anyJson: fc.Arbitrary<Json> = values.value;
export const anyObject: fc.Arbitrary<JsonObject> = values.object;

/** The key lists in a JSON text that do not stand by code point, and values in lists left out of the search. */
export function unsortedKeys(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  const found: string[] = [];
  /** Looks into the object that begins at `start`, and gives back where it ends. */
  const walk = (start: number): number => {
    const keys: string[] = [];
    let at = skipSpace(bytes, start + 1, bytes.length);
    while (bytes[at] !== CLOSE_BRACE) {
      const end = skipString(bytes, at, bytes.length);
      keys.push(parseKey(bytes, at, end) ?? "");
      const value = skipSpace(bytes, skipSpace(bytes, end, bytes.length) + 1, bytes.length);
      const behind = bytes[value] === OPEN_BRACE ? walk(value) : skipValue(bytes, value, bytes.length);
      at = skipSpace(bytes, behind, bytes.length);
      if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1, bytes.length);
    }
    if ([...keys].sort(byCodePoint).join("\n") !== keys.join("\n")) found.push(JSON.stringify(keys));
    return at + 1;
  };
  if (bytes[0] === OPEN_BRACE) walk(0);
  return found;
}
