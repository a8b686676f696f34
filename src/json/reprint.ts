import { escapeHtml } from "./print.ts";
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
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  RETURN,
  SEPARATOR,
  SPACE,
  specialBytes,
  TAB,
  VALUE,
  VALUE_END,
} from "./scan.ts";
import { locateSyntaxError } from "./syntax.ts";

/** A value in canonical form. */
export interface Reprinted {
  /** UTF-8, with a final line break. The next call writes over it. */
  readonly text: Uint8Array;
  /** Offset behind the value in its source. */
  readonly end: number;
}

/**
 * Rewrites the JSON value in `bytes` in the canonical form of `printJson`, without building it: byte by byte, in one pass. Numbers keep
 * their spelling, of members that stand twice the last one counts. It takes a fraction of the time of parsing and printing, which is
 * what the export of a large snapshot would otherwise mostly do.
 *
 * @param bytes UTF-8; the value and white space before it stand from `start` on. What follows it before `end` is not looked at.
 * @returns undefined where `end` comes before the value's end.
 * @throws {JsonSyntaxError} with line and column, counted from `start`.
 */
export function reprint(bytes: Uint8Array, start = 0, end = bytes.length): Reprinted | undefined {
  try {
    return printer.print(bytes, start, end);
  } catch (error) {
    if (error === CUT) return undefined;
    if (error !== MALFORMED) throw error;
    throw locateSyntaxError(decoder.decode(bytes.subarray(start, end)));
  }
}

/** Room for what is written between two strings or numbers: a line break, the deepest indent, punctuation, one escaped character. */
const MARGIN = 2 * MAX_DEPTH + 64;

/** What is not simply copied: with what HTML reads, and the first byte of U+2028 and U+2029. */
const SPECIAL = specialBytes([0x3c, 0x3e, 0x26, 0xe2]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const HEX = "0123456789abcdef";

/** Stands for an array among the firsts of the open objects. */
const ARRAY = -1;

class Printer {
  /** What is written to. It has room for what is left of the source, and {@link MARGIN} more, wherever a part begins. */
  private out: Uint8Array = new Uint8Array(1 << 20);
  private source: Uint8Array = new Uint8Array(0);
  private end = 0;
  /** How far the source was read, by what does not give it back. */
  private at = 0;
  /** Where the members of the open objects begin in `out`, each object's behind those of the one around it. */
  private begins = new Int32Array(1 << 10);
  /** By depth, the place in `begins` of the open object's first member. */
  private readonly firsts = new Int32Array(MAX_DEPTH + 1);
  /** By depth, 1 where the open object's members are out of order. */
  private readonly unordered = new Uint8Array(MAX_DEPTH + 1);

  /**
   * Prints the first value of the source.
   *
   * This is one loop over all depths, with what is rare kept out of it: most of the time goes by until the runtime has compiled it,
   * and what is small is compiled soon.
   *
   * @throws {@link MALFORMED} or {@link CUT}
   */
  print(source: Uint8Array, start: number, end: number): Reprinted {
    this.source = source;
    this.end = end;
    const { firsts, unordered } = this;
    let { out } = this;
    let at = start;
    let length = 0;
    let depth = 0;
    let open = 0;
    let expected = VALUE;
    for (;;) {
      if (at >= end) throw CUT;
      let byte = source[at] as number;
      if (byte <= SPACE) {
        if (byte !== SPACE && byte !== NEWLINE && byte !== RETURN && byte !== TAB) throw MALFORMED;
        at++;
        continue;
      }
      if (length + (end - at) + MARGIN > out.length) out = this.grow(length, end - at);
      if (byte === QUOTE) {
        if (expected >= SEPARATOR) throw MALFORMED;
        if ((expected & FIRST) !== 0) length = newLine(out, length, depth);
        const begin = length;
        const from = at;
        out[length++] = QUOTE;
        for (;;) {
          if (++at >= end) throw CUT;
          byte = source[at] as number;
          if (SPECIAL[byte] !== 0) break;
          out[length++] = byte;
        }
        if (byte === QUOTE) {
          out[length++] = QUOTE;
          at++;
        } else {
          length = this.unusual(from, begin);
          at = this.at;
          out = this.out;
        }
        if ((expected & KEY) !== 0) {
          this.remember(begin, open++, depth);
          expected = SEPARATOR;
          continue;
        }
      } else if (byte === COLON) {
        if (expected !== SEPARATOR) throw MALFORMED;
        out[length++] = COLON;
        out[length++] = SPACE;
        at++;
        expected = VALUE;
        continue;
      } else if (byte === COMMA) {
        if (expected !== VALUE_END) throw MALFORMED;
        out[length++] = COMMA;
        length = newLine(out, length, depth);
        at++;
        expected = firsts[depth] === ARRAY ? VALUE : KEY;
        continue;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (expected > FIRST || depth === MAX_DEPTH) throw MALFORMED;
        if (expected === FIRST) length = newLine(out, length, depth);
        out[length++] = byte;
        at++;
        depth++;
        unordered[depth] = 0;
        firsts[depth] = byte === OPEN_BRACE ? open : ARRAY;
        expected = byte === OPEN_BRACE ? KEY | FIRST : VALUE | FIRST;
        continue;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (expected !== VALUE_END && (expected & FIRST) === 0) throw MALFORMED;
        const first = firsts[depth] as number;
        if (depth === 0 || byte !== (first === ARRAY ? CLOSE_BRACKET : CLOSE_BRACE)) throw MALFORMED;
        if (unordered[depth] === 1) {
          length = this.reorder(first, open, depth, length);
          out = this.out;
        }
        if (first !== ARRAY) open = first;
        depth--;
        if (expected === VALUE_END) length = newLine(out, length, depth);
        out[length++] = byte;
        at++;
      } else {
        if (expected > FIRST) throw MALFORMED;
        if (expected === FIRST) length = newLine(out, length, depth);
        const behind = endOfScalar(source, at, end);
        while (at < behind) out[length++] = source[at++] as number;
      }
      if (depth === 0) {
        out[length++] = NEWLINE;
        return { text: out.subarray(0, length), end: at };
      }
      expected = VALUE_END;
    }
  }

  /** Takes note of a member of the object that is open at `depth`, whose key was written from `begin` on. */
  private remember(begin: number, open: number, depth: number): void {
    if (this.unordered[depth] === 0 && open > (this.firsts[depth] as number))
      if (this.compareKeys(this.begins[open - 1] as number, begin) >= 0) this.unordered[depth] = 1;
    if (open === this.begins.length) {
      const grown = new Int32Array(open * 2);
      grown.set(this.begins);
      this.begins = grown;
    }
    this.begins[open] = begin;
  }

  /** Puts the members from `first` on in order; of those with one key only the last stays. Gives back where the last one ends. */
  private reorder(first: number, open: number, depth: number, length: number): number {
    const { begins } = this;
    const order = this.sorted(first, open);
    const start = begins[first] as number;
    // They are gathered behind themselves.
    if (2 * length - start + MARGIN > this.out.length) this.grow(length, length - start);
    const { out } = this;
    let size = length;
    for (let place = 0; place < order.length; place++) {
      const member = order[place] as number;
      const begin = begins[member] as number;
      const following = order[place + 1];
      if (following !== undefined && this.compareKeys(begin, begins[following] as number) === 0) continue;
      // Behind all but the last stand a comma, a line break and the indent.
      const end = member + 1 < open ? (begins[member + 1] as number) - 2 - 2 * depth : length;
      if (size > length) {
        out[size++] = COMMA;
        size = newLine(out, size, depth);
      }
      if (end - begin > 60) {
        out.copyWithin(size, begin, end);
        size += end - begin;
      } else for (let from = begin; from < end; from++) out[size++] = out[from] as number;
    }
    out.copyWithin(start, length, size);
    return start + size - length;
  }

  /** The places in `begins` of the members from `first` on, by their keys; those with one key stay in the order in which they came. */
  private sorted(first: number, open: number): number[] {
    const { begins } = this;
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

  /** Writes the string at `start` whatever is in it, to `begin`. Gives back where it ends in `out`; `at` is where it ends in the source. */
  private unusual(start: number, begin: number): number {
    const { source, end } = this;
    let { out } = this;
    let at = start + 1;
    let length = begin;
    out[length++] = QUOTE;
    for (;;) {
      if (at >= end) throw CUT;
      if (length + (end - at) + MARGIN > out.length) out = this.grow(length, end - at);
      const byte = source[at++] as number;
      if (SPECIAL[byte] === 0) {
        out[length++] = byte;
        continue;
      }
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) return this.escaped(start, begin);
      if (byte < 0x20) throw MALFORMED;
      if (byte !== 0xe2) length = this.unicode(length, byte);
      else if (source[at] !== 0x80 || (source[at + 1] !== 0xa8 && source[at + 1] !== 0xa9)) {
        out[length++] = byte;
      } else {
        length = this.unicode(length, 0x2000 + (source[at + 1] as number) - 0x80);
        at += 2;
      }
    }
    out[length++] = QUOTE;
    this.at = at;
    return length;
  }

  /** Writes `\u` and four digits, for which there is room. */
  private unicode(from: number, code: number): number {
    const { out } = this;
    let length = from;
    out[length++] = BACKSLASH;
    out[length++] = LETTER_U;
    for (let shift = 12; shift >= 0; shift -= 4) out[length++] = HEX.charCodeAt((code >> shift) & 15);
    return length;
  }

  /** A string with escapes: those that the canonical form does not have are resolved. */
  private escaped(start: number, begin: number): number {
    const { source, end } = this;
    let at = start + 1;
    while (at < end && source[at] !== QUOTE) at += source[at] === BACKSLASH ? 2 : 1;
    if (at >= end) throw CUT;
    this.at = at + 1;
    let content: string;
    try {
      content = JSON.parse(decoder.decode(source.subarray(start, at + 1))) as string;
    } catch {
      throw MALFORMED;
    }
    const printed = escapeHtml(JSON.stringify(content.toWellFormed()));
    // A UTF-16 unit takes three bytes at most.
    const most = printed.length * 3 + end - at;
    if (begin + most + MARGIN > this.out.length) this.grow(begin, most);
    return begin + encoder.encodeInto(printed, this.out.subarray(begin)).written;
  }

  /** Makes room for `more` bytes, and the margin, behind the first `length`. */
  private grow(length: number, more: number): Uint8Array {
    const grown = new Uint8Array(Math.max(length + more + MARGIN, this.out.length * 2));
    grown.set(this.out.subarray(0, length));
    return (this.out = grown);
  }
}

/** Writes a line break and the indent of `depth`, and gives back where it ends. */
function newLine(out: Uint8Array, from: number, depth: number): number {
  out[from] = NEWLINE;
  const end = from + 1 + 2 * depth;
  for (let at = from + 1; at < end; at += 4) {
    out[at] = SPACE;
    out[at + 1] = SPACE;
    out[at + 2] = SPACE;
    out[at + 3] = SPACE;
  }
  return end;
}

const printer = new Printer();
