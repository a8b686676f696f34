import { describe, expect } from "bun:test";
import descope from "@descope/node-sdk";
import { address, claimsOf, fresh, ok, refused, sorted, suite } from "./suite.ts";

const { sdk, emulator, check, prepare } = suite();
const { user, tenant, role, permission, jwt } = sdk.management;

const tenantA = fresh("tenant-a");
const tenantB = fresh("tenant-b");
const may = fresh("edit ");
const mayLocally = fresh("edit locally ");
const projectRole = fresh("Editor ");
const localRole = fresh("Local ");

prepare(async () => {
  await ok(tenant.createWithId(tenantA, `Name ${tenantA}`, [], { plan: "gold" }));
  await ok(tenant.createWithId(tenantB, `Name ${tenantB}`));
  await ok(permission.create(may));
  await ok(permission.create(mayLocally));
  await ok(role.create(projectRole, "", [may]));
  await ok(role.create(localRole, "", [mayLocally], tenantA));
});

interface NewUser {
  readonly displayName?: string;
  readonly roles?: string[];
  readonly userTenants?: { tenantId: string; roleNames: string[] }[];
}

async function signedIn(options: NewUser = {}) {
  const email = address();
  const { userId } = await ok(user.create(email, { email, ...options }));
  await ok(user.setActivePassword(email, "Correct-Horse-1"));
  const session = await ok(sdk.password.signIn(email, "Correct-Horse-1"));
  return { email, userId, session, refreshJwt: session.refreshJwt as string, sessionJwt: session.sessionJwt };
}

describe("validating", () => {
  check(
    "sdk.validateSession and sdk.validateJwt take what the emulator signed, with its keys fetched",
    async () => {
      const { sessionJwt, refreshJwt, userId } = await signedIn();
      const { token, jwt: same } = await sdk.validateSession(sessionJwt);
      expect(same).toBe(sessionJwt);
      expect(token).toMatchObject({ sub: userId, iss: emulator.projectId, drn: "DS" });
      expect((token.exp as number) - (token.iat as number)).toBe(600);
      expect(typeof token.rexp).toBe("string");
      expect((await sdk.validateJwt(refreshJwt)).token.drn).toBe("DSR");
      expect(claimsOf(refreshJwt).exp - claimsOf(refreshJwt).iat).toBe(28 * 86_400);
    },
  );

  check("the header names algorithm and key, and sdk.getKey finds the key", async () => {
    const { sessionJwt } = await signedIn();
    const header = JSON.parse(Buffer.from(sessionJwt.split(".")[0] as string, "base64url").toString()) as {
      alg: string;
      kid: string;
    };
    expect(header.alg).toBe("RS256");
    const { body } = await emulator.call("GET", `/v2/keys/${emulator.projectId}`);
    expect(body.keys).toContainEqual(
      expect.objectContaining({ kty: "RSA", kid: header.kid, alg: "RS256", use: "sig", e: "AQAB" }),
    );
    await sdk.getKey(header);
    await expect(sdk.getKey({ alg: "RS256", kid: "no-such-key" })).rejects.toThrow();
  });

  check("a client with the public key set beforehand needs no call for it", async () => {
    const { sessionJwt } = await signedIn();
    const { body } = await emulator.call("GET", `/v2/keys/${emulator.projectId}`);
    const offline = descope({
      projectId: emulator.projectId,
      baseUrl: "http://127.0.0.1:9",
      publicKey: JSON.stringify(body.keys[0]),
    });
    expect((await offline.validateSession(sessionJwt)).token.iss).toBe(emulator.projectId);
  });

  check("a token that was changed, cut or signed for another project is refused", async () => {
    const { sessionJwt } = await signedIn();
    const [header, , signature] = sessionJwt.split(".") as [string, string, string];
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(sessionJwt), sub: "U-other" })).toString(
      "base64url",
    );
    await expect(sdk.validateSession(`${header}.${forged}.${signature}`)).rejects.toThrow();
    await expect(sdk.validateSession(sessionJwt.slice(0, -10))).rejects.toThrow();
    await expect(sdk.validateSession("nonsense")).rejects.toThrow();
    const other = descope({ projectId: "PAnother", baseUrl: emulator.url });
    await expect(other.validateSession(sessionJwt)).rejects.toThrow();
  });

  check("the keys of a project that does not exist are refused with an errorCode", async () => {
    const reply = await emulator.call("GET", "/v2/keys/PNowhere", undefined, "Bearer PNowhere");
    if (reply.status === 501) throw new Error(JSON.stringify(reply.body));
    expect(reply.status).toBeWithin(400, 500);
    expect(reply.body.errorCode).toStartWith("E");
  });

  check("an audience that the token does not have is refused", async () => {
    const { sessionJwt } = await signedIn();
    await expect(sdk.validateSession(sessionJwt, { audience: "somebody else" })).rejects.toThrow();
  });

  check("sdk.isJwtExpired tells the living from the dead", async () => {
    const { sessionJwt } = await signedIn();
    expect(sdk.isJwtExpired(sessionJwt)).toBe(false);
  });
});

describe("refreshing", () => {
  check("sdk.refresh and sdk.refreshSession give a new session for the same user", async () => {
    const { refreshJwt, userId, email } = await signedIn();
    const fresher = await ok(sdk.refresh(refreshJwt));
    expect(fresher.user?.loginIds).toEqual([email]);
    expect((await sdk.validateSession(fresher.sessionJwt)).token.sub).toBe(userId);
    const info = await sdk.refreshSession(refreshJwt);
    expect(info.token).toMatchObject({ sub: userId, drn: "DS" });
    const cookies = (fresher as { cookies?: string[] }).cookies ?? [];
    if (fresher.refreshJwt) expect(cookies.join()).toContain("DSR=");
  });

  check(
    "sdk.validateAndRefreshSession uses the session while it is good and the refresh token after",
    async () => {
      const { sessionJwt, refreshJwt, userId } = await signedIn();
      expect((await sdk.validateAndRefreshSession(sessionJwt, refreshJwt)).jwt).toBe(sessionJwt);
      const renewed = await sdk.validateAndRefreshSession("nonsense", refreshJwt);
      expect(renewed.token.sub).toBe(userId);
      expect(renewed.jwt).not.toBe(sessionJwt);
      await expect(sdk.validateAndRefreshSession("nonsense", "nonsense")).rejects.toThrow();
    },
  );

  check("a new session shows what changed: roles, names, claims", async () => {
    const { refreshJwt, email } = await signedIn();
    await ok(user.setRoles(email, [projectRole]));
    const { sessionJwt } = await ok(sdk.refresh(refreshJwt));
    expect(claimsOf(sessionJwt)).toMatchObject({ roles: [projectRole], permissions: [may] });
  });

  check("a session token, nonsense and a lapsed token refresh nothing", async () => {
    const { sessionJwt, refreshJwt } = await signedIn();
    await refused(sdk.refresh(sessionJwt), 401);
    await refused(sdk.refresh("not.a.token"), 401);
    await refused(sdk.refresh(), 401);
    await emulator.advance(29 * 86_400);
    await refused(sdk.refresh(refreshJwt), 401);
    await emulator.advance(-29 * 86_400);
  });

  check("who is deactivated or deleted refreshes no more", async () => {
    const one = await signedIn();
    await ok(user.deactivate(one.email));
    await refused(sdk.refresh(one.refreshJwt), [401, 403]);
    const two = await signedIn();
    await ok(user.delete(two.email));
    await refused(sdk.refresh(two.refreshJwt), [401, 403, 404]);
  });
});

describe("who is signed in", () => {
  check("sdk.me gives the user itself", async () => {
    const { refreshJwt, userId, email } = await signedIn({ displayName: "Me", roles: [projectRole] });
    const me = await ok(sdk.me(refreshJwt));
    expect(me).toMatchObject({ userId, loginIds: [email], name: "Me", roleNames: [projectRole] });
    await refused(sdk.me("not.a.token"), 401);
    await refused(sdk.me(), 401);
  });

  check("sdk.history is a list of the sign-ins", async () => {
    const { refreshJwt, userId } = await signedIn();
    const history = (await ok(sdk.history(refreshJwt))) as unknown as {
      userId: string;
      loginTime: number;
      ip: string;
    }[];
    expect(history).toBeArray();
    expect(history).toHaveLength(1);
    expect(history[0]?.userId).toBe(userId);
    expect(history[0]?.loginTime).toBeGreaterThan(1_600_000_000);
    await refused(sdk.history("not.a.token"), 401);
  });

  check("sdk.myTenants gives the tenants asked for, or the current one", async () => {
    const { refreshJwt } = await signedIn({
      userTenants: [
        { tenantId: tenantA, roleNames: [] },
        { tenantId: tenantB, roleNames: [] },
      ],
    });
    expect((await ok(sdk.myTenants([tenantA], refreshJwt))).tenants).toEqual([
      { id: tenantA, name: `Name ${tenantA}`, customAttributes: { plan: "gold" } },
    ]);
    expect(
      sorted((await ok(sdk.myTenants([tenantA, tenantB], refreshJwt))).tenants.map(({ id }) => id)),
    ).toEqual(sorted([tenantA, tenantB]));
    expect((await ok(sdk.myTenants(["nowhere"], refreshJwt))).tenants).toEqual([]);
    const selected = await ok(sdk.selectTenant(tenantB, refreshJwt));
    expect((await ok(sdk.myTenants(true, selected.refreshJwt))).tenants.map(({ id }) => id)).toEqual([
      tenantB,
    ]);
  });
});

describe("tenants and roles in tokens", () => {
  check("roles and permissions of the project and of each tenant, by every helper", async () => {
    const { sessionJwt } = await signedIn({
      roles: [projectRole],
      userTenants: [
        { tenantId: tenantA, roleNames: [localRole] },
        { tenantId: tenantB, roleNames: [projectRole] },
      ],
    });
    const info = await sdk.validateSession(sessionJwt);
    expect(info.token.tenants).toEqual({
      [tenantA]: expect.objectContaining({ roles: [localRole], permissions: [mayLocally] }),
      [tenantB]: expect.objectContaining({ roles: [projectRole], permissions: [may] }),
    });
    expect(sdk.validateRoles(info, [projectRole])).toBe(true);
    expect(sdk.validateRoles(info, [localRole])).toBe(false);
    expect(sdk.getMatchedRoles(info, [projectRole, localRole])).toEqual([projectRole]);
    expect(sdk.validatePermissions(info, [may])).toBe(true);
    expect(sdk.validatePermissions(info, [mayLocally])).toBe(false);
    expect(sdk.getMatchedPermissions(info, [may, mayLocally])).toEqual([may]);
    expect(sdk.validateTenantRoles(info, tenantA, [localRole])).toBe(true);
    expect(sdk.validateTenantRoles(info, tenantB, [localRole])).toBe(false);
    expect(sdk.getMatchedTenantRoles(info, tenantB, [projectRole, localRole])).toEqual([projectRole]);
    expect(sdk.validateTenantPermissions(info, tenantA, [mayLocally])).toBe(true);
    expect(sdk.validateTenantPermissions(info, "nowhere", [])).toBe(false);
    expect(sdk.getMatchedTenantPermissions(info, tenantA, [may, mayLocally])).toEqual([mayLocally]);
    expect(sorted(sdk.getTenants(sessionJwt))).toEqual(sorted([tenantA, tenantB]));
    expect(sdk.getJwtRoles(sessionJwt)).toEqual([projectRole]);
    expect(sdk.getJwtRoles(sessionJwt, tenantA)).toEqual([localRole]);
    expect(sdk.getJwtPermissions(sessionJwt)).toEqual([may]);
    expect(sdk.getJwtPermissions(sessionJwt, tenantA)).toEqual([mayLocally]);
    expect(sdk.getCurrentTenant(sessionJwt)).toBe("");
  });

  check("who is in no tenant has an empty list of them", async () => {
    const { sessionJwt } = await signedIn();
    expect(claimsOf(sessionJwt).tenants).toEqual({});
    expect(sdk.getTenants(sessionJwt)).toEqual([]);
  });

  check("who is in one tenant has it as the current one", async () => {
    const { sessionJwt } = await signedIn({ userTenants: [{ tenantId: tenantA, roleNames: [] }] });
    expect(sdk.getCurrentTenant(sessionJwt)).toBe(tenantA);
  });

  check(
    "sdk.selectTenant sets the current tenant, which a refresh keeps; a tenant of others is refused",
    async () => {
      const { refreshJwt } = await signedIn({
        userTenants: [
          { tenantId: tenantA, roleNames: [localRole] },
          { tenantId: tenantB, roleNames: [] },
        ],
      });
      const selected = await ok(sdk.selectTenant(tenantA, refreshJwt));
      expect(sdk.getCurrentTenant(selected.sessionJwt)).toBe(tenantA);
      const again = await ok(sdk.refresh(selected.refreshJwt));
      expect(sdk.getCurrentTenant(again.sessionJwt)).toBe(tenantA);
      const outsider = fresh("tenant");
      await ok(tenant.createWithId(outsider, outsider));
      await refused(sdk.selectTenant(outsider, refreshJwt), [400, 401, 403]);
      await refused(sdk.selectTenant(tenantA, "not.a.token"), 401);
    },
  );
});

describe("signing out", () => {
  check("sdk.logout ends this session and no other", async () => {
    const { email, refreshJwt } = await signedIn();
    const other = await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    await ok(sdk.logout(refreshJwt));
    await refused(sdk.refresh(refreshJwt), 401, "E064001");
    await refused(sdk.me(refreshJwt), 401);
    await ok(sdk.refresh(other.refreshJwt));
    await refused(sdk.logout("not.a.token"), 401);
  });

  check("sdk.logoutAll ends them all", async () => {
    const { email, refreshJwt } = await signedIn();
    const other = await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    await ok(sdk.logoutAll(refreshJwt));
    for (const token of [refreshJwt, other.refreshJwt]) await refused(sdk.refresh(token), 401, "E064001");
    await ok(sdk.password.signIn(email, "Correct-Horse-1"));
  });

  check("a sign-in that revokes the others ends them", async () => {
    const { email, refreshJwt } = await signedIn();
    const next = await ok(sdk.password.signIn(email, "Correct-Horse-1", { revokeOtherSessions: true }));
    await refused(sdk.refresh(refreshJwt), 401);
    await ok(sdk.refresh(next.refreshJwt));
  });
});

describe("tokens that the server side makes", () => {
  check("jwt.signUp, jwt.signIn and jwt.signUpOrIn open sessions without asking anybody", async () => {
    const email = address("ann");
    const up = await ok(jwt.signUp(email, { name: "Ann", email }, { customClaims: { k: 1 } }));
    expect(up.user).toMatchObject({ loginIds: [email], name: "Ann" });
    expect(JSON.stringify((await sdk.validateSession(up.sessionJwt)).token)).toContain('"k":1');
    expect((await sdk.validateJwt(up.refreshJwt as string)).token.drn).toBe("DSR");
    await refused(jwt.signUp(email), 400, "E062107");
    const into = await ok(jwt.signIn(email, { customClaims: { k: 2 } }));
    expect(into.user?.userId).toBe(up.user?.userId as string);
    await ok(sdk.refresh(into.refreshJwt));
    await refused(jwt.signIn(address()), [400, 404]);
    const either = address();
    const first = await ok(jwt.signUpOrIn(either));
    expect(first.firstSeen).toBe(true);
    expect((await ok(jwt.signUpOrIn(either))).user?.userId).toBe(first.user?.userId as string);
  });

  check("jwt.update adds claims to a good token and refuses others", async () => {
    const { sessionJwt, refreshJwt, userId } = await signedIn();
    const updated = await ok(jwt.update(sessionJwt, { added: "claim" }));
    expect((await sdk.validateSession(updated.jwt)).token).toMatchObject({
      sub: userId,
      added: "claim",
      drn: "DS",
    });
    const refresh = await ok(jwt.update(refreshJwt, { added: "claim" }, 3600));
    expect((await sdk.validateJwt(refresh.jwt)).token).toMatchObject({ drn: "DSR" });
    await refused(jwt.update("not.a.token", { added: 1 }), [400, 401]);
  });

  check(
    "jwt.impersonate gives a refresh token of the other user, with who acts; jwt.stopImpersonation goes back",
    async () => {
      const name = fresh("Impersonator ");
      await ok(role.create(name, "", ["Impersonate"]));
      const admin = await ok(user.create(address("admin"), { roles: [name] }));
      const email = address("customer");
      const customer = await ok(user.create(email, { email }));
      const { jwt: token } = await ok(jwt.impersonate(admin.userId, email, false, { shop: "north" }));
      const claims = (await sdk.validateJwt(token)).token;
      expect(claims.sub).toBe(customer.userId);
      expect(claims.act).toMatchObject({ sub: admin.userId });
      const session = await ok(sdk.refresh(token));
      expect(claimsOf(session.sessionJwt)).toMatchObject({ sub: customer.userId });
      const { jwt: back } = await ok(jwt.stopImpersonation(token));
      expect((await sdk.validateJwt(back)).token.sub).toBe(admin.userId);
      const nobody = await ok(user.create(address()));
      await refused(jwt.impersonate(nobody.userId, email, false), [400, 401, 403]);
      await refused(jwt.impersonate(admin.userId, address(), false), [400, 404]);
      await refused(jwt.stopImpersonation("not.a.token"), [400, 401]);
    },
  );

  check("jwt.impersonateStepup marks the token as stepped up", async () => {
    const name = fresh("Impersonator ");
    await ok(role.create(name, "", ["Impersonate"]));
    const admin = await ok(user.create(address("admin"), { roles: [name] }));
    const email = address("customer");
    await ok(user.create(email, { email }));
    const { jwt: token } = await ok(jwt.impersonateStepup(admin.userId, email, false));
    expect((await sdk.validateJwt(token)).token).toMatchObject({ su: true });
  });

  check("jwt.anonymous opens a session of nobody", async () => {
    const session = await ok(jwt.anonymous({ shop: "north" }, tenantA));
    const { token } = await sdk.validateSession(session.sessionJwt);
    expect(token.drn).toBe("DS");
    expect(JSON.stringify(token)).toContain('"shop":"north"');
    expect(token.dct).toBe(tenantA);
    expect((await sdk.validateJwt(session.refreshJwt as string)).token.drn).toBe("DSR");
    await ok(sdk.refresh(session.refreshJwt));
  });

  check("jwt.generateClientAssertionJwt signs what it is told", async () => {
    const { jwt: assertion } = await ok(
      jwt.generateClientAssertionJwt("issuer", "subject", ["https://provider.example.com"], 300),
    );
    const claims = claimsOf(assertion);
    expect(claims).toMatchObject({ iss: "issuer", sub: "subject" });
    expect([claims.aud].flat()).toEqual(["https://provider.example.com"]);
    expect(claims.exp - claims.iat).toBe(300);
  });
});
