import { expect, test } from "bun:test";
import fc from "fast-check";
import { readCsvRecord } from "../../src/cli/csv.ts";

test.each([
  ["", []],
  ["a", ["a"]],
  ["a,b", ["a", "b"]],
  ["a, b ", ["a", " b "]],
  [",", ["", ""]],
  ["a,", ["a", ""]],
  [",a", ["", "a"]],
  ['"a,b",c', ["a,b", "c"]],
  ['"a""b"', ['a"b']],
  ['""', [""]],
  ['"",""', ["", ""]],
  ['"""', undefined],
  ['"a', undefined],
  ['a"b', undefined],
  ['a,b"', undefined],
  ['"a"b', undefined],
  ['"a" ,b', undefined],
  [' "a"', undefined],
  ["a\nb", ["a"]],
  ["a,b\nc,d", ["a", "b"]],
  ["\n\na", ["a"]],
  ["\r\n\na", ["a"]],
  ["\n", undefined],
  ["\r\n", undefined],
  ["\r", undefined],
  ["a\r\nb", ["a"]],
  ["a\r", ["a"]],
  ["a\rb", ["a\rb"]],
  ["a,\nb", ["a", ""]],
  ['"a\nb"', ["a\nb"]],
  ['"a\r\nb",c', ["a\nb", "c"]],
  ['"a"\r', ["a"]],
  ['"a"\nb', ["a"]],
  ['"a\n', undefined],
  ["#a", ["#a"]],
  ["é,界,😀", ["é", "界", "😀"]],
])("reads %j as Go does: %j", (text, items) => {
  expect(readCsvRecord(text)).toEqual(items as string[]);
});

test("what is quoted comes out as it went in", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 6 }), (items) => {
      const text = items.map((item) => `"${item.replaceAll('"', '""')}"`).join(",");
      // Go reads a line break of two characters as one of one.
      expect(readCsvRecord(text)).toEqual(items.map((item) => item.replaceAll("\r\n", "\n")));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("what needs no quotes comes out as it went in", () => {
  const plain = fc.string({ unit: "grapheme" }).filter((item) => !/[",\r\n]/.test(item));
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1, maxLength: 6 }), (items) => {
      const text = items.join(",");
      expect(readCsvRecord(text)).toEqual(text === "" ? [] : items);
    }),
    { seed: 2, numRuns: 500 },
  );
});
