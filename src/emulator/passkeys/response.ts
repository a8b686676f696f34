import { decode, decodeFirst } from "cborg";
import { isJsonObject } from "../../json/value.ts";
import { parseJson } from "../../json/parse.ts";
import { EmulatorError } from "../error.ts";
import { hasSigned, isBytes, keyOfCertificate, publicKeyOf, type PublicKey } from "./public-key.ts";

/** What an authenticator's answer must fit. */
export interface Expected {
  /** Base64url, as it stood in the options. */
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  /** Whether the user must have shown who it is (a PIN, a finger), not only have been there. */
  readonly verifiesUser: boolean;
}

/** A credential that an authenticator has made. */
export interface Registration {
  /** Base64url. */
  readonly credentialId: string;
  /** The COSE key, in base64. */
  readonly publicKey: string;
  readonly aaguid: string;
  readonly signCount: number;
  readonly transports: readonly string[];
}

/** A proof by a credential. */
export interface Assertion {
  /** Base64url. */
  readonly credentialId: string;
  /** Base64url; empty where the authenticator does not say whose it is. */
  readonly userHandle: string;
  readonly signCount: number;
  readonly authenticatorData: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Checks what a browser gives back for a new credential (WebAuthn, section 7.1). Attestations that say nothing are taken, and packed
 * ones whose signature is good; by whom a certificate was issued is not looked at.
 *
 * @throws {EmulatorError} 401 naming what does not fit.
 */
export function readRegistration(text: string, expected: Expected): Registration {
  const { id, response } = outer(text);
  const client = clientData(response, "webauthn.create", expected);
  const attestation = cborMap(bytes(response, "attestationObject"), "attestationObject");
  const authData = attestation.get("authData");
  if (!isBytes(authData)) throw bad("The attestationObject has no authData");
  const { signCount, credential } = authenticatorData(authData, expected);
  if (credential === undefined) throw bad("The authenticator data hold no credential");
  const credentialId = Buffer.from(credential.id).toString("base64url");
  if (credentialId !== id) throw bad("The id of the response is not the one of its credential");
  const key = publicKeyOf(credential.cose);
  if (key === undefined) throw bad("The credential's key is not for ES256 or RS256");
  checkAttestation(attestation, key, joined(authData, sha256(client)));
  const { transports } = response;
  return {
    credentialId,
    publicKey: Buffer.from(credential.coseBytes).toString("base64"),
    aaguid: uuid(credential.aaguid),
    signCount,
    transports: Array.isArray(transports) ? transports.filter((one) => typeof one === "string") : [],
  };
}

/**
 * Reads a proof and checks all of it but the signature, for which the credential must be looked up first (section 7.2).
 *
 * @throws {EmulatorError} 401 naming what does not fit.
 */
export function readAssertion(text: string, expected: Expected): Assertion {
  const { id, response } = outer(text);
  const client = clientData(response, "webauthn.get", expected);
  const authData = bytes(response, "authenticatorData");
  const { signCount } = authenticatorData(authData, expected);
  const { userHandle } = response;
  return {
    credentialId: id,
    userHandle: typeof userHandle === "string" ? userHandle : "",
    signCount,
    authenticatorData: authData,
    signed: joined(authData, sha256(client)),
    signature: bytes(response, "signature"),
  };
}

function outer(text: string): { readonly id: string; readonly response: Readonly<Record<string, unknown>> } {
  const content = json(text, "The response field");
  const id = content.rawId ?? content.id;
  if (content.type !== "public-key" || typeof id !== "string" || !isJsonObject(content.response))
    throw bad("The response field is not a credential: it needs id, type and response");
  // Some encode it with padding, or in the other alphabet.
  return { id: Buffer.from(id, "base64").toString("base64url"), response: content.response };
}

function clientData(
  response: Readonly<Record<string, unknown>>,
  type: string,
  expected: Expected,
): Uint8Array {
  const raw = bytes(response, "clientDataJSON");
  const data = json(new TextDecoder().decode(raw), "The clientDataJSON");
  if (data.type !== type) throw bad(`The clientDataJSON is not of the type ${type}`);
  if (data.challenge !== expected.challenge) throw bad("The challenge is not the one that was given");
  if (data.origin !== expected.origin)
    throw bad(`The credential is for another origin than ${expected.origin}`);
  return raw;
}

/** Authenticator data, section 6.1. */
function authenticatorData(data: Uint8Array, { rpId, verifiesUser }: Expected) {
  if (data.length < 37) throw bad("The authenticator data are too short");
  if (!Buffer.from(data.subarray(0, 32)).equals(sha256(Buffer.from(rpId))))
    throw bad(`The credential is for another relying party than ${rpId}`);
  const flags = data[32] as number;
  if ((flags & USER_PRESENT) === 0) throw bad("Nobody was present at the authenticator");
  if (verifiesUser && (flags & USER_VERIFIED) === 0)
    throw bad("The authenticator did not verify who the user is, which was required");
  const signCount = new DataView(data.buffer, data.byteOffset).getUint32(33);
  return { signCount, credential: (flags & HAS_CREDENTIAL) === 0 ? undefined : attestedCredential(data) };
}

/** Keys of COSE are numbers, and none may come twice. */
const STRICT = { useMaps: true, rejectDuplicateMapKeys: true } as const;

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

function attestedCredential(data: Uint8Array) {
  if (data.length < 55) throw bad("The authenticator data are too short");
  const length = new DataView(data.buffer, data.byteOffset).getUint16(53);
  if (length > 1023 || data.length < 55 + length) throw bad("The credential's id is too long");
  const rest = data.subarray(55 + length);
  try {
    const [cose, after] = decodeFirst(rest, STRICT);
    if (cose instanceof Map)
      return {
        aaguid: data.subarray(37, 53),
        id: data.subarray(55, 55 + length),
        cose,
        coseBytes: rest.subarray(0, rest.length - after.length),
      };
  } catch {
    // Said below.
  }
  throw bad("The credential's key is not COSE");
}

function checkAttestation(
  attestation: ReadonlyMap<unknown, unknown>,
  key: PublicKey,
  signed: Uint8Array,
): void {
  const format = attestation.get("fmt");
  const statement = attestation.get("attStmt");
  if (!(statement instanceof Map)) throw bad("The attestationObject has no attStmt");
  if (format === "none") {
    if (statement.size > 0) throw bad("An attestation that says nothing must be empty");
    return;
  }
  if (format !== "packed")
    throw bad("The emulator takes the attestation formats none and packed; ask for the attestation none");
  const signature = statement.get("sig");
  const certificates = statement.get("x5c");
  if (!isBytes(signature)) throw bad("The attestation is not signed");
  if (certificates === undefined) {
    if (statement.get("alg") !== key.algorithm || !hasSigned(key, signed, signature))
      throw bad("The attestation's signature is not the credential's own");
    return;
  }
  const leaf =
    Array.isArray(certificates) && isBytes(certificates[0]) ? keyOfCertificate(certificates[0]) : undefined;
  if (leaf === undefined || !hasSigned({ key: leaf }, signed, signature))
    throw bad("The attestation's signature is not its certificate's");
}

function cborMap(data: Uint8Array, name: string): ReadonlyMap<unknown, unknown> {
  try {
    const content: unknown = decode(data, STRICT);
    if (content instanceof Map) return content;
  } catch {
    // Said below.
  }
  throw bad(`The ${name} is not CBOR`);
}

function json(text: string, what: string): Readonly<Record<string, unknown>> {
  try {
    const content = parseJson(text);
    if (isJsonObject(content)) return content;
  } catch {
    // Said below.
  }
  throw bad(`${what} is not a JSON object`);
}

function bytes(response: Readonly<Record<string, unknown>>, name: string): Uint8Array {
  const content = response[name];
  if (typeof content !== "string" || content === "") throw bad(`The response has no ${name}`);
  return new Uint8Array(Buffer.from(content, "base64"));
}

function sha256(data: Uint8Array): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(data).digest();
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

function uuid(data: Uint8Array): string {
  const hex = Buffer.from(data).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** What is wrong with an authenticator's answer. */
export function bad(detail: string): EmulatorError {
  return new EmulatorError(401, "E061005", "The passkey could not be verified", detail, { keeps: true });
}
