import { expect, test } from "bun:test";
import type { Report } from "../../src/command/result.ts";
import { marked } from "../../src/output/line.ts";
import { colours } from "../../src/output/paint.ts";
import { render, type Reader } from "../../src/command/render.ts";
import { unpainted } from "../../src/output/line.ts";

const hostile = "a\u001b[31mred\u202e\nb";
const lines: Report = {
  kind: "report",
  answer: "no",
  document: { changes: [hostile] },
  body: [[marked("added", `+ ${hostile}`), " tail"], hostile],
};
const drawing: Report = { kind: "report", answer: "yes", document: {}, body: "<svg>\u001b[31m\n</svg>\n" };
const style = { heading: (text: string) => text, label: (text: string) => text, width: 80 };
const terminal: Reader = { kind: "terminal", style, paint: unpainted };
const pipe: Reader = { kind: "pipe", paint: unpainted };

test("a report's lines reach nobody with their control characters", () => {
  const safe = "a\\u001b[31mred\\u202e\\u000ab";
  for (const reader of [terminal, pipe]) expect(render(lines, reader)).toBe(`+ ${safe} tail\n${safe}\n`);
});

test("colour is put around the text that was made visible", async () => {
  const painted = render(lines, { kind: "pipe", paint: await colours() });
  expect(painted).toStartWith("\u001b[32m+ a\\u001b[31mred");
});

test("a format of its own is left alone in a pipe and made visible on a terminal", () => {
  expect(render(drawing, pipe)).toBe("<svg>\u001b[31m\n</svg>\n");
  expect(render(drawing, terminal)).toBe("<svg>\\u001b[31m\n</svg>\n");
});

test("with --json the document alone is printed", () => {
  expect(JSON.parse(render(lines, { kind: "json" }))).toEqual({ changes: [hostile] });
});
