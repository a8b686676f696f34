import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, count, flag, text, texts } from "./schemas.ts";

/** Times in milliseconds since 1970; 0 and less are no bound. */
const time = () => v.nullish(v.union([v.number(), v.string()]));

export const search = operation({
  noun: "Audit",
  verb: "SearchAll",
  method: "POST",
  path: "/v1/mgmt/audit/search",
  effect: "read",
  input: () =>
    v.looseObject({
      text: text(),
      from: time(),
      to: time(),
      size: count(),
      page: count(),
      noTenants: flag(),
      userIds: texts(),
      actions: texts(),
      excludedActions: texts(),
      devices: texts(),
      methods: texts(),
      geos: texts(),
      remoteAddresses: texts(),
      externalIds: texts(),
      tenants: texts(),
    }),
  output: anyObject,
  paging: { size: "size", page: "page", items: "audits", identity: "ID", largest: 1000 },
});
