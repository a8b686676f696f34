import * as v from "valibot";
import { operation } from "../operation.ts";
import { addressUpdate, loginOptions, signUpUser } from "./auth-schemas.ts";
import { anyObject, text, filled } from "./schemas.ts";

const provider = () => v.picklist(["whatsapp"]);

/** The words that are sent, and for which application: the same in every call. */
const delivery = () => ({
  providerId: text(),
  templates: v.nullish(
    v.looseObject({ verifyTemplateId: text(), successTemplateId: text(), errorTemplateId: text() }),
  ),
  ssoAppId: text(),
});

export const signUp = operation({
  noun: "NOTP",
  verb: "SignUp",
  method: "POST",
  path: "/v1/auth/notp/{provider}/signup",
  effect: "write",
  input: () =>
    v.looseObject({
      provider: provider(),
      loginId: text(),
      phone: text(),
      user: signUpUser(),
      loginOptions: loginOptions(),
      ...delivery(),
    }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

export const signIn = operation({
  noun: "NOTP",
  verb: "SignIn",
  method: "POST",
  path: "/v1/auth/notp/{provider}/signin",
  effect: "write",
  input: () =>
    v.looseObject({ provider: provider(), loginId: text(), loginOptions: loginOptions(), ...delivery() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

export const signUpOrIn = operation({
  noun: "NOTP",
  verb: "SignUpOrIn",
  method: "POST",
  path: "/v1/auth/notp/{provider}/signup-in",
  effect: "write",
  input: () =>
    v.looseObject({ provider: provider(), loginId: text(), loginOptions: loginOptions(), ...delivery() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

export const update = operation({
  noun: "NOTP",
  verb: "UpdateUser",
  method: "POST",
  path: "/v1/auth/notp/{provider}/update",
  effect: "write",
  input: () => v.looseObject({ provider: provider(), phone: v.string(), ...delivery(), ...addressUpdate() }),
  output: anyObject,
  secretOutput: ["pendingRef"],
});

export const pendingSession = operation({
  noun: "NOTP",
  verb: "GetSession",
  method: "POST",
  path: "/v1/auth/notp/pending-session",
  effect: "write",
  input: () => v.looseObject({ pendingRef: filled() }),
  output: anyObject,
  secretInput: ["pendingRef"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});
