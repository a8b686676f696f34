import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import * as operations from "../../api/operations/outbound-apps.ts";
import { audit } from "../audit.ts";
import {
  blankOutboundApp,
  deleteOutboundApp,
  outboundAppReply,
  outboundApps,
  putOutboundApp,
  requireOutboundApp,
  type OutboundApp,
} from "../entities/outbound-app.ts";
import { dcrPreset, knownTemplate, outboundTemplate } from "../entities/outbound-template.ts";
import { forgetTokens, isValid, outboundTokens } from "../entities/outbound-token.ts";
import { requireTenant } from "../entities/tenant.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import { present } from "../present.ts";
import type { Project } from "../project.ts";
import { text } from "../project-settings.ts";
import { on, type Call, type Service } from "../service.ts";
import { requireUser } from "../users/user-store.ts";

/** Applications elsewhere whose tokens the project keeps for its users and tenants. */
export const outboundAppService: Service = [
  on(operations.create, ({ templateId, ...input }, call) => {
    // A template that is not known here is a name for what the request says in full.
    const template = (templateId ? knownTemplate(templateId) : undefined) ?? {};
    return { app: create(call, { ...template, ...filled(input), ...(templateId ? { templateId } : {}) }) };
  }),
  on(operations.createByTemplate, ({ id, templateId, clientId, clientSecret, tenantId, overrides }, call) => {
    const named = templateId || id;
    if (!named) throw missingArgument("The templateId field is required");
    const own = templateId ? id : undefined;
    const app = { ...outboundTemplate(named), ...filled(overrides ?? {}), templateId: named };
    return { app: create(call, { ...app, ...filled({ id: own, clientId, clientSecret, tenantId }) }) };
  }),
  on(operations.createByDcrPreset, ({ dcrPresetId, tenantId }, call) => {
    // Where the application has registered itself, the server there has given it these.
    const registered = { clientId: call.project.ids.text(24), clientSecret: call.project.ids.text(48) };
    return { app: create(call, { ...dcrPreset(dcrPresetId), ...registered, ...filled({ tenantId }) }) };
  }),
  on(operations.update, ({ app: { id, ...input } }, call) => {
    const before = requireOutboundApp(call.project, id);
    const { templateId, tenantId, appType } = before;
    const stays = filled({ templateId, tenantId, appType });
    return { app: save(call, { ...stays, ...filled(input), id }, "OutboundAppUpdated") };
  }),
  on(operations.remove, ({ id }, call) => {
    const app = requireOutboundApp(call.project, id);
    deleteOutboundApp(call.project, id);
    forgetTokens(call.project, ({ appId }) => appId === id);
    auditApp(call, "OutboundAppDeleted", app);
    return {};
  }),
  on(operations.load, ({ id }, { project }) => ({ app: outboundAppReply(requireOutboundApp(project, id)) })),
  on(operations.loadAll, (_input, { project }) => ({ apps: outboundApps(project).map(outboundAppReply) })),
  on(operations.listWithUserToken, ({ userId: named, tenantId }, { project }) => {
    const { userId } = requireUser(project, named);
    if (tenantId) requireTenant(project, tenantId);
    const valid = outboundTokens
      .all(project)
      .filter((token) => token.userId === userId && token.tenantId === (tenantId || ""))
      .filter((token) => isValid(project, token));
    // An import of a snapshot may have taken an application away.
    const known = new Set(outboundApps(project).map(({ id }) => id));
    return { appIds: [...new Set(valid.map(({ appId }) => appId))].filter((id) => known.has(id)) };
  }),
];

function create(call: Call, given: JsonObject): Record<string, unknown> {
  const { project } = call;
  const id = text(given.id) || project.ids.next("OA");
  if (outboundApps(project).some((app) => app.id === id))
    throw invalidArgument(`There is an outbound application ${id} already`);
  return save(call, { ...given, id }, "OutboundAppCreated");
}

/** @throws {EmulatorError} for a name that is missing or taken, and a tenant that does not exist. */
function save(call: Call, { clientSecret, ...given }: JsonObject, action: string): Record<string, unknown> {
  const { project } = call;
  const app: OutboundApp = { ...blankOutboundApp(), ...given };
  const before = outboundApps(project).find(({ id }) => id === app.id);
  check(project, app, before);
  const saved = putOutboundApp(project, app, text(clientSecret) || undefined);
  auditApp(call, action, saved);
  return outboundAppReply(saved);
}

function check(project: Project, app: OutboundApp, before: OutboundApp | undefined): void {
  if (app.name === "") throw missingArgument("The name field is required");
  const tenantId = text(app.tenantId);
  // One that came with a snapshot may be a tenant's of the project that it comes from.
  if (tenantId !== "" && tenantId !== before?.tenantId) requireTenant(project, tenantId);
  const isTaken = outboundApps(project).some(
    (other) => other.id !== app.id && other.name === app.name && text(other.tenantId) === tenantId,
  );
  if (isTaken)
    throw invalidArgument(`There is an outbound application with the name ${text(app.name)} already`);
  for (const member of ["discoveryUrl", "authorizationUrl", "tokenUrl", "revocationUrl", "dcrUrl"]) {
    const url = text(app[member]);
    if (url !== "" && URL.parse(url) === null) throw invalidArgument(`The ${member} field must be a URL`);
  }
}

/** What of a request says something: clients name every member, those that were not set are empty. */
function filled(input: object): JsonObject {
  const said = Object.entries(present(input)).filter(([, value]) => value !== "");
  const content = Object.fromEntries(said) as Json;
  return isJsonObject(content) ? content : {};
}

function auditApp({ project, actorId }: Call, action: string, { id, name }: OutboundApp): void {
  audit(project, { action, actorId, data: { appId: id, name } });
}
