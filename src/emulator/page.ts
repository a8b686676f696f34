import { invalidArgument } from "./error.ts";

/** Items on a page when the request does not say. */
const DEFAULT_PAGE = 100;

/**
 * One page of a list.
 *
 * @param asked `page` counts from 0; a `limit` of 0 is the default page.
 * @throws {EmulatorError} when a number is negative or none.
 */
export function pageOf<T>(
  all: readonly T[],
  asked: { readonly page?: PageNumber; readonly limit?: PageNumber },
): T[] {
  const size = wholeNumber("limit", asked.limit) || DEFAULT_PAGE;
  const page = wholeNumber("page", asked.page);
  return all.slice(page * size, (page + 1) * size);
}

type PageNumber = number | string | null | undefined;

function wholeNumber(field: string, given: PageNumber): number {
  const number = given == null || given === "" ? 0 : Number(given);
  if (Number.isInteger(number) && number >= 0) return number;
  throw invalidArgument(`The ${field} field must be a whole number, 0 or more`);
}
