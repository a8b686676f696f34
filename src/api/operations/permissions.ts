import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, text, texts } from "./schemas.ts";

const newPermission = () => v.looseObject({ name: filled(), description: text() });

/** A permission is named by its id or its name. A description that is not said is taken away. */
const changedPermission = () =>
  v.looseObject({ id: text(), name: text(), newName: text(), description: text() });

export const create = operation({
  noun: "Permission",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/permission/create",
  effect: "write",
  input: newPermission,
});

export const createBatch = operation({
  noun: "Permission",
  verb: "CreateBatch",
  method: "POST",
  path: "/v1/mgmt/permission/create/batch",
  effect: "write",
  input: () => v.looseObject({ permissions: v.array(newPermission()) }),
});

export const update = operation({
  noun: "Permission",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/permission/update",
  effect: "write",
  input: changedPermission,
});

export const updateBatch = operation({
  noun: "Permission",
  verb: "UpdateBatch",
  method: "POST",
  path: "/v1/mgmt/permission/update/batch",
  effect: "write",
  input: () => v.looseObject({ permissions: v.array(changedPermission()) }),
});

export const remove = operation({
  noun: "Permission",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/permission/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ id: text(), name: text() }),
});

export const removeBatch = operation({
  noun: "Permission",
  verb: "DeleteBatch",
  method: "POST",
  path: "/v1/mgmt/permission/delete/batch",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ names: texts(), ids: texts() }),
});

export const loadAll = operation({
  noun: "Permission",
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/permission/all",
  effect: "read",
  output: anyObject,
});
