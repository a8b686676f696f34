import * as operations from "../../api/operations/auth-keys.ts";
import { currentKey, jwkOf, signingKeys } from "../auth/signing-keys.ts";
import { projectNotFound, unauthorized } from "../error.ts";
import { findProject, type Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";

/** What clients check tokens with, and what they need to know to get them. */
export const keyService: Service = [
  on(operations.keys, ({ projectId }, call) => ({
    keys: signingKeys(named(call, projectId)).toReversed().map(jwkOf),
  })),
  on(operations.key, ({ projectId }, call) => jwkOf(currentKey(named(call, projectId)))),
  on(operations.openIdConfiguration, ({ projectId, ssoAppId }, call) => {
    const project = named(call, projectId);
    return configuration(project, "/oauth2/v1", ssoAppId ? `${project.id}/${ssoAppId}` : project.id);
  }),
  on(operations.inboundConfiguration, ({ projectId }, call) => {
    const project = named(call, projectId);
    return configuration(project, "/oauth2/v1/apps", `v1/apps/${project.id}`);
  }),
  on(operations.projectConfiguration, ({ projectId }, call) => {
    named(call, projectId);
    return { allowAuthHostingIframeEmbedding: true };
  }),
];

/**
 * The project that a path names. Whoever says to belong to another one is refused: a client that took the keys of one project for
 * another's would take its tokens for good.
 */
function named(call: Call, projectId: string): Project {
  const { project } = call.authorization;
  if (project !== "" && project !== projectId)
    throw unauthorized(`The authorization is for the project ${project}, not for ${projectId}`);
  const found = findProject(call.world, projectId);
  if (found === undefined) throw projectNotFound(projectId);
  return found;
}

function configuration(project: Project, endpoints: string, issuer: string): Record<string, unknown> {
  const { url } = project.world.settings;
  const at = `${url}${endpoints}`;
  return {
    issuer: `${url}/${issuer}`,
    jwks_uri: `${url}/${project.id}/.well-known/jwks.json`,
    authorization_endpoint: `${at}/authorize`,
    token_endpoint: `${at}/token`,
    userinfo_endpoint: `${at}/userinfo`,
    revocation_endpoint: `${at}/revoke`,
    end_session_endpoint: `${url}/oauth2/v1/logout`,
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic", "none"],
    code_challenge_methods_supported: ["S256"],
    scopes_supported: ["openid", "profile", "email", "phone", "offline_access"],
    claims_supported: [
      ...["iss", "aud", "iat", "exp", "sub", "name", "given_name", "family_name", "picture"],
      ...["email", "email_verified", "phone_number", "phone_number_verified"],
    ],
  };
}
