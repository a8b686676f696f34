import * as operations from "../../api/operations/flows.ts";
import type { JsonObject } from "../../json/value.ts";
import { audit } from "../audit.ts";
import { requireTenant } from "../entities/tenant.ts";
import { invalidArgument, missingArgument, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import {
  exportConsoleFlow,
  exportConsoleTheme,
  importConsoleFlow,
  importConsoleTheme,
} from "../snapshot/console-flow.ts";
import { defaultFlow } from "../snapshot/default-flow.ts";
import { deleteFlow, exportFlow, importFlow, listFlows } from "../snapshot/flow-files.ts";
import { exportTheme, importTheme } from "../snapshot/theme-files.ts";
import { Collection } from "../store/collection.ts";
import { forgetLocalization } from "./localization.ts";

export const flowService: Service = [
  on(operations.list, ({ ids }, { project }) => {
    const flows = listFlows(project).filter(({ id }) => !ids?.length || ids.includes(id));
    return { flows, total: flows.length };
  }),
  on(operations.exportFlow, ({ flowId }, { project }) => {
    requireId(flowId);
    return { flow: exportFlow(project, flowId) };
  }),
  on(operations.importFlow, ({ flow }, call) => {
    importFlow(call.project, flow.flowId, flow as JsonObject);
    auditFlow(call, "FlowImported", flow.flowId);
    return {};
  }),
  on(operations.exportTheme, (_input, { project }) => ({ theme: exportTheme(project) })),
  on(operations.importTheme, ({ theme }, { project, actorId }) => {
    importTheme(project, theme as JsonObject);
    audit(project, { action: "ThemeImported", actorId });
    return {};
  }),
  on(operations.exportConsoleFlow, ({ flowId }, { project }) => {
    requireId(flowId);
    return exportConsoleFlow(project, flowId);
  }),
  on(operations.importConsoleFlow, ({ flowId, flow, screens }, call) => {
    requireId(flowId);
    importConsoleFlow(call.project, flowId, flow as JsonObject, (screens ?? []) as JsonObject[]);
    auditFlow(call, "FlowImported", flowId);
    return exportConsoleFlow(call.project, flowId);
  }),
  on(operations.exportConsoleTheme, (_input, { project }) => ({ theme: exportConsoleTheme(project) })),
  on(operations.importConsoleTheme, ({ theme }, { project, actorId }) => {
    importConsoleTheme(project, theme as JsonObject);
    audit(project, { action: "ThemeImported", actorId });
    return { theme: exportConsoleTheme(project) };
  }),
  on(operations.remove, ({ ids }, call) => {
    if (ids.length === 0) throw missingArgument("The ids field is empty");
    for (const id of ids) {
      if (!deleteFlow(call.project, id)) throw notFound(`There is no flow ${id}`);
      forgetLocalization(call.project, id);
      auditFlow(call, "FlowDeleted", id);
    }
    return {};
  }),
  on(operations.run, (input, call) => ({ output: run(call, input) })),
  on(operations.runAsync, (input, call) => {
    const { project } = call;
    const executionId = project.ids.next("FE");
    executions.put(project, { executionId, output: run(call, input) });
    return { executionId };
  }),
  on(operations.asyncResult, ({ executionId }, { project }) => {
    const found = executions.get(project, executionId);
    if (found === undefined) throw notFound(`There is no flow execution ${executionId}`);
    return { output: found.output };
  }),
  on(operations.listTemplates, () => ({ templates: TEMPLATES.map(templateReply), total: TEMPLATES.length })),
  on(operations.completeExternalAuth, ({ externalAuthReqId }) => {
    if (externalAuthReqId === "") throw missingArgument("The externalAuthReqId field is empty");
    throw notFound(
      `There is no external authentication request ${externalAuthReqId}: flows, which make them, do not run in the emulator`,
    );
  }),
];

/** A run of a flow that was not waited for. */
interface Execution {
  readonly executionId: string;
  readonly output: Readonly<Record<string, unknown>>;
}

const executions = new Collection<Execution>("flowExecution", ({ executionId }) => executionId);

interface RunOptions {
  readonly input?: Readonly<Record<string, unknown>> | null | undefined;
  readonly preview?: boolean | null | undefined;
  readonly tenant?: string | null | undefined;
}

/**
 * Stands for a run of a flow: its tasks are not carried out. The output says so, and of what it would have been the run.
 *
 * @throws {EmulatorError} when there is no such flow or tenant, or the flow is disabled.
 */
function run(
  call: Call,
  given: RunOptions & { readonly flowId: string; readonly options?: RunOptions | null | undefined },
): Execution["output"] {
  const { project } = call;
  requireId(given.flowId);
  const { input, preview, tenant } = given.options ?? given;
  const flow = listFlows(project).find(({ id }) => id === given.flowId);
  if (flow === undefined) throw notFound(`There is no flow ${given.flowId}`);
  if (flow.disabled) throw invalidArgument(`The flow ${given.flowId} is disabled`);
  if (tenant) requireTenant(project, tenant);
  if (preview !== true) auditFlow(call, "ManagementFlowRun", given.flowId);
  return {
    emulated: true,
    flowId: flow.id,
    flowName: flow.name,
    input: input ?? {},
    preview: preview === true,
    tenant: tenant ?? "",
  };
}

/** The flows to start from: the one that every project of the emulator has. */
const TEMPLATES = ["sign-up-or-in"];

function templateReply(id: string) {
  const files = defaultFlow(id);
  const { name, description } = files[`flows/${id}/metadata.json`] as JsonObject;
  return {
    id,
    name,
    description,
    dsl: files[`flows/${id}/contents.json`],
    tags: ["sign-up", "sign-in"],
    methods: ["otp"],
    screens: Object.entries(files).flatMap(([path, content]) => {
      const { screenId, interactions, contents } = content as JsonObject;
      return path.includes("/screen-")
        ? [{ id: screenId, inputs: [], interactions, htmlTemplate: contents }]
        : [];
    }),
    keywords: ["code", "email"],
  };
}

function requireId(flowId: string): void {
  if (flowId === "") throw missingArgument("The flowId field is empty");
}

function auditFlow(
  { project, actorId }: { readonly project: Project; readonly actorId: string },
  action: string,
  flowId: string,
): void {
  audit(project, { action, actorId, data: { flowId } });
}
