import * as flows from "../../../src/api/operations/flows.ts";
import * as localization from "../../../src/api/operations/localization.ts";
import * as widgets from "../../../src/api/operations/widgets.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import {
  consoleFlowReply,
  flag,
  free,
  list,
  nothing,
  overridesReply,
  strict,
  text,
  unknown,
  integer,
} from "./shapes.ts";

const flowId = "sign-up-or-in";
const one = () => ({ flowId });
const languages = { de: { title: "Willkommen" } };

const exported = (path: string) => (scene: Scene) => scene.manage(path, { flowId });

export const flowExamples: Examples = [
  example(
    flows.list,
    strict({
      flows: list(strict({ id: text, name: text, description: text, disabled: flag })),
      total: integer,
    }),
  ),
  example(
    flows.exportFlow,
    strict({
      flow: strict({ flowId: text, metadata: free, contents: free, screens: list(free), references: free }),
    }),
    one,
  ),
  example(flows.importFlow, nothing, exported("/v2/mgmt/flow/export")),
  example(
    flows.exportTheme,
    strict({ theme: strict({ componentsVersion: text, styles: free, references: free }) }),
  ),
  example(flows.importTheme, nothing, exported("/v2/mgmt/theme/export")),
  example(flows.exportConsoleFlow, consoleFlowReply, one),
  example(flows.importConsoleFlow, consoleFlowReply, async (scene) => ({
    flowId,
    ...(await scene.manage("/v1/mgmt/flow/export", { flowId })),
  })),
  example(
    flows.exportConsoleTheme,
    strict({ theme: strict({ id: text, cssTemplate: free, componentsVersion: text }) }),
  ),
  example(
    flows.importConsoleTheme,
    strict({ theme: strict({ id: text, cssTemplate: free, componentsVersion: text }) }),
    exported("/v1/mgmt/theme/export"),
  ),
  example(flows.remove, nothing, () => ({ ids: [flowId] })),
  example(flows.run, strict({ output: free }), () => ({
    flowId,
    options: { input: { email: "a@example.com" }, preview: true },
  })),
  example(flows.runAsync, strict({ executionId: text }), () => ({
    flowId,
    options: { input: { email: "a@example.com" } },
  })),
  example(flows.asyncResult, strict({ output: free }), async (scene) => {
    const { executionId } = await scene.manage("/v1/mgmt/flow/async/run", { flowId });
    return { executionId };
  }),
  example(
    flows.listTemplates,
    strict({
      templates: list(
        strict({
          id: text,
          name: text,
          description: text,
          dsl: free,
          tags: list(text),
          methods: list(text),
          screens: list(free),
          keywords: list(text),
        }),
      ),
      total: integer,
    }),
  ),
  example(
    flows.completeExternalAuth,
    { status: 404, errorCode: "E011004", why: "only a flow that runs makes such a request" },
    () => ({ externalAuthReqId: "EA1", loginId: "ann" }),
  ),
];

export const localizationExamples: Examples = [
  example(localization.exportFlow, strict({ overrides: overridesReply }), async (scene) => {
    await scene.manage("/v1/mgmt/localization/flow/import", { flowId, overrides: { languages } });
    return { flowId };
  }),
  example(localization.importFlow, strict({ overrides: overridesReply }), () => ({
    flowId,
    overrides: { languages },
  })),
  example(localization.exportMessaging, strict({ overrides: overridesReply }), async (scene) => {
    await scene.manage("/v1/mgmt/localization/messaging/import", { overrides: { languages } });
    return {};
  }),
  example(localization.importMessaging, strict({ overrides: overridesReply }), () => ({
    overrides: { languages },
  })),
];

export const widgetExamples: Examples = [example(widgets.list, strict({ widgets: list(unknown) }))];
