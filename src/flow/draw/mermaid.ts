import type { StepKind } from "../graph/model.ts";
import type { Arrow, Box, Picture } from "./picture.ts";

/** What GitHub draws at most: both limits are beyond a text's reach to raise. */
const MOST_CHARACTERS = 50_000;
const MOST_ARROWS = 500;

/** Shapes that tell the kinds apart without colour. */
const SHAPES: Readonly<Record<StepKind, readonly [open: string, close: string]>> = {
  start: ["([", "])"],
  end: ["(((", ")))"],
  screen: ["[", "]"],
  condition: ["{{", "}}"],
  action: ["(", ")"],
  connector: ["[/", "/]"],
  subflow: ["[[", "]]"],
  missing: [">", "]"],
};

const CLASSES: Readonly<Record<string, string>> = {
  start: "fill:#dcfce7,stroke:#15803d,color:#14532d",
  end: "fill:#334155,stroke:#0f172a,color:#ffffff",
  screen: "fill:#dbeafe,stroke:#1d4ed8,color:#0f172a",
  condition: "fill:#fef3c7,stroke:#b45309,color:#0f172a",
  action: "fill:#ede9fe,stroke:#6d28d9,color:#0f172a",
  connector: "fill:#ccfbf1,stroke:#0f766e,color:#0f172a",
  subflow: "fill:#fce7f3,stroke:#be185d,color:#0f172a",
  missing: "fill:#fee2e2,stroke:#dc2626,color:#0f172a,stroke-dasharray:5 4",
  same: "fill:#f1f5f9,stroke:#94a3b8,color:#475569",
  added: "fill:#dcfce7,stroke:#15803d,color:#0f172a,stroke-width:3px",
  removed: "fill:#fee2e2,stroke:#dc2626,color:#0f172a,stroke-width:3px,stroke-dasharray:6 4",
  changed: "fill:#ffedd5,stroke:#d97706,color:#0f172a,stroke-width:3px",
};

const LINKS = {
  error: "stroke:#dc2626",
  added: "stroke:#15803d,stroke-width:3px",
  removed: "stroke:#dc2626,stroke-width:2px",
};

/**
 * A picture as a Mermaid flowchart that GitHub draws. Of a flow that is too large, details go first, then words, then the ways of
 * errors, then what stands last; what was left out is said in the picture.
 */
export function mermaidOf(picture: Picture): string {
  const levels: readonly (() => string)[] = [
    () => chart(picture, picture.arrows, 60, true, ""),
    () => chart(picture, picture.arrows, 60, false, "details left out"),
    () => chart(picture, picture.arrows, 24, false, "details left out, words cut"),
    () => {
      const kept = picture.arrows.filter(({ kind }) => kind !== "error");
      return chart(
        picture,
        kept,
        24,
        false,
        `details and ${picture.arrows.length - kept.length} ways of errors left out`,
      );
    },
  ];
  for (const level of levels) {
    const text = level();
    if (text.length <= MOST_CHARACTERS && arrowCount(text) <= MOST_ARROWS) return text;
  }
  for (let most = Math.min(MOST_ARROWS, picture.boxes.length); most > 0; most = Math.floor(most * 0.8)) {
    const boxes = picture.boxes.slice(0, most);
    const ids = new Set(boxes.map(({ id }) => id));
    const arrows = picture.arrows
      .filter(({ from, to }) => ids.has(from) && ids.has(to))
      .slice(0, MOST_ARROWS);
    const left = `only ${boxes.length} of ${picture.boxes.length} steps, ${arrows.length} of ${picture.arrows.length} ways`;
    const text = chart({ ...picture, boxes }, arrows, 24, false, left);
    if (text.length <= MOST_CHARACTERS) return text;
  }
  return "flowchart LR\n";
}

function arrowCount(text: string): number {
  return text.split("\n").filter((line) => /^ {2}n\d+ (?:-->|-\.->|==>)/.test(line)).length;
}

function chart(
  picture: Picture,
  arrows: readonly Arrow[],
  longest: number,
  withDetails: boolean,
  omitted: string,
): string {
  const ids = new Map(picture.boxes.map(({ id }, i) => [id, `n${i}`]));
  const out = ["flowchart LR"];
  for (const box of picture.boxes) out.push(`  ${ids.get(box.id)}${shape(box, longest, withDetails)}`);
  const links: string[] = [];
  for (const { from, to, label, kind, status } of arrows) {
    const [a, b] = [ids.get(from), ids.get(to)];
    if (a === undefined || b === undefined) continue;
    const dashed = kind === "error" || kind === "start" || status === "removed";
    const line = status === "added" ? "==>" : dashed ? "-.->" : "-->";
    out.push(`  ${a} ${line}${label === "" ? "" : `|${quoted(label, longest)}|`} ${b}`);
    links.push(status === "same" && kind === "error" && !picture.compares ? "error" : status);
  }
  for (const [look, style] of Object.entries(LINKS)) {
    const numbers = links.flatMap((link, i) => (link === look ? [i] : []));
    if (numbers.length > 0) out.push(`  linkStyle ${numbers.join(",")} ${style}`);
  }
  const groups = Map.groupBy(picture.boxes, (box) => (picture.compares ? box.status : box.kind));
  for (const [name, boxes] of groups) {
    out.push(`  classDef is_${name} ${CLASSES[name]}`);
    out.push(`  class ${boxes.map(({ id }) => ids.get(id)).join(",")} is_${name}`);
  }
  if (omitted !== "") out.push(`  omitted>${quoted(omitted, 200)}]`);
  return `${out.join("\n")}\n`;
}

function shape({ kind, name, detail, status, note }: Box, longest: number, withDetails: boolean): string {
  const [open, close] = SHAPES[kind];
  const sign = status === "added" ? "+ " : status === "removed" ? "- " : status === "changed" ? "~ " : "";
  const lines = [
    `${sign}${name}`,
    ...(withDetails && detail !== "" && detail !== name ? [detail] : []),
    ...(withDetails && note !== "" ? [note] : []),
  ];
  return `${open}"${lines.map((line) => escaped(line, longest)).join("<br/>")}"${close}`;
}

function quoted(text: string, longest: number): string {
  return `"${escaped(text, longest)}"`;
}

/**
 * Text from elsewhere within a quoted label. Mermaid reads quotes, entities, Markdown and HTML in there, so everything but letters,
 * digits and harmless marks is written as a character's number.
 */
function escaped(text: string, longest: number): string {
  const chars = [...text.toWellFormed().replace(/\s+/g, " ").trim()];
  const shown = chars.length > longest ? [...chars.slice(0, longest - 1), "…"] : chars;
  const out = shown
    .map((char) => {
      if (/[\p{L}\p{N} .,:()=≠≤≥…/+~_-]/u.test(char)) return char;
      if (/[\p{C}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(char)) return "";
      return `#${char.codePointAt(0)};`;
    })
    .join("");
  // A list's mark at the beginning would be read as Markdown; an empty label as none.
  const safe = out
    .replace(/^(\d+)\./, "$1#46;")
    .replace(/^([-+]) /, (_, sign: string) => `#${sign.charCodeAt(0)}; `);
  return safe === "" ? "#160;" : safe;
}
