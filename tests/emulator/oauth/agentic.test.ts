import { afterEach, beforeEach, expect, test } from "bun:test";
import * as oidc from "openid-client";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { CALLBACK, CHALLENGE, oauthEndpoints } from "../../support/oauth.ts";
import { claimsOf } from "../../support/sign-in.ts";
import { SEED } from "./seed.ts";

/** An agent that finds its way to an MCP server's tokens by itself. */
let emulator: TestEmulator;
let serverId: string;
let issuer: string;
beforeEach(async () => {
  emulator = testEmulator({ projects: [{ id: "P2one", name: "One" }], seed: SEED });
  const { server } = await emulator.ok("/v1/mgmt/mcp/server/create", {
    name: "Files",
    audienceWhitelist: ["https://mcp.example.com"],
    approvedScopes: { permissionsScopes: [{ name: "read", description: "Reads", values: ["reader"] }] },
    dynamicRegistration: { enabled: true },
    sessionSettings: { enabled: true, sessionTokenExpiration: 3, sessionTokenExpirationUnit: "minutes" },
  });
  serverId = server.id;
  issuer = `${emulator.url}/v1/apps/agentic/P2one/${serverId}`;
});
afterEach(() => emulator.stop());

const execute = [oidc.allowInsecureRequests];

async function registered(): Promise<oidc.Configuration> {
  const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
  const { registration_endpoint: endpoint } = metadata as { registration_endpoint: string };
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Agent",
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: "none",
    }),
  });
  const { client_id: clientId } = (await response.json()) as { client_id: string };
  const at = new URL(`${issuer}/.well-known/openid-configuration`);
  return oidc.discovery(at, clientId, undefined, oidc.None(), { execute });
}

test("an agent registers, signs a user in, and refreshes, all at the server's own addresses", async () => {
  const config = await registered();
  const at = `${emulator.url}/oauth2/v1/apps/agentic/P2one/${serverId}`;
  expect(config.serverMetadata()).toMatchObject({
    authorization_endpoint: `${at}/authorize`,
    token_endpoint: `${at}/token`,
    scopes_supported: expect.arrayContaining(["openid", "read"]),
  });
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid read",
    resource: "https://mcp.example.com",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    prompt: "none",
    login_hint: "ann@example.com",
  });
  const back = await fetch(url, { redirect: "manual" });
  const tokens = await oidc.authorizationCodeGrant(config, new URL(back.headers.get("location") ?? ""), {
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  expect(tokens.claims()?.iss).toBe(issuer);
  expect(tokens.expires_in).toBe(180);
  expect(claimsOf(tokens.access_token)).toMatchObject({
    iss: issuer,
    aud: "https://mcp.example.com",
    scope: "openid read",
    roles: ["reader"],
  });
  const next = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
  expect(claimsOf(next.access_token)).toMatchObject({ aud: "https://mcp.example.com", sub: "Uann" });
  expect((await oidc.fetchUserInfo(config, next.access_token, "Uann")).sub).toBe("Uann");
});

test("its metadata stands at each address at which clients look", async () => {
  const path = `v1/apps/agentic/P2one/${serverId}`;
  for (const address of [
    `${path}/.well-known/openid-configuration`,
    `${path}/.well-known/oauth-authorization-server`,
    `.well-known/oauth-authorization-server/${path}`,
    `.well-known/openid-configuration/${path}`,
  ]) {
    const found = (await (await fetch(`${emulator.url}/${address}`)).json()) as { issuer: string };
    expect(found.issuer).toBe(issuer);
  }
  const inbound = (await (
    await fetch(`${emulator.url}/.well-known/oauth-authorization-server/v1/apps/P2one`)
  ).json()) as { issuer: string };
  expect(inbound.issuer).toBe(`${emulator.url}/v1/apps/P2one`);
  const none = await fetch(`${emulator.url}/v1/apps/agentic/P2one/none/.well-known/openid-configuration`);
  expect(none.status).toBe(404);
});

test("nobody registers where the server does not let clients, and its metadata names no place to", async () => {
  await emulator.ok("/v1/mgmt/mcp/server/update", { server: { id: serverId, name: "Files" } });
  const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  expect(metadata).not.toHaveProperty("registration_endpoint");
});

test("a client of one server is none of another's, and always needs PKCE", async () => {
  const { clientId, cleartext } = await emulator.ok("/v1/mgmt/mcp/server/client/create", {
    mcpServerId: serverId,
    name: "Job",
    approvedCallbackUrls: [CALLBACK],
  });
  const { server: other } = await emulator.ok("/v1/mgmt/mcp/server/create", { name: "Other" });
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: cleartext,
    resource: "https://mcp.example.com",
  };
  const at = (server: string) => oauthEndpoints(emulator, `/oauth2/v1/apps/agentic/P2one/${server}`, {});
  const good = await at(serverId).token(form);
  expect(claimsOf(good.json.access_token)).toMatchObject({ sub: clientId, roles: ["reader"], iss: issuer });
  expect((await at(other.id).token(form)).json.error).toBe("invalid_client");
  expect((await at(serverId).token({ ...form, client_id: "files-client" })).json.error).toBe(
    "invalid_client",
  );
  expect((await at(serverId).token({ ...form, resource: "https://else" })).json.error).toBe("invalid_target");
  const ask = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: CALLBACK,
    prompt: "none",
    login_hint: "bo",
  };
  const plain = await at(serverId).authorize(ask);
  expect(plain.location?.searchParams.get("error")).toBe("invalid_request");
  const proved = { ...ask, code_challenge: CHALLENGE, code_challenge_method: "S256" };
  expect((await at(serverId).authorize(proved)).location?.searchParams.get("code")).toBeString();
  expect((await at(other.id).authorize(proved)).status).toBe(400);
});
