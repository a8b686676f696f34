import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { CALLBACK, hidden, type Members, type OAuthEndpoints } from "../../support/oauth.ts";
import type { OAuthReply } from "../../support/replies.ts";
import { claimsOf, signInClient } from "../../support/sign-in.ts";
import { bothEndpoints, SEED, SHOP_APP } from "./seed.ts";

let emulator: TestEmulator;
let files: OAuthEndpoints;
let own: OAuthEndpoints;
beforeEach(() => {
  emulator = testEmulator({
    projects: [{ id: "P2one", name: "One" }],
    seed: {
      ...SEED,
      oidcApps: [
        {
          ...SHOP_APP,
          approvedRedirectUrls: [CALLBACK],
          claims: ["level"],
        },
      ],
    },
  });
  ({ files, own } = bothEndpoints(emulator));
});
afterEach(() => emulator.stop());

const SHOP = { client_id: "shop-client", client_secret: "shop-secret" };
const FILES = { client_id: "files-client", client_secret: "files/secret+1" };
const redeemed = async (ends: OAuthEndpoints, client: Members, loginId: string, query: Members = {}) => {
  const code = await ends.code(loginId, query);
  const form = { grant_type: "authorization_code", redirect_uri: CALLBACK, code };
  return (await ends.token({ ...form, ...client })).json;
};
const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(emulator.url + path, { headers, redirect: "manual" });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
};
const info = async (token: string, path = "/oauth2/v1/userinfo") => {
  const { status, text, headers } = await get(path, { authorization: `Bearer ${token}` });
  return { status, json: JSON.parse(text) as OAuthReply, challenge: headers.get("www-authenticate") };
};

describe("what is told of a user", () => {
  beforeEach(async () => {
    await emulator.ok("/v1/mgmt/user/customattribute/create", {
      attributes: [
        { name: "level", type: 2 },
        { name: "team", type: 1 },
      ],
    });
    await emulator.ok(
      "/v1/mgmt/user/patch",
      { loginId: "ann@example.com", customAttributes: { level: 3, team: "red" } },
      { method: "PATCH" },
    );
  });

  const standard: readonly (readonly [string, object])[] = [
    ["openid", { sub: "Uann", level: 3 }],
    [
      "openid profile",
      {
        sub: "Uann",
        level: 3,
        name: "Ann <b>Lee</b>",
        given_name: "Ann",
        family_name: "Lee",
        preferred_username: "ann@example.com",
        updated_at: expect.any(Number),
      },
    ],
    ["openid email", { sub: "Uann", level: 3, email: "ann@example.com", email_verified: true }],
    ["openid phone", { sub: "Uann", level: 3, phone_number: "+15550100", phone_number_verified: false }],
    [
      "openid descope.claims",
      {
        sub: "Uann",
        level: 3,
        roles: ["reader", "writer"],
        permissions: ["files.read"],
        tenants: { acme: { roles: ["writer"], permissions: [] } },
        dct: "acme",
      },
    ],
    ["openid descope.custom_claims", { sub: "Uann", level: 3, customAttributes: { level: 3, team: "red" } }],
    ["openid nonsense", { sub: "Uann", level: 3 }],
  ];
  for (const [scope, told] of standard) {
    test(`by ${scope}, at the endpoint as in the ID token`, async () => {
      const { access_token: access, id_token: id } = await redeemed(own, SHOP, "ann@example.com", { scope });
      const { status, json } = await info(access);
      expect<unknown>([status, json]).toEqual([200, told]);
      expect(claimsOf(id)).toMatchObject(told);
    });
  }

  test("by the project's mapping of scopes, and over it the application's", async () => {
    await emulator.ok("/v1/mgmt/scopeClaimMapping/set", {
      mappings: [
        {
          scope: "team",
          claims: { team: "{{user.customAttributes.team}}", about: "{{user.name}} of {{tenant.name}}" },
        },
      ],
    });
    const scope = "openid team";
    expect<unknown>(
      (await info((await redeemed(own, SHOP, "ann@example.com", { scope })).access_token)).json,
    ).toEqual({
      sub: "Uann",
      level: 3,
      team: "red",
      about: "Ann <b>Lee</b> of Acme",
    });
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", {
      id: "files",
      scopeClaimMapping: [
        { scope: "read", claims: { about: "{{app.name}}", sub: "forged" }, mandatory: true },
      ],
    });
    const {
      access_token: access,
      id_token: id,
      scope: granted,
    } = await redeemed(files, FILES, "ann@example.com", {
      scope: "openid team",
    });
    expect(granted).toBe("openid team read");
    const told = { sub: "Uann", team: "red", about: 'Files & "More"' };
    expect<unknown>((await info(access, "/oauth2/v1/apps/userinfo")).json).toEqual(told);
    expect(claimsOf(id)).toMatchObject(told);
  });

  test("by an application's own scopes of attributes", async () => {
    const { access_token: access } = await redeemed(files, FILES, "ann@example.com", {
      scope: "openid contact",
    });
    const told = { sub: "Uann", email: "ann@example.com", phone: "+15550100" };
    for (const path of ["/oauth2/v1/apps/userinfo", "/oauth2/v1/apps/P2one/userinfo"])
      expect<unknown>((await info(access, path)).json).toEqual(told);
    const posted = await files.post("/oauth2/v1/apps/userinfo", { access_token: access });
    expect<unknown>(posted.json).toEqual(told);
  });
});

describe("the user info endpoint", () => {
  test("refuses as RFC 6750 says", async () => {
    const none = await get("/oauth2/v1/userinfo");
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="oauth2"']);
    const { access_token: access, refresh_token: refresh, id_token: id } = await redeemed(own, SHOP, "bo");
    for (const token of ["nonsense", refresh, id, `${access}x`]) {
      const { status, json, challenge } = await info(token);
      expect([status, json.error]).toEqual([401, "invalid_token"]);
      expect(challenge).toStartWith('Bearer realm="oauth2", error="invalid_token"');
    }
    const { access_token: narrow } = await redeemed(files, FILES, "bo", { scope: "read" });
    const scope = await info(narrow, "/oauth2/v1/apps/userinfo");
    expect([scope.status, scope.json.error]).toEqual([403, "insufficient_scope"]);
    expect((await info((await redeemed(files, FILES, "bo")).access_token)).status).toBe(401);
    await emulator.ok("/_emulator/clock", { advance: "11m" });
    expect((await info(access)).json.error_description).toBe("The token has expired");
  });

  test("takes session tokens that no application asked for", async () => {
    const { sessionJwt } = await signInClient(emulator).session("cat", { email: "cat@example.com" });
    expect((await info(sessionJwt)).json).toMatchObject({ email: "cat@example.com" });
    expect((await info(`P2one:${sessionJwt}`)).status).toBe(200);
  });

  test("may be read by pages of another origin", async () => {
    const { access_token: access } = await redeemed(own, SHOP, "bo");
    const { headers } = await get("/shop/oauth2/v1/userinfo", {
      authorization: `Bearer ${access}`,
      origin: "https://app.example.com",
    });
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(headers.get("access-control-expose-headers")).toContain("www-authenticate");
  });
});

describe("revocation", () => {
  test("ends the session of either token, for its own client", async () => {
    for (const which of ["access_token", "refresh_token"] as const) {
      const tokens = await redeemed(files, FILES, "bo");
      const of = (client: Members) =>
        files.post("/oauth2/v1/apps/revoke", { token: tokens[which], ...client });
      expect((await of({})).json.error).toBe("invalid_client");
      expect((await of({ ...FILES, client_secret: "wrong" })).status).toBe(401);
      await emulator.ok("/v2/mgmt/thirdparty/app/create", {
        name: which,
        clientId: which,
        clientSecret: "s",
      });
      expect((await of({ client_id: which, client_secret: "s" })).status).toBe(200);
      expect((await info(tokens.access_token, "/oauth2/v1/apps/userinfo")).status).toBe(200);
      const answer = await of(FILES);
      expect<unknown>([answer.status, answer.json]).toEqual([200, {}]);
      expect((await info(tokens.access_token, "/oauth2/v1/apps/userinfo")).status).toBe(401);
    }
  });

  test("of a federated application's token needs nothing but the token", async () => {
    const tokens = await redeemed(own, SHOP, "bo");
    const third = await redeemed(files, FILES, "bo");
    expect((await own.post("/oauth2/v1/revoke", {})).json.error).toBe("invalid_request");
    expect((await own.post("/oauth2/v1/revoke", { token: "nonsense" })).status).toBe(200);
    expect((await own.post("/oauth2/v1/revoke", { token: third.refresh_token })).status).toBe(200);
    expect((await info(third.access_token, "/oauth2/v1/apps/userinfo")).status).toBe(200);
    expect((await own.post("/shop/oauth2/v1/revoke", { token: tokens.refresh_token })).status).toBe(200);
    expect((await info(tokens.access_token)).status).toBe(401);
  });
});

describe("signing out", () => {
  const logout = (query: Record<string, string>, headers = { accept: "text/html" }) =>
    get(`/oauth2/v1/logout?${new URLSearchParams(query)}`, headers);

  test("ends the session of the ID token, also of one that has expired, and goes back", async () => {
    const tokens = await redeemed(own, SHOP, "ann@example.com");
    await emulator.ok("/_emulator/clock", { advance: "1h" });
    const back = "http://localhost:9/bye?a=1";
    const { status, headers } = await logout({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: back,
      state: "s&t",
    });
    expect([status, headers.get("location")]).toEqual([303, `${back}&state=s%26t`]);
    const next = { grant_type: "refresh_token", refresh_token: tokens.refresh_token, ...SHOP };
    expect((await own.token(next)).json.error).toBe("invalid_grant");
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", { actions: ["LogoutSucceed"] });
    expect(audits).toMatchObject([{ userId: "Uann" }]);
  });

  test("says so on a page where it goes nowhere", async () => {
    const { id_token: id } = await redeemed(own, SHOP, "bo");
    expect((await logout({ id_token_hint: id })).text).toContain("You are signed out");
    expect((await own.post("/shop/oauth2/v1/logout", { id_token_hint: id })).status).toBe(200);
    expect((await logout({})).status).toBe(200);
  });

  test("goes nowhere that is not the client's", async () => {
    const { id_token: id } = await redeemed(own, SHOP, "bo");
    const refused: readonly Record<string, string>[] = [
      { post_logout_redirect_uri: "http://localhost:9/bye" },
      { post_logout_redirect_uri: "http://localhost:10/bye", id_token_hint: id },
      { post_logout_redirect_uri: "javascript:alert(1)", id_token_hint: id },
      { post_logout_redirect_uri: "http://localhost:9/bye", client_id: "nobody" },
      { id_token_hint: "nonsense" },
      { id_token_hint: id, client_id: "files-client" },
    ];
    for (const query of refused) {
      const { status, headers } = await logout(query);
      expect([status, headers.get("location"), query]).toEqual([400, null, query]);
    }
    const good = await logout({
      client_id: "shop-client",
      post_logout_redirect_uri: "http://localhost:9/bye",
    });
    expect(good.status).toBe(303);
  });
});

describe("discovery", () => {
  const config = async (path: string, headers: Record<string, string> = {}) =>
    JSON.parse((await get(path, headers)).text) as Record<string, string>;

  test("speaks of the address at which the caller reached the emulator", async () => {
    const port = new URL(emulator.url).port;
    const at = async (headers: Record<string, string>) =>
      (await config("/P2one/.well-known/openid-configuration", headers)).issuer;
    expect(await at({})).toBe(`${emulator.url}/P2one`);
    expect(await at({ host: `localhost:${port}` })).toBe(`http://localhost:${port}/P2one`);
    const forwarded = { "x-forwarded-host": "auth.example.com", "x-forwarded-proto": "https" };
    expect(await at(forwarded)).toBe("https://auth.example.com/P2one");
    expect(await at({ "x-forwarded-host": "a/b" })).toBe(`${emulator.url}/P2one`);
  });

  test("names only endpoints that are served", async () => {
    for (const path of ["P2one", "P2one/shop", "v1/apps/P2one"]) {
      const found = await config(`/${path}/.well-known/openid-configuration`);
      expect(found.issuer).toBe(`${emulator.url}/${path}`);
      const addresses = Object.entries(found).filter(([name]) => /_endpoint$|_uri$/.test(name));
      expect(addresses.length).toBeGreaterThanOrEqual(7);
      for (const [name, address] of addresses) {
        const method = name === "jwks_uri" || name === "authorization_endpoint" ? "GET" : "POST";
        const response = await fetch(String(address), {
          method,
          ...(method === "POST" ? { body: "{}" } : {}),
        });
        expect([name, response.status === 501]).toEqual([name, false]);
        await response.text();
      }
    }
    expect((await get("/P2one/nothing/.well-known/openid-configuration")).status).toBe(404);
  });
});

test("the journal of requests keeps no secret of theirs", async () => {
  const tokens = await redeemed(own, SHOP, "bo");
  await get(`/oauth2/v1/logout?id_token_hint=${tokens.id_token}`);
  await own.post("/oauth2/v1/revoke", { token: tokens.refresh_token });
  await info(tokens.access_token);
  const kept = JSON.stringify(await emulator.ok("/_emulator/requests"));
  for (const secret of [tokens.id_token, tokens.refresh_token, tokens.access_token, "shop-secret"])
    expect(kept).not.toContain(secret);
  expect(kept).toContain("shop-client");
});

describe("the page of a device", () => {
  const code = async () =>
    (await files.post("/oauth2/v1/apps/device", { client_id: "files-client", scope: "openid read" })).json
      .user_code;
  const html = { accept: "text/html" };

  test("asks for the code, and then who agrees", async () => {
    const userCode = await code();
    expect((await get("/_emulator/device", html)).text).toContain('name="user_code"');
    const wrong = await get("/_emulator/device?user_code=%3Cx%3E", html);
    expect([wrong.status, wrong.text.includes("&lt;x&gt;")]).toEqual([404, true]);
    const page = await get(`/_emulator/device?user_code=${userCode}`, html);
    expect(page.text).toContain("<b>read</b> – Read files");
    const form = hidden({ text: page.text } as Parameters<typeof hidden>[0]);
    expect(form).toEqual({ user_code: userCode });
    const unknown = await files.post("/_emulator/device", { ...form, login_id: "nobody" }, html);
    expect(unknown.text).toContain("No user signs in as nobody");
    const foreign = { ...html, origin: "https://elsewhere.example.com" };
    expect((await files.post("/_emulator/device", { ...form, login_id: "bo" }, foreign)).status).toBe(403);
    const own = { ...html, origin: emulator.url };
    const done = await files.post("/_emulator/device", { ...form, typed_login_id: "new@example.com" }, own);
    expect([done.status, done.text.includes("The device goes on")]).toEqual([200, true]);
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
    const again = await emulator.call("/_emulator/device", { user_code: userCode, login_id: "bo" });
    expect([again.status, again.body.errorCode]).toEqual([404, "E011004"]);
  });

  test("refuses who may not", async () => {
    const userCode = await code();
    const answer = (body: object) => emulator.call("/_emulator/device", { user_code: userCode, ...body });
    expect((await answer({ login_id: "di" })).status).toBe(403);
    expect((await answer({ login_id: "nobody" })).status).toBe(404);
    expect((await answer({})).status).toBe(400);
    expect((await answer({ action: "maybe" })).status).toBe(400);
    expect<unknown>(await emulator.ok("/_emulator/device", { user_code: userCode, login_id: "bo" })).toEqual({
      status: "allowed",
      userId: "Ubo",
    });
  });
});
