import assert from "node:assert/strict";
import { test } from "node:test";

const { DESCOPE_BASE_URL, DESCOPE_PROJECT_ID } = process.env;
const redirect_uri = "http://localhost:3000/callback";

test("an application signs a user in by OpenID Connect, without a page", async () => {
  const issuer = `${DESCOPE_BASE_URL}/${DESCOPE_PROJECT_ID}/shop`;
  const found = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const asked = new URLSearchParams({
    client_id: "shop-client",
    response_type: "code",
    scope: "openid email",
    redirect_uri,
    prompt: "none",
    login_hint: "ann@acme.com",
  });
  const back = await fetch(`${found.authorization_endpoint}?${asked}`, { redirect: "manual" });
  const code = new URL(back.headers.get("location")).searchParams.get("code");
  const redeemed = await fetch(found.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: "shop-client",
      client_secret: "shop-secret",
      redirect_uri,
      code,
    }),
  });
  const { access_token } = await redeemed.json();
  const authorization = `Bearer ${access_token}`;
  const user = await (await fetch(found.userinfo_endpoint, { headers: { authorization } })).json();
  assert.equal(user.email, "ann@acme.com");
});
