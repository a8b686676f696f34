import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, flag, object, text, texts } from "./schemas.ts";

/** The configuration of a tenant that a call means: its first one, or another by its id. */
const which = () => ({ tenantId: filled(), ssoId: text() });

const groupsOfRole = () => v.looseObject({ groups: texts(), roleName: text() });
const roleOfGroups = () =>
  v.looseObject({ role: v.nullish(v.looseObject({ id: text(), name: text() })), groups: texts() });
const relation = () => v.looseObject({ resource: text(), relationDefinition: text(), namespace: text() });

/** Which roles and relations the groups of an identity provider give. */
const grants = () => ({
  roleMappings: v.nullish(v.array(groupsOfRole())),
  groupsMapping: v.nullish(v.array(roleOfGroups())),
  defaultSSORoles: texts(),
  replaceDefaultSSORoles: flag(),
  groupsPriority: texts(),
  fgaMappings: v.nullish(
    v.record(v.string(), v.nullish(v.looseObject({ relations: v.nullish(v.array(v.nullish(relation()))) }))),
  ),
});

const attributeMapping = () =>
  v.nullish(
    v.looseObject({
      name: text(),
      givenName: text(),
      middleName: text(),
      familyName: text(),
      picture: text(),
      email: text(),
      phoneNumber: text(),
      group: text(),
      customAttributes: object(),
    }),
  );

/** What SAML needs, however the identity provider is described. */
const saml = () => ({
  ...grants(),
  entityId: text(),
  attributeMapping: attributeMapping(),
  spACSUrl: text(),
  spEntityId: text(),
  spEncryptionKey: text(),
  spSignKey: text(),
  subjectNameIdFormat: text(),
  configFGATenantIDResourcePrefix: text(),
  configFGATenantIDResourceSuffix: text(),
  disableSignRequest: flag(),
});

export const configureSaml = operation({
  noun: "SSO",
  verb: "ConfigureSAMLSettings",
  method: "POST",
  path: "/v1/mgmt/sso/saml",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      ...which(),
      settings: v.looseObject({ ...saml(), idpUrl: text(), idpCert: text(), idpAdditionalCerts: texts() }),
      redirectUrl: text(),
      domains: texts(),
    }),
  secretInput: ["settings.spEncryptionKey", "settings.spSignKey"],
});

export const configureSamlByMetadata = operation({
  noun: "SSO",
  verb: "ConfigureSAMLSettingsByMetadata",
  method: "POST",
  path: "/v1/mgmt/sso/saml/metadata",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      ...which(),
      settings: v.looseObject({ ...saml(), idpMetadataUrl: text() }),
      redirectUrl: text(),
      domains: texts(),
    }),
  secretInput: ["settings.spEncryptionKey", "settings.spSignKey"],
});

export const configureOidc = operation({
  noun: "SSO",
  verb: "ConfigureOIDCSettings",
  method: "POST",
  path: "/v1/mgmt/sso/oidc",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      ...which(),
      settings: v.looseObject({
        ...grants(),
        name: text(),
        clientId: text(),
        clientSecret: text(),
        redirectUrl: text(),
        authUrl: text(),
        tokenUrl: text(),
        userDataUrl: text(),
        scope: texts(),
        JWKsUrl: text(),
        userAttrMapping: v.nullish(
          v.looseObject({
            loginId: text(),
            username: text(),
            name: text(),
            email: text(),
            phoneNumber: text(),
            verifiedEmail: text(),
            verifiedPhone: text(),
            picture: text(),
            givenName: text(),
            middleName: text(),
            familyName: text(),
            group: text(),
            customAttributes: object(),
          }),
        ),
        manageProviderTokens: flag(),
        callbackDomain: text(),
        prompt: texts(),
        grantType: text(),
        issuer: text(),
        providerID: text(),
        scimProviderID: text(),
      }),
      domains: texts(),
    }),
  secretInput: ["settings.clientSecret"],
});

export const configureRedirect = operation({
  noun: "SSO",
  verb: "ConfigureSSORedirectURL",
  method: "POST",
  path: "/v1/mgmt/sso/redirect",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ ...which(), samlRedirectUrl: text(), oauthRedirectUrl: text() }),
});

export const configureAuthType = operation({
  noun: "SSO",
  verb: "ConfigureAuthType",
  method: "POST",
  path: "/v1/mgmt/sso/settings/authtype",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ ...which(), authType: v.picklist(["none", "saml", "oidc"]) }),
});

export const configureProviderIds = operation({
  noun: "SSO",
  verb: "UpdateProviderIDs",
  method: "POST",
  path: "/v1/mgmt/sso/provider-ids",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      ...which(),
      samlProviderId: text(),
      samlScimProviderId: text(),
      oidcProviderId: text(),
      oidcScimProviderId: text(),
    }),
});

export const load = operation({
  noun: "SSO",
  verb: "LoadSettings",
  method: "GET",
  path: "/v2/mgmt/sso/settings",
  effect: "read",
  input: () => v.looseObject(which()),
  output: anyObject,
});

export const loadAll = operation({
  noun: "SSO",
  verb: "LoadAllSettings",
  method: "GET",
  path: "/v2/mgmt/sso/settings/all",
  effect: "read",
  input: () => v.looseObject({ tenantId: filled() }),
  output: anyObject,
});

export const create = operation({
  noun: "SSO",
  verb: "NewSettings",
  method: "POST",
  path: "/v1/mgmt/sso/settings/new",
  effect: "write",
  input: () => v.looseObject({ ...which(), displayName: text() }),
  output: anyObject,
});

export const remove = operation({
  noun: "SSO",
  verb: "DeleteSettings",
  method: "DELETE",
  path: "/v1/mgmt/sso/settings",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject(which()),
});

export const recalculate = operation({
  noun: "SSO",
  verb: "RecalculateSSOMappings",
  method: "POST",
  path: "/v1/mgmt/sso/recalculate-mappings",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject(which()),
});

/** The settings of SAML alone, as clients read them before there was OIDC. */
export const loadOld = operation({
  noun: "SSO",
  verb: "GetSettings",
  method: "GET",
  path: "/v1/mgmt/sso/settings",
  effect: "read",
  input: () => v.looseObject({ tenantId: filled() }),
  output: anyObject,
});

export const configureOld = operation({
  noun: "SSO",
  verb: "ConfigureSettings",
  method: "POST",
  path: "/v1/mgmt/sso/settings",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      tenantId: filled(),
      idpURL: text(),
      idpCert: text(),
      entityId: text(),
      redirectURL: text(),
      domains: texts(),
    }),
});

export const configureMetadataOld = operation({
  noun: "SSO",
  verb: "ConfigureMetadata",
  method: "POST",
  path: "/v1/mgmt/sso/metadata",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({ tenantId: filled(), idpMetadataURL: text(), redirectURL: text(), domains: texts() }),
});

export const configureMappingOld = operation({
  noun: "SSO",
  verb: "ConfigureMapping",
  method: "POST",
  path: "/v1/mgmt/sso/mapping",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      tenantId: filled(),
      roleMappings: v.nullish(v.array(groupsOfRole())),
      attributeMapping: attributeMapping(),
      defaultSSORoles: texts(),
    }),
});

export const configureXaa = operation({
  noun: "SSO",
  verb: "ConfigureXAASettings",
  method: "POST",
  path: "/v1/mgmt/sso/xaa/settings",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      ...which(),
      ...grants(),
      enabled: flag(),
      settings: v.nullish(
        v.looseObject({
          issuers: v.nullish(
            v.record(
              v.string(),
              v.nullish(
                v.looseObject({
                  jwksUri: text(),
                  signAlgorithm: text(),
                  userInfoUri: text(),
                  externalIdFieldName: text(),
                  jitDisabled: flag(),
                  attributeMapping: attributeMapping(),
                }),
              ),
            ),
          ),
        }),
      ),
      groupPriorityEnabled: flag(),
      allowOverrideRoles: flag(),
      providerID: text(),
    }),
});

export const loadXaa = operation({
  noun: "SSO",
  verb: "LoadXAASettings",
  method: "GET",
  path: "/v1/mgmt/sso/xaa/settings",
  effect: "read",
  input: () => v.looseObject(which()),
  output: anyObject,
});

export const loadAllXaa = operation({
  noun: "SSO",
  verb: "LoadAllXAASettings",
  method: "GET",
  path: "/v1/mgmt/sso/xaa/settings/all",
  effect: "read",
  input: () => v.looseObject({ tenantId: filled() }),
  output: anyObject,
});

export const removeXaa = operation({
  noun: "SSO",
  verb: "DeleteXAASettings",
  method: "DELETE",
  path: "/v1/mgmt/sso/xaa/settings",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject(which()),
});

/** Gives everybody anew the roles that the groups of a tenant's identity provider give, as it is configured now. */
export const recalculateMappings = operation({
  noun: "SSO",
  verb: "RecalculateSSOMappings",
  method: "POST",
  path: "/v1/mgmt/sso/recalculate-mappings",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject(which()),
});
