import type { Path } from "../../json/locate.ts";
import { asList, asText, entriesOf, member } from "../../json/look.ts";
import { isJsonObject, isRawNumber, type Json, type JsonObject } from "../../json/value.ts";
import {
  alone,
  type Edge,
  type EdgeKind,
  type Flow,
  type OpenEnd,
  type Step,
  type StepKind,
  type Surroundings,
  type Task,
} from "./model.ts";
import type { FlowSource, ScreenPart } from "./source.ts";
import {
  argumentText,
  branchesOf,
  branchText,
  componentsOf,
  componentText,
  interactionsOf,
  rulesOf,
  type Rule,
} from "./task.ts";

/**
 * Reads a flow's tasks as the graph that the canvas shows: the two halves of an action are one step, every rule is an edge with words
 * on it, and what leads nowhere is listed. Nothing is refused: a task that makes no sense is a step of its own all the same.
 */
export function readFlow(source: FlowSource, surroundings: Surroundings = alone): Flow {
  const tasks = readTasks(source.contents.content);
  const hosts = hostsOf(tasks);
  const groups = Map.groupBy(tasks.values(), ({ id }) => hosts.get(id) ?? id);
  const screens = new Map(source.screens.map((one) => [one.id, one]));
  const drafts = new Map<string, Draft>();
  for (const [id, halves] of groups) drafts.set(id, draft(id, halves, screens, source, surroundings));
  const edges: Edge[] = [];
  const open: OpenEnd[] = [];
  for (const step of drafts.values()) edges.push(...edgesOf(step, drafts, hosts, surroundings));
  const first = startEdge(source, drafts, edges, hosts);
  if (first !== undefined) edges.unshift(first);
  for (const { to } of edges) if (!drafts.has(to)) drafts.set(to, missing(to));
  const reached = reach(edges);
  const steps = new Map<string, Step>();
  for (const step of [...drafts.values()].sort(byId)) {
    const reachable = reached.has(step.id);
    steps.set(step.id, { ...step, reachable });
    open.push(...openEndsOf(step, edges, source));
  }
  return {
    id: source.id,
    name: asText(source.metadata.content.name) || source.id,
    source,
    steps,
    edges,
    open,
  };
}

type Draft = Omit<Step, "reachable">;

function readTasks(contents: JsonObject): Map<string, Task> {
  const out = new Map<string, Task>();
  for (const [id, content] of entriesOf(contents.tasks)) {
    out.set(id, { id, content: isJsonObject(content) ? content : {}, path: ["tasks", id] });
  }
  return out;
}

/** For the second half of each action, the id of its first. */
function hostsOf(tasks: ReadonlyMap<string, Task>): Map<string, string> {
  const out = new Map<string, string>();
  for (const id of tasks.keys()) {
    const base = id.endsWith(".end") ? id.slice(0, -".end".length) : undefined;
    if (base !== undefined && tasks.has(base)) out.set(id, base);
  }
  return out;
}

function draft(
  id: string,
  halves: readonly Task[],
  screens: ReadonlyMap<string, ScreenPart>,
  source: FlowSource,
  surroundings: Surroundings,
): Draft {
  const base = halves.find((half) => half.id === id) ?? (halves[0] as Task);
  const tasks = [base, ...halves.filter((half) => half !== base)];
  const { content } = base;
  const kind = kindOf(id, content);
  const action = asText(content.action);
  const name = asText(content.name).trim();
  const position = positionOf(content);
  const shown = kind === "screen" ? screens.get(asText(content.screenId)) : undefined;
  const calls = kind === "subflow" ? argumentText(content, "flowId") : undefined;
  const connector = kind === "connector" ? connectorOf(content, source, surroundings) : undefined;
  return {
    id,
    kind,
    name: name !== "" ? name : (defaultName(kind, action, calls) ?? `Step ${id}`),
    detail: detailOf(kind, action, calls, connector, surroundings),
    action,
    tasks,
    ...(position === undefined ? {} : { position }),
    ...(shown === undefined ? {} : { screen: shown }),
    ...(calls === undefined ? {} : { calls }),
    ...(connector === undefined ? {} : { connector }),
  };
}

function kindOf(id: string, task: JsonObject): StepKind {
  const action = asText(task.action);
  switch (asText(task.type)) {
    case "screen":
      return "screen";
    case "condition":
      return "condition";
    case "flow":
      return "subflow";
    case "":
      if (id === "start") return "start";
  }
  if (action === "logged-in") return "end";
  return action === "connector" || action.endsWith("-connector") ? "connector" : "action";
}

function defaultName(kind: StepKind, action: string, calls: string | undefined): string | undefined {
  if (kind === "start") return "Start";
  if (kind === "end") return "End";
  if (kind === "subflow" && calls !== undefined && calls !== "") return calls;
  return action === "" ? undefined : action;
}

function detailOf(
  kind: StepKind,
  action: string,
  calls: string | undefined,
  connector: { id: string; name: string } | undefined,
  surroundings: Surroundings,
): string {
  if (connector !== undefined) {
    if (connector.name !== "") return connector.name;
    return connector.id === "" ? "no connector chosen" : connector.id;
  }
  if (calls !== undefined) {
    if (calls === "") return "no flow chosen";
    const name = asText(surroundings.flow(calls)?.metadata.content.name);
    return name === "" || name === calls ? calls : `${name} (${calls})`;
  }
  return kind === "action" ? action : "";
}

function connectorOf(
  task: JsonObject,
  source: FlowSource,
  surroundings: Surroundings,
): { id: string; name: string } {
  const id = argumentText(task, "connectorId");
  if (id === "") return { id, name: "" };
  const referenced = entriesOf(source.references.connectors).find(([, content]) => content === id);
  return { id, name: referenced?.[0] ?? surroundings.connector(id) ?? "" };
}

function positionOf(task: JsonObject): { x: number; y: number } | undefined {
  const x = numberOf(member(task.view, "x"));
  const y = numberOf(member(task.view, "y"));
  return x === undefined || y === undefined ? undefined : { x, y };
}

function numberOf(value: Json | undefined): number | undefined {
  const number = isRawNumber(value) ? Number(value.rawJSON) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function missing(id: string): Draft {
  return { id, kind: "missing", name: `Step ${id} is missing`, detail: "", action: "", tasks: [] };
}

function edgesOf(
  step: Draft,
  drafts: ReadonlyMap<string, Draft>,
  hosts: ReadonlyMap<string, string>,
  surroundings: Surroundings,
): Edge[] {
  const out = new Map<string, Edge>();
  for (const task of step.tasks) {
    const isBase = task.id === step.id;
    for (const rule of rulesOf(task.content, task.path)) {
      const to = hosts.get(rule.target) ?? rule.target;
      const toOwnHalf = to === step.id && (rule.target !== task.id || !isBase);
      // That the first half leads to the second is what makes them one step.
      if (toOwnHalf && isBase && rule.outcome === "success") continue;
      const kind = edgeKind(step, rule);
      const edge: Edge = {
        from: step.id,
        outcome: rule.outcome,
        to,
        kind,
        label: labelOf(step, rule, kind, isBase, drafts, surroundings),
        inner: toOwnHalf && step.tasks.length > 1,
        path: rule.path,
      };
      const identity = JSON.stringify([edge.outcome, edge.to]);
      if (!out.has(identity)) out.set(identity, edge);
    }
  }
  return [...out.values()];
}

function edgeKind(step: Draft, { outcome }: Rule): EdgeKind {
  switch (step.kind) {
    case "start":
      return "start";
    case "screen":
      return "choice";
    case "condition":
      return "branch";
    case "subflow":
      return "exit";
    default:
      return outcome === "success" || outcome === "" ? "success" : "error";
  }
}

function labelOf(
  step: Draft,
  rule: Rule,
  kind: EdgeKind,
  isBase: boolean,
  drafts: ReadonlyMap<string, Draft>,
  surroundings: Surroundings,
): string {
  const { outcome } = rule;
  switch (kind) {
    case "choice":
      return choiceLabel(step, outcome);
    case "branch":
      return branchLabel(step, outcome);
    case "exit":
      return exitLabel(step, outcome, surroundings);
    case "error":
      return outcome;
    case "success":
      // A link's first half leads to the screen that says "sent" as well as to the second half, both by "success".
      return isBase && step.tasks.length > 1 && drafts.get(rule.target)?.kind === "screen" ? "sent" : "";
    case "start":
      return "";
  }
}

/** Interactions that are no component, by what they are called. */
const FIXED_INTERACTIONS: Readonly<Record<string, string>> = {
  polling: "polling",
  resend: "resend",
  oneTimeCodeId: "code entered",
  "update-password": "update password",
  submit: "submit",
};

function choiceLabel(step: Draft, outcome: string): string {
  const content = step.screen?.content;
  const interaction = content && interactionsOf(content).find(({ id }) => id === outcome);
  if (interaction !== undefined && interaction.label.trim() !== "") return interaction.label.trim();
  const component = content && componentsOf(content).get(outcome);
  if (component !== undefined) return componentText(component);
  if (Object.hasOwn(FIXED_INTERACTIONS, outcome)) return FIXED_INTERACTIONS[outcome] ?? outcome;
  return outcome;
}

function branchLabel(step: Draft, outcome: string): string {
  const branch = branches(step).find((one) => one.outcome === outcome);
  if (outcome === "ELSE") return "else";
  if (branch === undefined) return outcome;
  return branch.name.trim() === "" ? branchText(branch) : branch.name.trim();
}

function branches(step: Draft) {
  return step.tasks.flatMap(({ content, path }) => branchesOf(content, path));
}

function exitLabel(step: Draft, outcome: string, surroundings: Surroundings): string {
  const called = surroundings.flow(step.calls ?? "");
  const shared = asList(called?.metadata.content.sharedInteractions).find(
    (one) => member(one, "id") === outcome,
  );
  const label = asText(member(shared, "label")).trim();
  if (label !== "") return label;
  if (outcome === "success" || asText(member(shared, "type")) === "success" || outcome.endsWith(".success")) {
    const end = asText(
      member(member(called?.contents.content.tasks, outcome.slice(0, -".success".length)), "name"),
    );
    return end === "" || end === "End" ? "success" : end;
  }
  return outcome;
}

function startEdge(
  source: FlowSource,
  drafts: ReadonlyMap<string, Draft>,
  edges: readonly Edge[],
  hosts: ReadonlyMap<string, string>,
): Edge | undefined {
  const target = asText(source.contents.content.startTask);
  if (target === "" || edges.some(({ from }) => from === "start")) return undefined;
  if (!drafts.has("start")) (drafts as Map<string, Draft>).set("start", implicitStart);
  return {
    from: "start",
    outcome: "",
    to: hosts.get(target) ?? target,
    kind: "start",
    label: "",
    inner: false,
  };
}

const implicitStart: Draft = { id: "start", kind: "start", name: "Start", detail: "", action: "", tasks: [] };

function reach(edges: readonly Edge[]): Set<string> {
  const from = Map.groupBy(edges, (edge) => edge.from);
  const reached = new Set(["start"]);
  for (const id of reached) for (const { to } of from.get(id) ?? []) reached.add(to);
  return reached;
}

function openEndsOf(step: Draft, edges: readonly Edge[], source: FlowSource): OpenEnd[] {
  const wired = new Set(edges.filter(({ from }) => from === step.id).map(({ outcome }) => outcome));
  const offered = (outcome: string) => {
    const id = `${step.id}.${outcome}`;
    return asList(source.metadata.content.sharedInteractions).some((one) => member(one, "id") === id);
  };
  const path: Path = step.tasks[0]?.path ?? ["tasks", step.id];
  if (step.kind === "condition") {
    return branches(step)
      .filter(({ outcome }) => !wired.has(outcome))
      .map((branch) => ({
        from: step.id,
        outcome: branch.outcome,
        label: branchLabel(step, branch.outcome),
        kind:
          branch.errorHandling !== undefined
            ? "message"
            : offered(branch.outcome)
              ? "exit"
              : ("branch" as const),
        path: branch.path,
      }));
  }
  if (step.kind === "screen") {
    return interactionsOf(step.screen?.content ?? {})
      .filter(({ id }) => !wired.has(id))
      .map(({ id }) => ({
        from: step.id,
        outcome: id,
        label: choiceLabel(step, id),
        kind: offered(id) ? "exit" : ("interaction" as const),
        path,
      }));
  }
  if ((step.kind === "action" || step.kind === "connector") && !wired.has("success") && !wired.has("")) {
    return [
      { from: step.id, outcome: "success", label: "", kind: offered("success") ? "exit" : "success", path },
    ];
  }
  return [];
}

/** Start first, then numbers by their size, then whatever else. */
function byId(left: { id: string }, right: { id: string }): number {
  const rank = ({ id }: { id: string }) =>
    id === "start" ? -1 : /^\d+/.test(id) ? Number.parseInt(id, 10) : Infinity;
  const [a, b] = [rank(left), rank(right)];
  if (a !== b) return a < b ? -1 : 1;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}
