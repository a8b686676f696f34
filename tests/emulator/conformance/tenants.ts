import * as tenants from "../../../src/api/operations/tenants.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, integer, list, map, nothing, strict, tenantReply, text } from "./shapes.ts";

const whole = (scene: Scene) => ({
  name: scene.fresh("Tenant"),
  selfProvisioningDomains: [`${scene.fresh("acme")}.com`],
  enforceSSO: false,
  disabled: false,
});

const made = (scene: Scene): Promise<{ id: string }> => scene.manage("/v1/mgmt/tenant/create", whole(scene));

export const tenantExamples: Examples = [
  example(tenants.create, strict({ id: text }), whole),
  example(tenants.load, tenantReply, made),
  example(tenants.loadAll, strict({ tenants: list(tenantReply) }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(tenants.remove, nothing, async (scene) => ({ ...(await made(scene)), cascade: true })),
  example(tenants.update, nothing, async (scene) => ({ ...whole(scene), ...(await made(scene)) })),
  example(tenants.patch, nothing, async (scene) => ({ ...(await made(scene)), disabled: true })),
  example(tenants.search, strict({ tenants: list(tenantReply) }), async (scene) => ({
    tenantIds: [(await made(scene)).id],
  })),
  example(tenants.updateDefaultRoles, nothing, async (scene) => ({
    ...(await made(scene)),
    defaultRoles: [(await scene.role()).name],
  })),
  example(
    tenants.loadSettings,
    strict({
      enabled: flag,
      enableInactivity: flag,
      JITDisabled: flag,
      ssoSetupSuiteSettings: strict({ enabled: flag, styleId: text, disabledFeatures: map(flag) }),
      refreshTokenExpiration: integer,
      refreshTokenExpirationUnit: text,
      sessionTokenExpiration: integer,
      sessionTokenExpirationUnit: text,
      stepupTokenExpiration: integer,
      stepupTokenExpirationUnit: text,
      inactivityTime: integer,
      inactivityTimeUnit: text,
      domains: list(text),
      selfProvisioningDomains: list(text),
      authType: text,
    }),
    made,
  ),
  example(tenants.setSettings, nothing, async (scene) => ({
    tenantId: (await made(scene)).id,
    domains: ["acme.example.com"],
    authType: "none",
    enabled: true,
    sessionTokenExpiration: 5,
    sessionTokenExpirationUnit: "minutes",
    refreshTokenExpiration: 3,
    refreshTokenExpirationUnit: "days",
  })),
  example(tenants.generateSsoLink, strict({ adminSSOConfigurationLink: text }), async (scene) => ({
    tenantId: (await made(scene)).id,
    expireTime: "3600",
    email: "admin@acme.example.com",
  })),
  example(tenants.sendSsoLink, nothing, async (scene) => ({
    tenantId: (await made(scene)).id,
    email: "admin@acme.example.com",
  })),
  example(tenants.authenticatedSsoLink, strict({ adminSSOConfigurationLink: text }), async (scene) => ({
    tenantId: (await made(scene)).id,
  })),
  example(tenants.revokeSsoLink, nothing, async (scene) => {
    const tenantId = (await made(scene)).id;
    await scene.manage("/v2/mgmt/tenant/adminlinks/sso/generate", { tenantId });
    return { tenantId };
  }),
  example(tenants.removeSsoUsers, nothing, async (scene) => ({ tenantId: (await made(scene)).id })),
];
