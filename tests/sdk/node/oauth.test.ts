import { expect } from "bun:test";
import descope from "@descope/node-sdk";
import { CALLBACK, oauthEndpoints } from "../../support/oauth.ts";
import { ok, suite } from "./suite.ts";

/** Tokens that applications get by OAuth, as backends check them with the SDK. */
const { emulator, sdk, check, prepare } = suite();
const { url, projectId } = emulator;
const common = { response_type: "code", redirect_uri: CALLBACK };
const ends = { url } as Parameters<typeof oauthEndpoints>[0];
const form = { grant_type: "authorization_code", redirect_uri: CALLBACK };

/** A role that every project has. */
const roleName = "Tenant Admin";
let inbound: { clientId: string; cleartext: string };

prepare(async () => {
  const user = { email: "oauth@example.com", roles: [roleName] };
  await ok(sdk.management.user.create("oauth@example.com", user));
  inbound = (
    await emulator.call("POST", "/v2/mgmt/thirdparty/app/create", {
      name: "OAuth third party",
      approvedCallbackUrls: [CALLBACK],
      permissionsScopes: [{ name: "read", description: "Reads", values: [roleName] }],
    })
  ).body;
});

check("the access token of the default application is a session", async () => {
  const { cleartext } = await ok(sdk.management.accessKey.create("OAuth job", 0));
  const client = { client_id: projectId, client_secret: cleartext };
  const own = oauthEndpoints(ends, "/oauth2/v1", { ...common, client_id: projectId, scope: "openid" });
  const { json } = await own.token({ ...form, ...client, code: await own.code("oauth@example.com") });
  const { jwt, token } = await sdk.validateSession(json.access_token);
  expect(jwt).toBe(json.access_token);
  expect(token).toMatchObject({ iss: projectId, scope: "openid" });
  expect(sdk.validateRoles({ jwt, token }, [roleName])).toBe(true);
  expect((await sdk.validateSession(json.access_token, { audience: projectId })).token.sub).toBe(token.sub);
  const refreshed = await sdk.refreshSession(json.refresh_token);
  expect(refreshed.token.sub).toBe(token.sub);
});

check(
  "the access token of an inbound application is checked as a session is, with its audience",
  async () => {
    const client = { client_id: inbound.clientId, client_secret: inbound.cleartext };
    const apps = oauthEndpoints(ends, "/oauth2/v1/apps", {
      ...common,
      client_id: inbound.clientId,
      scope: "read",
    });
    const { json } = await apps.token({ ...form, ...client, code: await apps.code("oauth@example.com") });
    for (const audience of [undefined, projectId, inbound.clientId]) {
      const { token } = await sdk.validateSession(
        json.access_token,
        audience === undefined ? {} : { audience },
      );
      // The SDK puts the project in place of the issuer that ends in it.
      expect(token).toMatchObject({ iss: projectId, scope: "read", roles: [roleName] });
    }
    await expect(sdk.validateSession(json.access_token, { audience: "another" })).rejects.toThrow();
    const other = descope({ projectId: "PAnother", baseUrl: url });
    await expect(other.validateSession(json.access_token)).rejects.toThrow();
  },
);

check("the tokens of client credentials are sessions too", async () => {
  const { key, cleartext } = await ok(sdk.management.accessKey.create("OAuth machine", 0, [roleName]));
  const own = oauthEndpoints(ends, "/oauth2/v1", {});
  const shown = { client_id: key.id, client_secret: cleartext };
  const { json } = await own.token({ grant_type: "client_credentials", ...shown });
  const { token } = await sdk.validateSession(json.access_token);
  expect(token).toMatchObject({ sub: key.id, roles: [roleName] });
  const apps = oauthEndpoints(ends, "/oauth2/v1/apps", {});
  const client = { client_id: inbound.clientId, client_secret: inbound.cleartext };
  const acting = await apps.token({ grant_type: "client_credentials", ...client });
  expect((await sdk.validateSession(acting.json.access_token)).token).toMatchObject({
    sub: inbound.clientId,
    roles: [roleName],
  });
});
