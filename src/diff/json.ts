import { equalJson } from "../json/equal.ts";
import type { Path } from "../json/locate.ts";
import { isJsonObject, type Json } from "../json/value.ts";

/** One place where two JSON values differ; a side is absent where it has nothing there. */
export interface Difference {
  readonly path: Path;
  readonly old?: Json;
  readonly new?: Json;
}

/** All places where two values differ, as deep down as they can be told; lists of different lengths differ as a whole. */
export function differences(left: Json | undefined, right: Json | undefined, path: Path = []): Difference[] {
  if (left === undefined || right === undefined) {
    if (left === right) return [];
    return [
      { path, ...(left === undefined ? {} : { old: left }), ...(right === undefined ? {} : { new: right }) },
    ];
  }
  if (equalJson(left, right)) return [];
  if (isJsonObject(left) && isJsonObject(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    const own = (value: typeof left, key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);
    return [...keys].sort().flatMap((key) => differences(own(left, key), own(right, key), [...path, key]));
  }
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    return left.flatMap((item, i) => differences(item, right[i], [...path, i]));
  }
  return [{ path, old: left, new: right }];
}
