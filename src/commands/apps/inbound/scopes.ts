import { Failure } from "../../../failure.ts";

/** A scope of an inbound application. */
export interface Scope {
  readonly name: string;
  readonly description: string;
  /** Roles or attributes; null for none. */
  readonly values: readonly string[] | null;
}

/**
 * Cuts the items of a scope flag in threes: name, description, values. Values are parted by `|`; `-` and nothing mean none.
 *
 * @param flag the flag's name, for errors.
 * @throws {Failure} when the items are no multiple of three, or a name, description or one of several values is empty.
 */
export function parseScopes(items: readonly string[], flag: string): Scope[] {
  const refuse = (what: string) =>
    new Failure(`The flag ${flag} ${what}`, {
      code: "invalid_input",
      hint: `Each scope is "name,description,values", with values like "User|Writer" or "-" for none.`,
    });
  if (items.length % 3 !== 0)
    throw refuse(`needs three parts for each scope, and has ${items.length} in all`);
  const scopes: Scope[] = [];
  for (let i = 0; i < items.length; i += 3) {
    const [name = "", description = "", values = ""] = items.slice(i, i + 3);
    const number = i / 3 + 1;
    if (name === "") throw refuse(`has no name in scope ${number}`);
    if (description === "") throw refuse(`has no description in scope ${number}`);
    const split = values === "" || values === "-" ? null : values.split("|");
    if (split?.includes("") === true) throw refuse(`has an empty value in scope ${number}`);
    scopes.push({ name, description, values: split });
  }
  return scopes;
}
