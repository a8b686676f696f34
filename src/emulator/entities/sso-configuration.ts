import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import { RoleLookup } from "./role.ts";
import { tenantReply, tenants, type Tenant } from "./tenant.ts";

/** How the users of a tenant sign in by their own identity provider. A tenant may have several of them. */
export interface SsoConfiguration {
  readonly ssoId: string;
  displayName: string;
  /** "none", "saml" or "oidc". Of a tenant's first one the tenant itself keeps it; so `domains`. */
  authType: string;
  /** Domains of addresses that sign in by it. */
  domains: readonly string[];
  /** Settings of SAML, in the words in which the API gives them. */
  saml: Settings;
  oidc: Settings;
  /** Keys and secrets that were given and are never given out. */
  secrets: Readonly<Record<string, string>>;
  grants: Grants;
  /** What tokens of other issuers are worth (cross-app access); absent where it was never set. */
  xaa?: Settings;
}

type Settings = Readonly<Record<string, unknown>>;

/** What groups of the identity provider give. One for SAML, OIDC and all else of a configuration. */
export interface Grants {
  readonly roles: readonly { readonly roleId: string; readonly groups: readonly string[] }[];
  /** Roles that everybody gets who signs in by it. */
  readonly defaultRoleIds: readonly string[];
  /** Groups, the most important first. */
  readonly priority: readonly string[];
  /** Relations by the names of groups. */
  readonly fga: Readonly<Record<string, unknown>>;
}

/** The id of the configuration that every tenant has without having made one. */
export const FIRST_SSO = "default";

/** All configurations of a tenant, in the order in which they came. */
interface TenantSso {
  readonly tenantId: string;
  readonly configurations: readonly SsoConfiguration[];
}

const kept = new Collection<TenantSso>("sso", ({ tenantId }) => tenantId);

/** The configurations of a tenant that were made. */
export function ssoConfigurations(project: Project, tenant: Tenant): SsoConfiguration[] {
  return (kept.get(project, tenant.id)?.configurations ?? []).map((one) => withTenant(tenant, one));
}

/**
 * One configuration of a tenant; the first one, which is there before it was set, where no id is given.
 *
 * @throws {EmulatorError} when the tenant has none with that id.
 */
export function requireSsoConfiguration(
  project: Project,
  tenant: Tenant,
  ssoId: string | null | undefined,
): SsoConfiguration {
  const id = ssoId || FIRST_SSO;
  const found = ssoConfigurations(project, tenant).find((one) => one.ssoId === id);
  if (found !== undefined) return found;
  if (id === FIRST_SSO) return withTenant(tenant, blank(FIRST_SSO, ""));
  throw notFound(`The tenant ${tenant.id} has no SSO configuration ${id}`);
}

/** A configuration in which nothing is set. */
export function blank(ssoId: string, displayName: string): SsoConfiguration {
  return {
    ssoId,
    displayName,
    authType: "none",
    domains: [],
    saml: {},
    oidc: {},
    secrets: {},
    grants: { roles: [], defaultRoleIds: [], priority: [], fga: {} },
  };
}

/** Keeps a configuration; the kind and the domains of a tenant's first one are kept with the tenant. */
export function putSsoConfiguration(project: Project, tenant: Tenant, configuration: SsoConfiguration): void {
  const all = kept.get(project, tenant.id)?.configurations ?? [];
  const isNew = all.every(({ ssoId }) => ssoId !== configuration.ssoId);
  kept.put(project, {
    tenantId: tenant.id,
    configurations: isNew
      ? [...all, configuration]
      : all.map((one) => (one.ssoId === configuration.ssoId ? configuration : one)),
  });
  if (configuration.ssoId !== FIRST_SSO) return;
  const { authType, domains } = configuration;
  tenants.put(project, { ...tenant, authType, domains });
}

/** Forgets a configuration; a tenant's first one is as if it had never been set. */
export function deleteSsoConfiguration(project: Project, tenant: Tenant, ssoId: string): void {
  const all = kept.get(project, tenant.id)?.configurations ?? [];
  kept.put(project, { tenantId: tenant.id, configurations: all.filter((one) => one.ssoId !== ssoId) });
  if (ssoId === FIRST_SSO) tenants.put(project, { ...tenant, authType: "none", domains: [] });
}

/** Forgets all configurations of a tenant that is gone. */
export function forgetTenantSso(project: Project, tenantId: string): void {
  kept.delete(project, tenantId);
}

/**
 * The ids of the roles that somebody of those groups gets. Where groups have an order of importance, the most important one that
 * gives anything is the only one that counts.
 */
export function rolesOfGroups({ grants }: SsoConfiguration, groups: readonly string[]): string[] {
  const gives = (group: string) => grants.roles.some((role) => role.groups.includes(group));
  const first = grants.priority.find((group) => groups.includes(group) && gives(group));
  const counting = first === undefined ? groups : [first];
  const given = grants.roles.filter((role) => role.groups.some((group) => counting.includes(group)));
  return [...new Set([...grants.defaultRoleIds, ...given.map(({ roleId }) => roleId)])];
}

/** The ids of all roles that groups may give: whoever is in none of those groups does not have them. */
export function rolesByGroups({ grants }: SsoConfiguration): ReadonlySet<string> {
  return new Set(grants.roles.map(({ roleId }) => roleId));
}

/** A configuration as the API gives it. */
export function ssoReply(
  project: Project,
  tenant: Tenant,
  configuration: SsoConfiguration,
): Record<string, unknown> {
  const { ssoId, displayName, authType, domains, saml, oidc } = configuration;
  const grants = grantsReply(project, configuration);
  return {
    tenant: tenantReply({ ...tenant, authType, domains }),
    saml: { ...NO_SAML, ...serviceProvider(project, tenant), ...saml, ...grants },
    oidc: { ...NO_OIDC, ...oidc, ...grants },
    ssoId,
    displayName,
  };
}

/** A configuration as the API gave it before there was OIDC. */
export function oldSsoReply(project: Project, tenant: Tenant): Record<string, unknown> {
  const configuration = requireSsoConfiguration(project, tenant, undefined);
  const saml = { ...NO_SAML, ...serviceProvider(project, tenant), ...configuration.saml };
  const { attributeMapping, ...rest } = saml as { readonly attributeMapping: Settings };
  return {
    tenantId: tenant.id,
    ...rest,
    userMapping: attributeMapping,
    groupsMapping: grantsReply(project, configuration).groupsMapping,
    domains: configuration.domains,
    domain: configuration.domains[0] ?? "",
  };
}

/** What a configuration says of tokens of other issuers, as the API gives it. */
export function xaaReply(project: Project, configuration: SsoConfiguration): Record<string, unknown> {
  return {
    ssoId: configuration.ssoId,
    enabled: false,
    settings: { issuers: {} },
    ...configuration.xaa,
    ...grantsReply(project, configuration),
  };
}

function grantsReply(project: Project, { grants }: SsoConfiguration) {
  const lookup = new RoleLookup(project);
  return {
    groupsMapping: grants.roles.flatMap(({ roleId, groups }) =>
      lookup.names([roleId]).map((name) => ({ role: { id: roleId, name }, groups })),
    ),
    defaultSSORoles: lookup.names(grants.defaultRoleIds),
    groupsPriority: grants.priority,
    fgaMappings: grants.fga,
  };
}

const NO_SAML: Settings = {
  idpEntityId: "",
  idpSSOUrl: "",
  idpCertificate: "",
  idpMetadataUrl: "",
  spCertificate: "",
  attributeMapping: {},
  redirectUrl: "",
};

const NO_OIDC: Settings = {
  name: "",
  clientId: "",
  clientSecret: "",
  redirectUrl: "",
  authUrl: "",
  tokenUrl: "",
  userDataUrl: "",
  scope: [],
  JWKsUrl: "",
  userAttrMapping: {},
  manageProviderTokens: false,
  callbackDomain: "",
  prompt: [],
  grantType: "",
  issuer: "",
};

/** What the identity provider of a tenant must know of this project. */
function serviceProvider(project: Project, tenant: Tenant): Settings {
  const { url } = project.world.settings;
  return {
    spEntityId: `${url}/${project.id}/${tenant.id}`,
    spACSUrl: `${url}/v1/auth/saml/acs`,
  };
}

function withTenant({ authType, domains }: Tenant, configuration: SsoConfiguration): SsoConfiguration {
  return configuration.ssoId === FIRST_SSO ? { ...configuration, authType, domains } : configuration;
}
