import * as resources from "../../../src/api/operations/resources.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, free, integer, list, nothing, strict, text } from "./shapes.ts";

const scope = strict({ name: text, description: text, values: list(text) });

const times = { version: text, createdTime: text, modifiedTime: text };

const resourceReply = strict({
  id: text,
  name: text,
  description: text,
  uri: text,
  type: text,
  userAccess: text,
  clientAccess: text,
  scopes: strict({
    permissionsScopes: list(scope),
    attributesScopes: list(scope),
    connectionsScopes: list(scope),
  }),
  dynamicRegistrationSettings: free,
  ...times,
});

const templateReply = strict({
  id: text,
  name: text,
  description: text,
  loginPageURL: text,
  sessionSettings: free,
  skipConsentScreen: flag,
  forceAddAllAuthorizationInfo: flag,
  tags: list(text),
  ...times,
});

const policyReply = strict({
  thirdPartyApplicationId: text,
  resourceId: text,
  userAccessScopes: list(text),
  clientAccessScopes: list(text),
  allUserScopes: flag,
  allClientScopes: flag,
  ...times,
});

const sessionSettings = { enabled: true, sessionTokenExpiration: 5, sessionTokenExpirationUnit: "minutes" };

const templateMembers = (scene: Scene) => ({
  name: scene.fresh("Template"),
  description: "For agents",
  loginPageURL: "https://login.example.com",
  sessionSettings,
  skipConsentScreen: true,
  forceAddAllAuthorizationInfo: false,
  tags: ["beta"],
});

async function template(scene: Scene): Promise<{ id: string }> {
  const made = await scene.manage(
    "/v1/mgmt/resource/dynamic-registration-template/create",
    templateMembers(scene),
  );
  return { id: made.template.id };
}

const members = async (scene: Scene) => ({
  name: scene.fresh("Orders"),
  description: "The orders",
  uri: `https://api.example.com/${scene.fresh("orders")}`,
  type: "api",
  userAccess: "all",
  clientAccess: "policy",
  scopes: {
    permissionsScopes: [{ name: "read", description: "Reads", values: ["Editor"] }],
    attributesScopes: [{ name: "mail", description: "Knows the address", values: ["email"] }],
    connectionsScopes: [],
  },
  dynamicRegistrationSettings: {
    dynamicRegistration: { enabled: true },
    dynamicRegistrationTemplateId: (await template(scene)).id,
    useTemplate: true,
    tags: ["beta"],
  },
});

async function resource(scene: Scene): Promise<{ id: string; uri: string }> {
  const made = await scene.manage("/v1/mgmt/resource/create", await members(scene));
  return { id: made.resource.id, uri: made.resource.uri };
}

async function policyKey(scene: Scene) {
  const { id } = await scene.manage("/v1/mgmt/thirdparty/app/create", { name: scene.fresh("Client") });
  return { thirdPartyApplicationId: id as string, resourceId: (await resource(scene)).id };
}

const policyMembers = async (scene: Scene) => ({
  ...(await policyKey(scene)),
  userAccessScopes: ["read"],
  clientAccessScopes: ["mail"],
  allUserScopes: false,
  allClientScopes: false,
});

async function policy(scene: Scene) {
  const made = await policyMembers(scene);
  await scene.manage("/v1/mgmt/resourcepolicy/create", made);
  return made;
}

async function keyOfPolicy(scene: Scene) {
  const { thirdPartyApplicationId, resourceId } = await policy(scene);
  return { thirdPartyApplicationId, resourceId };
}

export const resourceExamples: Examples = [
  example(resources.create, strict({ resource: resourceReply }), members),
  example(resources.update, strict({ resource: resourceReply }), async (scene) => ({
    resource: { ...(await members(scene)), id: (await resource(scene)).id, version: "1" },
  })),
  example(resources.load, strict({ resource: resourceReply }), async (scene) => ({
    id: (await resource(scene)).id,
  })),
  example(resources.loadByUri, strict({ resource: resourceReply }), async (scene) => ({
    uri: (await resource(scene)).uri,
  })),
  example(resources.loadAll, strict({ resources: list(resourceReply), total: integer }), async (scene) => {
    await resource(scene);
    return {};
  }),
  example(resources.remove, nothing, async (scene) => ({ id: (await resource(scene)).id })),
  example(resources.removeBatch, nothing, async (scene) => ({ ids: [(await resource(scene)).id] })),
  example(resources.createTemplate, strict({ template: templateReply }), templateMembers),
  example(resources.updateTemplate, strict({ template: templateReply }), async (scene) => ({
    template: { ...templateMembers(scene), ...(await template(scene)), version: "1" },
  })),
  example(resources.loadTemplate, strict({ template: templateReply }), template),
  example(
    resources.loadTemplates,
    strict({ templates: list(templateReply), total: integer }),
    async (scene) => {
      await template(scene);
      return {};
    },
  ),
  example(resources.removeTemplate, nothing, template),
  example(resources.removeTemplates, nothing, async (scene) => ({ ids: [(await template(scene)).id] })),
  example(resources.createPolicy, strict({ resourcePolicy: policyReply }), policyMembers),
  example(resources.createPolicies, strict({ resourcePolicies: list(policyReply) }), async (scene) => ({
    policies: [await policyMembers(scene), await policyMembers(scene)],
  })),
  example(resources.updatePolicy, strict({ resourcePolicy: policyReply }), async (scene) => ({
    ...(await policy(scene)),
    allUserScopes: true,
  })),
  example(resources.loadPolicies, strict({ resourcePolicies: list(policyReply) }), async (scene) => ({
    thirdPartyApplicationId: (await policy(scene)).thirdPartyApplicationId,
  })),
  example(resources.removePolicy, nothing, keyOfPolicy),
  example(resources.removePolicies, nothing, async (scene) => ({ policies: [await keyOfPolicy(scene)] })),
];
