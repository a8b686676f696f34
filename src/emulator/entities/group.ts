import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import { userById } from "../users/user-store.ts";

/** A group of a tenant's people, as its directory has it. */
export interface Group {
  readonly id: string;
  readonly tenantId: string;
  display: string;
  /** Ids of its users. */
  userIds: readonly string[];
  /** Where it comes from: "scim", "saml" or "oidc". */
  readonly source: string;
  /** The single sign-on that told of it, or whose directory did; one without counts for all of the tenant's. */
  readonly ssoId?: string;
  /** What the directory calls it. */
  readonly externalId?: string;
  /** Milliseconds since 1970. */
  readonly createdTime: number;
  modifiedTime: number;
}

export const groups = new Collection<Group>(
  "group",
  ({ id }) => id,
  ({ tenantId, display }) => `${tenantId}\n${display}`,
);

export function groupsOf(project: Project, tenantId: string): Group[] {
  return groups.all(project).filter((group) => group.tenantId === tenantId);
}

/** A group as the API gives it; users who are gone, or are not of the tenant any more, are no members. */
export function groupReply(
  project: Project,
  { id, tenantId, display, userIds, source }: Group,
): Record<string, unknown> {
  const members = userIds.flatMap((userId) => {
    const user = userById(project, userId);
    return user === undefined || user.tenants.every((one) => one.tenantId !== tenantId)
      ? []
      : [
          {
            userId,
            loginId: user.loginIds[0] ?? "",
            loginID: user.loginIds[0] ?? "",
            display: user.name ?? "",
          },
        ];
  });
  return { id, display, members, source };
}
