import * as v from "valibot";
import { operation } from "../operation.ts";
import {
  addressUpdate,
  linkTarget,
  signIn as signInMembers,
  signUp as signUpMembers,
} from "./auth-schemas.ts";
import { anyObject, filled, text } from "./schemas.ts";

const linkMethod = () => v.picklist(["email", "sms"]);

export const signUp = operation({
  noun: "EnchantedLink",
  verb: "SignUp",
  method: "POST",
  path: "/v1/auth/enchantedlink/signup/{method}",
  effect: "write",
  input: () => v.looseObject({ method: linkMethod(), ...linkTarget(), ...signUpMembers() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

export const signIn = operation({
  noun: "EnchantedLink",
  verb: "SignIn",
  method: "POST",
  path: "/v1/auth/enchantedlink/signin/{method}",
  effect: "write",
  input: () => v.looseObject({ method: linkMethod(), ...linkTarget(), ...signInMembers() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

export const signUpOrIn = operation({
  noun: "EnchantedLink",
  verb: "SignUpOrIn",
  method: "POST",
  path: "/v1/auth/enchantedlink/signup-in/{method}",
  effect: "write",
  input: () => v.looseObject({ method: linkMethod(), ...linkTarget(), ...signInMembers() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

export const verify = operation({
  noun: "EnchantedLink",
  verb: "Verify",
  method: "POST",
  path: "/v1/auth/enchantedlink/verify",
  effect: "write",
  input: () => v.looseObject({ token: filled(), pkceVerifier: text() }),
  secretInput: ["token"],
});

export const pendingSession = operation({
  noun: "EnchantedLink",
  verb: "GetSession",
  method: "POST",
  path: "/v1/auth/enchantedlink/pending-session",
  effect: "write",
  input: () => v.looseObject({ pendingRef: filled() }),
  output: anyObject,
  secretInput: ["pendingRef"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});

export const updateEmail = operation({
  noun: "EnchantedLink",
  verb: "UpdateUserEmail",
  method: "POST",
  path: "/v1/auth/enchantedlink/update/email",
  effect: "write",
  input: () => v.looseObject({ email: v.string(), ...linkTarget(), ...addressUpdate() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

/** By text message, on a path that one SDK alone knows. */
export const updatePhone = operation({
  noun: "EnchantedLink",
  verb: "UpdateUserPhone",
  method: "POST",
  path: "/v1/auth/enchantedlink/update/phone/{method}",
  effect: "write",
  input: () =>
    v.looseObject({ method: v.picklist(["sms"]), phone: v.string(), ...linkTarget(), ...addressUpdate() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});
