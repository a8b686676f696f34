import { encode } from "uqr";

/** The QR code of a text as a PNG picture, in base 64, as `<img src="data:image/png;base64,…">` takes it. */
export function qrPng(text: string): string {
  const { data: modules } = encode(text, { ecc: "M", border: 0 });
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
