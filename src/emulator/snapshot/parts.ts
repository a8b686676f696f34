import type { Project } from "../project.ts";
import type { Files } from "./snapshot-files.ts";
import { resourcesPart } from "./resources-part.ts";
import { rolesPart } from "./roles-part.ts";

/**
 * A part of a snapshot whose state is not its file: things that other calls work on one by one. It is written to its file on export
 * and read from it on import.
 */
export interface SnapshotPart {
  /** What leaves it out of an import, beside its file being absent. */
  readonly name: string;
  /** The path of its file. */
  readonly file: string;
  /** What the file is to hold; undefined for no file. */
  write(project: Project): Files[string] | undefined;
  /** What is wrong with a file, in sentences. */
  check(content: Files[string]): string[];
  /** Makes the project's things those of the file. */
  read(project: Project, content: Files[string]): void;
}

export const parts: readonly SnapshotPart[] = [resourcesPart, rolesPart];
