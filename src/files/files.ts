/** Local files, as commands reach them. All paths are relative to the working directory or absolute; errors are {@link Failure}s. */
export interface Files {
  /** The bytes of a file. @throws {Failure} "file" naming the path and why. */
  read(path: string): Uint8Array;
  /** The text of a file that must be UTF-8. @throws {Failure} "file" */
  readText(path: string): string;
  /** Whether there is a file, a folder (links followed), or nothing. */
  kind(path: string): "file" | "folder" | "other" | "nothing";
  /**
   * Checks that a file could be written, so that no request is made for a result that has no place to go: the parent can be made
   * or is a folder, the path is not a folder. Makes nothing. @throws {Failure} "file"
   */
  checkWritable(path: string): void;
  /**
   * Writes a file whole or not at all: beside its place, then renamed onto it. Parents are made; an existing file keeps its mode, a
   * link is followed. @throws {Failure} "file"
   */
  write(path: string, content: string | Uint8Array): void;
}
