import type { Arrow } from "./picture.ts";
import { SIZE, type Layout, type Placed } from "./place.ts";

/** A corner of an arrow's line. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow with its line, of level and upright pieces. */
export interface Routed {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
}

/** The radius of a line's corners. */
export const CORNER = 9;
/** How near a line may come to a box that it does not belong to. */
const CLEARANCE = 10;
/** How far a line goes straight out of and into a box. */
const STUB = 20;
const BEND = 48;
const CROSSING = 14;
/** Running on another arrow's line, per pixel: it is told apart afterwards, but worse to follow. */
const SHARING = 1.6;
/** Lanes this near to each other are one. */
const NEAR = 5;
/** Lines in one lane stand this far apart. */
const LANE = 7;

/**
 * Finds a line for every arrow: level and upright, around the boxes, with few corners and crossings. Short arrows come first, so that
 * they are straight; lines in one lane are drawn beside each other.
 */
export function routeArrows(layout: Layout, arrows: readonly Arrow[]): Routed[] {
  const entries = entryHeights(layout, arrows);
  const grid = new Grid(layout, new Set(entries.values()));
  const jobs = arrows.flatMap((arrow) => {
    const [from, to] = [layout.placed.get(arrow.from), layout.placed.get(arrow.to)];
    if (from === undefined || to === undefined) return [];
    const start = { x: from.x + from.width, y: outY(from, arrow) };
    const end = { x: to.x, y: entries.get(netOf(arrow)) ?? to.y + SIZE.port };
    return [
      {
        arrow,
        start,
        end,
        distance: Math.abs(end.x - start.x) + Math.abs(end.y - start.y) + (end.x < start.x ? 2000 : 0),
      },
    ];
  });
  const nets = new Map<string, number>();
  for (const { arrow } of jobs) if (!nets.has(netOf(arrow))) nets.set(netOf(arrow), nets.size + 1);
  const order = [...jobs].sort((a, b) => a.distance - b.distance);
  const lines = new Map<Arrow, Point[]>();
  for (const { arrow, start, end } of order) {
    lines.set(arrow, grid.route(start, end, nets.get(netOf(arrow)) ?? 0));
  }
  const routed = jobs.map(({ arrow }) => ({ arrow, points: lines.get(arrow) ?? [] }));
  separate(routed, layout);
  return routed;
}

/** Arrows that may share a line: they lead to one place and look alike. */
export function netOf({ to, kind, status }: Arrow): string {
  return `${to} ${kind === "error"} ${status}`;
}

/** How far from its port a box may be entered. */
const ENTRY = 12;

/**
 * The height at which each bundle of arrows enters its box: arrows that look different do not lie on each other, and a short one that
 * comes in almost level comes in level.
 */
function entryHeights({ placed }: Layout, arrows: readonly Arrow[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const [target, incoming] of Map.groupBy(arrows, ({ to }) => to)) {
    const box = placed.get(target);
    if (box === undefined) continue;
    const port = box.y + SIZE.port;
    const bundles = [...Map.groupBy(incoming, netOf)].map(([net, bundle]) => {
      const sources = bundle.flatMap(({ from, ...arrow }) => {
        const source = placed.get(from);
        return source === undefined
          ? []
          : [{ right: source.x + source.width, y: outY(source, { from, ...arrow }) }];
      });
      const mean = sources.reduce((sum, { y }) => sum + y, 0) / Math.max(1, sources.length);
      const [only] = sources;
      const level =
        sources.length === 1 && only !== undefined && only.right < box.x && Math.abs(only.y - port) <= ENTRY;
      return { net, mean, level: level ? only.y : undefined };
    });
    const [first] = bundles;
    if (bundles.length === 1 && first !== undefined) {
      out.set(first.net, first.level ?? port);
      continue;
    }
    bundles.sort((a, b) => a.mean - b.mean);
    const step = Math.min(10, (ENTRY * 2) / (bundles.length - 1));
    // The one that comes in straight anyway keeps the middle.
    const level = bundles.findIndex((bundle) => bundle.level === port);
    const middle = level === -1 || bundles.length > 3 ? (bundles.length - 1) / 2 : level;
    for (const [i, { net }] of bundles.entries()) out.set(net, Math.round(port + (i - middle) * step));
  }
  return out;
}

function outY(box: Placed, arrow: Arrow): number {
  return box.rows.find(({ key }) => key === arrow.outcome)?.y ?? box.y + SIZE.port;
}

/**
 * Where a line joins one that was drawn before it and goes the same way to the end, it needs no drawing: dashes that lie on dashes
 * would look like a whole line. Gives back the points up to there, or all of them.
 */
export function untilJoined(
  points: readonly Point[],
  drawn: readonly (readonly Point[])[],
): { points: readonly Point[]; joins: boolean } {
  let best: readonly Point[] | undefined;
  for (const other of drawn) {
    let common = 0;
    while (
      common < points.length &&
      common < other.length &&
      near(points.at(-1 - common), other.at(-1 - common))
    )
      common++;
    if (common === 0) continue;
    const [end, mine, theirs] = [points.at(-common), points.at(-1 - common), other.at(-1 - common)] as [
      Point,
      Point?,
      Point?,
    ];
    const rest = points.slice(0, points.length - common);
    const joint = mine === undefined || theirs === undefined ? end : nearer(end, mine, theirs);
    // Their corner is rounded: the line goes on until theirs is straight.
    const cut =
      joint === undefined ? [...rest, end] : near(joint, mine) ? rest : [...rest, along(joint, end, CORNER)];
    if (common === 1 && joint === undefined) continue;
    if (best === undefined || lengthOf(cut) < lengthOf(best)) best = cut;
  }
  return best === undefined || best.length < 2 ? { points, joins: false } : { points: best, joins: true };
}

/** The point a little further on the way to another. */
function along(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(1, by / length);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function near(a: Point | undefined, b: Point | undefined): boolean {
  return a !== undefined && b !== undefined && Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5;
}

/** Of two points in one direction from `end`, the nearer; undefined where they lie in different ones. */
function nearer(end: Point, a: Point, b: Point): Point | undefined {
  const [ax, ay, bx, by] = [a.x - end.x, a.y - end.y, b.x - end.x, b.y - end.y];
  const isLevel = Math.abs(ay) < 0.5 && Math.abs(by) < 0.5 && ax * bx > 0;
  const isUpright = Math.abs(ax) < 0.5 && Math.abs(bx) < 0.5 && ay * by > 0;
  if (!isLevel && !isUpright) return undefined;
  return Math.abs(ax) + Math.abs(ay) <= Math.abs(bx) + Math.abs(by) ? a : b;
}

function lengthOf(points: readonly Point[]): number {
  return points.reduce((sum, { x, y }, i) => {
    const before = points[i - 1];
    return before === undefined ? 0 : sum + Math.abs(x - before.x) + Math.abs(y - before.y);
  }, 0);
}

/** The lines along which arrows may run, and the search over them. */
class Grid {
  private readonly xs: number[];
  private readonly ys: number[];
  private readonly xIndex: ReadonlyMap<number, number>;
  private readonly yIndex: ReadonlyMap<number, number>;
  /** True where the piece to the next x, or to the next y, is not free. */
  private readonly wallX: Uint8Array;
  private readonly wallY: Uint8Array;
  /** Which target's arrow runs there; 0 for none, -1 for several. */
  private readonly usedX: Int32Array;
  private readonly usedY: Int32Array;
  private readonly cost: Float64Array;
  private readonly from: Int32Array;
  private readonly stamp: Int32Array;
  private readonly closed: Int32Array;
  private round = 0;

  constructor({ placed }: Layout, entries: ReadonlySet<number>) {
    const xs = new Set<number>();
    const ys = new Set(entries);
    const boxes = [...placed.values()];
    const lanesY: number[] = [];
    for (const box of boxes) {
      xs.add(box.x - STUB).add(box.x + box.width + STUB);
      lanesY.push(box.y - STUB + 4, box.y + box.height + STUB - 4);
      ys.add(box.y + SIZE.port);
      for (const { y } of box.rows) ys.add(y);
    }
    let kept = -Infinity;
    for (const y of lanesY.sort((a, b) => a - b)) {
      // Lanes that lie nearer to each other than lines may are one.
      if (y - kept <= NEAR) continue;
      ys.add(y);
      kept = y;
    }
    this.xs = withMiddles([...xs], 44);
    this.ys = withMiddles([...ys], 60);
    this.xIndex = new Map(this.xs.map((x, i) => [x, i]));
    this.yIndex = new Map(this.ys.map((y, i) => [y, i]));
    const size = this.xs.length * this.ys.length;
    this.wallX = new Uint8Array(size);
    this.wallY = new Uint8Array(size);
    this.usedX = new Int32Array(size);
    this.usedY = new Int32Array(size);
    this.cost = new Float64Array(size * 2);
    this.from = new Int32Array(size * 2);
    this.stamp = new Int32Array(size * 2);
    this.closed = new Int32Array(size * 2);
    for (const box of boxes) this.block(box);
  }

  private block({ x, y, width, height }: Placed): void {
    const [left, right] = [x - CLEARANCE, x + width + CLEARANCE];
    const [top, bottom] = [y - CLEARANCE, y + height + CLEARANCE];
    const { xs, ys } = this;
    for (let j = lowerBound(ys, top); j < ys.length && (ys[j] as number) < bottom; j++) {
      for (
        let i = Math.max(0, lowerBound(xs, left) - 1);
        i < xs.length - 1 && (xs[i] as number) < right;
        i++
      ) {
        if ((xs[i + 1] as number) > left) this.wallX[j * xs.length + i] = 1;
      }
    }
    for (let i = lowerBound(xs, left); i < xs.length && (xs[i] as number) < right; i++) {
      for (
        let j = Math.max(0, lowerBound(ys, top) - 1);
        j < ys.length - 1 && (ys[j] as number) < bottom;
        j++
      ) {
        if ((ys[j + 1] as number) > top) this.wallY[j * xs.length + i] = 1;
      }
    }
  }

  /** The line from the right side of one box to the left side of another. `net` tells arrows to one target from the others. */
  route(start: Point, end: Point, net: number): Point[] {
    const [si, sj] = [this.xIndex.get(start.x + STUB), this.yIndex.get(start.y)];
    const [ei, ej] = [this.xIndex.get(end.x - STUB), this.yIndex.get(end.y)];
    if (si === undefined || sj === undefined || ei === undefined || ej === undefined) return [start, end];
    const corners = this.search(si, sj, ei, ej, net);
    if (corners === undefined)
      return [start, { x: start.x + STUB, y: start.y }, { x: end.x - STUB, y: end.y }, end];
    return straightened([start, ...corners, end]);
  }

  private search(si: number, sj: number, ei: number, ej: number, net: number): Point[] | undefined {
    const { xs, ys, cost, from, stamp, closed } = this;
    const width = xs.length;
    const round = ++this.round;
    const heap = new Heap();
    // A state is a crossing of two grid lines, and whether it was reached along the level one (0) or the upright one (1).
    const first = (sj * width + si) * 2;
    const goal = (ej * width + ei) * 2;
    const [ex, ey] = [xs[ei] as number, ys[ej] as number];
    const guess = (i: number, j: number, upright: number): number => {
      const [dx, dy] = [Math.abs((xs[i] as number) - ex), Math.abs((ys[j] as number) - ey)];
      const bends = dy > 0 ? (upright === 1 ? 1 : 2) : upright === 1 ? 1 : 0;
      return dx + dy + bends * BEND;
    };
    cost[first] = 0;
    from[first] = -1;
    stamp[first] = round;
    heap.push(first, guess(si, sj, 0));
    for (;;) {
      const state = heap.pop();
      if (state === undefined) return undefined;
      if (closed[state] === round) continue;
      closed[state] = round;
      if (state === goal) return this.trace(state, net);
      const upright = state & 1;
      const cell = state >> 1;
      const i = cell % width;
      const j = (cell - i) / width;
      const sofar = cost[state] as number;
      for (let way = 0; way < 4; way++) {
        const isUpright = way < 2 ? 0 : 1;
        const step = way % 2 === 0 ? 1 : -1;
        const [ni, nj] = isUpright === 0 ? [i + step, j] : [i, j + step];
        if (ni < 0 || nj < 0 || ni >= width || nj >= ys.length) continue;
        const piece = (step === 1 ? cell : nj * width + ni) as number;
        if ((isUpright === 0 ? this.wallX[piece] : this.wallY[piece]) === 1) continue;
        const next = (nj * width + ni) * 2 + isUpright;
        if (closed[next] === round) continue;
        const length =
          isUpright === 0
            ? Math.abs((xs[ni] as number) - (xs[i] as number))
            : Math.abs((ys[nj] as number) - (ys[j] as number));
        let price = sofar + length + (isUpright === upright ? 0 : BEND);
        const used = (isUpright === 0 ? this.usedX[piece] : this.usedY[piece]) as number;
        if (used !== 0) price += used === net ? -length * 0.3 : length * SHARING;
        const across = nj * width + ni;
        const crossed = (isUpright === 0 ? this.usedY[across] : this.usedX[across]) as number;
        if (crossed !== 0 && crossed !== net) price += CROSSING;
        if (stamp[next] === round && price >= (cost[next] as number)) continue;
        cost[next] = price;
        from[next] = state;
        stamp[next] = round;
        heap.push(next, price + guess(ni, nj, isUpright));
      }
    }
  }

  private trace(goal: number, net: number): Point[] {
    const { xs, ys, from } = this;
    const width = xs.length;
    const out: Point[] = [];
    for (let state = goal; state !== -1; state = from[state] as number) {
      const cell = state >> 1;
      const i = cell % width;
      const j = (cell - i) / width;
      out.unshift({ x: xs[i] as number, y: ys[j] as number });
      const before = from[state] as number;
      if (before === -1) break;
      const other = before >> 1;
      const piece = Math.min(cell, other);
      const used = (state & 1) === 0 ? this.usedX : this.usedY;
      used[piece] = used[piece] === 0 || used[piece] === net ? net : -1;
    }
    return out;
  }
}

/** The coordinates in order, with the middle of every wide space between two. */
function withMiddles(values: number[], wide: number): number[] {
  const sorted = values.sort((a, b) => a - b);
  const out: number[] = [];
  for (const [i, value] of sorted.entries()) {
    out.push(value);
    const next = sorted[i + 1];
    if (next !== undefined && next - value > wide) out.push(Math.round((value + next) / 2));
  }
  const [first, last] = [out[0] ?? 0, out.at(-1) ?? 0];
  return [first - 18, ...out, last + 18];
}

function lowerBound(values: readonly number[], least: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The line without corners that are none. */
function straightened(points: readonly Point[]): Point[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined || after === undefined) return true;
    const isSame = before.x === point.x && before.y === point.y;
    return (
      !isSame &&
      !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y))
    );
  });
}

class Heap {
  private readonly states: number[] = [];
  private readonly ranks: number[] = [];

  push(state: number, rank: number): void {
    let i = this.states.length;
    this.states.push(state);
    this.ranks.push(rank);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if ((this.ranks[up] as number) <= rank) break;
      this.swap(i, up);
      i = up;
    }
  }

  pop(): number | undefined {
    const first = this.states[0];
    const [lastState, lastRank] = [this.states.pop(), this.ranks.pop()];
    if (this.states.length === 0 || lastState === undefined || lastRank === undefined) return first;
    this.states[0] = lastState;
    this.ranks[0] = lastRank;
    let i = 0;
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < this.ranks.length && (this.ranks[child] as number) < (this.ranks[least] as number))
          least = child;
      }
      if (least === i) return first;
      this.swap(i, least);
      i = least;
    }
  }

  private swap(a: number, b: number): void {
    const [state, rank] = [this.states[a] as number, this.ranks[a] as number];
    this.states[a] = this.states[b] as number;
    this.ranks[a] = this.ranks[b] as number;
    this.states[b] = state;
    this.ranks[b] = rank;
  }
}

/** A piece of a line that may be moved sideways: not one that leaves or enters a box. */
interface Piece {
  readonly line: { x: number; y: number }[];
  readonly index: number;
  readonly upright: boolean;
  readonly at: number;
  readonly low: number;
  readonly high: number;
  readonly net: string;
  /** Where it comes from and goes to, to keep lines from crossing when they are moved apart. */
  readonly lean: number;
}

/** Draws lines that run in one lane to different targets beside each other. */
function separate(routed: Routed[], layout: Layout): void {
  const pieces: Piece[] = [];
  for (const { arrow, points } of routed) {
    const line = points as { x: number; y: number }[];
    for (let i = 1; i < line.length - 2; i++) {
      const [a, b] = [line[i], line[i + 1]];
      const [before, after] = [line[i - 1], line[i + 2]];
      if (a === undefined || b === undefined || before === undefined || after === undefined) continue;
      const upright = a.x === b.x;
      const [p, q] = upright ? [a.y, b.y] : [a.x, b.x];
      const lean = upright ? before.x + after.x - 2 * a.x : before.y + after.y - 2 * a.y;
      pieces.push({
        line,
        index: i,
        upright,
        at: upright ? a.x : a.y,
        low: Math.min(p, q),
        high: Math.max(p, q),
        net: netOf(arrow),
        lean,
      });
    }
  }
  for (const upright of [true, false]) {
    for (const cluster of touching(pieces.filter((piece) => piece.upright === upright))) {
      const nets = [...Map.groupBy(cluster, ({ net }) => net).values()].sort(
        (a, b) => mean(a, ({ at }) => at) - mean(b, ({ at }) => at) || mean(a, leaning) - mean(b, leaning),
      );
      if (nets.length < 2) continue;
      const middle = mean(cluster, ({ at }) => at);
      const room = freeAround(upright, middle, cluster, layout);
      const step = Math.min(LANE, (room.before + room.after) / (nets.length - 1));
      const spread = step * (nets.length - 1);
      const offset = Math.max(-room.before, Math.min(-spread / 2, room.after - spread));
      for (const [i, net] of nets.entries()) for (const piece of net) move(piece, middle + offset + i * step);
    }
  }
}

function leaning({ lean }: Piece): number {
  return Math.sign(lean);
}

function mean(pieces: readonly Piece[], of: (piece: Piece) => number): number {
  return pieces.reduce((sum, piece) => sum + of(piece), 0) / pieces.length;
}

/** Groups of pieces that run beside each other, nearer than lines may. */
function touching(pieces: readonly Piece[]): Piece[][] {
  const sorted = [...pieces].sort((a, b) => a.at - b.at);
  const groups = new Map<Piece, Set<Piece>>(sorted.map((piece) => [piece, new Set([piece])]));
  for (const [i, piece] of sorted.entries()) {
    for (let j = i + 1; j < sorted.length; j++) {
      const other = sorted[j] as Piece;
      if (other.at - piece.at > NEAR) break;
      if (other.low > piece.high + 2 || piece.low > other.high + 2) continue;
      const [mine, theirs] = [groups.get(piece), groups.get(other)];
      if (mine === undefined || theirs === undefined || mine === theirs) continue;
      for (const one of theirs) {
        mine.add(one);
        groups.set(one, mine);
      }
    }
  }
  return [...new Set(groups.values())].map((group) => [...group]);
}

/** How far the pieces of a lane may be moved before they come too near to a box. */
function freeAround(
  upright: boolean,
  at: number,
  pieces: readonly Piece[],
  layout: Layout,
): { before: number; after: number } {
  let [before, after] = [LANE * 3, LANE * 3];
  const low = Math.min(...pieces.map((piece) => piece.low));
  const high = Math.max(...pieces.map((piece) => piece.high));
  for (const { x, y, width, height } of layout.placed.values()) {
    const [start, end, from, to] = upright ? [y, y + height, x, x + width] : [x, x + width, y, y + height];
    if (end < low - 4 || start > high + 4) continue;
    if (to <= at) before = Math.min(before, at - to - 6);
    if (from >= at) after = Math.min(after, from - at - 10);
  }
  return { before: Math.max(0, before), after: Math.max(0, after) };
}

function move({ line, index, upright }: Piece, to: number): void {
  for (const i of [index, index + 1]) {
    const point = line[i];
    if (point !== undefined) line[i] = upright ? { x: to, y: point.y } : { x: point.x, y: to };
  }
}
