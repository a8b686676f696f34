import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { jwtTemplates } from "../../../src/emulator/entities/jwt-template.ts";
import { Project } from "../../../src/emulator/project.ts";
import { setAt } from "../../support/documents.ts";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import type { User } from "../../support/replies.ts";
import { claimsOf, signInClient, type SignInClient } from "../../support/sign-in.ts";

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  emulator = testEmulator({
    seed: {
      tenants: [
        { id: "acme", name: "Acme", customAttributes: { plan: "gold" } },
        { id: "globex", name: "Globex" },
      ],
      roles: [{ name: "reader" }],
    },
  });
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

const ANN = "ann@example.com";
const BOB = "bob@example.com";

describe("sessions that a backend opens", () => {
  const post = (what: string, body: object) => emulator.call(`/v1/mgmt/auth/${what}`, body);
  const ok = (what: string, body: object) => emulator.ok(`/v1/mgmt/auth/${what}`, body);

  test("for somebody new, for somebody known, and for either", async () => {
    const up = await ok("signup", {
      loginId: ANN,
      user: { email: ANN, phone: "+15550001111", name: "Ann" },
      emailVerified: true,
      userTenants: [{ tenantId: "acme", roleNames: ["reader"] }],
      customClaims: { k: 1 },
    });
    expect(up.user).toMatchObject({ name: "Ann", verifiedEmail: true, verifiedPhone: false });
    expect(claimsOf(up.sessionJwt)).toMatchObject({ k: 1, dct: "acme" });
    expect(claimsOf(up.sessionJwt).nsec).toBeUndefined();
    expect((await post("signup", { loginId: ANN })).body.errorCode).toBe("E062107");
    expect((await post("signin", { loginId: "nobody" })).body.errorCode).toBe("E112102");
    const into = await ok("signin", { loginId: ANN, customClaims: { k: 2 }, refreshDuration: 3600 });
    expect(into.firstSeen).toBe(false);
    expect(claimsOf(into.refreshJwt).exp - claimsOf(into.refreshJwt).iat).toBe(3600);
    await client.advance(3601);
    await client.refused(401, "E061005", "/v1/auth/refresh", {}, into.refreshJwt);
    expect((await ok("signup-in", { loginId: ANN })).user.userId).toBe(up.user.userId);
    expect((await ok("signup-in", { loginId: BOB })).firstSeen).toBe(true);
  });

  test("step-up and second factors take the token of the session that is there", async () => {
    const { refreshJwt } = await client.session(ANN);
    expect((await post("signin", { loginId: ANN, stepup: true })).body.errorCode).toBe("E011002");
    const stepped = await ok("signin", { loginId: ANN, stepup: true, jwt: refreshJwt });
    expect(claimsOf(stepped.sessionJwt)).toMatchObject({ su: true, amr: ["pwd"] });
    const other = await client.session(BOB);
    expect((await post("signin", { loginId: ANN, stepup: true, jwt: other.refreshJwt })).status).toBe(401);
  });

  test("of nobody, with roles and a tenant; a refresh gets more", async () => {
    const session = await ok("anonymous", {
      customClaims: { cart: 7 },
      selectedTenant: "acme",
      roles: ["reader"],
      refreshDuration: 3600,
    });
    expect(session).not.toHaveProperty("user");
    expect(claimsOf(session.sessionJwt)).toMatchObject({
      cart: 7,
      dct: "acme",
      roles: ["reader"],
      tenants: { acme: { roles: [], permissions: [] } },
      amr: [],
      sub: expect.stringMatching(/^U/),
    });
    const next = await client.ok("/v1/auth/refresh", {}, session.refreshJwt);
    expect(claimsOf(next.sessionJwt).cart).toBe(7);
    await client.refused(403, "E061004", "/v1/auth/me", undefined, session.refreshJwt);
    expect((await post("anonymous", { selectedTenant: "nowhere" })).status).toBe(404);
    expect((await post("anonymous", { roles: ["nothing"] })).status).toBe(400);
  });
});

describe("claims that a backend adds", () => {
  const update = (body: object) => emulator.call("/v1/mgmt/jwt/update", body);

  test("are in a new token of the same kind, and in later ones", async () => {
    const { sessionJwt, refreshJwt } = await client.session(ANN);
    const { body } = await update({ jwt: sessionJwt, customClaims: { shop: "north", sub: "other" } });
    expect(claimsOf(body.jwt)).toMatchObject({ drn: "DS", shop: "north", sub: claimsOf(sessionJwt).sub });
    const longer = await update({ jwt: refreshJwt, customClaims: { till: 3 }, refreshDuration: 60 });
    const claims = claimsOf(longer.body.jwt);
    expect(claims).toMatchObject({ drn: "DSR", shop: "north", till: 3 });
    expect(claims.exp - claims.iat).toBe(60);
    const next = await client.ok("/v1/auth/refresh", {}, refreshJwt);
    expect(claimsOf(next.sessionJwt)).toMatchObject({ shop: "north", till: 3 });
    expect((await update({ jwt: "not.a.token", customClaims: {} })).status).toBe(401);
    expect((await update({ customClaims: {} })).body.errorMessage).toContain("jwt");
  });
});

describe("acting as another user", () => {
  let ann: User;
  let bob: User;
  beforeEach(async () => {
    ({ user: ann } = await client.session(ANN, { roleNames: ["Tenant Admin"] }));
    ({ user: bob } = await client.session(BOB, {
      userTenants: [{ tenantId: "acme" }, { tenantId: "globex" }],
    }));
  });
  const impersonate = (more: object = {}) =>
    emulator.call("/v1/mgmt/impersonate", { impersonatorId: ann.userId, loginId: BOB, ...more });

  test("the token is the other's, says who acts, and going back gives the own one", async () => {
    const { body } = await impersonate({ customClaims: { ticket: 7 }, selectedTenant: "acme" });
    const claims = claimsOf(body.jwt);
    expect(claims).toMatchObject({
      sub: bob.userId,
      act: { sub: ann.userId },
      ticket: 7,
      dct: "acme",
      drn: "DSR",
    });
    const { sessionJwt, user } = await client.ok("/v1/auth/refresh", {}, body.jwt);
    expect(user.userId).toBe(bob.userId);
    expect(claimsOf(sessionJwt).act).toEqual({ sub: ann.userId });
    const { jwt } = await emulator.ok("/v1/mgmt/stop/impersonation", { jwt: body.jwt });
    expect(claimsOf(jwt)).toMatchObject({ sub: ann.userId, drn: "DSR" });
    expect(claimsOf(jwt).act).toBeUndefined();
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, body.jwt);
    expect((await emulator.call("/v1/mgmt/stop/impersonation", { jwt })).status).toBe(400);
    const { audits } = await emulator.ok("/v1/mgmt/audit/search", { actorIds: [ann.userId] });
    expect(audits.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["ImpersonationStarted", "ImpersonationStopped"]),
    );
  });

  test("with step-up", async () => {
    const { jwt } = await emulator.ok("/v1/mgmt/impersonate/stepup", { impersonatorId: ANN, loginId: BOB });
    expect(claimsOf(jwt)).toMatchObject({ sub: bob.userId, su: true, drn: "DS" });
    expect(claimsOf(jwt).act).toBeDefined();
    await client.ok("/v1/auth/validate", {}, jwt);
    expect((await emulator.call("/v1/mgmt/stop/impersonation", { jwt })).status).toBe(200);
    await client.refused(401, "E064001", "/v1/auth/validate", {}, jwt);
  });

  test("only for who may, with the other's consent where that is asked for", async () => {
    expect((await impersonate({ impersonatorId: BOB, loginId: ANN })).status).toBe(403);
    expect((await impersonate({ impersonatorId: "nobody" })).body.errorCode).toBe("E112102");
    expect((await impersonate({ validateConsent: true })).body.errorCode).toBe("E063302");
    expect((await impersonate({ selectedTenant: "nowhere" })).status).toBe(400);
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: BOB, status: "disabled" });
    expect((await impersonate()).status).toBe(403);
  });
});

describe("client assertions", () => {
  test("are signed with what was asked for", async () => {
    const ask = { issuer: "i", subject: "s", audience: ["https://a.example.com"], expiresIn: 300 };
    const { jwt } = await emulator.ok("/v1/mgmt/token/clientassertion", ask);
    expect(claimsOf(jwt)).toMatchObject({ iss: "i", sub: "s", aud: ["https://a.example.com"] });
    expect(claimsOf(jwt).exp - claimsOf(jwt).iat).toBe(300);
    const flat = await emulator.ok("/v1/mgmt/token/clientassertion", { ...ask, flattenAudience: true });
    expect(claimsOf(flat.jwt).aud).toBe("https://a.example.com");
    const other = await emulator.call("/v1/mgmt/token/clientassertion", { ...ask, algorithm: "ES384" });
    expect(other.status).toBe(400);
  });
});

describe("templates", () => {
  async function use(template: object, type: "user" | "key" = "user"): Promise<void> {
    const { files } = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
    setAt(files, ["project.json", `${type}TemplateId`], "T1");
    await emulator.ok("/v1/mgmt/project/snapshot/import", { files });
    const project = new Project(emulator.project, emulator.world);
    jwtTemplates.put(project, {
      id: "T1",
      name: "t",
      description: "",
      source: "",
      tags: [],
      type,
      template: {},
      authSchema: "default",
      conformanceIssuer: false,
      autoDCT: true,
      enforceIssuer: false,
      emptyClaimPolicy: "none",
      overrideSubject: false,
      issuerType: "legacy",
      omitCustomClaimsFromDSR: false,
      addJti: false,
      excludePermissions: false,
      ...template,
    });
  }

  test("add claims of the user, the tenant and the project, as values and in texts", async () => {
    await use({
      template: {
        mail: "{{user.email}}",
        hello: "Hello {{ user.name }} of {{tenant.name}}",
        plan: "{{tenant.customAttributes.plan}}",
        tags: "{{user.customAttributes.tags}}",
        nothing: "{{user.customAttributes.nothing}}",
        sub: "ignored",
        deep: [{ id: "{{user.userId}}" }],
      },
      emptyClaimPolicy: "delete",
    });
    const { sessionJwt, refreshJwt, user } = await client.session(ANN, {
      email: ANN,
      name: "Ann",
      customAttributes: { tags: ["a", "b"] },
      userTenants: [{ tenantId: "acme" }],
    });
    for (const token of [sessionJwt, refreshJwt]) {
      expect(claimsOf(token)).toMatchObject({
        mail: ANN,
        hello: "Hello Ann of Acme",
        plan: "gold",
        tags: ["a", "b"],
        deep: [{ id: user.userId }],
        sub: user.userId,
      });
      expect(claimsOf(token)).not.toHaveProperty("nothing");
    }
  });

  test("shape what is in the token: subject, issuer, roles, permissions, the refresh token", async () => {
    await use({
      template: { sub: "{{user.email}}", mail: "{{user.email}}" },
      overrideSubject: true,
      conformanceIssuer: true,
      authSchema: "tenantOnly",
      excludePermissions: true,
      autoDCT: false,
      omitCustomClaimsFromDSR: true,
    });
    const { sessionJwt, refreshJwt, user } = await client.session(ANN, {
      email: ANN,
      roleNames: ["reader"],
      userTenants: [{ tenantId: "acme", roleNames: ["reader"] }],
    });
    const claims = claimsOf(sessionJwt);
    expect(claims).toMatchObject({
      sub: ANN,
      dsub: user.userId,
      iss: `${emulator.url}/${emulator.project}`,
      tenants: { acme: { roles: ["reader"] } },
    });
    for (const absent of ["roles", "permissions", "dct"]) expect(claims).not.toHaveProperty(absent);
    expect(claims.tenants.acme).not.toHaveProperty("permissions");
    expect(claimsOf(refreshJwt)).not.toHaveProperty("mail");
    await client.ok("/v1/auth/me", undefined, refreshJwt);
  });

  test("of access keys", async () => {
    await use({ template: { key: "{{accessKey.name}}" } }, "key");
    const { cleartext } = await emulator.ok("/v1/mgmt/accesskey/create", { name: "ci" });
    const { sessionJwt } = await client.ok("/v1/auth/accesskey/exchange", {}, cleartext);
    expect(claimsOf(sessionJwt).key).toBe("ci");
    expect(claimsOf((await client.session(ANN)).sessionJwt)).not.toHaveProperty("key");
  });
});
