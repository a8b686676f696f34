import * as operations from "../../api/operations/inbound-apps.ts";
import { audit } from "../audit.ts";
import {
  inboundAppReply,
  inboundApps,
  requireInboundApp,
  type InboundApp,
  type Scope,
} from "../entities/inbound-app.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";

export const inboundAppService: Service = [
  on(operations.create, (input, call) => {
    const app = createInboundApp(call.project, input, { actorId: call.actorId });
    return { id: app.id, clientId: app.clientId, cleartext: app.secret };
  }),
  on(operations.update, (input, call) => {
    const app = requireInboundApp(call.project, input.id);
    if (input.name === "") throw missingArgument("The name field is empty");
    saveApp(call, { ...app, ...settingsOf(input) });
    return {};
  }),
  on(operations.remove, ({ id }, call) => {
    removeApp(call, requireInboundApp(call.project, id));
    return {};
  }),
  on(operations.load, ({ id }, { project }) => inboundAppReply(requireInboundApp(project, id))),
  on(operations.loadAll, ({ limit, page }, { project }) =>
    pageOfApps(project, wholeNumber("limit", limit), wholeNumber("page", page)),
  ),
  on(operations.loadSecret, ({ id }, { project }) => ({ cleartext: requireInboundApp(project, id).secret })),
  on(operations.rotateSecret, ({ id }, call) => {
    const app = requireInboundApp(call.project, id);
    const secret = call.project.ids.text(64);
    inboundApps.put(call.project, { ...app, secret });
    auditApp(call, "ThirdPartyAppSecretRotated", app);
    return { cleartext: secret };
  }),
];

interface ScopeInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly values?: readonly string[] | null | undefined;
}

/** What a request says of an inbound application. */
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
}

/** @param pinned what a seed chooses that is made up otherwise. */
export function createInboundApp(
  project: Project,
  input: InboundAppInput & { readonly id?: string | null | undefined },
  pinned: { readonly actorId: string; readonly clientId?: string; readonly secret?: string },
): InboundApp {
  if (input.name === "") throw missingArgument("The name field is empty");
  const id = input.id || project.ids.next("TPA");
  if (inboundApps.get(project, id) !== undefined)
    throw invalidArgument(`There is an inbound application ${id} already`);
  const app = inboundApps.put(project, {
    id,
    // A client id names its project, so that the token endpoint knows where it belongs.
    clientId: pinned.clientId ?? btoa(`${project.id}:${id}`).replace(/=+$/, ""),
    secret: pinned.secret ?? project.ids.text(64),
    createdTime: project.clock.now(),
    more: {},
    ...settingsOf(input),
  });
  auditApp({ project, actorId: pinned.actorId }, "ThirdPartyAppCreated", app);
  return app;
}

/** Everything about an application that an update replaces. */
function settingsOf(input: InboundAppInput) {
  return {
    name: input.name,
    description: input.description ?? "",
    logo: input.logo ?? "",
    loginPageUrl: input.loginPageUrl ?? "",
    approvedCallbackUrls: input.approvedCallbackUrls ?? [],
    permissionsScopes: scopesOf(input.permissionsScopes),
    attributesScopes: scopesOf(input.attributesScopes),
    ...(input.jwtBearerSettings == null ? {} : { jwtBearerSettings: input.jwtBearerSettings }),
    customAttributes: input.customAttributes ?? {},
  };
}

function scopesOf(scopes: readonly ScopeInput[] | null | undefined): Scope[] {
  return (scopes ?? []).map((scope) => ({
    ...scope,
    description: scope.description ?? "",
    values: scope.values ?? [],
  }));
}

/** A page of the applications; a limit of 0 is the default page. */
function pageOfApps(project: Project, limit: number, page: number) {
  const all = inboundApps.all(project);
  const size = limit === 0 ? 100 : limit;
  return { apps: all.slice(page * size, (page + 1) * size).map(inboundAppReply), total: all.length };
}

function wholeNumber(field: string, given: string | null | undefined): number {
  const number = given == null || given === "" ? 0 : Number(given);
  if (Number.isInteger(number) && number >= 0) return number;
  throw invalidArgument(`The ${field} field must be a whole number, 0 or more`);
}

function saveApp(call: Call, app: InboundApp): void {
  inboundApps.put(call.project, app);
  auditApp(call, "ThirdPartyAppUpdated", app);
}

function removeApp(call: Call, app: InboundApp): void {
  inboundApps.delete(call.project, app.id);
  auditApp(call, "ThirdPartyAppDeleted", app);
}

function auditApp(
  { project, actorId }: Pick<Call, "project" | "actorId">,
  action: string,
  app: InboundApp,
): void {
  audit(project, { action, actorId, data: { appId: app.id, name: app.name } });
}
