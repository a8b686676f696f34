import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, byId, filled, flag, object, text, texts } from "./schemas.ts";

export const create = operation({
  noun: "Tenant",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/tenant/create",
  effect: "write",
  input: () =>
    v.looseObject({
      id: text(),
      name: v.string(),
      selfProvisioningDomains: texts(),
      customAttributes: object(),
      enforceSSO: flag(),
      enforceSSOExclusions: texts(),
      disabled: flag(),
      roleInheritance: text(),
      parent: text(),
      authType: text(),
      federatedAppIds: texts(),
    }),
  output: anyObject,
});

export const load = operation({
  noun: "Tenant",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/tenant",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const loadAll = operation({
  noun: "Tenant",
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/tenant/all",
  effect: "read",
  output: anyObject,
});

export const remove = operation({
  noun: "Tenant",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/tenant/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), cascade: flag() }),
});
