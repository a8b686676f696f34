import { invalidInput } from "../../../failure.ts";

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time such as `30m`, `24h` or `7d`, in milliseconds. @throws {Failure} "invalid_input" */
export function parseAge(given: string): number {
  const found = /^(\d+)(s|m|h|d)$/.exec(given.trim());
  if (found === null) throw invalidInput("--max-age takes a time such as 30m, 24h or 7d");
  return Number(found[1]) * UNITS[found[2] as keyof typeof UNITS];
}
