import * as operations from "../../api/operations/flows.ts";
import type { JsonObject } from "../../json/value.ts";
import { audit } from "../audit.ts";
import { missingArgument } from "../error.ts";
import { on, type Service } from "../service.ts";
import { exportFlow, importFlow, listFlows } from "../snapshot/flow-files.ts";
import { exportTheme, importTheme } from "../snapshot/theme-files.ts";

export const flowService: Service = [
  on(operations.list, (_input, { project }) => {
    const flows = listFlows(project);
    return { flows, total: flows.length };
  }),
  on(operations.exportFlow, ({ flowId }, { project }) => {
    if (flowId === "") throw missingArgument("The flowId field is empty");
    return { flow: exportFlow(project, flowId) };
  }),
  on(operations.importFlow, ({ flow }, { project, actorId }) => {
    importFlow(project, flow.flowId, flow as JsonObject);
    audit(project, { action: "FlowImported", actorId, data: { flowId: flow.flowId } });
    return {};
  }),
  on(operations.exportTheme, (_input, { project }) => ({ theme: exportTheme(project) })),
  on(operations.importTheme, ({ theme }, { project, actorId }) => {
    importTheme(project, theme as JsonObject);
    audit(project, { action: "ThemeImported", actorId });
    return {};
  }),
];
