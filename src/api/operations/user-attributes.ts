import { operation } from "../operation.ts";
import { namedAttributes, newAttributes } from "./attribute-definition.ts";
import { anyObject } from "./schemas.ts";

/** What users have beside the members that all of them have. */
export const loadAll = operation({
  noun: "User",
  verb: "GetCustomAttributes",
  method: "GET",
  path: "/v1/mgmt/user/customattributes",
  effect: "read",
  output: anyObject,
});

export const create = operation({
  noun: "User",
  verb: "CreateCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/user/customattribute/create",
  effect: "write",
  idempotent: true,
  input: newAttributes,
  output: anyObject,
});

export const remove = operation({
  noun: "User",
  verb: "DeleteCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/user/customattribute/delete",
  effect: "destroy",
  idempotent: true,
  input: namedAttributes,
  output: anyObject,
});

/** What users have once for each of their families. */
export const loadFamilyScoped = operation({
  noun: "User",
  verb: "GetFamilyScopedCustomAttributes",
  method: "GET",
  path: "/v1/mgmt/user/families/customattributes",
  effect: "read",
  output: anyObject,
});

export const createFamilyScoped = operation({
  noun: "User",
  verb: "CreateFamilyScopedCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/user/families/customattribute/create",
  effect: "write",
  idempotent: true,
  input: newAttributes,
  output: anyObject,
});

export const removeFamilyScoped = operation({
  noun: "User",
  verb: "DeleteFamilyScopedCustomAttributes",
  method: "POST",
  path: "/v1/mgmt/user/families/customattribute/delete",
  effect: "destroy",
  idempotent: true,
  input: namedAttributes,
  output: anyObject,
});
