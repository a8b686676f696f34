import { findRole, roles } from "../entities/role.ts";
import { tenants } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import { fold } from "./user-text.ts";
import type { User, UserTenant } from "./user.ts";

/** The tenants that a user is to be in; in those that it was not in before, with the roles that everybody there is given. */
export function joinTenants(
  project: Project,
  before: readonly UserTenant[],
  after: readonly UserTenant[],
): readonly UserTenant[] {
  if (after.length === 0) return after;
  const had = new Set(before.map(({ tenantId }) => tenantId));
  return after.map((membership) => {
    if (had.has(membership.tenantId)) return membership;
    const given = memberRoleIds(project, membership.tenantId);
    return given.length === 0
      ? membership
      : { ...membership, roleIds: [...new Set([...membership.roleIds, ...given])] };
  });
}

/** The tenants of somebody who signs in: those before, and those that claim the domain of the user's verified address for themselves. */
export function provisionedTenants(project: Project, user: User): readonly UserTenant[] {
  if (user.email === undefined || user.verifiedEmail !== true) return user.tenants;
  const claiming = tenants.derived(project, "self provisioning", () => {
    const found = new Map<string, string[]>();
    for (const { id, disabled, selfProvisioningDomains } of tenants.all(project))
      for (const domain of disabled ? [] : new Set(selfProvisioningDomains.map(fold)))
        found.set(domain, [...(found.get(domain) ?? []), id]);
    return found;
  });
  const domain = fold(user.email.slice(user.email.lastIndexOf("@") + 1));
  const missing = (claiming.get(domain) ?? []).filter((id) =>
    user.tenants.every(({ tenantId }) => tenantId !== id),
  );
  if (missing.length === 0) return user.tenants;
  const joined = missing.map((tenantId) => ({ tenantId, roleIds: [] }));
  return joinTenants(project, user.tenants, [...user.tenants, ...joined]);
}

/** The roles of whoever joins a tenant: those that it names, and its own that are given by default. */
function memberRoleIds(project: Project, tenantId: string): readonly string[] {
  const named = (tenants.get(project, tenantId)?.defaultRoles ?? []).flatMap(
    (name) => findRole(project, name, tenantId)?.id ?? [],
  );
  const own = roles.derived(project, `defaults ${tenantId}`, () =>
    roles
      .all(project)
      .filter((role) => role.default && role.tenantId === tenantId)
      .map(({ id }) => id),
  );
  return [...named, ...own];
}
