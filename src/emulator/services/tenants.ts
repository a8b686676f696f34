import * as operations from "../../api/operations/tenants.ts";
import { matchAttributes } from "../attributes/values.ts";
import { audit } from "../audit.ts";
import { requireAddress, send } from "../auth/delivery.ts";
import { accessKeys } from "../entities/access-key.ts";
import { consents } from "../entities/consent.ts";
import { groups, groupsOf } from "../entities/group.ts";
import { deleteOutboundApp, outboundApps } from "../entities/outbound-app.ts";
import { forgetTokens } from "../entities/outbound-token.ts";
import { forgetTenantPasswordSettings } from "../entities/password-settings.ts";
import { findRole, roles } from "../entities/role.ts";
import {
  forgetTenantSso,
  requireSsoConfiguration,
  ssoConfigurations,
} from "../entities/sso-configuration.ts";
import { requireSsoApp } from "../entities/sso-app.ts";
import { requireTenant, tenants, tenantsWithSuccessors, type Tenant } from "../entities/tenant.ts";
import { forgetGroupRelations } from "../federation/group-relations.ts";
import { forgetGroupRoles } from "../federation/group-roles.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import { present } from "../present.ts";
import type { Project } from "../project.ts";
import { number, projectSettings, text } from "../project-settings.ts";
import { on, type Call, type Service } from "../service.ts";
import { removeUser } from "../users/user-changes.ts";
import { putUser, usersLinked } from "../users/user-store.ts";
import { fold } from "../users/user-text.ts";
import type { User } from "../users/user.ts";
import { removeAccessKey } from "./access-keys.ts";

export const tenantService: Service = [
  on(operations.create, (input, call) => {
    const tenant = createTenant(call.project, input, call.actorId);
    return { id: tenant.id };
  }),
  on(operations.update, ({ id, ...input }, call) => {
    const tenant = requireTenant(call.project, id);
    // What an update does not say is as in a new tenant, but for what calls of their own set.
    const { authType: _authType, ...bare } = blank();
    return change(call, tenant, { ...bare, ...membersOf(call.project, input), name: input.name });
  }),
  on(operations.patch, ({ id, name, ...input }, call) => {
    const tenant = requireTenant(call.project, id);
    if (name === "") throw missingArgument("The name field is empty");
    return change(call, tenant, {
      ...membersOf(call.project, present(input)),
      ...(name == null ? {} : { name }),
    });
  }),
  on(
    operations.load,
    ({ id }, { project }) =>
      tenantsWithSuccessors(project, [requireTenant(project, id)])[0] as Record<string, unknown>,
  ),
  on(operations.loadAll, (_input, { project }) => ({
    tenants: tenantsWithSuccessors(project, tenants.all(project)),
  })),
  on(operations.search, (query, { project }) => ({
    tenants: tenantsWithSuccessors(project, search(project, query)),
  })),
  on(operations.remove, ({ id, cascade }, call) => {
    removeTenant(call, requireTenant(call.project, id), cascade === true);
    return {};
  }),
  on(operations.updateDefaultRoles, ({ id, defaultRoles }, call) => {
    const tenant = requireTenant(call.project, id);
    for (const name of defaultRoles ?? [])
      if (findRole(call.project, name, id) === undefined)
        throw invalidArgument(`There is no role ${name} in the tenant ${id}`);
    return change(call, tenant, { defaultRoles: [...new Set(defaultRoles ?? [])] });
  }),
  on(operations.loadSettings, ({ id }, { project }) => settingsReply(project, requireTenant(project, id))),
  on(operations.setSettings, ({ tenantId, ...input }, call) => {
    const tenant = requireTenant(call.project, tenantId);
    return change(call, tenant, withSettings(call.project, tenant, input));
  }),
  on(operations.generateSsoLink, ({ tenantId, expireTime, ssoId, email }, call) => {
    const tenant = requireTenant(call.project, tenantId);
    if (email) requireAddress("email", email);
    const link = setupLink(call, tenant, ssoId, expireTime);
    if (email) sendSetupLink(call, email, link);
    return { adminSSOConfigurationLink: link };
  }),
  on(operations.sendSsoLink, ({ tenantId, email, ssoId }, call) => {
    requireAddress("email", email);
    sendSetupLink(call, email, setupLink(call, requireTenant(call.project, tenantId), ssoId));
    return {};
  }),
  on(operations.authenticatedSsoLink, ({ tenantId, ssoId }, call) => {
    const tenant = requireTenant(call.project, tenantId);
    return { adminSSOConfigurationLink: setupLink(call, tenant, ssoId) };
  }),
  on(operations.revokeSsoLink, ({ tenantId, ssoId }, call) => {
    const { project } = call;
    const tenant = requireTenant(project, tenantId);
    const { ssoId: id } = requireSsoConfiguration(project, tenant, ssoId);
    const { [id]: _revoked, ...setupLinks } = tenant.setupLinks ?? {};
    tenants.put(project, { ...tenant, setupLinks });
    auditTenant(call, "SSOSetupSuiteLinkRevoked", tenant);
    return {};
  }),
  on(operations.removeSsoUsers, ({ tenantId }, call) => {
    const { project } = call;
    const tenant = requireTenant(project, tenantId);
    for (const user of usersLinked(project, "tenant", tenant.id))
      if (user.saml === true || user.oidc === true || user.scim === true) leave(project, user, tenant.id);
    auditTenant(call, "TenantSSOUsersRemoved", tenant);
    return {};
  }),
];

type Texts = readonly string[] | null | undefined;
type Text = string | null | undefined;
type Flag = boolean | null | undefined;
type Attributes = Readonly<Record<string, unknown>> | null | undefined;

/** What a request says of a tenant, beside its name and place. */
interface TenantMembers {
  readonly selfProvisioningDomains?: Texts;
  readonly customAttributes?: Attributes;
  readonly authType?: Text;
  readonly enforceSSO?: Flag;
  readonly enforceSSOExclusions?: Texts;
  readonly federatedAppIds?: Texts;
  readonly disabled?: Flag;
  readonly roleInheritance?: Text;
}

/** What a request says of a new tenant. */
export interface NewTenant extends TenantMembers {
  readonly id?: Text;
  readonly name: string;
  readonly parent?: Text;
  readonly parentTenantId?: Text;
}

/** @throws {EmulatorError} when the id is taken, or the parent does not exist. */
export function createTenant(project: Project, input: NewTenant, actorId: string): Tenant {
  const id = input.id || project.ids.next("T");
  if (tenants.get(project, id) !== undefined) throw invalidArgument(`There is a tenant ${id} already`);
  const parent = input.parent || input.parentTenantId || undefined;
  if (parent !== undefined) requireTenant(project, parent);
  const tenant = tenants.put(project, {
    ...blank(),
    domains: [],
    defaultRoles: [],
    settings: {},
    ...membersOf(project, input),
    id,
    name: input.name,
    ...(parent === undefined ? {} : { parent }),
    createdTime: project.clock.now(),
  });
  auditTenant({ project, actorId }, "TenantCreated", tenant);
  return tenant;
}

/** A tenant of which nothing was said. */
function blank() {
  return {
    selfProvisioningDomains: [],
    customAttributes: {},
    authType: "none",
    enforceSSO: false,
    enforceSSOExclusions: [],
    disabled: false,
    roleInheritance: "",
  };
}

/** What is said of a tenant, as it is kept. @throws {EmulatorError} for what does not exist. */
function membersOf(project: Project, input: TenantMembers): Partial<Tenant> {
  const { authType, roleInheritance } = input;
  requireAuthType(authType);
  if (roleInheritance && !["none", "userOnly"].includes(roleInheritance))
    throw invalidArgument("The roleInheritance field must be none or userOnly");
  for (const id of input.federatedAppIds ?? []) requireSsoApp(project, id);
  return {
    ...(input.selfProvisioningDomains == null
      ? {}
      : { selfProvisioningDomains: input.selfProvisioningDomains }),
    ...(input.customAttributes == null ? {} : { customAttributes: input.customAttributes }),
    ...(authType ? { authType } : {}),
    ...(input.enforceSSO == null ? {} : { enforceSSO: input.enforceSSO }),
    ...(input.enforceSSOExclusions == null ? {} : { enforceSSOExclusions: input.enforceSSOExclusions }),
    ...(input.federatedAppIds == null ? {} : { federatedAppIds: input.federatedAppIds }),
    ...(input.disabled == null ? {} : { disabled: input.disabled }),
    ...(roleInheritance == null ? {} : { roleInheritance }),
  };
}

function requireAuthType(authType: Text): void {
  if (authType && !["none", "saml", "oidc"].includes(authType))
    throw invalidArgument("The authType field must be none, saml or oidc");
}

function change(call: Call, before: Tenant, changes: Partial<Tenant>): Record<string, never> {
  const tenant = tenants.put(call.project, { ...before, ...changes });
  auditTenant(call, "TenantModified", tenant);
  return {};
}

/** Deletes a tenant; with `cascade` also those below it, and the users and access keys that are in no other tenant. */
function removeTenant(call: Call, tenant: Tenant, cascade: boolean): void {
  const { project } = call;
  const children = tenants.all(project).filter(({ parent }) => parent === tenant.id);
  if (children.length > 0 && !cascade)
    throw invalidArgument(`The tenant ${tenant.id} has tenants below it; cascade deletes them too`);
  for (const child of children) removeTenant(call, child, true);
  for (const user of usersLinked(project, "tenant", tenant.id)) {
    if (cascade && user.tenants.length === 1) removeUser(project, user, call.actorId);
    else leave(project, user, tenant.id);
  }
  for (const key of accessKeys.all(project)) {
    const others = key.tenants.filter(({ tenantId }) => tenantId !== tenant.id);
    if (others.length === key.tenants.length) continue;
    if (cascade && others.length === 0) removeAccessKey(call, key);
    else accessKeys.put(project, { ...key, tenants: others });
  }
  forgetWhatIsIn(project, tenant.id);
  tenants.delete(project, tenant.id);
  auditTenant(call, "TenantDeleted", tenant);
}

function leave(project: Project, user: User, tenantId: string): void {
  putUser(project, { ...user, tenants: user.tenants.filter((one) => one.tenantId !== tenantId) });
}

interface TenantQuery {
  readonly tenantIds?: Texts;
  readonly tenantNames?: Texts;
  readonly tenantSelfProvisioningDomains?: Texts;
  readonly tenantSSODomains?: Texts;
  readonly customAttributes?: Attributes;
  readonly authType?: Text;
  readonly parentTenantId?: Text;
  readonly topLevelOnly?: Flag;
}

/** Tenants that fit all that is asked; of names and domains, one is enough, whatever its case. */
function search(project: Project, query: TenantQuery): Tenant[] {
  const folded = (texts: Texts) => new Set((texts ?? []).map(fold));
  const [names, joined, signedOn] = [
    folded(query.tenantNames),
    folded(query.tenantSelfProvisioningDomains),
    folded(query.tenantSSODomains),
  ];
  const ids = new Set(query.tenantIds ?? []);
  const matches = (wanted: ReadonlySet<string>, texts: readonly string[]) =>
    wanted.size === 0 || texts.some((text) => wanted.has(fold(text)));
  return tenants.all(project).filter(
    (tenant) =>
      (ids.size === 0 || ids.has(tenant.id)) &&
      matches(names, [tenant.name]) &&
      matches(joined, tenant.selfProvisioningDomains) &&
      (signedOn.size === 0 ||
        matches(
          signedOn,
          [tenant, ...ssoConfigurations(project, tenant)].flatMap(({ domains }) => domains),
        )) &&
      (!query.authType || tenant.authType === query.authType) &&
      (!query.parentTenantId || tenant.parent === query.parentTenantId) &&
      (query.topLevelOnly !== true || tenant.parent === undefined) &&
      matchAttributes(tenant.customAttributes, query.customAttributes),
  );
}

/** How long sessions are good, where neither the tenant nor the project says. */
const DEFAULT_LIFETIMES = {
  refreshTokenExpiration: 28,
  refreshTokenExpirationUnit: "days",
  sessionTokenExpiration: 10,
  sessionTokenExpirationUnit: "minutes",
  stepupTokenExpiration: 10,
  stepupTokenExpirationUnit: "minutes",
  inactivityTime: 30,
  inactivityTimeUnit: "minutes",
} as const;

const UNITS = ["seconds", "minutes", "hours", "days", "weeks"];

const NO_SETUP_SUITE = {
  enabled: false,
  styleId: "",
  disabledFeatures: { saml: false, oidc: false, scim: false, ssoDomains: false, groupMapping: false },
};

function settingsReply(project: Project, tenant: Tenant): Record<string, unknown> {
  const general = projectSettings(project);
  const lifetimes = Object.entries(DEFAULT_LIFETIMES).map(([name, fallback]) => {
    const own = general[name];
    return [name, (typeof fallback === "number" ? number(own) : text(own)) || fallback];
  });
  return {
    enabled: false,
    enableInactivity: false,
    JITDisabled: false,
    ssoSetupSuiteSettings: NO_SETUP_SUITE,
    ...Object.fromEntries(lifetimes),
    ...tenant.settings,
    domains: tenant.domains,
    selfProvisioningDomains: tenant.selfProvisioningDomains,
    authType: tenant.authType,
  };
}

/** A tenant with other settings; what is null or not said stays. */
function withSettings(
  project: Project,
  tenant: Tenant,
  input: TenantMembers &
    Readonly<Record<string, unknown>> & {
      readonly domains?: Texts;
      readonly ssoSetupSuiteSettings?: Attributes;
    },
): Partial<Tenant> {
  // One of the SDKs spells it with a capital.
  const said = present({ ...input, inactivityTime: input.inactivityTime ?? input.InactivityTime });
  const settings: Record<string, unknown> = { ...tenant.settings };
  for (const [name, fallback] of Object.entries(DEFAULT_LIFETIMES)) {
    const value = said[name];
    if (value === undefined || value === "") continue;
    if (typeof fallback === "number" && Number(value) < 0)
      throw invalidArgument(`The ${name} field must not be negative`);
    if (typeof fallback === "string" && !UNITS.includes(String(value)))
      throw invalidArgument(`The ${name} field must be ${UNITS.join(", ")}`);
    // 0 is what the SDKs send for a time that was not set.
    if (value !== 0) settings[name] = value;
  }
  for (const name of ["enabled", "enableInactivity", "JITDisabled"])
    if (said[name] !== undefined) settings[name] = said[name];
  const suite = present(input.ssoSetupSuiteSettings ?? {});
  if (input.ssoSetupSuiteSettings != null)
    settings.ssoSetupSuiteSettings = {
      ...NO_SETUP_SUITE,
      ...suite,
      disabledFeatures: { ...NO_SETUP_SUITE.disabledFeatures, ...(suite.disabledFeatures as object) },
    };
  const { domains } = input;
  return { ...membersOf(project, input), ...(domains == null ? {} : { domains }), settings };
}

/** How long a link to the setup of single sign-on is good, where the request does not say. */
const SETUP_LINK_LIFETIME = 86_400_000;

/** Makes a link by which single sign-on of a tenant is set up. The one before is good no more. */
function setupLink(call: Call, tenant: Tenant, ssoId: Text, lifetime?: number | null): string {
  const { project, world } = call;
  const { ssoId: id } = requireSsoConfiguration(project, tenant, ssoId);
  if ((lifetime ?? 0) < 0) throw invalidArgument("The expireTime field must not be negative");
  const token = project.ids.text(32);
  const expires = project.clock.now() + (lifetime ? lifetime * 1000 : SETUP_LINK_LIFETIME);
  tenants.put(project, { ...tenant, setupLinks: { ...tenant.setupLinks, [id]: { token, expires } } });
  auditTenant(call, "SSOSetupSuiteLinkGenerated", tenant);
  const query = new URLSearchParams({ tenant: tenant.id, ssoId: id, t: token });
  return `${world.settings.url}/${project.id}/sso-setup?${query}`;
}

function sendSetupLink(call: Call, email: string, link: string): void {
  send(call, { loginId: email, kind: "adminLink", method: "email", to: email, link });
}

function auditTenant(
  { project, actorId }: Pick<Call, "project" | "actorId">,
  action: string,
  { id, name }: Tenant,
): void {
  audit(project, { action, actorId, tenants: [id], data: { name } });
}

/** Deletes what is the tenant's alone: its roles, consents and single sign-on. */
function forgetWhatIsIn(project: Project, tenantId: string): void {
  for (const role of roles.all(project)) if (role.tenantId === tenantId) roles.delete(project, role.id);
  for (const consent of consents.all(project))
    if (consent.tenantId === tenantId) consents.delete(project, consent.id);
  const itsApps = outboundApps(project).filter((app) => app.tenantId === tenantId);
  for (const { id } of itsApps) deleteOutboundApp(project, text(id));
  forgetTokens(
    project,
    (token) => token.tenantId === tenantId || itsApps.some(({ id }) => id === token.appId),
  );
  forgetTenantSso(project, tenantId);
  forgetGroupRoles(project, tenantId);
  forgetGroupRelations(project, tenantId);
  forgetTenantPasswordSettings(project, tenantId);
  for (const group of groupsOf(project, tenantId)) groups.delete(project, group.id);
}
