import { describe, expect, test } from "bun:test";
import { evaluateCel, ipAddress, type CelValue } from "../../../src/emulator/fga/cel.ts";
import { CelError, freeNames, parseCel } from "../../../src/emulator/fga/cel-syntax.ts";

const names = new Map<string, CelValue>([
  ["n", 7n],
  ["d", 2.5],
  ["s", "admin_ann"],
  ["list", ["a", "b"]],
  ["ip", ipAddress("10.1.2.3")],
  ["ip6", ipAddress("2001:DB8::1")],
  ["user", new Map<string, CelValue>([["level", 3n]])],
]);
const value = (text: string) => evaluateCel(parseCel(text), names);

const cases: readonly (readonly [string, CelValue])[] = [
  ["true || false && false", true],
  ["!(1 < 2)", false],
  ["n == 7 && n != 8", true],
  ["n >= 6.5", true],
  ["1 == 1.0", true],
  ["7 / 2", 3n],
  ["-7 % 3", -1n],
  ["7.0 / 2.0", 3.5],
  ["1 + 2 * 3 - 4", 3n],
  ["(1 + 2) * 3", 9n],
  ['"a" + "b" == "ab"', true],
  ["'b' in list", true],
  ['"z" in ["x", "y"]', false],
  ['s.startsWith("admin_") && s.endsWith("ann") && s.contains("n_a")', true],
  ['s.matches("^admin_[a-z]+$")', true],
  ["size(list) == 2 && s.size() == 9", true],
  ["list[1]", "b"],
  ["user.level > 2 && user['level'] == 3", true],
  ["n > 5 ? 'big' : 'small'", "big"],
  ["list.exists(x, x == 'b')", true],
  ["list.all(x, x != 'b')", false],
  ["[1, 2, 3].filter(x, x > 1).map(x, x * 2) == [4, 6]", true],
  ["[1, 2].exists_one(x, x > 1)", true],
  ['ip.in_cidr("10.0.0.0/8")', true],
  ['ip.in_cidr("10.1.2.4")', false],
  ['ip6.in_cidr("2001:db8::/32")', true],
  ['ip == ipaddress("10.1.2.3")', true],
  ["int('12') + 1 == 13 && double(1) == 1.0 && string(n) == '7'", true],
  ["false && 1 / 0 == 1", false],
];
describe("values", () => {
  for (const [text, expected] of cases) {
    test(text, () => expect(value(text)).toEqual(expected));
  }
});

const wrong: readonly (readonly [string, string])[] = [
  ["1 / 0", "division by zero"],
  ["1 + 1.0", "an int + a double is not defined"],
  ["s > 1", "a string and an int have no order"],
  ["n && true", "an int stands where true or false is needed"],
  ["nobody", "there is no nobody"],
  ["list[5]", "a list has nothing at 5"],
  ['ip.in_cidr("all")', '"all" is not a range of addresses'],
  ['s.matches("(")', '"(" is not a regular expression'],
  ["n.startsWith('a')", "an int has no function startsWith of that kind"],
  ["explode(1)", "there is no function explode"],
  ["[1].all(x, x)", "all needs an expression that is true or false"],
];
describe("no value", () => {
  for (const [text, message] of wrong) {
    test(text, () => expect(() => value(text)).toThrow(new CelError(message)));
  }
});

test("an expression that goes on and on is stopped", () => {
  const twelve = `[${Array.from({ length: 12 }, (_, i) => i).join(",")}]`;
  const nested = `${twelve}.all(a, ${twelve}.all(b, ${twelve}.all(c, ${twelve}.all(d, a + b + c + d >= 0))))`;
  expect(() => value(nested)).toThrow("the expression takes too many steps");
});

describe("what is no expression", () => {
  for (const text of ["", "1 +", "a b", "(1", "[1,", "a.", "#", "{1}", "1 2", `${"(".repeat(3000)}1`]) {
    test(text.slice(0, 10), () => expect(() => parseCel(text)).toThrow(CelError));
  }
});

test("names that macros bind are not taken from outside", () => {
  expect(freeNames(parseCel("a.exists(x, x == b) && x > c[d] ? e : f.g"))).toEqual([
    "a",
    "b",
    "x",
    "c",
    "d",
    "e",
    "f",
  ]);
});
