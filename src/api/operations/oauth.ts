import * as v from "valibot";
import { operation, type MembersOf } from "../operation.ts";
import { anyObject, text, time } from "./schemas.ts";

/** What stands in a token request that nobody but the client may know, beside what is called a secret or token. */
const TOKEN_SECRETS = [
  ...["client_secret", "code", "code_verifier", "refresh_token", "password", "assertion", "client_assertion"],
  ...["device_code", "subject_token", "actor_token", "auth_req_id"],
];
const AUTHORIZE_SECRETS = ["id_token_hint", "flow_token"];
const TOKENS = ["access_token", "refresh_token", "id_token"];

/** An authorization request, as the documents and OpenID Connect spell it. */
const authorizeMembers = () => ({
  response_type: text(),
  response_mode: text(),
  scope: text(),
  client_id: text(),
  state: text(),
  redirect_uri: text(),
  code_challenge_method: text(),
  code_challenge: text(),
  nonce: text(),
  login_hint: text(),
  loginHint: text(),
  id_token_hint: text(),
  prompt: text(),
  max_age: text(),
  tenant: text(),
  audience: text(),
  resource: v.nullish(v.union([v.string(), v.array(v.string())])),
  request: text(),
  request_uri: text(),
  flow: text(),
  flow_token: text(),
  style: text(),
  dpop_jkt: text(),
});
/** What an authorization request says. */
export type AuthorizeInput = MembersOf<typeof authorizeMembers>;

const federatedAuthorize = () =>
  v.looseObject({ ...authorizeMembers(), ssoAppId: text(), dynamic_val: text() });
const inboundAuthorize = () =>
  v.looseObject({ ...authorizeMembers(), project_id: text(), mcp_server_id: text() });

/** What goes on with an authorization request: of the documents, and of the emulator's own sign-in page. */
const finishMembers = () => ({
  state_id: text(),
  error_redirect_uri: text(),
  login_id: text(),
  action: text(),
});
const federatedFinish = () => v.looseObject({ ...finishMembers(), sso_app_id: text() });

const agenticAuthorize = () =>
  v.looseObject({ ...authorizeMembers(), project_id: v.string(), mcp_server_id: v.string() });

const tokenMembers = () => ({
  grant_type: text(),
  code: text(),
  redirect_uri: text(),
  client_id: text(),
  client_secret: text(),
  code_verifier: text(),
  refresh_token: text(),
  scope: text(),
  audience: text(),
  assertion: text(),
  client_assertion_type: text(),
  client_assertion: text(),
  device_code: text(),
  username: text(),
  password: text(),
});

const inboundTokenMembers = () => ({
  ...tokenMembers(),
  tenantId: text(),
  resource: text(),
  subject_token: text(),
  subject_token_type: text(),
  requested_token_type: text(),
  auth_req_id: text(),
});

const logoutInput = () =>
  v.looseObject({
    id_token_hint: text(),
    client_id: text(),
    post_logout_redirect_uri: text(),
    state: text(),
    ssoAppId: text(),
  });
const revokeMembers = () => ({
  token: text(),
  token_type_hint: text(),
  client_id: text(),
  client_secret: text(),
});
const deviceMembers = () => ({
  client_id: text(),
  client_secret: text(),
  scope: text(),
  audience: text(),
  project_id: text(),
  ssoAppId: text(),
  dpop_jkt: text(),
});

const open = { open: true, oauth: true, output: anyObject } as const;
const federated = { ...open, noun: "FederatedApp" } as const;
const inbound = { ...open, noun: "InboundApp" } as const;
/** Clients of MCP servers, at the addresses of their servers. */
const agentic = { ...open, noun: "AgenticApp" } as const;

/** The path at `/oauth2/v1`, and the same at that of an application. */
const ofSsoApps = (end: string) => ({
  path: `/oauth2/v1/${end}`,
  olderPaths: [`/{ssoAppId}/oauth2/v1/${end}`],
});
/** The path for whichever project the client is of, and for a named one. */
const ofInboundApps = (end: string) => ({
  path: `/oauth2/v1/apps/${end}`,
  olderPaths: [`/oauth2/v1/apps/{project_id}/${end}`],
});

/** Signs a user in for an application, and sends the browser back with a code. */
export const authorize = operation({
  ...federated,
  ...ofSsoApps("authorize"),
  verb: "Authorize",
  method: "GET",
  effect: "write",
  input: federatedAuthorize,
  secretInput: AUTHORIZE_SECRETS,
});

export const authorizePost = operation({
  ...federated,
  ...ofSsoApps("authorize"),
  verb: "AuthorizePost",
  method: "POST",
  form: true,
  query: true,
  effect: "write",
  input: federatedAuthorize,
  secretInput: AUTHORIZE_SECRETS,
});

/** Proves another factor of a user whom Microsoft Entra has signed in, and sends the proof back there. */
export const authorizeEntraMfa = operation({
  open: true,
  oauth: true,
  noun: "FederatedApp",
  ...ofSsoApps("authorize/entramfa"),
  verb: "AuthorizeEntraMfa",
  method: "POST",
  form: true,
  query: true,
  effect: "write",
  input: () =>
    v.looseObject({
      response_type: text(),
      scope: text(),
      client_id: text(),
      state: text(),
      redirect_uri: text(),
      nonce: text(),
      id_token_hint: text(),
      claims: text(),
      prompt: text(),
      style: text(),
      ssoAppId: text(),
    }),
  secretInput: ["id_token_hint"],
});

/** Ends a sign-in that {@link authorize} has begun. */
export const finishAuthorize = operation({
  ...federated,
  verb: "FinishAuthorize",
  method: "GET",
  path: "/oauth2/v1/finish-authorize",
  effect: "write",
  input: federatedFinish,
});

export const finishAuthorizePost = operation({
  ...federated,
  verb: "FinishAuthorizePost",
  method: "POST",
  path: "/oauth2/v1/finish-authorize",
  form: true,
  effect: "write",
  input: federatedFinish,
});

export const token = operation({
  ...federated,
  ...ofSsoApps("token"),
  verb: "Token",
  method: "POST",
  form: true,
  effect: "write",
  input: () => v.looseObject({ ...tokenMembers(), ssoAppId: text(), username: text(), password: text() }),
  secretInput: TOKEN_SECRETS,
  secretOutput: TOKENS,
});

export const userInfo = operation({
  ...federated,
  ...ofSsoApps("userinfo"),
  verb: "UserInfo",
  method: "GET",
  effect: "read",
  input: () => v.looseObject({ ssoAppId: text() }),
});

export const userInfoPost = operation({
  ...federated,
  ...ofSsoApps("userinfo"),
  verb: "UserInfoPost",
  method: "POST",
  form: true,
  effect: "read",
  input: () => v.looseObject({ ssoAppId: text(), access_token: text() }),
  secretInput: ["access_token"],
});

export const revoke = operation({
  ...federated,
  ...ofSsoApps("revoke"),
  verb: "Revoke",
  method: "POST",
  form: true,
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ ...revokeMembers(), ssoAppId: text() }),
  secretInput: ["token", "client_secret"],
});

/** Ends the session that an ID token is of, and sends the browser back. */
export const logout = operation({
  ...federated,
  ...ofSsoApps("logout"),
  verb: "EndSession",
  method: "GET",
  effect: "write",
  input: logoutInput,
  secretInput: ["id_token_hint"],
});

export const logoutPost = operation({
  ...federated,
  ...ofSsoApps("logout"),
  verb: "EndSessionPost",
  method: "POST",
  form: true,
  query: true,
  effect: "write",
  input: logoutInput,
  secretInput: ["id_token_hint"],
});

/** Begins a sign-in on a device that has no browser. */
export const device = operation({
  ...federated,
  ...ofSsoApps("device"),
  verb: "Device",
  method: "POST",
  form: true,
  effect: "write",
  input: () => v.looseObject(deviceMembers()),
  secretInput: ["client_secret"],
  secretOutput: ["device_code"],
});

export const inboundAuthorizeGet = operation({
  ...inbound,
  ...ofInboundApps("authorize"),
  verb: "Authorize",
  method: "GET",
  effect: "write",
  input: inboundAuthorize,
  secretInput: AUTHORIZE_SECRETS,
});

export const inboundAuthorizePost = operation({
  ...inbound,
  ...ofInboundApps("authorize"),
  verb: "AuthorizePost",
  method: "POST",
  form: true,
  query: true,
  effect: "write",
  input: inboundAuthorize,
  secretInput: AUTHORIZE_SECRETS,
});

export const inboundFinishAuthorize = operation({
  ...inbound,
  verb: "FinishAuthorize",
  method: "POST",
  path: "/oauth2/v1/apps/finish-authorize",
  form: true,
  effect: "write",
  input: () => v.looseObject({ ...finishMembers(), app_id: text(), consent_id: text() }),
});

export const inboundToken = operation({
  ...inbound,
  ...ofInboundApps("token"),
  verb: "Token",
  method: "POST",
  form: true,
  effect: "write",
  input: () => v.looseObject({ ...inboundTokenMembers(), project_id: text(), mcp_server_id: text() }),
  secretInput: TOKEN_SECRETS,
  secretOutput: TOKENS,
});

export const inboundUserInfo = operation({
  ...inbound,
  ...ofInboundApps("userinfo"),
  verb: "UserInfo",
  method: "GET",
  effect: "read",
  input: () => v.looseObject({ project_id: text() }),
});

export const inboundUserInfoPost = operation({
  ...inbound,
  ...ofInboundApps("userinfo"),
  verb: "UserInfoPost",
  method: "POST",
  form: true,
  effect: "read",
  input: () => v.looseObject({ project_id: text(), access_token: text() }),
  secretInput: ["access_token"],
});

export const inboundRevoke = operation({
  ...inbound,
  ...ofInboundApps("revoke"),
  verb: "Revoke",
  method: "POST",
  form: true,
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ ...revokeMembers(), project_id: text() }),
  secretInput: ["token", "client_secret"],
});

export const inboundDevice = operation({
  ...inbound,
  ...ofInboundApps("device"),
  verb: "Device",
  method: "POST",
  form: true,
  effect: "write",
  input: () => v.looseObject({ ...deviceMembers(), resource: text() }),
  secretInput: ["client_secret"],
  secretOutput: ["device_code"],
});

/** Asks a user for a sign-in who is elsewhere than the client (CIBA). */
export const backchannelAuthorize = operation({
  ...inbound,
  ...ofInboundApps("bc-authorize"),
  verb: "BackchannelAuthorize",
  method: "POST",
  form: true,
  effect: "write",
  input: () =>
    v.looseObject({
      client_id: text(),
      client_secret: text(),
      scope: text(),
      login_hint: text(),
      binding_message: text(),
      requested_expiry: time(),
      audience: text(),
      project_id: text(),
      dpop_jkt: text(),
    }),
  secretInput: ["client_secret"],
  secretOutput: ["auth_req_id"],
});

const AT_SERVER = "/oauth2/v1/apps/agentic/{project_id}/{mcp_server_id}";

export const agenticAuthorizeGet = operation({
  ...agentic,
  verb: "Authorize",
  method: "GET",
  path: `${AT_SERVER}/authorize`,
  effect: "write",
  input: agenticAuthorize,
  secretInput: AUTHORIZE_SECRETS,
});

export const agenticAuthorizePost = operation({
  ...agentic,
  verb: "AuthorizePost",
  method: "POST",
  path: `${AT_SERVER}/authorize`,
  form: true,
  query: true,
  effect: "write",
  input: agenticAuthorize,
  secretInput: AUTHORIZE_SECRETS,
});

export const agenticToken = operation({
  ...agentic,
  verb: "Token",
  method: "POST",
  path: `${AT_SERVER}/token`,
  form: true,
  effect: "write",
  input: () => v.looseObject({ ...inboundTokenMembers(), project_id: v.string(), mcp_server_id: v.string() }),
  secretInput: TOKEN_SECRETS,
  secretOutput: TOKENS,
});
