import type { Arrow } from "./picture.ts";
import { SIZE, type Layout, type Placed } from "./place.ts";
import { Grid } from "./grid.ts";
import { separate } from "./lanes.ts";
import { netOf, type Point, type Routed } from "./routed.ts";

/** The radius of a line's corners. */
export const CORNER = 9;

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
