import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, byId, count, filled, flag, object, text, texts, time } from "./schemas.ts";

const members = () => ({
  selfProvisioningDomains: texts(),
  customAttributes: object(),
  authType: text(),
  disabled: flag(),
  enforceSSO: flag(),
  enforceSSOExclusions: texts(),
  federatedAppIds: texts(),
  roleInheritance: text(),
});

export const create = operation({
  noun: "Tenant",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/tenant/create",
  effect: "write",
  input: () =>
    v.looseObject({ id: text(), name: filled(), parent: text(), parentTenantId: text(), ...members() }),
  output: anyObject,
});

/** Replaces the whole tenant: what is not sent is taken away. */
export const update = operation({
  noun: "Tenant",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/tenant/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), name: filled(), ...members() }),
});

/** Changes what is sent and leaves the rest. */
export const patch = operation({
  noun: "Tenant",
  verb: "Patch",
  method: "PATCH",
  path: "/v1/mgmt/tenant/patch",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), name: text(), ...members() }),
});

export const load = operation({
  noun: "Tenant",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/tenant",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const loadAll = operation({
  noun: "Tenant",
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/tenant/all",
  effect: "read",
  output: anyObject,
});

export const remove = operation({
  noun: "Tenant",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/tenant/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), cascade: flag() }),
});

export const search = operation({
  noun: "Tenant",
  verb: "SearchAll",
  method: "POST",
  path: "/v1/mgmt/tenant/search",
  effect: "read",
  input: () =>
    v.looseObject({
      tenantIds: texts(),
      tenantNames: texts(),
      tenantSelfProvisioningDomains: texts(),
      tenantSSODomains: texts(),
      customAttributes: object(),
      authType: text(),
      parentTenantId: text(),
      topLevelOnly: flag(),
    }),
  output: anyObject,
});

export const updateDefaultRoles = operation({
  noun: "Tenant",
  verb: "UpdateDefaultRoles",
  method: "POST",
  path: "/v1/mgmt/tenant/updateDefaultRoles",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), defaultRoles: texts() }),
});

export const loadSettings = operation({
  noun: "Tenant",
  verb: "GetSettings",
  method: "GET",
  path: "/v1/mgmt/tenant/settings",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const setSettings = operation({
  noun: "Tenant",
  verb: "ConfigureSettings",
  method: "POST",
  path: "/v1/mgmt/tenant/settings",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      tenantId: filled(),
      domains: texts(),
      selfProvisioningDomains: texts(),
      authType: text(),
      enabled: flag(),
      refreshTokenExpiration: count(),
      refreshTokenExpirationUnit: text(),
      sessionTokenExpiration: count(),
      sessionTokenExpirationUnit: text(),
      stepupTokenExpiration: count(),
      stepupTokenExpirationUnit: text(),
      enableInactivity: flag(),
      inactivityTime: count(),
      // The spelling of one of the SDKs.
      InactivityTime: count(),
      inactivityTimeUnit: text(),
      JITDisabled: flag(),
      enforceSSO: flag(),
      enforceSSOExclusions: texts(),
      federatedAppIds: texts(),
      ssoSetupSuiteSettings: object(),
    }),
});

/** A link by which somebody at the tenant sets its single sign-on up. `expireTime` is in seconds. */
export const generateSsoLink = operation({
  noun: "Tenant",
  verb: "GenerateSSOConfigurationLink",
  method: "POST",
  path: "/v2/mgmt/tenant/adminlinks/sso/generate",
  olderPaths: ["/v1/mgmt/tenant/adminlinks/sso/generate"],
  effect: "write",
  input: () =>
    v.looseObject({
      tenantId: filled(),
      expireTime: time(),
      ssoId: text(),
      email: text(),
      templateId: text(),
      actorId: text(),
    }),
  output: anyObject,
  secretOutput: ["adminSSOConfigurationLink"],
});

export const sendSsoLink = operation({
  noun: "Tenant",
  verb: "SendSSOConfigurationLink",
  method: "POST",
  path: "/v1/mgmt/tenant/adminlinks/sso/send",
  effect: "write",
  input: () => v.looseObject({ tenantId: filled(), email: filled(), ssoId: text(), templateId: text() }),
});

/** The link for somebody who is signed in already. */
export const authenticatedSsoLink = operation({
  noun: "Tenant",
  verb: "AuthenticatedSSOConfigurationLink",
  method: "POST",
  path: "/v1/mgmt/tenant/adminlinks/sso/authenticated",
  effect: "write",
  input: () => v.looseObject({ tenantId: filled(), ssoId: text() }),
  output: anyObject,
  secretOutput: ["adminSSOConfigurationLink"],
});

export const revokeSsoLink = operation({
  noun: "Tenant",
  verb: "RevokeSSOConfigurationLink",
  method: "POST",
  path: "/v1/mgmt/tenant/adminlinks/sso/revoke",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ tenantId: filled(), ssoId: text() }),
});

/** Ends the memberships of those who came by the tenant's single sign-on. */
export const removeSsoUsers = operation({
  noun: "Tenant",
  verb: "RemoveSSOUsers",
  method: "POST",
  path: "/v1/mgmt/tenant/sso-user-remove",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ tenantId: filled() }),
});
