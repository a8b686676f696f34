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
    this.write(path, text ?? decode(path, bytes, start, end));
  }

  unusable(reason: string): Failure {
    return unusable(reason);
  }
}

/** What a text stands for: bytes in base64, but for texts, which get a final newline. */
function decode(path: string, bytes: Uint8Array, start: number, end: number): Uint8Array {
  const kind = extension(path);
  const isText = kind === ".txt" || kind === ".html";
  const plain = isText ? undefined : plainBase64(bytes, start + 1, end - 1);
  if (plain !== undefined) return plain;
  const text = parseString(path, textOf(bytes, start, end));
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

/** The quick way, for what is known to be a string: no number in it can be respelled. */
function parseString(path: string, text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    const { message } = locateSyntaxError(text);
    throw unusable(`the file ${path} is not JSON (${message})`);
  }
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
