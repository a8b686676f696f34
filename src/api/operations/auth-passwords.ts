import * as v from "valibot";
import { operation } from "../operation.ts";
import { linkTarget, loginOptions, signUpUser } from "./auth-schemas.ts";
import { anyObject, filled, flag, object, text, texts } from "./schemas.ts";

const SESSION = ["sessionJwt", "refreshJwt"];

export const signUp = operation({
  noun: "Password",
  verb: "SignUp",
  method: "POST",
  path: "/v1/auth/password/signup",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      password: v.string(),
      user: signUpUser(),
      loginOptions: loginOptions(),
    }),
  output: anyObject,
  secretInput: ["password"],
  secretOutput: SESSION,
});

export const signIn = operation({
  noun: "Password",
  verb: "SignIn",
  method: "POST",
  path: "/v1/auth/password/signin",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      password: v.string(),
      loginOptions: loginOptions(),
      ssoAppId: text(),
    }),
  output: anyObject,
  secretInput: ["password"],
  secretOutput: SESSION,
});

export const sendReset = operation({
  noun: "Password",
  verb: "SendPasswordReset",
  method: "POST",
  path: "/v1/auth/password/reset",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      ...linkTarget(),
      providerId: text(),
      templateOptions: object(),
      locale: text(),
      useRecovery: flag(),
    }),
  output: anyObject,
});

export const update = operation({
  noun: "Password",
  verb: "UpdateUserPassword",
  method: "POST",
  path: "/v1/auth/password/update",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), newPassword: v.string() }),
  secretInput: ["newPassword"],
});

export const replace = operation({
  noun: "Password",
  verb: "ReplaceUserPassword",
  method: "POST",
  path: "/v1/auth/password/replace",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      oldPassword: v.string(),
      newPassword: v.string(),
      revokeOtherSessions: flag(),
      revokeOtherSessionsTypes: texts(),
    }),
  output: anyObject,
  secretInput: ["oldPassword", "newPassword"],
  secretOutput: SESSION,
});

export const policy = operation({
  noun: "Password",
  verb: "GetPasswordPolicy",
  method: "GET",
  path: "/v1/auth/password/policy",
  effect: "read",
  output: anyObject,
});
