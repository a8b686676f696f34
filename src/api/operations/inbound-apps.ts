import * as v from "valibot";
import { operation } from "../operation.ts";
import { clientMetadata, inboundAppMembers } from "./application-schemas.ts";
import { anyObject, byId, byIds, count, filled, flag, text } from "./schemas.ts";

export const create = operation({
  noun: "ThirdPartyApplication",
  verb: "CreateApplication",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/create",
  olderPaths: ["/v2/mgmt/thirdparty/app/create"],
  effect: "write",
  input: () =>
    v.looseObject({
      id: text(),
      name: v.string(),
      clientId: text(),
      clientSecret: text(),
      nonConfidentialClient: flag(),
      consentFlowId: text(),
      ...inboundAppMembers(),
    }),
  output: anyObject,
  secretInput: ["clientSecret"],
  secretOutput: ["cleartext"],
});

export const update = operation({
  noun: "ThirdPartyApplication",
  verb: "UpdateApplication",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/update",
  olderPaths: ["/v2/mgmt/thirdparty/app/update"],
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), name: v.string(), ...inboundAppMembers() }),
});

export const patch = operation({
  noun: "ThirdPartyApplication",
  verb: "PatchApplication",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/patch",
  olderPaths: ["/v2/mgmt/thirdparty/app/patch"],
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), name: text(), ...inboundAppMembers() }),
});

export const remove = operation({
  noun: "ThirdPartyApplication",
  verb: "DeleteApplication",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/delete",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const removeBatch = operation({
  noun: "ThirdPartyApplication",
  verb: "DeleteApplicationBatch",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/delete/batch",
  effect: "destroy",
  idempotent: true,
  input: byIds,
});

export const load = operation({
  noun: "ThirdPartyApplication",
  verb: "LoadApplication",
  method: "GET",
  path: "/v1/mgmt/thirdparty/app/load",
  olderPaths: ["/v2/mgmt/thirdparty/app/load"],
  effect: "read",
  input: () => v.looseObject({ id: text(), clientId: text() }),
  output: anyObject,
});

/** Page and limit of 0 mean the server's own page. */
export const loadAll = operation({
  noun: "ThirdPartyApplication",
  verb: "LoadAllApplications",
  method: "GET",
  path: "/v1/mgmt/thirdparty/apps/load",
  effect: "read",
  input: () => v.looseObject({ limit: text(), page: text() }),
  output: anyObject,
  paging: { size: "limit", page: "page", items: "apps", identity: "id", largest: 100 },
});

/** {@link loadAll} as newer clients ask for it. */
export const loadPage = operation({
  noun: "ThirdPartyApplication",
  verb: "LoadAllApplications",
  method: "POST",
  path: "/v2/mgmt/thirdparty/apps/load",
  effect: "read",
  input: () => v.looseObject({ limit: count(), page: count() }),
  output: anyObject,
});

export const loadSecret = operation({
  noun: "ThirdPartyApplication",
  verb: "GetApplicationSecret",
  method: "GET",
  path: "/v1/mgmt/thirdparty/app/secret",
  effect: "read",
  input: byId,
  output: anyObject,
  secretOutput: ["cleartext"],
});

export const rotateSecret = operation({
  noun: "ThirdPartyApplication",
  verb: "RotateApplicationSecret",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/rotate",
  effect: "destroy",
  input: byId,
  output: anyObject,
  secretOutput: ["cleartext"],
});

/** {@link rotateSecret} as older clients ask for it. */
export const rotateSecretByGet = operation({
  noun: "ThirdPartyApplication",
  verb: "RotateApplicationSecret",
  method: "GET",
  path: "/v1/mgmt/thirdparty/app/rotate",
  effect: "destroy",
  input: byId,
  output: anyObject,
  secretOutput: ["cleartext"],
});

/** How an application makes itself known (RFC 7591): nobody else is asked. */
export const register = operation({
  noun: "ThirdPartyApplication",
  verb: "RegisterApplication",
  method: "POST",
  path: "/v1/mgmt/inboundapp/app/{projectId}/register",
  open: true,
  effect: "write",
  input: () => v.looseObject({ projectId: v.string(), ...clientMetadata() }),
  output: anyObject,
  secretOutput: ["client_secret"],
});
