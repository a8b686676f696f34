import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptions, signUpUser } from "./auth-schemas.ts";
import { anyObject, filled, text } from "./schemas.ts";

const SECRETS = ["key", "provisioningURL", "image"];

export const signUp = operation({
  noun: "TOTP",
  verb: "SignUp",
  method: "POST",
  path: "/v1/auth/totp/signup",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), user: signUpUser(), ssoAppId: text() }),
  output: anyObject,
  secretOutput: SECRETS,
});

export const update = operation({
  noun: "TOTP",
  verb: "UpdateUser",
  method: "POST",
  path: "/v1/auth/totp/update",
  effect: "write",
  input: () => v.looseObject({ loginId: filled() }),
  output: anyObject,
  secretOutput: SECRETS,
});

export const verify = operation({
  noun: "TOTP",
  verb: "SignInCode",
  method: "POST",
  path: "/v1/auth/totp/verify",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), code: filled(), loginOptions: loginOptions() }),
  output: anyObject,
  secretInput: ["code"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});
