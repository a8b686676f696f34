import { escapeHtml } from "./print.ts";
import { locateSyntaxError } from "./syntax.ts";

/**
 * Rewrites the JSON value in `bytes` in the canonical form of `printJson`, without building it: byte by byte, in one pass. Numbers keep
 * their spelling, of members that stand twice the last one counts. It takes a fraction of the time of parsing and printing, which is
 * what the export of a large snapshot would otherwise mostly do.
 *
 * @param bytes UTF-8; the value and white space around it stand from `start` to `end`.
 * @returns the canonical text with a final line break, as UTF-8. The next call writes over it.
 * @throws {JsonSyntaxError} with line and column, counted from `start`.
 */
export function reprint(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  return rewrite(bytes, start, end, true);
}

/**
 * Rewrites the JSON value in `bytes` without the white space between its parts, and changes nothing else.
 *
 * @returns UTF-8. The next call writes over it.
 * @throws {JsonSyntaxError} with line and column.
 */
export function compact(bytes: Uint8Array): Uint8Array {
  return rewrite(bytes, 0, bytes.length, false);
}

function rewrite(bytes: Uint8Array, start: number, end: number, canonical: boolean): Uint8Array {
  try {
    return printer.rewrite(bytes, start, end, canonical);
  } catch (error) {
    if (error !== MALFORMED) throw error;
    throw locateSyntaxError(decoder.decode(bytes.subarray(start, end)));
  }
}

/** Thrown on anything that is not JSON; where and why is found out by the slow walk of `locateSyntaxError`. */
const MALFORMED = Symbol("malformed");

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const MAX_DEPTH = 3000;

/** Marks the bytes of a string that are not simply copied: its end, escapes, control characters, and `more`. */
function specialBytes(more: readonly number[]): Uint8Array {
  const special = new Uint8Array(256).fill(1, 0, 0x20);
  for (const byte of [QUOTE, BACKSLASH, ...more]) special[byte] = 1;
  return special;
}

const SPECIAL = specialBytes([]);
/** With what HTML reads, and the first byte of U+2028 and U+2029. */
const SPECIAL_IN_CANONICAL = specialBytes([0x3c, 0x3e, 0x26, 0xe2]);

/** What may stand behind a backslash, beside `u` and four digits. */
const ESCAPES = [...'"\\/bfnrt'].map((char) => char.charCodeAt(0));

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= ZERO && byte <= NINE) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const HEX = "0123456789abcdef";

class Reprinter {
  private source: Uint8Array = new Uint8Array(0);
  private canonical = true;
  private at = 0;
  private end = 0;
  private out = new Uint8Array(1 << 16);
  private length = 0;
  /** For members that have to change places. */
  private scratch = new Uint8Array(1 << 16);
  /** Where the members of the open objects begin in `out`, each object's behind those of the one around it. */
  private begins = new Int32Array(1 << 10);
  private open = 0;

  rewrite(source: Uint8Array, start: number, end: number, canonical: boolean): Uint8Array {
    this.source = source;
    this.at = start;
    this.end = end;
    this.canonical = canonical;
    this.length = 0;
    this.open = 0;
    this.space();
    this.value(0);
    this.space();
    if (this.at < this.end) throw MALFORMED;
    this.room(1);
    if (canonical) this.out[this.length++] = NEWLINE;
    return this.out.subarray(0, this.length);
  }

  private value(depth: number): void {
    if (depth > MAX_DEPTH || this.at >= this.end) throw MALFORMED;
    const byte = this.source[this.at] as number;
    if (byte === QUOTE) this.string();
    else if (byte === OPEN_BRACE) this.object(depth);
    else if (byte === OPEN_BRACKET) this.array(depth);
    else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) this.number();
    else if (byte === 0x74) this.word(TRUE);
    else if (byte === 0x66) this.word(FALSE);
    else if (byte === 0x6e) this.word(NULL);
    else throw MALFORMED;
  }

  private array(depth: number): void {
    this.at++;
    this.space();
    this.room(4);
    this.out[this.length++] = OPEN_BRACKET;
    if (this.source[this.at] === CLOSE_BRACKET && this.at < this.end) {
      this.at++;
      this.out[this.length++] = CLOSE_BRACKET;
      return;
    }
    for (;;) {
      this.line(depth + 1);
      this.value(depth + 1);
      this.space();
      const byte = this.next();
      if (byte === CLOSE_BRACKET) break;
      if (byte !== COMMA) throw MALFORMED;
      this.out[this.length++] = COMMA;
      this.space();
    }
    this.line(depth);
    this.out[this.length++] = CLOSE_BRACKET;
  }

  private object(depth: number): void {
    this.at++;
    this.space();
    this.room(4);
    this.out[this.length++] = OPEN_BRACE;
    if (this.source[this.at] === CLOSE_BRACE && this.at < this.end) {
      this.at++;
      this.out[this.length++] = CLOSE_BRACE;
      return;
    }
    const first = this.open;
    const { canonical } = this;
    let ordered = true;
    for (;;) {
      this.line(depth + 1);
      const begin = this.length;
      if (this.source[this.at] !== QUOTE || this.at >= this.end) throw MALFORMED;
      this.string();
      if (canonical && ordered && this.open > first)
        ordered = this.compareKeys(this.begins[this.open - 1] as number, begin) < 0;
      if (canonical) this.remember(begin);
      this.space();
      if (this.next() !== COLON) throw MALFORMED;
      this.out[this.length++] = COLON;
      if (canonical) this.out[this.length++] = SPACE;
      this.space();
      this.value(depth + 1);
      this.space();
      const byte = this.next();
      if (byte === CLOSE_BRACE) break;
      if (byte !== COMMA) throw MALFORMED;
      this.out[this.length++] = COMMA;
      this.space();
    }
    if (!ordered) this.reorder(first, depth + 1);
    this.open = first;
    this.line(depth);
    this.out[this.length++] = CLOSE_BRACE;
  }

  /** Puts the members from `first` on in order; of those with one key only the last stays. */
  private reorder(first: number, depth: number): void {
    const { begins, open, out, length } = this;
    const order = this.sorted(first);
    const start = begins[first] as number;
    if (this.scratch.length < length - start) this.scratch = new Uint8Array(out.length);
    const { scratch } = this;
    let size = 0;
    for (let place = 0; place < order.length; place++) {
      const member = order[place] as number;
      const begin = begins[member] as number;
      const following = order[place + 1];
      if (following !== undefined && this.compareKeys(begin, begins[following] as number) === 0) continue;
      // Behind all but the last stand a comma, a line break and the indent.
      const end = member + 1 < open ? (begins[member + 1] as number) - 2 - 2 * depth : length;
      if (size > 0) {
        scratch[size++] = COMMA;
        scratch[size++] = NEWLINE;
        for (let i = 0; i < 2 * depth; i++) scratch[size++] = SPACE;
      }
      if (end - begin > 200) {
        scratch.set(out.subarray(begin, end), size);
        size += end - begin;
      } else for (let from = begin; from < end; from++) scratch[size++] = out[from] as number;
    }
    out.set(scratch.subarray(0, size), start);
    this.length = start + size;
  }

  /** The places in `begins` of the members from `first` on, by their keys; those with one key stay in the order in which they came. */
  private sorted(first: number): number[] {
    const { begins, open } = this;
    const order: number[] = [];
    for (let member = first; member < open; member++) order.push(member);
    if (order.length > 40) {
      return order.sort((a, b) => this.compareKeys(begins[a] as number, begins[b] as number) || a - b);
    }
    // Few members, often nearly in order: nothing is quicker than moving each to its place.
    for (let i = 1; i < order.length; i++) {
      const member = order[i] as number;
      const begin = begins[member] as number;
      let place = i - 1;
      while (place >= 0 && this.compareKeys(begins[order[place] as number] as number, begin) > 0) {
        order[place + 1] = order[place] as number;
        place--;
      }
      order[place + 1] = member;
    }
    return order;
  }

  /** Compares two keys in `out` by the bytes of what they say. */
  private compareKeys(left: number, right: number): number {
    const { out } = this;
    for (let i = 1; ; i++) {
      const a = out[left + i] as number;
      const b = out[right + i] as number;
      if (a === BACKSLASH || b === BACKSLASH) return this.compareEscaped(left, right);
      if (a === b && a !== QUOTE) continue;
      if (a === b) return 0;
      if (a === QUOTE) return -1;
      return b === QUOTE ? 1 : a - b;
    }
  }

  private compareEscaped(left: number, right: number): number {
    return Buffer.compare(encoder.encode(this.keyAt(left)), encoder.encode(this.keyAt(right)));
  }

  private keyAt(begin: number): string {
    let end = begin + 1;
    while (this.out[end] !== QUOTE) end += this.out[end] === BACKSLASH ? 2 : 1;
    return JSON.parse(decoder.decode(this.out.subarray(begin, end + 1))) as string;
  }

  private string(): void {
    const { source, end, canonical } = this;
    const special = canonical ? SPECIAL_IN_CANONICAL : SPECIAL;
    const begin = this.length;
    const start = this.at;
    let at = start + 1;
    // An escaped character takes six bytes at most.
    let room = this.out.length - 6;
    let out = this.out;
    let length = begin;
    if (length + 8 > room) {
      this.room(1 << 10);
      out = this.out;
      room = out.length - 6;
    }
    out[length++] = QUOTE;
    for (;;) {
      if (at >= end) throw MALFORMED;
      const byte = source[at++] as number;
      if (length >= room) {
        this.length = length;
        this.room(end - at + 8);
        out = this.out;
        room = out.length - 6;
      }
      if (special[byte] === 0) {
        out[length++] = byte;
        continue;
      }
      if (byte === QUOTE) break;
      if (byte === BACKSLASH && !canonical) {
        const escape = source[at++];
        if (escape === 0x75) {
          for (let i = 0; i < 4; i++) if (!isHex(source[at + i])) throw MALFORMED;
        } else if (escape === undefined || !ESCAPES.includes(escape)) throw MALFORMED;
        out[length++] = byte;
        out[length++] = escape;
        continue;
      }
      if (byte === BACKSLASH) {
        this.length = begin;
        this.escapedString(start);
        return;
      }
      if (byte < 0x20) throw MALFORMED;
      if (byte === 0xe2) {
        const isSeparator = source[at] === 0x80 && (source[at + 1] === 0xa8 || source[at + 1] === 0xa9);
        if (!isSeparator) {
          out[length++] = byte;
          continue;
        }
        length = this.unicode(length, 0x2000 + (source[at + 1] as number) - 0x80);
        at += 2;
      } else length = this.unicode(length, byte);
    }
    out[length++] = QUOTE;
    this.length = length;
    this.at = at;
  }

  /** Writes `\u` and four digits, for which there is room. */
  private unicode(from: number, code: number): number {
    const { out } = this;
    let length = from;
    out[length++] = BACKSLASH;
    out[length++] = 0x75;
    for (let shift = 12; shift >= 0; shift -= 4) out[length++] = HEX.charCodeAt((code >> shift) & 15);
    return length;
  }

  /** A string with escapes: those that the canonical form does not have are resolved. */
  private escapedString(start: number): void {
    const { source, end } = this;
    let at = start + 1;
    while (at < end && source[at] !== QUOTE) at += source[at] === BACKSLASH ? 2 : 1;
    if (at >= end) throw MALFORMED;
    let content: string;
    try {
      content = JSON.parse(decoder.decode(source.subarray(start, at + 1))) as string;
    } catch {
      throw MALFORMED;
    }
    const printed = escapeHtml(JSON.stringify(content.toWellFormed()));
    this.room(printed.length * 3);
    this.length += encoder.encodeInto(printed, this.out.subarray(this.length)).written;
    this.at = at + 1;
  }

  private number(): void {
    const { source, end } = this;
    const start = this.at;
    let at = start;
    if (source[at] === MINUS) at++;
    const lead = at;
    at = this.digits(at);
    if (at === lead || (source[lead] === ZERO && at > lead + 1)) throw MALFORMED;
    if (source[at] === 0x2e && at < end) {
      const fraction = at + 1;
      at = this.digits(fraction);
      if (at === fraction) throw MALFORMED;
    }
    if ((source[at] === 0x65 || source[at] === 0x45) && at < end) {
      let exponent = at + 1;
      if (source[exponent] === 0x2b || source[exponent] === MINUS) exponent++;
      at = this.digits(exponent);
      if (at === exponent) throw MALFORMED;
    }
    this.copy(start, at);
  }

  private digits(from: number): number {
    const { source, end } = this;
    let at = from;
    while (at < end && (source[at] as number) >= ZERO && (source[at] as number) <= NINE) at++;
    return at;
  }

  private word(letters: Uint8Array): void {
    const { source, at } = this;
    if (at + letters.length > this.end) throw MALFORMED;
    for (let i = 0; i < letters.length; i++) if (source[at + i] !== letters[i]) throw MALFORMED;
    this.copy(at, at + letters.length);
  }

  private copy(from: number, to: number): void {
    this.room(to - from);
    for (let at = from; at < to; at++) this.out[this.length++] = this.source[at] as number;
    this.at = to;
  }

  private next(): number {
    if (this.at >= this.end) throw MALFORMED;
    this.room(4);
    return this.source[this.at++] as number;
  }

  private space(): void {
    const { source, end } = this;
    let { at } = this;
    while (at < end) {
      const byte = source[at] as number;
      if (byte > SPACE || (byte !== SPACE && byte !== NEWLINE && byte !== 0x0d && byte !== 0x09)) break;
      at++;
    }
    this.at = at;
  }

  private line(depth: number): void {
    if (!this.canonical) return;
    this.room(2 * depth + 8);
    const { out } = this;
    let { length } = this;
    out[length++] = NEWLINE;
    for (let i = 0; i < depth; i++) {
      out[length++] = SPACE;
      out[length++] = SPACE;
    }
    this.length = length;
  }

  private remember(begin: number): void {
    if (this.open === this.begins.length) {
      const grown = new Int32Array(this.begins.length * 2);
      grown.set(this.begins);
      this.begins = grown;
    }
    this.begins[this.open++] = begin;
  }

  private room(more: number): void {
    if (this.length + more <= this.out.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, this.out.length * 2));
    grown.set(this.out.subarray(0, this.length));
    this.out = grown;
  }
}

const TRUE = encoder.encode("true");
const FALSE = encoder.encode("false");
const NULL = encoder.encode("null");

const printer = new Reprinter();
