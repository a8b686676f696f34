import { SIZE, type Layout, type Placed } from "./place.ts";
import type { Point } from "./routed.ts";

/** How far a line goes straight out of and into a box. */
export const STUB = 20;

/** How near a line may come to a box that it does not belong to. */
const CLEARANCE = 10;

/** What a bend and a crossing cost, in pixels of line. */
const BEND = 48;
const CROSSING = 14;

/** Running on another arrow's line, per pixel: it is told apart afterwards, but worse to follow. */
const SHARING = 1.6;

/** Lanes this near to each other are one. */
export const NEAR = 5;

/** The lines along which arrows may run, and the search over them. */
export class Grid {
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
