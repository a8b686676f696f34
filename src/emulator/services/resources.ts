import * as operations from "../../api/operations/resources.ts";
import { audit } from "../audit.ts";
import { requireInboundApp } from "../entities/inbound-app.ts";
import {
  forgetPolicies,
  policyId,
  registrationTemplates,
  requireRegistrationTemplate,
  requireResource,
  resourcePolicies,
  resources,
  versionedReply,
  type DynamicRegistrationSettings,
  type DynamicRegistrationTemplate,
  type Resource,
  type ResourcePolicy,
  type Versioned,
} from "../entities/resource.ts";
import { EmulatorError, invalidArgument, missingArgument, notFound } from "../error.ts";
import { present } from "../present.ts";
import type { Project } from "../project.ts";
import { on, type Call, type InputOf, type Service } from "../service.ts";
import { scopesOf, type ScopeInput } from "../entities/scope.ts";

/** Resources, the templates of clients that register themselves with them, and who may ask for what of them. */
export const resourceService: Service = [
  on(operations.create, (input, call) => {
    const resource = saveResource(call.project, { id: call.project.ids.next("RS"), ...input }, undefined);
    auditResource(call, "ResourceCreated", resource);
    return { resource: versionedReply(resource) };
  }),
  on(operations.update, ({ resource: { version, ...input } }, call) => {
    const before = requireResource(call.project, input.id);
    requireVersion(before, version);
    const resource = saveResource(call.project, input, before);
    forgetScopes(call.project, resource);
    auditResource(call, "ResourceUpdated", resource);
    return { resource: versionedReply(resource) };
  }),
  on(operations.load, ({ id }, { project }) => ({ resource: versionedReply(requireResource(project, id)) })),
  on(operations.loadByUri, ({ uri }, { project }) => {
    const found = resources.all(project).find((resource) => resource.uri === uri);
    if (found === undefined) throw notFound(`There is no resource with the URI ${uri}`);
    return { resource: versionedReply(found) };
  }),
  on(operations.loadAll, (_input, { project }) => {
    const all = resources.all(project);
    return { resources: all.map(versionedReply), total: all.length };
  }),
  on(operations.remove, ({ id }, call) => {
    removeResource(call, requireResource(call.project, id));
    return {};
  }),
  on(operations.removeBatch, ({ ids }, call) => {
    for (const id of new Set(ids)) removeResource(call, requireResource(call.project, id));
    return {};
  }),
  on(operations.createTemplate, (input, call) => {
    const template = saveTemplate(call.project, { id: call.project.ids.next("DRT"), ...input }, undefined);
    auditTemplate(call, "DynamicRegistrationTemplateCreated", template);
    return { template: versionedReply(template) };
  }),
  on(operations.updateTemplate, ({ template: { version, ...input } }, call) => {
    const before = requireRegistrationTemplate(call.project, input.id);
    requireVersion(before, version);
    const template = saveTemplate(call.project, input, before);
    auditTemplate(call, "DynamicRegistrationTemplateUpdated", template);
    return { template: versionedReply(template) };
  }),
  on(operations.loadTemplate, ({ id }, { project }) => ({
    template: versionedReply(requireRegistrationTemplate(project, id)),
  })),
  on(operations.loadTemplates, (_input, { project }) => {
    const all = registrationTemplates.all(project);
    return { templates: all.map(versionedReply), total: all.length };
  }),
  on(operations.removeTemplate, ({ id }, call) => {
    removeTemplate(call, requireRegistrationTemplate(call.project, id));
    return {};
  }),
  on(operations.removeTemplates, ({ ids }, call) => {
    for (const id of new Set(ids)) removeTemplate(call, requireRegistrationTemplate(call.project, id));
    return {};
  }),
  on(operations.createPolicy, (input, call) => ({ resourcePolicy: createPolicy(call, input) })),
  on(operations.createPolicies, ({ policies }, call) => ({
    resourcePolicies: policies.map((policy) => createPolicy(call, policy)),
  })),
  on(operations.updatePolicy, (input, call) => {
    const policy = savePolicy(call.project, input, requirePolicy(call.project, input));
    auditPolicy(call, "ResourcePolicyUpdated", policy);
    return { resourcePolicy: versionedReply(policy) };
  }),
  on(operations.loadPolicies, ({ thirdPartyApplicationId: appId }, { project }) => {
    requireInboundApp(project, appId);
    const found = resourcePolicies.all(project).filter((policy) => policy.thirdPartyApplicationId === appId);
    return { resourcePolicies: found.map(versionedReply) };
  }),
  on(operations.removePolicy, (input, call) => {
    removePolicy(call, input);
    return {};
  }),
  on(operations.removePolicies, ({ policies }, call) => {
    for (const policy of policies) removePolicy(call, policy);
    return {};
  }),
];

type Text = string | null | undefined;
type Texts = readonly string[] | null | undefined;
type Flag = boolean | null | undefined;
type Scopes = readonly ScopeInput[] | null | undefined;

interface ResourceInput {
  readonly id: string;
  readonly name: string;
  readonly description?: Text;
  readonly uri?: Text;
  readonly type?: Text;
  readonly userAccess?: Text;
  readonly clientAccess?: Text;
  readonly scopes?:
    | {
        readonly permissionsScopes?: Scopes;
        readonly attributesScopes?: Scopes;
        readonly connectionsScopes?: Scopes;
      }
    | null
    | undefined;
  readonly dynamicRegistrationSettings?: DynamicRegistrationSettings | null | undefined;
}

/** @throws {EmulatorError} for a name or URI that is taken, and a template that does not exist. */
function saveResource(project: Project, input: ResourceInput, before: Resource | undefined): Resource {
  const { id, name, scopes, dynamicRegistrationSettings: registration } = input;
  const uri = input.uri ?? "";
  if (uri !== "" && URL.parse(uri) === null) throw invalidArgument("The uri field must be a URI");
  for (const other of resources.all(project)) {
    if (other.id === id) continue;
    if (other.name === name) throw invalidArgument(`There is a resource with the name ${name} already`);
    if (uri !== "" && other.uri === uri)
      throw invalidArgument(`There is a resource with the URI ${uri} already`);
  }
  const templateId = registration?.dynamicRegistrationTemplateId;
  if (templateId) requireRegistrationTemplate(project, templateId);
  else if (registration?.useTemplate === true)
    throw missingArgument("The dynamicRegistrationTemplateId field is required where useTemplate is true");
  return resources.put(project, {
    id,
    name,
    description: input.description ?? "",
    uri,
    type: input.type ?? "",
    userAccess: input.userAccess ?? "",
    clientAccess: input.clientAccess ?? "",
    scopes: {
      permissionsScopes: scopesOf(scopes?.permissionsScopes),
      attributesScopes: scopesOf(scopes?.attributesScopes),
      connectionsScopes: scopesOf(scopes?.connectionsScopes),
    },
    ...(registration == null ? {} : { dynamicRegistrationSettings: present(registration) }),
    ...stamp(project, before),
  });
}

interface TemplateInput {
  readonly id: string;
  readonly name: string;
  readonly description?: Text;
  readonly loginPageURL?: Text;
  readonly sessionSettings?: Readonly<Record<string, unknown>> | null | undefined;
  readonly skipConsentScreen?: Flag;
  readonly forceAddAllAuthorizationInfo?: Flag;
  readonly tags?: Texts;
}

function saveTemplate(
  project: Project,
  input: TemplateInput,
  before: DynamicRegistrationTemplate | undefined,
): DynamicRegistrationTemplate {
  const { id, name } = input;
  const other = registrationTemplates.named(project, name);
  if (other !== undefined && other.id !== id)
    throw invalidArgument(`There is a dynamic registration template with the name ${name} already`);
  return registrationTemplates.put(project, {
    id,
    name,
    description: input.description ?? "",
    loginPageURL: input.loginPageURL ?? "",
    ...(input.sessionSettings == null ? {} : { sessionSettings: present(input.sessionSettings) }),
    skipConsentScreen: input.skipConsentScreen ?? false,
    forceAddAllAuthorizationInfo: input.forceAddAllAuthorizationInfo ?? false,
    tags: input.tags ?? [],
    ...stamp(project, before),
  });
}

type PolicyKey = Pick<ResourcePolicy, "thirdPartyApplicationId" | "resourceId">;

type PolicyInput = InputOf<typeof operations.createPolicy>;

function createPolicy(call: Call, input: PolicyInput): object {
  if (resourcePolicies.get(call.project, policyId(input)) !== undefined)
    throw invalidArgument(
      `The application ${input.thirdPartyApplicationId} has a policy for the resource ${input.resourceId} already`,
    );
  const policy = savePolicy(call.project, input, undefined);
  auditPolicy(call, "ResourcePolicyCreated", policy);
  return versionedReply(policy);
}

/** @throws {EmulatorError} for an application, resource or scope that does not exist. */
function savePolicy(
  project: Project,
  input: PolicyInput,
  before: ResourcePolicy | undefined,
): ResourcePolicy {
  const { thirdPartyApplicationId, resourceId } = input;
  requireInboundApp(project, thirdPartyApplicationId);
  const offered = scopeNames(requireResource(project, resourceId));
  for (const member of ["userAccessScopes", "clientAccessScopes"] as const)
    for (const scope of input[member] ?? [])
      if (!offered.includes(scope))
        throw invalidArgument(`The ${member} field names ${scope}, but the resource has no such scope`);
  return resourcePolicies.put(project, {
    thirdPartyApplicationId,
    resourceId,
    userAccessScopes: input.userAccessScopes ?? [],
    clientAccessScopes: input.clientAccessScopes ?? [],
    allUserScopes: input.allUserScopes ?? false,
    allClientScopes: input.allClientScopes ?? false,
    ...stamp(project, before),
  });
}

function scopeNames({ scopes }: Resource): string[] {
  return Object.values(scopes).flatMap((kind) => kind.map(({ name }) => name));
}

/** Takes scopes that a resource has no longer out of its policies. */
function forgetScopes(project: Project, resource: Resource): void {
  const offered = new Set(scopeNames(resource));
  const known = (scopes: readonly string[]) => scopes.filter((scope) => offered.has(scope));
  for (const policy of resourcePolicies.all(project)) {
    if (policy.resourceId !== resource.id) continue;
    const userAccessScopes = known(policy.userAccessScopes);
    const clientAccessScopes = known(policy.clientAccessScopes);
    const before = policy.userAccessScopes.length + policy.clientAccessScopes.length;
    if (userAccessScopes.length + clientAccessScopes.length < before)
      resourcePolicies.put(project, {
        ...policy,
        userAccessScopes,
        clientAccessScopes,
        ...stamp(project, policy),
      });
  }
}

function requirePolicy(project: Project, key: PolicyKey): ResourcePolicy {
  const found = resourcePolicies.get(project, policyId(key));
  if (found === undefined)
    throw notFound(
      `The application ${key.thirdPartyApplicationId} has no policy for the resource ${key.resourceId}`,
    );
  return found;
}

function removePolicy(call: Call, key: PolicyKey): void {
  const policy = requirePolicy(call.project, key);
  resourcePolicies.delete(call.project, policyId(policy));
  auditPolicy(call, "ResourcePolicyDeleted", policy);
}

function removeResource(call: Call, resource: Resource): void {
  forgetPolicies(call.project, ({ resourceId }) => resourceId === resource.id);
  resources.delete(call.project, resource.id);
  auditResource(call, "ResourceDeleted", resource);
}

/** @throws {EmulatorError} while a resource has it. */
function removeTemplate(call: Call, template: DynamicRegistrationTemplate): void {
  const user = resources
    .all(call.project)
    .find((one) => one.dynamicRegistrationSettings?.dynamicRegistrationTemplateId === template.id);
  if (user !== undefined)
    throw invalidArgument(`The resource ${user.name} has the dynamic registration template ${template.name}`);
  registrationTemplates.delete(call.project, template.id);
  auditTemplate(call, "DynamicRegistrationTemplateDeleted", template);
}

function stamp(project: Project, before: Versioned | undefined): Versioned {
  const now = project.clock.now();
  return {
    version: (before?.version ?? 0) + 1,
    createdTime: before?.createdTime ?? now,
    modifiedTime: now,
  };
}

/** @throws {EmulatorError} 409 where somebody else has changed it since. */
function requireVersion(before: Versioned, version: Text): void {
  if (!version || version === String(before.version)) return;
  throw new EmulatorError(
    409,
    "E011004",
    "Version conflict",
    `The version is ${before.version}, the request is about ${version}`,
  );
}

function auditResource({ project, actorId }: Call, action: string, { id, name }: Resource): void {
  audit(project, { action, actorId, data: { resourceId: id, name } });
}

function auditTemplate(
  { project, actorId }: Call,
  action: string,
  { id, name }: DynamicRegistrationTemplate,
): void {
  audit(project, { action, actorId, data: { templateId: id, name } });
}

function auditPolicy(
  { project, actorId }: Call,
  action: string,
  { thirdPartyApplicationId, resourceId }: ResourcePolicy,
): void {
  audit(project, { action, actorId, data: { appId: thirdPartyApplicationId, resourceId } });
}
