import { byCodePoint } from "../../json/print.ts";
import { isJsonObject, type JsonObject } from "../../json/value.ts";
import { configurationRefused } from "../error.ts";
import type { Project } from "../project.ts";
import { withAssetsInline, withKnownAssets } from "./assets.ts";
import { deleteBelow, filesBelow, getIndex, getObject, putFile } from "./snapshot-files.ts";

const INDEX = "styles/styles.json";

/** All styles as one object: what `theme export` gives. */
export function exportTheme(project: Project): JsonObject {
  const { componentsVersion = "", references = {} } = getObject(project, INDEX);
  const styles = getIndex(project, INDEX, "styles").map((id): [string, JsonObject] => [
    id,
    getObject(project, `styles/${id}.json`),
  ]);
  const theme: JsonObject = { componentsVersion, styles: Object.fromEntries(styles), references };
  return withAssetsInline(theme, filesBelow(project, "assets")) as JsonObject;
}

/** Puts a theme in place of the project's. @throws {EmulatorError} when it is none. */
export function importTheme(project: Project, given: JsonObject): void {
  const theme = withKnownAssets(given, filesBelow(project, "assets")) as JsonObject;
  const { styles, componentsVersion = "", references } = theme;
  if (!isJsonObject(styles)) throw configurationRefused("The theme must have styles, an object");
  for (const [id, style] of Object.entries(styles)) {
    if (!/^[\w-]+$/.test(id) || !isJsonObject(style))
      throw configurationRefused(
        "Each style of the theme must be an object under an id of letters and digits",
      );
  }
  deleteBelow(project, "styles");
  for (const [id, style] of Object.entries(styles)) putFile(project, `styles/${id}.json`, style);
  putFile(project, INDEX, {
    componentsVersion,
    ...(isJsonObject(references) && Object.keys(references).length > 0 ? { references } : {}),
    styles: Object.keys(styles).sort(byCodePoint),
  });
}
