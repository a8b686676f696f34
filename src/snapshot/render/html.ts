import { svgOf } from "../../flow/draw/svg.ts";
import type { Arrow, Box, Picture } from "../../flow/draw/picture.ts";
import { xmlText } from "../../output/html.ts";
import type { Comparison } from "../diff/compare-sides.ts";
import type { Plan } from "../plan/plan.ts";
import { comparisonSummary, differenceViews } from "./diff-text.ts";
import { planView } from "./plan-view.ts";
import { sections, type EntityView, type Row } from "./view.ts";

/** A plan as one HTML file that needs nothing else and runs no script, with old and new flows beside each other. */
export async function planHtml(plan: Plan): Promise<string> {
  const view = planView(plan);
  const pictures = new Map(
    plan.changes.flatMap(({ address, picture }) => (picture === undefined ? [] : [[address, picture]])),
  );
  const alerts = [
    ...view.risks.map(({ code, level, address, text }) => ({ code, level, address, text })),
    ...view.blocked.map(({ code, address, text }) => ({ code, level: "high", address, text })),
  ];
  return page(`Plan ${view.title}`, [
    `<h1>Plan <code>${xmlText(view.title)}</code></h1>`,
    `<p class="sum">${xmlText(view.context)}</p><p class="sum">${xmlText(view.summary)}</p>`,
    alerts.length === 0
      ? ""
      : `<ul class="risks">${alerts.map(({ code, level, address, text }) => `<li class="${level}"><strong>${xmlText(code)}</strong> <code>${xmlText(address)}</code> ${xmlText(text)}</li>`).join("")}</ul>`,
    await entitiesHtml(view.entities, pictures),
    "<h2>Left alone</h2>",
    `<ul>${view.leftAlone.map((line) => `<li>${xmlText(line)}</li>`).join("")}</ul>`,
    view.warnings.length === 0
      ? ""
      : `<h2>Notes</h2><ul>${view.warnings.map((line) => `<li>${xmlText(line)}</li>`).join("")}</ul>`,
    noiseHtml(view.noise, plan.noiseList),
    `<p>Fingerprint <code>${plan.fingerprint}</code>. Next: <code>${xmlText(view.next)}</code></p>`,
  ]);
}

/** A comparison as one HTML file of the same kind. */
export async function comparisonHtml(comparison: Comparison): Promise<string> {
  const { left, right, differences, noise, noiseList } = comparison;
  const pictures = new Map(
    differences.flatMap(({ address, picture }) => (picture === undefined ? [] : [[address, picture]])),
  );
  return page(`${left} -> ${right}`, [
    `<h1>Differences <code>${xmlText(left)}</code> to <code>${xmlText(right)}</code></h1>`,
    `<p class="sum">${xmlText(comparisonSummary(comparison))}</p>`,
    await entitiesHtml(differenceViews(comparison), pictures),
    noiseHtml(
      Object.entries(noise).map(([kind, count]) => `${count} ${kind}`),
      noiseList,
    ),
  ]);
}

function page(title: string, parts: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${xmlText(title)}</title><style>${STYLE}</style></head><body>`,
    ...parts.filter((part) => part !== ""),
    "</body></html>",
    "",
  ].join("\n");
}

async function entitiesHtml(
  entities: readonly EntityView[],
  pictures: ReadonlyMap<string, Picture>,
): Promise<string> {
  const out: string[] = [];
  let number = 0;
  for (const [title, group] of sections(entities)) {
    out.push(`<h2>${xmlText(title)}</h2>`);
    for (const entity of group) out.push(await entityHtml(entity, pictures.get(entity.address), number++));
  }
  return out.join("\n");
}

async function entityHtml(entity: EntityView, picture: Picture | undefined, number: number): Promise<string> {
  const { symbol, address, previous, summary, rows, hidden } = entity;
  const was = previous === undefined ? "" : ` <span>was ${xmlText(previous)}</span>`;
  return [
    `<details open><summary><b class="${CLASSES[symbol]}">${symbol === "-" ? "−" : symbol}</b> <code>${xmlText(address)}</code>${was} <span>${xmlText(summary)}</span></summary>`,
    rows.length === 0 ? "" : `<ul class="changes">${rows.map(rowHtml).join("")}</ul>`,
    hidden === 0 ? "" : `<p class="sum">${hidden} hidden that mean nothing</p>`,
    picture === undefined ? "" : await pictureHtml(picture, number),
    "</details>",
  ].join("");
}

const CLASSES = { "+": "add", "-": "remove", "~": "change", ">": "change", "*": "secret", " ": "" } as const;

function rowHtml({ symbol, label, text, note, lines, depth = 0 }: Row): string {
  const shown = (lines ?? []).map((line) => {
    if (line.startsWith("+")) return `<ins>${xmlText(line)}</ins>`;
    return line.startsWith("-") ? `<del>${xmlText(line)}</del>` : xmlText(line);
  });
  return [
    `<li class="${CLASSES[symbol]}"${depth === 0 ? "" : ` style="margin-left:${depth * 1.5}rem"`}><b>${symbol === "-" ? "−" : symbol}</b> `,
    label === "" ? "" : `<span>${xmlText(label)}</span> `,
    xmlText(text),
    note === undefined ? "" : ` <em>(${xmlText(note)})</em>`,
    shown.length === 0 ? "" : `<pre>${shown.join("\n")}</pre>`,
    "</li>",
  ].join("");
}

/** The old flow and the new one beside each other; of a new flow, it alone. */
async function pictureHtml(both: Picture, number: number): Promise<string> {
  if (!both.compares) return `<div class="picture">${scoped(await svgOf(both), `p${number}`)}</div>`;
  const [before, after] = [
    await svgOf(side(both, "added", "Before")),
    await svgOf(side(both, "removed", "After")),
  ];
  return [
    `<div class="pair"><figure><figcaption>Before</figcaption><div class="picture">${scoped(before, `b${number}`)}</div></figure>`,
    `<figure><figcaption>After</figcaption><div class="picture">${scoped(after, `a${number}`)}</div></figure></div>`,
  ].join("");
}

/** One side of a picture that shows both: without what only the other has. */
function side(both: Picture, other: "added" | "removed", subtitle: string): Picture {
  const boxes: Box[] = both.boxes.filter(({ status }) => status !== other);
  const there = new Set(boxes.map(({ id }) => id));
  const arrows: Arrow[] = both.arrows.filter(
    ({ status, from, to }) => status !== other && there.has(from) && there.has(to),
  );
  const ways = new Set(arrows.map(({ from, outcome }) => `${from} ${outcome}`));
  return {
    ...both,
    subtitle,
    boxes: boxes.map((box) => ({
      ...box,
      ...(other === "added" ? box.was : undefined),
      outcomes: box.outcomes.filter(({ key, leads }) => !leads || ways.has(`${box.id} ${key}`)),
    })),
    arrows,
  };
}

/** Several pictures in one page must not share the names of their arrow heads. */
function scoped(svg: string, scope: string): string {
  return svg.replaceAll('id="tip-', `id="${scope}-tip-`).replaceAll("url(#tip-", `url(#${scope}-tip-`);
}

function noiseHtml(kinds: readonly string[], list: readonly string[] | undefined): string {
  if (kinds.length === 0) return "";
  const items = (list ?? []).map((one) => `<li>${xmlText(one)}</li>`).join("");
  return `<details><summary>Hidden, because it means nothing: ${xmlText(kinds.join(", "))}</summary>${items === "" ? "" : `<ul>${items}</ul>`}</details>`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#0f172a;--soft:#64748b;--edge:#e2e8f0;--paper:#fff;--code:#f1f5f9}
@media (prefers-color-scheme:dark){:root{--ink:#e2e8f0;--soft:#94a3b8;--edge:#334155;--paper:#0f172a;--code:#1e293b}}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:1900px;padding:0 1.5rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .6rem}.sum{color:var(--soft);margin:.3rem 0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--code);border-radius:5px}code{padding:.1em .35em}pre{padding:.7rem;overflow:auto;max-height:32rem;font-size:13px;margin:.4rem 0}
.picture{border:1px solid var(--edge);border-radius:8px;overflow:auto;background:#fbfcfe;margin:.6rem 0}.picture svg{display:block;max-width:100%;height:auto;min-width:900px}
.pair{display:grid;gap:1rem;grid-template-columns:1fr 1fr}figure{margin:0;min-width:0}figcaption{color:var(--soft)}
.risks{list-style:none;padding:0}.risks li{border-left:4px solid #64748b;padding:.4rem .8rem;margin:.4rem 0;background:var(--code);border-radius:0 6px 6px 0}.risks .medium{border-color:#d97706}.risks .high{border-color:#dc2626}
details{border:1px solid var(--edge);border-radius:8px;padding:.5rem .9rem;margin:.5rem 0}summary{cursor:pointer;overflow-wrap:anywhere}summary span{color:var(--soft)}
.changes{list-style:none;padding:0;margin:.5rem 0 0}.changes li{margin:.2rem 0;overflow-wrap:anywhere}.changes span{display:inline-block;min-width:9em;color:var(--soft)}
b.add,.add>b,ins{color:#15803d}b.remove,.remove>b,del{color:#dc2626}b.change,.change>b{color:#d97706}.secret>b{color:#0369a1}ins,del{text-decoration:none}
@media (max-width:900px){.pair{grid-template-columns:1fr}}
`.replace(/\n/g, "");
