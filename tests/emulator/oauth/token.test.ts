import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import {
  basic,
  CALLBACK,
  CHALLENGE,
  VERIFIER,
  type Members,
  type OAuthEndpoints,
  type Page,
} from "../../support/oauth.ts";
import { claimsOf, headerOf, signInClient } from "../../support/sign-in.ts";
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
        },
        { id: "spa", name: "SPA", clientId: "spa-client", clientType: "public" },
      ],
    },
  });
  ({ files, own } = bothEndpoints(emulator));
});
afterEach(() => emulator.stop());

const SHOP = { client_id: "shop-client", client_secret: "shop-secret" };
const FILES = { client_id: "files-client", client_secret: "files/secret+1" };
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: "S256" };
const redeem = (code: string, more: Members = {}) => ({
  grant_type: "authorization_code",
  code,
  redirect_uri: CALLBACK,
  ...more,
});
const expectError = ({ status, json, headers }: Page, error: string, expected = 400) => {
  expect([status, json.error]).toEqual([expected, error]);
  expect(json.error_description).toBeString();
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-type")).toStartWith("application/json");
};

describe("a code", () => {
  test("gives tokens once; its second use ends what came of the first", async () => {
    const code = await own.code("bo");
    const first = await own.token(redeem(code, SHOP));
    expect(first.status).toBe(200);
    expect(first.headers.get("cache-control")).toBe("no-store");
    expect<unknown>(first.json).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 600,
      refresh_token: expect.any(String),
      id_token: expect.any(String),
      scope: "openid profile",
    });
    expectError(await own.token(redeem(code, SHOP)), "invalid_grant");
    const next = { grant_type: "refresh_token", refresh_token: first.json.refresh_token, ...SHOP };
    expectError(await own.token(next), "invalid_grant");
  });

  test("is good for five minutes", async () => {
    const [one, two] = [await own.code("bo"), await own.code("bo")];
    await emulator.ok("/_emulator/clock", { advance: "4m59s" });
    expect((await own.token(redeem(one, SHOP))).status).toBe(200);
    await emulator.ok("/_emulator/clock", { advance: 2 });
    expectError(await own.token(redeem(two, SHOP)), "invalid_grant");
  });

  const cases: readonly (readonly [string, Members, string, number?])[] = [
    ["another redirect_uri", { redirect_uri: `${CALLBACK}2` }, "invalid_grant"],
    ["no redirect_uri", { redirect_uri: undefined }, "invalid_request"],
    ["a verifier that does not fit", { code_verifier: `${VERIFIER}x` }, "invalid_grant"],
    ["no verifier", { code_verifier: undefined }, "invalid_grant"],
    ["another client", { client_id: "spa-client", client_secret: undefined }, "invalid_grant"],
    ["a wrong secret", { client_secret: "shop-secreT" }, "invalid_client", 401],
    ["no secret", { client_secret: undefined }, "invalid_client", 401],
    ["an unknown client", { client_id: "nobody" }, "invalid_client", 401],
    ["no client", { client_id: undefined }, "invalid_client", 401],
    ["no code", { code: undefined }, "invalid_request"],
    ["another code", { code: "nonsense" }, "invalid_grant"],
    ["no grant type", { grant_type: undefined }, "invalid_request"],
    ["an unknown grant type", { grant_type: "toString" }, "unsupported_grant_type"],
  ];
  for (const [what, members, error, status] of cases) {
    test(`is not taken with ${what}, and stays good`, async () => {
      const code = await own.code("bo", PKCE);
      const good = redeem(code, { ...SHOP, code_verifier: VERIFIER });
      expectError(await own.token({ ...good, ...members }), error, status);
      expect((await own.token(good)).status).toBe(200);
    });
  }

  test("needs no redirect_uri where the authorization request had none, or a third party asks", async () => {
    const third = await files.code("bo");
    const form = (code: string) => ({ ...redeem(code, FILES), redirect_uri: undefined });
    expect((await files.token(form(third))).status).toBe(200);
    const other = await files.code("bo");
    expectError(await files.token({ ...form(other), redirect_uri: `${CALLBACK}2` }), "invalid_grant");
    const alone = await files.code("bo", { redirect_uri: undefined });
    expect((await files.token(form(alone))).status).toBe(200);
  });

  test("of one kind of application is none at the other's endpoint", async () => {
    expectError(await files.token(redeem(await own.code("bo"), FILES)), "invalid_grant");
    expectError(await files.token(redeem(await own.code("bo"), SHOP)), "invalid_client", 401);
  });

  test("may be redeemed by JSON, and by a page of another origin", async () => {
    const response = await fetch(`${emulator.url}/oauth2/v1/token`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "https://app.example.com" },
      body: JSON.stringify(redeem(await own.code("bo"), SHOP)),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    const asked = await fetch(`${emulator.url}/oauth2/v1/token`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect([asked.status, asked.headers.get("access-control-allow-headers")]).toEqual([
      204,
      "authorization,content-type",
    ]);
  });

  test("is refused in OAuth's form also where the request cannot be read", async () => {
    const send = (body: string, type: string) =>
      fetch(`${emulator.url}/oauth2/v1/token`, { method: "POST", body, headers: { "content-type": type } });
    for (const [body, type] of [
      ["{", "application/json"],
      ["grant_type=client_credentials", "text/plain"],
      ["[]", "application/json"],
      ['{"code":7}', "application/json"],
      ["code=a&code=b", "application/x-www-form-urlencoded"],
    ] as const) {
      const response = await send(body, type);
      expect([response.status, await response.json()]).toEqual([
        400,
        { error: "invalid_request", error_description: expect.any(String) },
      ]);
    }
  });

  test("needs a verifier from a client without a secret", async () => {
    const spa = { client_id: "spa-client" };
    const code = await own.code("bo", { ...spa, ...PKCE });
    expectError(await own.token(redeem(code, spa)), "invalid_grant");
    const good = await own.token(redeem(code, { ...spa, code_verifier: VERIFIER }));
    expect(claimsOf(good.json.id_token)).toMatchObject({ sub: "Ubo", aud: "spa-client" });
  });

  test("for the default application needs a verifier, its secret or an access key", async () => {
    const who = { client_id: "P2one" };
    const token = async (more: Members, query: Members = {}) =>
      own.token(redeem(await own.code("bo", { ...who, ...query }), { ...who, ...more }));
    expectError(await token({}), "invalid_client", 401);
    expectError(await token({ client_secret: "wrong" }), "invalid_client", 401);
    expect((await token({ client_secret: "Kjob-cleartext" })).status).toBe(200);
    expect((await token({ code_verifier: VERIFIER }, PKCE)).status).toBe(200);
    expectError(await token({ code_verifier: VERIFIER }), "invalid_grant");
    const shop = { client_id: "shop-client", client_secret: "Kjob-cleartext" };
    expectError(await own.token(redeem(await own.code("bo"), shop)), "invalid_client", 401);
  });
});

describe("a client that shows itself by the header", () => {
  test("is told so when it is refused; its parts are percent-encoded", async () => {
    const good = await files.token(
      { grant_type: "client_credentials" },
      basic("files-client", "files/secret+1"),
    );
    expect(good.status).toBe(200);
    const wrong = await files.token({ grant_type: "client_credentials" }, basic("files-client", "wrong"));
    expectError(wrong, "invalid_client", 401);
    expect(wrong.headers.get("www-authenticate")).toStartWith("Basic realm=");
    const body = await files.token({ grant_type: "client_credentials", ...FILES, client_secret: "wrong" });
    expect([body.status, body.headers.get("www-authenticate")]).toEqual([401, null]);
  });

  test("says no other thing in its body", async () => {
    const header = basic("files-client", "files/secret+1");
    const form = { grant_type: "client_credentials" };
    expectError(await files.token({ ...form, ...FILES }, header), "invalid_request");
    expectError(await files.token({ ...form, client_id: "other" }, header), "invalid_request");
    expect((await files.token({ ...form, client_id: "files-client" }, header)).status).toBe(200);
  });

  test("not by an assertion", async () => {
    const form = { grant_type: "client_credentials", client_id: "files-client", client_assertion: "a.b.c" };
    expectError(await files.token(form), "invalid_client", 401);
  });
});

describe("tokens", () => {
  test("of a federated application are the project's session tokens, for its audience", async () => {
    const { json } = await own.token(redeem(await own.code("ann@example.com", { nonce: "n1" }), SHOP));
    expect(headerOf(json.access_token)).toMatchObject({ alg: "RS256", kid: headerOf(json.id_token).kid });
    expect(claimsOf(json.access_token)).toMatchObject({
      iss: "P2one",
      sub: "Uann",
      drn: "DS",
      aud: ["shop-client", "P2one"],
      azp: "shop-client",
      scope: "openid profile",
      roles: ["reader", "writer"],
      tenants: { acme: { roles: ["writer"] } },
      dct: "acme",
    });
    const { access_token: access, id_token: id } = json;
    const hash = new Bun.CryptoHasher("sha256").update(access).digest().subarray(0, 16).toString("base64url");
    expect(claimsOf(id)).toMatchObject({ nonce: "n1", at_hash: hash, aud: "shop-client" });
    expect(claimsOf(id)).not.toHaveProperty("roles");
    // They are good wherever session tokens are.
    const client = signInClient(emulator);
    expect((await client.ok("/v1/auth/validate", {}, access)).parsedJWT.sub).toBe("Uann");
    expect((await client.ok("/v1/auth/refresh", {}, json.refresh_token)).user.userId).toBe("Uann");
  });

  test("of an inbound application tell only the roles that its scopes give", async () => {
    const token = async (scope: string) =>
      claimsOf(
        (await files.token(redeem(await files.code("ann@example.com", { scope }), FILES))).json.access_token,
      );
    expect(await token("openid read")).toMatchObject({
      iss: `${emulator.url}/v1/apps/P2one`,
      aud: ["files-client", "P2one"],
      client_id: "files-client",
      scope: "openid read",
      roles: ["reader"],
      permissions: ["files.read"],
      tenants: { acme: { roles: [], permissions: [] } },
    });
    expect(await token("openid write")).toMatchObject({ roles: ["writer"], permissions: [] });
    expect(await token("openid")).toMatchObject({ roles: [], permissions: [] });
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", { id: "files", forceAddAllAuthorizationInfo: true });
    expect(await token("openid")).toMatchObject({ roles: ["reader", "writer"] });
  });

  test("hold what is not optional where nothing is asked for, and no ID token without openid", async () => {
    const { json } = await files.token(redeem(await files.code("bo", { scope: undefined }), FILES));
    expect<unknown>([json.scope, json.id_token]).toEqual(["read", undefined]);
  });

  test("name the audience that was asked for, where the application may", async () => {
    const audience = async (query: Members) =>
      claimsOf((await files.token(redeem(await files.code("bo", query), FILES))).json.access_token).aud;
    expect(await audience({ resource: "https://api.example.com" })).toBe("https://api.example.com");
    expect(await audience({ audience: "a", resource: "b" })).toEqual(["a", "b"]);
    const two = await fetch(
      `${emulator.url}/oauth2/v1/apps/authorize?client_id=files-client&response_type=code&scope=read` +
        `&redirect_uri=${CALLBACK}&prompt=none&login_hint=bo&resource=a&resource=b`,
      { redirect: "manual" },
    );
    const code = new URL(two.headers.get("location") ?? "").searchParams.get("code") ?? "";
    expect(claimsOf((await files.token(redeem(code, FILES))).json.access_token).aud).toEqual(["a", "b"]);
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", {
      id: "files",
      audienceWhitelist: ["a"],
      defaultAudience: "projectId",
    });
    expect(await audience({})).toBe("P2one");
    expect(await audience({ audience: "a" })).toBe("a");
    const { location } = await files.authorize({ resource: "b", prompt: "none", login_hint: "bo" });
    expect(location?.searchParams.get("error")).toBe("invalid_target");
  });

  test("live as long as the application says", async () => {
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", {
      id: "files",
      sessionSettings: {
        enabled: true,
        sessionTokenExpiration: 3,
        sessionTokenExpirationUnit: "minutes",
        refreshTokenExpiration: 2,
        refreshTokenExpirationUnit: "hours",
      },
    });
    const { json } = await files.token(redeem(await files.code("bo"), FILES));
    expect(json.expires_in).toBe(180);
    await emulator.ok("/_emulator/clock", { advance: "1h59m" });
    const next = { grant_type: "refresh_token", ...FILES };
    const second = await files.token({ ...next, refresh_token: json.refresh_token });
    expect(second.status).toBe(200);
    await emulator.ok("/_emulator/clock", { advance: "2h1s" });
    expectError(await files.token({ ...next, refresh_token: second.json.refresh_token }), "invalid_grant");
  });

  test("have the claims of the application's own templates", async () => {
    const template = async (type: string, claims: object) =>
      (
        await emulator.ok("/v1/mgmt/jwt/templates/create", {
          template: { name: type, type, template: claims },
        })
      ).template.id;
    const sessionSettings = {
      enabled: true,
      userTemplateId: await template("user", { mail: "{{user.email}}" }),
      keyTemplateId: await template("key", { robot: true }),
    };
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", { id: "files", sessionSettings });
    const { json } = await files.token(redeem(await files.code("ann@example.com"), FILES));
    expect(claimsOf(json.access_token)).toMatchObject({ mail: "ann@example.com", scope: "openid read" });
    const acting = (await files.token({ grant_type: "client_credentials", ...FILES })).json;
    expect(claimsOf(acting.access_token)).toMatchObject({ robot: true, roles: ["reader"] });
    const federated = (await own.token(redeem(await own.code("ann@example.com"), SHOP))).json;
    expect(claimsOf(federated.access_token)).not.toHaveProperty("mail");
  });

  test("an inbound application's refresh token opens nothing but its own endpoint", async () => {
    const { json } = await files.token(redeem(await files.code("bo"), FILES));
    await signInClient(emulator).refused(401, "E061005", "/v1/auth/refresh", {}, json.refresh_token);
    expectError(
      await own.token({ grant_type: "refresh_token", refresh_token: json.refresh_token, ...SHOP }),
      "invalid_grant",
    );
  });

  test("a refresh may ask for fewer scopes, not for more", async () => {
    const { json } = await files.token(redeem(await files.code("bo", { scope: "openid read write" }), FILES));
    const next = { grant_type: "refresh_token", ...FILES };
    const fewer = await files.token({ ...next, refresh_token: json.refresh_token, scope: "read" });
    expect<unknown>([fewer.json.scope, fewer.json.id_token]).toEqual(["read", undefined]);
    expectError(
      await files.token({ ...next, refresh_token: fewer.json.refresh_token, scope: "read contact" }),
      "invalid_scope",
    );
    const all = await files.token({ ...next, refresh_token: fewer.json.refresh_token });
    expect(all.json.scope).toBe("openid read write");
  });

  test("a refresh is refused for a user who is gone or disabled", async () => {
    const refresh = async (loginId: string, change: () => Promise<unknown>) => {
      const { json } = await own.token(redeem(await own.code(loginId), SHOP));
      await change();
      return own.token({ grant_type: "refresh_token", refresh_token: json.refresh_token, ...SHOP });
    };
    const disable = () =>
      emulator.ok("/v1/mgmt/user/update/status", { loginId: "ann@example.com", status: "disabled" });
    const remove = () => emulator.ok("/v1/mgmt/user/delete", { loginId: "bo" });
    expect((await refresh("ann@example.com", disable)).json.error).toMatch(/^(invalid_grant|access_denied)$/);
    expectError(await refresh("bo", remove), "invalid_grant");
  });

  test("a refresh is refused when the user's consent was taken back", async () => {
    for (const query of [{}, { tenant: "acme" }]) {
      const { json } = await files.token(redeem(await files.code("ann@example.com", query), FILES));
      const next = { grant_type: "refresh_token", ...FILES };
      const second = await files.token({ ...next, refresh_token: json.refresh_token });
      expect(second.status).toBe(200);
      await emulator.ok("/v1/mgmt/thirdparty/consents/delete", { appId: "files", userIds: ["Uann"] });
      expectError(await files.token({ ...next, refresh_token: second.json.refresh_token }), "invalid_grant");
    }
  });

  test("grants that an application does not have are refused", async () => {
    await emulator.ok("/v1/mgmt/sso/idp/app/oidc/update", {
      id: "shop",
      name: "Shop",
      clientType: "confidential",
      refreshTokenDisabled: true,
      clientCredentialsDisabled: true,
      deviceCodeDisabled: true,
    });
    const { json } = await own.token(redeem(await own.code("bo"), SHOP));
    expect(json).not.toHaveProperty("refresh_token");
    for (const form of [
      { grant_type: "refresh_token", refresh_token: "x" },
      { grant_type: "client_credentials" },
    ])
      expectError(await own.token({ ...form, ...SHOP }), "unauthorized_client");
    expectError(await own.post("/oauth2/v1/device", { client_id: "shop-client" }), "unauthorized_client");
  });
});

describe("an access key", () => {
  const form = { grant_type: "client_credentials" };
  const shown: readonly (readonly [string, Members, Record<string, string>?])[] = [
    ["its id and the key", { client_id: "Kjob", client_secret: "Kjob-cleartext" }],
    ["its id and the key, by the header", {}, basic("Kjob", "Kjob-cleartext")],
    ["the project and the key", { client_id: "P2one", client_secret: "Kjob-cleartext" }],
    ["the key alone", { client_secret: "Kjob-cleartext" }],
    ["the key alone, as the client", { client_id: "Kjob-cleartext" }],
  ];
  for (const [what, members, headers] of shown) {
    test(`gives a token by ${what}`, async () => {
      const { status, json } = await own.token({ ...form, ...members }, headers);
      expect([status, json.token_type, json.refresh_token]).toEqual([200, "Bearer", undefined]);
      expect(claimsOf(json.access_token)).toMatchObject({
        iss: "P2one",
        sub: "Kjob",
        aud: "P2one",
        roles: ["reader"],
        permissions: ["files.read"],
        drn: "DS",
      });
    });
  }

  const refused: readonly (readonly [string, Members])[] = [
    ["another id", { client_id: "Kother", client_secret: "Kjob-cleartext" }],
    ["a wrong key", { client_id: "Kjob", client_secret: "Kjob-cleartexT" }],
    ["its id alone", { client_id: "Kjob" }],
    ["nothing", {}],
  ];
  for (const [what, members] of refused) {
    test(`gives none by ${what}`, async () =>
      expectError(await own.token({ ...form, ...members }), "invalid_client", 401));
  }

  test("that is not active gives none", async () => {
    await emulator.ok("/v1/mgmt/accesskey/deactivate", { id: "Kjob" });
    const answer = await own.token({ ...form, client_id: "Kjob", client_secret: "Kjob-cleartext" });
    expectError(answer, "invalid_client", 401);
    expect(answer.json.error_description).toBe("The access key is not active");
  });
});

describe("an application that acts for itself", () => {
  const form = { grant_type: "client_credentials", ...FILES };

  test("gets what is asked of its own scopes, all that is not optional without asking", async () => {
    const scope = async (asked?: string) => (await files.token({ ...form, scope: asked })).json.scope;
    expect([await scope(), await scope("write"), await scope("read write")]).toEqual([
      "read",
      "write",
      "read write",
    ]);
    expectError(await files.token({ ...form, scope: "other" }), "invalid_scope");
    expectError(await files.token({ ...form, scope: "openid" }), "invalid_scope");
  });

  test("may name a tenant", async () => {
    const { json } = await files.token({ ...form, tenantId: "acme" });
    expect(claimsOf(json.access_token)).toMatchObject({ dct: "acme", tenants: { acme: {} } });
    expectError(await files.token({ ...form, tenantId: "none" }), "invalid_request");
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", { id: "files", allowedTenants: ["acme"] });
    expectError(await files.token({ ...form, tenantId: "globex" }), "unauthorized_client");
  });

  test("at the address of its project too, and at no other's", async () => {
    await emulator.ok("/v1/mgmt/project/clone", { name: "Other" });
    const at = (project: string) => files.post(`/oauth2/v1/apps/${project}/token`, form);
    expect((await at("P2one")).status).toBe(200);
    const other = emulator.projects.find(({ id }) => id !== "P2one")?.id ?? "";
    const inOther = (await at(other)).json;
    expect(inOther.error ?? claimsOf(inOther.access_token).iss).not.toContain("P2one");
  });
});

describe("an exchange of tokens", () => {
  const subject = async (query: Members = {}) =>
    (
      await files.token(
        redeem(await files.code("ann@example.com", { scope: "openid read write", ...query }), FILES),
      )
    ).json.access_token;
  const form = (token: string, more: Members = {}) => ({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: token,
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    ...FILES,
    ...more,
  });

  test("gives one for another audience, with fewer scopes", async () => {
    const { json } = await files.token(form(await subject(), { audience: "https://api", scope: "read" }));
    expect(json).toMatchObject({
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      scope: "read",
    });
    expect(json).not.toHaveProperty("refresh_token");
    expect(claimsOf(json.access_token)).toMatchObject({ sub: "Uann", aud: "https://api", roles: ["reader"] });
  });

  test("gives no more than there was", async () => {
    const token = await subject({ scope: "read" });
    expectError(await files.token(form(token, { scope: "read write" })), "invalid_scope");
    expect((await files.token(form(token))).json.scope).toBe("read");
  });

  test("takes access tokens of the project alone, whose session lives", async () => {
    const token = await subject();
    expectError(await files.token(form("nonsense")), "invalid_grant");
    expectError(await files.token(form(token, { subject_token_type: "urn:x" })), "invalid_request");
    expectError(await files.token(form(token, { subject_token: undefined })), "invalid_request");
    expectError(await own.token({ ...form(token), ...SHOP }), "unsupported_grant_type");
    await files.post("/oauth2/v1/apps/revoke", { token, ...FILES });
    expectError(await files.token(form(token)), "invalid_grant");
  });
});

describe("an assertion of another issuer", () => {
  const assertion = async (more: object = {}) => {
    const { jwt } = await emulator.ok("/v1/mgmt/token/clientassertion", {
      issuer: "https://idp.example.com",
      subject: "ann@example.com",
      audience: [`${emulator.url}/oauth2/v1/apps/token`],
      expiresIn: 60,
      flattenAudience: true,
      algorithm: "RS256",
      ...more,
    });
    return { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: jwt, ...FILES };
  };
  const trust = (jwksUri = `${emulator.url}/P2one/.well-known/jwks.json`) =>
    emulator.ok("/v2/mgmt/thirdparty/app/patch", {
      id: "files",
      jwtBearerSettings: { issuers: { "https://idp.example.com": { jwksUri } } },
    });

  test("signs in the user whom it names, where the application trusts the issuer", async () => {
    expectError(await files.token(await assertion()), "invalid_grant");
    await trust();
    const { json } = await files.token({ ...(await assertion()), scope: "openid read" });
    expect(claimsOf(json.access_token)).toMatchObject({ sub: "Uann", scope: "openid read" });
    expect(json).not.toHaveProperty("refresh_token");
  });

  test("is refused for another audience, a stranger, too late, or from keys that the emulator does not have", async () => {
    await trust();
    for (const more of [
      { audience: ["https://other"] },
      { subject: "stranger" },
      { issuer: "https://other" },
    ])
      expectError(await files.token(await assertion(more)), "invalid_grant");
    const good = await assertion();
    const [head, payload] = good.assertion.split(".");
    expectError(await files.token({ ...good, assertion: `${head}.${payload}.AAAA` }), "invalid_grant");
    await emulator.ok("/_emulator/clock", { advance: 61 });
    expectError(await files.token(good), "invalid_grant");
    await trust("https://idp.example.com/jwks");
    const far = await files.token(await assertion());
    expectError(far, "invalid_grant");
    expect(far.json.error_description).toContain("reaches no other machine");
  });
});

describe("a user's own password", () => {
  const password = "Correct-Horse-1";
  const form = { grant_type: "password", username: "bo", password, scope: "openid", ...SHOP };
  beforeEach(() => emulator.ok("/v1/mgmt/user/password/set/active", { loginId: "bo", password }));

  test("signs in for an application of the project's own that shows its secret", async () => {
    const { json } = await own.token(form);
    expect(claimsOf(json.id_token)).toMatchObject({ sub: "Ubo", amr: ["pwd"] });
    expect(json.refresh_token).toBeString();
    expectError(await own.token({ ...form, client_secret: undefined }), "invalid_client", 401);
    expectError(await own.token({ ...form, client_id: "spa-client" }), "invalid_client", 401);
  });

  test("is refused where it is wrong, or nobody's; what is wrong is counted", async () => {
    expectError(await own.token({ ...form, password: "wrong" }), "invalid_grant");
    expectError(await own.token({ ...form, username: "nobody" }), "invalid_grant");
    expectError(await own.token({ ...form, password: undefined }), "invalid_request");
    for (let wrong = 0; wrong < 4; wrong++) await own.token({ ...form, password: "wrong" });
    const { json } = await own.token(form);
    expect([json.error, json.error_description]).toEqual([
      "invalid_grant",
      expect.stringContaining("locked"),
    ]);
  });

  test("is not for third parties", async () => {
    expectError(await files.token({ ...form, ...FILES }), "unsupported_grant_type");
  });
});
