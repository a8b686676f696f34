/**
 * QR codes (ISO/IEC 18004) of texts, byte mode, error correction level M, as pictures.
 */

/** The dark modules of the code that says `text`, row by row. @throws {RangeError} for more than 2,331 bytes. */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = smallestVersion(bytes.length);
  const codewords = withCorrection(dataCodewords(bytes, version), version);
  const bare = new Grid(version);
  bare.placeData(codewords);
  let best: Grid | undefined;
  for (let mask = 0; mask < 8; mask++) {
    const masked = bare.masked(mask);
    if (best === undefined || masked.penalty() < best.penalty()) best = masked;
  }
  return (best as Grid).dark;
}

/** A code as a PNG picture, in base 64, as `<img src="data:image/png;base64,…">` takes it. */
export function qrPng(text: string): string {
  const modules = qrCode(text);
  const scale = 6;
  const margin = 4;
  const size = (modules.length + 2 * margin) * scale;
  const rows = new Uint8Array(size * (size + 1)).fill(255);
  for (let y = 0; y < size; y++) {
    const start = y * (size + 1);
    rows[start] = 0;
    const row = modules[Math.floor(y / scale) - margin];
    if (row === undefined) continue;
    for (let x = 0; x < size; x++) if (row[Math.floor(x / scale) - margin] === true) rows[start + 1 + x] = 0;
  }
  return png(size, rows);
}

/** Correction codewords per block of level M, by version. */
const CORRECTION = [
  0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
];
/** Blocks of level M, by version. */
const BLOCKS = [
  0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
  31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
];

/** All codewords of a version, data and correction. */
function totalCodewords(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const align = Math.floor(version / 7) + 2;
    modules -= (25 * align - 10) * align - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

function capacity(version: number): number {
  return totalCodewords(version) - (CORRECTION[version] as number) * (BLOCKS[version] as number);
}

/** Bits that say how many bytes follow. */
function lengthBits(version: number): number {
  return version < 10 ? 8 : 16;
}

function smallestVersion(length: number): number {
  for (let version = 1; version <= 40; version++) {
    if (4 + lengthBits(version) + length * 8 <= capacity(version) * 8) return version;
  }
  throw new RangeError("The text is too long for a QR code");
}

function dataCodewords(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const add = (number: number, count: number) => {
    for (let i = count - 1; i >= 0; i--) bits.push((number >>> i) & 1);
  };
  const room = capacity(version) * 8;
  add(4, 4);
  add(bytes.length, lengthBits(version));
  for (const byte of bytes) add(byte, 8);
  add(0, Math.min(4, room - bits.length));
  add(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) add(pad, 8);
  return Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce((number, bit) => number * 2 + bit, 0),
  );
}

/** The data in blocks with correction behind each, interleaved as the standard wants it. */
function withCorrection(data: readonly number[], version: number): number[] {
  const count = BLOCKS[version] as number;
  const correction = CORRECTION[version] as number;
  const total = totalCodewords(version);
  const short = Math.floor(total / count) - correction;
  const shortBlocks = count - (total % count);
  const divisor = generator(correction);
  const blocks: { readonly data: readonly number[]; readonly correction: readonly number[] }[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const length = short + (i < shortBlocks ? 0 : 1);
    const block = data.slice(at, at + length);
    blocks.push({ data: block, correction: remainder(block, divisor) });
    at += length;
  }
  const out: number[] = [];
  for (let i = 0; i <= short; i++) {
    for (const block of blocks) {
      const codeword = block.data[i];
      if (codeword !== undefined) out.push(codeword);
    }
  }
  for (let i = 0; i < correction; i++) for (const block of blocks) out.push(block.correction[i] as number);
  return out;
}

/** Product in the field of 256 elements that the codes are made over. */
function multiply(x: number, y: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((y >>> i) & 1) * x;
  }
  return product;
}

function generator(degree: number): number[] {
  const out = Array.from({ length: degree }, (_, i): number => (i === degree - 1 ? 1 : 0));
  for (let i = 0, root = 1; i < degree; i++, root = multiply(root, 2)) {
    for (let j = 0; j < degree; j++) {
      out[j] = multiply(out[j] as number, root) ^ (out[j + 1] ?? 0);
    }
  }
  return out;
}

function remainder(data: readonly number[], divisor: readonly number[]): number[] {
  const out = divisor.map(() => 0);
  for (const codeword of data) {
    const factor = codeword ^ (out.shift() as number);
    out.push(0);
    for (const [i, coefficient] of divisor.entries()) {
      out[i] = (out[i] as number) ^ multiply(coefficient, factor);
    }
  }
  return out;
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The modules of a code, and which of them are no data. */
class Grid {
  readonly dark: boolean[][];
  private readonly fixed: boolean[][];
  private readonly version: number;
  private readonly size: number;

  constructor(version: number) {
    this.version = version;
    this.size = version * 4 + 17;
    const blank = () =>
      Array.from({ length: this.size }, () => Array.from({ length: this.size }, () => false));
    this.dark = blank();
    this.fixed = blank();
    for (let i = 0; i < this.size; i++) {
      this.fix(6, i, i % 2 === 0);
      this.fix(i, 6, i % 2 === 0);
    }
    for (const [x, y] of [
      [3, 3],
      [this.size - 4, 3],
      [3, this.size - 4],
    ] as const) {
      this.finder(x, y);
    }
    this.alignments();
    this.format(0);
    this.versionMarks();
  }

  /** Fills in codewords, two columns at a time, from the lower right corner. */
  placeData(codewords: readonly number[]): void {
    let i = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.size; step++) {
        for (const x of [right, right - 1]) {
          const upward = ((right + 1) & 2) === 0;
          const y = upward ? this.size - 1 - step : step;
          if (this.fixed[y]?.[x] === true || i >= codewords.length * 8) continue;
          this.set(x, y, (((codewords[i >>> 3] as number) >>> (7 - (i & 7))) & 1) === 1);
          i++;
        }
      }
    }
  }

  /** The same with a mask over the data, and the format that says which. */
  masked(mask: number): Grid {
    const copy = new Grid(this.version);
    const invert = MASKS[mask] as (x: number, y: number) => boolean;
    for (let y = 0; y < this.size; y++) {
      for (let x = 0; x < this.size; x++) {
        if (this.fixed[y]?.[x] !== true) copy.set(x, y, this.isDark(x, y) !== invert(x, y));
      }
    }
    copy.format(mask);
    return copy;
  }

  /** How hard the code is to read, by the standard's four rules. */
  penalty(): number {
    const { size } = this;
    let points = 0;
    let darkModules = 0;
    for (let a = 0; a < size; a++) {
      points += linePenalty(Array.from({ length: size }, (_, b) => this.isDark(b, a)));
      points += linePenalty(Array.from({ length: size }, (_, b) => this.isDark(a, b)));
      for (let b = 0; b < size; b++) {
        if (this.isDark(b, a)) darkModules++;
        const four = [
          this.isDark(b, a),
          this.isDark(b + 1, a),
          this.isDark(b, a + 1),
          this.isDark(b + 1, a + 1),
        ];
        if (a + 1 < size && b + 1 < size && four.every((one) => one === four[0])) points += 3;
      }
    }
    const off = Math.abs(darkModules * 20 - size * size * 10);
    return points + (Math.ceil(off / (size * size)) - 1) * 10;
  }

  private isDark(x: number, y: number): boolean {
    return this.dark[y]?.[x] === true;
  }

  private set(x: number, y: number, dark: boolean): void {
    (this.dark[y] as boolean[])[x] = dark;
  }

  private fix(x: number, y: number, dark: boolean): void {
    this.set(x, y, dark);
    (this.fixed[y] as boolean[])[x] = true;
  }

  private finder(centreX: number, centreY: number): void {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const [x, y] = [centreX + dx, centreY + dy];
        if (x < 0 || y < 0 || x >= this.size || y >= this.size) continue;
        const far = Math.max(Math.abs(dx), Math.abs(dy));
        this.fix(x, y, far !== 2 && far !== 4);
      }
    }
  }

  private alignments(): void {
    if (this.version === 1) return;
    const count = Math.floor(this.version / 7) + 2;
    const step = this.version === 32 ? 26 : Math.ceil((this.version * 4 + 4) / (count * 2 - 2)) * 2;
    const places = [6, ...Array.from({ length: count - 1 }, (_, i) => this.size - 7 - i * step).reverse()];
    const last = places.length - 1;
    for (const [i, x] of places.entries()) {
      for (const [j, y] of places.entries()) {
        if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) continue;
        for (let dy = -2; dy <= 2; dy++) {
          for (let dx = -2; dx <= 2; dx++)
            this.fix(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
        }
      }
    }
  }

  /** Level and mask, twice, with correction. Level M is 0. */
  private format(mask: number): void {
    let rest = mask;
    for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    const bit = (i: number) => ((bits >>> i) & 1) === 1;
    for (let i = 0; i <= 5; i++) this.fix(8, i, bit(i));
    this.fix(8, 7, bit(6));
    this.fix(8, 8, bit(7));
    this.fix(7, 8, bit(8));
    for (let i = 9; i < 15; i++) this.fix(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i++) this.fix(this.size - 1 - i, 8, bit(i));
    for (let i = 8; i < 15; i++) this.fix(8, this.size - 15 + i, bit(i));
    this.fix(8, this.size - 8, true);
  }

  /** The version, twice, with correction; only larger codes have it. */
  private versionMarks(): void {
    if (this.version < 7) return;
    let rest = this.version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (this.version << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const dark = ((bits >>> i) & 1) === 1;
      const [a, b] = [this.size - 11 + (i % 3), Math.floor(i / 3)];
      this.fix(a, b, dark);
      this.fix(b, a, dark);
    }
  }
}

/** Points for long runs of one colour, and for what looks like a finder. */
function linePenalty(line: readonly boolean[]): number {
  let points = 0;
  for (let start = 0; start < line.length;) {
    let end = start;
    while (end < line.length && line[end] === line[start]) end++;
    if (end - start >= 5) points += end - start - 2;
    start = end;
  }
  const text = line.map((dark) => (dark ? "1" : "0")).join("");
  for (const pattern of ["10111010000", "00001011101"]) {
    for (let at = text.indexOf(pattern); at !== -1; at = text.indexOf(pattern, at + 1)) points += 40;
  }
  return points;
}

/** A grey picture of 8 bits a pixel; each row begins with a byte 0. */
function png(size: number, rows: Uint8Array<ArrayBuffer>): string {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, size);
  header.setUint32(4, size);
  header.setUint8(8, 8);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(Bun.hash.adler32(rows));
  const data = Buffer.concat([Buffer.from([0x78, 0x9c]), Bun.deflateSync(rows), checksum]);
  const picture = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array()),
  ]);
  return picture.toString("base64");
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(Bun.hash.crc32(body), body.length + 4);
  return out;
}
