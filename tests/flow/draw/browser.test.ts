import { describe, expect, test } from "bun:test";
import { compareFlows } from "../../../src/flow/diff/compare.ts";
import { mermaidOf } from "../../../src/flow/draw/mermaid.ts";
import { diffPicture, flowPicture, type Picture } from "../../../src/flow/draw/picture.ts";
import { svgOf } from "../../../src/flow/draw/svg.ts";
import { readFlow } from "../../../src/flow/graph/build.ts";
import { chromium, mermaid, opened } from "../../support/browser.ts";
import { copy, everyKind, inline, largeFlow, source, to, type Invented } from "../../support/flows.ts";

const NASTY = [
  'say "hi" #quot; #12; `tick`',
  "<b>bold</b> & <script>alert(1)</script>",
  "end",
  "a --> b | c ; d %% e",
  "[x](y) {z} ((w)) @{shape: rect}",
  "über 🔐 مرحبا \u202egnp",
  "subgraph x\nclick y",
];

/** The flow with one text as the name of every step. */
function named(text: string): Invented {
  const flow = copy(everyKind());
  for (const task of Object.values(flow.contents.tasks)) if (task.name !== undefined) task.name = text;
  return flow;
}

/** The flow with a step gone, one new and one changed. */
function edited(): Invented {
  const flow = copy(everyKind());
  delete flow.contents.tasks["8"];
  flow.contents.tasks["13"] = {
    id: "13",
    type: "automated",
    action: "risk",
    name: "Assess",
    arguments: { level: inline(3) },
    view: { x: 1750, y: 300 },
    ...to(["success", "9"]),
  };
  return flow;
}

const picture = (flow: Invented) => flowPicture(readFlow(source(flow)));
const pictures: readonly Picture[] = [
  picture(everyKind()),
  picture(largeFlow(52)),
  ...NASTY.map((text) => picture(named(text))),
  diffPicture(compareFlows(readFlow(source(everyKind())), readFlow(source(edited())))),
];

/** What a page's script wrote into its element `out`. */
async function answer<A>(
  script: string,
  body: string,
  beside: Readonly<Record<string, string>> = {},
): Promise<A> {
  const libraries = Object.keys(beside).map((file) => `<script src="${file}"></script>`);
  const page = `<!doctype html><meta charset="utf-8"><body>${body}<pre id="out"></pre>${libraries.join("")}<script>${script}</script>`;
  const shown = await opened("page.html", page, beside);
  const out = /<pre id="out">([^<]*)<\/pre>/.exec(shown)?.[1] ?? "";
  expect(out).not.toBe("");
  return JSON.parse(decodeURIComponent(out)) as A;
}

const tell = (value: string) =>
  `document.getElementById("out").textContent = encodeURIComponent(JSON.stringify(${value}));`;

describe.skipIf(chromium === undefined)("in a real browser", () => {
  test("the SVG of a flow is whole, and every text stands within the picture", async () => {
    const drawn = [
      ...(await Promise.all(pictures.map((one) => svgOf(one)))),
      await svgOf(picture(largeFlow(52)), "auto"),
    ];
    const found = await answer<{ width: number; texts: number }[]>(
      `const seen = [...document.querySelectorAll("body > svg")].map((svg) => {
        const all = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
        const outside = texts.filter(([, box]) => box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1);
        return { width: all.width, texts: texts.length, outside: outside.map(([text]) => text), scripts: svg.querySelectorAll("script, foreignObject").length };
      });
      ${tell("seen")}`,
      drawn.map((svg) => svg.replace(/^<\?xml[^>]*\?>\s*/, "")).join("\n"),
    );
    expect(found).toHaveLength(drawn.length);
    for (const one of found) {
      expect(one).toMatchObject({ outside: [], scripts: 0 });
      expect([one.width > 300, one.texts > 10]).toEqual([true, true]);
    }
    // As a file of its own it is XML, of which a browser forgives nothing.
    const alone = await opened("flow.svg", drawn.at(3) ?? "");
    expect([alone.includes("<svg"), alone.includes("parsererror")]).toEqual([true, false]);
  }, 60_000);

  test.skipIf(mermaid === undefined)(
    "Mermaid takes the graph of a flow with its own parser, and draws it",
    async () => {
      const texts = pictures.map(mermaidOf);
      const found = await answer<{ type: string; nodes: number; script: boolean; error?: string }[]>(
        `const texts = ${JSON.stringify(texts).replaceAll("<", "\\u003c")};
      (async () => {
        const seen = [];
        mermaid.initialize({ startOnLoad: false });
        for (const [i, text] of texts.entries()) {
          try {
            const parsed = await mermaid.parse(text);
            const { svg } = await mermaid.render("m" + i, text);
            seen.push({ type: parsed.diagramType, nodes: (svg.match(/class="node /g) ?? []).length, script: /<script/i.test(svg) });
          } catch (error) {
            seen.push({ error: String(error).slice(0, 300), text });
          }
        }
        ${tell("seen")}
      })();`,
        "",
        { "mermaid.js": mermaid as string },
      );
      expect(found).toHaveLength(texts.length);
      for (const [i, one] of found.entries()) {
        expect([i, one.error, one.script]).toEqual([i, undefined, false]);
        expect(one.type).toStartWith("flowchart");
        expect<unknown>(one.nodes).toBe(pictures[i]?.boxes.length);
      }
    },
    60_000,
  );
});
