import { fileFailure } from "../failure.ts";
import type { Json, JsonObject } from "../json/value.ts";
import { memberOf, readFields, spoken } from "./fields.ts";

/**
 * A flow in the form that `flow export` writes: `{flowId, metadata, contents, screens, references}` in one file. It is also how
 * conversions hold a flow: each other form is read into it and written from it. Members that are not known are carried in it.
 */
export interface ExportedFlow {
  readonly flowId: string;
  /** The members that say something, and the unknown ones; a translation also where it is empty. */
  readonly metadata: JsonObject;
  readonly contents: JsonObject;
  readonly screens: readonly ExportedScreen[];
  readonly references: JsonObject;
}

export interface ExportedScreen {
  readonly screenId: string;
  /** The screen as it is written: `screenId`, `interactions` and `contents` where they say something, and the unknown members. */
  readonly record: JsonObject;
}

/** A flow as it was read, with the names of what the form that it is held in has no place for. */
export interface FlowRead {
  readonly flow: ExportedFlow;
  /** "metadata.widget": members of the source that are not carried and say something. */
  readonly lost: readonly string[];
}

const flowFields = {
  flowId: "text",
  metadata: "object",
  contents: "object",
  screens: "objects",
  references: "object",
} as const;

export const metadataFields = {
  name: "text",
  description: "text",
  componentsVersion: "text",
  disabled: "switch",
  fingerprint: "switch",
  widget: "switch",
  translation: "object",
  sharedInteractions: "objects",
} as const;

const translationFields = {
  enabled: "switch",
  connectorId: "text",
  sourceLanguage: "text",
  targetLanguages: "texts",
} as const;

export const screenFields = { screenId: "text", interactions: "objects", contents: "object" } as const;

/**
 * Reads a flow in this form.
 *
 * @param file the file's name, for errors.
 * @param at the member of the file that holds the flow; empty where it is the whole file.
 * @throws {Failure} "file" for a known member of the wrong type.
 */
export function readExported(raw: JsonObject, file: string, at = ""): FlowRead {
  const { known, unknown } = readFields(raw, flowFields, file, at);
  return {
    flow: {
      flowId: known.flowId ?? "",
      metadata: readMetadata(known.metadata ?? {}, file, memberOf(at, "metadata")),
      contents: known.contents ?? {},
      screens: requireScreens(known.screens ?? [], file, at).map((screen, i) =>
        readScreen(screen, file, memberOf(at, `screens[${i}]`)),
      ),
      references: known.references ?? {},
    },
    lost: unknown.map(([key]) => memberOf(at, key)),
  };
}

/** The metadata record, without what says nothing. @throws {Failure} "file" for a known member of the wrong type. */
export function readMetadata(raw: JsonObject, file: string, at = ""): JsonObject {
  const { known, unknown } = readFields(raw, metadataFields, file, at);
  const { translation, ...plain } = known;
  return withUnknown(
    translation === undefined
      ? spoken(plain)
      : {
          ...spoken(plain),
          translation: readTranslation(translation, file, memberOf(at, "translation")),
        },
    unknown,
  );
}

function readTranslation(raw: JsonObject, file: string, at: string): JsonObject {
  const { known, unknown } = readFields(raw, translationFields, file, at);
  return withUnknown(spoken(known), unknown);
}

/** One screen. @throws {Failure} "file" for a known member of the wrong type. */
export function readScreen(raw: JsonObject, file: string, at = ""): ExportedScreen {
  const { known, unknown } = readFields(raw, screenFields, file, at);
  return { screenId: known.screenId ?? "", record: withUnknown(spoken(known), unknown) };
}

/** The list of screens, in which each has to be there. @throws {Failure} "file" */
export function requireScreens(
  screens: readonly (JsonObject | null)[],
  file: string,
  at: string,
): JsonObject[] {
  return screens.map((screen, i) => {
    if (screen !== null) return screen;
    throw fileFailure(`${file}: ${memberOf(at, `screens[${i}]`)} is null, and has to be an object`);
  });
}

/** A record with the members that are not known behind those that are. */
export function withUnknown(known: JsonObject, unknown: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries([...unknown, ...Object.entries(known)]);
}

/** The JSON of a flow in this form. */
export function exportedJson({ flowId, metadata, contents, screens, references }: ExportedFlow): JsonObject {
  return {
    ...spoken({ flowId, contents, screens: screens.map(({ record }) => record), references }),
    metadata,
  };
}
