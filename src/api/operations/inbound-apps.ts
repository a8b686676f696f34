import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, object, text, texts } from "./schemas.ts";

const scopes = () =>
  v.nullish(v.array(v.looseObject({ name: v.string(), description: text(), values: texts() })));

const members = {
  name: v.string(),
  description: text(),
  logo: text(),
  loginPageUrl: text(),
  approvedCallbackUrls: texts(),
  permissionsScopes: scopes(),
  attributesScopes: scopes(),
  jwtBearerSettings: object(),
  customAttributes: object(),
};

const byId = () => v.looseObject({ id: v.string() });

export const create = operation({
  noun: "ThirdPartyApplication",
  verb: "CreateApplication",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/create",
  effect: "write",
  input: () => v.looseObject({ id: text(), ...members }),
  output: anyObject,
  secretOutput: ["cleartext"],
});

export const update = operation({
  noun: "ThirdPartyApplication",
  verb: "UpdateApplication",
  method: "POST",
  path: "/v1/mgmt/thirdparty/app/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: v.string(), ...members }),
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

export const load = operation({
  noun: "ThirdPartyApplication",
  verb: "LoadApplication",
  method: "GET",
  path: "/v1/mgmt/thirdparty/app/load",
  effect: "read",
  input: byId,
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
