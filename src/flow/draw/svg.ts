import { xmlText } from "../../output/html.ts";
import type { StepKind } from "../graph/model.ts";
import { fitText, textWidth } from "./measure.ts";
import type { Arrow, Picture, Status } from "./picture.ts";
import { placeBoxes, SIZE, type Layout, type Placed } from "./place.ts";
import { CORNER, routeArrows, untilJoined } from "./route.ts";
import { netOf, type Point, type Routed } from "./routed.ts";

/** How a kind of step looks: its outline tells it apart without its colour. */
interface Look {
  readonly word: string;
  readonly line: string;
  readonly fill: string;
}

const LOOKS: Readonly<Record<StepKind, Look>> = {
  start: { word: "start", line: "#15803d", fill: "#dcfce7" },
  end: { word: "end", line: "#0f172a", fill: "#334155" },
  screen: { word: "screen", line: "#1d4ed8", fill: "#dbeafe" },
  condition: { word: "condition", line: "#b45309", fill: "#fef3c7" },
  action: { word: "action", line: "#6d28d9", fill: "#ede9fe" },
  connector: { word: "connector", line: "#0f766e", fill: "#ccfbf1" },
  subflow: { word: "subflow", line: "#be185d", fill: "#fce7f3" },
  missing: { word: "missing step", line: "#dc2626", fill: "#fee2e2" },
};

const UNCHANGED: Look = { word: "unchanged", line: "#94a3b8", fill: "#f1f5f9" };

const STATUS: Readonly<Record<Exclude<Status, "same">, { line: string; sign: string; word: string }>> = {
  added: { line: "#15803d", sign: "M-5 0 H5 M0 -5 V5", word: "added" },
  removed: { line: "#dc2626", sign: "M-5 0 H5", word: "removed" },
  changed: { line: "#d97706", sign: "M-5.5 1.5 C-3.5 -5 -1.5 -3 0 0 S3.5 5 5.5 -1.5", word: "changed" },
};
const SIGN_PEN = 'fill="none" stroke="#ffffff" stroke-width="2.2" stroke-linecap="round"';

const ARROWS = {
  plain: "#475569",
  error: "#dc2626",
  start: "#15803d",
  added: "#15803d",
  removed: "#dc2626",
  faded: "#b6c2d1",
} as const;
type ArrowLook = keyof typeof ARROWS;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, 'Noto Sans', sans-serif";
/** How far the slanted sides of a connector lean. */
const SLANT = 14;
/** How much is cut off the corners of a condition. */
const CUT = 13;

/** A picture as an SVG document: no script, nothing from elsewhere, every text escaped. */
export async function svgOf(picture: Picture, wanted: "canvas" | "auto" = "canvas"): Promise<string> {
  const layout = await placeBoxes(picture, wanted);
  const routed = routeArrows(layout, picture.arrows);
  const legend = legendOf(picture);
  const xs = routed.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = routed.flatMap(({ points }) => points.map(({ y }) => y));
  // Arrows may run outside of all boxes.
  const left = Math.min(0, ...xs.map((x) => x - 24));
  const top = Math.min(0, ...ys.map((y) => y - 76));
  const width = Math.max(layout.width, legend.width + 48, ...xs.map((x) => x + 24)) - left;
  const height = Math.max(layout.height, ...ys.map((y) => y + 60)) - top;
  const size = `width="${n(width)}" height="${n(height)}" viewBox="${n(left)} ${n(top)} ${n(width)} ${n(height)}"`;
  const name = xmlText(picture.title);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${name}" font-family="${FONT}">`,
    `<title>${name}</title>`,
    `<defs>${markers()}</defs>`,
    `<rect x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" fill="${PAPER}"/>`,
    text(left + 28, top + 38, fitText(picture.title, width - 56, 20, true), {
      size: 20,
      bold: true,
      fill: "#0f172a",
    }),
    text(left + 28, top + 58, fitText(picture.subtitle, width - 56, 12), { size: 12, fill: "#64748b" }),
    ...arrowsSvg(picture, routed, layout),
    ...[...layout.placed.values()].map((placed) => boxSvg(picture, placed)),
    `<g transform="translate(${n(left + 28)} ${n(top + height - 30)})">${legend.svg}</g>`,
    "</svg>",
    "",
  ].join("\n");
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

interface TextLook {
  readonly size: number;
  readonly fill: string;
  readonly bold?: boolean;
  readonly anchor?: "start" | "middle" | "end";
  readonly through?: boolean;
  readonly italic?: boolean;
}

function text(x: number, y: number, content: string, look: TextLook): string {
  const { size, fill, bold, anchor, through, italic } = look;
  const attributes = [
    `x="${n(x)}" y="${n(y)}" font-size="${size}" fill="${fill}"`,
    ...(bold === true ? ['font-weight="600"'] : []),
    ...(anchor === undefined || anchor === "start" ? [] : [`text-anchor="${anchor}"`]),
    ...(through === true ? ['text-decoration="line-through"'] : []),
    ...(italic === true ? ['font-style="italic"'] : []),
  ];
  return `<text ${attributes.join(" ")}>${xmlText(content)}</text>`;
}

function markers(): string {
  return Object.entries(ARROWS)
    .map(
      ([name, colour]) =>
        `<marker id="tip-${name}" viewBox="0 0 10 10" refX="9.2" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.6 L10 5 L0 9.4 L2.4 5 Z" fill="${colour}"/></marker>`,
    )
    .join("");
}

function lookOf({ compares }: Picture, { kind, status }: Arrow): ArrowLook {
  if (status === "added" || status === "removed") return status;
  if (compares) return "faded";
  return kind === "error" ? "error" : kind === "start" ? "start" : "plain";
}

/** All arrows, the faded ones below. What runs together is drawn together, each bundle over a light border of its own. */
function arrowsSvg(picture: Picture, routed: readonly Routed[], layout: Layout): string[] {
  const isFaded = ({ arrow }: Routed) => lookOf(picture, arrow) === "faded";
  const inOrder = [...routed.filter(isFaded), ...routed.filter((one) => !isFaded(one))];
  return [...Map.groupBy(inOrder, ({ arrow }) => netOf(arrow)).values()].flatMap((bundle) => {
    const whole: (readonly Point[])[] = [];
    const drawn = bundle.map(({ arrow, points }) => {
      const part = untilJoined(points, whole);
      whole.push(points);
      return arrowSvg(picture, arrow, part, layout);
    });
    return [...drawn.map(({ border }) => border), ...drawn.map(({ line }) => line)];
  });
}

function arrowSvg(
  picture: Picture,
  arrow: Arrow,
  { points, joins }: { points: readonly Point[]; joins: boolean },
  { placed }: Layout,
): { border: string; line: string } {
  const look = lookOf(picture, arrow);
  const [from, to] = [placed.get(arrow.from), placed.get(arrow.to)];
  if (from === undefined || to === undefined || points.length < 2) return { border: "", line: "" };
  const line = [...points];
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  line[0] = { x: rightEdge(from, first.y), y: first.y };
  if (!joins) line[line.length - 1] = { x: leftEdge(to, last.y) - 1, y: last.y };
  const words = `${from.box.name}${arrow.label === "" ? "" : ` — ${arrow.label}`} → ${to.box.name}`;
  const status = arrow.status === "same" || arrow.status === "changed" ? "" : ` (${arrow.status})`;
  const d = rounded(line);
  const width = look === "faded" ? 1.3 : picture.compares ? 2.4 : 1.6;
  const tip = joins ? "" : ` marker-end="url(#tip-${look})"`;
  return {
    border: `<path d="${d}" fill="none" stroke="${PAPER}" stroke-width="${width + 4.4}"/>`,
    line: `<path d="${d}" fill="none" stroke="${ARROWS[look]}" stroke-width="${width}"${dashes(arrow)}${tip}><title>${xmlText(words + status)}</title></path>`,
  };
}

function dashes({ kind, status }: Arrow): string {
  if (kind === "error" || status === "removed") return ' stroke-dasharray="6 4"';
  return kind === "start" ? ' stroke-dasharray="2 4" stroke-linecap="round"' : "";
}

const PAPER = "#fbfcfe";

/** A path with rounded corners. */
function rounded(points: readonly Point[]): string {
  let d = `M${n(points[0]?.x ?? 0)} ${n(points[0]?.y ?? 0)}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [before, here, after] = [points[i - 1], points[i], points[i + 1]] as [Point, Point, Point];
    const radius = Math.min(CORNER, distance(before, here) / 2, distance(here, after) / 2);
    const [a, b] = [towards(here, before, radius), towards(here, after, radius)];
    d += ` L${n(a.x)} ${n(a.y)} Q${n(here.x)} ${n(here.y)} ${n(b.x)} ${n(b.y)}`;
  }
  const last = points.at(-1) as Point;
  return `${d} L${n(last.x)} ${n(last.y)}`;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to);
  return length === 0
    ? from
    : { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}

/** Where the outline of a box is at a height: slanted sides lie within the box's area. */
function rightEdge({ box, x, y, width, height }: Placed, at: number): number {
  return x + width - (box.kind === "connector" ? (SLANT * (at - y)) / height : 0);
}

function leftEdge({ box, x, y, height }: Placed, at: number): number {
  return x + (box.kind === "connector" ? SLANT * (1 - (at - y) / height) : 0);
}

function boxSvg(picture: Picture, placed: Placed): string {
  const { box, x, y, width, height } = placed;
  const look = picture.compares && box.status === "same" ? UNCHANGED : LOOKS[box.kind];
  const status = box.status === "same" ? undefined : STATUS[box.status];
  const line = status?.line ?? look.line;
  const parked = box.reachable || box.kind === "start" ? "" : ' opacity="0.55"';
  const title = [
    `${LOOKS[box.kind].word}: ${box.name}`,
    ...(box.detail === "" ? [] : [box.detail]),
    ...(box.status === "same" ? [] : [`${box.status}${box.note === "" ? "" : `: ${box.note}`}`]),
    ...(box.reachable ? [] : ["cannot be reached from start"]),
  ].join("\n");
  const out = [`<g transform="translate(${n(x)} ${n(y)})"${parked}><title>${xmlText(title)}</title>`];
  const stroke = `stroke="${line}" stroke-width="${status === undefined ? 1.5 : 2.6}"${box.status === "removed" || box.kind === "missing" ? ' stroke-dasharray="7 4"' : ""}`;
  if (box.kind === "start" || box.kind === "end") out.push(pillSvg(placed, look, stroke, picture));
  else {
    const outline = outlineOf(box.kind, width, height);
    out.push(
      `<path d="${outline}" fill="#ffffff" ${stroke}/>`,
      headSvg(placed, look),
      wordsSvg(placed, look, line),
    );
    // The outline again, over what fills it.
    out.push(`<path d="${outline}" fill="none" ${stroke}/>`);
  }
  if (status !== undefined) {
    out.push(
      `<circle cx="${n(width - 2)}" cy="0" r="11" fill="${status.line}" stroke="#ffffff" stroke-width="2"/>`,
      `<path d="${status.sign}" transform="translate(${n(width - 2)} 0)" ${SIGN_PEN}/>`,
    );
  }
  if (!box.reachable && box.kind !== "start") {
    out.push(text(0, -7, "not reachable", { size: 10.5, italic: true, fill: "#b91c1c" }));
  }
  out.push("</g>");
  return out.join("");
}

function pillSvg({ box, name, width, height }: Placed, look: Look, stroke: string, picture: Picture): string {
  const [w, h, top] = [width, 40, (height - 40) / 2];
  const isFaded = picture.compares && box.status === "same";
  const dark = box.kind === "end" && !isFaded;
  const out = [
    `<rect x="0" y="${n(top)}" width="${n(w)}" height="${h}" rx="20" fill="${look.fill}" ${stroke}/>`,
  ];
  if (box.kind === "end") {
    const ring = dark ? "#cbd5e1" : look.line;
    out.push(
      `<rect x="4" y="${n(top + 4)}" width="${n(w - 8)}" height="${h - 8}" rx="16" fill="none" stroke="${ring}" stroke-width="1"/>`,
    );
  } else out.push(`<path d="M15 ${n(height / 2 - 6)} l10 6 l-10 6 z" fill="${look.line}"/>`);
  const middle = box.kind === "end" ? w / 2 : w / 2 + 9;
  const shown = fitText(name[0] ?? "", w - (box.kind === "end" ? 22 : 42), SIZE.nameFont, true);
  const fill = dark ? "#ffffff" : isFaded ? "#64748b" : look.line;
  out.push(
    text(middle, height / 2 + 4.5, shown, { size: SIZE.nameFont, bold: true, fill, anchor: "middle" }),
  );
  return out.join("");
}

function outlineOf(kind: StepKind, w: number, h: number): string {
  switch (kind) {
    case "condition":
      return `M${CUT} 0 H${w - CUT} L${w} ${CUT} V${h - CUT} L${w - CUT} ${h} H${CUT} L0 ${h - CUT} V${CUT} Z`;
    case "connector":
      return `M${SLANT} 0 H${w} L${w - SLANT} ${h} H0 Z`;
    case "action":
      return roundedRect(w, h, 14);
    case "screen":
      return roundedRect(w, h, 5);
    default:
      return roundedRect(w, h, 1);
  }
}

function roundedRect(w: number, h: number, r: number): string {
  return `M${r} 0 H${w - r} Q${w} 0 ${w} ${r} V${h - r} Q${w} ${h} ${w - r} ${h} H${r} Q0 ${h} 0 ${h - r} V${r} Q0 0 ${r} 0 Z`;
}

/** Height of the coloured part of a box: all above the first row. */
function headHeight({ rows, y, height, note }: Placed): number {
  const [first] = rows;
  return first === undefined ? height - (note === "" ? 0 : 18) : first.y - y - SIZE.row / 2 - 1;
}

function headSvg(placed: Placed, look: Look): string {
  const { box, width: w, height: h } = placed;
  const head = headHeight(placed);
  const isAll = head >= h - 1;
  const out: string[] = [];
  switch (box.kind) {
    case "condition":
      out.push(
        `<path d="M${CUT} 0 H${w - CUT} L${w} ${CUT} V${isAll ? h - CUT : head} ${isAll ? `L${w - CUT} ${h} H${CUT} L0 ${h - CUT}` : "H0"} V${CUT} Z" fill="${look.fill}"/>`,
      );
      break;
    case "connector": {
      const at = (y: number) => [SLANT * (1 - y / h), w - (SLANT * y) / h] as const;
      const [l, r] = at(head);
      out.push(`<path d="M${SLANT} 0 H${w} L${n(r)} ${n(head)} H${n(l)} Z" fill="${look.fill}"/>`);
      break;
    }
    case "action":
      out.push(
        `<path d="M14 0 H${w - 14} Q${w} 0 ${w} 14 V${isAll ? h - 14 : head} ${isAll ? `Q${w} ${h} ${w - 14} ${h} H14 Q0 ${h} 0 ${h - 14}` : "H0"} V14 Q0 0 14 0 Z" fill="${look.fill}"/>`,
      );
      break;
    case "screen":
      // A window: a bar with three dots.
      out.push(
        `<path d="M5 0 H${w - 5} Q${w} 0 ${w} 5 V13 H0 V5 Q0 0 5 0 Z" fill="${look.fill}"/>`,
        `<path d="M0 13 H${w}" stroke="${look.line}" stroke-width="1"/>`,
        ...[9, 17, 25].map((x) => `<circle cx="${x}" cy="6.5" r="2.2" fill="${look.line}"/>`),
      );
      break;
    case "subflow":
      out.push(
        `<rect width="${w}" height="${n(head)}" fill="${look.fill}"/>`,
        `<path d="M8 0 V${h} M${w - 8} 0 V${h}" stroke="${look.line}" stroke-width="1.5"/>`,
      );
      break;
    default:
      out.push(`<rect width="${w}" height="${n(head)}" fill="${look.fill}"/>`);
  }
  if (!isAll && placed.rows.length > 0) {
    const inset = box.kind === "connector" ? SLANT : box.kind === "subflow" ? 8 : 0;
    out.push(
      `<path d="M${inset} ${n(head)} H${w - inset}" stroke="${look.line}" stroke-width="0.8" stroke-opacity="0.45"/>`,
    );
  }
  return out.join("");
}

function wordsSvg(placed: Placed, look: Look, line: string): string {
  const { box, name, detail, note, rows, height, y } = placed;
  const through = box.status === "removed";
  const out: string[] = [];
  // The words stand in the middle of the coloured part, or of what a screen has below its bar.
  const bar = box.kind === "screen" ? 13 : 0;
  const lines = name.length * 17 + (detail === "" ? 0 : 15);
  const top = Math.round(bar + (headHeight(placed) - bar - lines) / 2 + 13);
  out.push(iconSvg(box.kind, look, top + lines / 2 - 22));
  for (const [i, words] of name.entries()) {
    out.push(text(40, top + i * 17, words, { size: SIZE.nameFont, bold: true, fill: "#0f172a", through }));
  }
  if (detail !== "")
    out.push(text(40, top + name.length * 17 - 1, detail, { size: SIZE.detailFont, fill: "#475569" }));
  for (const row of rows) {
    const at = row.y - y;
    const edge = rightEdge(placed, row.y) - placed.x;
    const isFaded = look === UNCHANGED;
    const fill = !row.leads ? "#94a3b8" : isFaded ? "#64748b" : row.kind === "error" ? "#b91c1c" : "#1e293b";
    const dot = row.kind === "error" && !isFaded ? ARROWS.error : line;
    out.push(
      text(edge - 13, at + 4, row.shown, { size: SIZE.rowFont, fill, anchor: "end", italic: !row.leads }),
      row.leads
        ? `<circle cx="${n(edge)}" cy="${n(at)}" r="3.4" fill="${row.kind === "error" ? dot : "#ffffff"}" stroke="${dot}" stroke-width="1.5"/>`
        : `<path d="M${n(edge - 4)} ${n(at - 4)} l8 8 m0 -8 l-8 8" stroke="#94a3b8" stroke-width="1.5"/>`,
    );
  }
  if (note !== "") {
    out.push(text(14, height - 7, note, { size: SIZE.detailFont, bold: true, fill: STATUS.changed.line }));
  }
  return out.join("");
}

/** A small sign of the kind, 18 by 18, left of the name. */
function iconSvg(kind: StepKind, { line }: Look, y: number): string {
  const pen = `fill="none" stroke="${line}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"`;
  const at = `translate(15 ${n(y)})`;
  const paths: Readonly<Record<StepKind, string>> = {
    start: "",
    end: "",
    screen: "M1 3 h15 v11 h-15 z M5 7 h7 M5 10 h4",
    condition: "M8.5 0.5 L16.5 8.5 L8.5 16.5 L0.5 8.5 Z M8.5 5 v4.2 M8.5 12.1 v0.1",
    action:
      "M8.5 5.5 a3 3 0 1 0 0.01 0 M8.5 0.8 v2.2 M8.5 14 v2.2 M0.8 8.5 h2.2 M14 8.5 h2.2 M3 3 l1.6 1.6 M12.4 12.4 l1.6 1.6 M3 14 l1.6 -1.6 M12.4 4.6 l1.6 -1.6",
    connector: "M1 5.5 h13 m-3.5 -3.5 l3.5 3.5 l-3.5 3.5 M16 11.5 h-13 m3.5 -3.5 l-3.5 3.5 l3.5 3.5",
    subflow: "M1 1 h9 v9 h-9 z M7 7 h9 v9 h-9 z",
    missing: "M3 3 l11 11 M14 3 l-11 11",
  };
  return `<path transform="${at}" d="${paths[kind]}" ${pen}/>`;
}

/** What the shapes and lines mean. */
function legendOf(picture: Picture): { svg: string; width: number } {
  const out: string[] = [];
  let x = 0;
  const entry = (sign: string, signWidth: number, words: string) => {
    out.push(
      `<g transform="translate(${n(x)} 0)">${sign}${text(signWidth + 7, 4, words, { size: 11.5, fill: "#475569" })}</g>`,
    );
    x += signWidth + 7 + textWidth(words, 11.5) + 20;
  };
  const kinds = (["screen", "condition", "action", "connector", "subflow", "missing"] as const).filter(
    (kind) => picture.boxes.some((box) => box.kind === kind),
  );
  for (const kind of kinds) {
    const look = picture.compares ? UNCHANGED : LOOKS[kind];
    const scale = "translate(0 -8) scale(0.26 0.26)";
    const bar = kind === "screen" ? `<path d="M0 14 H100" stroke="${look.line}" stroke-width="5"/>` : "";
    const sides =
      kind === "subflow" ? `<path d="M12 0 V62 M88 0 V62" stroke="${look.line}" stroke-width="5"/>` : "";
    const dashes = kind === "missing" ? ' stroke-dasharray="14 9"' : "";
    entry(
      `<g transform="${scale}"><path d="${outlineOf(kind, 100, 62)}" fill="${look.fill}" stroke="${look.line}" stroke-width="5"${dashes}/>${bar}${sides}</g>`,
      26,
      LOOKS[kind].word,
    );
  }
  const line = (look: ArrowLook, dash: string) =>
    `<path d="M0 0 H30" stroke="${ARROWS[look]}" stroke-width="2"${dash} marker-end="url(#tip-${look})"/>`;
  if (picture.compares) {
    for (const status of ["added", "removed", "changed"] as const) {
      const { line: colour, sign, word } = STATUS[status];
      entry(
        `<circle cx="9" cy="0" r="9" fill="${colour}"/><path d="${sign}" transform="translate(9 0) scale(0.85)" ${SIGN_PEN}/>`,
        18,
        word,
      );
    }
    entry(line("added", ""), 32, "new way");
    entry(line("removed", ' stroke-dasharray="6 4"'), 32, "way that is gone");
  } else if (picture.arrows.some(({ kind }) => kind === "error")) {
    entry(line("plain", ""), 32, "way on");
    entry(line("error", ' stroke-dasharray="6 4"'), 32, "on an error");
  }
  return { svg: out.join(""), width: x };
}
