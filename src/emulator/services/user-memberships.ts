import * as users from "../../api/operations/users.ts";
import * as operations from "../../api/operations/user-updates.ts";
import { findRole, roleIds } from "../entities/role.ts";
import { requireTenant } from "../entities/tenant.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { saveUser } from "../users/user-changes.ts";
import { checkFamilies, withFamilies } from "../users/user-families.ts";
import { ssoAppIdsOf } from "../users/user-fields.ts";
import { userReply } from "../users/user-reply.ts";
import { requireUser } from "../users/user-store.ts";
import { joinTenants } from "../users/user-tenants.ts";
import type { User } from "../users/user.ts";

/** What a user belongs to: roles, tenants, federated applications, families. */
export const userMembershipService: Service = [
  on(users.setRoles, (input, call) => changeRoles(call, input, (_old, given) => given)),
  on(users.addRoles, (input, call) => changeRoles(call, input, union)),
  on(users.removeRoles, (input, call) => removeRoles(call, input)),
  on(operations.addTenant, ({ loginId, tenantId }, call) => {
    const user = requireUser(call.project, loginId);
    requireTenant(call.project, tenantId);
    if (user.tenants.some((one) => one.tenantId === tenantId)) return userReply(call.project, user);
    const tenants = [...user.tenants, { tenantId, roleIds: [] }];
    return change(call, { ...user, tenants: joinTenants(call.project, user.tenants, tenants) });
  }),
  on(operations.removeTenant, ({ loginId, tenantId }, call) => {
    const user = requireUser(call.project, loginId);
    requireTenant(call.project, tenantId);
    return change(call, { ...user, tenants: user.tenants.filter((one) => one.tenantId !== tenantId) });
  }),
  on(operations.setSsoApps, (input, call) => changeApps(call, input, (_old, given) => given)),
  on(operations.addSsoApps, (input, call) => changeApps(call, input, union)),
  on(operations.removeSsoApps, ({ loginId, ssoAppIds, ssoAppIDs }, call) => {
    const user = requireUser(call.project, loginId);
    const given = ssoAppIds ?? ssoAppIDs ?? [];
    return change(call, { ...user, ssoAppIds: user.ssoAppIds.filter((id) => !given.includes(id)) });
  }),
  on(operations.addFamilies, ({ loginId, familyAssociations }, call) => {
    if (familyAssociations == null || familyAssociations.length === 0)
      throw missingArgument("The familyAssociations field is empty");
    const user = requireUser(call.project, loginId);
    const changed = { ...user, families: withFamilies(call.project, user, familyAssociations) };
    checkFamilies(call.project, user, changed);
    return change(call, changed);
  }),
  on(operations.removeFamilies, ({ loginId, familyIds }, call) => {
    if (familyIds == null || familyIds.length === 0) throw missingArgument("The familyIds field is empty");
    const user = requireUser(call.project, loginId);
    const families = (user.families ?? []).filter(({ familyId }) => !familyIds.includes(familyId));
    const changed = { ...user, families };
    checkFamilies(call.project, user, changed);
    return change(call, changed);
  }),
];

interface RolesInput {
  readonly loginId: string;
  readonly tenantId?: string | null | undefined;
  readonly roleNames?: readonly string[] | null | undefined;
}

/** Changes a user's roles in the project or, where one is named, in a tenant of the user's. */
function changeRoles(
  call: Call,
  { loginId, tenantId, roleNames }: RolesInput,
  combine: (old: readonly string[], given: readonly string[]) => readonly string[],
) {
  const user = requireUser(call.project, loginId);
  const given = roleIds(call.project, roleNames ?? [], tenantId || undefined);
  return change(
    call,
    withRoles(call.project, user, tenantId, (old) => combine(old, given)),
  );
}

/** Takes roles away; a name that means nothing any more is no error, since the user does not have it. */
function removeRoles(call: Call, { loginId, tenantId, roleNames }: RolesInput) {
  const { project } = call;
  const user = requireUser(project, loginId);
  const gone = new Set((roleNames ?? []).map((name) => findRole(project, name, tenantId || undefined)?.id));
  return change(
    call,
    withRoles(project, user, tenantId, (old) => old.filter((id) => !gone.has(id))),
  );
}

function withRoles(
  project: Project,
  user: User,
  tenantId: string | null | undefined,
  change: (old: readonly string[]) => readonly string[],
): User {
  if (!tenantId) return { ...user, roleIds: change(user.roleIds) };
  requireTenant(project, tenantId);
  if (!user.tenants.some((tenant) => tenant.tenantId === tenantId))
    throw invalidArgument(`The user is not in the tenant ${tenantId}`);
  return {
    ...user,
    tenants: user.tenants.map((tenant) =>
      tenant.tenantId === tenantId ? { tenantId, roleIds: change(tenant.roleIds) } : tenant,
    ),
  };
}

interface AppsInput {
  readonly loginId: string;
  readonly ssoAppIds?: readonly string[] | null | undefined;
  readonly ssoAppIDs?: readonly string[] | null | undefined;
}

function changeApps(
  call: Call,
  { loginId, ...apps }: AppsInput,
  combine: (old: readonly string[], given: readonly string[]) => readonly string[],
) {
  const user = requireUser(call.project, loginId);
  const given = [...new Set(ssoAppIdsOf(call.project, apps) ?? [])];
  return change(call, { ...user, ssoAppIds: combine(user.ssoAppIds, given) });
}

function union(old: readonly string[], given: readonly string[]): readonly string[] {
  return [...new Set([...old, ...given])];
}

function change({ project, actorId }: Call, user: User) {
  return userReply(project, saveUser(project, user, actorId));
}
