const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Seconds that a code is good for. */
const PERIOD = 30;

/** A new secret for an authenticator app: 20 bytes, in base 32. */
export function newSecret(random: Uint8Array): string {
  let bits = "";
  for (const byte of random) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join("");
}

/** The address by which an authenticator app takes a secret over, mostly from a picture. */
export function provisioningUrl(secret: string, loginId: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(loginId)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=${PERIOD}`;
}

/** The code of RFC 6238 for a time in milliseconds since 1970. @param secret in base 32, with or without spaces and case. */
export function totpCode(secret: string, time: number): string {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(time / 1000 / PERIOD)));
  const digest = new Bun.CryptoHasher("sha1", secretBytes(secret)).update(counter.buffer).digest();
  const offset = (digest[19] as number) & 15;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Whether a code is that of now, or of the half minute before or after: clocks differ. */
export function isTotpCode(secret: string, code: string, now: number): boolean {
  return [0, -1, 1].some((steps) => totpCode(secret, now + steps * PERIOD * 1000) === code);
}

function secretBytes(secret: string): Uint8Array {
  let bits = "";
  for (const char of secret.toUpperCase().replaceAll(/[\s=-]/g, "")) {
    const five = ALPHABET.indexOf(char);
    if (five !== -1) bits += five.toString(2).padStart(5, "0");
  }
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (eight) => Number.parseInt(eight, 2));
}
