import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, count, flag, object, text, texts, time, filled } from "./schemas.ts";
import { namedAttributes, newAttributes } from "./attribute-definition.ts";

const members = { name: text(), customAttributes: object(), photo: text(), disabled: flag() };

export const create = operation({
  noun: "Family",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/family/create",
  effect: "write",
  input: () => v.looseObject({ ...members, name: v.string(), familyId: text(), id: text() }),
  output: anyObject,
});

/** Changes what is sent; custom attributes are replaced as a whole. */
export const update = operation({
  noun: "Family",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/family/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ ...members, id: filled() }),
  output: anyObject,
});

export const remove = operation({
  noun: "Family",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/family/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ id: filled() }),
});

export const search = operation({
  noun: "Family",
  verb: "SearchAll",
  method: "POST",
  path: "/v1/mgmt/family/search",
  effect: "read",
  input: () =>
    v.looseObject({
      familyIds: texts(),
      familyNames: texts(),
      freeText: text(),
      customAttributes: object(),
      page: count(),
      size: count(),
    }),
  output: anyObject,
});

/** A dependent is a user of one family who cannot sign in. */
export const createDependent = operation({
  noun: "Family",
  verb: "CreateDependent",
  method: "POST",
  path: "/v1/mgmt/family/dependent/create",
  effect: "write",
  input: () =>
    v.looseObject({
      familyId: filled(),
      loginId: text(),
      name: text(),
      email: text(),
      phone: text(),
      givenName: text(),
      middleName: text(),
      familyName: text(),
      picture: text(),
      customAttributes: object(),
      familyScopedAttributes: object(),
    }),
  output: anyObject,
});

export const removeDependent = operation({
  noun: "Family",
  verb: "DeleteDependent",
  method: "POST",
  path: "/v1/mgmt/family/dependent/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ userId: filled() }),
});

export const impersonate = operation({
  noun: "Family",
  verb: "Impersonate",
  method: "POST",
  path: "/v1/mgmt/family/impersonate",
  effect: "write",
  input: () =>
    v.looseObject({
      impersonatorUserIdOrLoginId: filled(),
      dependentLoginId: filled(),
      selectedFamily: text(),
    }),
  output: anyObject,
  secretOutput: ["jwt"],
});

export const stopImpersonation = operation({
  noun: "Family",
  verb: "StopImpersonation",
  method: "POST",
  path: "/v1/mgmt/family/impersonate/stop",
  effect: "write",
  input: () => v.looseObject({ jwt: filled(), customClaims: object(), refreshDuration: time() }),
  output: anyObject,
  secretInput: ["jwt"],
  secretOutput: ["jwt"],
});

export const loadSettings = operation({
  noun: "Family",
  verb: "GetSettings",
  method: "GET",
  path: "/v1/mgmt/family/settings",
  effect: "read",
  output: anyObject,
});

export const setSettings = operation({
  noun: "Family",
  verb: "ConfigureSettings",
  method: "POST",
  path: "/v1/mgmt/family/settings",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      enabled: flag(),
      maxFamilyMembers: count(),
      allowMultipleFamiliesUsers: flag(),
    }),
  output: anyObject,
});

export const loadAttributes = operation({
  noun: "Family",
  verb: "GetCustomAttributes",
  method: "GET",
  path: "/v1/mgmt/family/customattributes",
  effect: "read",
  output: anyObject,
});

export const createAttributes = operation({
  noun: "Family",
  verb: "CreateCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/family/customattribute/create",
  effect: "write",
  idempotent: true,
  input: newAttributes,
  output: anyObject,
});

export const removeAttributes = operation({
  noun: "Family",
  verb: "DeleteCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/family/customattribute/delete",
  effect: "destroy",
  idempotent: true,
  input: namedAttributes,
  output: anyObject,
});
