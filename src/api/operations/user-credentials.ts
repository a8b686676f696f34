import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, object, text, texts, time, filled } from "./schemas.ts";

const byLoginId = () => v.looseObject({ loginId: filled() });

export const removeTotp = operation({
  noun: "User",
  verb: "RemoveTOTPSeed",
  method: "POST",
  path: "/v1/mgmt/user/totp/delete",
  effect: "destroy",
  idempotent: true,
  input: byLoginId,
});

export const removeRecoveryCodes = operation({
  noun: "User",
  verb: "RemoveRecoveryCodes",
  method: "POST",
  path: "/v1/mgmt/user/recovery-codes/delete",
  effect: "destroy",
  idempotent: true,
  input: byLoginId,
});

export const listPasskeys = operation({
  noun: "User",
  verb: "ListPasskeys",
  method: "POST",
  path: "/v1/mgmt/user/passkeys/list",
  effect: "read",
  input: byLoginId,
  output: anyObject,
});

export const removePasskey = operation({
  noun: "User",
  verb: "RemovePasskey",
  method: "POST",
  path: "/v1/mgmt/user/passkey/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), credentialId: filled() }),
});

/** All of them, or the one that is named. */
export const removePasskeys = operation({
  noun: "User",
  verb: "RemoveAllPasskeys",
  method: "POST",
  path: "/v1/mgmt/user/passkeys/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), credentialId: text() }),
});

const passkey = {
  rpId: text(),
  publicKey: text(),
  aaguid: text(),
  transports: texts(),
};

export const importPasskeys = operation({
  noun: "User",
  verb: "ImportPasskeys",
  method: "POST",
  path: "/v1/mgmt/user/passkeys/import",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      loginId: filled(),
      devices: v.array(
        v.looseObject({
          descope: v.nullish(v.looseObject({ ...passkey, credentialId: filled() })),
          auth0: v.nullish(v.looseObject({ ...passkey, keyId: filled() })),
        }),
      ),
    }),
});

export const listTrustedDevices = operation({
  noun: "User",
  verb: "ListTrustedDevices",
  method: "POST",
  path: "/v1/mgmt/user/trusteddevices/list",
  effect: "read",
  input: () => v.looseObject({ identifiers: v.array(v.string()) }),
  output: anyObject,
});

export const removeTrustedDevices = operation({
  noun: "User",
  verb: "RemoveTrustedDevices",
  method: "POST",
  path: "/v1/mgmt/user/trusteddevices/remove",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ identifier: text(), loginId: text(), deviceIds: v.array(v.string()) }),
});

export const providerToken = operation({
  noun: "User",
  verb: "GetProviderToken",
  method: "GET",
  path: "/v1/mgmt/user/provider/token",
  effect: "read",
  input: () =>
    v.looseObject({
      loginId: filled(),
      provider: v.string(),
      withRefreshToken: text(),
      forceRefresh: text(),
    }),
  output: anyObject,
  secretOutput: ["accessToken", "refreshToken"],
});

export const logout = operation({
  noun: "User",
  verb: "LogoutUser",
  method: "POST",
  path: "/v1/mgmt/user/logout",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ loginId: text(), userId: text(), sessionTypes: texts() }),
});

/** A token that signs the user in, once. `timeout` is in seconds. */
export const embeddedLink = operation({
  noun: "User",
  verb: "GenerateEmbeddedLink",
  method: "POST",
  path: "/v1/mgmt/user/signin/embeddedlink",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      customClaims: object(),
      loginOptions: object(),
      timeout: time(),
    }),
  output: anyObject,
  secretOutput: ["token"],
});

/** A token that signs a new user up, once. `timeout` is in seconds. */
export const embeddedSignUpLink = operation({
  noun: "User",
  verb: "GenerateEmbeddedLinkSignUp",
  method: "POST",
  path: "/v1/mgmt/user/signup/embeddedlink",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      user: v.nullish(
        v.looseObject({
          email: text(),
          phone: text(),
          name: text(),
          givenName: text(),
          middleName: text(),
          familyName: text(),
          recoveryEmail: text(),
          recoveryPhone: text(),
        }),
      ),
      emailVerified: flag(),
      phoneVerified: flag(),
      loginOptions: object(),
      timeout: time(),
    }),
  output: anyObject,
  secretOutput: ["token"],
});
