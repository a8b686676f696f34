import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, flag, sorting, text, texts } from "./schemas.ts";

const members = () => ({
  description: text(),
  permissionNames: texts(),
  tenantId: text(),
  default: flag(),
  private: flag(),
});

const newRole = () => v.looseObject({ name: filled(), ...members() });

/** A role is named by its id, or by its name and, for one of a tenant, the tenant. What is not said is taken away. */
const changedRole = () => v.looseObject({ id: text(), name: text(), newName: text(), ...members() });

export const create = operation({
  noun: "Role",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/role/create",
  effect: "write",
  input: newRole,
  output: anyObject,
});

export const createBatch = operation({
  noun: "Role",
  verb: "CreateBatch",
  method: "POST",
  path: "/v1/mgmt/role/create/batch",
  effect: "write",
  input: () => v.looseObject({ roles: v.array(newRole()) }),
  output: anyObject,
});

export const update = operation({
  noun: "Role",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/role/update",
  effect: "write",
  input: changedRole,
  output: anyObject,
});

export const updateBatch = operation({
  noun: "Role",
  verb: "UpdateBatch",
  method: "POST",
  path: "/v1/mgmt/role/update/batch",
  effect: "write",
  input: () => v.looseObject({ roles: v.array(changedRole()) }),
  output: anyObject,
});

export const remove = operation({
  noun: "Role",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/role/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ id: text(), name: text(), tenantId: text() }),
});

/** Danger: without names and ids it deletes every role. */
export const removeBatch = operation({
  noun: "Role",
  verb: "DeleteBatch",
  method: "POST",
  path: "/v1/mgmt/role/delete/batch",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ roleNames: texts(), roleIds: texts(), tenantId: text() }),
});

export const loadAll = operation({
  noun: "Role",
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/role/all",
  effect: "read",
  output: anyObject,
});

export const search = operation({
  noun: "Role",
  verb: "Search",
  method: "POST",
  path: "/v1/mgmt/role/search",
  effect: "read",
  input: () =>
    v.looseObject({
      tenantIds: texts(),
      includeProjectRoles: flag(),
      roleNames: texts(),
      roleIds: texts(),
      roleNameLike: text(),
      permissionNames: texts(),
      text: text(),
      sort: sorting(),
    }),
  output: anyObject,
});
