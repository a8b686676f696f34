import { JsonSyntaxError } from "./syntax.ts";

/** Where one member of a JSON object stands in its source: the key, and the bytes of its value. */
export interface Member {
  readonly key: string;
  /** Offset of the value's first byte. */
  readonly start: number;
  /** Offset behind the value's last byte. */
  readonly end: number;
  /** The value's own members, where they were asked for and it is an object. */
  readonly members?: readonly Member[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Lists the members of the JSON object in `bytes` from `start` on, without building any of their values: a reply of many files
 * is then parsed a file at a time, in a fraction of the memory.
 *
 * It checks the syntax only of what it has to step over; each value is still to be parsed. A key that stands twice is listed
 * twice.
 *
 * @param opens names members whose own members are wanted too, where their value is an object: one walk over the bytes finds both.
 * @throws {JsonSyntaxError} when there is no object, or it does not end.
 */
export function listMembers(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  opens?: (key: string) => boolean,
): Member[] {
  const object = walkObject(bytes, skipSpace(bytes, start, end), end, opens);
  const rest = skipSpace(bytes, object.end, end);
  if (rest < end) throw broken("text after the end of the value", bytes, rest);
  return object.members;
}

function walkObject(
  bytes: Uint8Array,
  start: number,
  end: number,
  opens?: (key: string) => boolean,
): { readonly members: Member[]; readonly end: number } {
  const members: Member[] = [];
  if (bytes[start] !== OPEN_BRACE || start >= end) throw broken("an object is expected", bytes, start);
  let offset = skipSpace(bytes, start + 1, end);
  if (bytes[offset] === CLOSE_BRACE && offset < end) return { members, end: offset + 1 };
  for (;;) {
    if (bytes[offset] !== QUOTE || offset >= end)
      throw broken('a key in double quotes or "}" is expected', bytes, offset);
    const keyEnd = skipString(bytes, offset, end);
    const key = parseKey(bytes, offset, keyEnd);
    offset = skipSpace(bytes, keyEnd, end);
    if (bytes[offset] !== COLON) throw broken('":" is expected', bytes, offset);
    const valueStart = skipSpace(bytes, offset + 1, end);
    if (opens?.(key) === true && bytes[valueStart] === OPEN_BRACE) {
      const inner = walkObject(bytes, valueStart, end);
      members.push({ key, start: valueStart, end: inner.end, members: inner.members });
      offset = inner.end;
    } else {
      offset = skipValue(bytes, valueStart, end);
      members.push({ key, start: valueStart, end: offset });
    }
    offset = skipSpace(bytes, offset, end);
    if (bytes[offset] === CLOSE_BRACE && offset < end) return { members, end: offset + 1 };
    if (bytes[offset] !== COMMA) throw broken('"," or "}" is expected', bytes, offset);
    offset = skipSpace(bytes, offset + 1, end);
  }
}

const decoder = new TextDecoder();

function parseKey(bytes: Uint8Array, start: number, end: number): string {
  const text = decoder.decode(bytes.subarray(start, end));
  if (PLAIN_KEY.test(text)) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    throw broken("this key is not a JSON string", bytes, start);
  }
}

/** A string that says just what it is. */
const PLAIN_KEY = /^"[ !#-[\]-~]*"$/;

function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let offset = start;
  while (offset < end) {
    const byte = bytes[offset];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    offset++;
  }
  return offset;
}

function skipString(bytes: Uint8Array, start: number, end: number): number {
  let offset = start + 1;
  while (offset < end) {
    const byte = bytes[offset];
    if (byte === QUOTE) return offset + 1;
    offset += byte === BACKSLASH ? 2 : 1;
  }
  throw broken("this string does not end", bytes, start);
}

/** How a byte outside a string changes the depth of nesting. */
const NESTING = new Int8Array(256);
NESTING[OPEN_BRACE] = NESTING[OPEN_BRACKET] = 1;
NESTING[CLOSE_BRACE] = NESTING[CLOSE_BRACKET] = -1;

function skipValue(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start];
  if (first === QUOTE) return skipString(bytes, start, end);
  let offset = start;
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    while (offset < end && !isDelimiter(bytes[offset])) offset++;
    if (offset === start) throw broken("a value is expected", bytes, start);
    return offset;
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
  throw broken("the text ends too early", bytes, end);
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
