import { isJsonObject, type JsonObject } from "../../json/value.ts";
import { inboundApps, type InboundApp, type ScopeClaims } from "../entities/inbound-app.ts";
import type { Scope } from "../entities/scope.ts";
import {
  clientIdOf,
  clientSecretOf,
  DEFAULT_SSO_APP,
  findSsoApp,
  hasSecret,
  redirectUrlsOf,
  ssoAppOfClient,
  type SsoApp,
} from "../entities/sso-app.ts";
import { mcpClients, mcpServers, type McpClient } from "../entities/mcp-server.ts";
import { allProjects, findProject, type Project } from "../project.ts";
import { projectSettings, text } from "../project-settings.ts";
import { names } from "../snapshot/snapshot-files.ts";
import type { World } from "../world.ts";

/** For whom a project signs users in: an application that trusts it (federated), or a third party that wants something of it. */
export type ClientKind = "federated" | "inbound";

/** A way to a token, by the name that requests give it. */
export const GRANTS = {
  code: "authorization_code",
  refresh: "refresh_token",
  client: "client_credentials",
  device: "urn:ietf:params:oauth:grant-type:device_code",
  jwtBearer: "urn:ietf:params:oauth:grant-type:jwt-bearer",
  tokenExchange: "urn:ietf:params:oauth:grant-type:token-exchange",
  ciba: "urn:openid:params:grant-type:ciba",
  password: "password",
} as const;
export type Grant = (typeof GRANTS)[keyof typeof GRANTS];

/** What third parties may use: all but the users' own passwords. */
export const OF_THIRD_PARTIES: ReadonlySet<Grant> = new Set(
  Object.values(GRANTS).filter((grant) => grant !== GRANTS.password),
);

/** How a client shows who it is: by its secret, by nothing (PKCE stands in for it), or either. */
export type Authentication = "secret" | "none" | "either";

/** An application as the OAuth endpoints see it, whichever kind it is. */
export interface Client {
  readonly project: Project;
  readonly kind: ClientKind;
  readonly appId: string;
  /** The MCP server that it is a client of. */
  readonly serverId?: string;
  readonly clientId: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly authentication: Authentication;
  /** Read when it is needed: an application's secret may be made by it. */
  readonly secret: () => string;
  /** The addresses to which users may be sent back, exactly. Where a federated application names none, those that the project trusts. */
  readonly redirectUris: readonly string[];
  readonly forcePkce: boolean;
  readonly grants: ReadonlySet<Grant>;
  /** What may be asked for beside the scopes of OpenID Connect. */
  readonly permissionScopes: readonly Scope[];
  readonly attributeScopes: readonly Scope[];
  readonly connectionScopes: readonly Scope[];
  readonly scopeClaims: readonly ScopeClaims[];
  readonly asksConsent: boolean;
  /** Whether a user signs in again each time, also with a session. */
  readonly forcesSignIn: boolean;
  /** Whether tokens hold all roles of a user, or only those that scopes give. */
  readonly allRoles: boolean;
  readonly allowedTenants: readonly string[];
  /** "projectId", "clientId", or "" for both. */
  readonly defaultAudience: string;
  /** The only audiences that may be asked for; any where there are none. */
  readonly audiences: readonly string[];
  /** Names of attributes that an ID token of the application tells beside. */
  readonly claims: readonly string[];
  /** Settings of its own for its tokens: how long they live, and their JWT templates; the project's where there are none. */
  readonly sessionSettings: JsonObject | undefined;
  readonly jwtBearerSettings: JsonObject;
  /** The path of its issuer, below the emulator's address. */
  readonly issuerPath: string;
}

/** The client that calls itself `clientId`, in whichever project. Client ids of the emulator's own making name theirs. */
export function findClient(
  world: World,
  kind: ClientKind,
  clientId: string,
  projectId?: string,
): Client | undefined {
  if (clientId === "") return undefined;
  for (const id of candidates(world, clientId, projectId)) {
    const project = findProject(world, id);
    if (project === undefined) continue;
    const found = kind === "federated" ? federated(project, clientId) : inbound(project, clientId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The client of an application. */
export function clientOfApp(project: Project, kind: ClientKind, appId: string): Client | undefined {
  if (kind === "inbound") {
    const app = inboundApps.get(project, appId);
    return app === undefined
      ? agenticClient(project, mcpClients.get(project, appId))
      : inboundClient(project, app);
  }
  const app = findSsoApp(project, appId);
  return app?.kind === "oidc" ? federatedClient(project, app) : undefined;
}

function candidates(world: World, clientId: string, projectId: string | undefined): string[] {
  if (projectId) return [projectId];
  const named = clientId.startsWith("P") ? clientId : decoded(clientId);
  const all = allProjects(world).map(({ id }) => id);
  return named !== undefined && all.includes(named) ? [named, ...all.filter((id) => id !== named)] : all;
}

function decoded(clientId: string): string | undefined {
  try {
    return atob(clientId).split(":")[0];
  } catch {
    return undefined;
  }
}

function federated(project: Project, clientId: string): Client | undefined {
  const app = ssoAppOfClient(project, clientId);
  return app === undefined ? undefined : federatedClient(project, app);
}

function inbound(project: Project, clientId: string): Client | undefined {
  const app = inboundApps.named(project, clientId);
  return app === undefined
    ? agenticClient(project, mcpClients.named(project, clientId))
    : inboundClient(project, app);
}

function federatedClient(project: Project, app: SsoApp): Client {
  const { settings } = app;
  const isOff = (name: string) => settings[name] === true;
  return {
    project,
    kind: "federated",
    appId: app.id,
    clientId: clientIdOf(project, app),
    name: app.name,
    enabled: app.enabled,
    authentication: !hasSecret(app) ? "none" : settings.clientType === "confidential" ? "secret" : "either",
    secret: () => clientSecretOf(project, app),
    redirectUris: redirectUrlsOf(app),
    forcePkce: settings.forcePkce === true,
    grants: new Set<Grant>([
      ...(isOff("authorizationCodeDisabled") ? [] : [GRANTS.code]),
      ...(isOff("refreshTokenDisabled") ? [] : [GRANTS.refresh]),
      ...(isOff("clientCredentialsDisabled") ? [] : [GRANTS.client]),
      ...(isOff("deviceCodeDisabled") ? [] : [GRANTS.device]),
      ...(isOff("jwtBearerDisabled") ? [] : [GRANTS.jwtBearer]),
      GRANTS.password,
    ]),
    permissionScopes: [],
    attributeScopes: [],
    connectionScopes: [],
    scopeClaims: [],
    asksConsent: false,
    forcesSignIn: settings.forceAuthentication === true,
    allRoles: true,
    allowedTenants: [],
    defaultAudience: text(settings.defaultAudience),
    audiences: [],
    claims: names(settings.claims),
    sessionSettings: undefined,
    jwtBearerSettings: object(settings.jwtBearerSettings),
    issuerPath: app.id === DEFAULT_SSO_APP ? project.id : `${project.id}/${app.id}`,
  };
}

function inboundClient(project: Project, app: InboundApp): Client {
  const { more } = app;
  const session = object(more.sessionSettings);
  return {
    project,
    kind: "inbound",
    appId: app.id,
    clientId: app.clientId,
    name: app.name,
    enabled: true,
    authentication: app.secret === "" ? "none" : "secret",
    secret: () => app.secret,
    redirectUris: app.approvedCallbackUrls,
    forcePkce: more.forcePkce === true,
    grants: OF_THIRD_PARTIES,
    permissionScopes: app.permissionsScopes,
    attributeScopes: app.attributesScopes,
    connectionScopes: more.connectionsScopes ?? [],
    scopeClaims: more.scopeClaimMapping ?? [],
    asksConsent: more.skipConsentScreen !== true,
    forcesSignIn: false,
    allRoles: more.forceAddAllAuthorizationInfo === true,
    allowedTenants: more.allowedTenants ?? [],
    defaultAudience: more.defaultAudience ?? "",
    audiences: more.audienceWhitelist ?? [],
    claims: [],
    sessionSettings: session.enabled === true ? session : undefined,
    jwtBearerSettings: object(app.jwtBearerSettings),
    issuerPath: `v1/apps/${project.id}`,
  };
}

/** A client of an MCP server is what an inbound application is, within what its server allows. */
function agenticClient(project: Project, client: McpClient | undefined): Client | undefined {
  const server = client === undefined ? undefined : mcpServers.get(project, client.mcpServerId);
  if (client === undefined || server === undefined) return undefined;
  const { permissionsScopes, attributesScopes, connectionsScopes } = server.approvedScopes;
  const session = object(server.sessionSettings);
  const offered = (scopes: readonly Scope[]) =>
    client.scopes.length === 0 ? scopes : scopes.filter(({ name }) => client.scopes.includes(name));
  return {
    project,
    kind: "inbound",
    appId: client.id,
    serverId: server.id,
    clientId: client.clientId,
    name: client.name,
    enabled: true,
    authentication: client.secret === "" ? "none" : "secret",
    secret: () => client.secret,
    redirectUris: client.approvedCallbackUrls,
    // The authorization that the protocol describes always goes with PKCE.
    forcePkce: true,
    grants: OF_THIRD_PARTIES,
    permissionScopes: offered(permissionsScopes),
    attributeScopes: offered(attributesScopes),
    connectionScopes: offered(connectionsScopes),
    scopeClaims: [],
    asksConsent: !server.skipConsentScreen,
    forcesSignIn: false,
    allRoles: server.forceAddAllAuthorizationInfo || client.forceAddAllAuthorizationInfo,
    allowedTenants: client.allowedTenants,
    defaultAudience: "",
    audiences: server.audienceWhitelist,
    claims: [],
    sessionSettings: session.enabled === true ? session : undefined,
    jwtBearerSettings: {},
    issuerPath: `v1/apps/agentic/${project.id}/${server.id}`,
  };
}

/** Whether a user may be sent back to an address: to one of the client's, or in a domain that the project trusts. */
export function mayRedirectTo({ project, kind, redirectUris }: Client, address: string): boolean {
  if (!isRedirectTarget(address)) return false;
  if (redirectUris.length > 0 || kind === "inbound") return redirectUris.includes(address);
  return isTrusted(project, address);
}

/** An absolute address without a fragment, and none that a browser would run as a script. */
function isRedirectTarget(address: string): boolean {
  if (address.includes("#") || !URL.canParse(address)) return false;
  return !["javascript:", "data:", "vbscript:", "blob:", "about:"].includes(new URL(address).protocol);
}

/** Whether an address is in a domain that the project trusts. A project that names none trusts all. */
export function isTrusted(project: Project, address: string): boolean {
  const trusted = text(projectSettings(project).trustedDomains)
    .split(/[\s,]+/)
    .filter((domain) => domain !== "");
  if (trusted.length === 0) return true;
  const host = new URL(address).hostname.toLowerCase();
  return trusted.some((domain) => {
    const wanted = domain.toLowerCase();
    return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) : host === wanted;
  });
}

/** The address by which a client knows who signs its tokens. */
export function issuerOf({ issuerPath }: Client, address: string): string {
  return `${address}/${issuerPath}`;
}

function object(content: unknown): JsonObject {
  return isJsonObject(content) ? content : {};
}
