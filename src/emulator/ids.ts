import type { EmulatorClock } from "./clock.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Seconds since 1970 at which the ids' own count of time begins. */
const EPOCH = 1_400_000_000;

/** What an id is of, by the letters that it starts with. */
export const PREFIX = {
  project: "P",
  user: "U",
  tenant: "T",
  key: "K",
  role: "ROL",
  permission: "PER",
  connector: "CI",
  screen: "SC",
  application: "TPA",
  ssoApplication: "SA",
  outboundApplication: "OA",
  list: "LST",
  audit: "AUD",
} as const;

/** Makes ids and secrets that look like Descope's: a prefix and 27 letters and digits, the later id sorting behind the earlier one. */
export class Ids {
  private readonly clock: EmulatorClock;
  private readonly random: (bytes: Uint8Array) => Uint8Array;

  /** @param random fills bytes at random. */
  constructor(
    clock: EmulatorClock,
    random: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
  ) {
    this.clock = clock;
    this.random = random;
  }

  /** A new id with a prefix of {@link PREFIX}. */
  next(prefix: string): string {
    const bytes = this.random(new Uint8Array(20));
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, this.clock.seconds() - EPOCH);
    return prefix + base62(bytes, 27);
  }

  /** A new project's id: obviously the emulator's, and no longer than those that name no region. */
  nextProject(): string {
    return `PEmulator${this.text(19)}`;
  }

  /** Bytes at random. */
  bytes(length: number): Uint8Array {
    return this.random(new Uint8Array(length));
  }

  /** Letters and digits at random, for secrets and tokens. */
  text(length: number): string {
    let out = "";
    while (out.length < length) {
      for (const byte of this.random(new Uint8Array(length))) {
        // 248 is the largest multiple of 62 that a byte holds: what lies above would make some characters likelier.
        if (byte < 248 && out.length < length) out += BASE62[byte % 62];
      }
    }
    return out;
  }

  /** Decimal digits at random, for codes. */
  digits(length: number): string {
    let out = "";
    while (out.length < length) {
      for (const byte of this.random(new Uint8Array(length))) {
        if (byte < 250 && out.length < length) out += String(byte % 10);
      }
    }
    return out;
  }
}

/** 62 to the fifth: the largest power that leaves a product with 16 bits exact. */
const FIVE_DIGITS = 62 ** 5;

/** The number that `bytes` spell, as `length` letters and digits. Five of them are taken at a time; bigints are ten times slower. */
function base62(bytes: Uint8Array, length: number): string {
  const limbs = Array.from(
    { length: bytes.length / 2 },
    (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number),
  );
  let out = "";
  while (out.length < length) {
    let rest = 0;
    for (let i = 0; i < limbs.length; i++) {
      const part = rest * 0x1_0000 + (limbs[i] as number);
      limbs[i] = Math.floor(part / FIVE_DIGITS);
      rest = part % FIVE_DIGITS;
    }
    for (let i = 0; i < 5; i++) {
      out = BASE62[rest % 62] + out;
      rest = Math.floor(rest / 62);
    }
  }
  return out.slice(-length);
}
