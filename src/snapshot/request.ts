import type { Files } from "../files/files.ts";
import { type Failure, fileFailure } from "../failure.ts";
import { compactInto } from "../json/compact.ts";
import { OPEN_BRACE } from "../json/scan.ts";
import { JsonSyntaxError } from "../json/syntax.ts";
import { ByteWriter } from "./byte-writer.ts";
import { carried, isLeftOut } from "./layout.ts";

/** A snapshot's files on their way to the server. */
export interface SnapshotFiles {
  /** Paths of the files that are sent, in the order in which they were met. */
  readonly sent: readonly string[];
  /** Paths of files that are not, for their extension. */
  readonly skipped: readonly string[];
  /**
   * The body of a request: `{"files": {…}}` and further members. It is made once.
   *
   * @param more JSON texts by key.
   */
  body(more: Readonly<Record<string, string>>): Uint8Array;
}

/**
 * Reads a snapshot folder into the form in which it is sent. The text of a JSON file goes into the request as it is, but for the
 * white space between its parts, so that numbers keep their spelling.
 *
 * @throws {Failure} "file" when the folder is none or holds nothing to send, naming file, line and column of what is wrong in it.
 */
export function readSnapshotFolder(files: Files, folder: string): SnapshotFiles {
  const kind = files.kind(folder);
  if (kind === "nothing") throw fileFailure(`There is no folder ${folder}`, NAME_IT);
  if (kind !== "folder") throw fileFailure(`${folder} is not a folder`, NAME_IT);
  const sent: string[] = [];
  const skipped: string[] = [];
  const writer = new ByteWriter(EXPECTED_SIZE);
  writer.text('{"files":{');
  for (const { path, kind: found } of files.list(folder, isLeftOut)) {
    const place = `${folder}/${path}`;
    if (found !== "file")
      throw fileFailure(`Cannot send ${place}: it is a ${found === "other" ? "special file" : found}`);
    if (path.includes("\\")) throw fileFailure(`Cannot send ${place}: its name holds a backslash`);
    const form = carried(path);
    if (form === "not carried") {
      skipped.push(path);
      continue;
    }
    writer.text(`${sent.length === 0 ? "" : ","}${JSON.stringify(path)}:`);
    if (form === "binary") addBinary(writer, files.read(place));
    else if (form === "text") writer.text(JSON.stringify(files.readText(place)));
    else addJson(writer, files.readUtf8(place), place);
    sent.push(path);
  }
  writer.text("}");
  if (sent.length === 0) throw fileFailure(`${folder} holds nothing that could be sent`, NAME_IT);
  return {
    sent,
    skipped,
    body(more) {
      for (const [key, text] of Object.entries(more)) writer.text(`,${JSON.stringify(key)}:${text}`);
      writer.text("}");
      return writer.bytes();
    },
  };
}

/** No body but one of the very largest projects is longer, and needs to be moved. Memory that is not written to costs nothing. */
const EXPECTED_SIZE = 1 << 25;

const NAME_IT = "Name the folder of an exported snapshot with --path.";

function addBinary(writer: ByteWriter, bytes: Uint8Array): void {
  writer.text('"');
  writer.base64(bytes);
  writer.text('"');
}

/** Adds the text of a JSON file without its white space. @throws {Failure} unless it is one object, or null. */
function addJson(writer: ByteWriter, bytes: Uint8Array, place: string): void {
  let first: number | undefined;
  try {
    writer.fill(bytes.length, (buffer, at) => {
      const end = compactInto(bytes, buffer, at);
      first = buffer[at];
      return end;
    });
  } catch (error) {
    throw error instanceof JsonSyntaxError ? syntaxFailure(place, error) : error;
  }
  if (first !== OPEN_BRACE && first !== LETTER_N) throw fileFailure(`${place}: it must hold a JSON object`);
}

/** Of `null`, which is sent as it is. */
const LETTER_N = 0x6e;

/** A file that is not JSON, by file, line and column. */
export function syntaxFailure(place: string, error: JsonSyntaxError): Failure {
  return fileFailure(`${place}: not JSON: ${error.message}`);
}
