import { isJsonObject } from "../../json/value.ts";
import { ssoConfigurations, type SsoConfiguration } from "../entities/sso-configuration.ts";
import type { Tenant } from "../entities/tenant.ts";
import { deleteRelation, putRelation, type Relation } from "../fga/relation-store.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import type { User } from "../users/user.ts";
import { groupNames } from "./group-roles.ts";

/** What a tenant's single sign-on gave a user. */
interface GroupRelations {
  readonly tenantId: string;
  readonly ssoId: string;
  readonly userId: string;
  readonly relations: readonly Relation[];
}

const kept = new Collection<GroupRelations>(
  "groupRelations",
  ({ tenantId, ssoId, userId }) => placeOf(tenantId, ssoId, userId),
  ({ tenantId }) => tenantId,
);

function placeOf(tenantId: string, ssoId: string, userId: string): string {
  return `${tenantId}\n${ssoId}\n${userId}`;
}

/**
 * Gives a user the relations that its groups have by some configurations of the tenant, and takes away those that only other groups
 * have, or that groups had when they were last given. What any configuration of the tenant gives stays.
 */
export function keepGroupRelations(
  project: Project,
  tenant: Tenant,
  configurations: readonly SsoConfiguration[],
  user: User,
): void {
  const given = ({ ssoId, grants }: SsoConfiguration) => {
    const names = groupNames(project, tenant, ssoId, user.userId);
    return names.flatMap((name) => relationsOf(grants.fga[name], user));
  };
  const held = new Set(ssoConfigurations(project, tenant).flatMap(given).map(key));
  const { id: tenantId } = tenant;
  const { userId } = user;
  for (const configuration of configurations) {
    const { ssoId, grants } = configuration;
    const before = kept.get(project, placeOf(tenantId, ssoId, userId))?.relations ?? [];
    const byGroups = Object.values(grants.fga).flatMap((group) => relationsOf(group, user));
    for (const relation of [...before, ...byGroups])
      if (!held.has(key(relation))) deleteRelation(project, relation);
    const relations = given(configuration);
    for (const relation of relations) putRelation(project, relation);
    if (before.length > 0 || relations.length > 0) kept.put(project, { tenantId, ssoId, userId, relations });
  }
}

/** Takes away what the groups of a tenant gave that is gone. */
export function forgetGroupRelations(project: Project, tenantId: string): void {
  for (const one of kept.all(project)) {
    if (one.tenantId !== tenantId) continue;
    for (const relation of one.relations) deleteRelation(project, relation);
    kept.delete(project, placeOf(tenantId, one.ssoId, one.userId));
  }
}

function key(relation: Relation): string {
  return JSON.stringify(relation);
}

function relationsOf(given: unknown, { userId }: User): Relation[] {
  const relations = isJsonObject(given) && Array.isArray(given.relations) ? given.relations : [];
  return relations.filter(isJsonObject).flatMap(({ resource, relationDefinition, namespace }) => {
    if (typeof resource !== "string" || typeof relationDefinition !== "string") return [];
    const type = typeof namespace === "string" ? namespace : "";
    return [
      { namespace: type, resource, relation: relationDefinition, target: userId, targetNamespace: "user" },
    ];
  });
}
