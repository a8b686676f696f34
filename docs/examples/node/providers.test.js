import assert from "node:assert/strict";
import { test } from "node:test";
import descope from "@descope/node-sdk";

const { DESCOPE_BASE_URL, DESCOPE_PROJECT_ID, DESCOPE_MANAGEMENT_KEY } = process.env;
const sdk = descope({
  baseUrl: DESCOPE_BASE_URL,
  projectId: DESCOPE_PROJECT_ID,
  managementKey: DESCOPE_MANAGEMENT_KEY,
});

/** Comes back from the emulated identity provider with a code, without a page. */
async function comeBack(url, who) {
  const back = await fetch(`${url}&${new URLSearchParams(who)}`, { redirect: "manual" });
  return new URL(back.headers.get("location")).searchParams.get("code");
}

test("a user signs in with Google, and by the tenant's single sign-on", async () => {
  const social = await sdk.oauth.start.google("http://localhost:3000/callback");
  const code = await comeBack(social.data.url, { login_hint: "eve@example.com", given_name: "Eve" });
  assert.equal((await sdk.oauth.exchange(code)).data.user.givenName, "Eve");

  const { sso } = sdk.management;
  await sso.configureSAMLByMetadata("acme", {
    idpMetadataUrl: "https://idp.acme.com/metadata",
    roleMappings: [{ groups: ["finance"], roleName: "Accountant" }],
  });
  const tenant = await sdk.saml.start("acme", "http://localhost:3000/callback");
  const proof = await comeBack(tenant.data.url, { login_hint: "bob@acme.com", groups: "finance" });
  const { user } = (await sdk.saml.exchange(proof)).data;
  assert.deepEqual(user.userTenants[0].roleNames, ["Accountant"]);
});
