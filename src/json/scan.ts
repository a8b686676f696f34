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
const RETURN = 0x0d;
const TAB = 0x09;

/** Thrown on what is not JSON. Where and why is found out by a slow walk, {@link locateSyntaxError}. */
export const MALFORMED = Symbol("malformed");
/** Thrown where the bytes end too early. */
export const CUT = Symbol("cut");

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
