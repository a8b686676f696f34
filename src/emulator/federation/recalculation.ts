import type { SsoConfiguration } from "../entities/sso-configuration.ts";
import type { Tenant } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import { saveUser } from "../users/user-changes.ts";
import { userById } from "../users/user-store.ts";
import { keepGroupRelations } from "./group-relations.ts";
import { withGroupRoles } from "./group-roles.ts";

/** Gives users anew the roles and relations that their groups are mapped to; those who are not of the tenant have none. */
export function recalculateMappings(
  project: Project,
  tenant: Tenant,
  configurations: readonly SsoConfiguration[],
  userIds: readonly string[],
  actorId: string,
): void {
  for (const userId of userIds) {
    const user = userById(project, userId);
    const membership = user?.tenants.find(({ tenantId }) => tenantId === tenant.id);
    if (user === undefined || membership === undefined) continue;
    keepGroupRelations(project, tenant, configurations, user);
    const roleIds = configurations.reduce<readonly string[]>(
      (before, configuration) => withGroupRoles(project, tenant, configuration, userId, before),
      membership.roleIds,
    );
    if (Bun.deepEquals(roleIds, membership.roleIds)) continue;
    const tenants = user.tenants.map((one) => (one === membership ? { ...one, roleIds } : one));
    saveUser(project, { ...user, tenants }, actorId);
  }
}
