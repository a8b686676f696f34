import path from "node:path";
import { text } from "../../../command/flags.ts";
import { fileFailure } from "../../../failure.ts";
import { defaultFolder } from "../../../snapshot/layout.ts";

/** The flag that names the snapshot's folder. */
export const folderFlag = text("The snapshot's folder (default project-<projectId> in the current folder)", {
  short: "p",
  value: "folder",
});

/** The folder that a command works on: the one that is named, cleaned, or the project's own. @throws {Failure} "file" */
export function snapshotFolder(named: string | undefined, project: string): string {
  if (named !== undefined && named !== "") return path.normalize(named).replace(/(?<=[^/\\])[/\\]+$/, "");
  if (/[/\\]/.test(project))
    throw fileFailure("The project's id cannot be the name of a folder", "Name one with --path.");
  return defaultFolder(project);
}
