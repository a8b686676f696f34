import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, number } from "../project-settings.ts";
import { matchesStored, type StoredPassword } from "../users/password.ts";

/** What the project asks of passwords. */
export interface PasswordPolicy {
  readonly minLength: number;
  readonly lowercase: boolean;
  readonly uppercase: boolean;
  readonly number: boolean;
  readonly nonAlphanumeric: boolean;
  /** Weeks after which a password must be replaced; 0 for never. */
  readonly expirationWeeks: number;
  /** So many earlier passwords may not be taken again; 0 for any. */
  readonly reuseAmount: number;
  /** After so many wrong ones the password is locked; 0 for never. */
  readonly lockAttempts: number;
  /** True where a reply must not tell an unknown user from a wrong password. */
  readonly maskError: boolean;
}

export function passwordPolicy(project: Project): PasswordPolicy {
  const settings = methodSettings(project, "password");
  const is = (key: string) => settings[key] === true;
  const amount = (key: string) => number(settings[key]) ?? 0;
  return {
    minLength: Math.max(1, amount("minLength")),
    lowercase: is("lowercase"),
    uppercase: is("uppercase"),
    number: is("number"),
    nonAlphanumeric: is("nonAlphanumeric"),
    expirationWeeks: is("expiration") ? amount("expirationWeeks") : 0,
    reuseAmount: is("reuse") ? amount("reuseAmount") : 0,
    lockAttempts: is("lock") ? amount("lockAttempts") : 0,
    maskError: is("maskError"),
  };
}

/**
 * Checks a new password.
 *
 * @param previous the one that it takes the place of.
 * @throws {EmulatorError} naming the rule that it does not keep.
 */
export function requireGoodPassword(
  project: Project,
  password: string,
  previous: StoredPassword | undefined,
): void {
  const policy = passwordPolicy(project);
  const rules: readonly (readonly [boolean, string])[] = [
    [[...password].length >= policy.minLength, `at least ${policy.minLength} characters`],
    [!policy.lowercase || /\p{Ll}/u.test(password), "a lowercase letter"],
    [!policy.uppercase || /\p{Lu}/u.test(password), "an uppercase letter"],
    [!policy.number || /\p{Nd}/u.test(password), "a number"],
    [
      !policy.nonAlphanumeric || /[^\p{L}\p{N}]/u.test(password),
      "a character that is no letter and no number",
    ],
  ];
  const missing = rules.filter(([kept]) => !kept).map(([, what]) => what);
  if (missing.length > 0) throw invalidArgument(`The password needs ${missing.join(" and ")}`);
  if (policy.reuseAmount > 0 && isReused(password, previous, policy.reuseAmount))
    throw invalidArgument(`The password is one of the user's last ${policy.reuseAmount}`);
}

/** Whether a password must be replaced before the user may sign in by it. */
export function isExpired(project: Project, password: StoredPassword): boolean {
  const now = project.clock.now();
  const { expirationWeeks } = passwordPolicy(project);
  if (password.temporary === true) return true;
  if (password.expiredAt !== undefined && password.expiredAt <= now) return true;
  return expirationWeeks > 0 && password.setAt + expirationWeeks * 604_800_000 <= now;
}

function isReused(password: string, previous: StoredPassword | undefined, amount: number): boolean {
  if (previous === undefined) return false;
  const current = previous.algorithm === "sha256" ? [{ hash: previous.hash, salt: previous.salt ?? "" }] : [];
  return [...current, ...(previous.earlier ?? [])]
    .slice(0, amount)
    .some(({ hash, salt }) => matchesStored(password, hash, salt));
}
