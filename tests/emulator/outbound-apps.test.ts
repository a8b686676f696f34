import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { OutboundTokenReply, Reply } from "../support/replies.ts";
import { signInClient } from "../support/sign-in.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    seed: {
      tenants: [
        { id: "acme", name: "Acme" },
        { id: "other", name: "Other" },
      ],
      users: [{ loginId: "ann" }, { loginId: "bob" }],
    },
  });
});
afterEach(() => emulator.stop());

const of = <R = Reply>(verb: string, body?: object) => emulator.ok<R>(`/v1/mgmt/outbound/${verb}`, body);
const refused = async (verb: string, body?: object, method?: string) => {
  const { status, body: error } = await emulator.call(
    `/v1/mgmt/outbound/${verb}`,
    body,
    method === undefined ? {} : { method },
  );
  return [status, error.errorCode, error.errorMessage];
};
const newApp = async (more: object = {}): Promise<string> =>
  (await of("app/create", { name: `App ${Math.random()}`, ...more })).app.id;
const userId = async (loginId: string): Promise<string> =>
  (await emulator.ok(`/v1/mgmt/user?loginId=${loginId}`)).user.userId;
const upload = (body: object) => of("app/user/oauthtoken/upload", body);
const latest = (body: object) => of<OutboundTokenReply>("app/user/token/latest", body);
const hour = 3600;

describe("an application", () => {
  test("is told without its secret, which an update keeps and a snapshot names", async () => {
    const { app } = await of("app/create", {
      name: "Calendar",
      clientId: "c",
      clientSecret: "top-secret",
      defaultScopes: ["read"],
      pkce: true,
    });
    expect(app.id).toMatch(/^OA[0-9A-Za-z]{27}$/);
    expect(app).toMatchObject({ name: "Calendar", clientId: "c", defaultScopes: ["read"], pkce: true });
    const { app: after } = await of("app/update", { app: { id: app.id, name: "Dates" } });
    expect(after).toMatchObject({ id: app.id, name: "Dates", clientId: "", defaultScopes: [], pkce: false });
    const told = JSON.stringify([app, after, await of(`app/${app.id}`), await of("apps")]);
    expect(told).not.toContain("ecret");
    const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", { format: "" });
    expect(files["outboundapps.json"]?.apps).toMatchObject([
      { id: app.id, name: "Dates", clientSecret: "PLACEHOLDER_VALUE" },
    ]);
    expect(JSON.stringify(files)).not.toContain("top-secret");
  });

  test("comes with a snapshot into another project, where its secret must be given", async () => {
    await of("app/create", { id: "cal", name: "Calendar", clientId: "c", clientSecret: "top-secret" });
    const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
    await of("app/delete", { id: "cal" });
    expect((await of("apps")).apps).toEqual([]);
    const { missingSecrets } = await emulator.ok("/v1/mgmt/project/snapshot/validate", { files });
    expect(missingSecrets.outboundApps).toEqual([{ id: "cal", name: "Calendar", type: "clientsecret" }]);
    await emulator.ok("/v1/mgmt/project/snapshot/import", {
      files,
      inputSecrets: { outboundApps: [{ id: "cal", name: "Calendar", type: "clientsecret", value: "new" }] },
    });
    expect((await of("app/cal")).app).toMatchObject({ id: "cal", name: "Calendar", clientId: "c" });
  });

  test("has its id and, for one tenant or all, its name to itself; what it refers to exists", async () => {
    await of("app/create", { id: "one", name: "One" });
    const taken = "There is an outbound application";
    expect(await refused("app/create", { id: "one", name: "Two" })).toEqual([
      400,
      "E011004",
      `${taken} one already`,
    ]);
    expect(await refused("app/create", { name: "One" })).toEqual([
      400,
      "E011004",
      `${taken} with the name One already`,
    ]);
    await of("app/create", { name: "One", tenantId: "acme" });
    expect((await refused("app/create", { name: "X", tenantId: "nothing" }))[0]).toBe(404);
    expect((await refused("app/create", {}))[1]).toBe("E011002");
    expect((await refused("app/create", { name: "X", accessType: "sometimes" }))[1]).toBe("E011003");
    expect((await refused("app/create", { name: "X", tokenUrl: "no url" }))[1]).toBe("E011004");
  });

  test("is made by a template, which the request overrides, or by registering itself", async () => {
    const { app } = await of("app/create/bytemplate", {
      templateId: "google",
      id: "mine",
      clientId: "c",
      overrides: { name: "My Google" },
    });
    expect(app).toMatchObject({
      id: "mine",
      name: "My Google",
      templateId: "google",
      tokenUrl: "https://oauth2.googleapis.com/token",
    });
    const { app: registered } = await of("app/create/bydcrpreset", {
      dcrPresetId: "linear",
      tenantId: "acme",
    });
    expect(registered).toMatchObject({ useDcr: true, tenantId: "acme" });
    expect(registered.clientId).not.toBe("");
    expect((await refused("app/create/bytemplate", { templateId: "nothing" }))[0]).toBe(404);
    expect((await refused("app/create/bydcrpreset", { dcrPresetId: "nothing" }))[0]).toBe(404);
  });

  test("goes with its tokens, and says so in the trail", async () => {
    const appId = await newApp();
    await upload({ appId, userId: "ann", accessToken: "a" });
    await of("app/delete", { id: appId });
    expect((await refused("app/delete", { id: appId }))[0]).toBe(404);
    expect((await of("apps-with-user-token?userId=ann")).appIds).toEqual([]);
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", { oldestFirst: true });
    expect(
      audits.map(({ action }) => action).filter((action: string) => action.startsWith("Outbound")),
    ).toEqual(["OutboundAppCreated", "OutboundAppTokenCreated", "OutboundAppDeleted"]);
  });
});

test("a tenant's application goes with it; one that a snapshot brings back can still be changed", async () => {
  const [all, own] = [await newApp(), await newApp({ name: "Own", tenantId: "acme" })];
  for (const appId of [all, own]) await upload({ appId, userId: "ann", accessToken: "t" });
  const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
  await emulator.ok("/v1/mgmt/tenant/delete", { id: "acme" });
  expect((await of("apps")).apps.map(({ id }: { id: string }) => id)).toEqual([all]);
  await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
  expect((await of("app/update", { app: { id: own, name: "Renamed" } })).app).toMatchObject({
    name: "Renamed",
    tenantId: "acme",
  });
  expect(await refused("app/update", { app: { id: own, name: "X", tenantId: "nowhere" } })).toEqual([
    404,
    "E011004",
    "There is no tenant nowhere",
  ]);
  expect((await of("apps-with-user-token?userId=ann")).appIds).toEqual([all]);
  await emulator.ok("/v1/mgmt/project/snapshot/import", {
    files: { ...files, "outboundapps.json": { ...files["outboundapps.json"], apps: [] } },
  });
  expect((await of("apps-with-user-token?userId=ann")).appIds).toEqual([]);
});

describe("tokens", () => {
  test("are found by the latest, or by the scopes they cover; each set of scopes has its own", async () => {
    const appId = await newApp();
    await upload({ appId, userId: "ann", accessToken: "both", scopes: ["a", "b"] });
    await upload({ appId, userId: "ann", accessToken: "one", scopes: ["a"] });
    const by = async (scopes: string[]) =>
      (await of<OutboundTokenReply>("app/user/token", { appId, userId: "ann", scopes })).token.accessToken;
    expect((await latest({ appId, userId: "ann" })).token.accessToken).toBe("one");
    expect(await by(["a"])).toBe("one");
    expect(await by(["b"])).toBe("both");
    await upload({ appId, userId: "ann", accessToken: "again", scopes: ["b", "a"] });
    expect(await by(["b"])).toBe("again");
    expect((await refused("app/user/token", { appId, userId: "ann", scopes: ["c"] }))[0]).toBe(404);
  });

  test("are a user's, a user's in a tenant, a tenant's, or an account's: never another's", async () => {
    const appId = await newApp();
    await upload({ appId, userId: "ann", accessToken: "own" });
    await upload({ appId, userId: "ann", tenantId: "acme", accessToken: "in acme" });
    await upload({ appId, userId: "ann", externalIdentifier: "work", accessToken: "of work" });
    await of("app/tenant/oauthtoken/upload", { appId, tenantId: "acme", accessToken: "of acme" });
    const token = async (body: object) => (await latest({ appId, userId: "ann", ...body })).token.accessToken;
    expect(await token({})).toBe("own");
    expect(await token({ tenantId: "acme" })).toBe("in acme");
    expect(await token({ externalIdentifier: "work" })).toBe("of work");
    const tenant = await of("app/tenant/token/latest", { appId, tenantId: "acme" });
    expect(tenant.token).toMatchObject({ accessToken: "of acme", userId: "", tenantId: "acme" });
    expect((await refused("app/tenant/token/latest", { appId, tenantId: "other" }))[0]).toBe(404);
    expect((await refused("app/user/token/latest", { appId, userId: "bob" }))[0]).toBe(404);
    expect((await of("apps-with-user-token?userId=ann&tenantId=acme")).appIds).toEqual([appId]);
    expect((await of("apps-with-user-token?userId=ann&tenantId=other")).appIds).toEqual([]);
  });

  test("are refreshed when they have expired, or when that is asked for", async () => {
    const auth = signInClient(emulator);
    const appId = await newApp();
    const { time } = await auth.control("GET", "clock");
    const expiry = Math.floor(new Date(time).getTime() / 1000) + hour;
    await upload({
      appId,
      userId: "ann",
      accessToken: "old",
      refreshToken: "again",
      accessTokenExpiry: expiry,
    });
    expect((await latest({ appId, userId: "ann" })).token).toMatchObject({
      accessToken: "old",
      accessTokenExpiry: String(expiry),
      hasRefreshToken: true,
      lastRefreshTime: "0",
    });
    const forced = await latest({
      appId,
      userId: "ann",
      options: { forceRefresh: true, withRefreshToken: true },
    });
    expect(forced.token.accessToken).not.toBe("old");
    expect(forced.token.refreshToken).toBe("again");
    expect(forced.token.lastRefreshTime).not.toBe("0");
    const kept = await latest({ appId, userId: "ann" });
    expect(kept.token.accessToken).toBe(forced.token.accessToken);
    expect(kept.token).not.toHaveProperty("refreshToken");
    await auth.advance(2 * hour);
    const renewed = await latest({ appId, userId: "ann" });
    expect(renewed.token.accessToken).not.toBe(kept.token.accessToken);
    expect(renewed.token.id).toBe(kept.token.id);
  });

  test("that have expired and cannot be refreshed are none", async () => {
    const appId = await newApp();
    await upload({ appId, userId: "ann", accessToken: "old", accessTokenExpiry: 1 });
    expect(await refused("app/user/token/latest", { appId, userId: "ann" })).toEqual([
      404,
      "E011004",
      `The token of the outbound application ${appId} has expired and cannot be refreshed`,
    ]);
    expect((await of("apps-with-user-token?userId=ann")).appIds).toEqual([]);
    await upload({ appId, userId: "bob", refreshToken: "only" });
    expect((await latest({ appId, userId: "bob" })).token.accessToken).not.toBe("");
  });

  test("in a batch are kept together or not at all", async () => {
    const appId = await newApp();
    const good = { appId, userId: "ann", accessToken: "good" };
    const { failures } = await of("app/user/oauthtoken/batch/upload", {
      tokens: [good, { appId, userId: "nobody", accessToken: "x" }, { appId, userId: "bob" }],
    });
    expect<unknown>(failures).toEqual([
      { appId, userId: "nobody", errorCode: "E152110", reason: "There is no user nobody" },
      {
        appId,
        userId: "bob",
        errorCode: "E152110",
        reason: "One of the fields accessToken and refreshToken is required",
      },
    ]);
    expect((await refused("app/user/token/latest", { appId, userId: "ann" }))[0]).toBe(404);
    expect<unknown>(await of("app/user/oauthtoken/batch/upload", { tokens: [good] })).toEqual({
      failures: [],
    });
    const tenants = await of("app/tenant/oauthtoken/batch/upload", {
      tokens: [{ appId, tenantId: "nothing", accessToken: "x" }],
    });
    expect(tenants.failures).toMatchObject([{ appId, tenantId: "nothing" }]);
  });

  test("may be keys, one for each owner, where the application takes them", async () => {
    const keys = await newApp({ appType: "apikey" });
    await of("app/user/apikey/upload", { appId: keys, userId: "ann", apiKey: "first" });
    await of("app/user/apikey/upload", { appId: keys, userId: "ann", apiKey: "second" });
    const { token } = await latest({ appId: keys, userId: "ann" });
    expect(token).toMatchObject({ accessToken: "second", accessTokenType: "apikey" });
    await emulator.ok(`/v1/mgmt/outbound/token?id=${token.id}`, undefined, { method: "DELETE" });
    expect((await refused("app/user/token/latest", { appId: keys, userId: "ann" }))[0]).toBe(404);
    const isOf = (type: string) => expect.stringContaining(`is of the type ${type}`);
    expect(
      await refused("app/user/oauthtoken/upload", { appId: keys, userId: "ann", accessToken: "x" }),
    ).toEqual([400, "E011004", isOf("apikey")]);
    const oauth = await newApp({ appType: "oauth" });
    expect(
      await refused("app/tenant/apikey/upload", { appId: oauth, tenantId: "acme", apiKey: "k" }),
    ).toEqual([400, "E011004", isOf("oauth")]);
  });

  test("go by user, by application, and with their user or tenant", async () => {
    const [one, two] = [await newApp(), await newApp()];
    for (const appId of [one, two])
      for (const user of ["ann", "bob"]) await upload({ appId, userId: user, accessToken: "t" });
    await of("app/tenant/oauthtoken/upload", { appId: one, tenantId: "acme", accessToken: "t" });
    const remove = (query: string) =>
      emulator.ok(`/v1/mgmt/outbound/user/tokens?${query}`, undefined, { method: "DELETE" });
    const apps = async (user: string) => (await of(`apps-with-user-token?userId=${user}`)).appIds;
    await remove(`appId=${one}&userId=ann`);
    expect([await apps("ann"), await apps("bob")]).toEqual([[two], [one, two]]);
    await remove("userId=ann");
    expect(await apps("ann")).toEqual([]);
    await remove(`appId=${two}`);
    expect(await apps("bob")).toEqual([one]);
    expect(
      (await of<OutboundTokenReply>("app/tenant/token/latest", { appId: one, tenantId: "acme" })).token
        .accessToken,
    ).toBe("t");
    expect((await refused("user/tokens", undefined, "DELETE"))[1]).toBe("E011002");
    await emulator.ok("/v1/mgmt/tenant/delete", { id: "acme", cascade: true });
    await emulator.ok("/v1/mgmt/tenant/create", { id: "acme", name: "Acme" });
    expect((await refused("app/tenant/token/latest", { appId: one, tenantId: "acme" }))[0]).toBe(404);
  });
});

describe("connecting", () => {
  const begin = async (body: object, loginId = "carol") => {
    const auth = signInClient(emulator);
    const { refreshJwt } = await auth.session(loginId);
    return auth.call("/v1/outbound/oauth/connect", body, refreshJwt);
  };
  const browse = async (url: string) => {
    const response = await fetch(url, { redirect: "manual" });
    return { status: response.status, to: response.headers.get("location"), page: await response.text() };
  };

  test("leads to a page, and back with a token of the scopes that were asked for", async () => {
    const appId = await newApp({ name: "Cal & Co", defaultScopes: ["usual"] });
    const options = { redirectUrl: "https://app.example.com/done?x=1", scopes: ["read"] };
    const { status, body } = await begin({ appId, options });
    expect(status).toBe(200);
    const shown = await browse(body.url);
    expect(shown).toMatchObject({ status: 200, to: null });
    expect(shown.page).toContain("Connect Cal &amp; Co");
    expect(await browse(`${body.url}&answer=allow`)).toMatchObject({
      status: 302,
      to: "https://app.example.com/done?x=1",
    });
    const { token } = await latest({ appId, userId: "carol" });
    expect(token).toMatchObject({ userId: await userId("carol"), scopes: ["read"], hasRefreshToken: true });
    expect((await browse(`${body.url}&answer=allow`)).status).toBe(400);
  });

  test("may be denied, and then there is no token", async () => {
    const appId = await newApp({ defaultRedirectUrl: "https://app.example.com/usual" });
    const { body } = await begin({ appId });
    expect((await browse(`${body.url}&answer=deny`)).to).toBe(
      "https://app.example.com/usual?err=access_denied",
    );
    expect((await refused("app/user/token/latest", { appId, userId: "carol" }))[0]).toBe(404);
  });

  test("is for members of the tenant, with an address to come back to", async () => {
    const appId = await newApp();
    const redirectUrl = "https://app.example.com";
    expect((await begin({ appId })).body.errorCode).toBe("E011002");
    const evil = await begin({ appId, options: { redirectUrl: "javascript:alert(1)" } }, "dave");
    expect(evil.body.errorCode).toBe("E011004");
    expect((await begin({ appId, tenantId: "acme", options: { redirectUrl } }, "erin")).status).toBe(403);
    const anonymous = await emulator.call("/v1/mgmt/outbound/app/connect", {
      appId,
      options: { redirectUrl },
    });
    expect(anonymous.status).toBe(401);
  });

  test("a session's own token fetches nothing: that is for applications with the scope", async () => {
    const auth = signInClient(emulator);
    const appId = await newApp();
    const { sessionJwt } = await auth.session("carol");
    await upload({ appId, userId: "carol", accessToken: "t" });
    await auth.refused(
      403,
      "E061004",
      "/v1/mgmt/outbound/app/user/token/latest",
      { appId, userId: "carol" },
      sessionJwt,
    );
    await auth.refused(
      401,
      "E061005",
      "/v1/mgmt/outbound/app/user/token/latest",
      { appId, userId: "carol" },
      "a.b.c",
    );
    await auth.refused(401, "E061005", "/v1/mgmt/outbound/apps", undefined, sessionJwt);
  });
});

describe("telling federated applications of users", () => {
  test("is set by versions, and keeps secrets to itself", async () => {
    const { id: appId } = await emulator.ok("/v1/mgmt/sso/idp/app/oidc/create", {
      name: "A",
      loginPageUrl: "https://e.com",
    });
    const { configuration: made } = await of("scim/create", {
      appId,
      configuration: { url: "https://a", token: "hush" },
    });
    expect(made).toMatchObject({
      appId,
      enabled: false,
      version: 1,
      configuration: { url: "https://a", token: "PLACEHOLDER_VALUE" },
    });
    expect((await refused("scim/create", { appId }))[0]).toBe(400);
    const { configuration: changed } = await of("scim/update", {
      appId,
      version: 1,
      configuration: { url: "https://b", token: "PLACEHOLDER_VALUE" },
    });
    expect(changed).toMatchObject({
      version: 2,
      configuration: { url: "https://b", token: "PLACEHOLDER_VALUE" },
    });
    expect((await refused("scim/update", { appId, version: 1, configuration: {} }))[0]).toBe(409);
    expect<unknown>(await of("scim/enabled/set", { appId, enabled: true })).toMatchObject({
      configuration: { enabled: true },
    });
    await emulator.ok("/v1/mgmt/sso/idp/app/delete", { id: appId });
    expect((await refused(`scim/${appId}`))[0]).toBe(404);
    expect((await refused("scim/create", { appId }))[0]).toBe(404);
  });
});
