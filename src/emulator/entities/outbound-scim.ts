import type { Json, JsonObject } from "../../json/value.ts";
import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { PLACEHOLDER, secretPlaces, withContent } from "../snapshot/secrets.ts";
import { Collection } from "../store/collection.ts";

/** How a federated application is told of users (SCIM). The emulator keeps it and tells nobody. */
export interface OutboundScim {
  readonly appId: string;
  /** What its connector is set to, secrets too. */
  readonly configuration: JsonObject;
  readonly enabled: boolean;
  /** Counts up with each change, so that nobody overwrites what was not seen. */
  readonly version: number;
}

export const outboundScim = new Collection<OutboundScim>("outboundScim", ({ appId }) => appId);

/** @throws {EmulatorError} when the application has none. */
export function requireOutboundScim(project: Project, appId: string): OutboundScim {
  const found = outboundScim.get(project, appId);
  if (found === undefined) throw notFound(`The application ${appId} has no SCIM configuration`);
  return found;
}

/** A configuration as the API gives it, placeholders in place of its secrets. */
export function outboundScimReply({ configuration, ...scim }: OutboundScim): Record<string, unknown> {
  const hidden = secretPlaces(configuration).reduce<Json>(
    (content, { path }) => withContent(content, path, PLACEHOLDER),
    configuration,
  );
  return { ...scim, configuration: hidden, lastExportTime: 0, lastProcessingTime: 0, failures: 0 };
}
