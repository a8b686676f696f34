import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, text, texts, filled } from "./schemas.ts";

const role = () => v.picklist(["admin", "developer", "support", "auditor"]);

const attributes = () => v.nullish(v.looseObject({ displayName: text(), email: text(), phone: text() }));

const rbac = () =>
  v.nullish(
    v.looseObject({
      isCompanyAdmin: flag(),
      tags: v.nullish(v.array(v.looseObject({ tags: texts(), role: role() }))),
      projects: v.nullish(v.array(v.looseObject({ projectIds: texts(), role: role() }))),
    }),
  );

const byId = () => v.looseObject({ id: filled() });

export const create = operation({
  noun: "Descoper",
  verb: "Create",
  method: "PUT",
  path: "/v1/mgmt/descoper",
  company: true,
  effect: "write",
  input: () =>
    v.looseObject({
      descopers: v.pipe(
        v.array(
          v.looseObject({ loginId: filled(), attributes: attributes(), sendInvite: flag(), rbac: rbac() }),
        ),
        v.minLength(1, "a list of descopers"),
      ),
    }),
  output: anyObject,
});

export const update = operation({
  noun: "Descoper",
  verb: "Update",
  method: "PATCH",
  path: "/v1/mgmt/descoper",
  company: true,
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), attributes: attributes(), rbac: rbac() }),
  output: anyObject,
});

export const load = operation({
  noun: "Descoper",
  verb: "Get",
  method: "GET",
  path: "/v1/mgmt/descoper",
  company: true,
  effect: "read",
  input: byId,
  output: anyObject,
});

export const remove = operation({
  noun: "Descoper",
  verb: "Delete",
  method: "DELETE",
  path: "/v1/mgmt/descoper",
  company: true,
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const list = operation({
  noun: "Descoper",
  verb: "List",
  method: "POST",
  path: "/v1/mgmt/descoper/list",
  company: true,
  effect: "read",
  output: anyObject,
});
