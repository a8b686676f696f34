import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import * as operations from "../../api/operations/outbound-apps.ts";
import { audit } from "../audit.ts";
import {
  outboundScim,
  outboundScimReply,
  requireOutboundScim,
  type OutboundScim,
} from "../entities/outbound-scim.ts";
import { requireSsoApp } from "../entities/sso-app.ts";
import { EmulatorError, invalidArgument, missingArgument } from "../error.ts";
import { contentAt, PLACEHOLDER, secretPlaces, withContent } from "../snapshot/secrets.ts";
import { on, type Call, type Service } from "../service.ts";

/** How federated applications are told of users. */
export const outboundScimService: Service = [
  on(operations.createScim, ({ appId, configuration }, call) => {
    requireSsoApp(call.project, appId);
    if (outboundScim.get(call.project, appId) !== undefined)
      throw invalidArgument(`The application ${appId} has a SCIM configuration already`);
    const made = { appId, configuration: object(configuration), enabled: false, version: 1 };
    return save(call, made, "OutboundSCIMConfigurationCreated");
  }),
  on(operations.updateScim, ({ appId, version, configuration }, call) => {
    const before = requireOutboundScim(call.project, appId);
    if (version == null) throw missingArgument("The version field is required");
    if (version !== before.version)
      throw new EmulatorError(
        409,
        "E011004",
        "Version conflict",
        `The configuration's version is ${before.version}, the request is about ${version}`,
      );
    const settled = withKnownSecrets(object(configuration), before.configuration);
    const after = { ...before, configuration: settled, version: before.version + 1 };
    return save(call, after, "OutboundSCIMConfigurationUpdated");
  }),
  on(operations.setScimEnabled, ({ appId, enabled }, call) => {
    const before = requireOutboundScim(call.project, appId);
    const after = { ...before, enabled: enabled === true, version: before.version + 1 };
    return save(call, after, "OutboundSCIMConfigurationUpdated");
  }),
  on(operations.loadScim, ({ appId }, { project }) => ({
    configuration: outboundScimReply(requireOutboundScim(project, appId)),
  })),
  on(operations.removeScim, ({ appId }, call) => {
    requireOutboundScim(call.project, appId);
    outboundScim.delete(call.project, appId);
    auditScim(call, "OutboundSCIMConfigurationDeleted", appId);
    return {};
  }),
];

/** A placeholder in what comes means the secret that is kept. */
function withKnownSecrets(configuration: JsonObject, before: JsonObject): JsonObject {
  let settled: Json = configuration;
  for (const { path, content } of secretPlaces(configuration)) {
    const known = contentAt(before, path);
    if (content === PLACEHOLDER && typeof known === "string") settled = withContent(settled, path, known);
  }
  return object(settled);
}

function object(content: unknown): JsonObject {
  return isJsonObject(content) ? content : {};
}

function save(call: Call, configuration: OutboundScim, action: string): object {
  outboundScim.put(call.project, configuration);
  auditScim(call, action, configuration.appId);
  return { configuration: outboundScimReply(configuration) };
}

function auditScim({ project, actorId }: Call, action: string, appId: string): void {
  audit(project, { action, actorId, data: { appId } });
}
