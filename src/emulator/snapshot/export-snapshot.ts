import type { Project } from "../project.ts";
import { assetMapping, mappedFiles, referencedAssets, withAssetsInline } from "./assets.ts";
import { parts } from "./parts.ts";
import { allFiles, type Files } from "./snapshot-files.ts";

/**
 * The files of a project's snapshot.
 *
 * @param plain true for texts and images in their places, without files of their own.
 */
export function exportSnapshot(project: Project, plain: boolean): Files {
  const kept = allFiles(project);
  const settings = Object.fromEntries(Object.entries(kept).filter(([path]) => !path.startsWith("assets/")));
  for (const part of parts) {
    const content = part.write(project);
    if (content !== undefined) settings[part.file] = content;
  }
  if (plain) return withAssetsInline(settings, kept) as Files;
  const assets: Files = {};
  for (const path of referencedAssets(settings)) {
    const content = kept[path];
    if (content !== undefined) assets[path] = content;
  }
  if (Object.keys(assets).length > 0) assets["assets/assets.json"] = mapping(settings, kept);
  return { ...settings, ...assets };
}

/** The mapping as it was imported, for as long as it places the same files. */
function mapping(settings: Files, kept: Files) {
  const made = assetMapping(settings);
  const imported = kept["assets/assets.json"];
  if (imported === undefined) return made;
  return mappedFiles(imported).join("\n") === mappedFiles(made).join("\n") ? imported : made;
}
