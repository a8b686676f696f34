import { scopeClaimMappings } from "../entities/scope-claim-mapping.ts";
import type { McpServer } from "../entities/mcp-server.ts";
import type { Project } from "../project.ts";
import { SUPPORTED_CLAIMS } from "./claims.ts";
import { GRANTS, issuerOf, OF_THIRD_PARTIES, type Client } from "./client.ts";
import { STANDARD_SCOPES } from "./scopes.ts";

/** A discovery document: what a client needs to know to sign users in by a project. */
type Configuration = Record<string, unknown>;

/**
 * What a client of a federated application needs to know.
 *
 * @param address at which the caller reached the emulator.
 * @param app one of the project's applications; its default one where it is left out.
 */
export function federatedConfiguration(address: string, project: Project, app?: Client): Configuration {
  const at =
    app === undefined ? `${address}/oauth2/v1` : `${address}/${encodeURIComponent(app.appId)}/oauth2/v1`;
  const { code, refresh, client, device, jwtBearer, password } = GRANTS;
  const grants = [code, refresh, client, device, jwtBearer, password];
  return {
    issuer: app === undefined ? `${address}/${project.id}` : issuerOf(app, address),
    ...described(address, at, project),
    end_session_endpoint: `${at}/logout`,
    grant_types_supported: app === undefined ? grants : grants.filter((grant) => app.grants.has(grant)),
  };
}

/** The same for inbound applications. */
export function inboundConfiguration(address: string, project: Project): Configuration {
  const at = `${address}/oauth2/v1/apps`;
  return {
    issuer: `${address}/v1/apps/${project.id}`,
    ...described(address, at, project),
    end_session_endpoint: `${address}/oauth2/v1/logout`,
    registration_endpoint: `${address}/v1/mgmt/inboundapp/app/${project.id}/register`,
    backchannel_authentication_endpoint: `${at}/bc-authorize`,
    backchannel_token_delivery_modes_supported: ["poll"],
    grant_types_supported: [...OF_THIRD_PARTIES],
  };
}

/** The same for clients of an MCP server. */
export function agenticConfiguration(address: string, project: Project, server: McpServer): Configuration {
  const at = `${address}/oauth2/v1/apps/agentic/${project.id}/${server.id}`;
  const { approvedScopes, dynamicRegistration } = server;
  const scopes = Object.values(approvedScopes).flatMap((some) => some.map(({ name }) => name));
  return {
    ...inboundConfiguration(address, project),
    issuer: `${address}/v1/apps/agentic/${project.id}/${server.id}`,
    authorization_endpoint: `${at}/authorize`,
    token_endpoint: `${at}/token`,
    scopes_supported: [...STANDARD_SCOPES, ...scopes],
    // Left out where clients may not register themselves: one that finds it tries.
    registration_endpoint:
      dynamicRegistration?.enabled === true
        ? `${address}/v1/mgmt/mcp/client/${project.id}/${server.id}/register`
        : undefined,
  };
}

function described(address: string, at: string, project: Project): Configuration {
  return {
    jwks_uri: `${address}/${project.id}/.well-known/jwks.json`,
    authorization_endpoint: `${at}/authorize`,
    token_endpoint: `${at}/token`,
    userinfo_endpoint: `${at}/userinfo`,
    revocation_endpoint: `${at}/revoke`,
    device_authorization_endpoint: `${at}/device`,
    response_types_supported: ["code"],
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic", "none"],
    code_challenge_methods_supported: ["S256"],
    scopes_supported: [...STANDARD_SCOPES, ...scopeClaimMappings(project).map(({ scope }) => scope)],
    claims_supported: SUPPORTED_CLAIMS,
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    backchannel_logout_supported: false,
  };
}
