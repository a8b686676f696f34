import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { byCodePoint } from "../../json/print.ts";
import type { Project } from "../project.ts";
import { read, write } from "../store/store.ts";

/**
 * A project's configuration is kept in the files of its snapshot, so that every way to read or change it works on the same state.
 * A file is a JSON object or, for texts and images, a string.
 */
export type Files = Record<string, Json>;

/** All files, by path, in order. */
export function allFiles(project: Project): Files {
  const rows = project.store.all<{ path: string; content: string }>(
    "SELECT path, content FROM snapshot_files WHERE project = ?",
    project.id,
  );
  rows.sort((a, b) => byCodePoint(a.path, b.path));
  return Object.fromEntries(rows.map(({ path, content }) => [path, read<Json>(content)]));
}

/** The files below a folder, by their whole paths. */
export function filesBelow(project: Project, folder: string): Files {
  const rows = project.store.all<{ path: string; content: string }>(
    "SELECT path, content FROM snapshot_files WHERE project = ? AND path >= ? AND path < ? ORDER BY path",
    project.id,
    `${folder}/`,
    `${folder}0`,
  );
  return Object.fromEntries(rows.map(({ path, content }) => [path, read<Json>(content)]));
}

function getFile(project: Project, path: string): Json | undefined {
  const content = getContent(project, path);
  return content === undefined ? undefined : read<Json>(content);
}

/** A file as it is kept: JSON that was not parsed. */
export function getContent(project: Project, path: string): string | undefined {
  return project.store.get<{ content: string }>(
    "SELECT content FROM snapshot_files WHERE project = ? AND path = ?",
    project.id,
    path,
  )?.content;
}

/** A file that holds an object; an empty one where there is no such file. */
export function getObject(project: Project, path: string): JsonObject {
  const content = getFile(project, path);
  return isJsonObject(content) ? content : {};
}

export function putFile(project: Project, path: string, content: Json): void {
  project.store.run(
    `INSERT INTO snapshot_files VALUES (?, ?, ?)
     ON CONFLICT (project, path) DO UPDATE SET content = excluded.content`,
    project.id,
    path,
    write(content),
  );
}

/** Deletes the files below a folder. */
export function deleteBelow(project: Project, folder: string): void {
  project.store.run(
    "DELETE FROM snapshot_files WHERE project = ? AND path >= ? AND path < ?",
    project.id,
    `${folder}/`,
    `${folder}0`,
  );
}

/** The list of names in an index file (`flows/flows.json`). */
export function getIndex(project: Project, path: string, key: string): string[] {
  return names(getObject(project, path)[key]);
}

/** The texts of a list; none for anything else. */
export function names(content: Json | undefined): string[] {
  return Array.isArray(content) ? content.filter((item) => typeof item === "string") : [];
}
