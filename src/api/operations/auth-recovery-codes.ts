import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptions } from "./auth-schemas.ts";
import { anyObject, filled } from "./schemas.ts";

export const generate = operation({
  noun: "RecoveryCodes",
  verb: "Generate",
  method: "POST",
  path: "/v1/auth/recovery-codes",
  // The codes before are worthless from then on.
  effect: "destroy",
  input: () => v.looseObject({ loginId: filled() }),
  output: anyObject,
  secretOutput: ["codes.*.code"],
});

export const signIn = operation({
  noun: "RecoveryCodes",
  verb: "SignIn",
  method: "POST",
  path: "/v1/auth/recovery-codes/signin",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), code: filled(), loginOptions: loginOptions() }),
  output: anyObject,
  secretInput: ["code"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});
