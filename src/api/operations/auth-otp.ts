import * as v from "valibot";
import { operation } from "../operation.ts";
import {
  addressUpdate,
  codeMethod,
  phoneMethod,
  signIn as signInMembers,
  signUp as signUpMembers,
} from "./auth-schemas.ts";
import { anyObject, filled } from "./schemas.ts";

export const signUp = operation({
  noun: "OTP",
  verb: "SignUp",
  method: "POST",
  path: "/v1/auth/otp/signup/{method}",
  effect: "write",
  input: () => v.looseObject({ method: codeMethod(), ...signUpMembers() }),
  output: anyObject,
});

export const signIn = operation({
  noun: "OTP",
  verb: "SignIn",
  method: "POST",
  path: "/v1/auth/otp/signin/{method}",
  effect: "write",
  input: () => v.looseObject({ method: codeMethod(), ...signInMembers() }),
  output: anyObject,
});

export const signUpOrIn = operation({
  noun: "OTP",
  verb: "SignUpOrIn",
  method: "POST",
  path: "/v1/auth/otp/signup-in/{method}",
  effect: "write",
  input: () => v.looseObject({ method: codeMethod(), ...signInMembers() }),
  output: anyObject,
});

export const verify = operation({
  noun: "OTP",
  verb: "VerifyCode",
  method: "POST",
  path: "/v1/auth/otp/verify/{method}",
  effect: "write",
  input: () => v.looseObject({ method: codeMethod(), loginId: filled(), code: filled() }),
  output: anyObject,
  secretInput: ["code"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});

export const updateEmail = operation({
  noun: "OTP",
  verb: "UpdateUserEmail",
  method: "POST",
  path: "/v1/auth/otp/update/email",
  effect: "write",
  input: () => v.looseObject({ email: v.string(), ...addressUpdate() }),
  output: anyObject,
});

export const updatePhone = operation({
  noun: "OTP",
  verb: "UpdateUserPhone",
  method: "POST",
  path: "/v1/auth/otp/update/phone/{method}",
  effect: "write",
  input: () => v.looseObject({ method: phoneMethod(), phone: v.string(), ...addressUpdate() }),
  output: anyObject,
});
