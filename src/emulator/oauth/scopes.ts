import { scopeClaimMappings } from "../entities/scope-claim-mapping.ts";
import { roles, roleKey } from "../entities/role.ts";
import type { Client } from "./client.ts";
import { invalidScope } from "./error.ts";

/** What OpenID Connect and Descope define, which every client may ask for. */
export const STANDARD_SCOPES = [
  ...["openid", "profile", "email", "phone", "offline_access"],
  ...["descope.claims", "descope.custom_claims"],
] as const;

const STANDARD: ReadonlySet<string> = new Set(STANDARD_SCOPES);

/** The scopes of a text. */
export function scopesIn(text: string | null | undefined): string[] {
  return [...new Set((text ?? "").split(/\s+/).filter((scope) => scope !== ""))];
}

/**
 * What a client gets of what it asks for. A federated application's unknown scopes are passed over, as OpenID Connect has it; an
 * inbound one may only ask for what it is set up with, and gets what is not optional where it asks for nothing.
 *
 * @throws {OAuthError} invalid_scope
 */
export function grantedScopes(client: Client, asked: readonly string[]): string[] {
  if (client.kind === "federated") {
    const mapped = new Set(scopeClaimMappings(client.project).map(({ scope }) => scope));
    return asked.filter((scope) => STANDARD.has(scope) || mapped.has(scope));
  }
  const known = ownScopes(client);
  const unknown = asked.filter((scope) => !STANDARD.has(scope) && !known.has(scope));
  if (unknown.length > 0)
    throw invalidScope(
      `The application ${client.name} has no scope ${unknown.join(", ")}; it has ${[...known].join(", ") || "none of its own"}`,
    );
  const wanted =
    asked.length > 0
      ? asked
      : client.permissionScopes.filter((scope) => scope.optional !== true).map(({ name }) => name);
  const mandatory = client.scopeClaims.filter((mapping) => mapping.mandatory === true);
  return [...new Set([...wanted, ...mandatory.map(({ scope }) => scope)])];
}

/** What somebody has to agree to: all that is not defined by OpenID Connect alone. */
export function scopesToConsent(client: Client, granted: readonly string[]): string[] {
  return client.asksConsent ? granted.filter((scope) => scope !== "openid") : [];
}

/** The names that the application's own scopes have, and what they mean. */
export function scopeDescriptions({
  permissionScopes,
  attributeScopes,
  connectionScopes,
}: Client): Map<string, string> {
  const all = [...permissionScopes, ...attributeScopes, ...connectionScopes];
  return new Map(all.map(({ name, description }) => [name, description]));
}

/** The names of the roles that granted scopes give: the values of permission scopes. */
export function rolesOfScopes({ permissionScopes }: Client, granted: readonly string[]): string[] {
  const given = permissionScopes.filter(({ name }) => granted.includes(name));
  return [...new Set(given.flatMap(({ values }) => values))];
}

/** The ids of the project's roles with those names; names that no role has are left out. */
export function existingRoles({ project }: Client, names: readonly string[]): string[] {
  return names.flatMap((name) => roles.named(project, roleKey(name))?.id ?? []);
}

function ownScopes(client: Client): Set<string> {
  return new Set([
    ...scopeDescriptions(client).keys(),
    ...client.scopeClaims.map(({ scope }) => scope),
    ...scopeClaimMappings(client.project).map(({ scope }) => scope),
  ]);
}
