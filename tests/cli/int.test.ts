import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseGoInt } from "../../src/cli/int.ts";

test.each([
  ["0", 0n],
  ["00", 0n],
  ["-0", 0n],
  ["5", 5n],
  ["+5", 5n],
  ["-5", -5n],
  ["0x10", 16n],
  ["0Xff", 255n],
  ["-0x10", -16n],
  ["+0x1_f", 31n],
  ["0x_1f", 31n],
  ["0b11", 3n],
  ["0B_11", 3n],
  ["0o17", 15n],
  ["0O17", 15n],
  ["010", 8n],
  ["0_7", 7n],
  ["1_000", 1000n],
  ["9223372036854775807", 9223372036854775807n],
  ["-9223372036854775808", -9223372036854775808n],
  ["0x7fffffffffffffff", 9223372036854775807n],
])("reads %j", (text, number) => {
  expect(parseGoInt(text)).toBe(number);
});

test.each([
  "",
  " ",
  " 5",
  "5 ",
  "5\n",
  "abc",
  "08",
  "0b12",
  "0o8",
  "0xg",
  "0x",
  "0b",
  "0o",
  "-",
  "+",
  "--5",
  "+-5",
  "1.5",
  "1e3",
  "_1",
  "1_",
  "1__0",
  "0_",
  "0x_",
  "0x1__0",
  "-_1",
  "1_000_",
  "٣",
  "5n",
  "Infinity",
  "0x1p4",
  "9223372036854775808",
  "-9223372036854775809",
  "0x8000000000000000",
  "99999999999999999999999999",
])("refuses %j", (text) => {
  expect(parseGoInt(text)).toBeUndefined();
});

test("any number of 64 bits is read in every base", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
      const sign = number < 0n ? "-" : "";
      const size = number < 0n ? -number : number;
      expect(parseGoInt(String(number))).toBe(number);
      expect(parseGoInt(`${sign}0x${size.toString(16)}`)).toBe(number);
      expect(parseGoInt(`${sign}0o${size.toString(8)}`)).toBe(number);
      expect(parseGoInt(`${sign}0${size.toString(8)}`)).toBe(number);
      expect(parseGoInt(`${sign}0b${size.toString(2)}`)).toBe(number);
    }),
    { seed: 3, numRuns: 300 },
  );
});
