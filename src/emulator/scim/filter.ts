import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { invalidScim } from "../error.ts";

/** Whether a resource fits a filter. */
export type Fits = (resource: JsonObject) => boolean;

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([()[\]])|([^\s()[\]"]+))/y;

/**
 * Reads a filter of RFC 7644, section 3.4.2.2: comparisons joined by `and`, `or` and `not`, with parentheses and `emails[…]`.
 *
 * @throws {EmulatorError} E011004 where it is none.
 */
export function parseFilter(filter: string): Fits {
  const reader = new Reader(tokensOf(filter));
  const fits = reader.either();
  reader.end();
  return fits;
}

function tokensOf(filter: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < filter.trimEnd().length) {
    const found = TOKEN.exec(filter);
    if (found === null) throw wrong("a text has no end");
    tokens.push(found[1] ?? found[2] ?? (found[3] as string));
  }
  return tokens;
}

/** Deeper than anybody writes, and not so deep that reading it could exhaust the stack. */
const DEEPEST = 50;

class Reader {
  private readonly tokens: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  either(): Fits {
    if (++this.depth > DEEPEST) throw wrong("it is nested too deeply");
    const all = [this.both()];
    while (this.takes("or")) all.push(this.both());
    this.depth--;
    return (resource) => all.some((fits) => fits(resource));
  }

  end(): void {
    const more = this.tokens[this.at];
    if (more !== undefined) throw wrong(`${more} is too much`);
  }

  private both(): Fits {
    const all = [this.one()];
    while (this.takes("and")) all.push(this.one());
    return (resource) => all.every((fits) => fits(resource));
  }

  private one(): Fits {
    if (this.takes("not")) {
      const inner = this.one();
      return (resource) => !inner(resource);
    }
    if (this.takes("(")) {
      const inner = this.either();
      this.expect(")");
      return inner;
    }
    const path = withoutUrn(this.next("an attribute"));
    if (this.takes("[")) {
      const inner = this.either();
      this.expect("]");
      return (resource) => valuesAt(resource, path).some((value) => isJsonObject(value) && inner(value));
    }
    const operator = this.next("an operator").toLowerCase();
    if (operator === "pr") return (resource) => valuesAt(resource, path).some(isPresent);
    const compare = COMPARISONS[operator];
    if (compare === undefined) throw wrong(`${operator} is no operator`);
    const wanted = literal(this.next("a value"));
    if (operator === "ne")
      return (resource) => !valuesAt(resource, path).some((value) => isEqual(value, wanted));
    return (resource) => valuesAt(resource, path).some((value) => compare(value, wanted));
  }

  private takes(word: string): boolean {
    if (this.tokens[this.at]?.toLowerCase() !== word) return false;
    this.at++;
    return true;
  }

  private expect(word: string): void {
    if (!this.takes(word)) throw wrong(`${word} is missing`);
  }

  private next(what: string): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw wrong(`${what} is missing`);
    return token;
  }
}

type Compare = (value: Json, wanted: Json) => boolean;

const texts =
  (compare: (value: string, wanted: string) => boolean): Compare =>
  (value, wanted) =>
    typeof value === "string" &&
    typeof wanted === "string" &&
    compare(value.toLowerCase(), wanted.toLowerCase());

const ordered =
  (compare: (order: number) => boolean): Compare =>
  (value, wanted) => {
    if (typeof value !== typeof wanted || (typeof value !== "string" && typeof value !== "number"))
      return false;
    return compare(value < (wanted as typeof value) ? -1 : value > (wanted as typeof value) ? 1 : 0);
  };

const COMPARISONS: Readonly<Record<string, Compare>> = {
  eq: isEqual,
  ne: isEqual,
  co: texts((value, wanted) => value.includes(wanted)),
  sw: texts((value, wanted) => value.startsWith(wanted)),
  ew: texts((value, wanted) => value.endsWith(wanted)),
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
};

/** Texts are compared without regard to case; a text that says true or false is one, as some directories write it. */
function isEqual(value: Json, wanted: Json): boolean {
  if (typeof value === "boolean" && typeof wanted === "string") return String(value) === wanted.toLowerCase();
  if (typeof value === "string" && typeof wanted === "string")
    return value.toLowerCase() === wanted.toLowerCase();
  return value === wanted;
}

function isPresent(value: Json): boolean {
  return value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

function literal(token: string): Json {
  try {
    return JSON.parse(token) as Json;
  } catch {
    if (/^(?:true|false|null)$/i.test(token)) return JSON.parse(token.toLowerCase()) as Json;
    throw wrong(`${token} is no value`);
  }
}

/** The values at a dotted path; each of a list, and of its `value` where the list is compared as a whole. */
function valuesAt(resource: Json, path: string): Json[] {
  let values: Json[] = [resource];
  for (const step of path.split(".")) {
    values = values.flatMap((value) => {
      if (!isJsonObject(value)) return [];
      const name = nameIn(value, step);
      const found = name === undefined ? undefined : value[name];
      return found === undefined ? [] : Array.isArray(found) ? found : [found];
    });
  }
  return values.flatMap((value) =>
    isJsonObject(value) && value.value !== undefined ? [value, value.value] : [value],
  );
}

/** How a member is spelled: names are compared without regard to case. */
export function nameIn(resource: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(resource, name)) return name;
  return Object.keys(resource).find((one) => one.toLowerCase() === name.toLowerCase());
}

/** A path without the schema that it may be spelled with. */
export function withoutUrn(path: string): string {
  return path.replace(/^urn:.*:(?=[^:.]*(?:\.|$|\[))/i, "");
}

function wrong(why: string) {
  return invalidScim("invalidFilter", `The filter cannot be read: ${why}`);
}
