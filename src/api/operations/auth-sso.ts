import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptionMembers } from "./auth-schemas.ts";
import { anyObject, filled, text } from "./schemas.ts";

/** What the query of a start says, in the words of the documents and of the SDKs; the body is the login options themselves. */
const start = () =>
  v.looseObject({
    /** A tenant's id; or an address, or the domain of one, that its single sign-on is for. */
    tenant: v.string(),
    ssoId: text(),
    redirectUrl: text(),
    redirectURL: text(),
    loginHint: text(),
    initiatedEmail: text(),
    ...loginOptionMembers(),
  });

const code = () => v.looseObject({ code: filled() });

export const authorize = operation({
  noun: "SSO",
  verb: "Start",
  method: "POST",
  path: "/v1/auth/sso/authorize",
  // The older name, from when there was SAML alone.
  olderPaths: ["/v1/auth/saml/authorize"],
  query: true,
  effect: "write",
  input: start,
  output: anyObject,
});

export const exchange = operation({
  noun: "SSO",
  verb: "ExchangeToken",
  method: "POST",
  path: "/v1/auth/sso/exchange",
  olderPaths: ["/v1/auth/saml/exchange"],
  effect: "write",
  input: code,
  output: anyObject,
  secretInput: ["code"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});
