import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, count, flag, object, text, texts, time } from "./schemas.ts";

export const search = operation({
  noun: "Audit",
  verb: "SearchAll",
  method: "POST",
  path: "/v1/mgmt/audit/search",
  effect: "read",
  input: () =>
    v.looseObject({
      text: text(),
      // Milliseconds since 1970; 0 and less are no bound.
      from: time(),
      to: time(),
      size: count(),
      page: count(),
      oldestFirst: flag(),
      noTenants: flag(),
      userIds: texts(),
      actorIds: texts(),
      actions: texts(),
      excludedActions: texts(),
      devices: texts(),
      methods: texts(),
      geos: texts(),
      remoteAddresses: texts(),
      externalIds: texts(),
      excludedExternalIds: texts(),
      loginIdsContain: texts(),
      loginIdsNotContain: texts(),
      tenants: texts(),
      auditTypes: texts(),
      levels: texts(),
      searchFields: v.nullish(
        v.array(
          v.looseObject({
            field: v.string(),
            valArr: texts(),
            valStr: text(),
            valType: text(),
            negative: flag(),
          }),
        ),
      ),
    }),
  output: anyObject,
  paging: { size: "size", page: "page", items: "audits", identity: "ID", largest: 1000 },
});

export const createEvent = operation({
  noun: "Audit",
  verb: "CreateEvent",
  method: "POST",
  path: "/v1/mgmt/audit/event",
  effect: "write",
  input: () =>
    v.looseObject({
      action: v.string(),
      type: v.picklist(["info", "warn", "error"]),
      actorId: v.string(),
      tenantId: text(),
      userId: text(),
      data: object(),
    }),
});

export const setWebhook = operation({
  noun: "Audit",
  verb: "CreateAuditWebhook",
  method: "POST",
  path: "/v2/mgmt/connector/audit/web/set",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      name: v.string(),
      description: text(),
      url: text(),
      authentication: v.nullish(
        v.looseObject({
          bearerToken: text(),
          basic: v.nullish(v.looseObject({ username: text(), password: text() })),
          apiKey: v.nullish(v.looseObject({ key: text(), token: text() })),
        }),
      ),
      hmacSecret: text(),
      headers: object(),
      insecure: flag(),
      filters: v.nullish(
        v.array(v.looseObject({ filterType: v.string(), operator: v.string(), values: texts() })),
      ),
    }),
  secretInput: [
    "hmacSecret",
    "authentication.bearerToken",
    "authentication.basic.password",
    "authentication.apiKey.token",
  ],
});
