const encoder = new TextEncoder();

/** Collects text as UTF-8 in one growing buffer, so that a large body is never held as pieces and as a whole at once. */
export class ByteWriter {
  private buffer: Uint8Array;
  private length = 0;

  /** @param expected how many bytes are expected at most: none is copied once more before that many are reached. */
  constructor(expected: number) {
    this.buffer = new Uint8Array(expected);
  }

  text(text: string): void {
    const { read, written } = encoder.encodeInto(text, this.buffer.subarray(this.length));
    this.length += written;
    if (read === text.length) return;
    const rest = text.slice(read);
    // A UTF-16 unit takes at most three bytes.
    this.reserve(rest.length * 3);
    this.length += encoder.encodeInto(rest, this.buffer.subarray(this.length)).written;
  }

  /** Adds a copy of UTF-8 bytes. */
  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was collected; it is not copied. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}
