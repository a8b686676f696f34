import fs from "node:fs";
import { FILE_MODE } from "./modes.ts";
import { writeNewFile } from "./new-file.ts";

/** Bytes that are kept for writing in one piece of memory. */
const SLAB_SIZE = 1 << 20;
/** Files that are handed over together: to wake a thread for each takes longer than to write it. */
const BATCH = 64;
/** Bytes that may wait; a disk that falls behind them is waited for. */
const MOST_WAITING = 16 << 20;

/** Memory that is used again when all files in it are written. */
interface Slab {
  readonly bytes: Uint8Array;
  used: number;
  waiting: number;
}

interface Entry {
  readonly file: string;
  readonly content: Uint8Array;
  readonly mode: number;
  readonly slab: Slab;
}

/**
 * Writes files that do not exist yet on the runtime's own threads. Making a file is the system's work for the most part, and on some file
 * systems slow: the caller goes on with the next one, and several are made at a time.
 */
export class WriteQueue {
  private readonly explain: (file: string, error: unknown) => Error;
  private slab: Slab | undefined;
  private readonly free: Slab[] = [];
  private batch: Entry[] = [];
  private waitingFiles = 0;
  private waitingBytes = 0;
  private failure: Error | undefined;
  private whenEmpty: (() => void) | undefined;

  /** @param explain makes the error that is thrown for a file that could not be written. */
  constructor(explain: (file: string, error: unknown) => Error) {
    this.explain = explain;
  }

  /** Adds a file. Its bytes are copied. @throws what `explain` made of this or of an earlier one. */
  add(file: string, content: Uint8Array, mode = FILE_MODE): void {
    if (this.failure !== undefined) throw this.failure;
    const { length } = content;
    if (length > SLAB_SIZE || this.waitingBytes + length > MOST_WAITING) {
      try {
        writeNewFile(file, content, mode);
      } catch (error) {
        throw (this.failure = this.explain(file, error));
      }
      return;
    }
    const slab = this.slabFor(length);
    const copy = slab.bytes.subarray(slab.used, slab.used + length);
    copy.set(content);
    slab.used += length;
    slab.waiting++;
    this.waitingFiles++;
    this.waitingBytes += length;
    this.batch.push({ file, content: copy, mode, slab });
    if (this.batch.length === BATCH) this.handOver();
  }

  /** Waits until all is written. @throws as `add` does. */
  async finish(): Promise<void> {
    this.handOver();
    if (this.waitingFiles > 0) await new Promise<void>((resolve) => (this.whenEmpty = resolve));
    if (this.failure !== undefined) throw this.failure;
  }

  private handOver(): void {
    for (const entry of this.batch) {
      const { file, content, mode } = entry;
      fs.writeFile(file, content, { flag: "wx", mode }, (error) => this.written(entry, error));
    }
    this.batch = [];
  }

  private written({ file, content, slab }: Entry, error: unknown): void {
    if (error !== null) this.failure ??= this.explain(file, error);
    this.waitingBytes -= content.length;
    if (--slab.waiting === 0 && slab !== this.slab) this.recycle(slab);
    if (--this.waitingFiles === 0) this.whenEmpty?.();
  }

  private slabFor(length: number): Slab {
    const { slab } = this;
    if (slab !== undefined && slab.used + length <= SLAB_SIZE) return slab;
    this.slab = undefined;
    if (slab?.waiting === 0) this.recycle(slab);
    return (this.slab = this.free.pop() ?? { bytes: new Uint8Array(SLAB_SIZE), used: 0, waiting: 0 });
  }

  private recycle(slab: Slab): void {
    slab.used = 0;
    this.free.push(slab);
  }
}
