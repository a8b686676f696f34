/** A password, never as it was typed. */
export interface StoredPassword {
  /** How `hash` was made; "sha256" is the emulator's own. */
  readonly algorithm: string;
  readonly hash: string;
  readonly salt?: string;
  /** What else an imported hash needs to be checked (iterations, keys). */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** True where the user must choose another one at the next sign-in. */
  readonly temporary?: boolean;
  /** Milliseconds since 1970; from then on it must be changed. */
  readonly expiredAt?: number;
  /** Milliseconds since 1970. */
  readonly setAt: number;
  /** Earlier ones, the latest first, for projects that forbid them. */
  readonly earlier?: readonly { readonly hash: string; readonly salt: string }[];
  /** Failed sign-ins since the last good one. */
  readonly failures?: number;
  readonly locked?: boolean;
  /** Milliseconds since 1970; until then it is locked for a while. */
  readonly lockedUntil?: number;
}

/**
 * Keeps a password. A fast hash is used on purpose: an emulator holds invented passwords, and thousands of users are made at once.
 */
export function storePassword(
  password: string,
  salt: string,
  now: number,
  options: { readonly temporary?: boolean; readonly previous?: StoredPassword | undefined } = {},
): StoredPassword {
  const { previous } = options;
  const earlier =
    previous?.algorithm === "sha256"
      ? [{ hash: previous.hash, salt: previous.salt ?? "" }, ...(previous.earlier ?? [])].slice(0, 50)
      : previous?.earlier;
  return {
    algorithm: "sha256",
    hash: digest(password, salt),
    salt,
    setAt: now,
    ...(options.temporary === true ? { temporary: true } : {}),
    ...(earlier === undefined ? {} : { earlier }),
  };
}

/** Whether `password` is the one that was kept by {@link storePassword}. */
export function matchesStored(password: string, hash: string, salt: string): boolean {
  return digest(password, salt) === hash;
}

function digest(password: string, salt: string): string {
  return new Bun.CryptoHasher("sha256").update(`${salt}\n${password}`).digest("hex");
}
