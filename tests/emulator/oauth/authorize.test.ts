import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import {
  basic,
  CALLBACK,
  CHALLENGE,
  hidden,
  oauthEndpoints,
  type Members,
  type OAuthEndpoints,
} from "../../support/oauth.ts";
import { signInClient } from "../../support/sign-in.ts";
import { SEED, SHOP_APP } from "./seed.ts";

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
          approvedRedirectUrls: [CALLBACK, "com.example.app:/back?x=1"],
        },
        { id: "spa", name: "SPA", clientType: "public", approvedRedirectUrls: [CALLBACK] },
      ],
    },
  });
  const common = { response_type: "code", redirect_uri: CALLBACK, state: "st&ate" };
  files = oauthEndpoints(emulator, "/oauth2/v1/apps", {
    ...common,
    client_id: "files-client",
    scope: "read",
  });
  own = oauthEndpoints(emulator, "/oauth2/v1", { ...common, client_id: "shop-client", scope: "openid" });
});
afterEach(() => emulator.stop());

const answer = ({ location }: { location: URL | undefined }) =>
  Object.fromEntries(location?.searchParams ?? []);
const consents = async () => (await emulator.ok("/v1/mgmt/thirdparty/consents/search", {})).consents;

describe("the sign-in page", () => {
  test("lists the users who may sign in, escaped, and loads nothing from elsewhere", async () => {
    const page = await files.authorize({});
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.text).toContain("Ann &lt;b&gt;Lee&lt;/b&gt;");
    expect(page.text).toContain('value="Ubo"');
    expect(page.text).toContain("bo · test user");
    expect(page.text).not.toContain("Udi");
    expect(page.text).toContain("Files &amp; &quot;More&quot;");
    expect(page.text).toContain("<b>read</b> – Read files");
    expect(page.text).not.toMatch(/<script|https?:\/\//);
  });

  test("sends the browser back with code, state and issuer for the user who was chosen", async () => {
    const page = await files.authorize({});
    const back = await files.post("/oauth2/v1/apps/finish-authorize", { ...hidden(page), login_id: "Ubo" });
    expect(back.status).toBe(303);
    expect(back.location?.href).toStartWith(`${CALLBACK}?code=`);
    expect(answer(back)).toEqual({
      code: expect.stringMatching(/^\w{64}$/),
      state: "st&ate",
      iss: `${emulator.url}/v1/apps/P2one`,
    });
    expect(await consents()).toMatchObject([{ appId: "files", userId: "Ubo", scopes: ["read"] }]);
    const again = await files.post("/oauth2/v1/apps/finish-authorize", { ...hidden(page), login_id: "Ubo" });
    expect(again.json.error).toBe("invalid_request");
  });

  test("makes a user of whoever types a new login id, where people may sign up", async () => {
    const page = await own.authorize({});
    const form = { ...hidden(page), typed_login_id: " new@example.com " };
    const back = await own.post("/oauth2/v1/finish-authorize", form);
    expect(answer(back).code).toBeString();
    const { user } = await emulator.ok("/v1/mgmt/user?loginId=new%40example.com");
    expect(user).toMatchObject({ email: "new@example.com", verifiedEmail: true, status: "enabled" });
    const files = { "project.json": { projectSelfProvisioning: false } };
    await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
    const next = await own.authorize({});
    const refused = await own.post("/oauth2/v1/finish-authorize", {
      ...hidden(next),
      typed_login_id: "<x>",
    });
    expect(refused.status).toBe(200);
    expect(refused.text).toContain("No user signs in as &lt;x&gt;");
    expect(hidden(refused)).toEqual(hidden(next));
  });

  test("tells the client when the user denies it, or may not sign in", async () => {
    const page = await files.authorize({});
    const denied = await files.post("/oauth2/v1/apps/finish-authorize", { ...hidden(page), action: "deny" });
    expect(answer(denied)).toMatchObject({ error: "access_denied", state: "st&ate" });
    const next = await files.authorize({});
    const disabled = await files.post("/oauth2/v1/apps/finish-authorize", {
      ...hidden(next),
      login_id: "di",
    });
    expect(answer(disabled)).toMatchObject({
      error: "access_denied",
      error_description: "The user di is disabled",
    });
    expect(await consents()).toEqual([]);
  });

  test("waits half an hour", async () => {
    const page = await own.authorize({});
    await emulator.ok("/_emulator/clock", { advance: "31m" });
    const late = await own.post("/oauth2/v1/finish-authorize", { ...hidden(page), login_id: "Ubo" });
    expect([late.status, late.location]).toEqual([400, undefined]);
  });

  test("takes the request posted as a form and as JSON, too", async () => {
    const members = {
      client_id: "shop-client",
      response_type: "code",
      redirect_uri: CALLBACK,
      prompt: "none",
      login_hint: "bo",
    };
    const form = await own.post("/oauth2/v1/authorize", members);
    expect(answer(form).code).toBeString();
    const json = await fetch(`${emulator.url}/oauth2/v1/authorize`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(members),
    });
    expect(new URL(json.headers.get("location") ?? "").searchParams.get("code")).toBeString();
  });
});

describe("without a page", () => {
  test("prompt=none and a login hint sign that user in", async () => {
    for (const hint of [{ login_hint: "bo" }, { loginHint: "bo" }, { login_hint: "Ubo" }]) {
      const back = await files.authorize({ ...hint, prompt: "none" });
      expect(answer(back).code).toBeString();
    }
    expect(await consents()).toHaveLength(1);
    const unknown = await files.authorize({ login_hint: "nobody", prompt: "none" });
    expect(answer(unknown)).toMatchObject({
      error: "login_required",
      error_description: "No user signs in as nobody",
    });
  });

  test("a session of the project is taken up, by cookie or header", async () => {
    const client = signInClient(emulator);
    const { refreshJwt, sessionJwt } = await client.session("cat");
    for (const headers of [
      { cookie: `a=b; DSR=${refreshJwt}` },
      { cookie: `DS=${sessionJwt}` },
      { authorization: `Bearer P2one:${refreshJwt}` },
      { authorization: `Bearer ${sessionJwt}` },
    ] as const) {
      expect(answer(await own.authorize({ prompt: "none" }, headers)).code).toBeString();
      expect(answer(await own.authorize({}, headers)).code).toBeString();
      expect((await own.authorize({ prompt: "login" }, headers)).status).toBe(200);
      expect((await own.authorize({ prompt: "select_account" }, headers)).status).toBe(200);
    }
    await client.advance(100);
    const headers = { cookie: `DSR=${refreshJwt}` };
    expect((await own.authorize({ max_age: "99" }, headers)).status).toBe(200);
    expect(answer(await own.authorize({ max_age: "101" }, headers)).code).toBeString();
    await client.ok("/v1/auth/logout", {}, refreshJwt);
    expect(answer(await own.authorize({ prompt: "none" }, headers)).error).toBe("login_required");
  });

  test("an application may want a sign-in each time", async () => {
    const { refreshJwt } = await signInClient(emulator).session("cat");
    await emulator.ok("/v1/mgmt/sso/idp/app/oidc/update", {
      id: "shop",
      name: "Shop",
      forceAuthentication: true,
      approvedRedirectUrls: [CALLBACK],
    });
    const headers = { cookie: `DSR=${refreshJwt}` };
    expect((await own.authorize({}, headers)).status).toBe(200);
    expect(answer(await own.authorize({ prompt: "none" }, headers)).error).toBe("login_required");
    expect(answer(await own.authorize({ prompt: "none", login_hint: "cat" }, headers)).code).toBeString();
  });

  test("an ID token names the session that goes on, while it lives", async () => {
    const form = { grant_type: "authorization_code", redirect_uri: CALLBACK };
    const client = { client_id: "shop-client", client_secret: "shop-secret" };
    const code = await own.code("bo");
    const { id_token: hint, refresh_token: token } = (await own.token({ ...form, ...client, code })).json;
    await emulator.ok("/_emulator/clock", { advance: "1h" });
    const silently = async (query: Members) =>
      answer(await own.authorize({ prompt: "none", id_token_hint: hint, ...query }));
    expect((await silently({})).code).toBeString();
    expect((await silently({ id_token_hint: `${hint}x` })).error).toBe("login_required");
    expect((await silently({ client_id: "P2one" })).error).toBe("login_required");
    await own.post("/oauth2/v1/revoke", { token });
    expect((await silently({})).error).toBe("login_required");
  });

  test("a session is not consent: what the user has not agreed to is asked", async () => {
    const { refreshJwt } = await signInClient(emulator).session("cat");
    const headers = { cookie: `DSR=${refreshJwt}` };
    expect(answer(await files.authorize({ prompt: "none" }, headers)).error).toBe("consent_required");
    const page = await files.authorize({}, headers);
    expect(page.text).toContain("Signed in as <b>cat</b>");
    const form = { ...hidden(page), login_id: "cat" };
    expect(answer(await files.post("/oauth2/v1/apps/finish-authorize", form)).code).toBeString();
    expect(answer(await files.authorize({ prompt: "none" }, headers)).code).toBeString();
    expect((await files.authorize({ prompt: "consent" }, headers)).status).toBe(200);
    // More than before is asked again.
    expect(answer(await files.authorize({ prompt: "none", scope: "read write" }, headers)).error).toBe(
      "consent_required",
    );
  });

  test("a flow of the application's own ends a sign-in by the session it has opened", async () => {
    const { refreshJwt } = await signInClient(emulator).session("cat");
    const page = await own.authorize({});
    const state = hidden(page).state_id;
    const nobody = await own.post("/oauth2/v1/finish-authorize", { state_id: state });
    expect([nobody.status, nobody.json.error]).toEqual([401, "login_required"]);
    const get = await fetch(`${emulator.url}/oauth2/v1/finish-authorize?state_id=${state}`, {
      headers: { authorization: `Bearer P2one:${refreshJwt}` },
      redirect: "manual",
    });
    expect(new URL(get.headers.get("location") ?? "").searchParams.get("code")).toBeString();
  });
});

describe("nobody is sent to an address that is not the client's", () => {
  const cases: readonly (readonly [string, Members])[] = [
    ["another one", { redirect_uri: "http://localhost:9/callback/" }],
    ["another one's beginning", { redirect_uri: `${CALLBACK}/more` }],
    ["with a query beside", { redirect_uri: `${CALLBACK}?x=1` }],
    ["in capitals", { redirect_uri: "http://LOCALHOST:9/callback" }],
    ["another port", { redirect_uri: "http://localhost:10/callback" }],
    ["a script", { redirect_uri: "javascript:alert(1)" }],
    ["a path alone", { redirect_uri: "/callback" }],
    ["none, where there are two", { redirect_uri: undefined }],
    ["an unknown client's", { client_id: "nobody" }],
    ["no client's", { client_id: undefined }],
    ["a client of the other kind", { client_id: "files-client" }],
  ];
  for (const [what, query] of cases) {
    test(what, async () => {
      const people = await own.authorize({ ...query, prompt: "none", login_hint: "bo" });
      expect([people.status, people.location]).toEqual([400, undefined]);
      expect(people.headers.get("content-type")).toStartWith("text/html");
      expect(people.text).toContain("This sign-in cannot go on");
      const programs = await own.authorize(query, { accept: "application/json" });
      expect([programs.status, programs.json.error]).toEqual([400, "invalid_request"]);
    });
  }

  test("an inbound application without addresses has none", async () => {
    await emulator.ok("/v2/mgmt/thirdparty/app/create", { name: "Bare", clientId: "bare" });
    expect((await files.authorize({ client_id: "bare" })).status).toBe(400);
  });

  test("a federated application that names none may use those that the project trusts", async () => {
    const at = (redirect_uri: string) =>
      own.authorize({ client_id: "P2one", redirect_uri, prompt: "none", login_hint: "bo" });
    expect((await at("https://app.example.com/cb")).status).toBe(303);
    const files = { "project.json": { trustedDomains: "example.com, *.example.org" } };
    await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
    const statuses = [];
    for (const host of ["example.com", "app.example.com", "a.example.org", "example.org", "xexample.org"])
      statuses.push((await at(`https://${host}/cb`)).status);
    expect(statuses).toEqual([303, 400, 303, 400, 400]);
  });

  test("a custom scheme and a query of its own stay as they are", async () => {
    const back = await own.authorize({
      redirect_uri: "com.example.app:/back?x=1",
      prompt: "none",
      login_hint: "bo",
    });
    expect(back.location?.href).toStartWith("com.example.app:/back?x=1&code=");
  });
});

describe("other faults are told to the client", () => {
  const cases: readonly (readonly [string, Members, string])[] = [
    ["no response type", { response_type: undefined }, "invalid_request"],
    ["the implicit flow", { response_type: "id_token" }, "unsupported_response_type"],
    ["a response mode", { response_mode: "web_message" }, "invalid_request"],
    ["a request object", { request: "e30.e30." }, "request_not_supported"],
    ["a request object elsewhere", { request_uri: "urn:x" }, "request_uri_not_supported"],
    ["a scope that the application does not have", { scope: "read delete" }, "invalid_scope"],
    ["the plain method", { code_challenge: CHALLENGE, code_challenge_method: "plain" }, "invalid_request"],
    ["no method, which means plain", { code_challenge: CHALLENGE }, "invalid_request"],
    ["a challenge too short", { code_challenge: "x", code_challenge_method: "S256" }, "invalid_request"],
    ["prompts that contradict", { prompt: "none login" }, "invalid_request"],
    ["a tenant that does not exist", { tenant: "none" }, "invalid_request"],
    ["a tenant that the user is not in", { tenant: "globex", login_hint: "bo" }, "access_denied"],
    ["nobody signed in", { login_hint: undefined }, "login_required"],
  ];
  for (const [what, query, error] of cases) {
    test(what, async () => {
      const back = await files.authorize({ prompt: "none", login_hint: "bo", ...query });
      expect(back.location?.href).toStartWith(`${CALLBACK}?`);
      expect(answer(back)).toEqual({
        error,
        error_description: expect.any(String),
        state: "st&ate",
        iss: `${emulator.url}/v1/apps/P2one`,
      });
    });
  }

  test("PKCE is needed where the application says so, and by clients without a secret", async () => {
    const app = await emulator.ok("/v2/mgmt/thirdparty/app/load?id=files");
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", { id: app.id, forcePkce: true });
    const who = { prompt: "none", login_hint: "bo" };
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: "S256" };
    expect(answer(await files.authorize(who)).error).toBe("invalid_request");
    expect(answer(await files.authorize({ ...who, ...pkce })).code).toBeString();
    const spa = { ...who, client_id: btoa("P2one:spa").replace(/=+$/, "") };
    expect(answer(await own.authorize(spa)).error).toBe("invalid_request");
    expect(answer(await own.authorize({ ...spa, ...pkce })).code).toBeString();
  });

  test("in the way that the client wants", async () => {
    const fragment = await own.authorize({ response_mode: "fragment", prompt: "none" });
    expect(fragment.location?.hash).toContain("error=login_required");
    const posted = await own.authorize({ response_mode: "form_post", prompt: "none", login_hint: "bo" });
    expect(posted.status).toBe(200);
    expect(posted.text).toContain(`action="${CALLBACK}"`);
    expect(hidden(posted)).toMatchObject({ state: "st&amp;ate", code: expect.any(String) });
  });

  test("an application that is disabled signs nobody in", async () => {
    await emulator.ok("/v1/mgmt/sso/idp/app/oidc/update", {
      id: "shop",
      name: "Shop",
      enabled: false,
      approvedRedirectUrls: [CALLBACK],
    });
    expect((await own.authorize({ prompt: "none", login_hint: "bo" })).status).toBe(400);
    const refused = await own.token(
      { grant_type: "client_credentials" },
      basic("shop-client", "shop-secret"),
    );
    expect([refused.status, refused.json.error]).toEqual([401, "invalid_client"]);
  });

  test("users of other tenants than those that an application is for are refused", async () => {
    await emulator.ok("/v2/mgmt/thirdparty/app/patch", { id: "files", allowedTenants: ["acme"] });
    const as = async (login_hint: string) => answer(await files.authorize({ prompt: "none", login_hint }));
    expect((await as("ann@example.com")).code).toBeString();
    expect((await as("bo")).error).toBe("access_denied");
  });
});
