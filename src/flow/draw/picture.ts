import type { FlowDiff } from "../diff/compare.ts";
import type { Change } from "../diff/change.ts";
import {
  sizeWords,
  type EdgeKind,
  type Flow,
  type OpenEnd,
  type Step,
  type StepKind,
} from "../graph/model.ts";

/** What became of a part of a flow; "same" in a picture of one flow. */
export type Status = "same" | "added" | "removed" | "changed";

/** A row of a box: an outcome that has words, with or without an arrow. */
export interface Outcome {
  readonly key: string;
  readonly label: string;
  readonly kind: EdgeKind | OpenEnd["kind"];
  /** False for what leads nowhere. */
  readonly leads: boolean;
}

/** A box to draw. */
export interface Box {
  readonly id: string;
  readonly kind: StepKind;
  readonly name: string;
  readonly detail: string;
  readonly status: Status;
  readonly reachable: boolean;
  /** What changed in it, in a few words. */
  readonly note: string;
  /** What it said before, where that is another. */
  readonly was?: { readonly name: string; readonly detail: string };
  readonly position: { readonly x: number; readonly y: number } | undefined;
  readonly outcomes: readonly Outcome[];
}

/** An arrow to draw. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** The key of the outcome that it leaves from; "" leaves from the box itself. */
  readonly outcome: string;
  readonly label: string;
  readonly kind: EdgeKind;
  readonly status: Status;
}

/** What to draw, before anything has a place. */
export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** True where statuses mean something. */
  readonly compares: boolean;
}

/** The picture of a flow. */
export function flowPicture(flow: Flow): Picture {
  const arrows = arrowsOf(
    flow,
    (id) => id,
    () => "same",
  );
  return {
    title: flow.name,
    subtitle: counts(flow),
    boxes: [...flow.steps.values()].map((step) => boxOf(flow, step, step.id, arrows, "same", "")),
    arrows,
    compares: false,
  };
}

function counts(flow: Flow): string {
  const name = flow.id === flow.name ? "" : `${flow.id} · `;
  return `${name}${sizeWords(flow)}`;
}

/** The picture of a comparison: both flows in one, the newer's positions, what is gone at its old place. Moves are left out. */
export function diffPicture(diff: FlowDiff): Picture {
  const { left, right, pairs, changes } = diff;
  const shift = medianShift(diff);
  const goneId = (id: string) => `gone ${id}`;
  const nowId = (id: string) =>
    pairs.toRight.get(id) ?? (id === "start" && right.steps.has("start") ? "start" : goneId(id));
  const edges = changes.flatMap(({ edge, step }) =>
    edge === undefined ? [] : [{ ...edge, step: step ?? "" }],
  );
  const added = new Set(edges.map(({ step, outcome, new: to }) => JSON.stringify([step, outcome, to])));
  const removed = new Set(edges.map(({ step, outcome, old: to }) => JSON.stringify([step, outcome, to])));
  const now = arrowsOf(
    right,
    (id) => id,
    ({ from, outcome, to }) => (added.has(JSON.stringify([from, outcome, to])) ? "added" : "same"),
  );
  const gone = arrowsOf(left, nowId, ({ from, outcome, to }) => {
    const from2 = nowId(from);
    return from2.startsWith("gone ") || removed.has(JSON.stringify([from2, outcome, to]))
      ? "removed"
      : "same";
  }).filter(({ status }) => status === "removed");
  const arrows = [...now, ...gone];
  const boxes: Box[] = [];
  for (const step of right.steps.values()) {
    const own = changes.filter((change) => change.step === step.id && change.subject !== "edge");
    const isNew = step.id !== "start" && step.kind !== "missing" && !pairs.toLeft.has(step.id);
    const status = isNew ? "added" : own.length > 0 ? "changed" : "same";
    const box = boxOf(right, step, step.id, arrows, status, isNew ? "" : noteOf(own));
    const before = left.steps.get(pairs.toLeft.get(step.id) ?? "");
    const isRenamed = before !== undefined && (before.name !== step.name || before.detail !== step.detail);
    boxes.push(isRenamed ? { ...box, was: { name: before.name, detail: before.detail } } : box);
  }
  for (const step of left.steps.values()) {
    const id = nowId(step.id);
    if (!id.startsWith("gone ") || (step.kind === "missing" && right.steps.has(step.id))) continue;
    const box = boxOf(left, step, id, arrows, "removed", "");
    const { position } = box;
    boxes.push({ ...box, position: position && { x: position.x + shift.x, y: position.y + shift.y } });
  }
  return {
    title: right.name === left.name ? right.name : `${left.name} -> ${right.name}`,
    subtitle: legendWords(boxes, arrows),
    boxes,
    arrows,
    compares: true,
  };
}

function legendWords(boxes: readonly Box[], arrows: readonly Arrow[]): string {
  const of = (status: Status) => boxes.filter((box) => box.status === status).length;
  const ways = arrows.filter(({ status }) => status !== "same").length;
  return `Steps: ${of("added")} added, ${of("removed")} removed, ${of("changed")} changed. Ways added or removed: ${ways}`;
}

/** How far the whole of a flow was moved on the canvas: half of the steps that stayed moved less, half more. */
function medianShift({ left, right, pairs }: FlowDiff): { x: number; y: number } {
  const moves = [...pairs.toRight].flatMap(([a, b]) => {
    const [before, after] = [left.steps.get(a)?.position, right.steps.get(b)?.position];
    return before === undefined || after === undefined
      ? []
      : [{ x: after.x - before.x, y: after.y - before.y }];
  });
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return { x: middle(moves.map(({ x }) => x)), y: middle(moves.map(({ y }) => y)) };
}

function noteOf(changes: readonly Change[]): string {
  const bySubject = Map.groupBy(changes, ({ subject }) => subject);
  return [...bySubject]
    .map(([subject, own]) => (own.length === 1 ? subject : `${own.length} × ${subject}`))
    .join(", ");
}

function arrowsOf(
  flow: Flow,
  place: (id: string) => string,
  statusOf: (edge: { from: string; outcome: string; to: string }) => Status,
): Arrow[] {
  return flow.edges
    .filter(({ inner }) => !inner)
    .map((edge) => ({
      from: place(edge.from),
      to: place(edge.to),
      outcome: rowKey(edge.kind, edge.outcome, edge.label),
      label: edge.label,
      kind: edge.kind,
      status: statusOf(edge),
    }));
}

/** Ways without words of their own leave from the box itself, the others from a row with their words. */
function rowKey(kind: EdgeKind, outcome: string, label: string): string {
  if (label === "" || kind === "start" || (kind === "exit" && label === "success")) return "";
  return JSON.stringify([outcome, label]);
}

function boxOf(
  flow: Flow,
  step: Step,
  id: string,
  arrows: readonly Arrow[],
  status: Status,
  note: string,
): Box {
  const rows = new Map<string, Outcome>();
  for (const { from, outcome, label, kind } of arrows) {
    if (from === id && outcome !== "") rows.set(outcome, { key: outcome, label, kind, leads: true });
  }
  for (const open of flow.open) {
    if (open.from !== step.id || open.kind === "success") continue;
    const key = JSON.stringify([open.outcome, open.label]);
    if (!rows.has(key)) rows.set(key, { key, label: open.label, kind: open.kind, leads: false });
  }
  return {
    id,
    kind: step.kind,
    name: step.name,
    detail: step.detail,
    status,
    reachable: step.reachable,
    note,
    position: step.position,
    outcomes: [...rows.values()],
  };
}
