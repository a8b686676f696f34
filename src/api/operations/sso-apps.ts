import * as v from "valibot";
import { operation } from "../operation.ts";
import { namedAttributes, newAttributes } from "./attribute-definition.ts";
import { jwtBearer } from "./application-schemas.ts";
import { anyObject, byId, filled, flag, object, text, texts } from "./schemas.ts";

const members = () => ({
  name: v.string(),
  description: text(),
  enabled: flag(),
  logo: text(),
  loginPageUrl: text(),
  forceAuthentication: flag(),
  customAttributes: object(),
});

const oidcMembers = () => ({
  ...members(),
  claims: texts(),
  jwtBearerSettings: jwtBearer(),
  backChannelLogoutUrl: text(),
  customIdpInitiatedLoginPageUrl: text(),
  clientType: text(),
  approvedRedirectUrls: texts(),
  authorizationCodeDisabled: flag(),
  clientCredentialsDisabled: flag(),
  refreshTokenDisabled: flag(),
  jwtBearerDisabled: flag(),
  deviceCodeDisabled: flag(),
  forcePkce: flag(),
  defaultAudience: text(),
});

/** Which attributes and groups an application is told of a user. */
const mappings = () => ({
  attributeMapping: v.nullish(v.array(v.looseObject({ name: text(), type: text(), value: text() }))),
  groupsMapping: v.nullish(
    v.array(
      v.looseObject({
        name: text(),
        type: text(),
        filterType: text(),
        value: text(),
        roles: v.nullish(v.array(v.looseObject({ id: text(), name: text() }))),
      }),
    ),
  ),
  logoutRedirectUrl: text(),
  errorRedirectUrl: text(),
});

const samlMembers = () => ({
  ...members(),
  ...mappings(),
  useMetadataInfo: flag(),
  metadataUrl: text(),
  entityId: text(),
  acsUrl: text(),
  certificate: text(),
  acsAllowedCallbacks: texts(),
  subjectNameIdType: text(),
  subjectNameIdFormat: text(),
  defaultRelayState: text(),
  defaultSignatureAlgorithm: text(),
});

const wsFedMembers = () => ({
  ...members(),
  ...mappings(),
  realm: text(),
  replyUrl: text(),
  replyAllowedCallbacks: texts(),
});

export const createOidc = operation({
  noun: "SSOApplication",
  verb: "CreateOIDCApplication",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/oidc/create",
  effect: "write",
  input: () => v.looseObject({ id: text(), clientId: text(), clientSecret: text(), ...oidcMembers() }),
  output: anyObject,
  secretInput: ["clientSecret"],
});

export const createSaml = operation({
  noun: "SSOApplication",
  verb: "CreateSAMLApplication",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/saml/create",
  effect: "write",
  input: () => v.looseObject({ id: text(), ...samlMembers() }),
  output: anyObject,
});

export const createWsFed = operation({
  noun: "SSOApplication",
  verb: "CreateWSFedApplication",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/wsfed/create",
  effect: "write",
  input: () => v.looseObject({ id: text(), ...wsFedMembers() }),
  output: anyObject,
});

export const updateOidc = operation({
  noun: "SSOApplication",
  verb: "UpdateOIDCApplication",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/oidc/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), ...oidcMembers() }),
});

export const updateSaml = operation({
  noun: "SSOApplication",
  verb: "UpdateSAMLApplication",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/saml/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), ...samlMembers() }),
});

export const updateWsFed = operation({
  noun: "SSOApplication",
  verb: "UpdateWSFedApplication",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/wsfed/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), ...wsFedMembers() }),
});

export const remove = operation({
  noun: "SSOApplication",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/delete",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const load = operation({
  noun: "SSOApplication",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/sso/idp/app/load",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const loadAll = operation({
  noun: "SSOApplication",
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/sso/idp/apps/load",
  effect: "read",
  output: anyObject,
});

export const loadSecret = operation({
  noun: "SSOApplication",
  verb: "GetApplicationSecret",
  method: "GET",
  path: "/v1/mgmt/sso/idp/app/secret",
  effect: "read",
  input: byId,
  output: anyObject,
  secretOutput: ["cleartext"],
});

export const rotateSecret = operation({
  noun: "SSOApplication",
  verb: "RotateApplicationSecret",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/rotate",
  effect: "destroy",
  input: byId,
  output: anyObject,
  secretOutput: ["cleartext"],
});

/** What applications have beside the members that all of them have. */
export const loadAttributes = operation({
  noun: "SSOApplication",
  verb: "LoadCustomAttributes",
  method: "GET",
  path: "/v1/mgmt/sso/idp/app/customattributes",
  effect: "read",
  output: anyObject,
});

export const createAttributes = operation({
  noun: "SSOApplication",
  verb: "CreateCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/customattribute/create",
  effect: "write",
  idempotent: true,
  input: newAttributes,
  output: anyObject,
});

export const removeAttributes = operation({
  noun: "SSOApplication",
  verb: "DeleteCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/sso/idp/app/customattribute/delete",
  effect: "destroy",
  idempotent: true,
  input: namedAttributes,
  output: anyObject,
});
