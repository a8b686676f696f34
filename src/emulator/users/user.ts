import type { StoredPassword } from "./password.ts";

/** A user, as the emulator keeps one. Times are in milliseconds since 1970. */
export interface User {
  readonly userId: string;
  loginIds: readonly string[];
  status: "enabled" | "disabled" | "invited" | "expired";
  readonly test: boolean;
  name?: string;
  givenName?: string;
  middleName?: string;
  familyName?: string;
  email?: string;
  phone?: string;
  picture?: string;
  verifiedEmail: boolean;
  verifiedPhone: boolean;
  recoveryEmail?: string;
  recoveryPhone?: string;
  verifiedRecoveryEmail?: boolean;
  verifiedRecoveryPhone?: boolean;
  /** Roles of the project. */
  roleIds: readonly string[];
  tenants: readonly UserTenant[];
  customAttributes: Readonly<Record<string, unknown>>;
  ssoAppIds: readonly string[];
  externalIds?: readonly string[];
  readonly createdTime: number;
  modifiedTime: number;
  /** When the user last signed in. */
  lastLoginTime?: number;
  password?: StoredPassword;
  /** Base32 secret of an authenticator app. */
  totpSeed?: string;
  /** SHA-256 of the codes that are left. */
  recoveryCodes?: readonly string[];
  securityAnswers?: SecurityAnswers;
  passkeys?: readonly Passkey[];
  trustedDevices?: readonly TrustedDevice[];
  /** Names of the providers that the user has signed in with. */
  oauth?: readonly string[];
  saml?: boolean;
  oidc?: boolean;
  scim?: boolean;
  /** What a directory calls the kind of the address and the number, such as "mobile"; "work" where it has not said. */
  scimTypes?: { readonly email?: string; readonly phone?: string };
  /** Tokens that were made before it are no longer good. */
  loggedOutAt?: number;
  /** Seconds since 1970 until which the user may be impersonated. */
  consentExpiration?: number;
  /** Tokens that providers of social sign-in gave, by the provider's name. */
  providerTokens?: Readonly<Record<string, ProviderToken>>;
  families?: readonly UserFamily[];
  /** True for somebody who cannot sign in and is looked after by a family. */
  dependent?: boolean;
}

/** Answers to questions of the project, never as they were typed. */
export interface SecurityAnswers {
  readonly answers: readonly { readonly id: string; readonly salt: string; readonly hash: string }[];
  /** Wrong tries since the last right one. */
  readonly failures: number;
  /** Milliseconds since 1970; until then none is looked at. */
  readonly pausedUntil?: number;
}

export interface UserTenant {
  readonly tenantId: string;
  readonly roleIds: readonly string[];
}

export interface UserFamily {
  readonly familyId: string;
  readonly roleIds: readonly string[];
  /** Custom attributes that the user has once for each family. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ProviderToken {
  readonly providerUserId: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Seconds since 1970. */
  readonly expiration: number;
  readonly scopes: readonly string[];
}

export interface Passkey {
  readonly credentialId: string;
  readonly name: string;
  readonly createdTime: number;
  /** The domain that it is for. */
  readonly rpId?: string;
  /** Base64. */
  readonly publicKey?: string;
  /** How often it had signed when it was last seen; 0 for those that do not count. */
  readonly signCount?: number;
  readonly aaguid?: string;
  readonly transports?: readonly string[];
}

export interface TrustedDevice {
  readonly id: string;
  readonly name: string;
  readonly lastLoginTime: number;
  readonly expirationTime: number;
  /** "Desktop", "Mobile" and so on. */
  readonly deviceType?: string;
  readonly lastLocation?: string;
}
