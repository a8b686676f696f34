import { operation } from "../operation.ts";
import { anyObject } from "./schemas.ts";

/** What the SDKs ask when they start, and send back with every management call. */
export const load = operation({
  noun: "License",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/license",
  effect: "read",
  output: anyObject,
});
