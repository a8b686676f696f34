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

/** 62 to the fourth: the largest power that leaves a product with 24 bits exact. */
const FOUR_DIGITS = 62 ** 4;

/** Every two digits, by their number. */
const PAIRS = Array.from({ length: 62 ** 2 }, (_, n) => `${BASE62[Math.floor(n / 62)]}${BASE62[n % 62]}`);

/**
 * The number that `bytes` spell, as `length` letters and digits. Each user of a batch takes two of these, so four digits are taken at a
 * time; bigints are ten times slower.
 */
function base62(bytes: Uint8Array, length: number): string {
  const limbs: number[] = [];
  for (let end = bytes.length; end > 0; end -= 3) {
    const [high = 0, middle = 0, low = 0] = [bytes[end - 3], bytes[end - 2], bytes[end - 1]];
    limbs.unshift((high << 16) | (middle << 8) | low);
  }
  let out = "";
  while (out.length < length) {
    let rest = 0;
    for (let i = 0; i < limbs.length; i++) {
      const part = rest * 0x100_0000 + (limbs[i] as number);
      const quotient = Math.floor(part / FOUR_DIGITS);
      limbs[i] = quotient;
      rest = part - quotient * FOUR_DIGITS;
    }
    const high = Math.floor(rest / 3844);
    out = (PAIRS[high] as string) + (PAIRS[rest - high * 3844] as string) + out;
  }
  return out.slice(-length);
}
