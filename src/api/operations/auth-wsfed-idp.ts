import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, text } from "./schemas.ts";

/** Calls of browsers and of services, which need no authorization: the application stands in the address. */
const open = { open: true, effect: "write" } as const;
const noun = "WSFedIdentityProvider";

const initiate = () => v.looseObject({ app: filled(), tenant: text(), login_hint: text() });
const passive = () =>
  v.looseObject({
    app: filled(),
    wa: text(),
    wtrealm: text(),
    wreply: text(),
    wctx: text(),
    whr: text(),
    tenant: text(),
    login_hint: text(),
  });

export const metadata = operation({
  ...open,
  noun,
  verb: "Metadata",
  method: "GET",
  path: "/v1/auth/wsfed/idp/metadata",
  effect: "read",
  input: () => v.looseObject({ app: filled() }),
});

export const initiateByRedirect = operation({
  ...open,
  noun,
  verb: "InitiateByRedirect",
  method: "GET",
  path: "/v1/auth/wsfed/idp/initiate",
  input: initiate,
});

export const initiateByPost = operation({
  ...open,
  noun,
  verb: "InitiateByPost",
  method: "POST",
  path: "/v1/auth/wsfed/idp/initiate",
  form: true,
  query: true,
  input: initiate,
});

export const passiveByRedirect = operation({
  ...open,
  noun,
  verb: "PassiveByRedirect",
  method: "GET",
  path: "/v1/auth/wsfed/idp/sso",
  input: passive,
});

export const passiveByPost = operation({
  ...open,
  noun,
  verb: "PassiveByPost",
  method: "POST",
  path: "/v1/auth/wsfed/idp/sso",
  form: true,
  query: true,
  input: passive,
});

export const finish = operation({
  noun,
  verb: "Finish",
  method: "POST",
  path: "/v1/auth/wsfed/idp/sso-finish",
  effect: "write",
  input: () => v.looseObject({ state_id: v.string(), sso_app_id: text() }),
  output: anyObject,
  secretOutput: ["wresult"],
});
