import { describe, expect } from "bun:test";
import { address, fresh, ok, refused, sorted, suite } from "./suite.ts";

const { sdk, check } = suite();
const {
  tenant,
  role,
  sso,
  ssoApplication,
  inboundApplication,
  outboundApplication,
  scopeClaimMapping,
  jwtTemplate,
  user,
} = sdk.management;

async function newTenant(): Promise<string> {
  const id = fresh("tenant");
  await ok(tenant.createWithId(id, id));
  return id;
}

describe("single sign-on settings of tenants", () => {
  check("sso.configureSAMLSettings is what sso.loadSettings gives", async () => {
    const id = await newTenant();
    const roleName = fresh("Role ");
    await ok(role.create(roleName));
    await ok(
      sso.configureSAMLSettings(
        id,
        {
          idpUrl: "https://idp.example.com/sso",
          entityId: "idp-entity",
          idpCert: "cert",
          attributeMapping: { name: "displayName", email: "mail" },
          roleMappings: [{ groups: ["admins"], roleName }],
          defaultSSORoles: [roleName],
        },
        "https://app.example.com/done",
        [`${id}.com`],
      ),
    );
    const { saml, tenant: of } = await ok(sso.loadSettings(id));
    expect(saml).toMatchObject({
      idpSSOUrl: "https://idp.example.com/sso",
      idpEntityId: "idp-entity",
      idpCertificate: "cert",
      redirectUrl: "https://app.example.com/done",
      attributeMapping: { name: "displayName", email: "mail" },
    });
    expect(saml?.groupsMapping).toMatchObject([{ groups: ["admins"], roleName }]);
    expect(saml?.defaultSSORoles).toEqual([roleName]);
    expect(of).toMatchObject({ id, authType: "saml", domains: [`${id}.com`] });
    expect((await ok(tenant.load(id))).authType).toBe("saml");
  });

  check("sso.configureSAMLByMetadata keeps the address of the metadata", async () => {
    const id = await newTenant();
    await ok(
      sso.configureSAMLByMetadata(
        id,
        { idpMetadataUrl: "https://idp.example.com/metadata" },
        "https://app.example.com",
      ),
    );
    expect((await ok(sso.loadSettings(id))).saml).toMatchObject({
      idpMetadataUrl: "https://idp.example.com/metadata",
    });
  });

  check("sso.configureOIDCSettings is what sso.loadSettings gives, without the secret", async () => {
    const id = await newTenant();
    await ok(
      sso.configureOIDCSettings(
        id,
        {
          name: "IdP",
          clientId: "client",
          clientSecret: "do-not-show-me",
          authUrl: "https://idp.example.com/authorize",
          tokenUrl: "https://idp.example.com/token",
          userDataUrl: "https://idp.example.com/userinfo",
          JWKsUrl: "https://idp.example.com/jwks",
          scope: ["openid", "email"],
          attributeMapping: { loginId: "sub", email: "email" },
          issuer: "https://idp.example.com",
        },
        [`${id}.com`],
      ),
    );
    const settings = await ok(sso.loadSettings(id));
    expect(settings.oidc).toMatchObject({
      name: "IdP",
      clientId: "client",
      authUrl: "https://idp.example.com/authorize",
      scope: ["openid", "email"],
      attributeMapping: { loginId: "sub", email: "email" },
    });
    expect(JSON.stringify(settings)).not.toContain("do-not-show-me");
    expect(settings.tenant.authType).toBe("oidc");
  });

  check(
    "sso.newSettings makes another configuration beside the first; loadAllSettings gives both",
    async () => {
      const id = await newTenant();
      await ok(sso.newSettings(id, "second", "Second"));
      await ok(
        sso.configureSAMLByMetadata(
          id,
          { idpMetadataUrl: "https://second.example.com/m" },
          undefined,
          undefined,
          "second",
        ),
      );
      const all = await ok(sso.loadAllSettings(id));
      expect(all.map(({ ssoId }) => ssoId)).toContain("second");
      expect((await ok(sso.loadSettings(id, "second"))).saml?.idpMetadataUrl).toBe(
        "https://second.example.com/m",
      );
      await ok(sso.deleteSettings(id, "second"));
      expect((await ok(sso.loadAllSettings(id))).map(({ ssoId }) => ssoId)).not.toContain("second");
    },
  );

  check("sso.deleteSettings takes the configuration away", async () => {
    const id = await newTenant();
    await ok(sso.configureSAMLByMetadata(id, { idpMetadataUrl: "https://idp.example.com/m" }));
    await ok(sso.deleteSettings(id));
    expect((await ok(sso.loadSettings(id))).saml?.idpMetadataUrl || "").toBe("");
  });

  check("sso.configureSSORedirectURL changes the addresses alone", async () => {
    const id = await newTenant();
    await ok(
      sso.configureSAMLByMetadata(
        id,
        { idpMetadataUrl: "https://idp.example.com/m" },
        "https://one.example.com",
      ),
    );
    await ok(sso.configureSSORedirectURL(id, "https://two.example.com"));
    expect((await ok(sso.loadSettings(id))).saml).toMatchObject({
      redirectUrl: "https://two.example.com",
      idpMetadataUrl: "https://idp.example.com/m",
    });
  });

  check(
    "the older sso.configureSettings, configureMetadata, configureMapping and getSettings work on the same settings",
    async () => {
      const id = await newTenant();
      const roleName = fresh("Role ");
      await ok(role.create(roleName));
      await ok(
        sso.configureSettings(
          id,
          "https://idp.example.com/sso",
          "cert",
          "entity",
          "https://app.example.com",
          [`${id}.com`],
        ),
      );
      await ok(sso.configureMapping(id, [{ groups: ["g"], roleName }], { name: "n", email: "e" }));
      const settings = await ok(sso.getSettings(id));
      expect(settings).toMatchObject({
        tenantId: id,
        idpEntityId: "entity",
        idpSSOUrl: "https://idp.example.com/sso",
        idpCertificate: "cert",
        redirectUrl: "https://app.example.com",
      });
      expect(settings.groupsMapping).toMatchObject([{ role: { name: roleName }, groups: ["g"] }]);
      await ok(sso.configureMetadata(id, "https://idp.example.com/metadata", "https://app.example.com", []));
      expect((await ok(sso.getSettings(id))).idpMetadataUrl).toBe("https://idp.example.com/metadata");
    },
  );

  check("sso.recalculateSSOMappings answers for a configured tenant", async () => {
    const id = await newTenant();
    await ok(sso.configureSAMLByMetadata(id, { idpMetadataUrl: "https://idp.example.com/m" }));
    await ok(sso.recalculateSSOMappings(id));
  });

  check("a tenant that does not exist is refused by all", async () => {
    for (const reply of [
      sso.loadSettings("nowhere"),
      sso.loadAllSettings("nowhere"),
      sso.getSettings("nowhere"),
      sso.newSettings("nowhere", "x", "x"),
      sso.configureSAMLByMetadata("nowhere", { idpMetadataUrl: "https://e.com" }),
      sso.configureOIDCSettings("nowhere", { name: "x", clientId: "x" }),
      sso.configureMapping("nowhere"),
      sso.configureSSORedirectURL("nowhere", "https://e.com"),
      sso.recalculateSSOMappings("nowhere"),
      sso.deleteSettings("nowhere"),
    ]) {
      await refused(reply, [400, 404]);
    }
  });

  check("a role mapping to a role that does not exist is refused", async () => {
    const id = await newTenant();
    await refused(
      sso.configureSAMLSettings(id, {
        idpUrl: "https://e.com",
        entityId: "e",
        idpCert: "c",
        roleMappings: [{ groups: ["g"], roleName: "No Such Role" }],
      }),
      [400, 404],
    );
  });
});

describe("federated applications", () => {
  check("ssoApplication.createOidcApplication, load, update and delete", async () => {
    const name = fresh("App ");
    const { id } = await ok(
      ssoApplication.createOidcApplication({
        name,
        loginPageUrl: "https://app.example.com/login",
        description: "d",
        forceAuthentication: true,
      }),
    );
    const loaded = await ok(ssoApplication.load(id));
    expect(loaded).toMatchObject({ id, name, description: "d", enabled: true, appType: "oidc" });
    expect(loaded.oidcSettings).toMatchObject({
      loginPageUrl: "https://app.example.com/login",
      forceAuthentication: true,
    });
    expect(new URL(loaded.oidcSettings.discoveryUrl).pathname).toEndWith("/.well-known/openid-configuration");
    const renamed = fresh("Renamed ");
    await ok(
      ssoApplication.updateOidcApplication({
        id,
        name: renamed,
        loginPageUrl: "https://other.example.com",
        enabled: false,
      }),
    );
    expect(await ok(ssoApplication.load(id))).toMatchObject({
      name: renamed,
      enabled: false,
      oidcSettings: { loginPageUrl: "https://other.example.com" },
    });
    expect((await ok(ssoApplication.loadAll())).map((app) => app.id)).toContain(id);
    await ok(ssoApplication.delete(id));
    await refused(ssoApplication.load(id), 404);
    expect((await ok(ssoApplication.loadAll())).map((app) => app.id)).not.toContain(id);
  });

  check("ssoApplication.createSamlApplication and updateSamlApplication", async () => {
    const { id } = await ok(
      ssoApplication.createSamlApplication({
        name: fresh("Saml "),
        loginPageUrl: "https://app.example.com/login",
        entityId: "sp",
        acsUrl: "https://app.example.com/acs",
        certificate: "cert",
        attributeMapping: [{ name: "mail", type: "", value: "email" }],
        acsAllowedCallbacks: ["https://app.example.com/cb"],
      }),
    );
    const loaded = await ok(ssoApplication.load(id));
    expect(loaded.appType).toBe("saml");
    expect(loaded.samlSettings).toMatchObject({
      entityId: "sp",
      acsUrl: "https://app.example.com/acs",
      certificate: "cert",
      attributeMapping: [{ name: "mail", value: "email" }],
      acsAllowedCallbacks: ["https://app.example.com/cb"],
    });
    for (const url of [loaded.samlSettings.idpMetadataUrl, loaded.samlSettings.idpSsoUrl])
      expect(() => new URL(url)).not.toThrow();
    await ok(
      ssoApplication.updateSamlApplication({
        id,
        name: fresh("Saml "),
        loginPageUrl: "https://e.com",
        enabled: true,
        useMetadataInfo: true,
        metadataUrl: "https://sp.example.com/m",
      }),
    );
    expect((await ok(ssoApplication.load(id))).samlSettings).toMatchObject({
      useMetadataInfo: true,
      metadataUrl: "https://sp.example.com/m",
    });
  });

  check("ssoApplication.createWsFedApplication and updateWsFedApplication", async () => {
    const { id } = await ok(
      ssoApplication.createWsFedApplication({
        name: fresh("Ws "),
        loginPageUrl: "https://e.com",
        realm: "urn:realm",
        replyUrl: "https://app.example.com/reply",
      }),
    );
    const settings = async () => {
      const app = (await ok(ssoApplication.load(id))) as unknown as Record<string, Record<string, unknown>>;
      return app.wsfedSettings ?? app.wsFedSettings;
    };
    expect(await settings()).toMatchObject({ realm: "urn:realm", replyUrl: "https://app.example.com/reply" });
    await ok(
      ssoApplication.updateWsFedApplication({
        id,
        name: fresh("Ws "),
        loginPageUrl: "https://e.com",
        realm: "urn:other",
        replyUrl: "https://app.example.com/reply",
      }),
    );
    expect(await settings()).toMatchObject({ realm: "urn:other" });
  });

  check("an id and a name are taken once; what does not exist is refused", async () => {
    const [id, name] = [fresh("app"), fresh("App ")];
    await ok(ssoApplication.createOidcApplication({ id, name, loginPageUrl: "https://e.com" }));
    await refused(
      ssoApplication.createOidcApplication({ id, name: fresh("App "), loginPageUrl: "https://e.com" }),
      400,
    );
    await refused(ssoApplication.createSamlApplication({ name, loginPageUrl: "https://e.com" }), 400);
    await refused(ssoApplication.load("nothing"), 404);
    await refused(ssoApplication.delete("nothing"), 404);
    await refused(
      ssoApplication.updateOidcApplication({ id: "nothing", name: "x", loginPageUrl: "https://e.com" }),
      404,
    );
  });

  check("ssoApplication.getApplicationSecret and rotateApplicationSecret", async () => {
    const { id } = await ok(
      ssoApplication.createOidcApplication({ name: fresh("App "), loginPageUrl: "https://e.com" }),
    );
    const { cleartext } = await ok(ssoApplication.getApplicationSecret(id));
    expect(cleartext.length).toBeGreaterThan(10);
    expect((await ok(ssoApplication.getApplicationSecret(id))).cleartext).toBe(cleartext);
    const rotated = (await ok(ssoApplication.rotateApplicationSecret(id))).cleartext;
    expect(rotated).not.toBe(cleartext);
    expect((await ok(ssoApplication.getApplicationSecret(id))).cleartext).toBe(rotated);
  });
});

describe("inbound applications", () => {
  const scopes = [{ name: "read", description: "reads", values: ["a"], optional: true }];

  check("inboundApplication.createApplication, load, update, patch and delete", async () => {
    const name = fresh("Inbound ");
    const made = await ok(
      inboundApplication.createApplication({
        name,
        description: "d",
        permissionsScopes: scopes,
        approvedCallbackUrls: ["https://e.com/cb"],
        loginPageUrl: "https://e.com/login",
      }),
    );
    expect(made.cleartext.length).toBeGreaterThan(10);
    expect(made.clientId).toBeString();
    const load = () => ok(inboundApplication.loadApplication(made.id));
    expect(await load()).toMatchObject({
      id: made.id,
      clientId: made.clientId,
      name,
      description: "d",
      approvedCallbackUrls: ["https://e.com/cb"],
      permissionsScopes: [{ name: "read", description: "reads" }],
    });
    await ok(inboundApplication.patchApplication({ id: made.id, description: "patched" }));
    expect(await load()).toMatchObject({
      name,
      description: "patched",
      approvedCallbackUrls: ["https://e.com/cb"],
    });
    const renamed = fresh("Inbound ");
    await ok(inboundApplication.updateApplication({ id: made.id, name: renamed, permissionsScopes: [] }));
    const updated = await load();
    expect(updated.name).toBe(renamed);
    expect(updated.description || "").toBe("");
    expect(updated.permissionsScopes).toEqual([]);
    expect(updated.approvedCallbackUrls ?? []).toEqual([]);
    expect((await ok(inboundApplication.loadAllApplications())).map(({ id }) => id)).toContain(made.id);
    await ok(inboundApplication.deleteApplication(made.id));
    await refused(inboundApplication.loadApplication(made.id), 404);
  });

  check("inboundApplication.getApplicationSecret and rotateApplicationSecret", async () => {
    const made = await ok(
      inboundApplication.createApplication({ name: fresh("Inbound "), permissionsScopes: scopes }),
    );
    expect((await ok(inboundApplication.getApplicationSecret(made.id))).cleartext).toBe(made.cleartext);
    await ok(inboundApplication.rotateApplicationSecret(made.id));
    expect((await ok(inboundApplication.getApplicationSecret(made.id))).cleartext).not.toBe(made.cleartext);
  });

  check("inboundApplication.deleteApplicationBatch deletes those named", async () => {
    const apps = await Promise.all(
      [1, 2].map(() =>
        ok(inboundApplication.createApplication({ name: fresh("Inbound "), permissionsScopes: scopes })),
      ),
    );
    await ok(inboundApplication.deleteApplicationBatch(apps.map(({ id }) => id)));
    for (const { id } of apps) await refused(inboundApplication.loadApplication(id), 404);
  });

  check("consents: none at first, and nothing to delete", async () => {
    const { id } = await ok(
      inboundApplication.createApplication({ name: fresh("Inbound "), permissionsScopes: scopes }),
    );
    expect(await ok(inboundApplication.searchConsents({ appId: id }))).toEqual([]);
    await ok(inboundApplication.deleteConsents({ appId: id }));
    const tenantId = await newTenant();
    await ok(inboundApplication.deleteTenantConsents({ appId: id, tenantId }));
  });

  check("what does not exist is refused", async () => {
    await refused(inboundApplication.loadApplication("nothing"), 404);
    await refused(inboundApplication.patchApplication({ id: "nothing", name: "x" }), 404);
    await refused(inboundApplication.getApplicationSecret("nothing"), 404);
    await refused(inboundApplication.deleteApplication("nothing"), 404);
  });
});

describe("outbound applications", () => {
  const make = (extra: object = {}) =>
    ok(
      outboundApplication.createApplication({
        name: fresh("Outbound "),
        clientId: "client",
        clientSecret: "hidden-secret",
        ...extra,
      }),
    );

  check("outboundApplication.createApplication, load, update and delete", async () => {
    const app = await make({
      description: "d",
      defaultScopes: ["a", "b"],
      authorizationUrl: "https://e.com/auth",
      pkce: true,
    });
    expect(app).toMatchObject({
      description: "d",
      clientId: "client",
      defaultScopes: ["a", "b"],
      pkce: true,
    });
    expect(JSON.stringify(app)).not.toContain("hidden-secret");
    expect(await ok(outboundApplication.loadApplication(app.id))).toEqual(app);
    const updated = await ok(
      outboundApplication.updateApplication({ id: app.id, name: "Renamed", clientId: "other" }),
    );
    expect(updated).toMatchObject({ id: app.id, name: "Renamed", clientId: "other" });
    expect(updated.description || "").toBe("");
    expect((await ok(outboundApplication.loadAllApplications())).map(({ id }) => id)).toContain(app.id);
    await ok(outboundApplication.deleteApplication(app.id));
    await refused(outboundApplication.loadApplication(app.id), 404);
  });

  check(
    "outboundApplication.createApplicationByTemplate takes a known template and refuses others",
    async () => {
      const app = await ok(
        outboundApplication.createApplicationByTemplate({
          templateId: "google",
          clientId: "c",
          overrides: { name: fresh("G ") },
        }),
      );
      expect(app.clientId).toBe("c");
      await refused(
        outboundApplication.createApplicationByTemplate({ templateId: "no-such-template" }),
        [400, 404],
      );
    },
  );

  check("tokens: uploaded, fetched by scopes or the latest, listed, deleted", async () => {
    const app = await make();
    const { userId } = await ok(user.create(address()));
    const expiry = Math.floor(Date.now() / 1000) + 3600;
    await ok(
      outboundApplication.uploadUserToken({
        appId: app.id,
        userId,
        accessToken: "access",
        refreshToken: "refresh",
        accessTokenExpiry: expiry,
        scopes: ["a", "b"],
      }),
    );
    const latest = await ok(outboundApplication.fetchToken(app.id, userId));
    expect(latest).toMatchObject({ appId: app.id, userId, accessToken: "access", scopes: ["a", "b"] });
    expect(String(latest.accessTokenExpiry)).toBe(String(expiry));
    expect(latest.refreshToken || "").toBe("");
    expect(
      (await ok(outboundApplication.fetchToken(app.id, userId, undefined, { withRefreshToken: true })))
        .refreshToken,
    ).toBe("refresh");
    expect((await ok(outboundApplication.fetchTokenByScopes(app.id, userId, ["a"]))).accessToken).toBe(
      "access",
    );
    await refused(outboundApplication.fetchTokenByScopes(app.id, userId, ["z"]), [400, 404]);
    expect(await ok(outboundApplication.listAppsWithUserToken(userId))).toEqual([app.id]);
    await ok(outboundApplication.deleteTokenById(latest.id));
    await refused(outboundApplication.fetchToken(app.id, userId), [400, 404]);
    await ok(outboundApplication.uploadUserToken({ appId: app.id, userId, accessToken: "again" }));
    await ok(outboundApplication.deleteUserTokens(app.id, userId));
    await refused(outboundApplication.fetchToken(app.id, userId), [400, 404]);
    expect(await ok(outboundApplication.listAppsWithUserToken(userId))).toEqual([]);
  });

  check("tokens of tenants are apart from those of users", async () => {
    const app = await make();
    const id = await newTenant();
    await ok(
      outboundApplication.uploadTenantToken({
        appId: app.id,
        tenantId: id,
        accessToken: "tenant-access",
        scopes: ["a"],
      }),
    );
    expect(await ok(outboundApplication.fetchTenantToken(app.id, id))).toMatchObject({
      tenantId: id,
      accessToken: "tenant-access",
    });
    expect((await ok(outboundApplication.fetchTenantTokenByScopes(app.id, id, ["a"]))).accessToken).toBe(
      "tenant-access",
    );
    await refused(outboundApplication.fetchTenantToken(app.id, await newTenant()), [400, 404]);
  });

  check(
    "outboundApplication.batchUploadUserTokens and batchUploadTenantTokens are all or nothing",
    async () => {
      const app = await make();
      const { userId } = await ok(user.create(address()));
      const bad = await ok(
        outboundApplication.batchUploadUserTokens([
          { appId: app.id, userId, accessToken: "one" },
          { appId: "nothing", userId, accessToken: "two" },
        ]),
      );
      expect(bad.failures).toHaveLength(1);
      expect(bad.failures[0]).toMatchObject({ appId: "nothing" });
      expect(bad.failures[0]?.errorCode).toStartWith("E");
      await refused(outboundApplication.fetchToken(app.id, userId), [400, 404]);
      expect(
        (await ok(outboundApplication.batchUploadUserTokens([{ appId: app.id, userId, accessToken: "one" }])))
          .failures ?? [],
      ).toEqual([]);
      expect((await ok(outboundApplication.fetchToken(app.id, userId))).accessToken).toBe("one");
      const tenantId = await newTenant();
      expect(
        (
          await ok(
            outboundApplication.batchUploadTenantTokens([{ appId: app.id, tenantId, accessToken: "t" }]),
          )
        ).failures ?? [],
      ).toEqual([]);
      expect((await ok(outboundApplication.fetchTenantToken(app.id, tenantId))).accessToken).toBe("t");
    },
  );

  check("outboundApplication.uploadUserApiKey and uploadTenantApiKey keep a key as the token", async () => {
    const app = await make();
    const { userId } = await ok(user.create(address()));
    const id = await newTenant();
    await ok(outboundApplication.uploadUserApiKey(app.id, userId, "the-key"));
    await ok(outboundApplication.uploadTenantApiKey(app.id, id, "tenant-key"));
    expect((await ok(outboundApplication.fetchToken(app.id, userId))).accessToken).toBe("the-key");
    expect((await ok(outboundApplication.fetchTenantToken(app.id, id))).accessToken).toBe("tenant-key");
  });

  check("tokens are refreshed when that is asked for, or they have expired; others are none", async () => {
    const app = await make();
    const { userId } = await ok(user.create(address()));
    await ok(
      outboundApplication.uploadUserToken({
        appId: app.id,
        userId,
        accessToken: "old",
        refreshToken: "again",
        accessTokenExpiry: 1,
      }),
    );
    const renewed = await ok(outboundApplication.fetchToken(app.id, userId));
    expect(renewed.accessToken).not.toBe("old");
    expect(renewed.hasRefreshToken).toBe(true);
    const forced = await ok(
      outboundApplication.fetchToken(app.id, userId, undefined, {
        forceRefresh: true,
        withRefreshToken: true,
      }),
    );
    expect(forced.id).toBe(renewed.id);
    expect(forced.accessToken).not.toBe(renewed.accessToken);
    expect(forced.refreshToken).toBe("again");
    const { userId: other } = await ok(user.create(address()));
    await ok(
      outboundApplication.uploadUserToken({
        appId: app.id,
        userId: other,
        accessToken: "old",
        accessTokenExpiry: 1,
      }),
    );
    await refused(outboundApplication.fetchToken(app.id, other), 404);
    expect(await ok(outboundApplication.listAppsWithUserToken(other))).toEqual([]);
  });

  check("a user's token in a tenant is not the user's own", async () => {
    const app = await make();
    const id = await newTenant();
    const { userId } = await ok(user.create(address()));
    await ok(
      outboundApplication.uploadUserToken({ appId: app.id, userId, tenantId: id, accessToken: "in it" }),
    );
    await refused(outboundApplication.fetchToken(app.id, userId), 404);
    expect((await ok(outboundApplication.fetchToken(app.id, userId, id))).accessToken).toBe("in it");
    expect(await ok(outboundApplication.listAppsWithUserToken(userId, id))).toEqual([app.id]);
    expect(await ok(outboundApplication.listAppsWithUserToken(userId))).toEqual([]);
  });

  check("a name or id that is taken is refused", async () => {
    const app = await make({ id: fresh("out-") });
    await refused(outboundApplication.createApplication({ id: app.id, name: fresh("Out ") }), 400);
    await refused(outboundApplication.createApplication({ name: app.name }), 400);
  });

  check("an app, user or tenant that does not exist is refused", async () => {
    const { userId } = await ok(user.create(address()));
    await refused(outboundApplication.loadApplication("nothing"), 404);
    await refused(
      outboundApplication.uploadUserToken({ appId: "nothing", userId, accessToken: "x" }),
      [400, 404],
    );
    await refused(outboundApplication.deleteApplication("nothing"), 404);
    await refused(outboundApplication.deleteTokenById("nothing"), 404);
  });
});

describe("scopes and claims", () => {
  check("scopeClaimMapping.set, get and delete", async () => {
    const mappings = [{ scope: "shop", claims: { shop: "user.customAttributes.shop" }, description: "d" }];
    await ok(scopeClaimMapping.set(mappings));
    expect(await ok(scopeClaimMapping.get())).toEqual(mappings);
    await ok(scopeClaimMapping.delete());
    expect((await ok(scopeClaimMapping.get())) ?? []).toEqual([]);
  });
});

describe("JWT templates", () => {
  check("jwtTemplate.create, load, list, update and delete", async () => {
    const name = fresh("Template ");
    const made = await ok(
      jwtTemplate.create({ name, description: "d", template: { shop: "north" }, type: "user" }),
    );
    expect(made).toMatchObject({ name, description: "d", template: { shop: "north" } });
    const id = made.id as string;
    expect(await ok(jwtTemplate.load(id))).toEqual(made);
    expect((await ok(jwtTemplate.list())).map((one) => one.id)).toContain(id);
    expect(await ok(jwtTemplate.update({ ...made, template: { shop: "south" } }))).toMatchObject({
      id,
      template: { shop: "south" },
    });
    await refused(jwtTemplate.create({ name, template: {} }), 400);
    await ok(jwtTemplate.delete(id));
    await refused(jwtTemplate.load(id), 404);
    await refused(jwtTemplate.delete(id), 404);
  });

  check("jwtTemplate.validate says whether a template is good", async () => {
    const made = await ok(jwtTemplate.create({ name: fresh("Template "), template: { a: "b" } }));
    expect((await ok(jwtTemplate.validate(made.id as string, made))).valid).toBe(true);
  });

  check("jwtTemplate.listLibrary, loadLibraryEntry and applyFromLibrary", async () => {
    const entries = await ok(jwtTemplate.listLibrary());
    expect(entries.length).toBeGreaterThan(0);
    const entryId = entries[0]?.id as string;
    expect((await ok(jwtTemplate.loadLibraryEntry(entryId))).id).toBe(entryId);
    const nameOverride = fresh("Applied ");
    const applied = await ok(jwtTemplate.applyFromLibrary({ libraryEntryId: entryId, nameOverride }));
    expect(applied.name).toBe(nameOverride);
    expect(sorted((await ok(jwtTemplate.list())).map(({ name }) => name as string))).toContain(nameOverride);
    await refused(jwtTemplate.loadLibraryEntry("nothing"), 404);
  });
});
