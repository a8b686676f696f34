import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled } from "./schemas.ts";

const byId = () => v.looseObject({ id: filled() });

export const create = operation({
  noun: "Engine",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/engine/create",
  effect: "write",
  input: () => v.looseObject({ name: v.string() }),
  output: anyObject,
  secretOutput: ["engine.secret"],
});

export const update = operation({
  noun: "Engine",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/engine/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), name: v.string() }),
  output: anyObject,
});

export const remove = operation({
  noun: "Engine",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/engine/delete",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const load = operation({
  noun: "Engine",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/engine/load",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const loadAll = operation({
  noun: "Engine",
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/engines/load",
  effect: "read",
  output: anyObject,
});

export const rotateSecret = operation({
  noun: "Engine",
  verb: "RotateSecret",
  method: "POST",
  path: "/v1/mgmt/engine/rotate",
  effect: "destroy",
  input: byId,
  output: anyObject,
  secretOutput: ["secret"],
});
