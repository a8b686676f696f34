import { JsonSyntaxError, locateSyntaxError } from "./syntax.ts";
import { rawNumber, type Json } from "./value.ts";

export { JsonSyntaxError };

/**
 * Text that may hold a number which a float would respell: many digits, a trailing zero after the point, an exponent,
 * minus zero. It also hits such text inside strings, which costs time and changes nothing.
 */
const SUSPECT = /(?:^|[[:,\s])-?(?:\d[\d.]{15}|\d+\.\d*0(?!\d)|0\.0{5}|[\d.]+[eE]|(?<=-)0(?![\d.]))/;
const NUMBERS = /(?<=^|[[:,\s])-?\d[\d.]*(?:[eE][+-]?\d+)?/g;

const SHORT = 4096;
/**
 * Of so many short texts each number is looked at while it is parsed: to make the search ready takes longer than that, and a command
 * parses one or two.
 */
let unsearched = 10;

function isWorthSearching(text: string): boolean {
  if (unsearched === 0 || text.length > SHORT) return true;
  unsearched--;
  return false;
}

/** True when parsing `text` into floats could change how one of its numbers is spelled. */
function hasFragileNumber(text: string): boolean {
  if (!SUSPECT.test(text)) return false;
  for (const [number] of text.matchAll(NUMBERS)) if (!survives(number)) return true;
  return false;
}

function survives(number: string): boolean {
  return String(Number(number)) === number;
}

/**
 * Parses JSON without losing a number's size or spelling.
 *
 * @throws {JsonSyntaxError} with line, column and what was expected; never with the text itself, which may be secret.
 */
export function parseJson(text: string): Json {
  try {
    if (isWorthSearching(text) && !hasFragileNumber(text)) return JSON.parse(text) as Json;
    return JSON.parse(text, keepNumber as Parameters<typeof JSON.parse>[1]) as Json;
  } catch (error) {
    // A range error is the runtime's answer to text that is nested too deeply for its stack.
    if (error instanceof SyntaxError || error instanceof RangeError) throw locateSyntaxError(text);
    throw error;
  }
}

function keepNumber(_key: string, value: unknown, context: { source: string }): unknown {
  return typeof value === "number" && !survives(context.source) ? rawNumber(context.source) : value;
}
