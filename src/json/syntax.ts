/** A place where text stops being JSON. Lines and columns count from 1; columns count UTF-16 units. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${reason}`);
    this.name = "JsonSyntaxError";
    this.line = line;
    this.column = column;
  }
}

/**
 * Finds where and why `text` is not JSON. The runtime's parser says neither; this walk is slow and runs only after it
 * has refused a text.
 */
export function locateSyntaxError(text: string): JsonSyntaxError {
  const walk = new Walk(text);
  try {
    walk.document();
  } catch (error) {
    if (error instanceof Stop) return at(text, error.offset, error.reason);
    throw error;
  }
  return at(text, text.length, "this is nested too deeply");
}

function at(text: string, offset: number, reason: string): JsonSyntaxError {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return new JsonSyntaxError(reason, line, offset - before.lastIndexOf("\n"));
}

class Stop extends Error {
  readonly offset: number;
  readonly reason: string;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
    this.reason = reason;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const MAX_DEPTH = 5000;

class Walk {
  private readonly text: string;
  private offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): void {
    if (this.text.charCodeAt(0) === 0xfeff) throw new Stop(0, "the file starts with a byte order mark");
    this.space();
    if (this.offset === this.text.length) throw new Stop(this.offset, "there is no value");
    this.value(0);
    if (this.offset < this.text.length) throw new Stop(this.offset, "text after the end of the value");
  }

  private value(depth: number): void {
    if (depth > MAX_DEPTH) throw new Stop(this.offset, "this is nested too deeply");
    const char = this.text[this.offset];
    if (char === "{") this.members(depth);
    else if (char === "[") this.items(depth);
    else if (char === '"') this.string();
    else if (!this.match(WORD) && !this.match(NUMBER)) {
      throw new Stop(this.offset, char === undefined ? "the text ends too early" : "a value is expected");
    }
    this.space();
  }

  private members(depth: number): void {
    this.offset++;
    this.space();
    if (this.take("}")) return;
    for (;;) {
      if (this.text[this.offset] !== '"')
        throw new Stop(this.offset, 'a key in double quotes or "}" is expected');
      this.string();
      this.space();
      if (!this.take(":")) throw new Stop(this.offset, '":" is expected');
      this.space();
      this.value(depth + 1);
      if (this.take("}")) return;
      if (!this.take(",")) throw new Stop(this.offset, this.ended('"," or "}" is expected'));
      this.space();
    }
  }

  private items(depth: number): void {
    this.offset++;
    this.space();
    if (this.take("]")) return;
    for (;;) {
      this.value(depth + 1);
      if (this.take("]")) return;
      if (!this.take(",")) throw new Stop(this.offset, this.ended('"," or "]" is expected'));
      this.space();
    }
  }

  private string(): void {
    const start = this.offset++;
    for (;;) {
      const code = this.text.charCodeAt(this.offset);
      if (Number.isNaN(code)) throw new Stop(start, "this string does not end");
      if (code === 0x22) break;
      if (code < 0x20) throw new Stop(this.offset, "a control character stands in a string");
      if (code === 0x5c) {
        const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
        escape.lastIndex = this.offset;
        const found = escape.exec(this.text);
        if (found === null) throw new Stop(this.offset, "this escape does not exist in JSON");
        this.offset += found[0].length;
      } else this.offset++;
    }
    this.offset++;
  }

  private ended(reason: string): string {
    return this.offset === this.text.length ? "the text ends too early" : reason;
  }

  private take(char: string): boolean {
    if (this.text[this.offset] !== char) return false;
    this.offset++;
    return true;
  }

  private match(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text);
    if (found === null) return false;
    this.offset += found[0].length;
    return true;
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.offset] ?? "")) this.offset++;
  }
}
