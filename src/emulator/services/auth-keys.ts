import * as operations from "../../api/operations/auth-keys.ts";
import { currentKey, jwkOf, signingKeys } from "../auth/signing-keys.ts";
import { requireMcpServer } from "../entities/mcp-server.ts";
import { notFound, projectNotFound, unauthorized } from "../error.ts";
import { addressOf } from "../oauth/address.ts";
import { clientOfApp } from "../oauth/client.ts";
import {
  agenticConfiguration,
  federatedConfiguration,
  inboundConfiguration,
} from "../oauth/configuration.ts";
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
    const app = ssoAppId ? clientOfApp(project, "federated", ssoAppId) : undefined;
    if (ssoAppId && app === undefined) throw notFound(`There is no OIDC application ${ssoAppId}`);
    return federatedConfiguration(addressOf(call), project, app);
  }),
  on(operations.inboundConfiguration, ({ projectId }, call) =>
    inboundConfiguration(addressOf(call), named(call, projectId)),
  ),
  on(operations.agenticConfiguration, ({ projectId, mcpServerId }, call) => {
    const project = named(call, projectId);
    return agenticConfiguration(addressOf(call), project, requireMcpServer(project, mcpServerId));
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
