import { createCipheriv, pbkdf2Sync, scryptSync } from "node:crypto";
import { isRawNumber } from "../../json/value.ts";
import { invalidArgument } from "../error.ts";
import type { StoredPassword } from "./password.ts";

/**
 * Takes over the hash of a password that another service made: an object with one member, named after the algorithm.
 *
 * @throws {EmulatorError} for none or several, an algorithm that is not known, or a member that is missing.
 */
export function importPassword(
  hashed: Readonly<Record<string, unknown>>,
  now: number,
): StoredPassword | undefined {
  const given = Object.entries(hashed).filter(([, value]) => value != null);
  const [first, ...more] = given;
  if (first === undefined) return undefined;
  const [algorithm, content] = first;
  if (more.length > 0)
    throw invalidArgument("The hashedPassword field must hold one kind of hash, not several");
  const required = Object.hasOwn(MEMBERS, algorithm) ? MEMBERS[algorithm] : undefined;
  if (required === undefined)
    throw invalidArgument(`The hashedPassword field must hold one of ${Object.keys(MEMBERS).join(", ")}`);
  const { hash, salt, ...parameters } = content as Record<string, unknown>;
  for (const member of ["hash", ...required]) {
    if (isEmpty((content as Record<string, unknown>)[member]))
      throw invalidArgument(`The hashedPassword.${algorithm}.${member} field is required`);
  }
  return {
    algorithm,
    hash: String(hash),
    ...(salt == null ? {} : { salt: String(salt) }),
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, numeric(value)])),
    setAt: now,
  };
}

/** Whether `password` is the one that an imported hash was made of. */
export function matchesImported(password: string, stored: StoredPassword): boolean {
  try {
    return CHECKS[stored.algorithm]?.(password, stored) ?? false;
  } catch {
    // A hash that cannot be read was made of no password at all.
    return false;
  }
}

/** What each kind needs beside the hash. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  bcrypt: [],
  django: [],
  firebase: ["salt", "saltSeparator", "signerKey", "memory", "rounds"],
  pbkdf2: ["salt", "iterations", "type"],
  phpass: ["salt", "iterations", "type"],
  md5: [],
  sha: ["type"],
  argon2: ["salt", "iterations", "memory", "threads"],
  // Two products' own forms, which nobody has published: kept, but no password is known to fit.
  bach: ["key"],
  buddyauth: [],
};

type Check = (password: string, stored: StoredPassword) => boolean;

const CHECKS: Readonly<Record<string, Check>> = {
  bcrypt: (password, { hash }) => Bun.password.verifySync(password, hash, "bcrypt"),
  argon2: (password, stored) => Bun.password.verifySync(password, argon2Text(stored)),
  md5: (password, { hash }) => digest("md5", password) === hash.toLowerCase(),
  sha: (password, { hash, salt = "", parameters = {} }) => {
    const bytes = Buffer.from(salt, "hex");
    const algorithm = String(parameters.type);
    const ways = [
      Buffer.concat([bytes, Buffer.from(password)]),
      Buffer.concat([Buffer.from(password), bytes]),
    ];
    return ways.some((way) => digest(algorithm, way) === hash.toLowerCase());
  },
  pbkdf2: (password, { hash, salt = "", parameters = {} }) => {
    const wanted = Buffer.from(hash, "base64");
    const made = pbkdf2Sync(
      password,
      Buffer.from(salt, "base64"),
      Number(parameters.iterations),
      wanted.length,
      String(parameters.type),
    );
    return made.equals(wanted);
  },
  django: (password, { hash }) => {
    const [kind = "", ...parts] = hash.split("$");
    if (kind === "bcrypt") return Bun.password.verifySync(password, hash.slice(kind.length + 1), "bcrypt");
    if (kind === "bcrypt_sha256")
      return Bun.password.verifySync(digest("sha256", password), hash.slice(kind.length + 1), "bcrypt");
    if (kind === "argon2") return Bun.password.verifySync(password, hash.slice(kind.length));
    const [iterations = "", salt = "", encoded = ""] = parts;
    const wanted = Buffer.from(encoded, "base64");
    return pbkdf2Sync(password, salt, Number(iterations), wanted.length, kind.replace("pbkdf2_", "")).equals(
      wanted,
    );
  },
  phpass: (password, { hash, salt = "", parameters = {} }) => {
    const algorithm = String(parameters.type);
    let made = rawDigest(algorithm, Buffer.from(salt + password));
    for (let i = 0; i < Number(parameters.iterations); i++)
      made = rawDigest(algorithm, Buffer.concat([made, Buffer.from(password)]));
    return hash !== "" && phpassText(made).startsWith(hash);
  },
  firebase: (password, { hash, salt = "", parameters = {} }) => {
    const bytes = (name: string) => Buffer.from(String(parameters[name] ?? ""), "base64");
    const N = 2 ** Number(parameters.memory);
    const r = Number(parameters.rounds);
    const key = scryptSync(
      password,
      Buffer.concat([Buffer.from(salt, "base64"), bytes("saltSeparator")]),
      32,
      {
        N,
        r,
        p: 1,
        maxmem: 256 * N * r,
      },
    );
    const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
    const made = Buffer.concat([cipher.update(bytes("signerKey")), cipher.final()]);
    return made.equals(Buffer.from(hash, "base64"));
  },
};

/** The form in which argon2 hashes are written out. */
function argon2Text({ hash, salt = "", parameters = {} }: StoredPassword): string {
  const { type, memory, iterations, threads } = parameters;
  const unpadded = (base64: string) => base64.replace(/=+$/, "");
  const kind = String(type || "argon2id").replace(/^(?!argon2)/, "argon2");
  return `$${kind}$v=19$m=${memory},t=${iterations},p=${threads}$${unpadded(salt)}$${unpadded(hash)}`;
}

const PHPASS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Base64 as phpass has it: little-endian, with letters of its own. */
function phpassText(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] as number) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16);
    const letters = Math.min(4, bytes.length - i + 1);
    for (let letter = 0; letter < letters; letter++) out += PHPASS[(group >> (6 * letter)) & 63];
  }
  return out;
}

function digest(algorithm: string, content: string | Buffer): string {
  return new Bun.CryptoHasher(algorithm as "md5").update(content).digest("hex");
}

function rawDigest(algorithm: string, content: Buffer): Buffer {
  return new Bun.CryptoHasher(algorithm as "md5").update(content).digest() as Buffer;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function numeric(value: unknown): unknown {
  return isRawNumber(value) ? Number(value.rawJSON) : value;
}
