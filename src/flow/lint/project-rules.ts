import { asList, asText, entriesOf, member } from "../../json/look.ts";
import { factorOf, type Factor } from "../graph/factor.ts";
import type { Flow, Step } from "../graph/model.ts";
import { argumentText, branchesOf } from "../graph/task.ts";
import { atFlow, atStep, type FlowRule } from "./rule.ts";
import type { Project } from "./project.ts";

const missingSubflow: FlowRule = {
  code: "missing-subflow",
  level: "error",
  summary: "A step calls a flow that is not there, is disabled, or calls back",
  help: "The step fails for every user who comes there. In a folder that holds only a part of the project the called flow may be elsewhere.",
  *find({ flow, project }) {
    for (const step of flow.steps.values()) {
      if (step.calls === undefined) continue;
      const path = ["arguments", "flowId"];
      if (step.calls === "") {
        yield atStep(
          this,
          flow,
          step,
          {
            message: `"${step.name}" calls no flow: none is chosen`,
            fix: "Choose the flow that it is to call.",
          },
          path,
        );
        continue;
      }
      if (project === undefined) continue;
      const isListed = project.flowIds.has(step.calls) || project.flowIndex?.has(step.calls) === true;
      if (!isListed) {
        yield atStep(
          this,
          flow,
          step,
          {
            message: `"${step.name}" calls the flow ${step.calls}, which is not in the snapshot`,
            fix: "Export it too, or call one that is there.",
            ...(isPart(project) ? { level: "warning" as const } : {}),
          },
          path,
        );
        continue;
      }
      if (project.flow(step.calls)?.source.metadata.content.disabled === true) {
        yield atStep(
          this,
          flow,
          step,
          {
            key: "disabled",
            message: `"${step.name}" calls the flow ${step.calls}, which is disabled`,
            fix: "Enable it, or call another.",
          },
          path,
        );
      }
      const circle = circleThrough(flow.id, step.calls, project);
      if (circle !== undefined) {
        yield atStep(
          this,
          flow,
          step,
          {
            key: "circle",
            message: `"${step.name}" calls a flow that calls this one again: ${circle.join(" > ")}`,
            fix: "Break the circle.",
          },
          path,
        );
      }
    }
  },
};

/** True for a folder without the files that a whole snapshot has. */
function isPart({ files }: Project): boolean {
  return !files.has("snapshot.json") && !files.has("project.json");
}

function circleThrough(from: string, called: string, project: Project): string[] | undefined {
  const queue: string[][] = [[from, called]];
  const seen = new Set<string>();
  for (let way = queue.shift(); way !== undefined; way = queue.shift()) {
    const last = way.at(-1) ?? "";
    if (last === from) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const { calls } of project.flow(last)?.steps.values() ?? [])
      if (calls !== undefined && calls !== "") queue.push([...way, calls]);
  }
  return undefined;
}

const missingConnector: FlowRule = {
  code: "missing-connector",
  level: "error",
  summary: "A step uses a connector that is not chosen or not there",
  help: "An import refuses a flow whose connector it does not know by name.",
  *find({ flow, project }) {
    for (const step of flow.steps.values()) {
      const { connector } = step;
      if (connector === undefined) continue;
      const path = ["arguments", "connectorId"];
      if (connector.id === "") {
        // Some connectors are the project's own e-mail or message service, which needs no choice.
        if (
          step.action !== "connector" ||
          /(?:generic-.*-gateway|sms|email|voice)/.test(
            argumentText(step.tasks[0]?.content ?? {}, "templateId"),
          )
        )
          continue;
        const level = step.reachable ? {} : { level: "warning" as const };
        yield atStep(
          this,
          flow,
          step,
          {
            message: `"${step.name}" uses a connector, and none is chosen`,
            fix: "Choose the connector.",
            ...level,
          },
          path,
        );
        continue;
      }
      if (project === undefined || !hasConnectors(project)) continue;
      const isThere = project.connectors.some(
        ({ id, name }) => id === connector.id || (name !== "" && name === connector.name),
      );
      if (isThere) continue;
      const name = connector.name === "" ? connector.id : `"${connector.name}"`;
      yield atStep(
        this,
        flow,
        step,
        {
          message: `"${step.name}" uses the connector ${name}, which is not in the snapshot`,
          fix: "Export it too, or choose one that is there.",
        },
        path,
      );
    }
  },
};

function hasConnectors({ files, connectors }: Project): boolean {
  return files.has("connectors/connectors.json") || connectors.length > 0;
}

const subflowExitMismatch: FlowRule = {
  code: "subflow-exit-mismatch",
  level: "error",
  summary: "A way belongs to an exit that the called flow does not offer, or an exit leads nowhere",
  help: "The exits of a called flow are its metadata's sharedInteractions; a way for any other is never taken.",
  *find({ flow, project }) {
    for (const step of flow.steps.values()) {
      const called = step.calls === undefined ? undefined : project?.flow(step.calls);
      if (called === undefined) continue;
      const offered = asList(called.source.metadata.content.sharedInteractions).map((exit) => ({
        id: asText(member(exit, "id")),
        isSuccess:
          asText(member(exit, "type")) === "success" || asText(member(exit, "id")).endsWith(".success"),
      }));
      const edges = flow.edges.filter(({ from }) => from === step.id);
      for (const edge of edges) {
        if (offered.some(({ id }) => id === edge.outcome) || edge.outcome === "success") continue;
        yield atStep(
          this,
          flow,
          step,
          {
            key: edge.outcome,
            message: `"${step.name}" has a way for the exit ${edge.outcome}, which the flow ${called.id} does not offer`,
            fix: "Wire one of the exits that it offers.",
          },
          edge.path ?? [],
        );
      }
      const success = offered.filter(({ isSuccess }) => isSuccess);
      const isWired = success.some(({ id }) =>
        edges.some(({ outcome }) => outcome === id || outcome === "success"),
      );
      if (success.length === 0 || isWired || edges.length === 0 || !step.reachable) continue;
      yield atStep(this, flow, step, {
        key: "success",
        message: `"${step.name}" leads on from some exits of the flow ${called.id}, and not from its success`,
        fix: "Wire the success exit.",
        level: "warning",
      });
    }
  },
};

const missingRoleOrAttribute: FlowRule = {
  code: "missing-role-attribute",
  level: "warning",
  summary: "A flow uses a role or a custom attribute that the snapshot does not have",
  help: "An import cannot map what it does not know by name.",
  *find({ flow, project }) {
    if (project === undefined) return;
    const roles = project.files.get("roles.json");
    if (roles !== undefined) {
      const known = new Set(
        asList(member(roles.content, "roles")).map((role) => asText(member(role, "name"))),
      );
      for (const [name] of entriesOf(flow.source.references.roles)) {
        if (known.has(name) || BUILT_IN_ROLES.has(name)) continue;
        yield atFlow(
          this,
          flow,
          {
            key: `role ${name}`,
            message: `The flow uses the role "${name}", which is not in roles.json`,
            fix: "Export the roles too, or choose another role.",
          },
          ["references", "roles", name],
        );
      }
    }
    const attributes = project.files.get("attributes.json");
    if (attributes === undefined) return;
    const known = new Set(
      ["user", "tenant"].flatMap((kind) =>
        asList(member(attributes.content, kind)).map((one) => asText(member(one, "name"))),
      ),
    );
    for (const { step, name, path } of attributeUses(flow)) {
      if (known.has(name)) continue;
      yield atStep(
        this,
        flow,
        step,
        {
          key: `attribute ${name}`,
          message: `"${step.name}" uses the custom attribute ${name}, which is not in attributes.json`,
          fix: "Define the attribute, or check its spelling.",
        },
        path,
      );
    }
  },
};

const BUILT_IN_ROLES = new Set(["Tenant Admin"]);

function* attributeUses(flow: Flow): Generator<{ step: Step; name: string; path: (string | number)[] }> {
  for (const step of flow.steps.values()) {
    for (const task of step.tasks) {
      for (const { atoms } of branchesOf(task.content, task.path)) {
        for (const { target, path } of atoms) {
          const name = /^(?:user|unauthUser)\.customAttributes\.([^.[]+)/.exec(target)?.[1];
          if (name !== undefined) yield { step, name, path: [...path] };
        }
      }
    }
    const [task] = step.tasks;
    const definitions = member(
      member(member(task?.content, "arguments"), "userPropertiesDefinitions"),
      "value",
    );
    for (const [i, item] of asList(definitions).entries()) {
      const name = /^customAttributes\.(.+)$/.exec(asText(member(item, "key")))?.[1];
      if (name !== undefined)
        yield { step, name, path: ["arguments", "userPropertiesDefinitions", "value", i] };
    }
  }
}

const flowIndex: FlowRule = {
  code: "flow-not-listed",
  level: "error",
  summary: "A flow's folder is not listed in flows/flows.json",
  help: "The list decides what is imported: the folder is left out without a word.",
  *find({ flow, project }) {
    if (project?.flowIndex === undefined || flow.source.shape !== "folder" || project.flowIndex.has(flow.id))
      return;
    yield atFlow(this, flow, {
      message: `The flow ${flow.id} has a folder and is not listed in flows/flows.json`,
      fix: "Add its id to the list, or delete the folder.",
    });
  },
};

/** The file that turns a way of signing in on, by what it proves. */
const METHODS: Readonly<Partial<Record<Factor, readonly string[]>>> = {
  pwd: ["password"],
  totp: ["totp"],
  webauthn: ["webauthn"],
  fed: ["sso"],
};

const methodDisabled: FlowRule = {
  code: "method-disabled",
  level: "warning",
  summary: "A flow signs users in by a method that is turned off",
  help: "The step fails for every user who comes there.",
  *find({ flow, project }) {
    if (project === undefined) return;
    for (const step of flow.steps.values()) {
      if (!step.reachable) continue;
      const factor = factorOf(step);
      const methods = [
        ...(factor === undefined ? [] : (METHODS[factor] ?? [])),
        ...methodsOfAction(step.action),
      ];
      for (const method of new Set(methods)) {
        const file = project.files.get(`auth/${method}.json`);
        if (file === undefined || member(file.content, "enabled") !== false) continue;
        yield atStep(
          this,
          flow,
          step,
          {
            key: method,
            message: `"${step.name}" signs in by ${method}, which auth/${method}.json turns off`,
            fix: "Turn the method on, or lead users another way.",
          },
          ["action"],
        );
      }
    }
  },
};

function methodsOfAction(action: string): string[] {
  if (/-otp-/.test(action)) return ["otp"];
  if (/-magic-link-/.test(action)) return ["magiclink"];
  if (/^sign-.*-magic-linkv2-/.test(action)) return ["enchantedlink"];
  return [];
}

/** The rules that need the snapshot around a flow; without it they find what the flow alone shows. */
export const PROJECT_RULES: readonly FlowRule[] = [
  missingSubflow,
  missingConnector,
  subflowExitMismatch,
  missingRoleOrAttribute,
  flowIndex,
  methodDisabled,
];
