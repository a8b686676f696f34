import { invalidRequest } from "../error.ts";

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A length of time in milliseconds: a number of seconds, or a text of amounts with units ("10m", "1h30m", "-2d").
 *
 * @throws {EmulatorError} naming the field when it is neither.
 */
export function lengthOfTime(field: string, given: number | string): number {
  if (typeof given === "number") return given * 1000;
  if (/^-?\d+(\.\d+)?$/.test(given)) return Number(given) * 1000;
  const sign = given.startsWith("-") ? -1 : 1;
  const text = given.replace(/^[+-]/, "");
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text))
    throw invalidRequest(`The ${field} field must be a number of seconds or a text such as "10m" or "1h30m"`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g))
    total += Number(amount) * (UNITS[unit as string] as number);
  return sign * total;
}
