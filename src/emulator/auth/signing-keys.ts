import type { KeyObject } from "node:crypto";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import { DEVELOPMENT_KEY } from "./development-key.ts";

/** A key that a project signs tokens with, ready for use. */
export interface SigningKey {
  /** Names it in tokens and key sets. Another key has another one, for clients keep keys by it. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What is kept of a key: those that were made by rotation, and those that are no longer good. */
interface KeptKey {
  readonly kid: string;
  /** The private key; empty for the one that the emulator was started with. */
  readonly pem: string;
  readonly revoked: boolean;
  /** Milliseconds since 1970. */
  readonly createdTime: number;
}

const keptKeys = new Collection<KeptKey>("signingKey", ({ kid }) => kid);

/** The project's keys that are good, the current one last. */
export function signingKeys(project: Project): SigningKey[] {
  const base = baseKey(project);
  const kept = keptKeys.all(project);
  const baseIsGood = !kept.some(({ kid, revoked }) => kid === base.kid && revoked);
  const others = kept.filter(({ revoked, pem }) => !revoked && pem !== "");
  return [...(baseIsGood ? [base] : []), ...others.map(({ kid, pem }) => ({ ...load(pem), kid }))];
}

/** The key that new tokens are signed with. */
export function currentKey(project: Project): SigningKey {
  return signingKeys(project).at(-1) ?? rotateKeys(project);
}

/** Makes another key the current one. Those before it stay good for what they have signed. */
export function rotateKeys(project: Project): SigningKey {
  const { privateKey } = crypto().generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const key = { ...load(pem), kid: kidOf(project, pem) };
  keptKeys.put(project, { kid: key.kid, pem, revoked: false, createdTime: project.clock.now() });
  return key;
}

/**
 * Makes a key worthless, and with it every token that it has signed. Where it was the current one, another takes its place.
 *
 * @throws {EmulatorError} when the project has no such key.
 */
export function revokeKey(project: Project, kid: string): void {
  const known = signingKeys(project).some((key) => key.kid === kid);
  if (!known) throw invalidArgument(`The project ${project.id} has no key ${kid}`);
  keptKeys.put(project, { kid, pem: "", revoked: true, createdTime: project.clock.now() });
  currentKey(project);
}

/** A public key as key sets hold it. */
export function jwkOf({ kid, publicKey }: SigningKey): Record<string, unknown> {
  const { n, e } = publicKey.export({ format: "jwk" });
  return { alg: "RS256", e, kid, kty: "RSA", n, use: "sig" };
}

/** What to do where a signing key is none. */
export const MAKE_A_KEY = "Make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048";

/** What is wrong with a private key for RS256; undefined when it is good. */
export function faultOfKey(pem: string): string | undefined {
  try {
    const key = crypto().createPrivateKey(pem);
    if (key.asymmetricKeyType !== "rsa") return `an RSA key is needed, this one is ${key.asymmetricKeyType}`;
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < 2048 ? `a key of at least 2048 bits is needed, this one has ${bits}` : undefined;
  } catch {
    return "it is not a private key in PEM form, or it needs a passphrase";
  }
}

function baseKey(project: Project): SigningKey {
  const pem = project.world.settings.signingKey ?? DEVELOPMENT_KEY;
  return { ...load(pem), kid: kidOf(project, pem) };
}

const loaded = new Map<string, Pick<SigningKey, "privateKey" | "publicKey">>();

/** Parsing takes longer than signing, and there are only ever a few keys. */
function load(pem: string): Pick<SigningKey, "privateKey" | "publicKey"> {
  const known = loaded.get(pem);
  if (known !== undefined) return known;
  const privateKey = crypto().createPrivateKey(pem);
  const keys = { privateKey, publicKey: crypto().createPublicKey(privateKey as never) };
  loaded.set(pem, keys);
  return keys;
}

/** One key has another name in each project, so that no client takes another project's token for good. */
function kidOf(project: Project, pem: string): string {
  const digest = new Bun.CryptoHasher("sha256").update(`${project.id}\n${pem.trim()}`).digest("hex");
  return `SK${digest.slice(0, 27)}`;
}

/** Loaded at the first token, not at the start. */
function crypto(): typeof import("node:crypto") {
  return require("node:crypto") as typeof import("node:crypto");
}
