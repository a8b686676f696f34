import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({ seed: { tenants: [{ id: "acme", name: "Acme" }], users: [{ loginId: "ann" }] } });
});
afterEach(() => emulator.stop());

const of = (verb: string, body: object = {}) => emulator.ok(`/v1/mgmt/mcp/${verb}`, body);
const refused = async (verb: string, body: object) => {
  const { status, body: error } = await emulator.call(`/v1/mgmt/mcp/${verb}`, body);
  return [status, error.errorCode, error.errorMessage];
};
const whole = {
  name: "Files",
  description: "Serves files",
  logo: "data:image/png;base64,AAAA",
  tags: ["prod"],
  approvedCallbackUrls: ["http://localhost:9/callback"],
  audienceWhitelist: ["https://mcp.example.com"],
  approvedScopes: {
    permissionsScopes: [{ name: "read", description: "Reads", values: ["reader"] }],
    attributesScopes: [{ name: "mail", description: "Knows the address", values: ["email"] }],
    connectionsScopes: [],
  },
  dynamicRegistration: { enabled: true },
  sessionSettings: { enabled: true, sessionTokenExpiration: 3, sessionTokenExpirationUnit: "minutes" },
  loginPageURL: "https://login.example.com",
  skipConsentScreen: true,
  forceAddAllAuthorizationInfo: false,
  somethingNew: { a: 1 },
};
const actions = async () =>
  (await emulator.ok("/v1/mgmt/audit/search", { oldestFirst: true })).audits.map((row) => row.action);

describe("a server", () => {
  test("is loaded as it was made, listed, and replaced as a whole", async () => {
    const { server } = await of("server/create", whole);
    expect(server.id).toMatch(/^MS[0-9A-Za-z]{27}$/);
    expect(server).toMatchObject(whole);
    expect<unknown>(await of("server/load", { id: server.id })).toEqual({ server });
    expect<unknown>(await of("servers/all")).toEqual({ servers: [server], total: 1 });
    const { server: bare } = await of("server/update", { server: { id: server.id, name: "Bare" } });
    expect(bare).toMatchObject({ name: "Bare", description: "", tags: [], audienceWhitelist: [] });
    expect(bare).not.toHaveProperty("dynamicRegistration");
    expect(bare).not.toHaveProperty("somethingNew");
  });

  test("has its name for itself", async () => {
    const { server } = await of("server/create", { name: "One" });
    await of("server/create", { name: "Two" });
    const again = [400, "E011004", "There is an MCP server with the name Two already"];
    expect(await refused("server/create", { name: "Two" })).toEqual(again);
    expect(await refused("server/update", { server: { id: server.id, name: "Two" } })).toEqual(again);
  });

  test("goes with its clients, alone or with others", async () => {
    const ids = [];
    for (const name of ["One", "Two", "Three"]) ids.push((await of("server/create", { name })).server.id);
    await of("server/client/create", { mcpServerId: ids[0], name: "Agent" });
    await of("server/delete", { id: ids[0] });
    await of("servers/delete", { ids: ids.slice(1) });
    expect((await of("servers/all")).total).toBe(0);
    expect((await refused("server/load", { id: ids[0] })).slice(0, 2)).toEqual([404, "E011004"]);
    expect((await refused("server/clients/search", { mcpServerId: ids[0] }))[0]).toBe(404);
    expect(await actions()).toEqual([
      ...["McpServerCreated", "McpServerCreated", "McpServerCreated", "McpServerClientCreated"],
      ...["McpServerClientDeleted", "McpServerDeleted", "McpServerDeleted", "McpServerDeleted"],
    ]);
  });
});

describe("a client", () => {
  let server: { id: string };
  beforeEach(async () => {
    server = (await of("server/create", whole)).server;
  });
  const create = (more: object = {}) =>
    of("server/client/create", { mcpServerId: server.id, name: "Agent", ...more });

  test("is loaded by its id and its client id; its secret is asked for, and rotated, by itself", async () => {
    const settings = {
      approvedCallbackUrls: ["http://localhost:9/callback"],
      scopes: ["read"],
      tags: ["beta"],
      logo: "l",
      forceAddAllAuthorizationInfo: true,
      allowedTenants: ["acme"],
    };
    const { id, clientId, cleartext } = await create(settings);
    const loaded = await of("server/client/load", { id, mcpServerId: server.id });
    expect(loaded.client).toEqual({
      id,
      clientId,
      mcpServerId: server.id,
      name: "Agent",
      registrationType: "manual",
      status: "active",
      ...settings,
    });
    expect(await of("server/client/load", { clientId, mcpServerId: server.id })).toEqual(loaded);
    expect<unknown>(await of("server/client/secret", { id, mcpServerId: server.id })).toEqual({ cleartext });
    const rotated = await of("server/client/secret/rotate", { id, mcpServerId: server.id });
    expect(rotated.cleartext).not.toBe(cleartext);
    expect(await of("server/client/secret", { id, mcpServerId: server.id })).toEqual(rotated);
    const { client } = await of("server/client/update", { id, mcpServerId: server.id, name: "Other" });
    expect(client).toMatchObject({ name: "Other", clientId, scopes: [], tags: [], logo: "" });
  });

  test("has only what its server allows", async () => {
    const message = async (more: object) =>
      (await refused("server/client/create", { mcpServerId: server.id, name: "A", ...more }))[2];
    expect(await message({ scopes: ["write"] })).toBe(
      "The scopes field names write, but the MCP server has no such scope",
    );
    expect(await message({ approvedCallbackUrls: ["http://localhost:10/"] })).toContain("does not approve");
    expect(await message({ allowedTenants: ["none"] })).toContain("there is no such tenant");
    const other = (await of("server/create", { name: "Other" })).server;
    const { id } = await create();
    for (const verb of ["client/load", "client/secret", "client/secret/rotate", "client/delete"])
      expect((await refused(`server/${verb}`, { id, mcpServerId: other.id }))[0]).toBe(404);
  });

  test("is found by what it is called, tagged, and how it came", async () => {
    await create({ name: "Beta", tags: ["x"] });
    await create({ name: "alpha", tags: ["y"] });
    const { client_id } = await emulator.ok(`/v1/mgmt/mcp/client/${emulator.project}/${server.id}/register`, {
      client_name: "Gamma",
      redirect_uris: ["http://localhost:9/callback"],
    });
    const names = async (query: object) =>
      (await of("server/clients/search", { mcpServerId: server.id, ...query })).clients.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names({})).toEqual(["Beta", "alpha", "Gamma"]);
    expect(await names({ sort: [{ field: "name", desc: true }] })).toEqual(["alpha", "Gamma", "Beta"]);
    expect(await names({ text: "ALP" })).toEqual(["alpha"]);
    expect(await names({ name: "a" })).toEqual(["Beta", "alpha", "Gamma"]);
    expect(await names({ tag: "x" })).toEqual(["Beta"]);
    expect(await names({ registrationMethod: "dynamic" })).toEqual(["Gamma"]);
    expect(await names({ clientId: client_id })).toEqual(["Gamma"]);
    expect(await names({ status: "inactive" })).toEqual([]);
    expect(await names({ limit: 1, page: 1 })).toEqual(["alpha"]);
    expect((await of("server/clients/search", { mcpServerId: server.id, limit: 1 })).total).toBe(3);
  });

  test("is deleted, alone or with others", async () => {
    const ids = [(await create()).id, (await create()).id, (await create()).id];
    await of("server/client/delete", { id: ids[0], mcpServerId: server.id });
    await of("server/clients/delete", { ids: ids.slice(1), mcpServerId: server.id });
    expect((await of("server/clients/search", { mcpServerId: server.id })).total).toBe(0);
  });
});

describe("registration", () => {
  const register = (id: string, more: object = {}) =>
    emulator.call(`/v1/mgmt/mcp/client/${emulator.project}/${id}/register`, {
      client_name: "Agent",
      redirect_uris: ["http://localhost:9/callback"],
      ...more,
    });

  test("gives the scopes that are asked for, all where none is and the server lets it", async () => {
    const { server } = await of("server/create", whole);
    const scopes = async (more: object) => {
      const { body } = await register(server.id, more);
      const query = { clientId: body.client_id, mcpServerId: server.id };
      return (await of("server/client/load", query)).client.scopes;
    };
    expect(await scopes({})).toEqual(["read", "mail"]);
    expect(await scopes({ scope: "openid read" })).toEqual(["read"]);
    const dynamicRegistration = { enabled: true, disableApprovedScopesAsDefault: true };
    await of("server/update", { server: { ...whole, id: server.id, dynamicRegistration } });
    expect(await scopes({})).toEqual([]);
  });

  test("is refused where the server does not let clients register, or does not approve of the address", async () => {
    const { server } = await of("server/create", { ...whole, dynamicRegistration: { enabled: false } });
    expect((await register(server.id)).status).toBe(403);
    const { server: open } = await of("server/create", { ...whole, name: "Open" });
    expect((await register(open.id, { redirect_uris: ["http://localhost:10/"] })).status).toBe(400);
    expect((await register("none")).status).toBe(404);
  });
});
