import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, text, texts, time } from "./schemas.ts";

/** Counts what happened. Times are in milliseconds since 1970. */
export const search = operation({
  noun: "Analytics",
  verb: "Search",
  method: "POST",
  path: "/v1/mgmt/analytics/search",
  effect: "read",
  input: () =>
    v.looseObject({
      from: time(),
      to: time(),
      actions: texts(),
      excludedActions: texts(),
      devices: texts(),
      methods: texts(),
      geos: texts(),
      tenants: texts(),
      groupByAction: flag(),
      groupByDevice: flag(),
      groupByMethod: flag(),
      groupByGeo: flag(),
      groupByTenant: flag(),
      groupByReferrer: flag(),
      // h, d, w, m or q: hour, day, week, month, quarter.
      groupByCreated: text(),
    }),
  output: anyObject,
});
