import * as v from "valibot";
import { operation } from "../operation.ts";
import {
  anyObject,
  byId,
  byIds,
  filled,
  object,
  sorting,
  tenantRoles,
  text,
  texts,
  time,
} from "./schemas.ts";

const members = () => ({
  name: filled(),
  description: text(),
  keyTenants: tenantRoles(),
  roleNames: texts(),
  customClaims: object(),
  permittedIps: texts(),
  customAttributes: object(),
});

const keyMembers = () => ({ ...members(), expireTime: time(), userId: text() });

/** `expireTime` is in seconds since 1970, 0 for never. A key that is bound to a user has the user's roles in place of its own. */
const newKey = () => v.looseObject(keyMembers());

export const create = operation({
  noun: "AccessKey",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/accesskey/create",
  effect: "write",
  input: newKey,
  output: anyObject,
  secretOutput: ["cleartext"],
});

/** Creates keys whose cleartext is known already. */
export const importKeys = operation({
  noun: "AccessKey",
  verb: "Import",
  method: "POST",
  path: "/v1/mgmt/accesskey/import",
  effect: "write",
  input: () => v.looseObject({ keys: v.array(v.looseObject({ ...keyMembers(), cleartext: filled() })) }),
  output: anyObject,
  secretInput: ["keys.*.cleartext"],
});

/** Changes the name, and what else is sent. */
export const update = operation({
  noun: "AccessKey",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/accesskey/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), ...members() }),
  output: anyObject,
});

/** Gives a key another secret; the one before is worthless at once. */
export const rotate = operation({
  noun: "AccessKey",
  verb: "Rotate",
  method: "POST",
  path: "/v1/mgmt/accesskey/rotate",
  effect: "destroy",
  input: byId,
  output: anyObject,
  secretOutput: ["cleartext"],
});

export const load = operation({
  noun: "AccessKey",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/accesskey",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const loadAll = operation({
  noun: "AccessKey",
  verb: "SearchAll",
  method: "POST",
  path: "/v1/mgmt/accesskey/search",
  effect: "read",
  input: () =>
    v.looseObject({
      tenantIds: texts(),
      boundUserId: text(),
      creatingUser: text(),
      text: text(),
      customAttributes: object(),
      sort: sorting(),
    }),
  output: anyObject,
});

export const remove = operation({
  noun: "AccessKey",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/accesskey/delete",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const activate = operation({
  noun: "AccessKey",
  verb: "Activate",
  method: "POST",
  path: "/v1/mgmt/accesskey/activate",
  effect: "write",
  idempotent: true,
  input: byId,
});

export const deactivate = operation({
  noun: "AccessKey",
  verb: "Deactivate",
  method: "POST",
  path: "/v1/mgmt/accesskey/deactivate",
  effect: "write",
  idempotent: true,
  input: byId,
});

export const activateBatch = operation({
  noun: "AccessKey",
  verb: "ActivateBatch",
  method: "POST",
  path: "/v1/mgmt/accesskey/activate/batch",
  effect: "write",
  idempotent: true,
  input: byIds,
});

export const deactivateBatch = operation({
  noun: "AccessKey",
  verb: "DeactivateBatch",
  method: "POST",
  path: "/v1/mgmt/accesskey/deactivate/batch",
  effect: "write",
  idempotent: true,
  input: byIds,
});

export const removeBatch = operation({
  noun: "AccessKey",
  verb: "DeleteBatch",
  method: "POST",
  path: "/v1/mgmt/accesskey/delete/batch",
  effect: "destroy",
  idempotent: true,
  input: byIds,
});
