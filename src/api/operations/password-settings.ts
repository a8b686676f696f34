import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, count, flag, text } from "./schemas.ts";

/** Of a tenant, or of the project where none is named. */
export const load = operation({
  noun: "Password",
  verb: "GetSettings",
  method: "GET",
  path: "/v1/mgmt/password/settings",
  effect: "read",
  input: () => v.looseObject({ tenantId: text() }),
  output: anyObject,
});

export const configure = operation({
  noun: "Password",
  verb: "ConfigureSettings",
  method: "POST",
  path: "/v1/mgmt/password/settings",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      tenantId: text(),
      enabled: flag(),
      minLength: count(),
      lowercase: flag(),
      uppercase: flag(),
      number: flag(),
      nonAlphanumeric: flag(),
      anyLetter: flag(),
      disallowedCharacters: text(),
      disallowEmailMatch: flag(),
      expiration: flag(),
      expirationWeeks: count(),
      reuse: flag(),
      reuseAmount: count(),
      lock: flag(),
      lockAttempts: count(),
      tempLock: flag(),
      tempLockAttempts: count(),
      tempLockDuration: count(),
      enablePasswordStrength: flag(),
      passwordStrengthScore: count(),
    }),
});
