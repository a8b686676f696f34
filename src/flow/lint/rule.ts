import type { Found, Level, Rule } from "../../lint/finding.ts";
import type { Limits } from "../../lint/settings.ts";
import type { Path } from "../../json/locate.ts";
import type { Flow, Step, Task } from "../graph/model.ts";
import type { Project } from "./project.ts";

/** What a rule about flows looks at. */
export interface FlowLint {
  readonly flow: Flow;
  /** The snapshot around it; undefined for a flow alone. */
  readonly project: Project | undefined;
  readonly limits: Limits;
}

/** A rule about one flow. */
export interface FlowRule extends Rule {
  find(lint: FlowLint): Iterable<Found>;
}

/** What is wrong with a step, at `path` within its first task or, given one, another. */
export function atStep(
  rule: Rule,
  flow: Flow,
  step: Step,
  words: { message: string; fix: string; key?: string; level?: Level },
  path: Path = [],
  task: Task | undefined = step.tasks[0],
): Found {
  const { contents } = flow.source;
  const inside: Path =
    path.length > 0 && path[0] === "tasks" ? path : [...(task?.path ?? ["tasks", step.id]), ...path];
  return {
    rule,
    address: `flow/${flow.id}#/tasks/${step.id}`,
    file: contents.file,
    path: [...contents.path, ...inside],
    ...words,
  };
}

/** What is wrong with a place in the flow's contents. */
export function atContents(
  rule: Rule,
  flow: Flow,
  path: Path,
  words: { message: string; fix: string; key?: string; level?: Level },
): Found {
  const { contents } = flow.source;
  return {
    rule,
    address: `flow/${flow.id}${path.length === 0 ? "" : `#/${path.join("/")}`}`,
    file: contents.file,
    path: [...contents.path, ...path],
    ...words,
  };
}

/** What is wrong with a screen. */
export function atScreen(
  rule: Rule,
  flow: Flow,
  screen: NonNullable<Step["screen"]>,
  words: { message: string; fix: string; key?: string; level?: Level },
  path: Path = [],
): Found {
  const inside = path[0] === "contents" ? [screen.nodesKey, ...path.slice(1)] : path;
  return {
    rule,
    address: `flow/${flow.id}#/screens/${screen.id}`,
    file: screen.file,
    path: [...screen.path, ...inside],
    ...words,
  };
}

/** What is wrong with a flow as a whole. */
export function atFlow(
  rule: Rule,
  flow: Flow,
  words: { message: string; fix: string; key?: string; level?: Level },
  path: Path = [],
): Found {
  const { metadata } = flow.source;
  return {
    rule,
    address: `flow/${flow.id}`,
    file: metadata.file,
    path: [...metadata.path, ...path],
    ...words,
  };
}
