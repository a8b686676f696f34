import * as outbound from "../../../src/api/operations/outbound-apps.ts";
import type { OutboundTokenReply } from "../../support/replies.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, free, integer, list, maybe, nothing, strict, text } from "./shapes.ts";

const parameter = strict({ key: text, value: text });

const appReply = strict({
  id: text,
  name: text,
  description: text,
  clientId: text,
  logo: text,
  discoveryUrl: text,
  authorizationUrl: text,
  authorizationUrlParams: list(parameter),
  tokenUrl: text,
  tokenUrlParams: list(parameter),
  revocationUrl: text,
  defaultScopes: list(text),
  defaultRedirectUrl: text,
  callbackDomain: text,
  pkce: flag,
  accessType: text,
  prompt: list(text),
  appType: text,
  useDcr: flag,
  dcrUrl: text,
  tenantId: text,
  templateId: text,
});

const tokenReply = strict({
  token: strict({
    id: text,
    appId: text,
    userId: text,
    tokenSub: text,
    accessToken: text,
    accessTokenType: text,
    accessTokenExpiry: text,
    hasRefreshToken: flag,
    refreshToken: maybe(text),
    lastRefreshTime: text,
    lastRefreshError: text,
    scopes: list(text),
    tenantId: text,
    grantedBy: text,
    externalIdentifier: text,
  }),
});

const failuresReply = strict({
  failures: list(
    strict({
      appId: text,
      userId: maybe(text),
      tenantId: maybe(text),
      errorCode: text,
      reason: text,
    }),
  ),
});

const members = (scene: Scene) => ({
  name: scene.fresh("Calendar"),
  description: "Reads dates",
  logo: "https://example.com/logo.png",
  clientId: "client",
  clientSecret: "the-client-secret",
  discoveryUrl: "https://e.example.com/.well-known/openid-configuration",
  authorizationUrl: "https://e.example.com/authorize",
  authorizationUrlParams: [{ key: "audience", value: "api" }],
  tokenUrl: "https://e.example.com/token",
  tokenUrlParams: [{ key: "resource", value: "api" }],
  revocationUrl: "https://e.example.com/revoke",
  defaultScopes: ["read"],
  defaultRedirectUrl: "https://app.example.com/done",
  callbackDomain: "auth.example.com",
  pkce: true,
  accessType: "offline",
  prompt: ["consent"],
  appType: "oauth",
  useDcr: false,
  dcrUrl: "https://e.example.com/register",
  tenantId: "acme",
});

async function app(scene: Scene, more: object = {}): Promise<string> {
  const made = await scene.manage("/v1/mgmt/outbound/app/create", { ...members(scene), ...more });
  return made.app.id;
}

const tokenMembers = {
  accessToken: "the-access-token",
  accessTokenExpiry: 4_000_000_000,
  accessTokenType: "Bearer",
  refreshToken: "the-refresh-token",
  idToken: "the-id-token",
  scopes: ["read"],
  grantedBy: "somebody",
  externalIdentifier: "work",
};

async function userToken(scene: Scene) {
  const [appId, { userId }] = [await app(scene), await scene.user()];
  const owner = { appId, userId, tenantId: "acme", externalIdentifier: "work" };
  await scene.manage("/v1/mgmt/outbound/app/user/oauthtoken/upload", { ...tokenMembers, ...owner });
  return owner;
}

async function tenantToken(scene: Scene) {
  const [appId, { id: tenantId }] = [await app(scene), await scene.tenant()];
  const owner = { appId, tenantId, externalIdentifier: "work" };
  await scene.manage("/v1/mgmt/outbound/app/tenant/oauthtoken/upload", { ...tokenMembers, ...owner });
  return owner;
}

const options = { withRefreshToken: true, forceRefresh: true };

const connecting = async (scene: Scene) => {
  const { refreshJwt } = await scene.auth.session(scene.mail());
  const input = {
    appId: await app(scene, { tenantId: "" }),
    options: {
      redirectUrl: "https://app.example.com/done",
      scopes: ["read"],
      prompt: ["consent"],
      loginHint: "ann",
      resources: ["https://api.example.com"],
      externalIdentifier: "work",
    },
  };
  return { input, token: refreshJwt };
};

export const outboundAppExamples: Examples = [
  example(outbound.create, strict({ app: appReply }), members),
  example(outbound.createByTemplate, strict({ app: appReply }), (scene) => {
    const {
      clientId: _id,
      clientSecret: _secret,
      tenantId: _tenant,
      appType: _type,
      ...overrides
    } = members(scene);
    return { id: "google", clientId: "c", clientSecret: "s", tenantId: "acme", overrides };
  }),
  example(outbound.createByDcrPreset, strict({ app: appReply }), async (scene) => ({
    dcrPresetId: "linear",
    tenantId: (await scene.tenant()).id,
  })),
  example(outbound.update, strict({ app: appReply }), async (scene) => ({
    app: { ...members(scene), id: await app(scene) },
  })),
  example(outbound.remove, nothing, async (scene) => ({ id: await app(scene) })),
  example(outbound.load, strict({ app: appReply }), async (scene) => ({ id: await app(scene) })),
  example(outbound.loadAll, strict({ apps: list(appReply) }), async (scene) => {
    await app(scene);
    return {};
  }),
  example(outbound.listWithUserToken, strict({ appIds: list(text) }), async (scene) => {
    const { userId, tenantId } = await userToken(scene);
    return { userId, tenantId };
  }),
  example(outbound.fetchUserToken, tokenReply, async (scene) => ({
    ...(await userToken(scene)),
    scopes: ["read"],
    options,
  })),
  example(outbound.fetchLatestUserToken, tokenReply, async (scene) => ({
    ...(await userToken(scene)),
    options,
  })),
  example(outbound.fetchTenantToken, tokenReply, async (scene) => ({
    ...(await tenantToken(scene)),
    scopes: ["read"],
    options,
  })),
  example(outbound.fetchLatestTenantToken, tokenReply, async (scene) => ({
    ...(await tenantToken(scene)),
    options,
  })),
  example(outbound.uploadUserToken, nothing, async (scene) => ({
    ...tokenMembers,
    ...(await userToken(scene)),
    verifyRefresh: true,
  })),
  example(outbound.uploadTenantToken, nothing, async (scene) => ({
    ...tokenMembers,
    ...(await tenantToken(scene)),
    verifyRefresh: true,
  })),
  example(outbound.batchUploadUserTokens, failuresReply, async (scene) => ({
    tokens: [{ ...tokenMembers, ...(await userToken(scene)) }],
  })),
  example(outbound.batchUploadTenantTokens, failuresReply, async (scene) => ({
    tokens: [{ ...tokenMembers, ...(await tenantToken(scene)) }],
  })),
  example(outbound.uploadUserApiKey, nothing, async (scene) => ({
    appId: await app(scene, { appType: "apikey" }),
    userId: (await scene.user()).userId,
    tenantId: "acme",
    apiKey: "the-api-key",
  })),
  example(outbound.uploadTenantApiKey, nothing, async (scene) => ({
    appId: await app(scene, { appType: "apikey" }),
    tenantId: "acme",
    apiKey: "the-api-key",
  })),
  example(outbound.deleteToken, nothing, async (scene) => {
    const { token } = await scene.manage<OutboundTokenReply>(
      "/v1/mgmt/outbound/app/user/token/latest",
      await userToken(scene),
    );
    return { id: token.id };
  }),
  example(outbound.deleteUserTokens, nothing, async (scene) => {
    const { appId, userId } = await userToken(scene);
    return { appId, userId };
  }),
  sending(outbound.connect, strict({ url: text }), connecting),
  sending(outbound.connectFromBrowser, strict({ url: text }), connecting),
];

const scimReply = strict({
  configuration: strict({
    appId: text,
    configuration: free,
    enabled: flag,
    version: integer,
    lastExportTime: integer,
    lastProcessingTime: integer,
    failures: integer,
  }),
});

async function scim(scene: Scene): Promise<{ appId: string }> {
  const appId = await scene.ssoApp();
  await scene.manage("/v1/mgmt/outbound/scim/create", { appId, configuration: { url: "https://e.com" } });
  return { appId };
}

export const outboundScimExamples: Examples = [
  example(outbound.createScim, scimReply, async (scene) => ({
    appId: await scene.ssoApp(),
    configuration: { url: "https://e.com", token: "the-token" },
  })),
  example(outbound.updateScim, scimReply, async (scene) => ({
    ...(await scim(scene)),
    version: 1,
    configuration: { url: "https://f.com" },
  })),
  example(outbound.setScimEnabled, scimReply, async (scene) => ({ ...(await scim(scene)), enabled: true })),
  example(outbound.loadScim, scimReply, scim),
  example(outbound.removeScim, nothing, scim),
];
