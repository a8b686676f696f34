import type { Files } from "../../../files/files.ts";
import { locate } from "../../../json/locate.ts";
import type { Problem } from "../../../snapshot/model/entity.ts";

/** What is wrong with a snapshot's folder, by file, line and column. */
export function problemText(files: Files, folder: string, { path, at, text }: Problem): string {
  const file = `${folder}/${path}`;
  if (!path.endsWith(".json") || files.kind(file) !== "file") return `${file}: ${text}`;
  const { line, column } = locate(files.readText(file), at);
  return `${file}:${line}:${column}: ${text}`;
}
