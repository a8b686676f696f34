import * as v from "valibot";
import { operation, type MembersOf } from "../operation.ts";
import {
  clientMetadata,
  metadataDocuments,
  scopeKinds,
  selfRegistration,
  sessionLengths,
} from "./application-schemas.ts";
import { anyObject, byId, byIds, count, filled, flag, someTexts, sorting, text, texts } from "./schemas.ts";

/** Everything about an MCP server that can be changed. */
const serverMembers = () => ({
  name: filled(),
  description: text(),
  dynamicRegistration: selfRegistration(),
  audienceWhitelist: texts(),
  approvedScopes: scopeKinds(),
  approvedCallbackUrls: texts(),
  loginPageURL: text(),
  sessionSettings: sessionLengths(),
  tags: texts(),
  logo: text(),
  cimdSettings: metadataDocuments(),
  skipConsentScreen: flag(),
  consentFlowId: text(),
  consentFlowHostingURL: text(),
  forceAddAllAuthorizationInfo: flag(),
});

/** Everything about one of its clients that can be changed. */
const clientMembers = () => ({
  name: filled(),
  approvedCallbackUrls: texts(),
  scopes: texts(),
  tags: texts(),
  logo: text(),
  forceAddAllAuthorizationInfo: flag(),
  allowedTenants: texts(),
});

/** What a request says of a server, and of a client of one. */
export type McpServerInput = MembersOf<typeof serverMembers>;
export type McpClientInput = MembersOf<typeof clientMembers>;

const ofServer = () => v.looseObject({ id: filled(), mcpServerId: filled() });

const shared = { noun: "MCPServer", method: "POST", output: anyObject } as const;
const change = { ...shared, effect: "write", idempotent: true } as const;
const removal = { ...shared, effect: "destroy", idempotent: true } as const;

export const create = operation({
  ...shared,
  verb: "Create",
  path: "/v1/mgmt/mcp/server/create",
  effect: "write",
  input: () => v.looseObject(serverMembers()),
});

export const update = operation({
  ...change,
  verb: "Update",
  path: "/v1/mgmt/mcp/server/update",
  input: () => v.looseObject({ server: v.looseObject({ id: filled(), ...serverMembers() }) }),
});

export const load = operation({
  ...shared,
  verb: "Load",
  path: "/v1/mgmt/mcp/server/load",
  effect: "read",
  input: byId,
});

export const loadAll = operation({
  ...shared,
  verb: "LoadAll",
  path: "/v1/mgmt/mcp/servers/all",
  effect: "read",
});

export const remove = operation({
  ...removal,
  verb: "Delete",
  path: "/v1/mgmt/mcp/server/delete",
  input: byId,
});

export const removeBatch = operation({
  ...removal,
  verb: "DeleteBatch",
  path: "/v1/mgmt/mcp/servers/delete",
  input: byIds,
});

export const createClient = operation({
  ...shared,
  verb: "CreateClient",
  path: "/v1/mgmt/mcp/server/client/create",
  effect: "write",
  input: () => v.looseObject({ mcpServerId: filled(), ...clientMembers() }),
  secretOutput: ["cleartext"],
});

export const updateClient = operation({
  ...change,
  verb: "UpdateClient",
  path: "/v1/mgmt/mcp/server/client/update",
  input: () => v.looseObject({ id: filled(), mcpServerId: filled(), ...clientMembers() }),
});

/** By its id, or by what it calls itself. */
export const loadClient = operation({
  ...shared,
  verb: "LoadClient",
  path: "/v1/mgmt/mcp/server/client/load",
  effect: "read",
  input: () => v.looseObject({ id: text(), clientId: text(), mcpServerId: filled() }),
});

export const searchClients = operation({
  ...shared,
  verb: "SearchClients",
  path: "/v1/mgmt/mcp/server/clients/search",
  effect: "read",
  input: () =>
    v.looseObject({
      mcpServerId: filled(),
      page: count(),
      limit: count(),
      text: text(),
      name: text(),
      clientId: text(),
      status: text(),
      registrationMethod: text(),
      tag: text(),
      sort: sorting(),
    }),
});

export const removeClient = operation({
  ...removal,
  verb: "DeleteClient",
  path: "/v1/mgmt/mcp/server/client/delete",
  input: ofServer,
});

export const removeClients = operation({
  ...removal,
  verb: "DeleteClients",
  path: "/v1/mgmt/mcp/server/clients/delete",
  input: () => v.looseObject({ ids: someTexts(), mcpServerId: filled() }),
});

export const loadClientSecret = operation({
  ...shared,
  verb: "LoadClientSecret",
  path: "/v1/mgmt/mcp/server/client/secret",
  effect: "read",
  input: ofServer,
  secretOutput: ["cleartext"],
});

export const rotateClientSecret = operation({
  ...shared,
  verb: "RotateClientSecret",
  path: "/v1/mgmt/mcp/server/client/secret/rotate",
  effect: "destroy",
  input: ofServer,
  secretOutput: ["cleartext"],
});

/** A client registers itself (RFC 7591). */
export const register = operation({
  ...shared,
  verb: "RegisterClient",
  path: "/v1/mgmt/mcp/client/{projectId}/{mcpServerId}/register",
  open: true,
  effect: "write",
  input: () => v.looseObject({ projectId: v.string(), mcpServerId: v.string(), ...clientMetadata() }),
  secretOutput: ["client_secret"],
});
