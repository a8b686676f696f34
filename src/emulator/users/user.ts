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
  passkeys?: readonly Passkey[];
  trustedDevices?: readonly TrustedDevice[];
  /** Names of the providers that the user has signed in with. */
  oauth?: readonly string[];
  saml?: boolean;
  oidc?: boolean;
  scim?: boolean;
  /** Tokens that were made before it are no longer good. */
  loggedOutAt?: number;
  consentExpiration?: number;
}

export interface UserTenant {
  readonly tenantId: string;
  readonly roleIds: readonly string[];
}

export interface Passkey {
  readonly credentialId: string;
  readonly name: string;
  readonly createdTime: number;
}

export interface TrustedDevice {
  readonly id: string;
  readonly name: string;
  readonly lastLoginTime: number;
  readonly expirationTime: number;
}
