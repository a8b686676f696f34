/** What the walks over JSON as bytes share: the bytes that it is made of, and what its numbers and words look like. */

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const LETTER_U = 0x75;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const SPACE = 0x20;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const TAB = 0x09;

/** Thrown on what is not JSON. Where and why is found out by a slow walk, {@link locateSyntaxError}. */
export const MALFORMED = Symbol("malformed");
/** Thrown where the bytes end too early. */
export const CUT = Symbol("cut");

/** What may come next: a sum of these, {@link FIRST} for what may as well be the end of its list or object. */
export const VALUE = 0;
export const FIRST = 1;
export const KEY = 2;
export const SEPARATOR = 4;
export const VALUE_END = 8;

/** How deeply values may stand in one another. */
export const MAX_DEPTH = 3000;

/** The offset of the first byte from `from` on that is no white space, or `end`. */
export function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte > SPACE || (byte !== SPACE && byte !== NEWLINE && byte !== RETURN && byte !== TAB)) break;
    at++;
  }
  return at;
}

/** Marks the bytes of a string that are not simply copied: its end, escapes, control characters, and `more`. */
export function specialBytes(more: readonly number[] = []): Uint8Array {
  const special = new Uint8Array(256).fill(1, 0, 0x20);
  for (const byte of [QUOTE, BACKSLASH, ...more]) special[byte] = 1;
  return special;
}

/** Where the number or word at `start` ends. @throws {@link MALFORMED} or {@link CUT} */
export function endOfScalar(bytes: Uint8Array, start: number, end: number): number {
  const byte = bytes[start] as number;
  if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return endOfNumber(bytes, start, end);
  const letters = byte === 0x74 ? TRUE : byte === 0x66 ? FALSE : byte === 0x6e ? NULL : undefined;
  if (letters === undefined) throw MALFORMED;
  if (start + letters.length > end) throw CUT;
  for (let i = 0; i < letters.length; i++) if (bytes[start + i] !== letters[i]) throw MALFORMED;
  return start + letters.length;
}

const [TRUE, FALSE, NULL] = ["true", "false", "null"].map((word) => new TextEncoder().encode(word));

function endOfNumber(bytes: Uint8Array, start: number, end: number): number {
  const lead = bytes[start] === MINUS ? start + 1 : start;
  let at = digits(bytes, lead, end);
  if (bytes[lead] === ZERO && at > lead + 1) throw MALFORMED;
  if (at < end && bytes[at] === 0x2e) at = digits(bytes, at + 1, end);
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === MINUS)) at++;
    at = digits(bytes, at, end);
  }
  return at;
}

/** Where the digits from `from` on end, of which there is at least one. */
function digits(bytes: Uint8Array, from: number, end: number): number {
  if (from >= end) throw CUT;
  let at = from;
  while (at < end && (bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
  if (at === from) throw MALFORMED;
  return at;
}

/** Given back where the bytes end before what is looked for does. */
export const ENDLESS = -1;

/** The offset behind the string whose first quote stands at `start`, or {@link ENDLESS}. */
export function skipString(bytes: Uint8Array, start: number, end: number): number {
  for (let from = start + 1; ;) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote === -1 || quote >= end) return ENDLESS;
    let escapes = 0;
    while (bytes[quote - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** How a byte outside a string changes the depth of nesting. */
const NESTING = new Int8Array(256);
NESTING[OPEN_BRACE] = NESTING[OPEN_BRACKET] = 1;
NESTING[CLOSE_BRACE] = NESTING[CLOSE_BRACKET] = -1;

/** The offset behind the value at `start`, or {@link ENDLESS}; `start` itself where there is none. */
export function skipValue(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start];
  if (first === QUOTE) return skipString(bytes, start, end);
  let offset = start;
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    while (offset < end && !isDelimiter(bytes[offset])) offset++;
    // More of it may follow.
    return offset === end ? ENDLESS : offset;
  }
  // One loop with nothing called in it: it runs over every byte of replies of dozens of megabytes.
  let depth = 0;
  while (offset < end) {
    const byte = bytes[offset++] as number;
    if (byte === QUOTE) {
      while (offset < end && bytes[offset] !== QUOTE) offset += bytes[offset] === BACKSLASH ? 2 : 1;
      offset++;
    } else {
      const change = NESTING[byte] as number;
      if (change !== 0) {
        depth += change;
        if (depth === 0) return offset;
      }
    }
  }
  return ENDLESS;
}

function isDelimiter(byte: number | undefined): boolean {
  return (
    byte === COMMA ||
    byte === CLOSE_BRACE ||
    byte === CLOSE_BRACKET ||
    byte === SPACE ||
    byte === NEWLINE ||
    byte === RETURN ||
    byte === TAB
  );
}

/** The key whose quotes stand at `start` and before `end`; undefined when it is no JSON string. */
export function parseKey(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = decoder.decode(bytes.subarray(start, end));
  if (PLAIN_KEY.test(text)) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder();

/** A string that says just what it is. */
const PLAIN_KEY = /^"[ !#-[\]-~]*"$/;
