import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptions, signUpUser } from "./auth-schemas.ts";
import { anyObject, filled, flag, text } from "./schemas.ts";

/** What a passkey is to be; other SDKs send other words and numbers, which browsers would not take. */
const passkeyOptions = () =>
  v.nullish(
    v.looseObject({
      authenticatorSelection: v.nullish(
        v.looseObject({
          authenticatorAttachment: v.nullish(v.unknown()),
          residentKey: v.nullish(v.unknown()),
          userVerification: v.nullish(v.unknown()),
          requireResidentKey: v.nullish(v.unknown()),
          extensionsJSON: text(),
        }),
      ),
      attestation: v.nullish(v.unknown()),
      userVerification: v.nullish(v.unknown()),
      extensionsJSON: text(),
    }),
  );

export const signUpStart = operation({
  noun: "WebAuthn",
  verb: "SignUpStart",
  method: "POST",
  path: "/v1/auth/webauthn/signup/start",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: text(),
      user: signUpUser(),
      origin: text(),
      passkeyOptions: passkeyOptions(),
      loginOptions: loginOptions(),
    }),
  output: anyObject,
});

const finish = () => v.looseObject({ transactionId: text(), transactionID: text(), response: v.string() });

export const signUpFinish = operation({
  noun: "WebAuthn",
  verb: "SignUpFinish",
  method: "POST",
  path: "/v1/auth/webauthn/signup/finish",
  effect: "write",
  input: finish,
  output: anyObject,
  secretOutput: ["sessionJwt", "refreshJwt"],
});

export const signInStart = operation({
  noun: "WebAuthn",
  verb: "SignInStart",
  method: "POST",
  path: "/v1/auth/webauthn/signin/start",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: text(),
      origin: text(),
      passkeyOptions: passkeyOptions(),
      loginOptions: loginOptions(),
    }),
  output: anyObject,
});

export const signInFinish = operation({
  noun: "WebAuthn",
  verb: "SignInFinish",
  method: "POST",
  path: "/v1/auth/webauthn/signin/finish",
  effect: "write",
  input: finish,
  output: anyObject,
  secretOutput: ["sessionJwt", "refreshJwt"],
});

export const signUpOrInStart = operation({
  noun: "WebAuthn",
  verb: "SignUpOrInStart",
  method: "POST",
  path: "/v1/auth/webauthn/signup-in/start",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      origin: text(),
      passkeyOptions: passkeyOptions(),
      loginOptions: loginOptions(),
      ssoAppId: text(),
    }),
  output: anyObject,
});

export const updateStart = operation({
  noun: "WebAuthn",
  verb: "UpdateUserDeviceStart",
  method: "POST",
  path: "/v1/auth/webauthn/update/start",
  effect: "write",
  input: () =>
    v.looseObject({ loginId: filled(), origin: text(), passkeyOptions: passkeyOptions(), mfa: flag() }),
  output: anyObject,
});

export const updateFinish = operation({
  noun: "WebAuthn",
  verb: "UpdateUserDeviceFinish",
  method: "POST",
  path: "/v1/auth/webauthn/update/finish",
  effect: "write",
  input: finish,
  output: anyObject,
  secretOutput: ["jwt.sessionJwt", "jwt.refreshJwt"],
});
