import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, object, text } from "./schemas.ts";

/** Calls of browsers and of services, which need no authorization: the application stands in the address. */
const open = { open: true, effect: "write" } as const;
const noun = "SAMLIdentityProvider";

const signOn = () => ({
  RelayState: text(),
  LoginHint: text(),
  login_hint: text(),
  tenant: text(),
  flow_token: text(),
});

const initiate = () => v.looseObject({ app: filled(), ...signOn() });
const request = () =>
  v.looseObject({ app: filled(), SAMLRequest: text(), SamlRequest: text(), SigAlg: text(), ...signOn() });

export const metadata = operation({
  ...open,
  noun,
  verb: "Metadata",
  method: "GET",
  path: "/v1/auth/saml/idp/metadata",
  effect: "read",
  input: () => v.looseObject({ app: filled() }),
});

export const initiateByRedirect = operation({
  ...open,
  noun,
  verb: "InitiateByRedirect",
  method: "GET",
  path: "/v1/auth/saml/idp/initiate",
  input: initiate,
});

export const initiateByPost = operation({
  ...open,
  noun,
  verb: "InitiateByPost",
  method: "POST",
  path: "/v1/auth/saml/idp/initiate",
  form: true,
  query: true,
  input: initiate,
});

export const signOnByRedirect = operation({
  ...open,
  noun,
  verb: "SignOnByRedirect",
  method: "GET",
  path: "/v1/auth/saml/idp/sso",
  input: request,
});

export const signOnByPost = operation({
  ...open,
  noun,
  verb: "SignOnByPost",
  method: "POST",
  path: "/v1/auth/saml/idp/sso",
  form: true,
  query: true,
  input: request,
});

export const finish = operation({
  noun,
  verb: "Finish",
  method: "POST",
  path: "/v1/auth/saml/idp/sso-finish",
  effect: "write",
  input: () =>
    v.looseObject({ state_id: v.string(), sso_app_id: text(), additionalSAMLAttributes: object() }),
  output: anyObject,
  secretOutput: ["samlResponse"],
});

export const logoutByRedirect = operation({
  ...open,
  noun,
  verb: "LogoutByRedirect",
  method: "GET",
  path: "/v1/auth/idp/sso/logout",
  input: () => v.looseObject({ app: text() }),
});

export const logoutByPost = operation({
  ...open,
  noun,
  verb: "LogoutByPost",
  method: "POST",
  path: "/v1/auth/idp/sso/logout",
  form: true,
  query: true,
  input: () => v.looseObject({ app: text() }),
});
