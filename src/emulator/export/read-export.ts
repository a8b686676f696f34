import path from "node:path";
import * as v from "valibot";
import { counted } from "../../counted.ts";
import { fileFailure, type Failure } from "../../failure.ts";
import { readJsonObject } from "../../files/json-file.ts";
import { localFiles } from "../../files/local.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { carried } from "../../snapshot/layout.ts";
import type { ProjectInfo } from "../project.ts";
import type { Files } from "../snapshot/snapshot-files.ts";
import { SCHEMA_VERSION } from "../store/schema.ts";
import {
  COMPANY_FOLDER,
  FORMAT,
  FORMAT_VERSION,
  MANIFEST,
  projectFolder,
  SNAPSHOT_FOLDER,
  SNAPSHOT_REST,
} from "./layout.ts";

/** A state that was exported, read whole; its lines are parsed when they are put in. */
export interface ExportedState {
  /** Where it lies, for errors. */
  readonly folder: string;
  /** Of the emulator itself, by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly projects: readonly (ProjectInfo & {
    readonly lines: readonly LineFile[];
    readonly files: Files;
  })[];
  readonly company: readonly LineFile[];
}

/** A file of lines of JSON. */
export interface LineFile {
  /** Below the folder of the project. */
  readonly name: string;
  /** Where it lies, for errors. */
  readonly place: string;
  readonly bytes: Uint8Array;
}

const counts = () => v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(1)));

const manifest = () =>
  v.object({
    settings: v.record(v.string(), v.string()),
    company: v.object({ files: counts() }),
    projects: v.array(
      v.object({
        id: v.string(),
        name: v.string(),
        environment: v.string(),
        tags: v.array(v.string()),
        createdTime: v.number(),
        files: counts(),
        snapshot: v.object({ files: v.number(), made: v.array(v.string()) }),
      }),
    ),
  });

/** Whether a folder is one that an export has written. */
export function isExport(folder: string): boolean {
  const place = path.join(folder, MANIFEST);
  if (localFiles.kind(place) !== "file") return false;
  const found = readJsonObject(localFiles, place);
  return found.format === FORMAT;
}

/**
 * Reads the folder of an export.
 *
 * @throws {Failure} "file" when it is another version's, or something in it is missing or is not what the manifest says.
 */
export function readExport(folder: string): ExportedState {
  const place = path.join(folder, MANIFEST);
  const found = readJsonObject(localFiles, place);
  if (found.version !== FORMAT_VERSION || found.state !== SCHEMA_VERSION) {
    throw fileFailure(
      `${folder} was exported by another version of the emulator (${told(found)}, this one reads ${FORMAT_VERSION}.${SCHEMA_VERSION})`,
      "Use the version that wrote it, or a seed of users and a snapshot.",
    );
  }
  const checked = v.safeParse(manifest(), found);
  if (!checked.success) {
    throw fileFailure(`${place}: ${v.getDotPath(checked.issues[0]) ?? "it"} is not what an export has there`);
  }
  const { settings, company, projects } = checked.output;
  return {
    folder,
    settings,
    company: readLines(path.join(folder, COMPANY_FOLDER), company.files),
    projects: projects.map(({ files, snapshot, ...info }) => {
      const at = path.join(folder, ...projectFolder(info.id).split("/"));
      const lines = readLines(at, files);
      const rest = lines.find(({ name }) => name === SNAPSHOT_REST);
      return {
        ...info,
        lines: lines.filter((file) => file !== rest),
        files: {
          ...readSnapshot(path.join(at, SNAPSHOT_FOLDER), snapshot.files, snapshot.made),
          ...restOf(rest),
        },
      };
    }),
  };
}

function told({ version, state }: JsonObject): string {
  const number = (value: Json | undefined) => (typeof value === "number" ? String(value) : "?");
  return `${number(version)}.${number(state)}`;
}

function readLines(folder: string, files: Readonly<Record<string, number>>): LineFile[] {
  return Object.entries(files).map(([name, wanted]) => {
    const place = path.join(folder, ...name.split("/"));
    if (!/^(?:records\/)?[\w%.-]+\.ndjson$/.test(name)) throw fileFailure(`${place} is no file of an export`);
    const bytes = localFiles.read(place);
    const there = countLines(bytes);
    if (there !== wanted) {
      throw fileFailure(
        `${place} has ${counted(there, "line")}, and ${MANIFEST} says ${wanted}`,
        `Where lines were added or taken away on purpose, set the number in ${MANIFEST}.`,
      );
    }
    return { name, place, bytes };
  });
}

const NEWLINE = 0x0a;

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return bytes.length > 0 && bytes.at(-1) !== NEWLINE ? count + 1 : count;
}

/** The objects of a file of lines, each with its number. @throws {Failure} "file" naming file and line. */
export function* objectsOf({ place, bytes }: LineFile): Generator<readonly [JsonObject, number]> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let number = 0;
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    number++;
    yield [objectOf(decoder.decode(bytes.subarray(start, end)), place, number), number];
    start = end + 1;
  }
}

function objectOf(line: string, place: string, number: number): JsonObject {
  try {
    const value = parseJson(line);
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw lineFailure(place, number, `not JSON: ${error.message}`);
    throw error;
  }
  throw lineFailure(place, number, "it must be a JSON object");
}

/** Something is wrong in a line. */
export function lineFailure(place: string, number: number, what: string): Failure {
  return fileFailure(`${place}:${number}: ${what}`);
}

/** The files of a snapshot's folder, but for those that say only what is said elsewhere. */
function readSnapshot(folder: string, wanted: number, made: readonly string[]): Files {
  const files: Files = {};
  let there = 0;
  const found = wanted === 0 ? [] : localFiles.list(folder, (name) => name.startsWith("."));
  for (const { path: name, kind } of found) {
    const place = path.join(folder, ...name.split("/"));
    if (kind !== "file") throw fileFailure(`Cannot read ${place}: it is no file`);
    there++;
    if (made.includes(name)) continue;
    const form = carried(name);
    if (form === "json") files[name] = readJsonObject(localFiles, place);
    else if (form === "text") files[name] = localFiles.readText(place);
    else files[name] = Buffer.from(localFiles.read(place)).toString("base64");
  }
  if (there === wanted) return files;
  throw fileFailure(
    `${folder} has ${counted(there, "file")}, and ${MANIFEST} says ${wanted}`,
    `Where files were added or taken away on purpose, set the number in ${MANIFEST}.`,
  );
}

function restOf(file: LineFile | undefined): Files {
  if (file === undefined) return {};
  return Object.fromEntries(
    [...objectsOf(file)].map(([{ path: name, content }, number]) => {
      if (typeof name !== "string" || content === undefined)
        throw lineFailure(file.place, number, "it must have a path and a content");
      return [name, content] as const;
    }),
  );
}
