import * as v from "valibot";
import * as fedcm from "../../../src/api/operations/fedcm.ts";
import * as operations from "../../../src/api/operations/oauth.ts";
import { CALLBACK, CHALLENGE, hidden, oauthEndpoints, VERIFIER, type Members } from "../../support/oauth.ts";
import { example, sending, type Example, type Examples, type Redirect, type Sent } from "./example.ts";
import type { Scene } from "./scene.ts";
import { integer, list, maybe, nothing, strict, text } from "./shapes.ts";

/** A client with its secret, and the application that it is of. */
interface Client {
  readonly appId: string;
  readonly client_id: string;
  readonly client_secret: string;
}

const sentBack: Redirect = { to: CALLBACK, members: ["code", "state", "iss"] };
const asked = { response_type: "code", redirect_uri: CALLBACK, scope: "openid profile", state: "s" };

async function federated(scene: Scene): Promise<Client> {
  const settings = { clientType: "confidential", approvedRedirectUrls: [CALLBACK] };
  const appId = await scene.ssoApp("oidc", settings);
  const { cleartext } = await scene.manage(`/v1/mgmt/sso/idp/app/secret?id=${appId}`);
  const { oidcSettings } = await scene.manage(`/v1/mgmt/sso/idp/app/load?id=${appId}`);
  return { appId, client_id: oidcSettings.clientId, client_secret: cleartext };
}

async function inbound(scene: Scene): Promise<Client> {
  const { id, clientId, cleartext } = await scene.inboundApp({ approvedCallbackUrls: [CALLBACK] });
  return { appId: id, client_id: clientId, client_secret: cleartext };
}

const KINDS = { federated: "/oauth2/v1", inbound: "/oauth2/v1/apps" } as const;
type Kind = keyof typeof KINDS;

const clientOf = (kind: Kind, scene: Scene) => (kind === "inbound" ? inbound(scene) : federated(scene));

/** What names the place of an application of each kind in a path, and in a body on the other path. */
const placeOf = (kind: Kind, scene: Scene, { appId }: Client) =>
  kind === "inbound" ? { project_id: scene.project } : { ssoAppId: appId };

async function endpoints(kind: Kind, scene: Scene, { client_id }: Client) {
  const user = await scene.user();
  const ends = oauthEndpoints(scene.emulator, KINDS[kind], { ...asked, client_id });
  return { ends, loginId: user.loginIds[0] as string };
}

/** Tokens of a new user. */
async function tokens(kind: Kind, scene: Scene, client: Client) {
  const { ends, loginId } = await endpoints(kind, scene, client);
  const form: Members = {
    grant_type: "authorization_code",
    redirect_uri: CALLBACK,
    code: await ends.code(loginId),
    client_id: client.client_id,
    client_secret: client.client_secret,
  };
  return (await ends.token(form)).json;
}

/** An authorization request that goes without a page. */
const straight = (kind: Kind) => async (scene: Scene) => {
  const client = await clientOf(kind, scene);
  const { loginId } = await endpoints(kind, scene, client);
  return {
    ...asked,
    ...placeOf(kind, scene, client),
    client_id: client.client_id,
    prompt: "none",
    loginHint: loginId,
  };
};

/** A sign-in that waits, and the session that ends it. */
const waiting =
  (kind: Kind) =>
  async (scene: Scene): Promise<Sent> => {
    const client = await clientOf(kind, scene);
    const { ends } = await endpoints(kind, scene, client);
    const { state_id } = hidden(await ends.authorize({}));
    const { refreshJwt } = await scene.session();
    return {
      token: refreshJwt,
      input: {
        state_id,
        ...(kind === "inbound" ? { app_id: client.appId } : { sso_app_id: client.appId }),
      },
    };
  };

const tokenReply = strict({
  access_token: text,
  token_type: text,
  expires_in: integer,
  refresh_token: text,
  id_token: text,
  scope: text,
});

const profile = strict({
  sub: text,
  name: text,
  given_name: text,
  middle_name: text,
  family_name: text,
  preferred_username: text,
  picture: text,
  updated_at: integer,
  email: maybe(text),
});

const redeeming = (kind: Kind) => async (scene: Scene) => {
  const client = await clientOf(kind, scene);
  const { ends, loginId } = await endpoints(kind, scene, client);
  const { client_id, client_secret } = client;
  return {
    grant_type: "authorization_code",
    code: await ends.code(loginId),
    ...(kind === "federated" ? { redirect_uri: CALLBACK } : {}),
    client_id,
    client_secret,
    ...placeOf(kind, scene, client),
  };
};

const knowing =
  (kind: Kind) =>
  async (scene: Scene): Promise<Sent> => {
    const client = await clientOf(kind, scene);
    const { access_token: token } = await tokens(kind, scene, client);
    return { token, input: placeOf(kind, scene, client) };
  };

const revoking = (kind: Kind) => async (scene: Scene) => {
  const client = await clientOf(kind, scene);
  const { refresh_token: token } = await tokens(kind, scene, client);
  const shown =
    kind === "inbound" ? { client_id: client.client_id, client_secret: client.client_secret } : {};
  return { token, token_type_hint: "refresh_token", ...shown, ...placeOf(kind, scene, client) };
};

const onDevice = (kind: Kind) => async (scene: Scene) => {
  const client = await clientOf(kind, scene);
  return { client_id: client.client_id, scope: "openid", ...placeOf(kind, scene, client) };
};

const deviceReply = strict({
  device_code: text,
  user_code: text,
  verification_uri: text,
  verification_uri_complete: text,
  expires_in: integer,
  interval: integer,
});

const leaving = async (scene: Scene) => {
  const client = await federated(scene);
  const { id_token } = await tokens("federated", scene, client);
  return {
    id_token_hint: id_token,
    client_id: client.client_id,
    post_logout_redirect_uri: CALLBACK,
    state: "s",
    ssoAppId: client.appId,
  };
};
const left: Redirect = { to: CALLBACK, members: ["state"] };

export const federatedOAuthExamples: Examples = [
  example(operations.authorize, sentBack, straight("federated")),
  example(operations.authorizePost, sentBack, straight("federated")),
  sending(operations.finishAuthorize, sentBack, waiting("federated")),
  sending(operations.finishAuthorizePost, sentBack, waiting("federated")),
  example(operations.authorizeEntraMfa, v.pipe(text, v.includes('name="id_token"')), async (scene) => {
    const { appId, client_id } = await federated(scene);
    const user = await scene.user();
    const hint = Buffer.from(JSON.stringify({ sub: "entra-1", upn: user.loginIds[0] })).toString("base64url");
    return {
      ssoAppId: appId,
      client_id,
      response_type: "id_token",
      scope: "openid",
      redirect_uri: CALLBACK,
      nonce: "n",
      state: "s",
      id_token_hint: `e30.${hint}.AAAA`,
      claims: JSON.stringify({ id_token: { amr: { values: ["otp"] } } }),
      prompt: "none",
    };
  }),
  example(operations.token, tokenReply, redeeming("federated")),
  sending(operations.userInfo, profile, knowing("federated")),
  sending(operations.userInfoPost, profile, knowing("federated")),
  example(operations.revoke, nothing, revoking("federated")),
  example(operations.logout, left, leaving),
  example(operations.logoutPost, left, leaving),
  example(operations.device, deviceReply, onDevice("federated")),
];

const asking: Example = example(
  operations.backchannelAuthorize,
  strict({ auth_req_id: text, expires_in: integer, interval: integer }),
  async (scene) => {
    const { client_id, client_secret } = await inbound(scene);
    const user = await scene.user();
    return {
      client_id,
      client_secret,
      scope: "openid",
      login_hint: user.loginIds[0],
      binding_message: "Pay 3",
      requested_expiry: 60,
      project_id: scene.project,
    };
  },
);

export const inboundOAuthExamples: Examples = [
  example(operations.inboundAuthorizeGet, sentBack, straight("inbound")),
  example(operations.inboundAuthorizePost, sentBack, straight("inbound")),
  sending(operations.inboundFinishAuthorize, sentBack, waiting("inbound")),
  example(operations.inboundToken, tokenReply, redeeming("inbound")),
  sending(operations.inboundUserInfo, profile, knowing("inbound")),
  sending(operations.inboundUserInfoPost, profile, knowing("inbound")),
  example(operations.inboundRevoke, nothing, revoking("inbound")),
  example(operations.inboundDevice, deviceReply, onDevice("inbound")),
  asking,
];

const dialog = { "sec-fetch-dest": "webidentity", origin: new URL(CALLBACK).origin };

export const fedCmExamples: Examples = [
  example(
    fedcm.config,
    strict({
      accounts_endpoint: text,
      client_metadata_endpoint: text,
      id_assertion_endpoint: text,
      login_url: text,
    }),
    (scene) => ({ projectId: scene.project }),
  ),
  example(fedcm.clientMetadata, nothing, async (scene) => ({
    client_id: (await federated(scene)).client_id,
  })),
  sending(
    fedcm.accounts,
    strict({
      accounts: list(
        strict({
          id: text,
          name: text,
          email: text,
          given_name: maybe(text),
          picture: maybe(text),
          login_hints: list(text),
        }),
      ),
    }),
    async (scene) => {
      await scene.user();
      return { input: { projectId: scene.project }, headers: dialog };
    },
  ),
  sending(fedcm.assertion, strict({ token: text }), async (scene) => {
    const { client_id } = await federated(scene);
    const { userId } = await scene.user();
    const input = { projectId: scene.project, account_id: userId, client_id, nonce: "n" };
    return { input, headers: dialog };
  }),
  example(fedcm.loginPage, v.pipe(text, v.includes("offers the users")), (scene) => ({
    projectId: scene.project,
  })),
];

const challenge = {
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
};

/** A client of an MCP server. */
async function agent(scene: Scene): Promise<Client & { readonly mcp_server_id: string }> {
  const { server } = await scene.manage("/v1/mgmt/mcp/server/create", { name: scene.fresh("Server") });
  const { id, clientId, cleartext } = await scene.manage("/v1/mgmt/mcp/server/client/create", {
    mcpServerId: server.id,
    name: scene.fresh("Agent"),
    approvedCallbackUrls: [CALLBACK],
  });
  return { appId: id, client_id: clientId, client_secret: cleartext, mcp_server_id: server.id };
}

const askedByAgent = async (scene: Scene) => {
  const { client_id, mcp_server_id } = await agent(scene);
  const user = await scene.user();
  return {
    ...asked,
    ...challenge,
    client_id,
    mcp_server_id,
    project_id: scene.project,
    prompt: "none",
    loginHint: user.loginIds[0],
  };
};

export const agenticOAuthExamples: Examples = [
  example(operations.agenticAuthorizeGet, sentBack, askedByAgent),
  example(operations.agenticAuthorizePost, sentBack, askedByAgent),
  example(operations.agenticToken, tokenReply, async (scene) => {
    const client = await agent(scene);
    const { client_id, client_secret, mcp_server_id } = client;
    const { ends, loginId } = await endpoints("inbound", scene, client);
    return {
      grant_type: "authorization_code",
      code: await ends.code(loginId, challenge),
      code_verifier: VERIFIER,
      client_id,
      client_secret,
      mcp_server_id,
      project_id: scene.project,
    };
  }),
];
