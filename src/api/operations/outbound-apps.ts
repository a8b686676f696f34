import * as v from "valibot";
import { operation } from "../operation.ts";
import { SECRET_MEMBERS } from "../secret-members.ts";
import { anyObject, byId, filled, flag, object, text, texts, time } from "./schemas.ts";

const parameters = () => v.nullish(v.array(v.looseObject({ key: v.string(), value: v.string() })));

/** Everything about an outbound application that can be changed, but for its name. */
const appMembers = () => ({
  description: text(),
  logo: text(),
  clientId: text(),
  clientSecret: text(),
  discoveryUrl: text(),
  authorizationUrl: text(),
  authorizationUrlParams: parameters(),
  tokenUrl: text(),
  tokenUrlParams: parameters(),
  revocationUrl: text(),
  defaultScopes: texts(),
  defaultRedirectUrl: text(),
  callbackDomain: text(),
  pkce: flag(),
  accessType: v.nullish(v.picklist(["", "offline", "online"])),
  prompt: v.nullish(v.array(v.picklist(["none", "login", "consent", "select_account"]))),
  appType: text(),
  useDcr: flag(),
  dcrUrl: text(),
  tenantId: text(),
  templateId: text(),
});

const tokenOptions = () => v.nullish(v.looseObject({ withRefreshToken: flag(), forceRefresh: flag() }));

/** Whose token of which application. */
const ofUser = () => ({ appId: filled(), userId: filled(), tenantId: text(), externalIdentifier: text() });
const ofTenant = () => ({ appId: filled(), tenantId: filled(), externalIdentifier: text() });

/** An OAuth token that was got elsewhere. */
const tokenMembers = () => ({
  accessToken: text(),
  accessTokenExpiry: time(),
  accessTokenType: text(),
  refreshToken: text(),
  idToken: text(),
  scopes: texts(),
  grantedBy: text(),
});

const connectInput = () =>
  v.looseObject({
    appId: filled(),
    tenantId: text(),
    tenantLevel: flag(),
    options: v.nullish(
      v.looseObject({
        redirectUrl: text(),
        scopes: texts(),
        prompt: texts(),
        loginHint: text(),
        resources: texts(),
        externalIdentifier: text(),
      }),
    ),
  });

const app = { noun: "OutboundApplication", method: "POST", output: anyObject } as const;
const tokenSecrets = ["accessToken", "refreshToken", "idToken"] as const;
const fetching = {
  ...app,
  byToken: true,
  effect: "write",
  idempotent: true,
  secretOutput: ["token.accessToken", "token.refreshToken"],
} as const;
const uploading = { ...app, effect: "write", idempotent: true } as const;

export const create = operation({
  ...app,
  verb: "CreateApplication",
  path: "/v1/mgmt/outbound/app/create",
  effect: "write",
  input: () => v.looseObject({ id: text(), name: text(), ...appMembers() }),
  secretInput: ["clientSecret"],
});

export const createByTemplate = operation({
  ...app,
  verb: "CreateApplicationByTemplate",
  path: "/v1/mgmt/outbound/app/create/bytemplate",
  effect: "write",
  input: () =>
    v.looseObject({
      id: text(),
      templateId: text(),
      clientId: text(),
      clientSecret: text(),
      tenantId: text(),
      overrides: v.nullish(v.looseObject({ name: text(), ...appMembers() })),
    }),
  secretInput: ["clientSecret", "overrides.clientSecret"],
});

export const createByDcrPreset = operation({
  ...app,
  verb: "CreateApplicationByDcrPreset",
  path: "/v1/mgmt/outbound/app/create/bydcrpreset",
  effect: "write",
  input: () => v.looseObject({ dcrPresetId: filled(), tenantId: text() }),
});

export const update = operation({
  ...app,
  verb: "UpdateApplication",
  path: "/v1/mgmt/outbound/app/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ app: v.looseObject({ id: filled(), name: text(), ...appMembers() }) }),
  secretInput: ["app.clientSecret"],
});

export const remove = operation({
  ...app,
  verb: "DeleteApplication",
  path: "/v1/mgmt/outbound/app/delete",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const load = operation({
  ...app,
  verb: "LoadApplication",
  method: "GET",
  path: "/v1/mgmt/outbound/app/{id}",
  effect: "read",
  input: byId,
});

export const loadAll = operation({
  ...app,
  verb: "LoadAllApplications",
  method: "GET",
  path: "/v1/mgmt/outbound/apps",
  effect: "read",
});

export const listWithUserToken = operation({
  ...app,
  verb: "ListAppsWithUserToken",
  method: "GET",
  path: "/v1/mgmt/outbound/apps-with-user-token",
  effect: "read",
  input: () => v.looseObject({ userId: filled(), tenantId: text() }),
});

export const fetchUserToken = operation({
  ...fetching,
  verb: "FetchUserToken",
  path: "/v1/mgmt/outbound/app/user/token",
  input: () => v.looseObject({ ...ofUser(), scopes: texts(), options: tokenOptions() }),
});

export const fetchLatestUserToken = operation({
  ...fetching,
  verb: "FetchLatestUserToken",
  path: "/v1/mgmt/outbound/app/user/token/latest",
  input: () => v.looseObject({ ...ofUser(), options: tokenOptions() }),
});

export const fetchTenantToken = operation({
  ...fetching,
  verb: "FetchTenantToken",
  path: "/v1/mgmt/outbound/app/tenant/token",
  input: () => v.looseObject({ ...ofTenant(), scopes: texts(), options: tokenOptions() }),
});

export const fetchLatestTenantToken = operation({
  ...fetching,
  verb: "FetchLatestTenantToken",
  path: "/v1/mgmt/outbound/app/tenant/token/latest",
  input: () => v.looseObject({ ...ofTenant(), options: tokenOptions() }),
});

export const uploadUserToken = operation({
  ...uploading,
  verb: "UploadUserToken",
  path: "/v1/mgmt/outbound/app/user/oauthtoken/upload",
  input: () => v.looseObject({ ...ofUser(), ...tokenMembers(), verifyRefresh: flag() }),
  secretInput: tokenSecrets,
});

export const uploadTenantToken = operation({
  ...uploading,
  verb: "UploadTenantToken",
  path: "/v1/mgmt/outbound/app/tenant/oauthtoken/upload",
  input: () => v.looseObject({ ...ofTenant(), ...tokenMembers(), verifyRefresh: flag() }),
  secretInput: tokenSecrets,
});

/** All of them or none: what is wrong with each stands in the reply. So no item is refused before it is looked at. */
export const batchUploadUserTokens = operation({
  ...uploading,
  verb: "BatchUploadUserTokens",
  path: "/v1/mgmt/outbound/app/user/oauthtoken/batch/upload",
  input: () =>
    v.looseObject({
      tokens: v.nullish(
        v.array(
          v.looseObject({
            appId: text(),
            userId: text(),
            tenantId: text(),
            externalIdentifier: text(),
            ...tokenMembers(),
          }),
        ),
      ),
    }),
  secretInput: ["tokens.*.accessToken|refreshToken|idToken"],
});

/** {@link batchUploadUserTokens} for tenants. */
export const batchUploadTenantTokens = operation({
  ...uploading,
  verb: "BatchUploadTenantTokens",
  path: "/v1/mgmt/outbound/app/tenant/oauthtoken/batch/upload",
  input: () =>
    v.looseObject({
      tokens: v.nullish(
        v.array(
          v.looseObject({ appId: text(), tenantId: text(), externalIdentifier: text(), ...tokenMembers() }),
        ),
      ),
    }),
  secretInput: ["tokens.*.accessToken|refreshToken|idToken"],
});

export const uploadUserApiKey = operation({
  ...uploading,
  verb: "UploadUserAPIKey",
  path: "/v1/mgmt/outbound/app/user/apikey/upload",
  input: () => v.looseObject({ ...ofUser(), apiKey: filled() }),
  secretInput: ["apiKey"],
});

export const uploadTenantApiKey = operation({
  ...uploading,
  verb: "UploadTenantAPIKey",
  path: "/v1/mgmt/outbound/app/tenant/apikey/upload",
  input: () => v.looseObject({ ...ofTenant(), apiKey: filled() }),
  secretInput: ["apiKey"],
});

export const deleteToken = operation({
  ...app,
  verb: "DeleteTokenByID",
  method: "DELETE",
  path: "/v1/mgmt/outbound/token",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const deleteUserTokens = operation({
  ...app,
  verb: "DeleteUserTokens",
  method: "DELETE",
  path: "/v1/mgmt/outbound/user/tokens",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ appId: text(), userId: text() }),
});

/** Where a user is sent to connect an account elsewhere; the refresh token says who it is. */
export const connect = operation({
  ...app,
  verb: "Connect",
  path: "/v1/mgmt/outbound/app/connect",
  byToken: true,
  effect: "write",
  input: connectInput,
});

/** {@link connect} as browsers call it. */
export const connectFromBrowser = operation({
  ...app,
  verb: "Connect",
  path: "/v1/outbound/oauth/connect",
  effect: "write",
  input: connectInput,
});

const scim = { noun: "OutboundSCIM", method: "POST", output: anyObject } as const;
const byApp = () => v.looseObject({ appId: filled() });

export const createScim = operation({
  ...scim,
  verb: "CreateConfiguration",
  path: "/v1/mgmt/outbound/scim/create",
  effect: "write",
  input: () => v.looseObject({ appId: filled(), configuration: object() }),
  secretInput: [`configuration.**.${SECRET_MEMBERS.join("|")}`],
});

/** The version must be the one that is kept. */
export const updateScim = operation({
  ...scim,
  verb: "UpdateConfiguration",
  path: "/v1/mgmt/outbound/scim/update",
  effect: "write",
  input: () => v.looseObject({ appId: filled(), version: time(), configuration: object() }),
  secretInput: [`configuration.**.${SECRET_MEMBERS.join("|")}`],
});

export const removeScim = operation({
  ...scim,
  verb: "DeleteConfiguration",
  path: "/v1/mgmt/outbound/scim/delete",
  effect: "destroy",
  idempotent: true,
  input: byApp,
});

export const loadScim = operation({
  ...scim,
  verb: "LoadConfiguration",
  method: "GET",
  path: "/v1/mgmt/outbound/scim/{appId}",
  effect: "read",
  input: byApp,
});

export const setScimEnabled = operation({
  ...scim,
  verb: "SetEnabled",
  path: "/v1/mgmt/outbound/scim/enabled/set",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ appId: filled(), enabled: flag() }),
});
