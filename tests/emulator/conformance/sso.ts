import * as sso from "../../../src/api/operations/sso.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, free, list, nothing, ssoReply, strict, text } from "./shapes.ts";

const attributeMapping = { name: "name", email: "mail", group: "groups", customAttributes: {} };
const domains = ["acme.example.com"];

const saml = {
  idpUrl: "https://idp.example.com/sso",
  entityId: "https://idp.example.com",
  idpCert: "certificate",
  attributeMapping,
  roleMappings: [{ groups: ["staff"], roleName: "Editor" }],
};

const oidc = {
  name: "Acme",
  clientId: "client",
  clientSecret: "secret",
  redirectUrl: "https://app.example.com/cb",
  authUrl: "https://idp.example.com/authorize",
  tokenUrl: "https://idp.example.com/token",
  userDataUrl: "https://idp.example.com/userinfo",
  JWKsUrl: "https://idp.example.com/jwks",
  scope: ["openid", "email"],
  userAttrMapping: { loginId: "sub", email: "email", name: "name" },
  grantType: "authorization_code",
  issuer: "https://idp.example.com",
};

const xaa = {
  enabled: true,
  settings: { issuers: { "https://idp.example.com": { jwksUri: "https://idp.example.com/jwks" } } },
};

const ofTenant =
  (more: object = {}) =>
  async (scene: Scene) => ({
    tenantId: (await scene.tenant()).id,
    ...more,
  });

/** A tenant that has SAML and OIDC set up. */
const configured =
  (more: object = {}) =>
  async (scene: Scene) => {
    const { id: tenantId } = await scene.tenant();
    await scene.manage("/v1/mgmt/sso/saml", { tenantId, settings: saml, domains });
    await scene.manage("/v1/mgmt/sso/oidc", { tenantId, settings: oidc, domains });
    await scene.manage("/v1/mgmt/sso/xaa/settings", { tenantId, ...xaa });
    return { tenantId, ...more };
  };

export const ssoExamples: Examples = [
  example(
    sso.configureSaml,
    nothing,
    ofTenant({ settings: saml, redirectUrl: "https://app.example.com", domains }),
  ),
  example(
    sso.configureSamlByMetadata,
    nothing,
    ofTenant({ settings: { idpMetadataUrl: "https://idp.example.com/metadata", attributeMapping }, domains }),
  ),
  example(sso.configureOidc, nothing, ofTenant({ settings: oidc, domains })),
  example(
    sso.configureRedirect,
    nothing,
    configured({ samlRedirectUrl: "https://a.example.com", oauthRedirectUrl: "https://b.example.com" }),
  ),
  example(sso.configureAuthType, nothing, configured({ authType: "saml" })),
  example(sso.configureProviderIds, nothing, configured({ samlProviderId: "okta", oidcProviderId: "okta" })),
  example(sso.load, ssoReply, configured()),
  example(sso.loadAll, strict({ SSOSettings: list(ssoReply) }), configured()),
  example(sso.create, ssoReply, async (scene) => ({
    ...(await configured()(scene)),
    ssoId: scene.fresh("second"),
    displayName: "Second",
  })),
  example(sso.remove, nothing, configured()),
  example(
    sso.loadOld,
    strict({
      tenantId: text,
      idpEntityId: text,
      idpSSOUrl: text,
      idpCertificate: text,
      idpMetadataUrl: text,
      spCertificate: text,
      redirectUrl: text,
      spEntityId: text,
      spACSUrl: text,
      userMapping: strict({ name: text, email: text, group: text, customAttributes: free }),
      groupsMapping: list(strict({ role: strict({ id: text, name: text }), groups: list(text) })),
      domains: list(text),
      domain: text,
    }),
    configured(),
  ),
  example(
    sso.configureOld,
    nothing,
    ofTenant({ idpURL: saml.idpUrl, idpCert: "certificate", entityId: saml.entityId, domains }),
  ),
  example(
    sso.configureMetadataOld,
    nothing,
    ofTenant({ idpMetadataURL: "https://idp.example.com/metadata", domains }),
  ),
  example(
    sso.configureMappingOld,
    nothing,
    configured({ roleMappings: [{ groups: ["staff"], roleName: "Editor" }], attributeMapping }),
  ),
  example(sso.configureXaa, nothing, ofTenant(xaa)),
  example(
    sso.loadXaa,
    strict({
      ssoId: text,
      enabled: flag,
      settings: strict({ issuers: free }),
      groupsMapping: list(strict({ role: strict({ id: text, name: text }), groups: list(text) })),
      defaultSSORoles: list(text),
      groupsPriority: list(text),
      fgaMappings: free,
    }),
    configured(),
  ),
  example(
    sso.loadAllXaa,
    strict({
      XAASettings: list(
        strict({
          ssoId: text,
          enabled: flag,
          settings: strict({ issuers: free }),
          groupsMapping: list(strict({ role: strict({ id: text, name: text }), groups: list(text) })),
          defaultSSORoles: list(text),
          groupsPriority: list(text),
          fgaMappings: free,
        }),
      ),
    }),
    configured(),
  ),
  example(sso.removeXaa, nothing, configured()),
  example(sso.recalculateMappings, nothing, configured()),
];
