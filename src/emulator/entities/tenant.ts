import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

export interface Tenant {
  readonly id: string;
  name: string;
  /** Domains of addresses whose owners join by themselves. */
  selfProvisioningDomains: readonly string[];
  customAttributes: Readonly<Record<string, unknown>>;
  /** "none", "saml" or "oidc". */
  authType: string;
  /** Domains of the tenant's single sign-on. */
  domains: readonly string[];
  enforceSSO: boolean;
  enforceSSOExclusions: readonly string[];
  disabled: boolean;
  roleInheritance: string;
  /** The id of the tenant that it is a part of. */
  parent?: string;
  /** Names of roles that whoever joins gets. */
  defaultRoles: readonly string[];
  /** The federated applications that its users may use; absent where nothing was said. */
  federatedAppIds?: readonly string[];
  /** Links by which its single sign-on can be set up by others, by the id of the configuration. */
  setupLinks?: Readonly<Record<string, SetupLink>>;
  /** Session lifetimes and the like, as they were set; absent members follow the project. */
  settings: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly createdTime: number;
}

/** A link for somebody who is to set single sign-on up. */
export interface SetupLink {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export const tenants = new Collection<Tenant>(
  "tenant",
  ({ id }) => id,
  ({ name }) => name,
  { remember: true },
);

/** @throws {EmulatorError} when there is none with that id. */
export function requireTenant(project: Project, id: string): Tenant {
  const found = tenants.get(project, id);
  if (found === undefined) throw notFound(`There is no tenant ${id}`);
  return found;
}

/** A tenant's own id and those of the tenants below it. */
export function withSubTenants(project: Project, ids: readonly string[]): string[] {
  const all = tenants.all(project);
  const found = new Set(ids);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { id, parent } of all) if (parent !== undefined && found.has(parent)) found.add(id);
  }
  return [...found];
}

/** Tenants as a call for tenants gives them: each with those directly below it. */
export function tenantsWithSuccessors(project: Project, found: readonly Tenant[]): Record<string, unknown>[] {
  const below = tenants.derived(project, "below", () =>
    Map.groupBy(tenants.all(project), ({ parent }) => parent),
  );
  return found.map((tenant) => ({
    ...tenantReply(tenant),
    successors: (below.get(tenant.id) ?? []).map(({ id }) => id),
  }));
}

/** A tenant as the API gives it. */
export function tenantReply(tenant: Tenant): Record<string, unknown> {
  return {
    id: tenant.id,
    name: tenant.name,
    selfProvisioningDomains: tenant.selfProvisioningDomains,
    customAttributes: tenant.customAttributes,
    authType: tenant.authType,
    domains: tenant.domains,
    createdTime: Math.floor(tenant.createdTime / 1000),
    enforceSSO: tenant.enforceSSO,
    enforceSSOExclusions: tenant.enforceSSOExclusions,
    disabled: tenant.disabled,
    roleInheritance: tenant.roleInheritance,
    ...(tenant.parent === undefined ? {} : { parent: tenant.parent }),
    defaultRoles: tenant.defaultRoles,
    ...(tenant.federatedAppIds === undefined ? {} : { federatedAppIds: tenant.federatedAppIds }),
  };
}
