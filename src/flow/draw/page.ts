import { hunks } from "../../diff/lines.ts";
import { xmlText } from "../../output/html.ts";
import type { Change } from "../diff/change.ts";
import type { FlowDiff } from "../diff/compare.ts";
import type { Risk } from "../diff/risk.ts";
import { grouped, noiseWords, summaryWords } from "../diff/text.ts";
import { diffPicture, flowPicture, type Picture, type Status } from "./picture.ts";
import { svgOf } from "./svg.ts";

/**
 * A comparison as one HTML file that needs nothing else and runs no script: risks, every change, both flows in one picture, and the
 * old and the new one beside each other.
 */
export async function diffPage(
  diff: FlowDiff,
  risks: readonly Risk[],
  layout: "canvas" | "auto",
): Promise<string> {
  const both = diffPicture(diff);
  const title = diff.left.id === diff.right.id ? diff.right.id : `${diff.left.id} -> ${diff.right.id}`;
  const [union, before, after] = [
    await svgOf(both, layout),
    await svgOf(marked(flowPicture(diff.left), both, "left"), layout),
    await svgOf(marked(flowPicture(diff.right), both, "right"), layout),
  ];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${xmlText(`Flow ${title}`)}</title><style>${STYLE}</style></head><body>`,
    `<h1>Flow <code>${xmlText(title)}</code></h1><p class="sum">${xmlText(summaryWords(diff))}</p>`,
    ...(risks.length === 0 ? [] : [`<ul class="risks">${risks.map(riskItem).join("")}</ul>`]),
    `<h2>Both in one</h2><div class="picture">${scoped(union, "a")}</div>`,
    ...(diff.changes.length === 0
      ? []
      : ["<h2>Changes</h2>", ...grouped(diff).map(({ heading, changes }) => groupHtml(heading, changes))]),
    ...(diff.noise.length === 0 ? [] : [noiseHtml(diff)]),
    "<h2>Before and after</h2>",
    `<div class="pair"><figure><figcaption>Before: ${xmlText(diff.left.source.contents.file.path)}</figcaption><div class="picture">${scoped(before, "b")}</div></figure>`,
    `<figure><figcaption>After: ${xmlText(diff.right.source.contents.file.path)}</figcaption><div class="picture">${scoped(after, "c")}</div></figure></div>`,
    "</body></html>",
    "",
  ].join("\n");
}

/** One side's picture with what changed in it marked. */
function marked(own: Picture, both: Picture, side: "left" | "right"): Picture {
  const isOther: Status = side === "left" ? "added" : "removed";
  const byId = new Map(
    both.boxes.filter(({ status }) => status !== isOther).map((box) => [box.id, box.status]),
  );
  const ways = new Set(
    both.arrows
      .filter(({ status }) => status === (side === "left" ? "removed" : "added"))
      .map(({ from, outcome, to }) => JSON.stringify([from, outcome, to])),
  );
  const statusOf = (id: string): Status => byId.get(id) ?? byId.get(`gone ${id}`) ?? "same";
  const ids = (id: string) => (side === "left" && !byId.has(id) ? `gone ${id}` : id);
  return {
    ...own,
    boxes: own.boxes.map((box) => ({ ...box, status: statusOf(box.id) })),
    arrows: own.arrows.map((arrow) => {
      const isMarked = ways.has(JSON.stringify([ids(arrow.from), arrow.outcome, ids(arrow.to)]));
      return { ...arrow, status: isMarked ? (side === "left" ? "removed" : "added") : ("same" as const) };
    }),
    compares: true,
  };
}

/** Several pictures in one page must not share the names of their arrow heads. */
function scoped(svg: string, scope: string): string {
  return svg.replaceAll('id="tip-', `id="${scope}-tip-`).replaceAll("url(#tip-", `url(#${scope}-tip-`);
}

function riskItem({ code, level, text }: Risk): string {
  return `<li class="${level}"><strong>${code}</strong> ${xmlText(text)}</li>`;
}

function groupHtml(heading: string | undefined, changes: readonly Change[]): string {
  const rows = changes.map((change) => {
    const sign = { add: "+", remove: "−", change: "~" }[change.op];
    const row = `<li class="${change.op}"><b>${sign}</b> <span>${change.subject}</span> ${xmlText(change.words)}`;
    return `${row}${change.lines === undefined ? "" : textHtml(change.lines)}</li>`;
  });
  return `<details open><summary>${xmlText(heading ?? "Settings")}</summary><ul class="changes">${rows.join("")}</ul></details>`;
}

function textHtml(lines: NonNullable<Change["lines"]>): string {
  const shown = hunks(lines).flatMap((hunk) => [
    `<i>@@ line ${hunk.left} → ${hunk.right} @@</i>`,
    ...hunk.lines.map(({ op, text }) => {
      if (op === "same") return `  ${xmlText(text)}`;
      return op === "add" ? `<ins>+ ${xmlText(text)}</ins>` : `<del>- ${xmlText(text)}</del>`;
    }),
  ]);
  return `<pre>${shown.join("\n")}</pre>`;
}

function noiseHtml(diff: FlowDiff): string {
  const items = diff.noise.flatMap(({ kind, items: own }) =>
    own.map((item) => `<li>${kind}: ${xmlText(item)}</li>`),
  );
  return `<details><summary>Hidden: ${xmlText(noiseWords(diff))}</summary><ul>${items.join("")}</ul></details>`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#0f172a;--soft:#64748b;--edge:#e2e8f0;--paper:#fff;--code:#f1f5f9}
@media (prefers-color-scheme:dark){:root{--ink:#e2e8f0;--soft:#94a3b8;--edge:#334155;--paper:#0f172a;--code:#1e293b}}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:1500px;padding:0 1.5rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .6rem}.sum{color:var(--soft);margin:.3rem 0 1rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--code);border-radius:5px}code{padding:.1em .35em}pre{padding:.7rem;overflow:auto;font-size:13px}
.picture{border:1px solid var(--edge);border-radius:8px;overflow:auto;background:#fbfcfe}.picture svg{display:block;max-width:100%;height:auto;min-width:900px}
.pair{display:grid;gap:1rem;grid-template-columns:1fr 1fr}figure{margin:0;min-width:0}figcaption{color:var(--soft);margin-bottom:.4rem;overflow-wrap:anywhere}
.risks{list-style:none;padding:0}.risks li{border-left:4px solid #d97706;padding:.4rem .8rem;margin:.4rem 0;background:var(--code);border-radius:0 6px 6px 0}.risks .high{border-color:#dc2626}
details{border:1px solid var(--edge);border-radius:8px;padding:.5rem .9rem;margin:.5rem 0}summary{font-weight:600;cursor:pointer;overflow-wrap:anywhere}
.changes{list-style:none;padding:0;margin:.5rem 0 0}.changes li{margin:.2rem 0;overflow-wrap:anywhere}.changes span{display:inline-block;min-width:6.5em;color:var(--soft)}
.add b,ins{color:#15803d}.remove b,del{color:#dc2626}.change b{color:#d97706}ins,del{text-decoration:none}
@media (max-width:900px){.pair{grid-template-columns:1fr}}
`.replace(/\n/g, "");
