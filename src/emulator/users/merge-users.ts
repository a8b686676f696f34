import type { Project } from "../project.ts";
import { auditUser } from "./user-changes.ts";
import { deleteUser, putUser } from "./user-store.ts";
import type { User, UserTenant } from "./user.ts";

/** Makes two users one: `left` takes in what `gone` had, beside what it has itself, and has the `changes`. */
export function mergeUsers(project: Project, left: User, gone: User, changes: Partial<User>): User {
  deleteUser(project, gone.userId);
  const merged = putUser(project, {
    ...left,
    ...changes,
    loginIds: [...new Set([...left.loginIds, ...gone.loginIds])],
    roleIds: [...new Set([...left.roleIds, ...gone.roleIds])],
    tenants: mergedTenants(left.tenants, gone.tenants),
    ...(left.password === undefined && gone.password !== undefined ? { password: gone.password } : {}),
    ...(left.totpSeed === undefined && gone.totpSeed !== undefined ? { totpSeed: gone.totpSeed } : {}),
    ...(gone.passkeys === undefined ? {} : { passkeys: [...(left.passkeys ?? []), ...gone.passkeys] }),
    ...(gone.oauth === undefined ? {} : { oauth: [...new Set([...(left.oauth ?? []), ...gone.oauth])] }),
    modifiedTime: project.clock.now(),
  });
  auditUser(project, "UserDeleted", gone, left.userId, { mergedInto: left.userId });
  return merged;
}

function mergedTenants(left: readonly UserTenant[], gone: readonly UserTenant[]): UserTenant[] {
  const merged = new Map<string, UserTenant>();
  for (const { tenantId, roleIds } of [...left, ...gone]) {
    const before = merged.get(tenantId)?.roleIds ?? [];
    merged.set(tenantId, { tenantId, roleIds: [...new Set([...before, ...roleIds])] });
  }
  return [...merged.values()];
}
