import { isUtf8 } from "node:buffer";
import { Failure } from "../failure.ts";
import { listMembers, type Member } from "../json/members.ts";
import { JsonSyntaxError, parseJson } from "../json/parse.ts";
import { byCodePoint } from "../json/print.ts";
import { reprint } from "../json/reprint.ts";
import { extension } from "./layout.ts";
import { findClash, hostilePath } from "./path.ts";

/** A file of an exported snapshot, not yet decoded. */
export interface ReceivedFile {
  /** Relative, with `/`, checked to be harmless. */
  readonly path: string;
  /**
   * The bytes as they are written, until the next file's are asked for. An object becomes canonical JSON, a text gets a final newline, all else is decoded from base64.
   *
   * @throws {Failure} "bad_reply" naming the file.
   */
  content(): string | Uint8Array;
}

/**
 * Reads the reply to a snapshot export. Files are decoded one at a time, when they are asked for: the reply of a large project is
 * dozens of megabytes, and only one file of it is held as values.
 *
 * @param reply the body, `{"files": {"<path>": <object or string>}}`; a reply without files has none.
 * @returns the files by path in code point order.
 * @throws {Failure} "bad_reply" when it is not such a reply, or names a path that must not be written.
 */
export function readReceived(reply: Uint8Array): ReceivedFile[] {
  if (!isUtf8(reply)) throw unusable("it is not UTF-8");
  const byPath = new Map<string, Member>();
  for (const entry of filesOf(reply)) byPath.set(entry.key, entry);
  const sorted = [...byPath.values()].sort((a, b) => byCodePoint(a.key, b.key));
  for (const { key } of sorted) {
    const reason = hostilePath(key);
    if (reason !== undefined)
      throw unusable(`it names the file ${JSON.stringify(key)}, which is refused: ${reason}`);
  }
  const clash = findClash(sorted.map(({ key }) => key));
  if (clash !== undefined)
    throw unusable(`it names both ${clash[0]} and ${clash[1]}, which cannot stand beside each other`);
  for (const { key, start } of sorted) {
    if (reply[start] !== OPEN_BRACE && reply[start] !== QUOTE)
      throw unusable(`the file ${key} is neither an object nor a text`);
  }
  return sorted.map((entry) => ({ path: entry.key, content: () => decode(reply, entry) }));
}

const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
const LETTER_N = 0x6e;

function filesOf(reply: Uint8Array): readonly Member[] {
  const isFiles = (key: string) => key.toLowerCase() === "files";
  let found: Member | undefined;
  try {
    found = listMembers(reply, 0, reply.length, isFiles).findLast(({ key }) => isFiles(key));
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw unusable(`it is not JSON (${error.message})`);
    throw error;
  }
  if (found === undefined) return [];
  if (found.members !== undefined) return found.members;
  if (reply[found.start] === LETTER_N && textOf(reply, found) === "null") return [];
  throw unusable('"files" is not an object');
}

function textOf(reply: Uint8Array, { start, end }: Member): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(reply.subarray(start, end));
}

function decode(reply: Uint8Array, entry: Member): string | Uint8Array {
  const path = entry.key;
  try {
    if (reply[entry.start] === OPEN_BRACE) return reprint(reply, entry.start, entry.end);
    const text = parseJson(textOf(reply, entry)) as string;
    const kind = extension(path);
    if (kind === ".txt" || kind === ".html") return text === "" || text.endsWith("\n") ? text : `${text}\n`;
    const base64 = text.replace(/[\r\n]/g, "");
    if (!isBase64(base64)) throw unusable(`the file ${path} is not base64`);
    return Buffer.from(base64, "base64");
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw unusable(`the file ${path} is not JSON (${error.message})`);
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
