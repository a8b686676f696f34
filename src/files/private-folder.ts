import fs from "node:fs";
import path from "node:path";
import { Failure, fileFailure, systemReason } from "../failure.ts";
import { absolute } from "./absolute.ts";
import { FOLDER_MODE } from "./modes.ts";
import { temporaryName } from "./temporary.ts";

/** So much is gathered before it is written. */
const CHUNK = 256 * 1024;

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/**
 * A new folder with what nobody but its owner may read, which appears whole or not at all: it is made under a hidden name beside its
 * place and then renamed.
 */
export class PrivateFolder {
  private readonly folder: string;
  private readonly staging: string;
  private open: number | undefined;
  private finished = false;

  /** @throws {Failure} "file" when it cannot be made there. */
  constructor(folder: string) {
    this.folder = absolute(folder);
    const parent = path.dirname(this.folder);
    this.staging = path.join(parent, temporaryName());
    this.attempt(() => {
      fs.mkdirSync(parent, { recursive: true, mode: FOLDER_MODE });
      fs.mkdirSync(this.staging, { mode: OWNER_FOLDER });
    });
  }

  /** Where a file of it lies for now. */
  place(file: string): string {
    return path.join(this.staging, ...file.split("/"));
  }

  write(file: string, content: string | Uint8Array): void {
    const append = this.begin(file);
    append(content);
    this.end();
  }

  /** Begins a file anew whose bytes come one part after the other; it ends with the next file. */
  start(file: string): (content: Uint8Array) => void {
    this.end();
    this.remove(file);
    return this.begin(file);
  }

  /**
   * Writes a file of many lines that need not all be in memory; no file is made for none. Gives back how many they were.
   *
   * @param pause is waited for now and then, so that an interruption is noticed.
   */
  async writeLines(file: string, lines: Iterable<string>, pause: () => Promise<void>): Promise<number> {
    let count = 0;
    let gathered = "";
    let append: ((content: string) => void) | undefined;
    for (const line of lines) {
      append ??= this.begin(file);
      gathered += `${line}\n`;
      count++;
      if (gathered.length < CHUNK) continue;
      append(gathered);
      gathered = "";
      await pause();
    }
    append?.(gathered);
    this.end();
    return count;
  }

  /** Forgets a file again. */
  remove(file: string): void {
    this.attempt(() => fs.rmSync(this.place(file), { force: true }));
  }

  /** Puts the folder in its place, the last file closed. What is there, an earlier one, goes once the new one is there. @throws {Failure} "file" */
  commit(): void {
    this.end();
    this.attempt(() => {
      const before = path.join(path.dirname(this.folder), temporaryName());
      const existed = fs.existsSync(this.folder);
      if (existed) fs.renameSync(this.folder, before);
      try {
        fs.renameSync(this.staging, this.folder);
      } catch (error) {
        if (existed) fs.renameSync(before, this.folder);
        throw error;
      }
      this.finished = true;
      fs.rmSync(before, { recursive: true, force: true });
    });
  }

  /** Forgets everything. After a commit it does nothing. */
  abort(): void {
    if (this.finished) return;
    this.finished = true;
    this.end();
    fs.rmSync(this.staging, { recursive: true, force: true });
  }

  private begin(file: string): (content: string | Uint8Array) => void {
    return this.attempt(() => {
      const place = this.place(file);
      fs.mkdirSync(path.dirname(place), { recursive: true, mode: OWNER_FOLDER });
      const descriptor = fs.openSync(place, "wx", OWNER_FILE);
      this.open = descriptor;
      return (content) => {
        const bytes = typeof content === "string" ? Buffer.from(content) : content;
        this.attempt(() => {
          for (let written = 0; written < bytes.length;) written += fs.writeSync(descriptor, bytes, written);
        });
      };
    });
  }

  /** Closes the file that was begun last. */
  end(): void {
    if (this.open !== undefined) fs.closeSync(this.open);
    this.open = undefined;
  }

  private attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw fileFailure(`Cannot write ${this.folder}: ${systemReason(error)}`);
    }
  }
}
