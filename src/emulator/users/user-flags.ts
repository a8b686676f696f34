import type { User } from "./user.ts";

/** What is either so or not so of a user, and is searched for. */
export type UserFlag =
  | "password"
  | "totp"
  | "webauthn"
  | "scim"
  | "sso"
  | "dependent"
  | "passwordLocked"
  | "verifiedEmail"
  | "verifiedPhone"
  | "verifiedRecoveryEmail"
  | "verifiedRecoveryPhone";

const TESTS: Readonly<Record<UserFlag, (user: User) => boolean>> = {
  password: ({ password }) => password !== undefined,
  totp: ({ totpSeed }) => totpSeed !== undefined,
  webauthn: ({ passkeys }) => passkeys !== undefined && passkeys.length > 0,
  scim: ({ scim }) => scim === true,
  sso: ({ saml, oidc }) => saml === true || oidc === true,
  dependent: ({ dependent }) => dependent === true,
  passwordLocked: ({ password }) => password?.locked === true,
  verifiedEmail: ({ verifiedEmail }) => verifiedEmail,
  verifiedPhone: ({ verifiedPhone }) => verifiedPhone,
  verifiedRecoveryEmail: ({ verifiedRecoveryEmail }) => verifiedRecoveryEmail === true,
  verifiedRecoveryPhone: ({ verifiedRecoveryPhone }) => verifiedRecoveryPhone === true,
};

const FLAGS = Object.keys(TESTS) as readonly UserFlag[];

/** All flags of a user in one number, a bit for each. */
export function flagsOf(user: User): number {
  return FLAGS.reduce((bits, flag, index) => (TESTS[flag](user) ? bits | (1 << index) : bits), 0);
}

/** The bit of a flag. */
export function bitOf(flag: UserFlag): number {
  return 1 << FLAGS.indexOf(flag);
}
