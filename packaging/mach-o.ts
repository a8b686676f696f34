/**
 * The code signature of a program for macOS: a table of the hashes of its pages, which the system compares as it loads them. The
 * compiler adds our code to a program that was signed without it, and for one of the two processors it leaves the old table in place.
 * Such a file is mended here, with a signature that names nobody ("ad hoc"), as the compiler makes for the other one.
 *
 * Formats: `mach-o/loader.h` and `cs_blobs.h` of Apple's open sources. Load commands are little endian, signatures big endian.
 */

/** Where the signature lies in the file. */
interface Place {
  /** Offset of the load command that says so. */
  readonly command: number;
  readonly offset: number;
  readonly size: number;
}

/** What a signature says of the pages. */
interface CodeDirectory {
  /** Offset in the file. */
  readonly at: number;
  /** How many bytes of the file are covered. */
  readonly codeLimit: number;
  readonly pageSize: number;
  readonly pages: number;
  /** Offset of the first page's hash, from the start of the directory. */
  readonly hashOffset: number;
}

const MAGIC_64 = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

const SUPER_BLOB = 0xfade0cc0;
/** Of a super blob with one blob in it. */
const HEAD_SIZE = 20;
const CODE_DIRECTORY = 0xfade0c02;
/** Of a code directory of version 0x20400, which ends with the place of the code. */
const FIXED_PART = 88;
const ADHOC = 0x2;
const MAIN_BINARY = 1n;
const SHA256 = 2;
const HASH_SIZE = 32;
/** What is hashed at a time, on both processors. */
const PAGE_SIZE = 4096;
/** The larger one of both processors. */
const MEMORY_PAGE = 16_384;

/**
 * Looks whether every page of a program is as its signature says.
 *
 * @returns what is wrong with it, or undefined when it is sound.
 * @throws when the file is no program for macOS, or has no room for a signature.
 */
export function signatureFault(file: Buffer): string | undefined {
  const place = signaturePlace(file);
  const directory = readDirectory(file, place);
  if (directory === undefined) return "it has no table of SHA-256 hashes";
  if (directory.codeLimit !== place.offset)
    return `it covers ${directory.codeLimit} of ${place.offset} bytes`;
  let wrong = 0;
  for (let page = 0; page < directory.pages; page++) {
    const start = page * directory.pageSize;
    const hash = sha256(file.subarray(start, Math.min(start + directory.pageSize, directory.codeLimit)));
    const stored = directory.at + directory.hashOffset + page * HASH_SIZE;
    if (!hash.equals(file.subarray(stored, stored + HASH_SIZE))) wrong++;
  }
  return wrong === 0 ? undefined : `${wrong} of ${directory.pages} pages are not what it says`;
}

/**
 * Gives the program an ad hoc signature in the place of the one that ends it.
 *
 * @throws when the signature that is there does not end the file.
 */
export function signAdHoc(unsigned: Buffer, identifier: string): Buffer {
  const file = Buffer.from(unsigned);
  const { offset } = signaturePlace(file);
  const name = Buffer.from(`${identifier}\0`);
  const pages = Math.ceil(offset / PAGE_SIZE);
  const hashOffset = FIXED_PART + name.length;
  const directory = Buffer.alloc(hashOffset + pages * HASH_SIZE);
  const head = words(SUPER_BLOB, HEAD_SIZE + directory.length, 1, 0, HEAD_SIZE);
  const size = Math.ceil((head.length + directory.length) / 16) * 16;
  makeRoom(file, size);
  const text = segment(file, "__TEXT");
  words(CODE_DIRECTORY, directory.length, 0x20400, ADHOC, hashOffset, FIXED_PART, 0, pages, offset).copy(
    directory,
  );
  directory.writeUInt8(HASH_SIZE, 36);
  directory.writeUInt8(SHA256, 37);
  directory.writeUInt8(Math.log2(PAGE_SIZE), 39);
  directory.writeBigUInt64BE(file.readBigUInt64LE(text + 40), 64);
  directory.writeBigUInt64BE(file.readBigUInt64LE(text + 48), 72);
  directory.writeBigUInt64BE(MAIN_BINARY, 80);
  name.copy(directory, FIXED_PART);
  for (let page = 0; page < pages; page++) {
    const start = page * PAGE_SIZE;
    const hash = sha256(file.subarray(start, Math.min(start + PAGE_SIZE, offset)));
    hash.copy(directory, hashOffset + page * HASH_SIZE);
  }
  const padding = Buffer.alloc(size - head.length - directory.length);
  return Buffer.concat([file.subarray(0, offset), head, directory, padding]);
}

/** Says in the load commands that the signature, which ends the last segment, has another size. */
function makeRoom(file: Buffer, size: number): void {
  const place = signaturePlace(file);
  const linkedit = segment(file, "__LINKEDIT");
  const start = Number(file.readBigUInt64LE(linkedit + 40));
  const end = place.offset + place.size;
  if (start + Number(file.readBigUInt64LE(linkedit + 48)) !== end || end !== file.length)
    throw new Error("its signature is not the end of it");
  const length = place.offset + size - start;
  file.writeUInt32LE(size, place.command + 12);
  file.writeBigUInt64LE(BigInt(length), linkedit + 48);
  file.writeBigUInt64LE(BigInt(Math.ceil(length / MEMORY_PAGE) * MEMORY_PAGE), linkedit + 32);
}

function words(...given: readonly number[]): Buffer {
  const out = Buffer.alloc(given.length * 4);
  given.forEach((word, i) => out.writeUInt32BE(word, i * 4));
  return out;
}

function* loadCommands(file: Buffer): Generator<{ readonly command: number; readonly at: number }> {
  if (file.length < 32 || file.readUInt32LE(0) !== MAGIC_64)
    throw new Error("it is not a program of 64 bits for macOS");
  let at = 32;
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    yield { command: file.readUInt32LE(at), at };
    at += file.readUInt32LE(at + 4);
  }
}

function signaturePlace(file: Buffer): Place {
  for (const { command, at } of loadCommands(file)) {
    if (command !== LC_CODE_SIGNATURE) continue;
    const place = { command: at, offset: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) };
    if (place.offset + place.size > file.length) throw new Error("its signature lies outside of the file");
    return place;
  }
  throw new Error("it has no place for a signature");
}

/** Offset of the load command of a segment. */
function segment(file: Buffer, name: string): number {
  for (const { command, at } of loadCommands(file)) {
    if (command !== LC_SEGMENT_64) continue;
    if (file.toString("latin1", at + 8, at + 24).replace(/\0+$/, "") === name) return at;
  }
  throw new Error(`it has no segment ${name}`);
}

function readDirectory(file: Buffer, { offset, size }: Place): CodeDirectory | undefined {
  if (size < 12 || file.readUInt32BE(offset) !== SUPER_BLOB) return undefined;
  const count = file.readUInt32BE(offset + 8);
  for (let i = 0; i < count; i++) {
    const at = offset + file.readUInt32BE(offset + 12 + i * 8 + 4);
    if (file.readUInt32BE(at) !== CODE_DIRECTORY || file.readUInt8(at + 37) !== SHA256) continue;
    return {
      at,
      hashOffset: file.readUInt32BE(at + 16),
      pages: file.readUInt32BE(at + 28),
      codeLimit: file.readUInt32BE(at + 32),
      pageSize: 2 ** file.readUInt8(at + 39),
    };
  }
  return undefined;
}

function sha256(bytes: Uint8Array): Buffer {
  return new Bun.CryptoHasher("sha256").update(bytes).digest();
}
