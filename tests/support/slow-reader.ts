/**
 * Reads standard input as a slow program does, a little at a time with a pause before each, and prints how many bytes came and their
 * SHA-256.
 */
import fs from "node:fs";

const pause = new Int32Array(new SharedArrayBuffer(4));
const buffer = Buffer.alloc(32_768);
const hash = new Bun.CryptoHasher("sha256");
let total = 0;
for (;;) {
  Atomics.wait(pause, 0, 0, 1);
  const read = fs.readSync(0, buffer);
  if (read === 0) break;
  hash.update(buffer.subarray(0, read));
  total += read;
}
console.log(`${total} ${hash.digest("hex")}`);
