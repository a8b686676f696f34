import type { Scope } from "../entities/scope.ts";
import { policyId, resourcePolicies, resources, type Resource } from "../entities/resource.ts";
import type { Client } from "./client.ts";

/** In whose name a client asks for something: a user's, or its own. */
export type Access = "user" | "client";

/**
 * A client that may ask for what it is set up with and, of each resource that a request names by its URI, for what a policy lets it
 * ask for. A scope that the application has itself is its own.
 */
export function withResourceScopes(client: Client, audiences: readonly string[], access: Access): Client {
  if (client.kind !== "inbound" || audiences.length === 0) return client;
  const { project, permissionScopes, attributeScopes, connectionScopes } = client;
  const named = resources.all(project).filter(({ uri }) => uri !== "" && audiences.includes(uri));
  return named.reduce(
    (wider, resource) => {
      const isAllowed = policyOf(client, resource, access);
      const { permissionsScopes, attributesScopes, connectionsScopes } = resource.scopes;
      return {
        ...wider,
        permissionScopes: joined(wider.permissionScopes, permissionsScopes.filter(isAllowed)),
        attributeScopes: joined(wider.attributeScopes, attributesScopes.filter(isAllowed)),
        connectionScopes: joined(wider.connectionScopes, connectionsScopes.filter(isAllowed)),
      };
    },
    { ...client, permissionScopes, attributeScopes, connectionScopes },
  );
}

/** Which scopes of a resource a client may ask for: none without a policy. */
function policyOf({ project, appId }: Client, { id: resourceId }: Resource, access: Access) {
  const policy = resourcePolicies.get(project, policyId({ thirdPartyApplicationId: appId, resourceId }));
  const [isAll, names] =
    access === "user"
      ? [policy?.allUserScopes, policy?.userAccessScopes]
      : [policy?.allClientScopes, policy?.clientAccessScopes];
  return ({ name }: Scope) => isAll === true || names?.includes(name) === true;
}

function joined(own: readonly Scope[], more: readonly Scope[]): readonly Scope[] {
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...more.filter(({ name }) => !names.has(name))];
}
