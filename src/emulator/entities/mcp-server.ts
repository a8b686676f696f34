import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import type { Scope } from "./scope.ts";

/** A server of the Model Context Protocol, whose clients get their tokens of this project. */
export interface McpServer {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly logo: string;
  readonly tags: readonly string[];
  /** Where its clients may send users back to; anywhere of their own where there are none. */
  readonly approvedCallbackUrls: readonly string[];
  /** The audiences that its clients may ask for; any where there are none. */
  readonly audienceWhitelist: readonly string[];
  readonly approvedScopes: {
    readonly permissionsScopes: readonly Scope[];
    readonly attributesScopes: readonly Scope[];
    readonly connectionsScopes: readonly Scope[];
  };
  readonly skipConsentScreen: boolean;
  readonly forceAddAllAuthorizationInfo: boolean;
  readonly dynamicRegistration?: {
    readonly enabled?: boolean | null | undefined;
    readonly disableApprovedScopesAsDefault?: boolean | null | undefined;
  };
  readonly sessionSettings?: Readonly<Record<string, unknown>>;
  /** What else requests said of it. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** How a client of a server came to be. */
export type RegistrationType = "manual" | "dynamic";

/** A client of an MCP server. */
export interface McpClient {
  readonly id: string;
  readonly mcpServerId: string;
  readonly name: string;
  readonly clientId: string;
  /** Empty for one that keeps none. */
  readonly secret: string;
  readonly approvedCallbackUrls: readonly string[];
  /** Names of the server's scopes that it may ask for; all of them where there are none. */
  readonly scopes: readonly string[];
  readonly tags: readonly string[];
  readonly logo: string;
  readonly registrationType: RegistrationType;
  readonly forceAddAllAuthorizationInfo: boolean;
  readonly allowedTenants: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdTime: number;
}

export const mcpServers = new Collection<McpServer>(
  "mcpServer",
  ({ id }) => id,
  ({ name }) => name,
);

export const mcpClients = new Collection<McpClient>(
  "mcpClient",
  ({ id }) => id,
  ({ clientId }) => clientId,
);

/** @throws {EmulatorError} when there is none with that id. */
export function requireMcpServer(project: Project, id: string): McpServer {
  const found = mcpServers.get(project, id);
  if (found === undefined) throw notFound(`There is no MCP server ${id}`);
  return found;
}

/** The clients of a server, in the order in which they came. */
export function clientsOf(project: Project, mcpServerId: string): McpClient[] {
  return mcpClients.all(project).filter((client) => client.mcpServerId === mcpServerId);
}

/** @throws {EmulatorError} when the server has none with that id. */
export function requireMcpClient(project: Project, mcpServerId: string, id: string): McpClient {
  const found = mcpClients.get(project, id);
  if (found?.mcpServerId !== mcpServerId) throw notFound(`The MCP server ${mcpServerId} has no client ${id}`);
  return found;
}

/** A server as the API gives it. */
export function mcpServerReply({ more, ...server }: McpServer): Record<string, unknown> {
  return { loginPageURL: "", ...more, ...server };
}

/** A client as the API gives it; its secret is asked for by itself. */
export function mcpClientReply({ secret, createdTime, ...client }: McpClient): Record<string, unknown> {
  return { ...client, status: "active" };
}
