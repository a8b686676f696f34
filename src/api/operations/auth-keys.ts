import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, text } from "./schemas.ts";

/** The keys that tokens of the project are checked with. */
export const keys = operation({
  noun: "Keys",
  verb: "Load",
  method: "GET",
  path: "/v2/keys/{projectId}",
  olderPaths: ["/{projectId}/.well-known/jwks.json"],
  open: true,
  effect: "read",
  input: () => v.looseObject({ projectId: v.string(), certs: text() }),
  output: anyObject,
});

/** The older form: the current key by itself. */
export const key = operation({
  noun: "Keys",
  verb: "LoadCurrent",
  method: "GET",
  path: "/v1/keys/{projectId}",
  open: true,
  effect: "read",
  input: () => v.looseObject({ projectId: v.string(), certs: text() }),
  output: anyObject,
});

/** What an OpenID Connect client needs to know to sign users in by this project. */
export const openIdConfiguration = operation({
  noun: "Discovery",
  verb: "OpenIdConfiguration",
  method: "GET",
  path: "/{projectId}/.well-known/openid-configuration",
  olderPaths: [
    "/{projectId}/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/{projectId}",
    "/{projectId}/{ssoAppId}/.well-known/openid-configuration",
  ],
  open: true,
  effect: "read",
  input: () => v.looseObject({ projectId: v.string(), ssoAppId: text() }),
  output: anyObject,
});

/** The same for inbound applications. */
export const inboundConfiguration = operation({
  noun: "Discovery",
  verb: "InboundConfiguration",
  method: "GET",
  path: "/v1/apps/{projectId}/.well-known/openid-configuration",
  olderPaths: [
    "/v1/apps/{projectId}/.well-known/oauth-authorization-server",
    // Where RFC 8414 puts it.
    "/.well-known/oauth-authorization-server/v1/apps/{projectId}",
  ],
  open: true,
  effect: "read",
  input: () => v.looseObject({ projectId: v.string() }),
  output: anyObject,
});

/** The same for clients of an MCP server. */
export const agenticConfiguration = operation({
  noun: "Discovery",
  verb: "AgenticConfiguration",
  method: "GET",
  path: "/v1/apps/agentic/{projectId}/{mcpServerId}/.well-known/openid-configuration",
  olderPaths: [
    "/v1/apps/agentic/{projectId}/{mcpServerId}/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/v1/apps/agentic/{projectId}/{mcpServerId}",
    "/.well-known/openid-configuration/v1/apps/agentic/{projectId}/{mcpServerId}",
  ],
  open: true,
  effect: "read",
  input: () => v.looseObject({ projectId: v.string(), mcpServerId: v.string() }),
  output: anyObject,
});

export const projectConfiguration = operation({
  noun: "Discovery",
  verb: "ProjectConfiguration",
  method: "GET",
  path: "/.well-known/project-configuration/{projectId}",
  open: true,
  effect: "read",
  input: () => v.looseObject({ projectId: v.string() }),
  output: anyObject,
});
