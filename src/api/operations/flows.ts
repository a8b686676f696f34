import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, object, record, text, texts, filled } from "./schemas.ts";

export const list = operation({
  noun: "Flow",
  verb: "ListFlows",
  method: "POST",
  path: "/v1/mgmt/flow/list",
  effect: "read",
  input: () => v.looseObject({ ids: texts() }),
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

/** The older form: `{flow, screens}`, as consoles once exported it. */
export const exportConsoleFlow = operation({
  noun: "Flow",
  verb: "ExportConsoleFlow",
  method: "POST",
  path: "/v1/mgmt/flow/export",
  effect: "read",
  input: () => v.looseObject({ flowId: v.string() }),
  output: anyObject,
});

export const importConsoleFlow = operation({
  noun: "Flow",
  verb: "ImportConsoleFlow",
  method: "POST",
  path: "/v1/mgmt/flow/import",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ flowId: v.string(), flow: record(), screens: v.nullish(v.array(record())) }),
  output: anyObject,
});

/** The older form: `{id, cssTemplate}`. */
export const exportConsoleTheme = operation({
  noun: "Flow",
  verb: "ExportConsoleTheme",
  method: "POST",
  path: "/v1/mgmt/theme/export",
  effect: "read",
  output: anyObject,
});

export const importConsoleTheme = operation({
  noun: "Flow",
  verb: "ImportConsoleTheme",
  method: "POST",
  path: "/v1/mgmt/theme/import",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ theme: v.looseObject({ id: text(), cssTemplate: record() }) }),
  output: anyObject,
});

export const remove = operation({
  noun: "Flow",
  verb: "DeleteFlows",
  method: "POST",
  path: "/v1/mgmt/flow/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ ids: v.array(v.string()) }),
});

const runOptions = () => ({ input: object(), preview: flag(), tenant: text() });

/** Some SDKs send the options beside the flow's id, not in an object of their own. */
const runInput = () =>
  v.looseObject({ flowId: v.string(), options: v.nullish(v.looseObject(runOptions())), ...runOptions() });

export const run = operation({
  noun: "Flow",
  verb: "RunManagementFlow",
  method: "POST",
  path: "/v1/mgmt/flow/run",
  effect: "write",
  input: runInput,
  output: anyObject,
});

export const runAsync = operation({
  noun: "Flow",
  verb: "RunManagementFlowAsync",
  method: "POST",
  path: "/v1/mgmt/flow/async/run",
  effect: "write",
  input: runInput,
  output: anyObject,
});

export const asyncResult = operation({
  noun: "Flow",
  verb: "GetManagementFlowAsyncResult",
  method: "POST",
  path: "/v1/mgmt/flow/async/result",
  effect: "read",
  input: () => v.looseObject({ executionId: filled() }),
  output: anyObject,
});

export const listTemplates = operation({
  noun: "Flow",
  verb: "ListFlowTemplates",
  method: "POST",
  path: "/v1/mgmt/flow/template/list",
  effect: "read",
  output: anyObject,
});

export const completeExternalAuth = operation({
  noun: "Flow",
  verb: "CompleteExternalAuth",
  method: "POST",
  path: "/v1/mgmt/flow/externalauth/complete",
  effect: "write",
  input: () => v.looseObject({ externalAuthReqId: v.string(), loginId: v.string(), user: object() }),
  output: anyObject,
});

/** What a page sends that shows a flow, to begin it. */
export const start = operation({
  noun: "Flow",
  verb: "Start",
  method: "POST",
  path: "/v1/flow/start",
  effect: "write",
  input: () => v.looseObject({ flowId: v.string() }),
  output: anyObject,
});

/** What a page sends that shows a flow, when something was done on a screen. */
export const next = operation({
  noun: "Flow",
  verb: "Next",
  method: "POST",
  path: "/v1/flow/next",
  effect: "write",
  input: () => v.looseObject({ executionId: v.string(), stepId: v.string(), interactionId: v.string() }),
  output: anyObject,
});
