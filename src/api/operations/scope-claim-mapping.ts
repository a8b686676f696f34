import * as v from "valibot";
import { operation } from "../operation.ts";
import { claimsOfScopes } from "./application-schemas.ts";
import { anyObject } from "./schemas.ts";

export const load = operation({
  noun: "ScopeClaimMapping",
  verb: "Get",
  method: "POST",
  path: "/v1/mgmt/scopeClaimMapping/get",
  effect: "read",
  output: anyObject,
});

/** Replaces the whole list. */
export const replace = operation({
  noun: "ScopeClaimMapping",
  verb: "Set",
  method: "POST",
  path: "/v1/mgmt/scopeClaimMapping/set",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ mappings: v.nullish(claimsOfScopes()) }),
});

export const remove = operation({
  noun: "ScopeClaimMapping",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/scopeClaimMapping/delete",
  effect: "destroy",
  idempotent: true,
});
