import { isUtf8 } from "node:buffer";
import type { Files } from "../files/files.ts";
import { Failure, fileFailure } from "../failure.ts";
import { sameJson } from "../json/equal.ts";
import { JsonSyntaxError, parseJson } from "../json/parse.ts";
import { printJson } from "../json/print.ts";
import { ENDLESS, skipValue } from "../json/scan.ts";
import { isJsonObject, type Json } from "../json/value.ts";
import { carried, isLeftOut, type Carried } from "./layout.ts";
import { type FoundFile, type ReplyFiles, textOf } from "./reply.ts";
import { syntaxFailure } from "./request.ts";

/** The files of a snapshot as values, by path: an object for JSON, the text of a text file, base64 for all else. */
export type SnapshotContent = ReadonlyMap<string, Json>;

/**
 * Reads a snapshot folder as values.
 *
 * @throws {Failure} "file" when it is no folder or holds nothing that a snapshot has, naming file, line and column of bad JSON.
 */
export function readFolderContent(files: Files, folder: string): SnapshotContent {
  const kind = files.kind(folder);
  if (kind === "nothing")
    throw fileFailure(`There is no folder ${folder}`, "Name the folder of an exported snapshot.");
  if (kind !== "folder") throw fileFailure(`${folder} is not a folder`);
  const content = new Map<string, Json>();
  for (const { path, kind: found } of files.list(folder, isLeftOut)) {
    const place = `${folder}/${path}`;
    if (found !== "file")
      throw fileFailure(`Cannot read ${place}: it is a ${found === "other" ? "special file" : found}`);
    switch (formOf(path)) {
      case "json":
        content.set(path, parseFile(files.readText(place), place));
        break;
      case "text":
        content.set(path, files.readText(place));
        break;
      case "binary":
        content.set(path, Buffer.from(files.read(place)).toString("base64"));
        break;
      case "not carried":
        break;
    }
  }
  requireSnapshot(content, folder);
  return content;
}

/** Reads files that a program holds (of a git tree), by path. @throws {Failure} "file" as {@link readFolderContent} does. */
export function readBytesContent(tree: ReadonlyMap<string, Uint8Array>, where: string): SnapshotContent {
  const content = new Map<string, Json>();
  for (const [path, bytes] of tree) {
    if (path.split("/").some(isLeftOut)) continue;
    const place = `${where}/${path}`;
    const form = formOf(path);
    if (form === "not carried") continue;
    if (form === "binary") {
      content.set(path, Buffer.from(bytes).toString("base64"));
      continue;
    }
    if (!isUtf8(bytes)) throw fileFailure(`Cannot read ${place}: it is not UTF-8 text`);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    content.set(path, form === "json" ? parseFile(text, place) : text);
  }
  requireSnapshot(content, where);
  return content;
}

/** How a file is read: an asset belongs to the snapshot whatever its extension, though an import by the vendor's rules leaves it out. */
function formOf(path: string): Carried {
  const form = carried(path);
  return form === "not carried" && path.startsWith("assets/") ? "binary" : form;
}

function parseFile(text: string, place: string): Json {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw syntaxFailure(place, error);
    throw error;
  }
  if (!isJsonObject(value)) throw fileFailure(`${place}: it must hold a JSON object`);
  return value;
}

/** Files and folders of which a snapshot has at least one. */
const SIGNS =
  /^(?:snapshot\.json|project\.json|applications\.json|roles\.json|(?:auth|connectors|flows|styles|widgets)\/.+\.json)$/;

function requireSnapshot(content: SnapshotContent, where: string): void {
  if (content.size === 0) {
    throw fileFailure(
      `${where} is empty: there is no snapshot in it`,
      "Export one into it, or name the folder of one.",
    );
  }
  for (const path of content.keys()) if (SIGNS.test(path)) return;
  throw fileFailure(
    `${where} holds no snapshot: there is neither snapshot.json nor any file that snapshots have`,
  );
}

/** Takes the files of an export's reply as values. */
export class ReplyContent implements ReplyFiles<FoundFile> {
  readonly content = new Map<string, Json>();
  private readonly like: SnapshotContent | undefined;

  /** @param like what is the same there is taken from there: most of two environments is, and needs to be held in memory once. */
  constructor(like?: SnapshotContent) {
    this.like = like;
  }

  find(bytes: Uint8Array, start: number): FoundFile | undefined {
    const end = skipValue(bytes, start, bytes.length);
    return end === ENDLESS ? undefined : { end };
  }

  take(path: string, bytes: Uint8Array, start: number, { end }: FoundFile): void {
    const value = parseJson(textOf(bytes, start, end));
    const known = this.like?.get(path);
    this.content.set(path, known !== undefined && sameJson(known, value) ? known : value);
  }

  clear(): void {
    this.content.clear();
  }

  unusable(reason: string): Failure {
    return new Failure(`The project's snapshot cannot be used: ${reason}`, {
      code: "bad_reply",
      hint: "An incomplete export is never compared with. Try again; if it stays, the key may lack the permission to read all of it.",
    });
  }
}

/** A file as it is written to a folder: canonical JSON, text with a newline at its end, or bytes. */
export function fileContent(path: string, value: Json): string | Uint8Array {
  if (typeof value !== "string") return `${printJson(value)}\n`;
  if (carried(path) === "text") return value === "" || value.endsWith("\n") ? value : `${value}\n`;
  return Buffer.from(value, "base64");
}

/** A request's `files`, with paths sorted. */
export function contentObject(content: SnapshotContent): Record<string, Json> {
  return Object.fromEntries([...content].sort(([a], [b]) => (a < b ? -1 : 1)));
}
