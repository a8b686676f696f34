import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compareFlows } from "../../../src/flow/diff/compare.ts";
import { flowRisks } from "../../../src/flow/diff/risk.ts";
import { mermaidOf } from "../../../src/flow/draw/mermaid.ts";
import { outline } from "../../../src/flow/draw/outline.ts";
import { diffPage } from "../../../src/flow/draw/page.ts";
import { diffPicture, flowPicture, type Picture } from "../../../src/flow/draw/picture.ts";
import { placeBoxes } from "../../../src/flow/draw/place.ts";
import { routeArrows } from "../../../src/flow/draw/route.ts";
import { svgOf } from "../../../src/flow/draw/svg.ts";
import { readFlow } from "../../../src/flow/graph/build.ts";
import { plainLine } from "../../../src/output/line.ts";
import type { JsonObject } from "../../../src/json/value.ts";
import { copy, everyKind, largeFlow, source, to, type Invented } from "../../support/flows.ts";

const picture = (flow: Invented) => flowPicture(readFlow(source(flow)));
const diffOf = (left: Invented, right: Invented) =>
  compareFlows(readFlow(source(left)), readFlow(source(right)));

/** The flow with one step gone, one new and one changed. */
function edited(): Invented {
  const flow = copy(everyKind());
  delete flow.contents.tasks["8"];
  flow.contents.tasks["13"] = {
    id: "13",
    type: "automated",
    action: "risk",
    name: "Assess",
    view: { x: 1750, y: 300 },
    ...to(["success", "9"]),
  };
  Object.assign(flow.contents.tasks["5"] as JsonObject, to(["c1", "6"], ["ELSE", "13"]));
  (flow.contents.tasks["4"] as JsonObject).name = "Check";
  return flow;
}

/** The flow with one text in every place that is shown. */
function named(text: string): Invented {
  const flow = copy(everyKind());
  flow.metadata.name = text;
  for (const task of Object.values(flow.contents.tasks)) task.name = text;
  ((flow.contents.tasks["5"] as JsonObject).conditions as JsonObject[]).forEach(
    (branch) => (branch.name = text),
  );
  for (const screen of flow.screens) {
    for (const one of screen.interactions as JsonObject[]) one.label = text;
  }
  flow.references = { connectors: { [text]: "CI2exampleexampleexampleexamp" } };
  return flow;
}

const HOSTILE = [
  "<script>alert(1)</script>",
  '" onload="alert(1)',
  "]]></title><b>",
  "&amp;",
  "\u0000\u001b[31m\u202e\ufffe\ud800",
  "`code` ```",
  "end",
  "%%{init: {}}%%",
  "- list",
  "1. list",
  "javascript:alert(1)",
  "|a|b",
  "日本語のとても長い名前がここにあります、折り返しが必要です、もっともっと長い",
  "😀".repeat(80),
  "word ".repeat(60),
  "x".repeat(300),
  "",
];

/** Fails where a text is not well-formed XML of the known elements, or holds anything that could run or load. */
function checkXml(svg: string): void {
  const stack: string[] = [];
  const elements = new Set("svg title defs marker path rect text g circle".split(" "));
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [A-Za-z:-]+="[^"<>&]*(?:&(?:amp|lt|gt|quot|#39);[^"<>&]*)*")*) ?(\/?)>/g,
    (_, close: string, name: string, attributes: string, empty: string) => {
      expect(elements).toContain(name);
      expect(attributes).not.toMatch(/ (?:on[a-z]+|href)="/);
      if (close === "/") expect(stack.pop()).toBe(name);
      else if (empty === "") stack.push(name);
      return "";
    },
  );
  expect(stack).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/);
  expect(rest).not.toMatch(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/,
  );
}

describe("SVG", () => {
  for (const text of HOSTILE) {
    test(`is well-formed with ${JSON.stringify(text.slice(0, 30))} everywhere`, async () => {
      checkXml(await svgOf(picture(named(text))));
      checkXml(await svgOf(diffPicture(diffOf(everyKind(), named(text)))));
    });
  }

  test("shows every step and every label", async () => {
    const svg = await svgOf(picture(everyKind()));
    for (const word of [
      "Welcome",
      "Is new user?",
      "Continue with Google",
      "OTPVerifyCodeExpired",
      "CRM API",
      "step-up",
      "Score",
    ]) {
      expect(svg).toContain(`>${word}<`);
    }
    expect(svg).toContain("<title>Welcome — Continue → Send code</title>");
  });

  test("marks what was added, removed and changed; moves leave no mark", async () => {
    const moved = edited();
    for (const task of Object.values(moved.contents.tasks))
      task.view = { x: ((task.view as JsonObject).x as number) + 900, y: 5 };
    for (const right of [edited(), moved]) {
      const drawn = diffPicture(diffOf(everyKind(), right));
      expect(
        drawn.boxes
          .filter(({ status }) => status !== "same")
          .map(({ name, status, note }) => [name, status, note]),
      ).toEqual([
        ["Check", "changed", "name"],
        ["Assess", "added", ""],
        ["Step up", "removed", ""],
      ]);
      expect(
        drawn.arrows
          .filter(({ status }) => status !== "same")
          .map(({ from, to: target, status }) => [from, target, status]),
      ).toEqual([
        ["5", "13", "added"],
        ["13", "9", "added"],
        ["5", "gone 8", "removed"],
        ["gone 8", "9", "removed"],
      ]);
      checkXml(await svgOf(drawn));
    }
  });
});

const positions = fc.array(
  fc.tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -600, max: 600 })),
  {
    minLength: 17,
    maxLength: 17,
  },
);

function scattered(places: readonly (readonly [number, number])[]): Picture {
  const flow = copy(everyKind());
  for (const [i, task] of Object.values(flow.contents.tasks).entries())
    task.view = { x: places[i]?.[0] ?? 0, y: places[i]?.[1] ?? 0 };
  return picture(flow);
}

test("wherever the canvas has them, no two boxes touch and no arrow runs through a box", async () => {
  await fc.assert(
    fc.asyncProperty(positions, fc.constantFrom("canvas", "auto" as const), async (places, layout) => {
      const drawn = scattered(places);
      const laid = await placeBoxes(drawn, layout);
      const boxes = [...laid.placed.values()];
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(i + 1)) {
          const apart =
            a.x + a.width <= b.x - 20 ||
            b.x + b.width <= a.x - 20 ||
            a.y + a.height <= b.y - 20 ||
            b.y + b.height <= a.y - 20;
          expect(apart).toBe(true);
        }
      }
      for (const { arrow, points } of routeArrows(laid, drawn.arrows)) {
        expect(points.length).toBeGreaterThan(1);
        for (let k = 1; k < points.length; k++) {
          const [p, q] = [points[k - 1], points[k]] as [(typeof points)[0], (typeof points)[0]];
          expect(p.x === q.x || p.y === q.y).toBe(true);
          for (const { box, x, y, width, height } of boxes) {
            const isInside =
              Math.max(p.x, q.x) > x + 0.5 &&
              Math.min(p.x, q.x) < x + width - 0.5 &&
              Math.max(p.y, q.y) > y + 0.5 &&
              Math.min(p.y, q.y) < y + height - 0.5;
            if (isInside) throw new Error(`the arrow ${arrow.from} -> ${arrow.to} runs through ${box.id}`);
          }
        }
      }
    }),
    { seed: 21, numRuns: 60 },
  );
});

test("the canvas's own order is kept, and given up where it is of no use", async () => {
  const laid = await placeBoxes(picture(everyKind()), "canvas");
  expect(laid.by).toBe("canvas");
  const at = (id: string) => laid.placed.get(id) ?? { x: 0, y: 0 };
  expect(at("0").x).toBeLessThan(at("1").x);
  expect(at("1").x).toBe(at("3").x);
  expect(at("1").y).toBeLessThan(at("3").y);
  expect((await placeBoxes(picture(everyKind()), "auto")).by).toBe("auto");
  const heap = copy(everyKind());
  for (const task of Object.values(heap.contents.tasks)) task.view = { x: 0, y: 0 };
  expect((await placeBoxes(picture(heap), "canvas")).by).toBe("auto");
  const none = copy(everyKind());
  delete (none.contents.tasks["4"] as JsonObject).view;
  expect((await placeBoxes(picture(none), "canvas")).by).toBe("auto");
});

test("the same flow gives the same picture, whatever the order of its keys", async () => {
  const reversed = copy(everyKind());
  reversed.contents.tasks = Object.fromEntries(Object.entries(reversed.contents.tasks).reverse());
  expect(await svgOf(picture(reversed))).toBe(await svgOf(picture(everyKind())));
});

describe("Mermaid", () => {
  test("of a flow with every kind of step", () => {
    expect(mermaidOf(picture(everyKind()))).toMatchSnapshot();
  });

  test("of a comparison", () => {
    expect(mermaidOf(diffPicture(diffOf(everyKind(), edited())))).toMatchSnapshot();
  });

  const LINE = new RegExp(
    [
      "^flowchart LR$",
      /^ {2}n\d+(?:\(\[|\(\(\(|\[|\{\{|\(|\[\/|\[\[|>)"(?:[^"`<&|\\\]{}]|<br\/>)*"(?:\]\)|\)\)\)|\]|\}\}|\)|\/\]|\]\])$/
        .source,
      /^ {2}n\d+ (?:-->|-\.->|==>)(?:\|"[^"`<>&|\\]*"\|)? n\d+$/.source,
      /^ {2}linkStyle [\d,]+ [a-z0-9#:,-]+$/.source,
      /^ {2}classDef is_\w+ [a-z0-9#:, -]+$/.source,
      /^ {2}class (?:n\d+,)*n\d+ is_\w+$/.source,
      /^ {2}omitted>"[^"]*"\]$/.source,
    ].join("|"),
  );

  for (const text of HOSTILE) {
    test(`is made of harmless lines with ${JSON.stringify(text.slice(0, 30))} everywhere`, () => {
      const lines = mermaidOf(picture(named(text)))
        .trimEnd()
        .split("\n");
      expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    });
  }

  test("keeps within what GitHub draws, and says what it left out", () => {
    for (const [count, omitted] of [
      [52, undefined],
      [220, undefined],
      [270, "ways of errors left out"],
      [600, "only "],
    ] as const) {
      const chart = mermaidOf(picture(largeFlow(count)));
      expect(chart.length).toBeLessThanOrEqual(50_000);
      expect(chart.split("\n").filter((line) => / (?:-->|-\.->|==>)/.test(line)).length).toBeLessThanOrEqual(
        500,
      );
      expect(/omitted>"([^"]*)"/.exec(chart)?.[1]?.includes(omitted ?? "")).toBe(
        omitted === undefined ? undefined : true,
      );
    }
  });
});

describe("outline", () => {
  const lines = (flow: Invented) => outline(readFlow(source(flow))).map(plainLine);

  test("of a flow with every kind of step", () => {
    expect(lines(everyKind()).join("\n")).toMatchSnapshot();
  });

  test("shows every step once and every way once, however large", () => {
    for (const flow of [everyKind(), largeFlow()]) {
      const read = readFlow(source(flow));
      const shown = lines(flow)
        .slice(2)
        .filter((line) => line !== "");
      const steps = shown.filter((line) => !/[↩↓]/.test(line));
      expect(steps).toHaveLength(read.steps.size);
      expect(shown.length).toBe(read.edges.filter(({ inner }) => !inner).length + 1);
      expect(Math.max(...shown.map((line) => line.length))).toBeLessThan(100);
    }
  });

  test("lists what cannot be reached, and what leads nowhere", () => {
    const flow = copy(everyKind());
    Object.assign(flow.contents.tasks["0"] as JsonObject, to(["btnEmail", "1"], ["btnGoogle", "3"]));
    const shown = lines(flow);
    expect(shown).toContain("   ├─ Send me a link → ✗ leads nowhere");
    expect(shown.slice(shown.indexOf("2 cannot be reached from start:"))).toMatchSnapshot();
  });
});

test("the page runs nothing, loads nothing and escapes everything", async () => {
  for (const text of HOSTILE) {
    const diff = diffOf(everyKind(), named(text));
    const page = await diffPage(diff, flowRisks(diff), "canvas");
    expect(page).not.toMatch(/<script|<b>(?![+~−]<)|<img|<iframe|<link| on[a-z]+="/);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/[\u0000\u001b\u202e]/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});
