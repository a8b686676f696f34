/**
 * What the emulator answers, as far as tests look at it. Which members come is for each operation to say; a test knows the one that it
 * asks, so they stand together in `Reply`, and a member that does not come shows when it is looked at.
 */

/** Data whose members are the caller's own: attributes, templates, settings. */
export type Data = Record<string, unknown>;

export interface User {
  readonly userId: string;
  readonly loginIds: [string, ...string[]];
  readonly externalIds: string[];
  readonly status: string;
  readonly name: string;
  readonly givenName: string;
  readonly middleName: string;
  readonly familyName: string;
  readonly picture: string;
  readonly email: string;
  readonly phone: string;
  readonly verifiedEmail: boolean;
  readonly verifiedPhone: boolean;
  readonly test: boolean;
  readonly TOTP: boolean;
  readonly password: boolean;
  readonly webauthn: boolean;
  readonly SAML: boolean;
  readonly OAuth: Data;
  readonly scim: boolean;
  readonly push: boolean;
  readonly roleNames: string[];
  readonly userTenants: UserTenant[];
  readonly customAttributes: Data;
  readonly createdTime: number;
  readonly permissions: string[];
  readonly ssoAppIds: string[];
}

export interface UserTenant {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly roleNames: string[];
  readonly permissions: string[];
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly domains: string[];
  readonly authType: string;
  readonly customAttributes: Data;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly permissionNames: string[];
}

export interface AccessKey {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly status: string;
  /** Seconds since 1970. */
  readonly expireTime: number;
  readonly keyTenants: UserTenant[];
  readonly permittedIps: string[];
  readonly createdBy: string;
}

/** A line of the audit trail. */
export interface AuditRecord {
  readonly action: string;
  readonly method: string;
  readonly externalIds: string[];
  readonly data: Data;
}

/** What is said of a refusal. */
export interface ErrorReply {
  readonly errorCode: string;
  readonly errorDescription: string;
  readonly errorMessage: string;
  /** As OAuth says it. */
  readonly error: string;
  readonly error_description: string;
}

/** What the endpoints of OAuth and OpenID Connect answer. */
export interface OAuthReply extends Data {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly error: string;
  readonly error_description: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly request_uri: string;
  readonly auth_req_id: string;
  readonly expires_in: number;
  readonly scope: string;
}

/** What a token says. */
export interface Claims extends Data {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | string[];
  /** Seconds since 1970. */
  readonly exp: number;
  readonly iat: number;
  readonly amr: string[];
  readonly tenants: Record<string, Data>;
}

/** A session, as signing in opens it. */
export interface SessionReply {
  readonly sessionJwt: string;
  readonly refreshJwt: string;
  readonly sessionExpiration: number;
  readonly cookieMaxAge: number;
  readonly user: User;
  readonly firstSeen: boolean;
}

/** What ways to sign in answer on the way to a session, and afterwards. */
export interface SignInReply extends SessionReply {
  readonly idpResponse: Data;
  readonly image: string;
  readonly provisioningURL: string;
  readonly redirectUrl: string;
  readonly samlResponse: string;
  readonly wresult: string;
  readonly maskedEmail: string;
  readonly maskedPhone: string;
  readonly pendingRef: string;
  readonly token: string;
  readonly url: string;
  readonly transactionId: string;
  /** For the browser's own call, as JSON. */
  readonly options: string;
  readonly jwt: string;
  readonly idToken: string;
  readonly parsedJWT: Claims;
  readonly passkeys: Named[];
  readonly codes: { readonly code: string }[];
  readonly questions: Named[];
}

/** Something that the emulator would have sent by mail or text message. */
export interface Message {
  readonly kind: string;
  readonly method: string;
  readonly loginId: string;
  readonly to: string;
  readonly projectId: string;
  readonly code: string;
  readonly link: string;
  readonly linkId: string;
  /** Of an enchanted link: those to choose from. */
  readonly links: { readonly linkId: string; readonly link: string }[];
}

/** A call that the emulator remembers. */
export interface RequestRecord {
  readonly number: number;
  readonly status: number;
  readonly method: string;
  readonly path: string;
}

/** What the emulator's own calls answer. */
export interface ControlReply extends Message {
  /** As text, by RFC 3339. */
  readonly time: string;
  /** The same in milliseconds since 1970. */
  readonly now: number;
  readonly faults: Named[];
  readonly messages: Message[];
  readonly requests: RequestRecord[];
}

/** Of users, at a tenant's identity provider. */
export interface Group extends Data {
  readonly id: string;
  readonly display: string;
}

export interface FlowDocument extends Named {
  readonly flowId: string;
  readonly contents: Data;
  readonly dsl: unknown;
  readonly metadata: Data;
  readonly screens: Screen[];
}

export interface Screen extends Data {
  readonly id: string;
  readonly screenId: string;
}

export interface Theme extends Data {
  readonly styles: Data;
  readonly cssTemplate: Data;
}

export interface FlowReply {
  readonly flow: FlowDocument;
  readonly flows: FlowDocument[];
  readonly screens: Screen[];
  readonly overrides: Named;
  readonly theme: Theme;
  readonly templates: FlowTemplate[];
}

/** A template of a flow or of a JWT. */
export interface FlowTemplate extends Named {
  readonly dsl: unknown;
  readonly screens: Screen[];
}

/** A relation, and what was found of it. */
export interface CheckedTuple {
  readonly allowed: boolean;
  readonly tuple: Tuple;
  readonly info: Data & { readonly path?: { readonly steps: { readonly tuple: Tuple }[] } };
}

export interface Tuple {
  readonly resource: string;
  readonly resourceType: string;
  readonly relation: string;
  readonly target: string;
  readonly targetType: string;
}

export interface AuthorizationSchema extends Data {
  readonly namespaces: Namespace[];
}

export interface Namespace extends Data {
  readonly name: string;
  readonly relationDefinitions: { readonly name: string }[];
}

export interface AuthorizationReply {
  readonly schema: AuthorizationSchema;
  readonly tuples: CheckedTuple[];
  readonly targets: string[];
  readonly relations: Data[];
  readonly relationQueries: { readonly hasRelation: boolean }[];
  readonly mappableResources: { readonly type: string; readonly resources: Data[] }[];
  readonly backup: Named;
  readonly backupId: string;
}

export interface SsoReply {
  readonly saml: SamlSettings;
  readonly oidc: OidcSettings;
  readonly ssoId: string;
  readonly tenant: Tenant;
  readonly oidcSettings: OidcSettings;
  readonly samlSettings: SamlSettings;
  readonly wsfedSettings: SsoAppSettings;
}

/** How an application that signs in by SAML or WS-Federation reaches the identity provider. */
export interface SsoAppSettings extends Data {
  readonly idpCert: string;
  readonly idpMetadataUrl: string;
  readonly idpSsoUrl: string;
  readonly idpInitiatedUrl: string;
  readonly idpLogoutUrl: string;
}

export interface SamlSettings extends SsoAppSettings {
  readonly redirectUrl: string;
  readonly groupsMapping: { readonly roles: Role[] }[];
}

export interface OidcSettings extends Data {
  readonly redirectUrl: string;
  readonly clientId: string;
  readonly groupsMapping: { readonly role: Role }[];
}

/** A thing of which tests look at little but its id. */
export interface Named extends Data {
  readonly id: string;
  readonly name: string;
}

/** A resource that tokens are for, and an application's or a server's registration. */
export interface Registration extends Named {
  readonly clientId: string;
}

/** The reply of any operation. */
export interface Reply
  extends SignInReply, ControlReply, ErrorReply, Named, FlowReply, AuthorizationReply, SsoReply {
  readonly total: number;
  readonly users: User[];
  readonly tenants: Tenant[];
  readonly audits: AuditRecord[];
  readonly roles: Role[];
  readonly key: AccessKey;
  readonly keys: AccessKey[];
  readonly cleartext: string;
  readonly secret: string;
  readonly clientId: string;
  readonly createdUsers: User[];
  readonly failedUsers: unknown[];
  readonly permissions: Named[];
  readonly permissionsScopes: { readonly values: string[] }[];
  readonly issues: { readonly code: string; readonly field: string }[];
  readonly entries: Named[];
  readonly clients: Registration[];
  readonly client: McpClient;
  readonly client_id: string;
  readonly client_secret: string;
  readonly adminSSOConfigurationLink: string;
  readonly missingSecrets: Record<string, Data[]>;
  readonly failures: unknown[];
  readonly analytics: { readonly created: string; readonly cnt: string }[];
  readonly projects: Named[];
  readonly lists: Named[];
  readonly apps: Registration[];
  readonly app: Registration;
  readonly server: Registration;
  readonly resource: Named & { readonly uri: string };
  readonly template: Named;
  readonly engine: Engine;
  readonly family: Named;
  readonly list: List;
  readonly consents: Named[];
  readonly descoper: Descoper;
  readonly descopers: Descoper[];
  readonly served: number;
  readonly operations: { readonly served: boolean }[];
  /** Those of a snapshot: a path, and what the file holds. */
  readonly files: Files;
}

/** What stands in each file of a snapshot, by its path: an object, or the text of an asset. */
export type Files = Record<string, Data>;

export interface McpClient extends Registration {
  readonly scopes: unknown;
}

/** What SCIM answers: a list, or a group. */
export interface ScimReply extends Data {
  readonly id: string;
  readonly Resources: ScimResource[];
  readonly members: { readonly value: string }[];
}

export interface ScimResource extends Data {
  readonly id: string;
  readonly userName: string;
}

export interface OutboundToken extends Data {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly lastRefreshTime: string;
}

export interface OutboundTokenReply {
  readonly token: OutboundToken;
}

/** A new secret for codes of an authenticator application. */
export interface TotpReply extends Data {
  readonly key: string;
  readonly image: string;
  readonly provisioningURL: string;
}

export interface List extends Named {
  readonly data: unknown;
}

export interface Engine extends Named {
  readonly secret: string;
}

export interface Descoper extends Named {
  readonly attributes: Data;
  readonly rbac: Data;
}
