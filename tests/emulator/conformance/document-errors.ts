/** Something that the vendor's document says otherwise than the vendor's own SDKs do, who are what must work. */
export interface DocumentError {
  /** The operations, as "METHOD /path"; "*" for all of them. */
  readonly at: readonly string[];
  readonly fault: RegExp;
  readonly why: string;
}

const absent = (members: string) => new RegExp(`^(?:${members}) is not in the document$`);
const sent = (members: string) => new RegExp(`^request: (?:${members}) is not in the document$`);

export const documentErrors: readonly DocumentError[] = [
  {
    at: ["saml", "wsfed"].flatMap((protocol) =>
      ["initiate", "sso"].flatMap((step) =>
        ["GET", "POST"].map((method) => `${method} /v1/auth/${protocol}/idp/${step}`),
      ),
    ),
    fault: absent("url|samlResponse|relayState|replyURL|wresult|wctx|error"),
    why: "what the page would send, for tests: the document says nothing of the page either",
  },
  {
    at: ["POST /oauth2/v1/authorize/entramfa", "POST /{ssoAppId}/oauth2/v1/authorize/entramfa"],
    fault: /^ must be object$|^request: prompt is not in the document$/,
    why: "Entra takes the proof by a page that posts itself; a test passes the page by as at the other endpoint",
  },
  {
    at: ["GET", "POST"].flatMap((method) =>
      ["oauth2/v1", "{ssoAppId}/oauth2/v1", "oauth2/v1/apps", "oauth2/v1/apps/{project_id}"].map(
        (path) => `${method} /${path}/userinfo`,
      ),
    ),
    fault: absent("sub|name|given_name|middle_name|family_name|preferred_username|picture|updated_at"),
    why: "clients of OpenID Connect read the claims themselves, not a member that holds them",
  },
  {
    at: ["*"],
    fault: /^(?:(?:user|users\[\]|createdUsers\[\]|patchedUsers\[\])\.)?modifiedTime is not in the document$/,
    why: "the SDKs read when a user was changed last",
  },
  {
    at: [
      "GET /{projectId}/.well-known/openid-configuration",
      "GET /{projectId}/.well-known/oauth-authorization-server",
      "GET /.well-known/oauth-authorization-server/{projectId}",
      "GET /{projectId}/{ssoAppId}/.well-known/openid-configuration",
      "GET /v1/apps/{projectId}/.well-known/openid-configuration",
      "GET /v1/apps/{projectId}/.well-known/oauth-authorization-server",
      "GET /v1/apps/agentic/{projectId}/{mcpServerId}/.well-known/openid-configuration",
      "GET /v1/apps/agentic/{projectId}/{mcpServerId}/.well-known/oauth-authorization-server",
    ],
    fault: absent("response_modes_supported|authorization_response_iss_parameter_supported"),
    why: "OpenID Connect Discovery and RFC 9207 have clients look for them",
  },
  {
    at: [
      "POST /v1/mgmt/outbound/app/create",
      "POST /v1/mgmt/outbound/app/create/bytemplate",
      "POST /v1/mgmt/outbound/app/create/bydcrpreset",
      "POST /v1/mgmt/outbound/app/update",
      "GET /v1/mgmt/outbound/app/{id}",
      "GET /v1/mgmt/outbound/apps",
    ],
    fault: absent("app\\.templateId|apps\\[\\]\\.templateId"),
    why: "the SDKs read which template an application is of",
  },
  {
    at: ["GET /v1/mgmt/thirdparty/app/rotate"],
    fault: /^request: the query's id is not in the document$/,
    why: "the document names the path and says nothing more of it",
  },
  {
    at: [
      "GET /v1/auth/me/history",
      "POST /v1/mgmt/user/history",
      "POST /v1/mgmt/group/all",
      "POST /v1/mgmt/group/member/all",
      "POST /v1/mgmt/group/members",
    ],
    fault: /^ must be object$/,
    why: "the SDKs read a bare list",
  },
  {
    at: [
      "GET /scim/v2/Users",
      "GET /scim/v2/Users/{userId}",
      "PUT /scim/v2/Users/{userId}",
      "PATCH /scim/v2/Users/{userId}",
      "GET /scim/v2/Groups",
      "POST /scim/v2/Groups",
      "GET /scim/v2/Groups/{groupId}",
      "PUT /scim/v2/Groups/{groupId}",
      "GET /scim/v2/ResourceTypes",
    ],
    fault: /^(?:request: )?(?:Resources\[\]\.)?[\w.]+ (?:is not in the document|must be object)$/,
    why: "directories speak as RFC 7643 and 7644 have it, where a resource stands by itself and times are texts",
  },
  {
    at: ["POST /v1/mgmt/user/history"],
    fault: /^request:  must be object$/,
    why: "the SDKs send a bare list",
  },
  {
    at: ["GET /v1/mgmt/tenant", "GET /v1/mgmt/sso/idp/app/load", "GET /v1/mgmt/thirdparty/app/load"],
    fault: /^\w+ is not in the document$/,
    why: "the SDKs read the thing itself, not one in a member",
  },
  {
    at: ["GET /v1/mgmt/sso/idp/apps/load"],
    fault: absent(
      "apps\\[\\]\\.(?:customAttributes|oidcSettings\\.(?:clientId|approvedRedirectUrls|forcePkce)|wsfedSettings\\.replyAllowedCallbacks)",
    ),
    why: "the SDKs configure and read these",
  },
  {
    at: [
      "POST /v1/mgmt/sso/idp/app/oidc/create",
      "POST /v1/mgmt/sso/idp/app/oidc/update",
      "POST /v1/mgmt/sso/idp/app/wsfed/create",
      "POST /v1/mgmt/sso/idp/app/wsfed/update",
    ],
    fault: sent("approvedRedirectUrls|forcePkce|replyAllowedCallbacks"),
    why: "the SDKs send them",
  },
  {
    at: ["GET /v1/mgmt/thirdparty/apps/load"],
    fault: absent("apps\\[\\]\\.forcePkce"),
    why: "the SDKs configure and read it",
  },
  {
    at: ["POST /v1/mgmt/thirdparty/app/create", "POST /v1/mgmt/thirdparty/app/update"],
    fault: sent("forcePkce"),
    why: "the SDKs send it",
  },
  {
    at: [
      "GET /v1/mgmt/descoper",
      "PATCH /v1/mgmt/descoper",
      "PUT /v1/mgmt/descoper",
      "POST /v1/mgmt/descoper/list",
    ],
    fault: absent("(?:descoper|descopers\\[\\])\\.loginIds"),
    why: "the SDKs read this spelling beside the document's loginIDs",
  },
  {
    at: ["GET /v1/mgmt/fga/schema"],
    fault: absent("version"),
    why: "the SDKs read it",
  },
  {
    at: ["POST /v1/mgmt/fga/check"],
    fault: absent("schemaVersion"),
    why: "the SDKs read it",
  },
  {
    at: ["POST /v1/mgmt/authz/getmodified", "POST /v1/mgmt/authz/re/targetwithrelation"],
    fault: absent("relations"),
    why: "the SDK for Python reads it there",
  },
  {
    at: ["GET /v2/mgmt/sso/settings", "GET /v2/mgmt/sso/settings/all", "POST /v1/mgmt/sso/settings/new"],
    fault: absent("(?:SSOSettings\\[\\]\\.)?displayName"),
    why: "a further configuration is made with one",
  },
  {
    at: ["POST /v1/auth/accesskey/exchange"],
    fault: absent("expiration"),
    why: "the document's own text and the SDKs have it",
  },
  {
    at: ["POST /v1/auth/try-refresh"],
    fault: absent("user|firstSeen"),
    why: "the SDKs read the reply as they read that of a refresh",
  },
  {
    at: ["POST /v1/mgmt/auth/anonymous"],
    fault: absent("firstSeen|sessionExpiration"),
    why: "the SDKs read the reply as they read that of any sign-in",
  },
  {
    at: ["POST /v1/mgmt/thirdparty/consents/search"],
    fault: absent("consents\\[\\]\\.expireTime"),
    why: "the SDKs read this spelling beside the document's ExpireTime",
  },
  {
    at: ["GET /v1/mgmt/fga/mappable/resources"],
    fault: /^request: the query's tenantId is not in the document$/,
    why: "the document says nothing of what this path takes",
  },
  {
    at: ["POST /v1/mgmt/tests/generate/enchantedlink"],
    fault: absent("linkId"),
    why: "a test needs it to open the right one of three links",
  },
];

/** Members of requests, by path and place, that are not looked at, and why. */
export const ignoredMembers: readonly (readonly [RegExp, RegExp, string])[] = [
  [
    /^\/oauth2\//,
    /^(?:flow|style|dpop_jkt|dynamic_val|username|password|project_id|ssoAppId)$/,
    "no part of what is served of OAuth",
  ],
  [/\/flow\/import$/, /^(?:flow\.|skipRender|changelog)/, "a flow is checked as a whole, by its format"],
  [/\/localization\/\w+\/import$/, /^overrides\.(?:id|version|modifiedTime|flowId)$/, "made anew"],
  [/\/flow\/externalauth\/complete$/, /./, "there is nothing that it could complete"],
  [/\/authz\/re\/has$/, /\.hasRelation$/, "the answer, which stands in the question's form"],
  [/\/authz\/re\/targetwithrelation$/, /^Parent/, "no SDK sends it, and no text says what it does"],
  [
    /\/passkeys\/import$/,
    /attestationType|backup|BackedUp|credentialDeviceType|userHandle/,
    "kept by nobody",
  ],
];
