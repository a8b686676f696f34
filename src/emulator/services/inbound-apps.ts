import { inboundAppMembers } from "../../api/operations/application-schemas.ts";
import * as operations from "../../api/operations/inbound-apps.ts";
import { audit } from "../audit.ts";
import { consents } from "../entities/consent.ts";
import {
  checkInboundAppIsAlone,
  inboundAppReply,
  inboundApps,
  requireInboundApp,
  type InboundApp,
} from "../entities/inbound-app.ts";
import { forgetPolicies } from "../entities/resource.ts";
import { tenants } from "../entities/tenant.ts";
import { invalidArgument, missingArgument, notFound, projectNotFound } from "../error.ts";
import { pageOf } from "../page.ts";
import { findProject, type Project } from "../project.ts";
import { on, onEach, type Call, type Service } from "../service.ts";
import { present } from "../present.ts";
import { scopesOf, type ScopeInput } from "../entities/scope.ts";

export const inboundAppService: Service = [
  on(operations.create, (input, call) => {
    const app = createInboundApp(call.project, input, { actorId: call.actorId });
    return { id: app.id, cleartext: app.secret, clientId: app.clientId };
  }),
  on(operations.update, ({ id, ...input }, call) => {
    const app = requireInboundApp(call.project, id);
    if (input.name === "") throw missingArgument("The name field is empty");
    saveApp(call, { ...identityOf(app), ...settingsOf(input, unchangeable(app)) });
    return {};
  }),
  on(operations.patch, ({ id, ...input }, call) => {
    const app = requireInboundApp(call.project, id);
    const changes = namesEverything(input) ? withoutEmpty(input) : input;
    if (changes.name === "") throw missingArgument("The name field is empty");
    saveApp(call, { ...identityOf(app), ...settingsOf({ ...memberwise(app), ...present(changes) }, {}) });
    return {};
  }),
  on(operations.remove, ({ id }, call) => {
    removeApp(call, requireInboundApp(call.project, id));
    return {};
  }),
  on(operations.removeBatch, ({ ids }, call) => {
    for (const id of new Set(ids)) removeApp(call, requireInboundApp(call.project, id));
    return {};
  }),
  on(operations.load, ({ id, clientId }, { project }) => inboundAppReply(wanted(project, id, clientId))),
  on(operations.loadAll, (asked, { project }) => appsOnPage(project, asked)),
  on(operations.loadPage, (asked, { project }) => appsOnPage(project, asked)),
  on(operations.loadSecret, ({ id }, { project }) => ({ cleartext: requireInboundApp(project, id).secret })),
  ...onEach([operations.rotateSecret, operations.rotateSecretByGet], ({ id }, call) => {
    const app = requireInboundApp(call.project, id);
    if (app.secret === "") throw invalidArgument(`The inbound application ${id} keeps no secret`);
    const secret = call.project.ids.text(64);
    inboundApps.put(call.project, { ...app, secret });
    auditApp(call, "ThirdPartyAppSecretRotated", app);
    return { cleartext: secret };
  }),
  on(operations.register, ({ projectId, ...metadata }, { world }) => {
    const project = findProject(world, projectId);
    if (project === undefined) throw projectNotFound(projectId);
    const app = createInboundApp(
      project,
      {
        name: metadata.client_name || `client-${project.ids.text(12)}`,
        description: metadata.description,
        logo: metadata.logo_content,
        logoUrl: metadata.logo_uri,
        loginPageUrl: metadata.login_page_url,
        approvedCallbackUrls: metadata.redirect_uris,
        permissionsScopes: metadata.permissions_scopes,
        attributesScopes: metadata.attributes_scopes,
        connectionsScopes: metadata.connections_scopes,
        jwtBearerSettings: metadata.jwtBearerSettings,
        sessionSettings: metadata.sessionSettings,
        audienceWhitelist: metadata.audienceWhitelist,
        defaultAudience: metadata.defaultAudience,
        skipConsentScreen: metadata.skipConsentScreen,
        useResources: metadata.useResources,
        consentFlowId: metadata.consent_flow_id,
        nonConfidentialClient: metadata.token_endpoint_auth_method === "none",
        dynamic: true,
      },
      { actorId: "", anyName: true },
    );
    return registration(metadata, app, project);
  }),
];

/** What a request says of an inbound application. What is not listed here is kept as it comes. */
export interface InboundAppInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly logo?: string | null | undefined;
  readonly loginPageUrl?: string | null | undefined;
  readonly approvedCallbackUrls?: readonly string[] | null | undefined;
  readonly permissionsScopes?: readonly ScopeInput[] | null | undefined;
  readonly attributesScopes?: readonly ScopeInput[] | null | undefined;
  readonly jwtBearerSettings?: Readonly<Record<string, unknown>> | null | undefined;
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined;
  readonly [more: string]: unknown;
}

/** What a request for a new application says beside. */
export interface NewInboundApp extends InboundAppInput {
  readonly id?: string | null | undefined;
  /** Chosen by whoever brings a client from elsewhere; made up otherwise. */
  readonly clientId?: string | null | undefined;
  readonly clientSecret?: string | null | undefined;
}

/**
 * @param options.clientId what a seed chooses that is made up otherwise; so `secret`.
 * @param options.anyName true where the name need not be the application's alone: clients that register themselves do not know of
 *   each other.
 */
export function createInboundApp(
  project: Project,
  { id: wantedId, clientId, clientSecret, ...input }: NewInboundApp,
  options: {
    readonly actorId: string;
    readonly clientId?: string;
    readonly secret?: string;
    readonly anyName?: boolean;
  },
): InboundApp {
  if (input.name === "") throw missingArgument("The name field is empty");
  const id = wantedId || project.ids.next("TPA");
  if (inboundApps.get(project, id) !== undefined)
    throw invalidArgument(`There is an inbound application ${id} already`);
  const app: InboundApp = {
    id,
    // A client id names its project, so that the token endpoint knows where it belongs.
    clientId: options.clientId ?? (clientId || btoa(`${project.id}:${id}`).replace(/=+$/, "")),
    secret:
      input.nonConfidentialClient === true ? "" : (options.secret ?? (clientSecret || project.ids.text(64))),
    createdTime: project.clock.now(),
    ...settingsOf(input, {}),
  };
  checkTenants(project, app);
  if (options.anyName !== true) checkInboundAppIsAlone(project, app);
  inboundApps.put(project, app);
  auditApp({ project, actorId: options.actorId }, "ThirdPartyAppCreated", app);
  return app;
}

/** What a client that has registered itself is told. */
export function registration(
  metadata: { readonly [member: string]: unknown; readonly redirect_uris: readonly string[] },
  { clientId, secret }: { readonly clientId: string; readonly secret: string },
  project: Project,
): Record<string, unknown> {
  const told = Object.entries(metadata).filter(([name, value]) => TOLD.has(name) && value != null);
  return {
    ...Object.fromEntries(told),
    client_id: clientId,
    client_id_issued_at: project.clock.seconds(),
    ...(secret === "" ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    grant_types: metadata.grant_types ?? ["authorization_code", "refresh_token"],
    response_types: metadata.response_types ?? ["code"],
    token_endpoint_auth_method: metadata.token_endpoint_auth_method ?? "client_secret_post",
  };
}

/** What a client says of itself that is told back. */
const TOLD: ReadonlySet<string> = new Set([
  "client_name",
  "redirect_uris",
  "client_uri",
  "logo_uri",
  "description",
  "scope",
  "login_page_url",
  "audienceWhitelist",
]);

/** Everything about an application that an update replaces. @param kept what it does not replace, of the rest. */
function settingsOf(input: InboundAppInput, kept: Readonly<Record<string, unknown>>) {
  const {
    name,
    description,
    logo,
    loginPageUrl,
    approvedCallbackUrls,
    permissionsScopes,
    attributesScopes,
    jwtBearerSettings,
    customAttributes,
    ...more
  } = input;
  return {
    name,
    description: description ?? "",
    logo: logo ?? "",
    loginPageUrl: loginPageUrl ?? "",
    approvedCallbackUrls: approvedCallbackUrls ?? [],
    permissionsScopes: scopesOf(permissionsScopes),
    attributesScopes: scopesOf(attributesScopes),
    ...(jwtBearerSettings == null ? {} : { jwtBearerSettings }),
    customAttributes: customAttributes ?? {},
    more: { ...kept, ...present(more) },
  };
}

/** What no request changes. */
function identityOf({ id, clientId, secret, createdTime }: InboundApp) {
  return { id, clientId, secret, createdTime };
}

/** An application in the form in which requests describe it. */
function memberwise(app: InboundApp): InboundAppInput {
  const { id, clientId, secret, createdTime, more, ...members } = app;
  return { ...members, ...more };
}

/** Of an application's other settings, those that no update can set and that therefore stay. */
function unchangeable({ more }: InboundApp): Record<string, unknown> {
  const changeable = new Set(Object.keys(inboundAppMembers()));
  return Object.fromEntries(Object.entries(more).filter(([name]) => !changeable.has(name)));
}

/** Go's client names every member in a patch: those that it was not given are empty and mean nothing. */
function namesEverything(input: object): boolean {
  const named = ["name", "description", "logo", "loginPageUrl", "approvedCallbackUrls", "permissionsScopes"];
  return named.every((name) => name in input) && "customAttributes" in input;
}

function withoutEmpty<T extends object>(input: T): Partial<T> {
  const isEmpty = (value: unknown) =>
    value == null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(input).filter(([, value]) => !isEmpty(value))) as Partial<T>;
}

function checkTenants(project: Project, { more }: InboundApp): void {
  for (const id of more.allowedTenants ?? []) {
    if (tenants.get(project, id) === undefined)
      throw invalidArgument(`The allowedTenants field names ${id}, but there is no such tenant`);
  }
}

function wanted(project: Project, id: string | null | undefined, clientId: string | null | undefined) {
  if (id) return requireInboundApp(project, id);
  if (!clientId) throw missingArgument("One of the fields id and clientId must say which application");
  const found = inboundApps.named(project, clientId);
  if (found === undefined) throw notFound(`There is no inbound application with the client id ${clientId}`);
  return found;
}

function appsOnPage(project: Project, asked: Parameters<typeof pageOf>[1]) {
  const all = inboundApps.all(project);
  return { apps: pageOf(all, asked).map(inboundAppReply), total: all.length };
}

function saveApp(call: Call, app: InboundApp): void {
  checkTenants(call.project, app);
  checkInboundAppIsAlone(call.project, app);
  inboundApps.put(call.project, app);
  auditApp(call, "ThirdPartyAppUpdated", app);
}

function removeApp(call: Call, app: InboundApp): void {
  inboundApps.delete(call.project, app.id);
  for (const consent of consents.all(call.project)) {
    if (consent.appId === app.id) consents.delete(call.project, consent.id);
  }
  forgetPolicies(call.project, ({ thirdPartyApplicationId }) => thirdPartyApplicationId === app.id);
  auditApp(call, "ThirdPartyAppDeleted", app);
}

function auditApp(
  { project, actorId }: Pick<Call, "project" | "actorId">,
  action: string,
  app: InboundApp,
): void {
  audit(project, { action, actorId, data: { appId: app.id, name: app.name } });
}
