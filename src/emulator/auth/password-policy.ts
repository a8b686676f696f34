import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, number, text } from "../project-settings.ts";
import { tenantPasswordSettings } from "../entities/password-settings.ts";
import { matchesStored, type StoredPassword } from "../users/password.ts";
import type { User } from "../users/user.ts";

/** What is asked of a user's passwords. */
export interface PasswordPolicy {
  readonly minLength: number;
  readonly lowercase: boolean;
  readonly uppercase: boolean;
  readonly number: boolean;
  readonly nonAlphanumeric: boolean;
  readonly anyLetter: boolean;
  /** Characters that must not stand in one. */
  readonly disallowedCharacters: string;
  /** True where it must not be the user's own address, or its first part. */
  readonly disallowEmailMatch: boolean;
  /** Weeks after which a password must be replaced; 0 for never. */
  readonly expirationWeeks: number;
  /** So many earlier passwords may not be taken again; 0 for any. */
  readonly reuseAmount: number;
  /** After so many wrong ones the password is locked; 0 for never. */
  readonly lockAttempts: number;
  /** After so many wrong ones the password is locked for a while; 0 for never. */
  readonly pauseAttempts: number;
  /** How long that is, in milliseconds. */
  readonly pause: number;
  /** True where a reply must not tell an unknown user from a wrong password. */
  readonly maskError: boolean;
}

/** Whose password it is, as far as that matters to what is asked of it. */
type Owner = Pick<User, "tenants" | "email" | "loginIds">;

/** The policy for a user: of the first of their tenants that has one of its own, else the project's. */
export function passwordPolicy(project: Project, user?: Owner): PasswordPolicy {
  const own = (user?.tenants ?? [])
    .map(({ tenantId }) => tenantPasswordSettings(project, tenantId))
    .find((settings) => settings?.enabled === true);
  const general = methodSettings(project, "password");
  const settings = own ?? general;
  const is = (key: string) => settings[key] === true;
  const amount = (key: string) => number(settings[key]) ?? 0;
  return {
    minLength: Math.max(1, amount("minLength")),
    lowercase: is("lowercase"),
    uppercase: is("uppercase"),
    number: is("number"),
    nonAlphanumeric: is("nonAlphanumeric"),
    anyLetter: is("anyLetter"),
    disallowedCharacters: text(settings.disallowedCharacters),
    disallowEmailMatch: is("disallowEmailMatch"),
    expirationWeeks: is("expiration") ? amount("expirationWeeks") : 0,
    reuseAmount: is("reuse") ? amount("reuseAmount") : 0,
    lockAttempts: is("lock") ? amount("lockAttempts") : 0,
    pauseAttempts: is("tempLock") ? amount("tempLockAttempts") : 0,
    pause: amount("tempLockDuration") * 60_000,
    maskError: general.maskError === true,
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
  owner: Owner,
  previous: StoredPassword | undefined,
): void {
  const policy = passwordPolicy(project, owner);
  const rules: readonly (readonly [boolean, string])[] = [
    [[...password].length >= policy.minLength, `at least ${policy.minLength} characters`],
    [!policy.lowercase || /\p{Ll}/u.test(password), "a lowercase letter"],
    [!policy.uppercase || /\p{Lu}/u.test(password), "an uppercase letter"],
    [!policy.anyLetter || /\p{L}/u.test(password), "a letter"],
    [!policy.number || /\p{Nd}/u.test(password), "a number"],
    [
      !policy.nonAlphanumeric || /[^\p{L}\p{N}]/u.test(password),
      "a character that is no letter and no number",
    ],
  ];
  const missing = rules.filter(([kept]) => !kept).map(([, what]) => what);
  if (missing.length > 0) throw invalidArgument(`The password needs ${missing.join(" and ")}`);
  if ([...policy.disallowedCharacters].some((character) => password.includes(character)))
    throw invalidArgument(`The password must not have any of ${policy.disallowedCharacters}`);
  if (policy.disallowEmailMatch && isAddressOf(owner, password))
    throw invalidArgument("The password must not be the user's e-mail address or a part of it");
  if (policy.reuseAmount > 0 && isReused(password, previous, policy.reuseAmount))
    throw invalidArgument(`The password is one of the user's last ${policy.reuseAmount}`);
}

function isAddressOf({ email, loginIds }: Owner, password: string): boolean {
  return [...(email === undefined ? [] : [email]), ...loginIds].some((address) =>
    [address, address.split("@")[0]].some((part) => part?.toLowerCase() === password.toLowerCase()),
  );
}

/** Whether a password must be replaced before the user may sign in by it. */
export function isExpired(project: Project, password: StoredPassword, owner: Owner): boolean {
  const now = project.clock.now();
  const { expirationWeeks } = passwordPolicy(project, owner);
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
