import * as v from "valibot";
import { operation } from "../operation.ts";
import {
  addressUpdate,
  codeMethod,
  linkTarget,
  phoneMethod,
  signIn as signInMembers,
  signUp as signUpMembers,
} from "./auth-schemas.ts";
import { anyObject, filled } from "./schemas.ts";

export const signUp = operation({
  noun: "MagicLink",
  verb: "SignUp",
  method: "POST",
  path: "/v1/auth/magiclink/signup/{method}",
  effect: "write",
  input: () => v.looseObject({ method: codeMethod(), ...linkTarget(), ...signUpMembers() }),
  output: anyObject,
});

export const signIn = operation({
  noun: "MagicLink",
  verb: "SignIn",
  method: "POST",
  path: "/v1/auth/magiclink/signin/{method}",
  effect: "write",
  input: () => v.looseObject({ method: codeMethod(), ...linkTarget(), ...signInMembers() }),
  output: anyObject,
});

export const signUpOrIn = operation({
  noun: "MagicLink",
  verb: "SignUpOrIn",
  method: "POST",
  path: "/v1/auth/magiclink/signup-in/{method}",
  effect: "write",
  input: () => v.looseObject({ method: codeMethod(), ...linkTarget(), ...signInMembers() }),
  output: anyObject,
});

/** Opens magic links, embedded links and the links by which passwords are reset. */
export const verify = operation({
  noun: "MagicLink",
  verb: "Verify",
  method: "POST",
  path: "/v1/auth/magiclink/verify",
  effect: "write",
  input: () => v.looseObject({ token: filled() }),
  output: anyObject,
  secretInput: ["token"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});

export const updateEmail = operation({
  noun: "MagicLink",
  verb: "UpdateUserEmail",
  method: "POST",
  path: "/v1/auth/magiclink/update/email",
  effect: "write",
  input: () => v.looseObject({ email: v.string(), ...linkTarget(), ...addressUpdate() }),
  output: anyObject,
});

/** The same by text message, on the path that the Python SDK knows. */
export const updatePhoneByText = operation({
  noun: "MagicLink",
  verb: "UpdateUserPhoneByText",
  method: "POST",
  path: "/v1/auth/magiclink/update/phone",
  effect: "write",
  input: () => v.looseObject({ phone: v.string(), ...linkTarget(), ...addressUpdate() }),
  output: anyObject,
});

export const updatePhone = operation({
  noun: "MagicLink",
  verb: "UpdateUserPhone",
  method: "POST",
  path: "/v1/auth/magiclink/update/phone/{method}",
  effect: "write",
  input: () =>
    v.looseObject({
      method: phoneMethod(),
      phone: v.string(),
      ...linkTarget(),
      ...addressUpdate(),
    }),
  output: anyObject,
});
