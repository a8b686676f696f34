import * as keys from "../../../src/api/operations/auth-keys.ts";
import * as sessions from "../../../src/api/operations/auth-sessions.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import {
  flag,
  free,
  list,
  publicKeyReply,
  sessionReply,
  strict,
  text,
  userReply,
  integer,
} from "./shapes.ts";

/** The input with the token of a user who has all that a user can be given. */
const signedIn =
  (input: unknown = {}, which: "refreshJwt" | "sessionJwt" = "refreshJwt") =>
  async (scene: Scene) => ({ token: (await scene.memberSession())[which], input });

export const sessionExamples: Examples = [
  sending(sessions.refresh, sessionReply, signedIn()),
  sending(sessions.tryRefresh, sessionReply, signedIn()),
  sending(sessions.validate, strict({ parsedJWT: free }), signedIn({}, "sessionJwt")),
  sending(
    sessions.logout,
    strict({
      sessionJwt: text,
      refreshJwt: text,
      cookieDomain: text,
      cookiePath: text,
      cookieMaxAge: integer,
      cookieExpiration: integer,
      sessionExpiration: integer,
    }),
    signedIn(),
  ),
  sending(
    sessions.logoutAll,
    strict({
      sessionJwt: text,
      refreshJwt: text,
      cookieDomain: text,
      cookiePath: text,
      cookieMaxAge: integer,
      cookieExpiration: integer,
      sessionExpiration: integer,
    }),
    signedIn(),
  ),
  sending(sessions.me, userReply, signedIn()),
  sending(
    sessions.myTenants,
    strict({ tenants: list(strict({ id: text, name: text, customAttributes: free })) }),
    async (scene) => {
      const { refreshJwt, tenant } = await scene.memberSession();
      return { token: refreshJwt, input: { dct: false, ids: [tenant.id] } };
    },
  ),
  sending(
    sessions.history,
    list(
      strict({ userId: text, loginTime: integer, city: text, country: text, ip: text, selectedTenant: text }),
    ),
    signedIn(),
  ),
  sending(sessions.selectTenant, sessionReply, async (scene) => {
    const { refreshJwt, tenant } = await scene.memberSession();
    return { token: refreshJwt, input: { tenant: tenant.id } };
  }),
  sending(
    sessions.exchangeAccessKey,
    strict({ keyId: text, sessionJwt: text, expiration: integer }),
    async (scene) => ({
      token: (await scene.accessKey()).cleartext,
      input: { loginOptions: { customClaims: { nightly: true } } },
    }),
  ),
];

const configurationReply = {
  issuer: text,
  jwks_uri: text,
  authorization_endpoint: text,
  token_endpoint: text,
  userinfo_endpoint: text,
  revocation_endpoint: text,
  end_session_endpoint: text,
  device_authorization_endpoint: text,
  response_types_supported: list(text),
  response_modes_supported: list(text),
  grant_types_supported: list(text),
  subject_types_supported: list(text),
  id_token_signing_alg_values_supported: list(text),
  token_endpoint_auth_methods_supported: list(text),
  code_challenge_methods_supported: list(text),
  scopes_supported: list(text),
  claims_supported: list(text),
  authorization_response_iss_parameter_supported: flag,
  request_parameter_supported: flag,
  request_uri_parameter_supported: flag,
  backchannel_logout_supported: flag,
};

const inboundConfigurationReply = {
  ...configurationReply,
  registration_endpoint: text,
  backchannel_authentication_endpoint: text,
  backchannel_token_delivery_modes_supported: list(text),
};

const ofProject = (scene: Scene) => ({ projectId: scene.project });

export const keyExamples: Examples = [
  example(keys.keys, strict({ keys: list(publicKeyReply) }), ofProject),
  example(keys.key, publicKeyReply, ofProject),
  example(keys.openIdConfiguration, strict(configurationReply), async (scene) => ({
    projectId: scene.project,
    ssoAppId: await scene.ssoApp(),
  })),
  example(keys.inboundConfiguration, strict(inboundConfigurationReply), ofProject),
  example(keys.agenticConfiguration, strict(inboundConfigurationReply), async (scene) => {
    const { server } = await scene.manage("/v1/mgmt/mcp/server/create", {
      name: scene.fresh("Server"),
      dynamicRegistration: { enabled: true },
    });
    return { projectId: scene.project, mcpServerId: server.id };
  }),
  example(keys.projectConfiguration, strict({ allowAuthHostingIframeEmbedding: flag }), ofProject),
];
