import * as groups from "../../../src/api/operations/groups.ts";
import * as passwordSettings from "../../../src/api/operations/password-settings.ts";
import * as tenants from "../../../src/api/operations/tenants.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, integer, list, nothing, strict, text, wholeTenantReply } from "./shapes.ts";

const whole = async (scene: Scene) => ({
  name: scene.fresh("Tenant"),
  selfProvisioningDomains: [`${scene.fresh("acme")}.com`],
  customAttributes: { plan: "gold" },
  authType: "saml",
  enforceSSO: false,
  enforceSSOExclusions: [scene.mail()],
  federatedAppIds: [await scene.ssoApp()],
  disabled: false,
  roleInheritance: "userOnly",
});

const made = async (scene: Scene): Promise<{ id: string }> => {
  const parent = await scene.tenant();
  return scene.manage("/v1/mgmt/tenant/create", { ...(await whole(scene)), parent: parent.id });
};

const tenantId = async (scene: Scene) => ({ tenantId: (await made(scene)).id });

const settings = {
  enabled: true,
  refreshTokenExpiration: 7,
  refreshTokenExpirationUnit: "days",
  sessionTokenExpiration: 5,
  sessionTokenExpirationUnit: "minutes",
  stepupTokenExpiration: 3,
  stepupTokenExpirationUnit: "minutes",
  enableInactivity: true,
  inactivityTime: 15,
  inactivityTimeUnit: "minutes",
  JITDisabled: true,
};

const setupSuite = {
  enabled: true,
  styleId: "style",
  disabledFeatures: { saml: false, oidc: true, scim: false, ssoDomains: false, groupMapping: true },
};

export const tenantExamples: Examples = [
  example(tenants.create, strict({ id: text }), async (scene) => ({
    ...(await whole(scene)),
    parent: (await scene.tenant()).id,
  })),
  example(tenants.update, nothing, async (scene) => ({ ...(await whole(scene)), ...(await made(scene)) })),
  example(tenants.patch, nothing, async (scene) => ({ ...(await whole(scene)), ...(await made(scene)) })),
  example(tenants.load, wholeTenantReply, made),
  example(tenants.loadAll, strict({ tenants: list(wholeTenantReply) }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(tenants.search, strict({ tenants: list(wholeTenantReply) }), async (scene) => ({
    tenantIds: [(await made(scene)).id],
    customAttributes: { plan: "gold" },
    authType: "saml",
  })),
  example(tenants.remove, nothing, async (scene) => ({ ...(await made(scene)), cascade: true })),
  example(tenants.updateDefaultRoles, nothing, async (scene) => ({
    ...(await made(scene)),
    defaultRoles: [(await scene.role()).name],
  })),
  example(tenants.setSettings, nothing, async (scene) => ({
    ...(await tenantId(scene)),
    ...settings,
    domains: [`${scene.fresh("acme")}.com`],
    selfProvisioningDomains: [`${scene.fresh("acme")}.org`],
    authType: "oidc",
    ssoSetupSuiteSettings: setupSuite,
  })),
  example(
    tenants.loadSettings,
    strict({
      enabled: flag,
      refreshTokenExpiration: integer,
      refreshTokenExpirationUnit: text,
      sessionTokenExpiration: integer,
      sessionTokenExpirationUnit: text,
      stepupTokenExpiration: integer,
      stepupTokenExpirationUnit: text,
      enableInactivity: flag,
      inactivityTime: integer,
      inactivityTimeUnit: text,
      JITDisabled: flag,
      ssoSetupSuiteSettings: strict({
        enabled: flag,
        styleId: text,
        disabledFeatures: strict({
          saml: flag,
          oidc: flag,
          scim: flag,
          ssoDomains: flag,
          groupMapping: flag,
        }),
      }),
      domains: list(text),
      selfProvisioningDomains: list(text),
      authType: text,
    }),
    made,
  ),
  example(tenants.generateSsoLink, strict({ adminSSOConfigurationLink: text }), async (scene) => ({
    ...(await tenantId(scene)),
    expireTime: "3600",
    email: scene.mail(),
  })),
  example(tenants.sendSsoLink, nothing, async (scene) => ({
    ...(await tenantId(scene)),
    email: scene.mail(),
  })),
  example(tenants.authenticatedSsoLink, strict({ adminSSOConfigurationLink: text }), tenantId),
  example(tenants.revokeSsoLink, nothing, tenantId),
  example(tenants.removeSsoUsers, nothing, tenantId),
];

const group = strict({
  id: text,
  display: text,
  source: text,
  members: list(strict({ userId: text, loginId: text, loginID: text, display: text })),
});

export const groupExamples: Examples = [
  example(groups.loadAll, list(group), tenantId),
  example(groups.loadForMembers, list(group), async (scene) => ({
    ...(await tenantId(scene)),
    userIds: [(await scene.user()).userId],
    loginIds: [(await scene.user()).loginIds[0]],
  })),
  example(
    groups.loadMembers,
    { status: 404, errorCode: "E011004", why: "no directory has brought any group" },
    async (scene) => ({ ...(await tenantId(scene)), groupId: "staff" }),
  ),
];

const policy = {
  enabled: true,
  minLength: 10,
  lowercase: true,
  uppercase: true,
  number: true,
  nonAlphanumeric: true,
  anyLetter: true,
  disallowedCharacters: "<>",
  disallowEmailMatch: true,
  expiration: true,
  expirationWeeks: 4,
  reuse: true,
  reuseAmount: 2,
  lock: true,
  lockAttempts: 5,
  tempLock: true,
  tempLockAttempts: 3,
  tempLockDuration: 5,
  enablePasswordStrength: false,
  passwordStrengthScore: 2,
};

export const passwordSettingsExamples: Examples = [
  example(passwordSettings.configure, nothing, async (scene) => ({ ...(await tenantId(scene)), ...policy })),
  example(passwordSettings.configure, nothing, () => policy),
  example(
    passwordSettings.load,
    strict({
      tenantId: text,
      ...Object.fromEntries(
        Object.entries(policy).map(([name, value]) => [
          name,
          typeof value === "boolean" ? flag : typeof value === "number" ? integer : text,
        ]),
      ),
    }),
    tenantId,
  ),
];
