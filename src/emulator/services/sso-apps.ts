import * as operations from "../../api/operations/sso-apps.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { attributeCalls } from "../attributes/calls.ts";
import { checkAttributes } from "../attributes/values.ts";
import { audit } from "../audit.ts";
import { outboundScim } from "../entities/outbound-scim.ts";
import { findRole, roles } from "../entities/role.ts";
import {
  allSsoApps,
  clientSecretOf,
  deleteSsoApp,
  findSsoApp,
  hasSecret,
  putClientId,
  putCredentials,
  putSsoApp,
  requireSsoApp,
  ssoAppOfClient,
  ssoAppReply,
  type SsoApp,
  type SsoAppKind,
} from "../entities/sso-app.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import { present } from "../present.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { putUser, usersLinked } from "../users/user-store.ts";

export const ssoAppService: Service = [
  on(operations.createOidc, ({ clientId, clientSecret, ...input }, call) => {
    if (clientId && ssoAppOfClient(call.project, clientId) !== undefined)
      throw invalidArgument(`There is an SSO application with the client id ${clientId} already`);
    const app = createSsoApp(call, "oidc", input);
    const wanted = { clientId: clientId || undefined, secret: clientSecret || undefined };
    if (hasSecret(app)) putCredentials(call.project, app, wanted);
    else if (clientId) putClientId(call.project, app, clientId);
    return { id: app.id };
  }),
  on(operations.createSaml, (input, call) => ({ id: createSsoApp(call, "saml", input).id })),
  on(operations.createWsFed, (input, call) => ({ id: createSsoApp(call, "wsfed", input).id })),
  on(operations.updateOidc, (input, call) => updateSsoApp(call, "oidc", input)),
  on(operations.updateSaml, (input, call) => updateSsoApp(call, "saml", input)),
  on(operations.updateWsFed, (input, call) => updateSsoApp(call, "wsfed", input)),
  on(operations.remove, ({ id }, call) => {
    removeSsoApp(call, requireSsoApp(call.project, id));
    return {};
  }),
  on(operations.load, ({ id }, { project }) => ssoAppReply(project, requireSsoApp(project, id))),
  on(operations.loadAll, (_input, { project }) => ({
    apps: allSsoApps(project).map((app) => ssoAppReply(project, app)),
  })),
  ...attributeCalls(
    operations.loadAttributes,
    operations.createAttributes,
    operations.removeAttributes,
    "ssoApp",
  ),
  on(operations.loadSecret, ({ id }, { project }) => ({
    cleartext: clientSecretOf(project, requireSsoApp(project, id)),
  })),
  on(operations.rotateSecret, ({ id }, call) => {
    const app = requireSsoApp(call.project, id);
    const { secret } = putCredentials(call.project, app, {});
    auditApp(call, "SSOApplicationSecretRotated", app);
    return { cleartext: secret };
  }),
];

/** What a request says of an application of any kind; what is not listed here are the settings of its kind. */
interface SsoAppInput {
  readonly id?: string | null | undefined;
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly logo?: string | null | undefined;
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined;
  readonly [setting: string]: unknown;
}

function createSsoApp(call: Call, kind: SsoAppKind, input: SsoAppInput): SsoApp {
  const { project } = call;
  const id = input.id || project.ids.next("SA");
  if (findSsoApp(project, id) !== undefined)
    throw invalidArgument(`There is an SSO application ${id} already`);
  const app = putSsoApp(project, appOf(project, { id, kind, enabled: true, more: {} }, input));
  auditApp(call, "SSOApplicationCreated", app);
  return app;
}

/** Replaces everything about an application but its kind and what it shows who it is by. */
function updateSsoApp(
  call: Call,
  kind: SsoAppKind,
  input: SsoAppInput & { readonly id: string },
): Record<string, never> {
  const before = requireSsoApp(call.project, input.id);
  if (before.kind !== kind)
    throw invalidArgument(`The SSO application ${before.id} is of the kind ${before.kind}, not ${kind}`);
  const app = putSsoApp(call.project, appOf(call.project, before, input));
  auditApp(call, "SSOApplicationUpdated", app);
  return {};
}

function appOf(
  project: Project,
  before: Pick<SsoApp, "id" | "kind" | "enabled" | "more">,
  { id: _, name, description, enabled, logo, customAttributes, ...settings }: SsoAppInput,
): SsoApp {
  if (name === "") throw missingArgument("The name field is empty");
  checkAttributes(project, "ssoApp", customAttributes ?? {});
  return {
    id: before.id,
    kind: before.kind,
    more: before.more,
    name,
    description: description ?? "",
    enabled: enabled ?? before.enabled,
    logo: logo ?? "",
    settings: withRoles(project, present(settings) as JsonObject),
    customAttributes: (customAttributes ?? {}) as JsonObject,
  };
}

/** The settings with the roles that groups are made of by id and name. @throws {EmulatorError} for one that does not exist. */
function withRoles(project: Project, settings: JsonObject): JsonObject {
  const { groupsMapping } = settings;
  if (!Array.isArray(groupsMapping)) return settings;
  const resolved = groupsMapping.map((group) => {
    if (!isJsonObject(group) || !Array.isArray(group.roles)) return group;
    return { ...group, roles: group.roles.map((role) => wholeRole(project, role)) };
  });
  return { ...settings, groupsMapping: resolved };
}

function wholeRole(project: Project, named: Json): Json {
  const { id, name } = isJsonObject(named) ? named : {};
  const byId = typeof id === "string" && id !== "" ? roles.get(project, id) : undefined;
  const role = byId ?? (typeof name === "string" && name !== "" ? findRole(project, name) : undefined);
  if (role === undefined)
    throw invalidArgument(
      name || id
        ? `The groupsMapping field names the role ${name || id}, but there is no such role`
        : "The groupsMapping field has an entry that names no role",
    );
  return { id: role.id, name: role.name };
}

function removeSsoApp(call: Call, app: SsoApp): void {
  for (const user of usersLinked(call.project, "ssoApp", app.id))
    putUser(call.project, { ...user, ssoAppIds: user.ssoAppIds.filter((id) => id !== app.id) });
  deleteSsoApp(call.project, app.id);
  outboundScim.delete(call.project, app.id);
  auditApp(call, "SSOApplicationDeleted", app);
}

function auditApp({ project, actorId }: Call, action: string, app: SsoApp): void {
  audit(project, { action, actorId, data: { appId: app.id, name: app.name, appType: app.kind } });
}
