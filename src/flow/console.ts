import type { Json, JsonObject } from "../json/value.ts";
import { type FieldKinds, findName, readFields, spoken } from "./fields.ts";
import {
  type ExportedScreen,
  type FlowRead,
  metadataFields,
  requireScreens,
  screenFields,
  withUnknown,
} from "./exported.ts";

/** The form of older console exports: `{"flow": {id, name, dsl, …}, "screens": [{id, htmlTemplate, …}]}`. */
const flowFields = {
  id: "text",
  version: "whole",
  name: "text",
  description: "text",
  dsl: "object",
  modifiedTime: "whole",
  etag: "text",
  disabled: "switch",
  translate: "switch",
  translateConnectorID: "text",
  translateSourceLang: "text",
  translateTargetLangs: "texts",
  fingerprint: "switch",
  widget: "switch",
  sharedInteractions: "objects",
} as const;

const consoleScreenFields = {
  id: "text",
  version: "whole",
  flowId: "text",
  inputs: "objects",
  interactions: "objects",
  htmlTemplate: "object",
  componentsVersion: "text",
} as const;

/**
 * Reads a flow in the console's form. Versions, tags, times and inputs, which no other form has, are left behind on purpose and
 * are not named as lost.
 *
 * @param file the file's name, for errors.
 * @throws {Failure} "file" for a known member of the wrong type, also one that is left behind.
 */
export function readConsole(raw: JsonObject, file: string): FlowRead {
  const top = readFields(raw, { flow: "object", screens: "objects" }, file, "");
  const flow = readFields(top.known.flow ?? {}, flowFields, file, "flow");
  const screens = requireScreens(top.known.screens ?? [], file, "").map((screen, i) =>
    readFields(screen, consoleScreenFields, file, `screens[${i}]`),
  );
  const { id, name, description, disabled, fingerprint, widget, sharedInteractions, dsl } = flow.known;
  const versions = screens.map(({ known }) => known.componentsVersion ?? "");
  const translation = spoken({
    enabled: flow.known.translate,
    connectorId: flow.known.translateConnectorID,
    sourceLanguage: flow.known.translateSourceLang,
    targetLanguages: flow.known.translateTargetLangs,
  });
  const metadata = spoken({
    name,
    description,
    disabled,
    fingerprint,
    widget,
    sharedInteractions,
    componentsVersion: versions.findLast((version) => version !== ""),
    translation,
  });
  const ofFlow = apartFrom(metadataFields, flow.unknown);
  const ofScreens = screens.map(({ unknown }) => apartFrom(screenFields, unknown));
  return {
    flow: {
      flowId: id ?? "",
      metadata: withUnknown(metadata, ofFlow.carried),
      contents: dsl ?? {},
      screens: screens.map(({ known }, i): ExportedScreen => {
        const { id: screenId, interactions, htmlTemplate: contents } = known;
        const record = spoken({ screenId, interactions, contents });
        return { screenId: screenId ?? "", record: withUnknown(record, ofScreens[i]?.carried ?? []) };
      }),
      references: {},
    },
    lost: [
      ...top.unknown.map(([key]) => key),
      ...ofFlow.taken.map((key) => `flow.${key}`),
      ...ofScreens.flatMap(({ taken }, i) => taken.map((key) => `screens[${i}].${key}`)),
    ],
  };
}

/** Unknown members of one record that can stand in another, and the names of those whose place there is taken. */
function apartFrom(
  kinds: FieldKinds,
  unknown: readonly (readonly [string, Json])[],
): { carried: (readonly [string, Json])[]; taken: string[] } {
  const isTaken = ([key]: readonly [string, Json]) => findName(kinds, key) !== undefined;
  return {
    carried: unknown.filter((entry) => !isTaken(entry)),
    taken: unknown.filter(isTaken).map(([key]) => key),
  };
}
