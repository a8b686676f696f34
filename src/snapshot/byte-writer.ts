const encoder = new TextEncoder();

/** Collects text as UTF-8 in one growing buffer, so that a large body is never held as pieces and as a whole at once. */
export class ByteWriter {
  private buffer: Buffer;
  private length = 0;

  /** @param expected how many bytes are expected at most: none is copied once more before that many are reached. */
  constructor(expected: number) {
    this.buffer = zeroed(expected);
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

  /** Adds the base64 of bytes. */
  base64(bytes: Uint8Array): void {
    this.reserve(Math.ceil(bytes.length / 3) * 4);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
    this.length += this.buffer.write(text, this.length, "latin1");
  }

  /** Adds what `write` puts into the buffer from the offset on that it is given: at most `most` bytes, up to the offset that it gives back. */
  fill(most: number, write: (buffer: Uint8Array, at: number) => number): void {
    this.reserve(most);
    this.length = write(this.buffer, this.length);
  }

  /** What was collected; it is not copied. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const grown = zeroed(Math.max(this.length + more, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

/** Memory that costs nothing until it is written to. */
function zeroed(size: number): Buffer {
  return Buffer.from(new ArrayBuffer(size));
}
