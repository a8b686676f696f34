import { fileFailure } from "../failure.ts";
import { byCodePoint } from "../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../json/value.ts";
import { type ExportedFlow, readMetadata, readScreen } from "./exported.ts";

/**
 * The form of a snapshot: a folder, named as the flow's id, with `metadata.json`, `contents.json` and a file for each screen that
 * the metadata lists.
 */
export interface FolderRead {
  /** The metadata record, without what says nothing. */
  readonly metadata: JsonObject;
  readonly references: JsonObject;
  /** What the metadata lists as screens. */
  readonly screens: readonly Json[];
}

export const METADATA_FILE = "metadata.json";
export const CONTENTS_FILE = "contents.json";

/** Reads a folder's `metadata.json`. @param file its path, for errors. @throws {Failure} "file" for a member of the wrong type. */
export function readFolderMetadata(raw: JsonObject, file: string): FolderRead {
  const { screens, references, ...rest } = raw;
  return {
    metadata: readMetadata(rest, file),
    references: isJsonObject(references) ? references : {},
    screens: Array.isArray(screens) ? screens : [],
  };
}

/** The name of the file of a screen that `metadata.json` lists. @throws {Failure} "file" when it names none in the folder. */
export function listedScreenFile(name: Json, file: string): string {
  if (typeof name !== "string") throw fileFailure(`${file}: an item of "screens" is not a string`);
  return screenFile(name, file);
}

/**
 * The flow of a folder, its screens sorted by their ids.
 *
 * @param screens each screen's file with its path, in the order of the metadata's list.
 * @throws {Failure} "file" for a member of the wrong type.
 */
export function flowOfFolder(
  flowId: string,
  read: FolderRead,
  contents: JsonObject,
  screens: readonly { readonly file: string; readonly raw: JsonObject }[],
): ExportedFlow {
  return {
    flowId,
    metadata: read.metadata,
    contents,
    screens: screens
      .map(({ file, raw }) => readScreen(raw, file))
      .sort((a, b) => byCodePoint(a.screenId, b.screenId)),
    references: read.references,
  };
}

/** A flow as a folder. */
export interface FolderFiles {
  /** The JSON of each file, by its name. */
  readonly files: ReadonlyMap<string, JsonObject>;
  /** What a folder has no place for. Its name stands for the flow's id, which is not counted here. */
  readonly lost: readonly string[];
}

/**
 * The files of a flow's folder.
 *
 * @param file the source's name, for errors.
 * @throws {Failure} "file" for a screen whose id would lead out of the folder.
 */
export function folderOfFlow(flow: ExportedFlow, file: string): FolderFiles {
  const { widget, screens: strayScreens, references: strayReferences, ...metadata } = flow.metadata;
  const screens = new Map(flow.screens.map(({ screenId, record }) => [screenId, record]));
  const ids = [...screens.keys()].sort(byCodePoint);
  const hasReferences = Object.keys(flow.references).length > 0;
  const files = new Map<string, JsonObject>([
    [CONTENTS_FILE, flow.contents],
    [METADATA_FILE, { ...metadata, ...(hasReferences ? { references: flow.references } : {}), screens: ids }],
  ]);
  for (const [id, record] of screens) files.set(screenFile(id, file), record);
  const stray = { widget, screens: strayScreens, references: strayReferences };
  return {
    files,
    lost: [
      ...Object.entries(stray).flatMap(([key, value]) => (value === undefined ? [] : [`metadata.${key}`])),
      ...overwritten(flow),
    ],
  };
}

/** Screens that a later one of the same id takes the place of. */
function overwritten({ screens }: ExportedFlow): string[] {
  return screens.flatMap(({ screenId }, i) =>
    screens.findLastIndex((other) => other.screenId === screenId) === i ? [] : [`screens[${i}]`],
  );
}

function screenFile(id: string, file: string): string {
  if (/[/\\\0]/.test(id)) {
    throw fileFailure(
      `${file}: the screen ${JSON.stringify(id)} cannot have a file: its id holds a slash, a backslash or a NUL`,
    );
  }
  return `screen-${id}.json`;
}
