import { isUtf8 } from "node:buffer";
import { Failure } from "../failure.ts";
import { ENDLESS, parseKey, skipString, skipValue } from "../json/members.ts";
import { JsonSyntaxError, parseJson } from "../json/parse.ts";
import { reprint } from "../json/reprint.ts";
import { CLOSE_BRACE, COLON, COMMA, OPEN_BRACE, QUOTE, skipSpace } from "../json/scan.ts";
import { extension } from "./layout.ts";
import { hostilePath, PathSet } from "./path.ts";

/** What takes the files of an exported snapshot. */
export interface ReceivedFiles {
  /**
   * Takes a file. What was taken under its path before is replaced.
   *
   * @param path relative, with `/`, checked to be harmless and to stand beside the others.
   * @param content the bytes that are written: canonical JSON of an object, a text with a final newline, or what was sent as base64. The
   * next call writes over it.
   */
  write(path: string, content: Uint8Array): void;
  /** Forgets every file. */
  clear(): void;
}

/**
 * Reads the reply to a snapshot export, `{"files": {"<path>": <object or string>}}`, while it arrives: each file is handed on as soon as it
 * is whole. So a reply of dozens of megabytes is never held, and is worked off almost when its last part is there. That it is bad may show
 * at its very end: until then, what takes the files must be able to forget them.
 *
 * A reply without files has none. Of several members of one name the last one counts.
 */
export class SnapshotReader {
  private readonly files: ReceivedFiles;
  /** The beginning of a member whose end has not come yet. */
  private held = new Uint8Array(0);
  private heldLength = 0;
  /** So much has to be there before it is looked at again: a file of many parts is not walked over once for each of them. */
  private enough = 1;
  /** How many bytes of the reply are done with. */
  private passed = 0;
  private expected: "object" | "first member" | "member" | "separator" | "nothing" = "object";
  /** Whether the members are files. */
  private inFiles = false;
  private filesAreOther = false;
  private taken = new Set<string>();
  private paths = new PathSet();

  constructor(files: ReceivedFiles) {
    this.files = files;
  }

  /**
   * Takes the next bytes of the reply.
   *
   * @throws {Failure} "bad_reply" when it is not such a reply, or names a path that must not be written.
   */
  take(part: Uint8Array): void {
    const bytes = this.heldLength === 0 ? part : this.joined(part);
    if (bytes.length < this.enough) {
      this.hold(bytes);
      return;
    }
    const at = this.read(bytes);
    this.hold(bytes.subarray(at));
    this.enough = 2 * this.heldLength + 1;
  }

  /** Ends the reply. @throws {Failure} as `take` does, and where something is missing. */
  end(): void {
    const rest = this.held.subarray(0, this.heldLength);
    const at = this.read(rest);
    if (this.expected !== "nothing") throw this.notJson("the text ends too early", rest.length - at);
    if (this.filesAreOther) throw unusable('"files" is not an object');
  }

  private joined(part: Uint8Array): Uint8Array {
    const length = this.heldLength + part.length;
    if (length > this.held.length) {
      const grown = new Uint8Array(Math.max(length, this.held.length * 2));
      grown.set(this.held.subarray(0, this.heldLength));
      this.held = grown;
    }
    this.held.set(part, this.heldLength);
    return this.held.subarray(0, length);
  }

  private hold(rest: Uint8Array): void {
    if (rest.length > this.held.length) this.held = new Uint8Array(rest.length * 2);
    this.held.set(rest);
    this.heldLength = rest.length;
  }

  /** Works off what is whole, and gives back where the rest begins. */
  private read(bytes: Uint8Array): number {
    let at = 0;
    for (let next = this.step(bytes, at); next !== ENDLESS; next = this.step(bytes, at)) at = next;
    this.passed += at;
    return at;
  }

  private step(bytes: Uint8Array, from: number): number {
    const at = skipSpace(bytes, from, bytes.length);
    if (at === bytes.length) return ENDLESS;
    switch (this.expected) {
      case "object":
        if (bytes[at] !== OPEN_BRACE) throw this.notJson("an object is expected", at);
        this.expected = "first member";
        return at + 1;
      case "first member":
        if (bytes[at] === CLOSE_BRACE) return this.close(at);
        return this.member(bytes, at);
      case "member":
        return this.member(bytes, at);
      case "separator":
        if (bytes[at] === CLOSE_BRACE) return this.close(at);
        if (bytes[at] !== COMMA) throw this.notJson('"," or "}" is expected', at);
        this.expected = "member";
        return at + 1;
      case "nothing":
        throw this.notJson("text after the end of the value", at);
    }
  }

  private close(at: number): number {
    this.expected = this.inFiles ? "separator" : "nothing";
    this.inFiles = false;
    return at + 1;
  }

  private member(bytes: Uint8Array, at: number): number {
    const { length } = bytes;
    if (bytes[at] !== QUOTE) throw this.notJson('a key in double quotes or "}" is expected', at);
    const keyEnd = skipString(bytes, at, length);
    if (keyEnd === ENDLESS) return ENDLESS;
    const colon = skipSpace(bytes, keyEnd, length);
    if (colon === length) return ENDLESS;
    if (bytes[colon] !== COLON) throw this.notJson('":" is expected', colon);
    const start = skipSpace(bytes, colon + 1, length);
    if (start === length) return ENDLESS;
    const key = parseKey(bytes, at, keyEnd);
    if (key === undefined) throw this.notJson("this key is not a JSON string", at);
    return this.inFiles ? this.file(key, bytes, at, start) : this.other(key, bytes, at, start);
  }

  /** A member of the reply itself. Gives back where it ends; where it holds the files, where they begin. */
  private other(key: string, bytes: Uint8Array, at: number, start: number): number {
    const isFiles = key.toLowerCase() === "files";
    if (isFiles) {
      this.files.clear();
      this.taken = new Set();
      this.paths = new PathSet();
      this.filesAreOther = false;
      if (bytes[start] === OPEN_BRACE) {
        this.inFiles = true;
        this.expected = "first member";
        return start + 1;
      }
    }
    const end = skipValue(bytes, start, bytes.length);
    if (end === ENDLESS) return ENDLESS;
    if (end === start) throw this.notJson("a value is expected", start);
    if (!isUtf8(bytes.subarray(at, end))) throw unusable("it is not UTF-8");
    try {
      const value: unknown = JSON.parse(textOf(bytes, start, end));
      if (isFiles) this.filesAreOther = value !== null;
    } catch {
      throw this.notJson("this value is not JSON", start);
    }
    this.expected = "separator";
    return end;
  }

  private file(path: string, bytes: Uint8Array, at: number, start: number): number {
    let end: number;
    let content: Uint8Array | undefined;
    if (bytes[start] === OPEN_BRACE) {
      const printed = attempt(path, () => reprint(bytes, start, bytes.length));
      if (printed === undefined) return ENDLESS;
      end = printed.end;
      content = printed.text;
    } else if (bytes[start] === QUOTE) {
      end = skipString(bytes, start, bytes.length);
      if (end === ENDLESS) return ENDLESS;
    } else throw unusable(`the file ${path} is neither an object nor a text`);
    if (!isUtf8(bytes.subarray(at, end))) throw unusable("it is not UTF-8");
    this.accept(path);
    this.files.write(path, content ?? decode(path, bytes, start, end));
    this.expected = "separator";
    return end;
  }

  private accept(path: string): void {
    if (this.taken.has(path)) return;
    const reason = hostilePath(path);
    if (reason !== undefined)
      throw unusable(`it names the file ${JSON.stringify(path)}, which is refused: ${reason}`);
    const other = this.paths.add(path);
    if (other !== undefined)
      throw unusable(`it names both ${other} and ${path}, which cannot stand beside each other`);
    this.taken.add(path);
  }

  private notJson(reason: string, at: number): Failure {
    return unusable(`it is not JSON (byte ${this.passed + at + 1}: ${reason})`);
  }
}

/** What a text stands for: bytes in base64, but for texts, which get a final newline. */
function decode(path: string, bytes: Uint8Array, start: number, end: number): Uint8Array {
  const kind = extension(path);
  const isText = kind === ".txt" || kind === ".html";
  const plain = isText ? undefined : plainBase64(bytes, start + 1, end - 1);
  if (plain !== undefined) return plain;
  const text = attempt(path, () => parseString(textOf(bytes, start, end)));
  if (isText) return Buffer.from(text === "" || text.endsWith("\n") ? text : `${text}\n`);
  const base64 = text.replace(/[\r\n]/g, "");
  if (!isBase64(base64)) throw unusable(`the file ${path} is not base64`);
  return Buffer.from(base64, "base64");
}

/** What the base64 between two offsets stands for; undefined where anything else is between them. */
function plainBase64(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  try {
    const decoded = Uint8Array.fromBase64(text);
    // It passes over white space, and needs no padding.
    return decoded.length === (text.length / 4) * 3 - padding ? decoded : undefined;
  } catch {
    return undefined;
  }
}

/** The quick way, for what is known to be a string: no number in it can be respelled. @throws {JsonSyntaxError} */
function parseString(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return parseJson(text) as string;
  }
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw unusable(`the file ${path} is not JSON (${error.message})`);
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function unusable(reason: string): Failure {
  return new Failure(`The exported snapshot cannot be used: ${reason}`, {
    code: "bad_reply",
    hint: "Nothing was written.",
  });
}
