import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, record, filled } from "./schemas.ts";

/** Texts by language, and in each by their keys. */
const overrides = () => v.looseObject({ languages: v.nullish(v.record(v.string(), record())) });

export const exportFlow = operation({
  noun: "Localization",
  verb: "ExportFlow",
  method: "POST",
  path: "/v1/mgmt/localization/flow/export",
  effect: "read",
  input: () => v.looseObject({ flowId: filled() }),
  output: anyObject,
});

export const importFlow = operation({
  noun: "Localization",
  verb: "ImportFlow",
  method: "POST",
  path: "/v1/mgmt/localization/flow/import",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ flowId: filled(), overrides: overrides() }),
  output: anyObject,
});

export const exportMessaging = operation({
  noun: "Localization",
  verb: "ExportMessaging",
  method: "POST",
  path: "/v1/mgmt/localization/messaging/export",
  effect: "read",
  output: anyObject,
});

export const importMessaging = operation({
  noun: "Localization",
  verb: "ImportMessaging",
  method: "POST",
  path: "/v1/mgmt/localization/messaging/import",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ overrides: overrides() }),
  output: anyObject,
});
