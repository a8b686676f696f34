import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, number, text, texts, filled } from "./schemas.ts";

const roles = () =>
  v.nullish(
    v.looseObject({
      companyRoles: texts(),
      projectRoles: v.nullish(v.array(v.looseObject({ projectIds: texts(), roles: texts() }))),
      tagRoles: v.nullish(v.array(v.looseObject({ tags: texts(), roles: texts() }))),
    }),
  );

/** Seconds; as a number or, by the documents, as a text. */
const seconds = () => v.nullish(v.union([number(), v.string()]));

const byId = () => v.looseObject({ id: filled() });

export const create = operation({
  noun: "ManagementKey",
  verb: "Create",
  method: "PUT",
  path: "/v1/mgmt/managementkey",
  company: true,
  effect: "write",
  input: () =>
    v.looseObject({
      name: v.string(),
      description: text(),
      expiresIn: seconds(),
      expireTime: seconds(),
      permittedIps: texts(),
      reBac: roles(),
    }),
  output: anyObject,
  secretOutput: ["cleartext"],
});

/** What is not given is reset. */
export const update = operation({
  noun: "ManagementKey",
  verb: "Update",
  method: "PATCH",
  path: "/v1/mgmt/managementkey",
  company: true,
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      id: filled(),
      name: v.string(),
      description: text(),
      permittedIps: texts(),
      status: v.nullish(v.picklist(["active", "inactive", ""])),
    }),
  output: anyObject,
});

export const load = operation({
  noun: "ManagementKey",
  verb: "Get",
  method: "GET",
  path: "/v1/mgmt/managementkey",
  company: true,
  effect: "read",
  input: byId,
  output: anyObject,
});

export const search = operation({
  noun: "ManagementKey",
  verb: "Search",
  method: "GET",
  path: "/v1/mgmt/managementkey/search",
  company: true,
  effect: "read",
  output: anyObject,
});

export const remove = operation({
  noun: "ManagementKey",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/managementkey/delete",
  company: true,
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ ids: v.array(v.string()) }),
  output: anyObject,
});
