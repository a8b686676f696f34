import fc from "fast-check";
import { listMembers } from "../../src/json/members.ts";
import { byCodePoint } from "../../src/json/print.ts";
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
  const walk = (start: number, end: number): void => {
    if (bytes[start] !== 0x7b) return;
    const members = listMembers(bytes, start, end);
    const keys = members.map(({ key }) => key);
    if ([...keys].sort(byCodePoint).join("\n") !== keys.join("\n")) found.push(JSON.stringify(keys));
    for (const member of members) walk(member.start, member.end);
  };
  walk(0, bytes.length);
  return found;
}
