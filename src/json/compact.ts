import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  CUT,
  endOfScalar,
  FIRST,
  KEY,
  LETTER_U,
  MALFORMED,
  MAX_DEPTH,
  NEWLINE,
  NINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  RETURN,
  SEPARATOR,
  skipSpace,
  SPACE,
  specialBytes,
  TAB,
  VALUE,
  VALUE_END,
  ZERO,
} from "./scan.ts";
import { locateSyntaxError } from "./syntax.ts";

/**
 * Copies a JSON text without the white space between its parts, and changes nothing else. It is checked on the way, and no value is built:
 * that takes a fraction of the time of parsing and printing.
 *
 * @param bytes UTF-8.
 * @param out where it is copied to from `to` on; it has room for as many bytes.
 * @returns the offset behind the copy.
 * @throws {JsonSyntaxError} with line and column.
 */
export function compactInto(bytes: Uint8Array, out: Uint8Array, to: number): number {
  try {
    return copyValue(bytes, out, to);
  } catch (error) {
    if (error !== MALFORMED && error !== CUT) throw error;
    throw locateSyntaxError(decoder.decode(bytes));
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const SPECIAL = specialBytes();

/** By depth, 1 where an object is open and 0 where it is an array. */
const inObject = new Uint8Array(MAX_DEPTH + 1);

/** One small loop over all depths, with what is rare kept out of it: the runtime compiles it the sooner. */
function copyValue(bytes: Uint8Array, out: Uint8Array, to: number): number {
  const end = bytes.length;
  let at = 0;
  let length = to;
  let depth = 0;
  let expected = VALUE;
  for (;;) {
    if (at >= end) throw CUT;
    let byte = bytes[at] as number;
    if (byte <= SPACE) {
      if (byte !== SPACE && byte !== NEWLINE && byte !== RETURN && byte !== TAB) throw MALFORMED;
      do at++;
      while (at < end && bytes[at] === SPACE);
      continue;
    }
    if (byte === QUOTE) {
      if (expected >= SEPARATOR) throw MALFORMED;
      out[length++] = QUOTE;
      for (;;) {
        if (++at >= end) throw CUT;
        byte = bytes[at] as number;
        if (SPECIAL[byte] === 0) out[length++] = byte;
        else if (byte === BACKSLASH) {
          const behind = endOfEscape(bytes, at, end);
          while (at < behind) out[length++] = bytes[at++] as number;
          at--;
        } else break;
      }
      if (byte !== QUOTE) throw MALFORMED;
      out[length++] = QUOTE;
      at++;
      if ((expected & KEY) !== 0) {
        expected = SEPARATOR;
        continue;
      }
    } else if (byte === COLON) {
      if (expected !== SEPARATOR) throw MALFORMED;
      out[length++] = COLON;
      at++;
      expected = VALUE;
      continue;
    } else if (byte === COMMA) {
      if (expected !== VALUE_END) throw MALFORMED;
      out[length++] = COMMA;
      at++;
      expected = inObject[depth] === 1 ? KEY : VALUE;
      continue;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (expected > FIRST || depth === MAX_DEPTH) throw MALFORMED;
      out[length++] = byte;
      at++;
      depth++;
      inObject[depth] = byte === OPEN_BRACE ? 1 : 0;
      expected = byte === OPEN_BRACE ? KEY | FIRST : VALUE | FIRST;
      continue;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (expected !== VALUE_END && (expected & FIRST) === 0) throw MALFORMED;
      if (depth === 0 || byte !== (inObject[depth] === 1 ? CLOSE_BRACE : CLOSE_BRACKET)) throw MALFORMED;
      depth--;
      out[length++] = byte;
      at++;
    } else {
      if (expected > FIRST) throw MALFORMED;
      const behind = endOfScalar(bytes, at, end);
      while (at < behind) out[length++] = bytes[at++] as number;
    }
    if (depth === 0) {
      if (skipSpace(bytes, at, end) < end) throw MALFORMED;
      return length;
    }
    expected = VALUE_END;
  }
}

/** Where the escape whose backslash stands at `start` ends. */
function endOfEscape(bytes: Uint8Array, start: number, end: number): number {
  if (start + 1 >= end) throw CUT;
  const escape = bytes[start + 1] as number;
  if (escape !== LETTER_U) {
    if (!ESCAPES.includes(escape)) throw MALFORMED;
    return start + 2;
  }
  if (start + 6 > end) throw CUT;
  for (let at = start + 2; at < start + 6; at++) if (!isHex(bytes[at] as number)) throw MALFORMED;
  return start + 6;
}

/** What may stand behind a backslash, beside `u` and four digits. */
const ESCAPES = [...'"\\/bfnrt'].map((char) => char.charCodeAt(0));

function isHex(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
