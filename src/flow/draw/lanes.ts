import type { Layout } from "./place.ts";
import { NEAR } from "./grid.ts";
import { netOf, type Routed } from "./routed.ts";

/** Lines in one lane stand this far apart. */
const LANE = 7;

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
export function separate(routed: Routed[], layout: Layout): void {
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

export function mean(pieces: readonly Piece[], of: (piece: Piece) => number): number {
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
