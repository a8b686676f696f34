import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

/** Something that a user may let an application do or know. */
export interface Scope {
  readonly name: string;
  readonly description: string;
  readonly values: readonly string[];
  readonly [more: string]: unknown;
}

/** An inbound (third-party) application: one that signs users in by this project. */
export interface InboundApp {
  readonly id: string;
  name: string;
  description: string;
  logo: string;
  loginPageUrl: string;
  readonly clientId: string;
  /** The client secret. It can be asked for again, so it is kept as it is. */
  secret: string;
  approvedCallbackUrls: readonly string[];
  permissionsScopes: readonly Scope[];
  attributesScopes: readonly Scope[];
  jwtBearerSettings?: Readonly<Record<string, unknown>>;
  customAttributes: Readonly<Record<string, unknown>>;
  /** What newer forms of the calls set beside. */
  more: Readonly<Record<string, unknown>>;
  readonly createdTime: number;
}

export const inboundApps = new Collection<InboundApp>(
  "inboundApp",
  ({ id }) => id,
  ({ clientId }) => clientId,
);

/** @throws {EmulatorError} when there is none with that id. */
export function requireInboundApp(project: Project, id: string): InboundApp {
  const found = inboundApps.get(project, id);
  if (found === undefined) throw notFound(`There is no inbound application ${id}`);
  return found;
}

/** An inbound application as the API gives it. */
export function inboundAppReply(app: InboundApp): Record<string, unknown> {
  return {
    id: app.id,
    name: app.name,
    description: app.description,
    logo: app.logo,
    loginPageUrl: app.loginPageUrl,
    clientId: app.clientId,
    approvedCallbackUrls: app.approvedCallbackUrls,
    permissionsScopes: app.permissionsScopes,
    attributesScopes: app.attributesScopes,
    ...(app.jwtBearerSettings === undefined ? {} : { jwtBearerSettings: app.jwtBearerSettings }),
    customAttributes: app.customAttributes,
    ...app.more,
  };
}
