import { counted } from "../../counted.ts";
import type { Path } from "../../json/locate.ts";
import type { JsonObject } from "../../json/value.ts";
import type { FlowSource, ScreenPart } from "./source.ts";

export type StepKind =
  | "start"
  | "end"
  | "screen"
  | "condition"
  | "action"
  | "connector"
  | "subflow"
  /** A rule leads to it and it is not there. */
  | "missing";

/** A task as the file holds it. */
export interface Task {
  readonly id: string;
  readonly content: JsonObject;
  /** The way to it in the flow's `contents`. */
  readonly path: Path;
}

/** One box of the canvas: a task, or the two tasks of an action in two halves (`4` and `4.end`). */
export interface Step {
  /** The id of its first task. */
  readonly id: string;
  readonly kind: StepKind;
  /** Never empty. */
  readonly name: string;
  /** What it does beyond its name: the action, the connector's name, the called flow. May be empty. */
  readonly detail: string;
  /** The action of an automated task: "verify-code-otp-email". */
  readonly action: string;
  /** One task, or the base and its `.end`. None for what is missing. */
  readonly tasks: readonly Task[];
  /** Where the canvas has it; absent where it says nothing. */
  readonly position?: { readonly x: number; readonly y: number };
  readonly reachable: boolean;
  /** The screen that it shows. */
  readonly screen?: ScreenPart;
  /** The id of the flow that it calls. */
  readonly calls?: string;
  /** The connector that it uses; `id` is empty where none is chosen. */
  readonly connector?: { readonly id: string; readonly name: string };
}

export type EdgeKind =
  /** From start; drawn even where only `startTask` says it. */
  | "start"
  /** An action went well. */
  | "success"
  /** A person pressed something. */
  | "choice"
  /** A branch of a condition. */
  | "branch"
  /** An action failed in a way that has a route of its own. */
  | "error"
  /** A called flow was left by one of its exits. */
  | "exit";

/** A way from one step to another. Its identity is (from, outcome, to): one outcome may lead to two places. */
export interface Edge {
  readonly from: string;
  /** The rule's `interactionId`; may be empty. */
  readonly outcome: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** For people; empty where there is nothing to tell apart. */
  readonly label: string;
  /** It leads from the second half of an action back to the first: one box on the canvas, so it is not drawn. */
  readonly inner: boolean;
  /** Where its rule stands in `contents`; absent where only `startTask` says it. */
  readonly path?: Path;
}

/** An outcome that leads nowhere. */
export interface OpenEnd {
  readonly from: string;
  readonly outcome: string;
  readonly label: string;
  readonly kind:
    /** A branch that says nothing and leads nowhere. */
    | "branch"
    /** A branch that shows an error on the last screen: meant so. */
    | "message"
    /** A button or other interaction of a screen that neither leads on nor is offered to a parent flow. */
    | "interaction"
    /** One that is offered to the flows that embed this one. */
    | "exit"
    /** An action without a way on. */
    | "success";
  readonly path: Path;
}

/** A flow as a graph. */
export interface Flow {
  readonly id: string;
  /** Its name for people; the id where it has none. */
  readonly name: string;
  readonly source: FlowSource;
  /** By id, in the order of their ids: start first, numbers by size. */
  readonly steps: ReadonlyMap<string, Step>;
  readonly edges: readonly Edge[];
  readonly open: readonly OpenEnd[];
}

/** What is known of the project around a flow, for names and for what it calls. */
export interface Surroundings {
  /** Another flow of the project; undefined where it is not there. */
  flow(id: string): FlowSource | undefined;
  /** A connector's name by its id. */
  connector(id: string): string | undefined;
}

export const alone: Surroundings = { flow: () => undefined, connector: () => undefined };

/** The ways that leave a step, by its id. */
export function edgesFrom(flow: Flow): ReadonlyMap<string, readonly Edge[]> {
  return Map.groupBy(flow.edges, ({ from }) => from);
}

/** How large a flow is, in words: "12 steps, 19 ways". Ways within one step do not count. */
export function sizeWords({ steps, edges }: Pick<Flow, "steps" | "edges">): string {
  const ways = edges.filter(({ inner }) => !inner).length;
  return `${counted(steps.size, "step")}, ${counted(ways, "way")}`;
}
