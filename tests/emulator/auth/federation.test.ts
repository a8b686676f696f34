import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { setAt } from "../../support/documents.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import type { Group } from "../../support/replies.ts";
import { claimsOf, signInClient, type SignInClient } from "../../support/sign-in.ts";

const BACK = "https://app.example.com/done?from=here";

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  const roles = ["admin", "writer", "reader", "other"].map((name) => ({ name }));
  emulator = testEmulator({ seed: { roles } });
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

/** Goes to an address as a browser does that follows nothing. */
async function visit(url: string, more: Readonly<Record<string, string>> = {}) {
  const address = new URL(url);
  for (const [name, content] of Object.entries(more)) address.searchParams.set(name, content);
  const response = await fetch(address, { redirect: "manual" });
  return {
    status: response.status,
    location: response.headers.get("location"),
    policy: response.headers.get("content-security-policy"),
    text: await response.text(),
  };
}

/** The code with which somebody comes back. */
async function codeOf(url: string, who: Readonly<Record<string, string>>): Promise<string> {
  const { location, text } = await visit(url, who);
  if (location === null) throw new Error(`no way back: ${text}`);
  return new URL(location).searchParams.get("code") ?? "";
}

async function oauth(
  who: Readonly<Record<string, string>>,
  start = "",
  query = "",
  options = {},
  token?: string,
) {
  const path = `/v1/auth/oauth/authorize${start}?provider=google&redirectURL=${encodeURIComponent(BACK)}${query}`;
  const { url } = await client.ok(path, options, token);
  return client.call("/v1/auth/oauth/exchange", { code: await codeOf(url, who) });
}

async function oauthOk(...given: Parameters<typeof oauth>) {
  const { status, body } = await oauth(...given);
  expect<unknown>({ status, errorMessage: body.errorMessage }).toEqual({
    status: 200,
    errorMessage: undefined,
  });
  return body;
}

describe("providers such as Google", () => {
  test("somebody new signs up, comes again, and is one user", async () => {
    const who = {
      login_hint: "ann@example.com",
      given_name: "Ann",
      family_name: "Lee",
      picture: "https://p.example/a",
    };
    const first = await oauthOk(who);
    expect(first).toMatchObject({ firstSeen: true });
    expect(first.user).toMatchObject({
      email: "ann@example.com",
      verifiedEmail: true,
      name: "Ann Lee",
      givenName: "Ann",
      familyName: "Lee",
      picture: "https://p.example/a",
      OAuth: { google: true },
    });
    expect(first.user.loginIds).toEqual(["ann@example.com", expect.stringMatching(/^google-\d{21}$/)]);
    expect(claimsOf(first.sessionJwt)).toMatchObject({ amr: ["oauth"], sub: first.user.userId });
    const again = await oauthOk({ login_hint: "ann@example.com" });
    expect<unknown>(again.user).toEqual({ ...first.user, modifiedTime: expect.any(Number) });
    expect(again.firstSeen).toBe(false);
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", {});
    expect(audits.map(({ action, method }) => [action, method]).reverse()).toEqual([
      ["UserCreated", ""],
      ["LoginSucceed", "oauth"],
      ["LoginSucceed", "oauth"],
    ]);
  });

  test("the way back keeps what the address has, and a code is good once, for a while", async () => {
    const { url } = await client.ok(
      `/v1/auth/oauth/authorize?provider=github&redirectUrl=${encodeURIComponent(BACK)}`,
      {},
    );
    const { status, location } = await visit(url, { login_hint: "a@example.com" });
    expect(status).toBe(302);
    expect(location).toStartWith(`${BACK}&code=`);
    const code = new URL(location ?? "").searchParams.get("code");
    await client.refused(401, "E061005", "/v1/auth/sso/exchange", { code });
    await client.ok("/v1/auth/oauth/exchange", { code });
    await client.refused(401, "E061005", "/v1/auth/oauth/exchange", { code });
    expect((await visit(url, { login_hint: "a@example.com" })).status).toBe(400);
    const { url: next } = await client.ok(`/v1/auth/oauth/authorize?provider=github&redirectUrl=${BACK}`, {});
    const late = await codeOf(next, { login_hint: "a@example.com" });
    await client.advance(181);
    await client.refused(401, "E061005", "/v1/auth/oauth/exchange", { code: late });
  });

  test("a user with that address is the same one; an address that is not verified is nobody's", async () => {
    const { user } = await emulator.ok("/v1/mgmt/user/create", {
      loginId: "bob",
      email: "bob@example.com",
      verifiedEmail: true,
    });
    expect((await oauthOk({ login_hint: "x", email: "bob@example.com" })).user.userId).toBe(user.userId);
    const other = await oauthOk({
      login_hint: "bob@example.com",
      email_verified: "false",
      email: "eve@example.com",
    });
    await emulator.ok("/v1/mgmt/user/create", { loginId: "carl@example.com", email: "carl@example.com" });
    const unproved = await oauthOk({ login_hint: "carl@example.com", email_verified: "false" });
    expect(unproved.user).toMatchObject({ email: "carl@example.com", verifiedEmail: false });
    expect(unproved.user.loginIds).toEqual([expect.stringMatching(/^google-/)]);
    expect(new Set([user.userId, other.user.userId, unproved.user.userId]).size).toBe(3);
  });

  test("an address of somebody else's that was never verified does not make two users one", async () => {
    await emulator.ok("/v1/mgmt/user/create", { loginId: "mallory", email: "dan@example.com" });
    const { user } = await oauthOk({ login_hint: "d", email: "dan@example.com" });
    expect(user.loginIds[0]).toBe("dan@example.com");
    expect(user.loginIds).not.toContain("mallory");
  });

  test("a hint may name any user, by login id or user id", async () => {
    const { user } = await emulator.ok("/v1/mgmt/user/create", {
      loginId: "+15551234567",
      phone: "+15551234567",
    });
    for (const login_hint of ["+15551234567", user.userId])
      expect((await oauthOk({ login_hint })).user).toMatchObject({
        userId: user.userId,
        OAuth: { google: true },
      });
  });

  test("sign-in wants somebody known, sign-up somebody new", async () => {
    const unknown = await oauth({ login_hint: "a@example.com" }, "/signin");
    expect(unknown).toMatchObject({ status: 404, body: { errorCode: "E062108" } });
    await oauthOk({ login_hint: "a@example.com" }, "/signup");
    const known = await oauth({ login_hint: "a@example.com" }, "/signup");
    expect(known).toMatchObject({ status: 400, body: { errorCode: "E062107" } });
    await oauthOk({ login_hint: "a@example.com" }, "/signin");
  });

  test("whoever is signed in gets another way to sign in, and takes over another user only if asked", async () => {
    const { user, refreshJwt } = await client.session("ann");
    const linked = await oauthOk({ login_hint: "ann@gmail.com" }, "/update", "", {}, refreshJwt);
    expect(linked.user).toMatchObject({ userId: user.userId, email: "ann@gmail.com", verifiedEmail: true });
    expect((await oauthOk({ login_hint: "ann@gmail.com" })).user.userId).toBe(user.userId);
    await emulator.ok("/v1/mgmt/user/create", { loginId: "other@gmail.com", email: "other@gmail.com" });
    const taken = await oauth({ login_hint: "other@gmail.com" }, "/update", "", {}, refreshJwt);
    expect(taken).toMatchObject({ status: 400, body: { errorCode: "E062107" } });
    const merged = await oauthOk(
      { login_hint: "other@gmail.com" },
      "/update",
      "&allowAllMerge=true",
      {},
      refreshJwt,
    );
    expect(merged.user.userId).toBe(user.userId);
    expect(merged.user.loginIds).toContain("other@gmail.com");
    await client.refused(
      401,
      "E061005",
      `/v1/auth/oauth/authorize/update?provider=google&redirectUrl=${BACK}`,
      {},
    );
  });

  test("a second factor is added to the session of the same user, and of no other", async () => {
    const { user, refreshJwt } = await client.session("ann@example.com", { email: "ann@example.com" });
    const mfa = await oauthOk(
      { login_hint: "ann@example.com" },
      "",
      "",
      { mfa: true, customClaims: { k: 1 } },
      refreshJwt,
    );
    expect(claimsOf(mfa.sessionJwt)).toMatchObject({ sub: user.userId, amr: ["pwd", "oauth", "mfa"], k: 1 });
    const other = await oauth({ login_hint: "bob@example.com" }, "", "", { stepup: true }, refreshJwt);
    expect(other.status).toBe(401);
    const stepped = await oauthOk({ login_hint: "ann@example.com" }, "", "", { stepup: true }, refreshJwt);
    expect(claimsOf(stepped.sessionJwt).su).toBe(true);
  });

  test("a disabled user does not come in, nor anybody by a provider that is not there", async () => {
    await emulator.ok("/v1/mgmt/user/create", { loginId: "ann@example.com" });
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: "ann@example.com", status: "disabled" });
    expect((await oauth({ login_hint: "ann@example.com" })).status).toBe(403);
    await client.refused(400, "E011004", `/v1/auth/oauth/authorize?provider=nowhere&redirectUrl=${BACK}`, {});
    await client.refused(400, "E011003", "/v1/auth/oauth/authorize", {});
    for (const evil of ["javascript:alert(1)", "data:text/html,x", "nonsense"])
      await client.refused(
        400,
        "E011004",
        `/v1/auth/oauth/authorize?provider=google&redirectUrl=${encodeURIComponent(evil)}`,
        {},
      );
  });

  test("tokens of a provider are kept where the project says so", async () => {
    const { files } = await emulator.ok("/v1/mgmt/project/export", {});
    setAt(files, ["auth/oauth.json", "providerSettings", "google", "manageProviderTokens"], true);
    setAt(files, ["auth/oauth.json", "providerSettings", "google", "scopes"], ["calendar"]);
    setAt(files, ["auth/oauth.json", "providerSettings", "apple", "enabled"], false);
    await emulator.ok("/v1/mgmt/project/import", { files });
    await oauthOk({ login_hint: "ann@example.com" });
    const token = await emulator.ok("/v1/mgmt/user/provider/token?loginId=ann@example.com&provider=google");
    expect(token).toMatchObject({
      provider: "google",
      scopes: ["calendar"],
      accessToken: expect.any(String),
    });
    await client.refused(403, "E061004", `/v1/auth/oauth/authorize?provider=apple&redirectUrl=${BACK}`, {});
  });
});

describe("the page", () => {
  test("offers users and fields, escapes them, loads nothing, and leads back", async () => {
    const name = `<img src=x onerror="alert('x')">`;
    const { user } = await emulator.ok("/v1/mgmt/user/create", { loginId: "ann@example.com", name });
    const { url } = await client.ok(
      `/v1/auth/oauth/authorize?provider=google&redirectUrl=${BACK}&loginHint=${encodeURIComponent('"><b>')}`,
      {},
    );
    const { status, text, policy, location } = await visit(url);
    expect({ status, location }).toEqual({ status: 200, location: null });
    expect(text).toContain("Sign in with Google");
    expect(text).toContain(`value="${user.userId}"`);
    expect(text).not.toContain("<img");
    expect(text).not.toContain('"><b>"');
    expect(text).not.toMatch(/<script|<link|src=(?!x)|url\(/);
    expect(policy).toStartWith("default-src 'none'");
    // As a browser sends the form when the button of a user is pressed: all fields, and the button.
    const pressed = await visit(url, { typed: "", given_name: "", family_name: "", login_hint: user.userId });
    expect(pressed.status).toBe(302);
    const code = new URL(pressed.location ?? "").searchParams.get("code");
    expect((await client.ok("/v1/auth/oauth/exchange", { code })).user.userId).toBe(user.userId);
  });

  test("somebody typed is somebody new; what is no address is said so; cancelling is told to the application", async () => {
    const start = async () =>
      (await client.ok(`/v1/auth/oauth/authorize?provider=google&redirectUrl=${BACK}`, {})).url as string;
    const url = await start();
    const wrong = await visit(url, { login_hint: "ann", email: "nonsense" });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain("The email field is not an e-mail address");
    const code = await codeOf(url, { typed: "ann@example.com", given_name: "Ann", family_name: "" });
    expect((await client.ok("/v1/auth/oauth/exchange", { code })).user).toMatchObject({
      givenName: "Ann",
      name: "Ann",
    });
    const cancelled = await visit(await start(), { typed: "", error: "access_denied" });
    expect(cancelled.location).toBe(`${BACK}&err=access_denied`);
    expect(
      (await visit(`${emulator.url}/_emulator/identity-provider?project=${emulator.project}&state=x`)).status,
    ).toBe(400);
    expect((await visit(`${emulator.url}/_emulator/identity-provider?project=Px&state=x`)).status).toBe(404);
  });
});

describe("single sign-on of a tenant", () => {
  const sso = async (
    who: Readonly<Record<string, string>>,
    query = "tenant=acme",
    options = {},
    token?: string,
  ) => {
    const { url } = await client.ok(
      `/v1/auth/sso/authorize?${query}&redirectURL=${encodeURIComponent(BACK)}`,
      options,
      token,
    );
    return client.ok("/v1/auth/sso/exchange", { code: await codeOf(url, who) });
  };
  beforeEach(async () => {
    await emulator.ok("/v1/mgmt/tenant/create", { id: "acme", name: "Acme" });
  });
  const configure = (settings: object = {}, more: object = {}) =>
    emulator.ok("/v1/mgmt/sso/saml/metadata", {
      tenantId: "acme",
      settings: { idpMetadataUrl: "https://idp.example.com/m", ...settings },
      domains: ["acme.com"],
      ...more,
    });

  test("a tenant without it is refused, as is one that is not there", async () => {
    await client.refused(403, "E061004", `/v1/auth/sso/authorize?tenant=acme&redirectURL=${BACK}`, {});
    await client.refused(404, "E011004", `/v1/auth/saml/authorize?tenant=nowhere&redirectURL=${BACK}`, {});
  });

  test("somebody new becomes a user of the tenant, which the session chooses", async () => {
    await configure();
    const session = await sso({ login_hint: "ann@acme.com", given_name: "Ann" });
    expect(session).toMatchObject({ firstSeen: true, tenantSSOID: "default" });
    expect(session.user).toMatchObject({
      loginIds: ["ann@acme.com"],
      givenName: "Ann",
      verifiedEmail: true,
      SAML: true,
      OIDC: false,
      userTenants: [{ tenantId: "acme" }],
    });
    expect(claimsOf(session.sessionJwt)).toMatchObject({ amr: ["fed"], dct: "acme", tenants: { acme: {} } });
    const again = await sso({ login_hint: "ann@acme.com" }, "tenant=bob@ACME.com");
    expect(again.user.userId).toBe(session.user.userId);
    expect((await sso({ login_hint: "ann@acme.com" }, "tenant=acme.com")).user.userId).toBe(
      session.user.userId,
    );
  });

  test("attributes go where the tenant maps them", async () => {
    await emulator.ok("/v1/mgmt/user/customattribute/create", { attributes: [{ name: "level", type: 2 }] });
    await configure({
      attributeMapping: {
        givenName: "first",
        phoneNumber: "tel",
        group: "memberOf",
        customAttributes: { level: "grade", unit: "department" },
      },
    });
    const { user, idpResponse } = await sso({
      login_hint: "ann@acme.com",
      first: "Ann",
      tel: "+15551234567",
      grade: "7",
      department: "Sales",
      memberOf: "admins, staff",
    });
    expect(user).toMatchObject({
      givenName: "Ann",
      phone: "+15551234567",
      customAttributes: { level: 7, unit: "Sales" },
    });
    expect(idpResponse.idpSAMLAttributes).toMatchObject({ department: "Sales" });
  });

  test("the claims of a tenant's OIDC provider are mapped too, and another sign-on of its own", async () => {
    await emulator.ok("/v1/mgmt/sso/settings/new", {
      tenantId: "acme",
      ssoId: "second",
      displayName: "Second",
    });
    await emulator.ok("/v1/mgmt/sso/oidc", {
      tenantId: "acme",
      ssoId: "second",
      settings: {
        name: "x",
        clientId: "c",
        redirectUrl: BACK,
        userAttrMapping: { loginId: "upn", name: "cn" },
      },
      domains: ["second.com"],
    });
    const session = await sso(
      { login_hint: "ann@acme.com", upn: "ann.lee", cn: "Ann Lee" },
      "tenant=acme&ssoId=second",
    );
    expect(session).toMatchObject({
      tenantSSOID: "second",
      user: { loginIds: ["ann.lee"], name: "Ann Lee", OIDC: true, SAML: false },
    });
    expect(session.idpResponse.idpOIDCClaims).toMatchObject({ upn: "ann.lee" });
    const { url } = await client.ok("/v1/auth/sso/authorize?tenant=x@second.com", {});
    expect((await visit(url, { login_hint: "a@second.com" })).location).toStartWith(BACK);
  });

  test("a user who is not of the tenant is the same one only where the project merges users", async () => {
    await configure();
    const { user } = await emulator.ok("/v1/mgmt/user/create", {
      loginId: "ann@acme.com",
      email: "ann@acme.com",
    });
    const apart = await sso({ login_hint: "ann@acme.com" });
    expect(apart.user.userId).not.toBe(user.userId);
    expect(apart.user.loginIds).toEqual(["acme-ann@acme.com"]);
    expect((await sso({ login_hint: "ann@acme.com" })).user.userId).toBe(apart.user.userId);
    const { files } = await emulator.ok("/v1/mgmt/project/export", {});
    setAt(files, ["auth/sso.json", "mergeUsers"], true);
    await emulator.ok("/v1/mgmt/project/import", { files });
    await emulator.ok("/v1/mgmt/user/delete", { loginId: apart.user.userId });
    expect((await sso({ login_hint: "ann@acme.com" })).user.userId).toBe(user.userId);
  });

  test("groups give roles in the tenant, anew each time; other roles stay", async () => {
    await configure({
      roleMappings: [
        { groups: ["admins"], roleName: "admin" },
        { groups: ["staff", "admins"], roleName: "writer" },
      ],
      defaultSSORoles: ["reader"],
    });
    const { user } = await emulator.ok("/v1/mgmt/user/create", {
      loginId: "ann@acme.com",
      userTenants: [{ tenantId: "acme", roleNames: ["other"] }],
    });
    const rolesWith = async (groups: string) => {
      const session = await sso({ login_hint: "ann@acme.com", groups });
      expect(session.user.userId).toBe(user.userId);
      expect(session.idpResponse.idpGroups).toEqual(groups === "" ? [] : groups.split(","));
      const roles = session.user.userTenants[0]?.roleNames ?? [];
      expect(claimsOf(session.sessionJwt).tenants.acme).toMatchObject({ roles });
      return roles.toSorted();
    };
    expect(await rolesWith("")).toEqual(["other", "reader"]);
    expect(await rolesWith("admins")).toEqual(["admin", "other", "reader", "writer"]);
    expect(await rolesWith("staff")).toEqual(["other", "reader", "writer"]);
    expect(await rolesWith("nobodies")).toEqual(["other", "reader"]);
    await configure({ groupsPriority: ["staff", "admins"] });
    expect(await rolesWith("admins,staff")).toEqual(["other", "reader", "writer"]);
  });

  test("groups are told, and what they give is calculated anew for all where the tenant maps them otherwise", async () => {
    await configure({
      roleMappings: [
        { groups: ["admins"], roleName: "admin" },
        { groups: ["staff"], roleName: "writer" },
      ],
      defaultSSORoles: ["reader"],
    });
    const signInAs = (login_hint: string, groups: string) => sso({ login_hint, groups });
    const { user } = await signInAs("ann@acme.com", "admins,staff");
    await signInAs("bob@acme.com", "staff");
    await emulator.ok("/v1/mgmt/user/create", {
      loginId: "carl@acme.com",
      userTenants: [{ tenantId: "acme", roleNames: ["writer"] }],
    });
    await emulator.ok("/v1/mgmt/user/update/role/add", {
      loginId: "ann@acme.com",
      tenantId: "acme",
      roleNames: ["other"],
    });
    const all = await emulator.ok<Group[]>("/v1/mgmt/group/all", { tenantId: "acme" });
    expect(all).toEqual([
      {
        id: expect.any(String),
        display: "admins",
        source: "saml",
        members: [
          { userId: user.userId, loginId: "ann@acme.com", loginID: "ann@acme.com", display: user.name },
        ],
      },
      expect.objectContaining({ display: "staff", members: [expect.anything(), expect.anything()] }),
    ]);
    const of = async (loginIds: string[]) =>
      (await emulator.ok<Group[]>("/v1/mgmt/group/member/all", { tenantId: "acme", loginIds })).map(
        ({ display }) => display,
      );
    expect(await of(["bob@acme.com"])).toEqual(["staff"]);
    expect<unknown>(
      await emulator.ok("/v1/mgmt/group/members", { tenantId: "acme", groupId: all[0]?.id }),
    ).toEqual([all[0]]);
    const rolesOf = async (loginId: string) =>
      (await emulator.ok(`/v1/mgmt/user?loginId=${loginId}`)).user.userTenants[0]?.roleNames.sort();
    const recalculate = (ssoId?: string) =>
      emulator.call("/v1/mgmt/sso/recalculate-mappings", { tenantId: "acme", ssoId });
    await configure({ roleMappings: [{ groups: ["staff"], roleName: "admin" }], defaultSSORoles: ["other"] });
    expect(await rolesOf("bob@acme.com")).toEqual(["reader", "writer"]);
    expect<unknown>((await recalculate()).body).toEqual({});
    expect(await rolesOf("ann@acme.com")).toEqual(["admin", "other"]);
    expect(await rolesOf("bob@acme.com")).toEqual(["admin", "other"]);
    expect(await rolesOf("carl@acme.com")).toEqual(["writer"]);
    await signInAs("ann@acme.com", "");
    expect(await rolesOf("ann@acme.com")).toEqual(["other"]);
    expect(await of(["ann@acme.com"])).toEqual([]);
    expect((await recalculate("nowhere")).status).toBe(404);
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", { actions: ["SSOMappingsRecalculated"] });
    expect(audits).toMatchObject([{ tenants: ["acme"] }]);
  });

  test("groups give relations too, and take them away", async () => {
    const dsl = "model AuthZ 1.0\n\ntype user\n\ntype doc\n  relation viewer: user\n  relation owner: user\n";
    await emulator.ok("/v1/mgmt/fga/schema", { dsl });
    const given = (...names: string[]) => ({
      relations: names.map((relationDefinition) => ({
        resource: "d1",
        relationDefinition,
        namespace: "doc",
      })),
    });
    await configure({ fgaMappings: { staff: given("viewer"), admins: given("viewer", "owner") } });
    const relationsWith = async (groups: string) => {
      const { user } = await sso({ login_hint: "ann@acme.com", groups });
      return relationsOf(user.userId);
    };
    const relationsOf = async (userId: string) => {
      const tuples = ["viewer", "owner"].map((relation) => ({
        resource: "d1",
        resourceType: "doc",
        relation,
        target: userId,
        targetType: "user",
      }));
      const checked = await emulator.ok("/v1/mgmt/fga/check", { tuples });
      return checked.tuples.map(({ allowed }: { allowed: boolean }) => allowed);
    };
    expect(await relationsWith("")).toEqual([false, false]);
    expect(await relationsWith("admins,staff")).toEqual([true, true]);
    expect(await relationsWith("staff")).toEqual([true, false]);
    expect(await relationsWith("others")).toEqual([false, false]);
    const { user } = await sso({ login_hint: "ann@acme.com", groups: "staff" });
    await configure({ fgaMappings: { staff: given("owner") } });
    expect(await relationsOf(user.userId)).toEqual([true, false]);
    await emulator.ok("/v1/mgmt/sso/recalculate-mappings", { tenantId: "acme" });
    expect(await relationsOf(user.userId)).toEqual([false, true]);
    await emulator.ok("/v1/mgmt/tenant/delete", { id: "acme" });
    expect(await relationsOf(user.userId)).toEqual([false, false]);
  });

  test("what groups gave goes with the single sign-on, what somebody else gave stays", async () => {
    const dsl = "model AuthZ 1.0\n\ntype user\n\ntype doc\n  relation viewer: user\n";
    await emulator.ok("/v1/mgmt/fga/schema", { dsl });
    const relations = [{ resource: "d1", relationDefinition: "viewer", namespace: "doc" }];
    const roleMappings = [{ groups: ["staff"], roleName: "reader" }];
    await configure({ roleMappings, fgaMappings: { staff: { relations } } });
    const { user } = await sso({ login_hint: "ann@acme.com", groups: "staff" });
    await emulator.ok("/v1/mgmt/user/update/role/add", {
      loginId: "ann@acme.com",
      tenantId: "acme",
      roleNames: ["writer"],
    });
    const mayView = async () => {
      const tuple = { resource: "d1", resourceType: "doc", relation: "viewer", targetType: "user" };
      const { tuples } = await emulator.ok("/v1/mgmt/fga/check", {
        tuples: [{ ...tuple, target: user.userId }],
      });
      return tuples[0]?.allowed;
    };
    const roles = async () =>
      (await emulator.ok("/v1/mgmt/user?loginId=ann@acme.com")).user.userTenants[0]?.roleNames.sort();
    expect([await roles(), await mayView()]).toEqual([["reader", "writer"], true]);
    await emulator.call("/v1/mgmt/sso/settings?tenantId=acme", undefined, { method: "DELETE" });
    expect([await roles(), await mayView()]).toEqual([["writer"], false]);
    expect<unknown>(await emulator.ok("/v1/mgmt/group/all", { tenantId: "acme" })).toEqual([]);
  });

  test("what the provider says of groups leaves those of the directory alone", async () => {
    await configure({ roleMappings: [{ groups: ["crew"], roleName: "reader" }] });
    const { cleartext } = await emulator.ok("/v1/mgmt/scim/key/create", { tenantId: "acme" });
    const directory = async (path: string, body: object) =>
      (
        await emulator.call(`/scim/v2/${path}`, body, {
          authorization: `Bearer ${emulator.project}:${cleartext}`,
        })
      ).body;
    const { id } = await directory("Users", { userName: "ann@acme.com" });
    await directory("Groups", { displayName: "crew", members: [{ value: id }] });
    const { user } = await sso({ login_hint: "ann@acme.com", groups: "crew,staff" });
    expect(user.userId).toBe(id);
    const again = (await sso({ login_hint: "ann@acme.com", groups: "" })).user;
    expect(again.userTenants[0]?.roleNames).toEqual(["reader"]);
    expect<unknown>(await emulator.ok("/v1/mgmt/group/all", { tenantId: "acme" })).toEqual([
      expect.objectContaining({ display: "crew", source: "scim", members: [expect.anything()] }),
      expect.objectContaining({ display: "crew", source: "saml", members: [] }),
      expect.objectContaining({ display: "staff", source: "saml", members: [] }),
    ]);
  });

  test("a tenant that makes no users by itself lets in those alone who are there", async () => {
    await configure();
    await emulator.ok("/v1/mgmt/tenant/settings", { tenantId: "acme", JITDisabled: true });
    await emulator.ok("/v1/mgmt/user/create", {
      loginId: "ann@acme.com",
      userTenants: [{ tenantId: "acme" }],
    });
    expect((await sso({ login_hint: "ann@acme.com" })).user.loginIds).toEqual(["ann@acme.com"]);
    const { url } = await client.ok(`/v1/auth/sso/authorize?tenant=acme&redirectURL=${BACK}`, {});
    const code = await codeOf(url, { login_hint: "bob@acme.com" });
    await client.refused(404, "E062108", "/v1/auth/sso/exchange", { code });
    expect((await emulator.call("/v1/mgmt/user?loginId=bob@acme.com")).status).toBe(404);
  });

  test("the page has the tenant's users alone", async () => {
    await configure();
    await emulator.ok("/v1/mgmt/user/create", {
      loginId: "in@acme.com",
      userTenants: [{ tenantId: "acme" }],
    });
    await emulator.ok("/v1/mgmt/user/create", { loginId: "out@else.com" });
    const { url } = await client.ok(`/v1/auth/saml/authorize?tenant=acme&redirectURL=${BACK}`, {});
    const { text } = await visit(url);
    expect(text).toContain("Sign in with Acme");
    expect(text).toContain("in@acme.com");
    expect(text).not.toContain("out@else.com");
    expect(text).toContain('name="groups"');
  });
});

describe("a provider's own library", () => {
  const tokens = (more: object = {}) =>
    emulator.ok("/_emulator/identity-provider/id-token", {
      project: emulator.project,
      provider: "google",
      login_hint: "ann@example.com",
      given_name: "Ann",
      ...more,
    });

  test("one tap: the client's id, a session for an id token, or a code for it", async () => {
    const { clientId } = await client.ok("/v1/auth/onetap/clientid/google");
    const { idToken } = await tokens({ nonce: "n1" });
    expect(claimsOf(idToken)).toMatchObject({ aud: clientId, email: "ann@example.com", nonce: "n1" });
    const body = { provider: "google", idToken, nonce: "n1" };
    const session = await client.ok("/v1/auth/onetap/idtoken/exchange", body);
    expect(session.user).toMatchObject({ email: "ann@example.com", OAuth: { google: true } });
    const { code } = await client.ok("/v1/auth/onetap/idtoken/verify", body);
    const again = await client.ok("/v1/auth/oauth/exchange", { code });
    expect(again.user.userId).toBe(session.user.userId);
    for (const wrong of [
      { ...body, nonce: "n2" },
      { ...body, provider: "github" },
      { ...body, idToken: session.sessionJwt },
      { ...body, idToken: idToken.slice(0, -8) + "AAAAAAAA" },
    ])
      await client.refused(401, "E061005", "/v1/auth/onetap/idtoken/exchange", wrong);
    await client.advance(601);
    await client.refused(401, "E061005", "/v1/auth/onetap/idtoken/exchange", body);
  });

  test("an id token is no session token", async () => {
    await client.session("ann@example.com");
    const { idToken } = await tokens();
    await client.refused(401, "E061005", "/v1/auth/validate", {}, idToken);
    await client.refused(401, "E061005", "/v1/auth/me", undefined, idToken);
  });

  test("native: an id token for the nonce that was given, or a code; once", async () => {
    const start = () => client.ok("/v1/auth/oauth/native/start", { provider: "google", implicit: true });
    const { stateId, nonce, implicit, clientId } = await start();
    expect({ implicit, clientId }).toEqual({ implicit: true, clientId: "emulated-google" });
    const finish = { provider: "google", stateId, idToken: (await tokens({ nonce })).idToken };
    const session = await client.ok("/v1/auth/oauth/native/finish", finish);
    expect(claimsOf(session.sessionJwt).amr).toEqual(["oauth"]);
    await client.refused(401, "E061005", "/v1/auth/oauth/native/finish", finish);
    const other = await start();
    await client.refused(401, "E061005", "/v1/auth/oauth/native/finish", {
      ...finish,
      stateId: other.stateId,
    });
    const third = await start();
    const { code } = await tokens();
    const byCode = await client.ok("/v1/auth/oauth/native/finish", {
      provider: "google",
      stateId: third.stateId,
      code,
    });
    expect(byCode.user.userId).toBe(session.user.userId);
  });
});
