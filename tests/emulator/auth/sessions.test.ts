import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { requireTenant, tenants } from "../../../src/emulator/entities/tenant.ts";
import { Project } from "../../../src/emulator/project.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { claimsOf, headerOf, PASSWORD, signInClient, type SignInClient } from "../../support/sign-in.ts";

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  emulator = testEmulator({
    seed: {
      tenants: [
        { id: "acme", name: "Acme", customAttributes: { plan: "gold" } },
        { id: "globex", name: "Globex" },
      ],
      permissions: [{ name: "read" }, { name: "write" }],
      roles: [
        { name: "reader", permissionNames: ["read"] },
        { name: "editor", permissionNames: ["read", "write"], tenantId: "acme" },
      ],
    },
  });
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

const ANN = "ann@example.com";
const inTwo = {
  roleNames: ["reader"],
  userTenants: [
    { tenantId: "acme", roleNames: ["editor"] },
    { tenantId: "globex", roleNames: [] },
  ],
};

/** Sets members of the project's own settings. */
async function settings(members: object): Promise<void> {
  const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
  Object.assign(files["project.json"] ?? {}, members);
  await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
}

describe("tokens", () => {
  test("a session token says who, how, what for and how long", async () => {
    const session = await client.session(ANN, inTwo);
    const claims = claimsOf(session.sessionJwt);
    expect<unknown>(claims).toEqual({
      iss: emulator.project,
      sub: session.user.userId,
      drn: "DS",
      amr: ["pwd"],
      iat: expect.any(Number),
      exp: claims.iat + 600,
      rexp: new Date((claims.iat + 28 * 86_400) * 1000).toISOString().replace(".000Z", "Z"),
      jti: expect.any(String),
      roles: ["reader"],
      permissions: ["read"],
      tenants: {
        acme: { roles: ["editor"], permissions: ["read", "write"] },
        globex: { roles: [], permissions: [] },
      },
    });
    expect(session.sessionExpiration).toBe(claims.exp);
  });

  test("a refresh token is good for four weeks, and says so in the reply", async () => {
    const { refreshJwt, ...session } = await client.session(ANN);
    const claims = claimsOf(refreshJwt);
    expect(claims).toMatchObject({
      drn: "DSR",
      iss: emulator.project,
      sub: session.user.userId,
      tenants: {},
    });
    expect(claims.exp - claims.iat).toBe(28 * 86_400);
    expect(session).toMatchObject({
      cookiePath: "/",
      cookieDomain: "",
      cookieExpiration: claims.exp,
      firstSeen: true,
    });
    expect(session.cookieMaxAge).toBeWithin(28 * 86_400 - 2, 28 * 86_400 + 1);
  });

  test("no two are the same, even where time stands still", async () => {
    await client.control("POST", "clock", { freeze: true });
    const first = await client.session(ANN);
    const second = await client.ok("/v1/auth/password/signin", { loginId: ANN, password: PASSWORD });
    expect(second.refreshJwt).not.toBe(first.refreshJwt);
    expect(second.sessionJwt).not.toBe(first.sessionJwt);
  });

  test("the only tenant of a user is the current one; the project's life times are kept", async () => {
    await settings({
      sessionTokenExpiration: 3,
      sessionTokenExpirationUnit: "hours",
      refreshTokenExpiration: 2,
      refreshTokenExpirationUnit: "days",
    });
    const { sessionJwt, refreshJwt } = await client.session(ANN, { userTenants: [{ tenantId: "acme" }] });
    const claims = claimsOf(sessionJwt);
    expect(claims.dct).toBe("acme");
    expect(claims.exp - claims.iat).toBe(3 * 3600);
    expect(claimsOf(refreshJwt).exp - claims.iat).toBe(2 * 86_400);
  });

  test("claims that the signing in side asks for are marked, and take no other's place", async () => {
    await client.session(ANN);
    const customClaims = { shop: "north", sub: "U-other", roles: ["owner"], mail: "{{user.email}}" };
    const body = { loginId: ANN, password: PASSWORD, loginOptions: { customClaims } };
    const { sessionJwt, user } = await client.ok("/v1/auth/password/signin", body);
    const claims = claimsOf(sessionJwt);
    expect(claims).toMatchObject({ shop: "north", sub: user.userId, roles: [] });
    expect(claims.nsec).toEqual({ shop: "north", mail: "" });
    const trusted = await client.ok("/v1/auth/password/signin", body, emulator.managementKey);
    expect(claimsOf(trusted.sessionJwt).nsec).toBeUndefined();
    expect(claimsOf(trusted.sessionJwt).shop).toBe("north");
  });

  test("in cookies where the project keeps them there", async () => {
    await settings({ tokenResponseMethod: "cookie" });
    await client.session(ANN);
    const { body, headers } = await client.call("/v1/auth/password/signin", {
      loginId: ANN,
      password: PASSWORD,
    });
    expect(body).not.toHaveProperty("refreshJwt");
    const cookies = headers.getSetCookie();
    expect(cookies[0]).toMatch(/^DS=[^;]+; Path=\/; Max-Age=600; HttpOnly/);
    const refresh = /^DSR=([^;]+)/.exec(cookies[1] ?? "")?.[1] ?? "";
    expect(claimsOf(refresh).drn).toBe("DSR");
    const again = await emulator.call("/v1/auth/me", undefined, {
      authorization: `Bearer ${emulator.project}`,
      headers: { cookie: `a=b; DSR=${refresh}` },
    });
    expect(again.body.loginIds).toEqual([ANN]);
    const out = await client.call("/v1/auth/logout", {}, refresh);
    expect(out.headers.getSetCookie().every((cookie) => cookie.includes("Max-Age=0"))).toBe(true);
  });
});

describe("refreshing", () => {
  const refresh = (token: string) => client.ok("/v1/auth/refresh", {}, token);

  test("a new session token shows what has changed since", async () => {
    const { refreshJwt } = await client.session(ANN);
    await emulator.ok("/v2/mgmt/user/update/role/add", { loginId: ANN, roleNames: ["reader"] });
    const next = await refresh(refreshJwt);
    expect(next.refreshJwt).toBe("");
    expect(next.firstSeen).toBe(false);
    expect(claimsOf(next.sessionJwt)).toMatchObject({ roles: ["reader"], amr: ["pwd"] });
    expect(next.user.roleNames).toEqual(["reader"]);
  });

  test("without a body, as Go sends it", async () => {
    const { refreshJwt } = await client.session(ANN);
    const { status } = await client.call("/v1/auth/refresh", undefined, refreshJwt, "POST");
    expect(status).toBe(200);
  });

  test("where tokens rotate each is good once, and the life time begins anew", async () => {
    await settings({ rotateJwt: true });
    const { refreshJwt } = await client.session(ANN);
    await client.advance(7 * 86_400);
    const next = await refresh(refreshJwt);
    expect(next.refreshJwt).not.toBe(refreshJwt);
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
    await client.advance(22 * 86_400);
    await refresh(next.refreshJwt);
  });

  test("what is no good refresh token is refused, and says why", async () => {
    const { sessionJwt, refreshJwt } = await client.session(ANN);
    const why = async (token?: string) =>
      (await client.refused(401, "E061005", "/v1/auth/refresh", {}, token)).errorMessage;
    expect(await why()).toContain("refresh token is needed");
    expect(await why(sessionJwt)).toContain("refresh token is needed");
    expect(await why("not.a.token")).toContain("not signed by this project");
    const [head, , signature] = refreshJwt.split(".");
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(refreshJwt), sub: "U-other" })).toString(
      "base64url",
    );
    expect(await why(`${head}.${forged}.${signature}`)).toContain("not signed");
    const unsigned = Buffer.from(JSON.stringify({ ...headerOf(refreshJwt), alg: "none" })).toString(
      "base64url",
    );
    expect(await why(`${unsigned}.${refreshJwt.split(".")[1]}.`)).toContain("not signed");
    await client.advance(28 * 86_400);
    expect(await why(refreshJwt)).toContain("expired");
  });

  test("who was disabled is refused, and gets in again once enabled; who was deleted does not", async () => {
    const { refreshJwt } = await client.session(ANN);
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: ANN, status: "disabled" });
    await client.refused(403, "E061004", "/v1/auth/refresh", {}, refreshJwt);
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: ANN, status: "enabled" });
    await refresh(refreshJwt);
    await emulator.ok("/v1/mgmt/user/delete", { loginId: ANN });
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
  });

  test("an unused session ends where the project counts inactivity", async () => {
    await settings({ enableInactivity: true, inactivityTime: 30, inactivityTimeUnit: "minutes" });
    const { refreshJwt } = await client.session(ANN);
    await client.advance(29 * 60);
    await refresh(refreshJwt);
    await client.advance(29 * 60);
    await refresh(refreshJwt);
    await client.advance(31 * 60);
    await client.refused(401, "E061005", "/v1/auth/refresh", {}, refreshJwt);
  });

  test("trying never fails", async () => {
    const { refreshJwt } = await client.session(ANN);
    const attempt = (token?: string) => client.ok("/v1/auth/try-refresh", {}, token);
    expect((await attempt(refreshJwt)).sessionJwt).not.toBe("");
    for (const token of [undefined, "not.a.token"]) {
      expect(await attempt(token)).toMatchObject({ sessionJwt: "", refreshJwt: "" });
    }
  });
});

describe("signing out", () => {
  test("ends this session and no other; all of them where that is asked", async () => {
    const first = await client.session(ANN);
    const signIn = () => client.ok("/v1/auth/password/signin", { loginId: ANN, password: PASSWORD });
    const [second, third] = [await signIn(), await signIn()];
    await client.ok("/v1/auth/logout", {}, first.refreshJwt);
    await client.refused(401, "E064001", "/v1/auth/me", undefined, first.refreshJwt);
    await client.ok("/v1/auth/me", undefined, second.refreshJwt);
    await client.ok("/v1/auth/logoutall", {}, second.refreshJwt);
    for (const { refreshJwt } of [second, third])
      await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
    await signIn();
  });

  test("a session token is looked up by whoever asks the server, and ends with the session", async () => {
    const { sessionJwt, refreshJwt, user } = await client.session(ANN);
    const { parsedJWT } = await client.ok("/v1/auth/validate", {}, sessionJwt);
    expect(parsedJWT).toMatchObject({ sub: user.userId, drn: "DS", iss: emulator.project });
    expect<unknown>(parsedJWT.exp).toBe(
      new Date(claimsOf(sessionJwt).exp * 1000).toISOString().replace(".000Z", "Z"),
    );
    await client.refused(401, "E061005", "/v1/auth/validate", {}, refreshJwt);
    await client.ok("/v1/auth/logout", {}, refreshJwt);
    await client.refused(401, "E064001", "/v1/auth/validate", {}, sessionJwt);
  });

  test("a session token lapses by the emulator's clock", async () => {
    const { sessionJwt } = await client.session(ANN);
    await client.advance(599);
    await client.ok("/v1/auth/validate", {}, sessionJwt);
    await client.advance(1);
    await client.refused(401, "E061005", "/v1/auth/validate", {}, sessionJwt);
  });

  test("a sign-in may end the sessions before it", async () => {
    const { refreshJwt } = await client.session(ANN);
    const next = await client.ok("/v1/auth/password/signin", {
      loginId: ANN,
      password: PASSWORD,
      loginOptions: { revokeOtherSessions: true },
    });
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
    await client.ok("/v1/auth/refresh", {}, next.refreshJwt);
  });
});

describe("who is signed in", () => {
  test("the user itself, the tenants and the sign-ins so far", async () => {
    const { refreshJwt, user } = await client.session(ANN, inTwo);
    expect<unknown>(await client.ok("/v1/auth/me", undefined, refreshJwt)).toEqual(user);
    const mine = (body: object) => client.ok("/v1/auth/me/tenants", body, refreshJwt);
    expect<unknown>(await mine({ ids: ["acme", "nowhere"] })).toEqual({
      tenants: [{ id: "acme", name: "Acme", customAttributes: { plan: "gold" } }],
    });
    expect<unknown>(await mine({ dct: true })).toEqual({ tenants: [] });
    for (const body of [{}, { dct: true, ids: ["acme"] }])
      await client.refused(400, "E011004", "/v1/auth/me/tenants", body, refreshJwt);
    await client.ok("/v1/auth/password/signin", { loginId: ANN, password: PASSWORD });
    const history = await client.ok("/v1/auth/me/history", undefined, refreshJwt);
    expect<unknown>(history).toEqual(
      [0, 1].map(() => ({
        userId: user.userId,
        loginTime: expect.any(Number),
        city: "",
        country: "",
        ip: "127.0.0.1",
        selectedTenant: "",
      })),
    );
  });

  test("choosing a tenant makes it the current one, which later sessions keep", async () => {
    const { refreshJwt } = await client.session(ANN, inTwo);
    const chosen = await client.ok("/v1/auth/tenant/select", { tenant: "globex" }, refreshJwt);
    expect([claimsOf(chosen.sessionJwt).dct, claimsOf(chosen.refreshJwt).dct]).toEqual(["globex", "globex"]);
    const next = await client.ok("/v1/auth/refresh", {}, chosen.refreshJwt);
    expect(claimsOf(next.sessionJwt).dct).toBe("globex");
    const current = await client.ok("/v1/auth/me/tenants", { dct: true }, chosen.refreshJwt);
    expect(current.tenants.map(({ id }) => id)).toEqual(["globex"]);
    await client.refused(403, "E061004", "/v1/auth/tenant/select", { tenant: "nowhere" }, refreshJwt);
  });

  test("a tenant may have life times of its own", async () => {
    const here = new Project(emulator.project, emulator.world);
    tenants.put(here, {
      ...requireTenant(here, "acme"),
      settings: { enabled: true, sessionTokenExpiration: 1, sessionTokenExpirationUnit: "hours" },
    });
    const { refreshJwt } = await client.session(ANN, inTwo);
    const { sessionJwt } = await client.ok("/v1/auth/tenant/select", { tenant: "acme" }, refreshJwt);
    expect(claimsOf(sessionJwt).exp - claimsOf(sessionJwt).iat).toBe(3600);
  });
});

describe("asking again", () => {
  test("step-up needs who is signed in, marks the token for ten minutes, and goes on with the session", async () => {
    const { refreshJwt } = await client.session(ANN);
    const body = { loginId: ANN, password: PASSWORD, loginOptions: { stepup: true } };
    await client.refused(401, "E061005", "/v1/auth/password/signin", body);
    const other = await client.session("bob@example.com");
    await client.refused(401, "E061005", "/v1/auth/password/signin", body, other.refreshJwt);
    const stepped = await client.ok("/v1/auth/password/signin", body, refreshJwt);
    expect(claimsOf(stepped.sessionJwt)).toMatchObject({ su: true, amr: ["pwd"] });
    await client.advance(590);
    const near = claimsOf((await client.ok("/v1/auth/refresh", {}, refreshJwt)).sessionJwt);
    expect(near.su).toBe(true);
    expect(near.exp - near.iat).toBeLessThanOrEqual(10);
    await client.advance(20);
    expect(claimsOf((await client.ok("/v1/auth/refresh", {}, refreshJwt)).sessionJwt).su).toBeUndefined();
    await client.ok("/v1/auth/logout", {}, stepped.refreshJwt);
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
  });

  test("a second factor by a code that is sent", async () => {
    const { refreshJwt } = await client.session(ANN, { email: ANN });
    await client.ok("/v1/auth/otp/signin/email", { loginId: ANN, loginOptions: { mfa: true } }, refreshJwt);
    const { sessionJwt } = await client.ok("/v1/auth/otp/verify/email", {
      loginId: ANN,
      code: (await client.sent(ANN)).code,
    });
    expect(claimsOf(sessionJwt).amr).toEqual(["pwd", "email", "mfa"]);
    expect(claimsOf((await client.ok("/v1/auth/refresh", {}, refreshJwt)).sessionJwt).amr).toContain("mfa");
  });
});

describe("access keys", () => {
  const create = (body: object) => emulator.ok("/v1/mgmt/accesskey/create", { name: "ci", ...body });
  const exchange = (key: string, loginOptions?: object) =>
    client.ok("/v1/auth/accesskey/exchange", loginOptions === undefined ? {} : { loginOptions }, key);

  test("one is exchanged for a session token of its own roles, tenants and claims", async () => {
    const { key, cleartext } = await create({
      roleNames: ["reader"],
      keyTenants: [{ tenantId: "acme", roleNames: ["editor"] }],
      customClaims: { team: "ci" },
    });
    const { keyId, sessionJwt, expiration } = await exchange(cleartext, {
      customClaims: { run: 7 },
      selectedTenant: "acme",
    });
    expect(keyId).toBe(key.id);
    const claims = claimsOf(sessionJwt);
    expect(claims).toMatchObject({
      sub: key.id,
      drn: "DS",
      iss: emulator.project,
      roles: ["reader"],
      permissions: ["read"],
      tenants: { acme: { roles: ["editor"], permissions: ["read", "write"] } },
      dct: "acme",
      team: "ci",
      run: 7,
      nsec: { run: 7 },
      exp: expiration,
    });
    expect(claims.exp - claims.iat).toBe(600);
    expect((await client.ok("/v1/auth/validate", {}, sessionJwt)).parsedJWT.sub).toBe(key.id);
    await client.refused(
      400,
      "E011004",
      "/v1/auth/accesskey/exchange",
      { loginOptions: { selectedTenant: "globex" } },
      cleartext,
    );
  });

  test("one that is bound to a user has the user's roles, and ends with the user", async () => {
    const { user } = await client.session(ANN, inTwo);
    const { cleartext } = await create({ userId: user.userId });
    const claims = claimsOf((await exchange(cleartext)).sessionJwt);
    expect(claims.roles).toEqual(["reader"]);
    expect(Object.keys(claims.tenants)).toEqual(["acme", "globex"]);
    await emulator.ok("/v1/mgmt/user/delete", { loginId: ANN });
    await client.refused(401, "E061005", "/v1/auth/accesskey/exchange", {}, cleartext);
  });

  test("what is unknown, switched off, expired or used from elsewhere is refused", async () => {
    const refused = (key: string) => client.refused(401, "E061005", "/v1/auth/accesskey/exchange", {}, key);
    await refused("K-nothing");
    const off = await create({});
    await emulator.ok("/v1/mgmt/accesskey/deactivate", { id: off.key.id });
    await refused(off.cleartext);
    const { sessionJwt } = await (async () => {
      await emulator.ok("/v1/mgmt/accesskey/activate", { id: off.key.id });
      return exchange(off.cleartext);
    })();
    await emulator.ok("/v1/mgmt/accesskey/deactivate", { id: off.key.id });
    await client.refused(401, "E061005", "/v1/auth/validate", {}, sessionJwt);
    const soon = await create({ expireTime: emulator.world.clock.seconds() + 60 });
    await exchange(soon.cleartext);
    await client.advance(61);
    await refused(soon.cleartext);
    await refused((await create({ permittedIps: ["10.0.0.0/8"] })).cleartext);
    await exchange((await create({ permittedIps: ["10.0.0.1", "127.0.0.0/8"] })).cleartext);
  });
});
