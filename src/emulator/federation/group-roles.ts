import { groups, groupsOf } from "../entities/group.ts";
import { rolesByGroups, rolesOfGroups, type SsoConfiguration } from "../entities/sso-configuration.ts";
import type { Tenant } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import type { User } from "../users/user.ts";

/** What a tenant's single sign-on gave a user. */
interface GroupRoles {
  readonly tenantId: string;
  readonly ssoId: string;
  readonly userId: string;
  /** Roles that the user has because of groups, or of having signed in by it at all. */
  readonly roleIds: readonly string[];
}

const given = new Collection<GroupRoles>(
  "groupRoles",
  ({ tenantId, ssoId, userId }) => key(tenantId, ssoId, userId),
  ({ tenantId }) => tenantId,
);

function key(tenantId: string, ssoId: string, userId: string): string {
  return `${tenantId}\n${ssoId}\n${userId}`;
}

/** Keeps the groups of a user as the provider said them last: new ones come, and the user leaves those that it did not name. */
export function keepGroups(
  project: Project,
  tenant: Tenant,
  configuration: SsoConfiguration,
  user: User,
  names: readonly string[],
): void {
  const now = project.clock.now();
  const { ssoId, authType: source } = configuration;
  const ofProvider = groupsOf(project, tenant.id).filter((group) => group.source !== "scim");
  const known = ofProvider.filter((group) => group.ssoId === ssoId);
  for (const group of known) {
    const { userId } = user;
    const isMember = names.includes(group.display);
    if (group.userIds.includes(userId) === isMember) continue;
    const others = group.userIds.filter((id) => id !== userId);
    groups.put(project, { ...group, userIds: isMember ? [...others, userId] : others, modifiedTime: now });
  }
  for (const display of new Set(names)) {
    if (known.some((group) => group.display === display)) continue;
    groups.put(project, {
      id: project.ids.next("GRP"),
      tenantId: tenant.id,
      display,
      userIds: [user.userId],
      source,
      ssoId,
      createdTime: now,
      modifiedTime: now,
    });
  }
}

/**
 * A user's roles in a tenant with those that its groups give now in place of those that they gave before; all others stay. What is
 * given is kept for the next time.
 */
export function withGroupRoles(
  project: Project,
  tenant: Tenant,
  configuration: SsoConfiguration,
  userId: string,
  roleIds: readonly string[],
): string[] {
  const { ssoId } = configuration;
  const before = given.get(project, key(tenant.id, ssoId, userId))?.roleIds ?? [];
  const byGroups = new Set([...before, ...rolesByGroups(configuration)]);
  const now = rolesOfGroups(configuration, groupNames(project, tenant, ssoId, userId));
  const kept = roleIds.filter((id) => !byGroups.has(id));
  // What somebody else gave the user too is not taken away with the groups.
  const added = now.filter((id) => !kept.includes(id));
  given.put(project, { tenantId: tenant.id, ssoId, userId, roleIds: added });
  return [...kept, ...added];
}

/** The ids of those who have signed in to a tenant by that configuration, or whom a directory has put into groups of it. */
export function usersOfGroups(project: Project, tenant: Tenant, ssoId: string): string[] {
  const signedIn = given.all(project).filter((one) => one.tenantId === tenant.id && one.ssoId === ssoId);
  const inGroups = groupsFor(project, tenant, ssoId).flatMap(({ userIds }) => userIds);
  return [...new Set([...signedIn.map(({ userId }) => userId), ...inGroups])];
}

/** Forgets what the groups of a tenant gave that is gone. */
export function forgetGroupRoles(project: Project, tenantId: string): void {
  for (const { ssoId, userId } of given.all(project).filter((one) => one.tenantId === tenantId))
    given.delete(project, key(tenantId, ssoId, userId));
}

/** The names of a user's groups that count for a configuration. */
export function groupNames(project: Project, tenant: Tenant, ssoId: string, userId: string): string[] {
  return groupsFor(project, tenant, ssoId)
    .filter(({ userIds }) => userIds.includes(userId))
    .map(({ display }) => display);
}

/** Groups that count for a configuration: its own, and those of the tenant's directory. */
function groupsFor(project: Project, tenant: Tenant, ssoId: string) {
  return groupsOf(project, tenant.id).filter((group) => group.ssoId === undefined || group.ssoId === ssoId);
}
