import path from "node:path";
import { fileFailure } from "../failure.ts";

/**
 * The absolute form of a path. Where the current folder was removed, a relative path has none: the runtime would take the program's
 * own folder in its place.
 *
 * @throws {Failure} "file" when there is no current folder.
 */
export function absolute(file: string): string {
  if (!path.isAbsolute(file)) {
    try {
      process.cwd();
    } catch {
      throw fileFailure(
        `Cannot find ${file}: the current folder was removed`,
        "Change to another folder first.",
      );
    }
  }
  return path.resolve(file);
}
