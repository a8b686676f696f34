import * as operations from "../../api/operations/scope-claim-mapping.ts";
import { audit } from "../audit.ts";
import { putScopeClaimMappings, scopeClaimMappings } from "../entities/scope-claim-mapping.ts";
import { missingArgument } from "../error.ts";
import { on, type Service } from "../service.ts";

export const scopeClaimMappingService: Service = [
  on(operations.load, (_input, { project }) => ({ mappings: scopeClaimMappings(project) })),
  on(operations.replace, ({ mappings }, { project, actorId }) => {
    const list = (mappings ?? []).map(({ scope, claims, description }) => ({
      scope,
      claims: claims ?? {},
      description: description ?? "",
    }));
    if (list.some(({ scope }) => scope === ""))
      throw missingArgument("The scope field of a mapping is empty");
    putScopeClaimMappings(project, list);
    audit(project, {
      action: "ScopeClaimMappingUpdated",
      actorId,
      data: { scopes: list.map(({ scope }) => scope) },
    });
    return {};
  }),
  on(operations.remove, (_input, { project, actorId }) => {
    putScopeClaimMappings(project, []);
    audit(project, { action: "ScopeClaimMappingDeleted", actorId });
    return {};
  }),
];
