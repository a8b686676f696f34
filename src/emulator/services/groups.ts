import * as operations from "../../api/operations/groups.ts";
import { groupReply, groups, groupsOf } from "../entities/group.ts";
import { requireTenant } from "../entities/tenant.ts";
import { missingArgument, notFound } from "../error.ts";
import { on, type Service } from "../service.ts";
import { requireUser } from "../users/user-store.ts";

export const groupService: Service = [
  on(operations.loadAll, ({ tenantId }, { project }) => {
    const { id } = requireTenant(project, tenantId);
    return groupsOf(project, id).map((group) => groupReply(project, group));
  }),
  on(operations.loadForMembers, ({ tenantId, userIds, loginIds }, { project }) => {
    const { id } = requireTenant(project, tenantId);
    const wanted = [...(userIds ?? []), ...(loginIds ?? [])];
    if (wanted.length === 0) throw missingArgument("One of the userIds and loginIds fields is required");
    const users = new Set(wanted.map((one) => requireUser(project, one).userId));
    return groupsOf(project, id)
      .filter((group) => group.userIds.some((userId) => users.has(userId)))
      .map((group) => groupReply(project, group));
  }),
  on(operations.loadMembers, ({ tenantId, groupId }, { project }) => {
    const { id } = requireTenant(project, tenantId);
    const group = groups.get(project, groupId);
    if (group?.tenantId !== id) throw notFound(`There is no group ${groupId} in the tenant ${tenantId}`);
    return [groupReply(project, group)];
  }),
];
