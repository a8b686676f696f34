import { describe, expect, test } from "bun:test";
import { signAdHoc, signatureFault } from "../../packaging/mach-o.ts";

const PAGE = 4096;
const CODE = 5 * PAGE + 100 * 16;

/** A program for macOS in its smallest form: a header, code, and at its end a segment with room for a signature. */
function program({ room = 64, signature = Buffer.alloc(0) } = {}): Buffer {
  const file = Buffer.alloc(CODE + room);
  file.writeUInt32LE(0xfeedfacf, 0);
  file.writeUInt32LE(3, 16);
  segment(file, 32, "__TEXT", 0, 2 * PAGE);
  segment(file, 32 + 72, "__LINKEDIT", 2 * PAGE, file.length - 2 * PAGE);
  const command = 32 + 2 * 72;
  file.writeUInt32LE(0x1d, command);
  file.writeUInt32LE(16, command + 4);
  file.writeUInt32LE(CODE, command + 8);
  file.writeUInt32LE(room, command + 12);
  for (let i = 512; i < CODE; i++) file[i] = (i * 7) & 0xff;
  signature.copy(file, CODE);
  return file;
}

function segment(file: Buffer, at: number, name: string, offset: number, size: number): void {
  file.writeUInt32LE(0x19, at);
  file.writeUInt32LE(72, at + 4);
  file.write(name, at + 8, "latin1");
  file.writeBigUInt64LE(BigInt(size), at + 32);
  file.writeBigUInt64LE(BigInt(offset), at + 40);
  file.writeBigUInt64LE(BigInt(size), at + 48);
}

describe("a program for macOS", () => {
  test("without a signature that says something is faulty", () => {
    expect(signatureFault(program())).toContain("no table");
  });

  for (const room of [64, 100_000]) {
    test(`is sound once it is signed in a room of ${room} bytes`, () => {
      const unsigned = program({ room });
      const before = Buffer.from(unsigned);
      const signed = signAdHoc(unsigned, "descope");
      expect(unsigned.equals(before)).toBe(true);
      expect(signatureFault(signed)).toBeUndefined();
      expect(signed.subarray(512, CODE).equals(unsigned.subarray(512, CODE))).toBe(true);
      // The last segment ends with the file.
      expect(signed.readBigUInt64LE(32 + 72 + 40) + signed.readBigUInt64LE(32 + 72 + 48)).toBe(
        BigInt(signed.length),
      );
      expect(signAdHoc(signed, "descope").equals(signed)).toBe(true);
    });
  }

  test("is faulty when one byte of it changes", () => {
    for (const at of [40, 513, PAGE, CODE - 1]) {
      const signed = signAdHoc(program(), "descope");
      signed[at] = (signed[at] ?? 0) ^ 1;
      expect(() => {
        const fault = signatureFault(signed);
        if (fault !== undefined) throw new Error(fault);
      }).toThrow();
    }
  });

  test("is faulty when something was added in front of an old signature", () => {
    const old = signAdHoc(program(), "descope");
    const table = Buffer.from(old.subarray(CODE));
    const grown = program({ room: table.length, signature: table });
    grown.writeUInt32BE(CODE - PAGE, CODE + 20 + 32);
    expect(signatureFault(grown)).toBe(`it covers ${CODE - PAGE} of ${CODE} bytes`);
  });

  test("is nothing else", () => {
    expect(() => signatureFault(Buffer.from("#!/bin/sh\n".repeat(10)))).toThrow("not a program");
  });

  test("is not signed where the signature is not its end", () => {
    const file = Buffer.concat([program(), Buffer.from("more")]);
    expect(() => signAdHoc(file, "descope")).toThrow("not the end");
  });
});
