import { operation } from "../operation.ts";
import { anyObject } from "./schemas.ts";

export const list = operation({
  noun: "Widget",
  verb: "ListWidgets",
  method: "GET",
  path: "/v1/mgmt/widget/list",
  effect: "read",
  output: anyObject,
});
