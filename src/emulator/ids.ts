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

function base62(bytes: Uint8Array, length: number): string {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  let out = "";
  for (let i = 0; i < length; i++) {
    out = BASE62[Number(number % 62n)] + out;
    number /= 62n;
  }
  return out;
}
