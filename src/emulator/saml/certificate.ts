import { currentKey, type SigningKey } from "../auth/signing-keys.ts";
import type { Project } from "../project.ts";

/**
 * The certificate of the key that a project signs with, in DER. The key signs it itself, and it is the same each time: services that
 * keep it need no new one until the key is rotated.
 */
export function certificateOf(project: Project): Buffer {
  const key = currentKey(project);
  const known = made.get(key.kid);
  if (known !== undefined) return known;
  const certificate = selfSigned(key, `Descope emulator ${project.id}`);
  made.set(key.kid, certificate);
  return certificate;
}

/** The same as text. */
export function certificatePem(project: Project): string {
  const lines = certificateOf(project)
    .toString("base64")
    .replaceAll(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const made = new Map<string, Buffer>();

/** X.509 (RFC 5280), version 3. */
function selfSigned({ kid, privateKey, publicKey }: SigningKey, commonName: string): Buffer {
  const algorithm = der(SEQUENCE, der(OID, Buffer.from(SHA256_WITH_RSA)), der(NULL));
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OID, Buffer.from(COMMON_NAME)), der(UTF8, Buffer.from(commonName)))),
  );
  const serial = new Bun.CryptoHasher("sha256").update(kid).digest().subarray(0, 16);
  // Positive, and no longer than it need be.
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  const body = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, serial),
    algorithm,
    name,
    der(SEQUENCE, der(UTC_TIME, Buffer.from("200101000000Z")), der(UTC_TIME, Buffer.from("491231235959Z"))),
    name,
    publicKey.export({ type: "spki", format: "der" }) as Buffer,
  );
  const { sign } = require("node:crypto") as typeof import("node:crypto");
  const signature = sign("RSA-SHA256", body, privateKey);
  return der(SEQUENCE, body, algorithm, der(BIT_STRING, Buffer.from([0]), signature));
}

const [INTEGER, BIT_STRING, NULL, OID, UTF8, UTC_TIME, SEQUENCE, SET, VERSION] = [
  0x02, 0x03, 0x05, 0x06, 0x0c, 0x17, 0x30, 0x31, 0xa0,
] as const;

const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const COMMON_NAME = [0x55, 0x04, 0x03];

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
