import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
} from "./scan.ts";
import { JsonSyntaxError } from "./syntax.ts";

/** Where one member of a JSON object stands in its source: the key, and the bytes of its value. */
export interface Member {
  readonly key: string;
  /** Offset of the value's first byte. */
  readonly start: number;
  /** Offset behind the value's last byte. */
  readonly end: number;
}

/** Given back where the bytes end before what is looked for does. */
export const ENDLESS = -1;

/**
 * Lists the members of the JSON object in `bytes` from `start` on, without building any of their values: a reply of many files
 * is then parsed a file at a time, in a fraction of the memory.
 *
 * It checks the syntax only of what it has to step over; each value is still to be parsed. A key that stands twice is listed
 * twice.
 *
 * @throws {JsonSyntaxError} when there is no object, or it does not end.
 */
export function listMembers(bytes: Uint8Array, start = 0, end = bytes.length): Member[] {
  const members: Member[] = [];
  let offset = skipSpace(bytes, start, end);
  if (bytes[offset] !== OPEN_BRACE || offset >= end) throw broken("an object is expected", bytes, offset);
  offset = skipSpace(bytes, offset + 1, end);
  if (bytes[offset] === CLOSE_BRACE && offset < end) offset++;
  else {
    for (;;) {
      const member = readMember(bytes, offset, end);
      members.push(member);
      offset = skipSpace(bytes, member.end, end);
      if (bytes[offset] === CLOSE_BRACE && offset < end) break;
      if (bytes[offset] !== COMMA || offset >= end) throw broken('"," or "}" is expected', bytes, offset);
      offset = skipSpace(bytes, offset + 1, end);
    }
    offset++;
  }
  const rest = skipSpace(bytes, offset, end);
  if (rest < end) throw broken("text after the end of the value", bytes, rest);
  return members;
}

function readMember(bytes: Uint8Array, offset: number, end: number): Member {
  if (bytes[offset] !== QUOTE || offset >= end)
    throw broken('a key in double quotes or "}" is expected', bytes, offset);
  const keyEnd = skipString(bytes, offset, end);
  if (keyEnd === ENDLESS) throw broken("this string does not end", bytes, offset);
  const key = parseKey(bytes, offset, keyEnd);
  if (key === undefined) throw broken("this key is not a JSON string", bytes, offset);
  const colon = skipSpace(bytes, keyEnd, end);
  if (bytes[colon] !== COLON || colon >= end) throw broken('":" is expected', bytes, colon);
  const start = skipSpace(bytes, colon + 1, end);
  const valueEnd = skipValue(bytes, start, end);
  if (valueEnd === ENDLESS) throw broken("the text ends too early", bytes, end);
  if (valueEnd === start) throw broken("a value is expected", bytes, start);
  return { key, start, end: valueEnd };
}

const decoder = new TextDecoder();

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

/** A string that says just what it is. */
const PLAIN_KEY = /^"[ !#-[\]-~]*"$/;

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
    byte === 0x20 ||
    byte === 0x0a ||
    byte === 0x0d ||
    byte === 0x09
  );
}

function broken(reason: string, bytes: Uint8Array, offset: number): JsonSyntaxError {
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < offset && i < bytes.length; i++) {
    if (bytes[i] !== 0x0a) continue;
    line++;
    lineStart = i + 1;
  }
  return new JsonSyntaxError(reason, line, offset - lineStart + 1);
}
