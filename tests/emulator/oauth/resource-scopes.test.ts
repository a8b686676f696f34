import { afterEach, beforeEach, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { CALLBACK, oauthEndpoints, type Members, type OAuthEndpoints } from "../../support/oauth.ts";
import { claimsOf } from "../../support/sign-in.ts";
import { SEED } from "./seed.ts";

const API = "https://orders.example.com";
const FILES = { client_id: "files-client", client_secret: "files/secret+1" };

let emulator: TestEmulator;
let files: OAuthEndpoints;
let resourceId: string;
beforeEach(async () => {
  emulator = testEmulator({ projects: [{ id: "P2one", name: "One" }], seed: SEED });
  files = oauthEndpoints(emulator, "/oauth2/v1/apps", {
    response_type: "code",
    redirect_uri: CALLBACK,
    client_id: "files-client",
  });
  const { resource } = await emulator.ok("/v1/mgmt/resource/create", {
    name: "Orders",
    uri: API,
    scopes: {
      permissionsScopes: [
        { name: "orders.read", description: "See orders", values: ["reader"] },
        { name: "orders.write", description: "Order", values: ["writer"], optional: true },
      ],
      attributesScopes: [{ name: "orders.contact", description: "Reach you", values: ["email"] }],
    },
  });
  resourceId = resource.id;
});
afterEach(() => emulator.stop());

const policy = (verb: string, more: object = {}) =>
  emulator.ok(`/v1/mgmt/resourcepolicy/${verb}`, { thirdPartyApplicationId: "files", resourceId, ...more });

/** The claims of a token that a user is given the client, or the error in place of it. */
async function ofUser(query: Members) {
  const { location } = await files.authorize({ prompt: "none", login_hint: "bo", ...query });
  const code = location?.searchParams.get("code");
  if (code == null) return { error: location?.searchParams.get("error") };
  const form = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, ...FILES };
  const { json } = await files.token(form);
  return { ...claimsOf(json.access_token), refresh: json.refresh_token };
}

/** The same for a token of the client's own. */
async function ofClient(form: Members) {
  const { json } = await files.token({ grant_type: "client_credentials", ...FILES, ...form });
  return json.error === undefined ? claimsOf(json.access_token) : { error: json.error };
}

test("a scope of a resource is given where a policy allows it, for that resource alone", async () => {
  const asked = { resource: API, scope: "orders.read" };
  expect(await ofUser(asked)).toMatchObject({ error: "invalid_scope" });
  await policy("create", { userAccessScopes: ["orders.read"] });
  expect(await ofUser(asked)).toMatchObject({ aud: API, scope: "orders.read" });
  expect(await ofUser({ ...asked, scope: "orders.read read" })).toMatchObject({ scope: "orders.read read" });
  expect(await ofUser({ ...asked, resource: undefined, audience: API })).toMatchObject({ aud: API });
  for (const refused of [
    { scope: "orders.read" },
    { scope: "orders.read", resource: "https://else.example.com" },
    { scope: "orders.write", resource: API },
  ])
    expect(await ofUser(refused)).toEqual({ error: "invalid_scope" });
  expect(await ofClient(asked)).toEqual({ error: "invalid_scope" });
  await policy("delete");
  expect(await ofUser(asked)).toEqual({ error: "invalid_scope" });
});

test("what a policy allows users and clients is told apart; all of them may be allowed", async () => {
  await policy("create", { clientAccessScopes: ["orders.write"], allUserScopes: true });
  expect(await ofUser({ resource: API, scope: "orders.write orders.contact" })).toMatchObject({
    scope: "orders.write orders.contact",
  });
  expect(await ofClient({ resource: API, scope: "orders.write" })).toMatchObject({
    aud: API,
    scope: "orders.write",
  });
  expect(await ofClient({ resource: API, scope: "orders.read" })).toEqual({ error: "invalid_scope" });
  await policy("update", { allClientScopes: true });
  expect(await ofClient({ resource: API })).toMatchObject({ scope: "read orders.read" });
  expect(await ofUser({ resource: API, scope: "orders.read" })).toEqual({ error: "invalid_scope" });
});

test("a scope gives the roles that the resource maps it to, as long as the session is refreshed", async () => {
  await policy("create", { userAccessScopes: ["orders.read"] });
  await emulator.ok("/v1/mgmt/user/update/role/add", { loginId: "bo", roleNames: ["reader", "writer"] });
  const claims = await ofUser({ resource: API, scope: "orders.read offline_access" });
  expect(claims).toMatchObject({ roles: ["reader"] });
  const form = {
    grant_type: "refresh_token",
    refresh_token: "refresh" in claims ? claims.refresh : "",
    ...FILES,
  };
  const { json } = await files.token(form);
  expect(claimsOf(json.access_token)).toMatchObject({
    aud: API,
    scope: "orders.read offline_access",
    roles: ["reader"],
  });
});

test("attributes that a scope of the resource tells are told, in tokens and by the endpoint", async () => {
  await policy("create", { allUserScopes: true });
  const query = { resource: API, scope: "openid orders.contact" };
  const code = await files.code("ann@example.com", query);
  const form = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, ...FILES };
  const { json } = await files.token(form);
  expect(claimsOf(json.id_token)).toMatchObject({ email: "ann@example.com" });
  const answer = await fetch(`${emulator.url}/oauth2/v1/apps/userinfo`, {
    headers: { authorization: `Bearer ${json.access_token}` },
  });
  expect(await answer.json()).toMatchObject({ email: "ann@example.com" });
});

test("the user is told what the resource says of its scopes", async () => {
  await policy("create", { userAccessScopes: ["orders.read"] });
  const { text } = await files.authorize({ resource: API, scope: "orders.read" });
  expect(text).toContain("See orders");
});
