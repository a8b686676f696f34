import * as v from "valibot";
import { operation } from "../operation.ts";
import { metadataDocuments, scopeKinds, selfRegistration, sessionLengths } from "./application-schemas.ts";
import { anyObject, byId, byIds, filled, flag, text, texts } from "./schemas.ts";

const resourceMembers = () => ({
  name: filled(),
  description: text(),
  uri: text(),
  type: text(),
  userAccess: text(),
  clientAccess: text(),
  scopes: scopeKinds(),
  dynamicRegistrationSettings: v.nullish(
    v.looseObject({
      dynamicRegistration: selfRegistration(),
      cimdSettings: metadataDocuments(),
      dynamicRegistrationTemplateId: text(),
      useTemplate: flag(),
      loginPageURL: text(),
      skipConsentScreen: flag(),
      forceAddAllAuthorizationInfo: flag(),
      tags: texts(),
      sessionSettings: sessionLengths(),
    }),
  ),
});

const templateMembers = () => ({
  name: filled(),
  description: text(),
  loginPageURL: text(),
  sessionSettings: sessionLengths(),
  skipConsentScreen: flag(),
  forceAddAllAuthorizationInfo: flag(),
  tags: texts(),
});

/** What a thing that was loaded says of itself; of these only the version counts. */
const stamps = () => ({ version: text(), createdTime: text(), modifiedTime: text() });

const policyKey = () => ({ thirdPartyApplicationId: filled(), resourceId: filled() });
const policyMembers = () => ({
  ...policyKey(),
  userAccessScopes: texts(),
  clientAccessScopes: texts(),
  allUserScopes: flag(),
  allClientScopes: flag(),
});

const resource = { noun: "Resource", method: "POST", output: anyObject } as const;
const template = { noun: "DynamicRegistrationTemplate", method: "POST", output: anyObject } as const;
const policy = { noun: "ResourcePolicy", method: "POST", output: anyObject } as const;
const removal = { effect: "destroy", idempotent: true } as const;

export const create = operation({
  ...resource,
  verb: "Create",
  path: "/v1/mgmt/resource/create",
  effect: "write",
  input: () => v.looseObject(resourceMembers()),
});

/** A version that is given must be the one that is kept. */
export const update = operation({
  ...resource,
  verb: "Update",
  path: "/v1/mgmt/resource/update",
  effect: "write",
  input: () =>
    v.looseObject({ resource: v.looseObject({ id: filled(), ...stamps(), ...resourceMembers() }) }),
});

export const load = operation({
  ...resource,
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/resource/load",
  effect: "read",
  input: byId,
});

export const loadByUri = operation({
  ...resource,
  verb: "LoadByURI",
  method: "GET",
  path: "/v1/mgmt/resource/load/uri",
  effect: "read",
  input: () => v.looseObject({ uri: filled() }),
});

export const loadAll = operation({
  ...resource,
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/resources/load",
  effect: "read",
});

export const remove = operation({
  ...resource,
  ...removal,
  verb: "Delete",
  path: "/v1/mgmt/resource/delete",
  input: byId,
});

export const removeBatch = operation({
  ...resource,
  ...removal,
  verb: "DeleteBatch",
  path: "/v1/mgmt/resource/delete/batch",
  input: byIds,
});

export const createTemplate = operation({
  ...template,
  verb: "Create",
  path: "/v1/mgmt/resource/dynamic-registration-template/create",
  effect: "write",
  input: () => v.looseObject(templateMembers()),
});

/** A version that is given must be the one that is kept. */
export const updateTemplate = operation({
  ...template,
  verb: "Update",
  path: "/v1/mgmt/resource/dynamic-registration-template/update",
  effect: "write",
  input: () =>
    v.looseObject({ template: v.looseObject({ id: filled(), ...stamps(), ...templateMembers() }) }),
});

export const loadTemplate = operation({
  ...template,
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/resource/dynamic-registration-template/load",
  effect: "read",
  input: byId,
});

export const loadTemplates = operation({
  ...template,
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/resource/dynamic-registration-templates/load",
  effect: "read",
});

export const removeTemplate = operation({
  ...template,
  ...removal,
  verb: "Delete",
  path: "/v1/mgmt/resource/dynamic-registration-template/delete",
  input: byId,
});

export const removeTemplates = operation({
  ...template,
  ...removal,
  verb: "DeleteBatch",
  path: "/v1/mgmt/resource/dynamic-registration-templates/delete",
  input: byIds,
});

export const createPolicy = operation({
  ...policy,
  verb: "Create",
  path: "/v1/mgmt/resourcepolicy/create",
  effect: "write",
  input: () => v.looseObject(policyMembers()),
});

export const createPolicies = operation({
  ...policy,
  verb: "CreateBatch",
  path: "/v1/mgmt/resourcepolicy/create/batch",
  effect: "write",
  input: () => v.looseObject({ policies: v.array(v.looseObject(policyMembers())) }),
});

export const updatePolicy = operation({
  ...policy,
  verb: "Update",
  path: "/v1/mgmt/resourcepolicy/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject(policyMembers()),
});

export const loadPolicies = operation({
  ...policy,
  verb: "LoadByApp",
  method: "GET",
  path: "/v1/mgmt/resourcepolicy/app/load",
  effect: "read",
  input: () => v.looseObject({ thirdPartyApplicationId: filled() }),
});

export const removePolicy = operation({
  ...policy,
  ...removal,
  verb: "Delete",
  path: "/v1/mgmt/resourcepolicy/delete",
  input: () => v.looseObject(policyKey()),
});

export const removePolicies = operation({
  ...policy,
  ...removal,
  verb: "DeleteBatch",
  path: "/v1/mgmt/resourcepolicy/delete/batch",
  input: () => v.looseObject({ policies: v.array(v.looseObject(policyKey())) }),
});
