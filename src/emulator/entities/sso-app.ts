import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { invalidArgument, notFound } from "../error.ts";
import { text } from "../project-settings.ts";
import { certificatePem } from "../saml/certificate.ts";
import { allProjects, findProject, type Project } from "../project.ts";
import type { World } from "../world.ts";
import { getObject, names, putFile } from "../snapshot/snapshot-files.ts";
import { Collection } from "../store/collection.ts";

/** By what protocol an application lets this project sign its users in. */
const KINDS = ["oidc", "saml", "wsfed", "custom"] as const;
export type SsoAppKind = (typeof KINDS)[number];

/** A federated (SSO) application: one for which this project is the identity provider. */
export interface SsoApp {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly logo: string;
  readonly kind: SsoAppKind;
  /** What its protocol needs, as requests set it. */
  readonly settings: JsonObject;
  readonly customAttributes: JsonObject;
  /** What else its snapshot says of it. */
  readonly more: JsonObject;
}

/** The application of that id is every project's from the start; its client id is the project's own. */
export const DEFAULT_SSO_APP = "descope-default-oidc";

/** What an OIDC client shows who it is by. Never in a snapshot. */
interface Credentials {
  readonly appId: string;
  readonly clientId: string;
  /** Empty for an application that keeps none. */
  readonly secret: string;
}

const credentials = new Collection<Credentials>(
  "ssoAppCredentials",
  ({ appId }) => appId,
  ({ clientId }) => clientId,
);

/** Where the applications of a project are kept: they are a part of its snapshot. */
const FILE = "applications.json";

export function allSsoApps(project: Project): SsoApp[] {
  const { applications } = getObject(project, FILE);
  return Array.isArray(applications) ? applications.filter(isJsonObject).map(fromSnapshot) : [];
}

export function findSsoApp(project: Project, id: string): SsoApp | undefined {
  return allSsoApps(project).find((app) => app.id === id);
}

/** @throws {EmulatorError} when there is none with that id. */
export function requireSsoApp(project: Project, id: string): SsoApp {
  const found = findSsoApp(project, id);
  if (found === undefined) throw notFound(`There is no SSO application ${id}`);
  return found;
}

/**
 * Adds the application, or replaces the one with its id.
 *
 * @throws {EmulatorError} E011004 when another one has its name.
 */
export function putSsoApp(project: Project, app: SsoApp): SsoApp {
  const all = allSsoApps(project);
  if (all.some(({ id, name }) => id !== app.id && name === app.name))
    throw invalidArgument(`There is an SSO application with the name ${app.name} already`);
  const isNew = all.every(({ id }) => id !== app.id);
  keep(project, isNew ? [...all, app] : all.map((one) => (one.id === app.id ? app : one)));
  return app;
}

export function deleteSsoApp(project: Project, id: string): void {
  keep(
    project,
    allSsoApps(project).filter((app) => app.id !== id),
  );
  credentials.delete(project, id);
}

/** The OIDC application that calls itself `clientId`. */
export function ssoAppOfClient(project: Project, clientId: string): SsoApp | undefined {
  return allSsoApps(project).find((app) => app.kind === "oidc" && clientIdOf(project, app) === clientId);
}

/** What an OIDC application calls itself. */
export function clientIdOf(project: Project, { id }: SsoApp): string {
  const own = credentials.get(project, id)?.clientId;
  if (own !== undefined) return own;
  // A client id names its project, so that the token endpoint knows where it belongs.
  return id === DEFAULT_SSO_APP ? project.id : btoa(`${project.id}:${id}`).replace(/=+$/, "");
}

/**
 * The client secret of an OIDC application; made when it is first asked for, as an application that came with a snapshot has none.
 *
 * @throws {EmulatorError} E011004 for an application that has none.
 */
export function clientSecretOf(project: Project, app: SsoApp): string {
  checkHasSecret(app);
  const known = credentials.get(project, app.id)?.secret;
  return known || putCredentials(project, app, {}).secret;
}

/** Gives an application a secret, and another client id where one is wanted. Both are made up where they are not given. */
export function putCredentials(
  project: Project,
  app: SsoApp,
  wanted: { readonly clientId?: string | undefined; readonly secret?: string | undefined },
): Credentials {
  checkHasSecret(app);
  return credentials.put(project, {
    appId: app.id,
    clientId: wanted.clientId ?? clientIdOf(project, app),
    secret: wanted.secret ?? project.ids.text(64),
  });
}

/** Gives an application that keeps no secret the client id that was chosen for it. */
export function putClientId(project: Project, { id }: SsoApp, clientId: string): void {
  credentials.put(project, { appId: id, clientId, secret: "" });
}

/** True for an application whose clients hold a secret: those of OIDC that are not public. */
export function hasSecret({ kind, settings }: SsoApp): boolean {
  return kind === "oidc" && settings.clientType !== "public";
}

function checkHasSecret(app: SsoApp): void {
  if (!hasSecret(app)) throw invalidArgument(`The SSO application ${app.id} keeps no client secret`);
}

/** Where an OIDC application may send a user back to, beside what the project trusts. */
export function redirectUrlsOf({ settings }: SsoApp): string[] {
  return names(settings.approvedRedirectUrls);
}

/** An application as the API gives it. */
export function ssoAppReply(project: Project, app: SsoApp): Record<string, unknown> {
  return {
    id: app.id,
    name: app.name,
    description: app.description,
    enabled: app.enabled,
    logo: app.logo,
    appType: app.kind,
    [`${app.kind}Settings`]: SETTINGS[app.kind](project, app),
    customAttributes: app.customAttributes,
  };
}

/** The settings of each kind as the API gives them, with what an application must know of this project. */
const SETTINGS: Readonly<Record<SsoAppKind, (project: Project, app: SsoApp) => JsonObject>> = {
  oidc: (project, app) => {
    const issuer = issuerOf(project, app);
    return {
      loginPageUrl: "",
      forceAuthentication: false,
      claims: [],
      ...app.settings,
      clientId: clientIdOf(project, app),
      issuer,
      discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    };
  },
  saml: (project, app) => ({
    loginPageUrl: "",
    useMetadataInfo: false,
    metadataUrl: "",
    entityId: "",
    acsUrl: "",
    certificate: "",
    attributeMapping: [],
    groupsMapping: [],
    acsAllowedCallbacks: [],
    subjectNameIdType: "",
    subjectNameIdFormat: "",
    defaultRelayState: "",
    forceAuthentication: false,
    logoutRedirectUrl: "",
    errorRedirectUrl: "",
    defaultSignatureAlgorithm: "",
    ...app.settings,
    ...identityProvider(project, app, "saml"),
  }),
  wsfed: (project, app) => ({
    loginPageUrl: "",
    realm: "",
    replyUrl: "",
    replyAllowedCallbacks: [],
    attributeMapping: [],
    groupsMapping: [],
    forceAuthentication: false,
    logoutRedirectUrl: "",
    errorRedirectUrl: "",
    ...app.settings,
    ...identityProvider(project, app, "wsfed"),
  }),
  custom: (_project, { settings }) => ({ loginPageUrl: "", ...settings }),
};

/** The address by which an OIDC application knows this project. */
function issuerOf(project: Project, { id }: SsoApp): string {
  const base = `${project.world.settings.url}/${project.id}`;
  return id === DEFAULT_SSO_APP ? base : `${base}/${id}`;
}

/** What a SAML or WS-Federation application must know of this project. */
export function identityProvider(project: Project, { id }: Pick<SsoApp, "id">, protocol: "saml" | "wsfed") {
  const base = `${project.world.settings.url}/v1/auth/${protocol}/idp`;
  const app = `app=${encodeURIComponent(`${project.id}-${id}`)}`;
  return {
    idpEntityId: `${project.world.settings.url}/${project.id}/${id}`,
    idpMetadataUrl: `${base}/metadata?${app}`,
    idpSsoUrl: `${base}/sso?${app}`,
    idpInitiatedUrl: `${base}/initiate?${app}`,
    idpLogoutUrl: `${project.world.settings.url}/v1/auth/idp/sso/logout?${app}`,
    idpCert: certificatePem(project),
  };
}

/** The application that an address of {@link identityProvider} means by `app`, and its project. */
export function ssoAppOfAddress(
  world: World,
  named: string,
): { readonly project: Project; readonly app: SsoApp } | undefined {
  for (const { id } of allProjects(world)) {
    const project = named.startsWith(`${id}-`) ? findProject(world, id) : undefined;
    const app = project === undefined ? undefined : findSsoApp(project, named.slice(id.length + 1));
    if (project !== undefined && app !== undefined) return { project, app };
  }
  return undefined;
}

function fromSnapshot(entry: JsonObject): SsoApp {
  const kind = KINDS.find((one) => isJsonObject(entry[one])) ?? "custom";
  const { id, name, description, enabled, logo, customAttributes, [kind]: settings, ...more } = entry;
  return {
    id: text(id),
    name: text(name),
    description: text(description),
    enabled: enabled !== false,
    logo: text(logo),
    kind,
    settings: object(settings),
    customAttributes: object(customAttributes),
    more,
  };
}

function toSnapshot({ kind, settings, customAttributes, more, ...app }: SsoApp): JsonObject {
  return {
    ...more,
    ...app,
    [kind]: settings,
    ...(Object.keys(customAttributes).length === 0 ? {} : { customAttributes }),
  };
}

function keep(project: Project, apps: readonly SsoApp[]): void {
  putFile(project, FILE, { ...getObject(project, FILE), applications: apps.map(toSnapshot) });
}

function object(content: Json | undefined): JsonObject {
  return isJsonObject(content) ? content : {};
}
