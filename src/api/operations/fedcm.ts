import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, text } from "./schemas.ts";

/** Sign-in by the browser's own dialog (Federated Credential Management): the browser makes these calls, by what the first one says. */
const shared = { noun: "FedCM", open: true, output: anyObject } as const;

/** Where the other calls are. */
export const config = operation({
  ...shared,
  verb: "Config",
  method: "GET",
  path: "/{projectId}/fedcm/config",
  effect: "read",
  input: () => v.looseObject({ projectId: v.string() }),
});

/** What the dialog says of an application. */
export const clientMetadata = operation({
  ...shared,
  verb: "ClientMetadata",
  method: "GET",
  path: "/fedcm/clientmetadata",
  effect: "read",
  input: () => v.looseObject({ client_id: text() }),
});

/** Who can be chosen in the dialog. */
export const accounts = operation({
  ...shared,
  verb: "Accounts",
  method: "GET",
  path: "/{projectId}/fedcm/accounts",
  effect: "read",
  input: () => v.looseObject({ projectId: v.string() }),
});

/** Gives an ID token of the user who was chosen. */
export const assertion = operation({
  ...shared,
  verb: "Assertion",
  method: "POST",
  path: "/{projectId}/fedcm/assertion",
  form: true,
  effect: "write",
  input: () =>
    v.looseObject({
      projectId: v.string(),
      account_id: text(),
      client_id: text(),
      nonce: text(),
      params: text(),
    }),
  secretOutput: ["token"],
});

/** The page that the browser opens where it finds nobody to choose. */
export const loginPage = operation({
  noun: "FedCM",
  open: true,
  verb: "LoginPage",
  method: "GET",
  path: "/{projectId}/fedcm/login",
  effect: "read",
  input: () => v.looseObject({ projectId: v.string() }),
});
