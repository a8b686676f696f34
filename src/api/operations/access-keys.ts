import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, byId, object, sorting, tenantRoles, text, texts, time } from "./schemas.ts";

export const create = operation({
  noun: "AccessKey",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/accesskey/create",
  effect: "write",
  input: () =>
    v.looseObject({
      name: v.string(),
      description: text(),
      // Seconds since 1970; 0 for a key that does not expire.
      expireTime: time(),
      userId: text(),
      keyTenants: tenantRoles(),
      roleNames: texts(),
      customClaims: object(),
      permittedIps: texts(),
      customAttributes: object(),
    }),
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
