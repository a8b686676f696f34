import { Failure } from "../failure.ts";
import { reprint } from "../json/reprint.ts";
import { ENDLESS, QUOTE, skipString } from "../json/scan.ts";
import { locateSyntaxError } from "../json/syntax.ts";
import { extension } from "./layout.ts";
import { type FoundFile, type ReplyFiles, textOf } from "./reply.ts";

/** A file of an export as it was found: an object comes with its canonical JSON, which the next one writes over. */
export interface ExportedFile extends FoundFile {
  readonly text?: Uint8Array;
}

/** Turns the files of a reply into the bytes that an export writes for them. */
export abstract class ExportedFiles implements ReplyFiles<ExportedFile> {
  /** Takes a file: canonical JSON of an object, a text with a final newline, or what was sent as base64. The next call writes over it. */
  abstract write(path: string, content: Uint8Array): void;
  abstract clear(): void;

  find(bytes: Uint8Array, start: number): ExportedFile | undefined {
    if (bytes[start] !== QUOTE) return reprint(bytes, start, bytes.length);
    const end = skipString(bytes, start, bytes.length);
    return end === ENDLESS ? undefined : { end };
  }

  take(path: string, bytes: Uint8Array, start: number, { text, end }: ExportedFile): void {
    this.write(path, text ?? this.decode(path, bytes, start, end));
  }

  unusable(reason: string): Failure {
    return new Failure(`The exported snapshot cannot be used: ${reason}`, {
      code: "bad_reply",
      hint: "Nothing was written.",
    });
  }

  /** What a text stands for: bytes in base64, but for texts, which get a final newline. */
  private decode(path: string, bytes: Uint8Array, start: number, end: number): Uint8Array {
    const kind = extension(path);
    if (kind === ".txt" || kind === ".html") {
      const text = parseString(textOf(bytes, start, end));
      return Buffer.from(text === "" || text.endsWith("\n") ? text : `${text}\n`);
    }
    // Nearly always what stands between the quotes is base64 as it is.
    const plain = Buffer.from(bytes.buffer, bytes.byteOffset + start + 1, end - start - 2).toString("latin1");
    const decoded =
      fromBase64(plain) ?? fromBase64(parseString(textOf(bytes, start, end)).replace(/[\r\n]/g, ""));
    if (decoded === undefined) throw this.unusable(`the file ${path} is not base64`);
    return decoded;
  }
}

/** What base64 with its padding stands for; undefined for anything else. */
function fromBase64(text: string): Uint8Array | undefined {
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
    throw locateSyntaxError(text);
  }
}
