import type { KeyObject } from "node:crypto";
import { decodeFirst } from "cborg";

/** How signatures of a key are made, by the numbers of COSE. */
export const ALGORITHMS = { ES256: -7, RS256: -257 } as const;

/** The public key of a passkey, ready for use. */
export interface PublicKey {
  readonly algorithm: number;
  readonly key: KeyObject;
}

/** The public key that a COSE key holds; undefined for one of another kind. */
export function publicKeyOf(cose: ReadonlyMap<unknown, unknown>): PublicKey | undefined {
  const algorithm = cose.get(3);
  const [type, curve, x, y] = [cose.get(1), cose.get(-1), cose.get(-2), cose.get(-3)];
  if (algorithm === ALGORITHMS.ES256 && type === 2 && curve === 1 && isBytes(x) && isBytes(y))
    return imported(algorithm, { kty: "EC", crv: "P-256", x: base64url(x), y: base64url(y) });
  if (algorithm === ALGORITHMS.RS256 && type === 3 && isBytes(curve) && isBytes(x))
    return imported(algorithm, { kty: "RSA", n: base64url(curve), e: base64url(x) });
  return undefined;
}

/** The public key that is kept of a passkey: a COSE key or one in DER, in base64. */
export function readPublicKey(kept: string): PublicKey | undefined {
  const bytes = Buffer.from(kept, "base64");
  try {
    const [cose] = decodeFirst(bytes, { useMaps: true });
    if (cose instanceof Map) return publicKeyOf(cose);
  } catch {
    // Not COSE.
  }
  try {
    const key = crypto().createPublicKey({ key: bytes, format: "der", type: "spki" });
    if (key.asymmetricKeyType === "rsa") return { algorithm: ALGORITHMS.RS256, key };
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return { algorithm: ALGORITHMS.ES256, key };
  } catch {
    // Not DER either.
  }
  return undefined;
}

/** Whether a key has signed something. */
export function hasSigned(
  { key }: Pick<PublicKey, "key">,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return crypto().verify("SHA256", signed, key as never, signature);
  } catch {
    return false;
  }
}

/** The public key of a certificate in DER; undefined where it is none. */
export function keyOfCertificate(der: Uint8Array): KeyObject | undefined {
  try {
    return new (crypto().X509Certificate)(der).publicKey;
  } catch {
    return undefined;
  }
}

function imported(algorithm: number, jwk: Record<string, string>): PublicKey | undefined {
  try {
    return { algorithm, key: crypto().createPublicKey({ key: jwk, format: "jwk" }) };
  } catch {
    return undefined;
  }
}

export function isBytes(content: unknown): content is Uint8Array {
  return content instanceof Uint8Array;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** Loaded at the first passkey, not at the start. */
function crypto(): typeof import("node:crypto") {
  return require("node:crypto") as typeof import("node:crypto");
}
