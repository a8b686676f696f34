import { invalidArgument } from "./error.ts";

/** By what a list is to be sorted, the first field first. */
export type Sorting =
  readonly { readonly field: string; readonly desc?: boolean | null | undefined }[] | null | undefined;

/**
 * A list in the order that a request asks for; things that are equal stay in the order in which they came.
 *
 * @param keys what things can be sorted by.
 * @throws {EmulatorError} for any other field.
 */
export function sorted<T>(
  list: readonly T[],
  sorting: Sorting,
  keys: Readonly<Record<string, (item: T) => string | number>>,
): T[] {
  const terms = (sorting ?? []).map(({ field, desc }) => {
    const key = Object.hasOwn(keys, field) ? keys[field] : undefined;
    if (key === undefined)
      throw invalidArgument(`The sort field ${field} is not one of ${Object.keys(keys).join(", ")}`);
    return { key, sign: desc === true ? -1 : 1 };
  });
  return [...list].sort((a, b) => {
    for (const { key, sign } of terms) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
}
