import * as v from "valibot";
import { count, flag, object, text, texts } from "./schemas.ts";

/** What a client may be allowed to do or know. */
const scopes = () =>
  v.nullish(
    v.array(v.looseObject({ name: v.string(), description: text(), optional: flag(), values: texts() })),
  );

/** The three kinds of scopes that a server or resource offers. */
export const scopeKinds = () =>
  v.nullish(
    v.looseObject({
      permissionsScopes: scopes(),
      attributesScopes: scopes(),
      connectionsScopes: scopes(),
    }),
  );

/** The claims that scopes put into a token. */
export const claimsOfScopes = () =>
  v.array(
    v.looseObject({
      scope: v.string(),
      claims: v.nullish(v.record(v.string(), v.string())),
      description: text(),
    }),
  );

/** Whose tokens are taken in exchange for tokens of the project. */
export const jwtBearer = () =>
  v.nullish(
    v.looseObject({
      issuers: v.nullish(
        v.record(
          v.string(),
          v.looseObject({
            jwksUri: text(),
            signAlgorithm: text(),
            userInfoUri: text(),
            externalIdFieldName: text(),
          }),
        ),
      ),
      jwtBearerGrantTypeAudienceToUse: text(),
      jwtBearerGrantTypeScopeToUse: text(),
      jwtBearerGrantTypeCustomClaimsToUse: text(),
    }),
  );

/** How long the sessions of an application live. */
export const sessionLengths = () =>
  v.nullish(
    v.looseObject({
      enabled: flag(),
      refreshTokenExpiration: count(),
      refreshTokenExpirationUnit: text(),
      sessionTokenExpiration: count(),
      sessionTokenExpirationUnit: text(),
      userTemplateId: text(),
      keyTemplateId: text(),
      keySessionTokenExpiration: count(),
      keySessionTokenExpirationUnit: text(),
    }),
  );

/** Whether clients may register themselves. */
export const selfRegistration = () =>
  v.nullish(v.looseObject({ enabled: flag(), disableApprovedScopesAsDefault: flag(), flowId: text() }));

/** Which clients may be known by the address of their metadata. */
export const metadataDocuments = () =>
  v.nullish(
    v.looseObject({
      enabled: flag(),
      domainPolicies: v.nullish(
        v.looseObject({
          policies: v.nullish(v.array(v.looseObject({ domainPattern: text(), enabled: flag() }))),
        }),
      ),
    }),
  );

/** What a client says of itself when it registers (RFC 7591), with Descope's own members. */
export const clientMetadata = () => ({
  client_name: text(),
  client_uri: text(),
  redirect_uris: v.pipe(v.array(v.pipe(v.string(), v.url("a URL"))), v.nonEmpty("a list that is not empty")),
  logo_uri: text(),
  scope: text(),
  token_endpoint_auth_method: text(),
  grant_types: texts(),
  response_types: texts(),
  description: text(),
  logo_content: text(),
  permissions_scopes: scopes(),
  attributes_scopes: scopes(),
  connections_scopes: scopes(),
  consent_flow_id: text(),
  login_page_url: text(),
  jwtBearerSettings: jwtBearer(),
  sessionSettings: sessionLengths(),
  audienceWhitelist: texts(),
  defaultAudience: text(),
  skipConsentScreen: flag(),
  useResources: flag(),
});

/** Everything about an inbound application that can be changed. */
export const inboundAppMembers = () => ({
  description: text(),
  logo: text(),
  loginPageUrl: text(),
  approvedCallbackUrls: texts(),
  permissionsScopes: scopes(),
  attributesScopes: scopes(),
  connectionsScopes: scopes(),
  scopeClaimMapping: v.nullish(claimsOfScopes()),
  jwtBearerSettings: jwtBearer(),
  sessionSettings: sessionLengths(),
  customAttributes: object(),
  forcePkce: flag(),
  defaultAudience: text(),
  audienceWhitelist: texts(),
  forceAddAllAuthorizationInfo: flag(),
  allowedTenants: texts(),
  cibaSettings: object(),
  jarSettings: object(),
  logoUrl: text(),
});
