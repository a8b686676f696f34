import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, text, texts, filled } from "./schemas.ts";

const byId = () => v.looseObject({ id: filled() });

/** Texts, addresses or, for the type "json", any object; which of them depends on the type. */
const content = () => v.nullish(v.union([v.array(v.string(), "a list of strings"), anyObject()]));

const members = {
  name: v.string(),
  description: text(),
  type: v.picklist(["texts", "ips", "json"]),
  data: content(),
};

const ips = () => v.looseObject({ id: filled(), ips: v.array(v.string()) });
const items = () => v.looseObject({ id: filled(), texts: v.array(v.string()) });

export const create = operation({
  noun: "List",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/list",
  effect: "write",
  input: () => v.looseObject(members),
  output: anyObject,
});

export const update = operation({
  noun: "List",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/list/update",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ id: filled(), ...members }),
  output: anyObject,
});

export const remove = operation({
  noun: "List",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/list/delete",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

/** Some SDKs send the id in the query. */
export const load = operation({
  noun: "List",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/list/{id}",
  olderPaths: ["/v1/mgmt/list"],
  effect: "read",
  input: byId,
  output: anyObject,
});

/** Some SDKs send the name in the query. */
export const loadByName = operation({
  noun: "List",
  verb: "LoadByName",
  method: "GET",
  path: "/v1/mgmt/list/name/{name}",
  olderPaths: ["/v1/mgmt/list/name"],
  effect: "read",
  input: () => v.looseObject({ name: v.string() }),
  output: anyObject,
});

export const loadAll = operation({
  noun: "List",
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/list/all",
  effect: "read",
  output: anyObject,
});

export const importAll = operation({
  noun: "List",
  verb: "Import",
  method: "POST",
  path: "/v1/mgmt/list/import",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ lists: v.array(v.looseObject({ id: text(), ...members })) }),
});

export const clear = operation({
  noun: "List",
  verb: "Clear",
  method: "POST",
  path: "/v1/mgmt/list/clear",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const addIps = operation({
  noun: "List",
  verb: "AddIPs",
  method: "POST",
  path: "/v1/mgmt/list/ip/add",
  effect: "write",
  idempotent: true,
  input: ips,
});

export const removeIps = operation({
  noun: "List",
  verb: "RemoveIPs",
  method: "POST",
  path: "/v1/mgmt/list/ip/remove",
  effect: "destroy",
  idempotent: true,
  input: ips,
});

export const checkIp = operation({
  noun: "List",
  verb: "CheckIP",
  method: "POST",
  path: "/v1/mgmt/list/ip/check",
  effect: "read",
  input: () => v.looseObject({ id: filled(), ip: v.string() }),
  output: anyObject,
});

export const addTexts = operation({
  noun: "List",
  verb: "AddTexts",
  method: "POST",
  path: "/v1/mgmt/list/text/add",
  effect: "write",
  idempotent: true,
  input: items,
});

export const removeTexts = operation({
  noun: "List",
  verb: "RemoveTexts",
  method: "POST",
  path: "/v1/mgmt/list/text/remove",
  effect: "destroy",
  idempotent: true,
  input: items,
});

/** For one text, or for several: any of them or, with `matchAll`, all. */
export const checkText = operation({
  noun: "List",
  verb: "CheckText",
  method: "POST",
  path: "/v1/mgmt/list/text/check",
  effect: "read",
  input: () => v.looseObject({ id: filled(), text: text(), texts: texts(), matchAll: flag() }),
  output: anyObject,
});
