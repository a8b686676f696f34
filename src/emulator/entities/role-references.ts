import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { inboundApps } from "./inbound-app.ts";
import type { Scope } from "./scope.ts";
import { mcpServers } from "./mcp-server.ts";
import { resources } from "./resource.ts";
import { findRole, type Role } from "./role.ts";
import { allSsoApps, putSsoApp } from "./sso-app.ts";
import { tenants } from "./tenant.ts";
import type { Project } from "../project.ts";

/**
 * Follows a role everywhere it is named: in what tenants give to who joins them, the scopes of inbound applications, MCP
 * servers and resources, and the groups of SSO applications. To be called while the role still has its old name.
 *
 * @param name the new one; undefined where the role goes away.
 */
export function followRole(project: Project, role: Role, name: string | undefined): void {
  followInTenants(project, role, name);
  // Applications belong to the project, and name its roles alone.
  if (role.tenantId !== undefined) return;
  for (const app of inboundApps.all(project)) {
    const permissionsScopes = renamed(app.permissionsScopes, role.name, name);
    if (permissionsScopes !== undefined) inboundApps.put(project, { ...app, permissionsScopes });
  }
  for (const server of mcpServers.all(project)) {
    const permissionsScopes = renamed(server.approvedScopes.permissionsScopes, role.name, name);
    if (permissionsScopes !== undefined)
      mcpServers.put(project, {
        ...server,
        approvedScopes: { ...server.approvedScopes, permissionsScopes },
      });
  }
  for (const resource of resources.all(project)) {
    const permissionsScopes = renamed(resource.scopes.permissionsScopes, role.name, name);
    if (permissionsScopes !== undefined)
      resources.put(project, {
        ...resource,
        scopes: { ...resource.scopes, permissionsScopes },
        // Whoever saw it before must look again, or would bring the old name back.
        version: resource.version + 1,
        modifiedTime: project.clock.now(),
      });
  }
  for (const app of allSsoApps(project)) {
    const { groupsMapping } = app.settings;
    if (!Array.isArray(groupsMapping)) continue;
    const followed = groupsMapping.map((group) => withRole(group, role, name));
    if (!Bun.deepEquals(followed, groupsMapping))
      putSsoApp(project, { ...app, settings: { ...app.settings, groupsMapping: followed } });
  }
}

/** Only where the name means that role: a tenant's own role comes before the project's of the same name. */
function followInTenants(project: Project, role: Role, name: string | undefined): void {
  for (const tenant of tenants.all(project)) {
    if (!tenant.defaultRoles.includes(role.name)) continue;
    if (findRole(project, role.name, tenant.id)?.id !== role.id) continue;
    tenants.put(project, {
      ...tenant,
      defaultRoles: tenant.defaultRoles.flatMap((one) => (one === role.name ? (name ?? []) : one)),
    });
  }
}

/** Scopes with another role among those that they give; undefined where none gives it. */
function renamed(scopes: readonly Scope[], old: string, name: string | undefined): Scope[] | undefined {
  if (!scopes.some(({ values }) => values.includes(old))) return undefined;
  return scopes.map((scope) => ({
    ...scope,
    values: scope.values.flatMap((one) => (one === old ? (name ?? []) : one)),
  }));
}

function withRole(group: Json, role: Role, name: string | undefined): Json {
  if (!isJsonObject(group) || !Array.isArray(group.roles)) return group;
  const isRole = (one: Json): one is JsonObject =>
    isJsonObject(one) && (one.id === role.id || (!one.id && one.name === role.name));
  return {
    ...group,
    roles: group.roles.flatMap((one) => (isRole(one) ? (name === undefined ? [] : { ...one, name }) : one)),
  };
}
