import * as mcp from "../../../src/api/operations/mcp-servers.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, free, integer, list, maybe, nothing, strict, text } from "./shapes.ts";

const scope = strict({ name: text, description: text, values: list(text) });

const serverReply = strict({
  id: text,
  name: text,
  description: text,
  logo: text,
  tags: list(text),
  loginPageURL: text,
  approvedCallbackUrls: list(text),
  audienceWhitelist: list(text),
  approvedScopes: strict({
    permissionsScopes: list(scope),
    attributesScopes: list(scope),
    connectionsScopes: list(scope),
  }),
  skipConsentScreen: flag,
  forceAddAllAuthorizationInfo: flag,
  dynamicRegistration: strict({ enabled: flag }),
  sessionSettings: maybe(free),
  cimdSettings: strict({ enabled: flag }),
});

const clientReply = strict({
  id: text,
  mcpServerId: text,
  name: text,
  clientId: text,
  approvedCallbackUrls: list(text),
  scopes: list(text),
  tags: list(text),
  logo: text,
  registrationType: text,
  status: text,
  forceAddAllAuthorizationInfo: flag,
  allowedTenants: list(text),
});

const named = (scene: Scene) => ({
  name: scene.fresh("Server"),
  description: "Serves files",
  tags: ["prod"],
  approvedScopes: { permissionsScopes: [{ name: "read", description: "Reads", values: ["Editor"] }] },
  dynamicRegistration: { enabled: true },
  cimdSettings: { enabled: false },
});

const server = async (scene: Scene): Promise<{ id: string }> => {
  const made = await scene.manage("/v1/mgmt/mcp/server/create", named(scene));
  return { id: made.server.id };
};

const clientMembers = (scene: Scene) => ({
  name: scene.fresh("Agent"),
  approvedCallbackUrls: ["http://localhost:9/callback"],
  scopes: ["read"],
  tags: ["beta"],
  logo: "https://example.com/agent.png",
  forceAddAllAuthorizationInfo: false,
  allowedTenants: ["acme"],
});

const client = async (scene: Scene): Promise<{ id: string; mcpServerId: string }> => {
  const mcpServerId = (await server(scene)).id;
  const made = await scene.manage("/v1/mgmt/mcp/server/client/create", {
    mcpServerId,
    ...clientMembers(scene),
  });
  return { id: made.id, mcpServerId };
};

export const mcpServerExamples: Examples = [
  example(mcp.create, strict({ server: serverReply }), named),
  example(mcp.update, strict({ server: serverReply }), async (scene) => ({
    server: { ...named(scene), ...(await server(scene)) },
  })),
  example(mcp.load, strict({ server: serverReply }), server),
  example(mcp.loadAll, strict({ servers: list(serverReply), total: integer }), async (scene) => {
    await server(scene);
    return {};
  }),
  example(mcp.remove, nothing, server),
  example(mcp.removeBatch, nothing, async (scene) => ({ ids: [(await server(scene)).id] })),
  example(mcp.createClient, strict({ id: text, cleartext: text, clientId: text }), async (scene) => ({
    mcpServerId: (await server(scene)).id,
    ...clientMembers(scene),
  })),
  example(mcp.updateClient, strict({ client: clientReply }), async (scene) => ({
    ...(await client(scene)),
    ...clientMembers(scene),
  })),
  example(mcp.loadClient, strict({ client: clientReply }), client),
  example(mcp.searchClients, strict({ clients: list(clientReply), total: integer }), async (scene) => ({
    mcpServerId: (await client(scene)).mcpServerId,
    limit: 10,
    page: 0,
    text: "agent",
    tag: "beta",
    registrationMethod: "manual",
    sort: [{ field: "name", desc: true }],
  })),
  example(mcp.removeClient, nothing, client),
  example(mcp.removeClients, nothing, async (scene) => {
    const { id, mcpServerId } = await client(scene);
    return { ids: [id], mcpServerId };
  }),
  example(mcp.loadClientSecret, strict({ cleartext: text }), client),
  example(mcp.rotateClientSecret, strict({ cleartext: text }), client),
  example(
    mcp.register,
    strict({
      client_name: text,
      client_uri: text,
      redirect_uris: list(text),
      scope: text,
      client_id: text,
      client_id_issued_at: integer,
      client_secret: text,
      client_secret_expires_at: integer,
      grant_types: list(text),
      response_types: list(text),
      token_endpoint_auth_method: text,
    }),
    async (scene) => ({
      projectId: scene.project,
      mcpServerId: (await server(scene)).id,
      client_name: scene.fresh("Agent"),
      client_uri: "https://agent.example.com",
      redirect_uris: ["http://localhost:1234/cb"],
      scope: "read",
    }),
  ),
];
