import { invalidArgument, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import type { Scope } from "./scope.ts";

/** The claims that a scope puts into a token. */
export interface ScopeClaims {
  readonly scope: string;
  /** Values by the names of claims; `{{…}}` stands for what is known when the token is made. */
  readonly claims?: Readonly<Record<string, string>> | null;
  /** True where the project's own mapping of the scope counts instead. */
  readonly useProjectMapping?: boolean;
  /** True where the scope is given without being asked for. */
  readonly mandatory?: boolean;
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
  /** The client secret. It can be asked for again, so it is kept as it is. Empty for a client that keeps none. */
  secret: string;
  approvedCallbackUrls: readonly string[];
  permissionsScopes: readonly Scope[];
  attributesScopes: readonly Scope[];
  jwtBearerSettings?: Readonly<Record<string, unknown>>;
  customAttributes: Readonly<Record<string, unknown>>;
  more: InboundAppMore;
  readonly createdTime: number;
}

/** What an application may have beside: kept as requests set it. */
export interface InboundAppMore {
  readonly connectionsScopes?: readonly Scope[];
  readonly scopeClaimMapping?: readonly ScopeClaims[];
  /** True where a code is only given for a challenge (PKCE). */
  readonly forcePkce?: boolean;
  /** "projectId", "clientId", or "" for both. */
  readonly defaultAudience?: string;
  readonly audienceWhitelist?: readonly string[];
  readonly forceAddAllAuthorizationInfo?: boolean;
  readonly sessionSettings?: Readonly<Record<string, unknown>>;
  /** Ids of the only tenants whose users may sign in; of all where there are none. */
  readonly allowedTenants?: readonly string[];
  /** True for a client that cannot keep a secret. */
  readonly nonConfidentialClient?: boolean;
  readonly skipConsentScreen?: boolean;
  /** True where the application has registered itself. */
  readonly dynamic?: boolean;
  readonly [more: string]: unknown;
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

/** Checks that no other application has the name or the client id. @throws {EmulatorError} E011004 */
export function checkInboundAppIsAlone(
  project: Project,
  app: { readonly id: string; readonly name: string; readonly clientId: string },
): void {
  for (const other of inboundApps.all(project)) {
    if (other.id === app.id) continue;
    if (other.name === app.name)
      throw invalidArgument(`There is an inbound application with the name ${app.name} already`);
    if (other.clientId === app.clientId)
      throw invalidArgument(`There is an inbound application with the client id ${app.clientId} already`);
  }
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
