import * as v from "valibot";
import type { Files } from "../files/files.ts";
import { fileFailure } from "../failure.ts";
import { parseJson } from "../json/parse.ts";
import { printJson } from "../json/print.ts";
import { fitsLayout, isLayoutFolder, isLeftOut, topFolder } from "./layout.ts";
import { hostilePath } from "./path.ts";

/** The hidden file in which an export with `--prune` keeps what it wrote, so that the next one knows what is its own. */
export const MANIFEST = ".descope-export.json";

const schema = v.object({ schema: v.literal("descope-export/1"), files: v.array(v.string()) });

/**
 * Files of earlier exports that are not part of this one. Where there is a manifest, those that it names; else those that fit the
 * layout of a snapshot. A file of the user's is never among them.
 *
 * @param written the paths of this export.
 * @throws {Failure} "file" when the manifest is damaged.
 */
export function staleFiles(files: Files, folder: string, written: ReadonlySet<string>): string[] {
  const own = readManifest(files, folder);
  const isOwn = own === undefined ? fitsLayout : (path: string) => own.has(path);
  const folders = own === undefined ? undefined : new Set([...own].map(topFolder));
  const holdsOwn = (name: string) => (folders === undefined ? isLayoutFolder(name) : folders.has(name));
  // The folder may be a whole repository: only what can hold such files is looked into.
  return files
    .list(folder, (name, path) => isLeftOut(name) || !(isOwn(path) || holdsOwn(topFolder(`${path}/`))))
    .filter(({ kind, path }) => kind === "file" && isOwn(path) && !written.has(path))
    .map(({ path }) => path);
}

function readManifest(files: Files, folder: string): ReadonlySet<string> | undefined {
  const path = `${folder}/${MANIFEST}`;
  if (files.kind(path) === "nothing") return undefined;
  let content: unknown;
  try {
    content = parseJson(files.readText(path));
  } catch {
    content = undefined;
  }
  const checked = v.safeParse(schema, content);
  if (!checked.success || checked.output.files.some((file) => hostilePath(file) !== undefined)) {
    throw fileFailure(`${path} is damaged`, "Delete it; the next export with --prune makes it anew.");
  }
  return new Set(checked.output.files);
}

/** The manifest's text. */
export function manifestText(paths: readonly string[]): string {
  return `${printJson({ schema: "descope-export/1", files: [...paths] })}\n`;
}
