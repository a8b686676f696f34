import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptionMembers, loginOptions } from "./auth-schemas.ts";
import { anyObject, filled, flag, text } from "./schemas.ts";

/** What the query of a start says, in the words of the documents and of the SDKs; the body is the login options themselves. */
const start = () =>
  v.looseObject({
    provider: v.string(),
    redirectUrl: text(),
    redirectURL: text(),
    loginHint: text(),
    initiatedEmail: text(),
    ...loginOptionMembers(),
  });

export const signUpOrIn = operation({
  noun: "OAuth",
  verb: "SignUpOrIn",
  method: "POST",
  path: "/v1/auth/oauth/authorize",
  query: true,
  effect: "write",
  input: start,
  output: anyObject,
});

export const signIn = operation({
  noun: "OAuth",
  verb: "SignIn",
  method: "POST",
  path: "/v1/auth/oauth/authorize/signin",
  query: true,
  effect: "write",
  input: start,
  output: anyObject,
});

export const signUp = operation({
  noun: "OAuth",
  verb: "SignUp",
  method: "POST",
  path: "/v1/auth/oauth/authorize/signup",
  query: true,
  effect: "write",
  input: start,
  output: anyObject,
});

export const update = operation({
  noun: "OAuth",
  verb: "UpdateUser",
  method: "POST",
  path: "/v1/auth/oauth/authorize/update",
  query: true,
  effect: "write",
  // The only one whose query holds a flag that matters, and queries hold texts.
  input: () =>
    v.looseObject({ ...start().entries, allowAllMerge: v.nullish(v.union([v.string(), v.boolean()])) }),
  output: anyObject,
});

export const exchange = operation({
  noun: "OAuth",
  verb: "ExchangeToken",
  method: "POST",
  path: "/v1/auth/oauth/exchange",
  effect: "write",
  input: () => v.looseObject({ code: filled() }),
  output: anyObject,
  secretInput: ["code"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});

export const startNative = operation({
  noun: "OAuth",
  verb: "StartNative",
  method: "POST",
  path: "/v1/auth/oauth/native/start",
  effect: "write",
  input: () =>
    v.looseObject({
      provider: v.string(),
      loginOptions: loginOptions(),
      implicit: flag(),
      rawResponse: flag(),
    }),
  output: anyObject,
});

export const finishNative = operation({
  noun: "OAuth",
  verb: "FinishNative",
  method: "POST",
  path: "/v1/auth/oauth/native/finish",
  effect: "write",
  input: () =>
    v.looseObject({ provider: v.string(), stateId: filled(), user: text(), code: text(), idToken: text() }),
  output: anyObject,
  secretInput: ["code", "idToken"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});

export const oneTapClientId = operation({
  noun: "OneTap",
  verb: "GetClientId",
  method: "GET",
  path: "/v1/auth/onetap/clientid/{provider}",
  effect: "read",
  input: () => v.looseObject({ provider: v.string() }),
  output: anyObject,
});

const oneTap = () =>
  v.looseObject({
    provider: v.string(),
    idToken: filled(),
    nonce: text(),
    loginOptions: loginOptions(),
  });

export const verifyOneTap = operation({
  noun: "OneTap",
  verb: "VerifyIDToken",
  method: "POST",
  path: "/v1/auth/onetap/idtoken/verify",
  effect: "write",
  input: oneTap,
  output: anyObject,
  secretInput: ["idToken"],
  secretOutput: ["code"],
});

export const exchangeOneTap = operation({
  noun: "OneTap",
  verb: "ExchangeIDToken",
  method: "POST",
  path: "/v1/auth/onetap/idtoken/exchange",
  effect: "write",
  input: oneTap,
  output: anyObject,
  secretInput: ["idToken"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});
