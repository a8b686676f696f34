import * as v from "valibot";

/**
 * What replies hold, each member named: one that is not named here is refused, as is one that is missing. The declarations of the
 * client take more than they name, so that it can read what a newer server says; these do not.
 */
export const strict = <T extends v.ObjectEntries>(members: T) => v.strictObject(members);
export const text = v.string();
export const flag = v.boolean();
export const integer = v.pipe(v.number(), v.integer());
export const unknown = v.unknown();
export const list = <T extends v.GenericSchema>(item: T) => v.array(item);
export const map = <T extends v.GenericSchema>(item: T) => v.record(v.string(), item);
/** An object whose members are the caller's own, or a document with a format of its own. */
export const free = v.record(v.string(), v.unknown());
/** A member that is there only when it says something. */
export const maybe = <T extends v.GenericSchema>(schema: T) => v.optional(schema);
/** The reply of a call that has nothing to say. */
export const nothing = v.strictObject({});

const userTenantReply = strict({
  tenantId: text,
  tenantName: text,
  roleNames: list(text),
  permissions: list(text),
});

const keyTenantReply = strict({ tenantId: text, tenantName: text, roleNames: list(text) });

export const userReply = strict({
  loginIds: list(text),
  userId: text,
  name: text,
  givenName: text,
  middleName: text,
  familyName: text,
  email: text,
  phone: text,
  verifiedEmail: flag,
  verifiedPhone: flag,
  roleNames: list(text),
  permissions: list(text),
  userTenants: list(userTenantReply),
  status: text,
  externalIds: list(text),
  picture: text,
  test: flag,
  customAttributes: free,
  createdTime: integer,
  modifiedTime: integer,
  ssoAppIds: list(text),
  password: flag,
  TOTP: flag,
  webauthn: flag,
  push: flag,
  SAML: flag,
  OIDC: flag,
  SCIM: flag,
  OAuth: map(flag),
  editable: flag,
  dependent: maybe(flag),
  userFamilies: maybe(
    list(
      strict({
        familyId: text,
        familyName: text,
        roleNames: list(text),
        permissions: list(text),
        familyScopedAttributes: nothing,
      }),
    ),
  ),
  recoveryEmail: maybe(text),
  verifiedRecoveryEmail: maybe(flag),
  recoveryPhone: maybe(text),
  verifiedRecoveryPhone: maybe(flag),
  consentExpiration: maybe(integer),
});

export const sessionReply = strict({
  sessionJwt: text,
  refreshJwt: text,
  cookieDomain: text,
  cookiePath: text,
  cookieMaxAge: integer,
  cookieExpiration: integer,
  sessionExpiration: integer,
  firstSeen: flag,
  user: userReply,
  tenantSSOID: maybe(text),
  idpResponse: maybe(
    strict({ idpGroups: list(text), idpSAMLAttributes: maybe(free), idpOIDCClaims: maybe(free) }),
  ),
});

export const accessKeyReply = strict({
  id: text,
  name: text,
  description: text,
  roleNames: list(text),
  keyTenants: list(keyTenantReply),
  status: text,
  createdTime: integer,
  expireTime: integer,
  createdBy: text,
  clientId: text,
  boundUserId: text,
  customClaims: free,
  permittedIps: list(text),
  customAttributes: free,
});

export const tenantReply = strict({
  id: text,
  name: text,
  selfProvisioningDomains: list(text),
  customAttributes: free,
  authType: text,
  domains: list(text),
  createdTime: integer,
  enforceSSO: flag,
  enforceSSOExclusions: list(text),
  disabled: flag,
  roleInheritance: text,
  defaultRoles: list(text),
  parent: maybe(text),
  federatedAppIds: maybe(list(text)),
  // Where tenants are asked for, and not where one is mentioned.
  successors: maybe(list(text)),
});

export const consentReply = strict({
  id: text,
  appId: text,
  userId: text,
  tenantId: text,
  scopes: list(text),
  grantedBy: text,
  createdTime: integer,
  modifiedTime: integer,
  ExpireTime: integer,
  expireTime: integer,
});

export const descoperReply = strict({
  id: text,
  attributes: strict({ displayName: text, email: text, phone: text }),
  rbac: strict({
    isCompanyAdmin: flag,
    tags: list(strict({ tags: list(text), role: text })),
    projects: list(strict({ projectIds: list(text), role: text })),
  }),
  status: text,
  loginIDs: list(text),
  loginIds: list(text),
});

export const engineReply = strict({ id: text, name: text, secret: text, createdTime: integer });

export const familyReply = strict({
  id: text,
  name: text,
  photo: text,
  disabled: flag,
  customAttributes: free,
  createdTime: integer,
});

export const schemaNamespaceReply = strict({
  name: text,
  relationDefinitions: list(
    strict({
      name: text,
      complexDefinition: maybe(
        strict({
          nType: text,
          children: list(
            strict({
              nType: text,
              expression: strict({
                neType: text,
                targetRelationDefinition: maybe(text),
                targetRelationDefinitionNamespace: maybe(text),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

export const schemaReply = strict({
  name: text,
  namespaces: list(schemaNamespaceReply),
  conditions: list(unknown),
});

export const relationReply = strict({
  resource: text,
  relationDefinition: text,
  namespace: text,
  target: maybe(text),
  hasRelation: maybe(flag),
  targetNamespace: maybe(text),
  targetSetResource: maybe(text),
  targetSetRelationDefinition: maybe(text),
  targetSetRelationDefinitionNamespace: maybe(text),
});

export const tupleReply = strict({
  resource: text,
  resourceType: text,
  relation: text,
  target: text,
  targetType: text,
});

export const mappableReply = strict({
  type: text,
  resources: list(strict({ resource: text, displayName: text })),
});

export const consoleFlowReply = strict({
  flow: strict({
    disabled: flag,
    fingerprint: flag,
    sharedInteractions: list(strict({ id: text, type: text })),
    id: text,
    name: text,
    description: text,
    dsl: free,
    etag: text,
  }),
  screens: list(free),
});

export const inboundAppReply = strict({
  id: text,
  name: text,
  description: text,
  logo: text,
  loginPageUrl: text,
  clientId: text,
  approvedCallbackUrls: list(text),
  permissionsScopes: list(strict({ name: text, description: text, optional: flag, values: list(text) })),
  attributesScopes: list(strict({ name: text, description: text, values: list(text) })),
  jwtBearerSettings: maybe(strict({ issuers: free })),
  customAttributes: free,
  forcePkce: maybe(flag),
  defaultAudience: maybe(text),
});

export const jwtTemplateReply = strict({
  id: text,
  name: text,
  description: text,
  template: free,
  source: text,
  tags: list(text),
  authSchema: text,
  type: text,
  conformanceIssuer: flag,
  autoDCT: flag,
  enforceIssuer: flag,
  emptyClaimPolicy: text,
  overrideSubject: flag,
  issuerType: text,
  omitCustomClaimsFromDSR: flag,
  addJti: flag,
  excludePermissions: flag,
});

export const libraryEntryReply = strict({
  authSchema: text,
  type: text,
  conformanceIssuer: flag,
  autoDCT: flag,
  enforceIssuer: flag,
  emptyClaimPolicy: text,
  overrideSubject: flag,
  issuerType: text,
  omitCustomClaimsFromDSR: flag,
  addJti: flag,
  excludePermissions: flag,
  experimental: flag,
  logoLight: text,
  logoDark: text,
  id: text,
  name: text,
  description: text,
  template: free,
  tags: list(text),
});

export const listReply = strict({ id: text, name: text, description: text, type: text, data: unknown });

export const managementKeyReply = strict({
  id: text,
  name: text,
  description: text,
  status: text,
  createdTime: integer,
  expireTime: integer,
  permittedIps: list(text),
  reBac: strict({ companyRoles: list(text), projectRoles: list(text), tagRoles: list(text) }),
  version: integer,
  authzVersion: integer,
});

export const overridesReply = strict({
  id: text,
  version: integer,
  modifiedTime: text,
  flowId: maybe(text),
  languages: free,
});

export const ssoReply = strict({
  tenant: tenantReply,
  saml: strict({
    idpEntityId: text,
    idpSSOUrl: text,
    idpCertificate: text,
    idpMetadataUrl: text,
    spCertificate: text,
    attributeMapping: strict({
      name: maybe(text),
      email: maybe(text),
      group: maybe(text),
      customAttributes: maybe(free),
    }),
    redirectUrl: text,
    spEntityId: text,
    spACSUrl: text,
    groupsMapping: list(strict({ role: strict({ id: text, name: text }), groups: list(text) })),
    defaultSSORoles: list(text),
    groupsPriority: list(text),
    fgaMappings: free,
  }),
  oidc: strict({
    name: text,
    clientId: text,
    clientSecret: text,
    redirectUrl: text,
    authUrl: text,
    tokenUrl: text,
    userDataUrl: text,
    scope: list(text),
    JWKsUrl: text,
    userAttrMapping: strict({ loginId: maybe(text), email: maybe(text), name: maybe(text) }),
    manageProviderTokens: flag,
    callbackDomain: text,
    prompt: list(text),
    grantType: text,
    issuer: text,
    groupsMapping: list(strict({ role: strict({ id: text, name: text }), groups: list(text) })),
    defaultSSORoles: list(text),
    groupsPriority: list(text),
    fgaMappings: free,
  }),
  ssoId: text,
  displayName: text,
});

export const ssoAppReply = strict({
  id: text,
  name: text,
  description: text,
  enabled: flag,
  logo: text,
  appType: text,
  oidcSettings: maybe(
    strict({
      loginPageUrl: text,
      forceAuthentication: flag,
      claims: list(free),
      approvedRedirectUrls: maybe(list(text)),
      forcePkce: maybe(flag),
      clientId: text,
      issuer: text,
      discoveryUrl: text,
    }),
  ),
  customAttributes: free,
  samlSettings: maybe(
    strict({
      loginPageUrl: text,
      useMetadataInfo: flag,
      metadataUrl: text,
      entityId: text,
      acsUrl: text,
      certificate: text,
      attributeMapping: list(strict({ name: text, type: text, value: text })),
      groupsMapping: list(
        strict({ name: text, type: text, filterType: text, value: text, roles: list(text) }),
      ),
      acsAllowedCallbacks: list(text),
      subjectNameIdType: text,
      subjectNameIdFormat: text,
      defaultRelayState: text,
      forceAuthentication: flag,
      logoutRedirectUrl: text,
      errorRedirectUrl: text,
      defaultSignatureAlgorithm: text,
      idpEntityId: text,
      idpMetadataUrl: text,
      idpSsoUrl: text,
      idpInitiatedUrl: text,
      idpLogoutUrl: text,
      idpCert: text,
    }),
  ),
  wsfedSettings: maybe(
    strict({
      loginPageUrl: text,
      realm: text,
      replyUrl: text,
      replyAllowedCallbacks: list(text),
      attributeMapping: list(strict({ name: text, type: text, value: text })),
      groupsMapping: list(
        strict({ name: text, type: text, filterType: text, value: text, roles: list(text) }),
      ),
      forceAuthentication: flag,
      logoutRedirectUrl: text,
      errorRedirectUrl: text,
      idpEntityId: text,
      idpMetadataUrl: text,
      idpSsoUrl: text,
      idpInitiatedUrl: text,
      idpLogoutUrl: text,
      idpCert: text,
    }),
  ),
});

export const publicKeyReply = strict({ alg: text, e: text, kid: text, kty: text, n: text, use: text });

export const projectInfoReply = strict({
  projectId: text,
  projectName: text,
  environment: maybe(text),
  tags: maybe(list(text)),
  error: maybe(text),
});

export const auditRowReply = strict({
  ID: text,
  projectId: text,
  userId: text,
  action: text,
  type: text,
  actorId: text,
  occurred: text,
  device: text,
  method: text,
  geo: text,
  remoteAddress: text,
  externalIds: list(text),
  tenants: list(text),
  data: free,
});

/** A custom attribute of users, families or applications. */
export const attributeReply = strict({
  name: text,
  displayName: text,
  type: integer,
  options: list(strict({ value: text, label: text })),
  viewPermissions: list(text),
  editPermissions: list(text),
  editable: flag,
  defaultValue: maybe(unknown),
});
