import { isUtf8 } from "node:buffer";
import type { Failure } from "../failure.ts";
import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  ENDLESS,
  OPEN_BRACE,
  parseKey,
  QUOTE,
  skipSpace,
  skipString,
  skipValue,
} from "../json/scan.ts";
import { JsonSyntaxError } from "../json/syntax.ts";
import { hostilePath, PathSet } from "./path.ts";

/** What takes the files of a reply. */
export interface ReplyFiles<F extends FoundFile> {
  /**
   * Finds where the value of a file ends that begins at `start`. It is asked again, from the same place on, when more bytes are there.
   *
   * @returns undefined where the bytes end first.
   * @throws {JsonSyntaxError} when it is none.
   */
  find(bytes: Uint8Array, start: number): F | undefined;
  /**
   * Takes a file. What was taken under its path before is replaced.
   *
   * @param path relative, with `/`, checked to be harmless and to stand beside the others.
   * @param bytes where it was found, which is UTF-8. It is not there any more behind the call.
   * @throws {JsonSyntaxError} when it is no JSON, which then is the reply's fault.
   */
  take(path: string, bytes: Uint8Array, start: number, found: F): void;
  /** Forgets every file. */
  clear(): void;
  /** Makes the error of a reply that cannot be used. */
  unusable(reason: string): Failure;
}

/** A file's value in a reply. */
export interface FoundFile {
  /** Offset behind it. */
  readonly end: number;
}

/**
 * Reads the reply to a snapshot export, `{"files": {"<path>": <object or string>}}`, while it arrives: each file is handed on as soon as it
 * is whole. So a reply of dozens of megabytes is never held, and is worked off almost when its last part is there. That it is bad may show
 * at its very end: until then, what takes the files must be able to forget them.
 *
 * A reply without files has none. Of several members of one name the last one counts.
 */
export class ReplyReader<F extends FoundFile> {
  private readonly files: ReplyFiles<F>;
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
  private paths = new PathSet();

  constructor(files: ReplyFiles<F>) {
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
    if (this.filesAreOther) throw this.files.unusable('"files" is not an object');
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
    if (!isUtf8(bytes.subarray(at, end))) throw this.files.unusable("it is not UTF-8");
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
    const { files } = this;
    if (bytes[start] !== OPEN_BRACE && bytes[start] !== QUOTE)
      throw files.unusable(`the file ${path} is neither an object nor a text`);
    try {
      const found = files.find(bytes, start);
      if (found === undefined) return ENDLESS;
      if (!isUtf8(bytes.subarray(at, found.end))) throw files.unusable("it is not UTF-8");
      this.accept(path);
      files.take(path, bytes, start, found);
      this.expected = "separator";
      return found.end;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      throw files.unusable(`the file ${path} is not JSON (${error.message})`);
    }
  }

  private accept(path: string): void {
    const reason = hostilePath(path);
    if (reason !== undefined)
      throw this.files.unusable(`it names the file ${JSON.stringify(path)}, which is refused: ${reason}`);
    const other = this.paths.add(path);
    if (other !== undefined && other !== path)
      throw this.files.unusable(`it names both ${other} and ${path}, which cannot stand beside each other`);
  }

  private notJson(reason: string, at: number): Failure {
    return this.files.unusable(`it is not JSON (byte ${this.passed + at + 1}: ${reason})`);
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text between two offsets of a reply, which is UTF-8 there. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
