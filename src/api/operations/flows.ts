import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, record } from "./schemas.ts";

export const list = operation({
  noun: "Flow",
  verb: "ListFlows",
  method: "POST",
  path: "/v1/mgmt/flow/list",
  effect: "read",
  output: anyObject,
});

export const exportFlow = operation({
  noun: "Flow",
  verb: "ExportFlow",
  method: "POST",
  path: "/v2/mgmt/flow/export",
  effect: "read",
  input: () => v.looseObject({ flowId: v.string() }),
  output: anyObject,
});

export const importFlow = operation({
  noun: "Flow",
  verb: "ImportFlow",
  method: "POST",
  path: "/v2/mgmt/flow/import",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ flow: v.looseObject({ flowId: v.string() }) }),
});

export const exportTheme = operation({
  noun: "Flow",
  verb: "ExportTheme",
  method: "POST",
  path: "/v2/mgmt/theme/export",
  effect: "read",
  output: anyObject,
});

export const importTheme = operation({
  noun: "Flow",
  verb: "ImportTheme",
  method: "POST",
  path: "/v2/mgmt/theme/import",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ theme: record() }),
});
