/** Local files, as commands reach them. Paths are relative to the working directory or absolute; errors are {@link Failure}s. */
export interface Files {
  /** The bytes of a file. @throws {Failure} "file" naming the path and why. */
  read(path: string): Uint8Array;
  /** The bytes of a file that must be UTF-8. The next call, and the next of `readText`, writes over them. @throws {Failure} "file" */
  readUtf8(path: string): Uint8Array;
  /** The text of a file that must be UTF-8; a byte order mark is kept. @throws {Failure} "file" */
  readText(path: string): string;
  /** Whether there is a file, a folder (links followed), or nothing. */
  kind(path: string): "file" | "folder" | "other" | "nothing";
  /** A path with `.`, `..` and links resolved. @throws {Failure} "file" when it does not exist. */
  realPath(path: string): string;
  /**
   * Checks that a file could be written, so that no request is made for a result that has no place to go: the parent can be made
   * or is a folder, the path is not a folder. Makes nothing. @throws {Failure} "file"
   */
  checkWritable(path: string): void;
  /**
   * Writes a file whole or not at all: beside its place, then renamed onto it. Parents are made; an existing file keeps its mode, a
   * link is followed. @throws {Failure} "file"
   */
  write(path: string, content: string | Uint8Array, mode?: number): void;
  /** Removes a file; one that is not there is no error. @throws {Failure} "file" */
  remove(path: string): void;
  /**
   * Everything in a folder, at any depth, sorted by name within each folder, in the order in which it is met. What `skip` says so of, by
   * its name or its path below the folder, is left out with all that is in it, unread. @throws {Failure} "file"
   */
  list(folder: string, skip: (name: string, path: string) => boolean): Listed[];
  /** Begins to write a tree of files below `folder`, which appears whole or not at all. @throws {Failure} "file" */
  writeTree(folder: string): TreeWriter;
}

/** Something in a folder. */
export interface Listed {
  /** Relative to the folder, parts joined by `/`. */
  readonly path: string;
  /** Links are followed to files, and never to folders. */
  readonly kind: "file" | "link to a folder" | "dangling link" | "other";
}

/** Files on their way to a folder. Nothing of them is in its place before `commit`. */
export interface TreeWriter {
  /**
   * Adds a file. `path` is relative, with `/`; the caller has checked that it is harmless, and this checks that nothing in the
   * folder leads it elsewhere. A new file gets the mode that is given. What was added under the path before is replaced.
   * @throws {Failure} "file"
   */
  write(path: string, content: string | Uint8Array, mode?: number): void;
  /** Has a file removed at the commit, and the folders that this leaves empty. A file that is not there is no error. */
  remove(path: string): void;
  /** Puts everything in its place, if it was not given up; when that fails, puts back what was there. @throws {Failure} "file" */
  commit(): Promise<void>;
  /** Forgets everything, and takes nothing more. After a commit it does nothing. */
  abort(): void;
}
