import fs from "node:fs";
import path from "node:path";
import { Failure, fileFailure, systemReason } from "../failure.ts";
import { absolute } from "./absolute.ts";
import type { TreeWriter } from "./files.ts";
import { FOLDER_MODE } from "./modes.ts";
import { writeNewFile } from "./new-file.ts";
import { temporaryName } from "./temporary.ts";
import { WriteQueue } from "./write-queue.ts";

/**
 * Writes a tree of files all or nothing. Files are first written to a hidden folder on the same file system. Where the target does not
 * exist yet, that folder is renamed to it; else each file is renamed onto its place, with a second link to what was there kept until
 * all are in place.
 */
export function writeTree(folder: string): TreeWriter {
  try {
    return fs.existsSync(folder) ? new Overlay(folder) : new NewTree(folder);
  } catch (error) {
    throw asFailure(`Cannot write to ${folder}`, error);
  }
}

function asFailure(what: string, error: unknown): Failure {
  return error instanceof Failure ? error : fileFailure(`${what}: ${systemReason(error)}`);
}

/** A folder that does not exist yet: it appears by one rename. */
class NewTree implements TreeWriter {
  private readonly folder: string;
  private readonly staging: string;
  private readonly parents: string | undefined;
  private readonly made = new Set<string>();
  private readonly added = new Set<string>();
  /** Files that take the place of others of this tree, when those are there. */
  private readonly replacing = new Map<string, () => void>();
  private readonly queue: WriteQueue;
  private finished = false;

  constructor(folder: string) {
    this.folder = absolute(folder);
    const parent = path.dirname(this.folder);
    this.parents = fs.mkdirSync(parent, { recursive: true, mode: FOLDER_MODE });
    this.staging = path.join(parent, temporaryName());
    this.queue = new WriteQueue((file, error) => this.failure(file.slice(this.staging.length + 1), error));
    fs.mkdirSync(this.staging, { mode: FOLDER_MODE });
  }

  write(file: string, content: string | Uint8Array, mode?: number): void {
    if (this.finished) return;
    const target = `${this.staging}/${file}`;
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    if (this.added.has(file)) {
      const copy = new Uint8Array(bytes);
      this.replacing.set(file, () => {
        fs.rmSync(target);
        writeNewFile(target, copy, mode);
      });
      return;
    }
    this.added.add(file);
    const parent = file.slice(0, Math.max(0, file.lastIndexOf("/")));
    if (!this.made.has(parent)) {
      try {
        fs.mkdirSync(`${this.staging}/${parent}`, { recursive: true, mode: FOLDER_MODE });
      } catch (error) {
        throw this.failure(file, error);
      }
      this.made.add(parent);
    }
    this.queue.add(target, bytes, mode);
  }

  remove(): void {
    // Nothing is there yet.
  }

  async commit(): Promise<void> {
    await this.queue.finish().catch((error: unknown) => {
      if (!this.finished) throw error;
    });
    // It may have been given up while the files were written.
    if (this.finished) return;
    for (const [file, replace] of this.replacing) {
      try {
        replace();
      } catch (error) {
        throw this.failure(file, error);
      }
    }
    try {
      fs.renameSync(this.staging, this.folder);
      this.finished = true;
    } catch (error) {
      throw asFailure(`Cannot write ${this.folder}`, error);
    }
  }

  abort(): void {
    if (this.finished) return;
    this.finished = true;
    // Files that are still being made in it are removed too: the runtime begins again where a folder is not empty.
    fs.rmSync(this.staging, { recursive: true, force: true });
    if (this.parents !== undefined) removeEmpty(path.dirname(this.folder), path.dirname(this.parents));
  }

  private failure(file: string, error: unknown): Failure {
    return asFailure(`Cannot write ${path.join(this.folder, file)}`, error);
  }
}

interface Staged {
  /** Where it waits; absent for a file that is to be removed. */
  readonly source: string | undefined;
  readonly target: string;
}

/** A folder that exists. */
class Overlay implements TreeWriter {
  private readonly folder: string;
  /** The folder with links resolved: nothing outside is written. */
  private readonly real: string;
  private readonly staging: string;
  /** By path. */
  private readonly staged = new Map<string, Staged>();
  private sources = 0;
  /** Parents that were looked at: whether they exist. */
  private readonly parents = new Map<string, boolean>();
  private finished = false;

  constructor(folder: string) {
    this.folder = folder;
    this.real = fs.realpathSync(absolute(folder));
    this.staging = path.join(this.real, temporaryName());
    fs.mkdirSync(this.staging, { mode: FOLDER_MODE });
  }

  write(file: string, content: string | Uint8Array, mode?: number): void {
    if (this.finished) return;
    try {
      const target = this.locate(file);
      const existing = fs.lstatSync(target, { throwIfNoEntry: false });
      this.staged.delete(file);
      if (existing?.isFile() === true && sameContent(target, existing.size, content)) return;
      const source = path.join(this.staging, String(this.sources++));
      writeNewFile(source, content, mode);
      if (existing !== undefined) fs.chmodSync(source, existing.mode & 0o7777);
      this.staged.set(file, { source, target });
    } catch (error) {
      throw asFailure(`Cannot write ${path.join(this.folder, file)}`, error);
    }
  }

  remove(file: string): void {
    try {
      const target = this.locate(file);
      if (fs.lstatSync(target, { throwIfNoEntry: false }) !== undefined)
        this.staged.set(file, { source: undefined, target });
    } catch (error) {
      throw asFailure(`Cannot remove ${path.join(this.folder, file)}`, error);
    }
  }

  async commit(): Promise<void> {
    if (this.finished) return;
    const undo: (() => void)[] = [];
    try {
      let backups = 0;
      for (const { source, target } of this.staged.values()) {
        const backup = path.join(this.staging, `${backups++}.old`);
        if (source === undefined) {
          fs.renameSync(target, backup);
          undo.push(() => fs.renameSync(backup, target));
          continue;
        }
        const made = fs.mkdirSync(path.dirname(target), { recursive: true, mode: FOLDER_MODE });
        if (made !== undefined) undo.push(() => removeEmpty(path.dirname(target), path.dirname(made)));
        const existed = keepCopy(target, backup);
        undo.push(existed ? () => fs.renameSync(backup, target) : () => fs.rmSync(target, { force: true }));
        fs.renameSync(source, target);
      }
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw asFailure(`Cannot write to ${this.folder}`, error);
    }
    this.finished = true;
    for (const { source, target } of this.staged.values())
      if (source === undefined) removeEmpty(path.dirname(target), this.real);
    fs.rmSync(this.staging, { recursive: true, force: true });
  }

  abort(): void {
    if (this.finished) return;
    this.finished = true;
    fs.rmSync(this.staging, { recursive: true, force: true });
  }

  /** Where a file really goes. @throws when something on the way leads out of the folder, or is of the wrong kind. */
  private locate(file: string): string {
    const parts = file.split("/");
    const name = parts.pop() as string;
    let parent = this.real;
    for (const part of parts) {
      parent = path.join(parent, part);
      if (this.parents.has(parent)) continue;
      const found = fs.lstatSync(parent, { throwIfNoEntry: false });
      if (found?.isSymbolicLink() === true) {
        const real = this.inside(parent, file);
        if (!fs.statSync(real).isDirectory())
          throw fileFailure(`Cannot write ${file}: ${parent} is not a folder`);
        parent = real;
      } else if (found !== undefined && !found.isDirectory()) {
        throw fileFailure(
          `Cannot write ${path.join(this.folder, file)}: ${part} is a file, and has to be a folder`,
        );
      } else this.parents.set(parent, found !== undefined);
    }
    const target = path.join(parent, name);
    const found = fs.lstatSync(target, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() === true) return this.inside(target, file);
    if (found?.isDirectory() === true) {
      throw fileFailure(`Cannot write ${path.join(this.folder, file)}: it is a folder, and has to be a file`);
    }
    return target;
  }

  private inside(link: string, file: string): string {
    let real: string;
    try {
      real = fs.realpathSync(link);
    } catch {
      throw fileFailure(`Cannot write ${path.join(this.folder, file)}: ${link} is a link to nothing`);
    }
    if (real === this.real || real.startsWith(this.real + path.sep)) return real;
    throw fileFailure(
      `Cannot write ${path.join(this.folder, file)}: ${link} is a link that leads out of the folder`,
      "Remove the link, or export to another folder.",
    );
  }
}

function sameContent(file: string, size: number, content: string | Uint8Array): boolean {
  const wanted = typeof content === "string" ? Buffer.from(content) : content;
  return size === wanted.length && Buffer.compare(fs.readFileSync(file), wanted) === 0;
}

/** Keeps what is at `file` under a second name, by a link where the file system has them. Tells whether there was anything. */
function keepCopy(file: string, copy: string): boolean {
  try {
    fs.linkSync(file, copy);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return false;
    fs.copyFileSync(file, copy, fs.constants.COPYFILE_EXCL);
  }
  return true;
}

/** Removes a folder and those above it as long as they are empty, up to but not including `top`. */
function removeEmpty(folder: string, top: string): void {
  for (let current = folder; current !== top && current.startsWith(top); current = path.dirname(current)) {
    try {
      fs.rmdirSync(current);
    } catch {
      // Something is still in it.
      return;
    }
  }
}
