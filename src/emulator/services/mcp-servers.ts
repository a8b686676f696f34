import * as operations from "../../api/operations/mcp-servers.ts";
import { audit } from "../audit.ts";
import { consents } from "../entities/consent.ts";
import {
  clientsOf,
  mcpClientReply,
  mcpClients,
  mcpServerReply,
  mcpServers,
  requireMcpClient,
  requireMcpServer,
  type McpClient,
  type McpServer,
  type RegistrationType,
} from "../entities/mcp-server.ts";
import { tenants } from "../entities/tenant.ts";
import { forbidden, invalidArgument, missingArgument, notFound, projectNotFound } from "../error.ts";
import { pageOf } from "../page.ts";
import { present } from "../present.ts";
import { findProject, type Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { registration } from "./inbound-apps.ts";
import { scopesOf } from "../entities/scope.ts";

/** MCP servers and their clients. */
export const mcpServerService: Service = [
  on(operations.create, (input, call) => {
    const server = saveServer(call.project, call.project.ids.next("MS"), input);
    auditServer(call, "McpServerCreated", server);
    return { server: mcpServerReply(server) };
  }),
  on(operations.update, ({ server: { id, ...input } }, call) => {
    requireMcpServer(call.project, id);
    const server = saveServer(call.project, id, input);
    auditServer(call, "McpServerUpdated", server);
    return { server: mcpServerReply(server) };
  }),
  on(operations.load, ({ id }, { project }) => ({ server: mcpServerReply(requireMcpServer(project, id)) })),
  on(operations.loadAll, (_input, { project }) => {
    const servers = mcpServers.all(project);
    return { servers: servers.map(mcpServerReply), total: servers.length };
  }),
  on(operations.remove, ({ id }, call) => {
    removeServer(call, requireMcpServer(call.project, id));
    return {};
  }),
  on(operations.removeBatch, ({ ids }, call) => {
    for (const id of new Set(ids)) removeServer(call, requireMcpServer(call.project, id));
    return {};
  }),
  on(operations.createClient, ({ mcpServerId, ...input }, call) => {
    const server = requireMcpServer(call.project, mcpServerId);
    const client = createClient(call.project, server, input, "manual", true);
    auditClient(call, "McpServerClientCreated", client);
    return { id: client.id, cleartext: client.secret, clientId: client.clientId };
  }),
  on(operations.updateClient, ({ id, mcpServerId, ...input }, call) => {
    const server = requireMcpServer(call.project, mcpServerId);
    const before = requireMcpClient(call.project, mcpServerId, id);
    const client = saveClient(call.project, server, { ...before, ...settingsOf(input) });
    auditClient(call, "McpServerClientUpdated", client);
    return { client: mcpClientReply(client) };
  }),
  on(operations.loadClient, ({ id, clientId, mcpServerId }, { project }) => ({
    client: mcpClientReply(wanted(project, mcpServerId, id, clientId)),
  })),
  on(operations.searchClients, (query, { project }) => {
    requireMcpServer(project, query.mcpServerId);
    const found = clientsOf(project, query.mcpServerId).filter((client) => fits(client, query));
    const sorted = sortedBy(found, query.sort ?? []);
    return { clients: pageOf(sorted, query).map(mcpClientReply), total: found.length };
  }),
  on(operations.removeClient, ({ id, mcpServerId }, call) => {
    requireMcpServer(call.project, mcpServerId);
    removeClient(call, requireMcpClient(call.project, mcpServerId, id));
    return {};
  }),
  on(operations.removeClients, ({ ids, mcpServerId }, call) => {
    requireMcpServer(call.project, mcpServerId);
    for (const id of new Set(ids)) removeClient(call, requireMcpClient(call.project, mcpServerId, id));
    return {};
  }),
  on(operations.loadClientSecret, ({ id, mcpServerId }, { project }) => ({
    cleartext: requireMcpClient(project, mcpServerId, id).secret,
  })),
  on(operations.rotateClientSecret, ({ id, mcpServerId }, call) => {
    const client = requireMcpClient(call.project, mcpServerId, id);
    if (client.secret === "") throw invalidArgument(`The client ${id} keeps no secret`);
    const { secret } = mcpClients.put(call.project, { ...client, secret: call.project.ids.text(64) });
    auditClient(call, "McpServerClientSecretRotated", client);
    return { cleartext: secret };
  }),
  on(operations.register, ({ projectId, mcpServerId, ...metadata }, { world }) => {
    const project = findProject(world, projectId);
    if (project === undefined) throw projectNotFound(projectId);
    const server = requireMcpServer(project, mcpServerId);
    if (server.dynamicRegistration?.enabled !== true)
      throw forbidden(`Clients may not register themselves with the MCP server ${server.name}`);
    const client = createClient(
      project,
      server,
      {
        name: metadata.client_name || `client-${project.ids.text(12)}`,
        approvedCallbackUrls: metadata.redirect_uris,
        scopes: registeredScopes(server, metadata.scope),
        logo: metadata.logo_content || metadata.logo_uri,
      },
      "dynamic",
      metadata.token_endpoint_auth_method !== "none",
    );
    auditClient({ project, actorId: "" }, "McpServerClientCreated", client);
    return registration(metadata, client, project);
  }),
];

function saveServer(project: Project, id: string, input: operations.McpServerInput): McpServer {
  const { name, description, logo, tags, approvedCallbackUrls, audienceWhitelist, approvedScopes, ...rest } =
    input;
  const { skipConsentScreen, forceAddAllAuthorizationInfo, dynamicRegistration, sessionSettings, ...more } =
    rest;
  const other = mcpServers.named(project, name);
  if (other !== undefined && other.id !== id)
    throw invalidArgument(`There is an MCP server with the name ${name} already`);
  return mcpServers.put(project, {
    id,
    name,
    description: description ?? "",
    logo: logo ?? "",
    tags: tags ?? [],
    approvedCallbackUrls: approvedCallbackUrls ?? [],
    audienceWhitelist: audienceWhitelist ?? [],
    approvedScopes: {
      permissionsScopes: scopesOf(approvedScopes?.permissionsScopes),
      attributesScopes: scopesOf(approvedScopes?.attributesScopes),
      connectionsScopes: scopesOf(approvedScopes?.connectionsScopes),
    },
    skipConsentScreen: skipConsentScreen ?? false,
    forceAddAllAuthorizationInfo: forceAddAllAuthorizationInfo ?? false,
    ...(dynamicRegistration == null ? {} : { dynamicRegistration }),
    ...(sessionSettings == null ? {} : { sessionSettings }),
    more: present(more),
  });
}

function createClient(
  project: Project,
  server: McpServer,
  input: operations.McpClientInput,
  registrationType: RegistrationType,
  keepsSecret: boolean,
): McpClient {
  const id = project.ids.next("MC");
  return saveClient(project, server, {
    id,
    mcpServerId: server.id,
    // A client id names its project, so that the token endpoint knows where it belongs.
    clientId: btoa(`${project.id}:${id}`).replace(/=+$/, ""),
    secret: keepsSecret ? project.ids.text(64) : "",
    registrationType,
    createdTime: project.clock.now(),
    ...settingsOf(input),
  });
}

function settingsOf(input: operations.McpClientInput) {
  return {
    name: input.name,
    approvedCallbackUrls: input.approvedCallbackUrls ?? [],
    scopes: input.scopes ?? [],
    tags: input.tags ?? [],
    logo: input.logo ?? "",
    forceAddAllAuthorizationInfo: input.forceAddAllAuthorizationInfo ?? false,
    allowedTenants: input.allowedTenants ?? [],
  };
}

/** @throws {EmulatorError} E011004 for a tenant, scope or address that the client cannot have. */
function saveClient(project: Project, server: McpServer, client: McpClient): McpClient {
  for (const id of client.allowedTenants)
    if (tenants.get(project, id) === undefined)
      throw invalidArgument(`The allowedTenants field names ${id}, but there is no such tenant`);
  const offered = scopeNames(server);
  for (const scope of client.scopes)
    if (!offered.includes(scope))
      throw invalidArgument(`The scopes field names ${scope}, but the MCP server has no such scope`);
  const { approvedCallbackUrls: approved } = server;
  const strange =
    approved.length === 0 ? [] : client.approvedCallbackUrls.filter((url) => !approved.includes(url));
  if (strange.length > 0)
    throw invalidArgument(`The MCP server does not approve of the callback URL ${strange.join(", ")}`);
  return mcpClients.put(project, client);
}

function scopeNames({ approvedScopes }: McpServer): string[] {
  return Object.values(approvedScopes).flatMap((scopes) => scopes.map(({ name }) => name));
}

/** A client that registers itself may have what it asks for of the server's scopes, all where it asks for none and may have them. */
function registeredScopes(server: McpServer, asked: string | null | undefined): string[] {
  const offered = scopeNames(server);
  const wanted = (asked ?? "").split(/\s+/).filter((scope) => offered.includes(scope));
  if (wanted.length > 0) return wanted;
  return server.dynamicRegistration?.disableApprovedScopesAsDefault === true ? [] : offered;
}

function wanted(
  project: Project,
  mcpServerId: string,
  id: string | null | undefined,
  clientId: string | null | undefined,
): McpClient {
  requireMcpServer(project, mcpServerId);
  if (id) return requireMcpClient(project, mcpServerId, id);
  if (!clientId) throw missingArgument("One of the fields id and clientId must say which client");
  const found = mcpClients.named(project, clientId);
  if (found?.mcpServerId !== mcpServerId)
    throw notFound(`The MCP server ${mcpServerId} has no client with the client id ${clientId}`);
  return found;
}

interface ClientQuery {
  readonly text?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly clientId?: string | null | undefined;
  readonly status?: string | null | undefined;
  readonly registrationMethod?: string | null | undefined;
  readonly tag?: string | null | undefined;
}

function fits(client: McpClient, query: ClientQuery): boolean {
  const has = (content: string, wanted: string) => content.toLowerCase().includes(wanted.toLowerCase());
  return (
    (!query.text ||
      [client.name, client.clientId, client.id, ...client.tags].some((one) => has(one, query.text ?? ""))) &&
    (!query.name || has(client.name, query.name)) &&
    (!query.clientId || client.clientId === query.clientId) &&
    (!query.status || query.status === "active") &&
    (!query.registrationMethod || client.registrationType === query.registrationMethod) &&
    (!query.tag || client.tags.includes(query.tag))
  );
}

function sortedBy(
  clients: readonly McpClient[],
  sorting: readonly { readonly field: string; readonly desc?: boolean | null | undefined }[],
): McpClient[] {
  return clients.toSorted((a, b) => {
    for (const { field, desc } of sorting) {
      const [one, other] = [String(a[field as keyof McpClient]), String(b[field as keyof McpClient])];
      if (one !== other) return one < other === (desc === true) ? 1 : -1;
    }
    return 0;
  });
}

function removeServer(call: Call, server: McpServer): void {
  for (const client of clientsOf(call.project, server.id)) removeClient(call, client);
  mcpServers.delete(call.project, server.id);
  auditServer(call, "McpServerDeleted", server);
}

function removeClient(call: Call, client: McpClient): void {
  mcpClients.delete(call.project, client.id);
  for (const consent of consents.all(call.project))
    if (consent.appId === client.id) consents.delete(call.project, consent.id);
  auditClient(call, "McpServerClientDeleted", client);
}

function auditServer({ project, actorId }: Call, action: string, { id, name }: McpServer): void {
  audit(project, { action, actorId, data: { mcpServerId: id, name } });
}

function auditClient(
  { project, actorId }: Pick<Call, "project" | "actorId">,
  action: string,
  { id, name, mcpServerId }: McpClient,
): void {
  audit(project, { action, actorId, data: { clientId: id, name, mcpServerId } });
}
