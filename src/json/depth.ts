import type { Json } from "./value.ts";

/** Far more levels than any document has, and few enough for functions that call themselves once for each. */
const DEEPEST = 3000;

/** True for a value that is nested more deeply than this program's functions can follow. */
export function isTooDeep(value: Json, levels = DEEPEST): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member: Json) => isTooDeep(member, levels - 1));
}
