import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, count, text, texts } from "./schemas.ts";

export const search = operation({
  noun: "ThirdPartyApplication",
  verb: "SearchConsents",
  method: "POST",
  path: "/v1/mgmt/thirdparty/consents/search",
  effect: "read",
  input: () =>
    v.looseObject({
      appId: text(),
      userId: text(),
      consentId: text(),
      tenantId: text(),
      page: count(),
      limit: count(),
    }),
  output: anyObject,
});

/** Consents that users gave for themselves. */
export const remove = operation({
  noun: "ThirdPartyApplication",
  verb: "DeleteConsents",
  method: "POST",
  path: "/v1/mgmt/thirdparty/consents/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ consentIds: texts(), appId: text(), userIds: texts(), tenantId: text() }),
});

/** Consents that were given for a whole tenant. */
export const removeOfTenants = operation({
  noun: "ThirdPartyApplication",
  verb: "DeleteTenantConsents",
  method: "POST",
  path: "/v1/mgmt/thirdparty/consents/delete/tenant",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ consentIds: texts(), appId: text(), tenantId: text() }),
});
