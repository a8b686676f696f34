import { readConsole } from "../../flow/console.ts";
import { Failure } from "../../failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { configurationRefused } from "../error.ts";
import type { Project } from "../project.ts";
import { exportFlow, importFlow } from "./flow-files.ts";
import { exportTheme, importTheme } from "./theme-files.ts";

/** A flow in the form that consoles once exported: `{flow, screens}`. @throws {EmulatorError} when there is no such flow. */
export function exportConsoleFlow(project: Project, flowId: string): JsonObject {
  const exported = exportFlow(project, flowId);
  const { name, description, componentsVersion, translation, ...metadata } = object(exported.metadata);
  const { enabled, connectorId, sourceLanguage, targetLanguages } = object(translation);
  const screens = Array.isArray(exported.screens) ? exported.screens.filter(isJsonObject) : [];
  return {
    flow: {
      ...metadata,
      id: flowId,
      name: name ?? flowId,
      description: description ?? "",
      dsl: exported.contents ?? {},
      etag: new Bun.CryptoHasher("sha256").update(JSON.stringify(exported)).digest("hex").slice(0, 32),
      ...(translation === undefined
        ? {}
        : {
            translate: enabled ?? false,
            translateConnectorID: connectorId ?? "",
            translateSourceLang: sourceLanguage ?? "",
            translateTargetLangs: targetLanguages ?? [],
          }),
    },
    screens: screens.map(({ screenId, interactions, contents, ...more }) => ({
      ...more,
      id: screenId ?? "",
      flowId,
      inputs: [],
      interactions: interactions ?? [],
      htmlTemplate: contents ?? {},
      componentsVersion: componentsVersion ?? "",
    })),
  };
}

/** Puts a flow of that form in place of the one with its id, or beside the others. @throws {EmulatorError} when it is no flow. */
export function importConsoleFlow(
  project: Project,
  flowId: string,
  flow: JsonObject,
  screens: readonly JsonObject[],
): void {
  importFlow(project, flowId, read({ flow, screens: [...screens] }));
}

function read(raw: JsonObject): JsonObject {
  try {
    const { metadata, contents, screens, references } = readConsole(raw, "The flow").flow;
    return {
      metadata,
      contents,
      // A screen without content was left out of the record, and has to be there all the same.
      screens: screens.map(({ screenId, record }): Json => ({ contents: {}, ...record, screenId })),
      references,
    };
  } catch (error) {
    if (error instanceof Failure) throw configurationRefused(error.message);
    throw error;
  }
}

/** The id under which the one theme of a project goes in the older form. */
const THEME = "default";

/** The theme in the older form: its styles by their ids as one template. */
export function exportConsoleTheme(project: Project): JsonObject {
  const { styles, componentsVersion } = exportTheme(project);
  return { id: THEME, cssTemplate: styles ?? {}, componentsVersion: componentsVersion ?? "" };
}

/** Puts a theme of that form in place of the project's. @throws {EmulatorError} when it is none. */
export function importConsoleTheme(project: Project, theme: JsonObject): void {
  const before = exportTheme(project);
  importTheme(project, {
    styles: theme.cssTemplate ?? {},
    componentsVersion: theme.componentsVersion ?? before.componentsVersion ?? "",
    references: before.references ?? {},
  });
}

function object(content: Json | undefined): JsonObject {
  return isJsonObject(content) ? content : {};
}
