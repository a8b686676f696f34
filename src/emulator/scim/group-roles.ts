import { ssoConfigurations } from "../entities/sso-configuration.ts";
import type { Tenant } from "../entities/tenant.ts";
import { withGroupRoles } from "../federation/group-roles.ts";
import type { Project } from "../project.ts";
import { saveUser } from "../users/user-changes.ts";
import { userById } from "../users/user-store.ts";

/** Gives users anew the roles that the tenant's single sign-on maps their groups to. */
export function recalculateRoles(
  project: Project,
  tenant: Tenant,
  userIds: readonly string[],
  actorId: string,
): void {
  const configurations = ssoConfigurations(project, tenant);
  for (const userId of userIds) {
    const user = userById(project, userId);
    const membership = user?.tenants.find(({ tenantId }) => tenantId === tenant.id);
    if (user === undefined || membership === undefined) continue;
    const roleIds = configurations.reduce<readonly string[]>(
      (before, configuration) => withGroupRoles(project, tenant, configuration, userId, before),
      membership.roleIds,
    );
    if (Bun.deepEquals(roleIds, membership.roleIds)) continue;
    const tenants = user.tenants.map((one) => (one === membership ? { ...one, roleIds } : one));
    saveUser(project, { ...user, tenants }, actorId);
  }
}
