import { isJsonObject } from "../../json/value.ts";
import type { SsoConfiguration } from "../entities/sso-configuration.ts";
import { deleteRelation, putRelation, type Relation } from "../fga/relation-store.ts";
import type { Project } from "../project.ts";
import type { User } from "../users/user.ts";

/** Gives a user the relations that its groups give, and takes away those that only other groups give. */
export function keepGroupRelations(
  project: Project,
  { grants }: SsoConfiguration,
  user: User,
  groups: readonly string[],
): void {
  const all = Object.entries(grants.fga).flatMap(([group, given]) =>
    relationsOf(given, user).map((relation) => ({ group, relation })),
  );
  for (const { group, relation } of all) if (!groups.includes(group)) deleteRelation(project, relation);
  // One relation may be given by several groups.
  for (const { group, relation } of all) if (groups.includes(group)) putRelation(project, relation);
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
