import { fitText, wrapText } from "./measure.ts";
import type { Arrow, Box, Outcome, Picture } from "./picture.ts";

/** All sizes are in pixels of the picture. */
export const SIZE = {
  width: 224,
  /** Of the pills that stand for start and end. */
  pill: 96,
  /** Where arrows come in and the main one goes out, below a box's upper edge. */
  port: 30,
  row: 22,
  nameFont: 13,
  detailFont: 11,
  rowFont: 11.5,
  /** Free room around every box. */
  gap: 36,
} as const;

/** The canvas's boxes are wider than these, and set close: this leaves room for the arrows. */
const SCALE = { x: 1.12, y: 1.2 };

/** A row with its place. */
export interface PlacedRow extends Outcome {
  /** Its words as far as they fit. */
  readonly shown: string;
  /** The middle of the row, from the top of the picture. */
  readonly y: number;
}

/** A box with its place. */
export interface Placed {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly name: readonly string[];
  readonly detail: string;
  readonly note: string;
  readonly rows: readonly PlacedRow[];
}

export interface Layout {
  readonly placed: ReadonlyMap<string, Placed>;
  readonly width: number;
  readonly height: number;
  /** How the places were found. */
  readonly by: "canvas" | "auto";
}

interface Measured {
  box: Box;
  x: number;
  y: number;
  width: number;
  height: number;
  name: string[];
  detail: string;
  note: string;
  rows: { outcome: Outcome; shown: string; offset: number }[];
}

/**
 * Gives every box its place: the canvas's own, with overlapping boxes pushed apart, or an order by ranks. The canvas's own is given up
 * where a step has no place there or every tenth box lies on another one.
 */
export async function placeBoxes(picture: Picture, wanted: "canvas" | "auto"): Promise<Layout> {
  const measured = picture.boxes.map(measure);
  const usable = wanted === "canvas" && fromCanvas(measured);
  if (usable) {
    alignTops(measured);
    pushApart(measured);
  } else await byRanks(measured, picture.arrows);
  return finish(measured, usable ? "canvas" : "auto");
}

const MARGIN = { left: 48, top: 96, right: 48, bottom: 84 };

function measure(box: Box): Measured {
  if (box.kind === "start" || box.kind === "end") {
    const name = [fitText(box.name, SIZE.width - 56, SIZE.nameFont, true)];
    return {
      box,
      x: 0,
      y: 0,
      width: SIZE.pill,
      height: SIZE.port * 2,
      name,
      detail: "",
      note: box.note,
      rows: [],
    };
  }
  const room = SIZE.width - 54;
  const name = wrapText(box.name, room, SIZE.nameFont, true, 2);
  const detail = fitText(box.detail, room, SIZE.detailFont);
  const note = fitText(box.note, SIZE.width - 28, SIZE.detailFont);
  const bar = box.kind === "screen" ? 8 : 0;
  let height = Math.max(SIZE.port * 2, 26 + bar + name.length * 17 + (detail === "" ? 0 : 15));
  const rows = box.outcomes.map((outcome, i) => ({
    outcome,
    shown: fitText(`${outcome.label}${suffix(outcome)}`, SIZE.width - 34, SIZE.rowFont),
    offset: height + i * SIZE.row + SIZE.row / 2,
  }));
  height += rows.length * SIZE.row + (rows.length === 0 ? 0 : 6);
  if (note !== "") height += 18;
  return { box, x: 0, y: 0, width: SIZE.width, height, name, detail, note, rows };
}

function suffix({ kind, leads }: Outcome): string {
  if (leads) return "";
  return kind === "exit"
    ? "  (to the calling flow)"
    : kind === "message"
      ? "  (shows an error)"
      : "  (leads nowhere)";
}

/** Takes the canvas's places; false where they are of no use. */
function fromCanvas(boxes: Measured[]): boolean {
  // A step that is only implied has no place of its own: start stands in front of everything, what is missing behind.
  const known = boxes.filter(({ box }) => box.position !== undefined);
  const least = Math.min(...known.map(({ box }) => box.position?.x ?? 0));
  const most = Math.max(...known.map(({ box }) => box.position?.x ?? 0));
  const top = Math.min(...known.map(({ box }) => box.position?.y ?? 0));
  for (const one of boxes) {
    const { position, kind } = one.box;
    if (position === undefined && kind !== "start" && kind !== "missing") return false;
    const { x, y } = position ?? { x: kind === "start" ? least - 250 : most + 300, y: top };
    one.x = x * SCALE.x;
    one.y = y * SCALE.y;
  }
  if (known.length === 0) return false;
  const nominal = boxes.map((one) => ({ ...one, x: one.x / SCALE.x, y: one.y / SCALE.y, ...CANVAS_BOX }));
  const overlapping = nominal.filter((one) =>
    nominal.some((other) => other !== one && overlap(one, other, 0)),
  );
  return overlapping.length <= boxes.length * 0.1;
}

/** The least that a box takes on the canvas itself. */
const CANVAS_BOX = { width: 200, height: 50 };

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlap(a: Area, b: Area, gap: number): boolean {
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}

/** Boxes that almost stand in one line do so, so that the arrows between them are straight. */
function alignTops(boxes: Measured[]): void {
  const sorted = [...boxes].sort((a, b) => a.y - b.y);
  let line: Measured[] = [];
  const settle = () => {
    const first = line[0];
    for (const one of line) one.y = first?.y ?? one.y;
  };
  for (const one of sorted) {
    if (line.length > 0 && one.y - (line[0]?.y ?? 0) > 16) {
      settle();
      line = [];
    }
    line.push(one);
  }
  settle();
}

/** Moves boxes down, or right where that is much shorter, until none comes near another. In reading order, so that all stay in theirs. */
function pushApart(boxes: Measured[]): void {
  const done: Measured[] = [];
  for (const one of [...boxes].sort((a, b) => a.y - b.y || a.x - b.x)) {
    for (let tries = 0; ; tries++) {
      const rival = done.find((other) => overlap(one, other, SIZE.gap));
      if (rival === undefined) break;
      const down = rival.y + rival.height + SIZE.gap - one.y;
      const right = rival.x + rival.width + SIZE.gap - one.x;
      if (tries < 3 && right > 0 && right * 3 < down) one.x += right;
      else one.y += down;
    }
    done.push(one);
  }
}

async function byRanks(boxes: Measured[], arrows: readonly Arrow[]): Promise<void> {
  const { default: dagre } = await import("@dagrejs/dagre");
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: SIZE.gap + 8, ranksep: 110, edgesep: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  // Ids come from a file; the library takes some names for more than names.
  const keys = new Map(boxes.map(({ box }, i) => [box.id, `n${i}`]));
  for (const { box, width, height } of boxes) graph.setNode(keys.get(box.id) as string, { width, height });
  for (const [i, { from, to, kind }] of arrows.entries()) {
    const [a, b] = [keys.get(from), keys.get(to)];
    if (a !== undefined && b !== undefined && a !== b)
      graph.setEdge(a, b, { weight: kind === "error" ? 1 : 3 }, `e${i}`);
  }
  dagre.layout(graph);
  for (const one of boxes) {
    const { x, y } = graph.node(keys.get(one.box.id) as string) as { x: number; y: number };
    one.x = x - one.width / 2;
    one.y = y - one.height / 2;
  }
  pushApart(boxes);
}

function finish(boxes: readonly Measured[], by: Layout["by"]): Layout {
  const least = boxes.length === 0 ? 0 : Math.min(...boxes.map(({ x }) => x));
  const top = boxes.length === 0 ? 0 : Math.min(...boxes.map(({ y }) => y));
  const placed = new Map<string, Placed>();
  let [width, height] = [0, 0];
  for (const { box, rows, ...one } of boxes) {
    const x = Math.round(one.x - least + MARGIN.left);
    const y = Math.round(one.y - top + MARGIN.top);
    placed.set(box.id, {
      ...one,
      box,
      x,
      y,
      rows: rows.map(({ outcome, shown, offset }) => ({ ...outcome, shown, y: y + offset })),
    });
    width = Math.max(width, x + one.width);
    height = Math.max(height, y + one.height);
  }
  return { placed, width: width + MARGIN.right, height: height + MARGIN.bottom, by };
}
