import { expect, test } from "bun:test";
import { render, type Reader } from "../../src/command/render.ts";
import { unpainted } from "../../src/output/line.ts";

/** What would move a cursor, retitle a window or turn text around: C0, DEL, C1 and marks of direction. */
const HOSTILE = "a\u0000\u0007\u001b[2J\r\n\u007f\u009b2J\u202e\u2066z";
const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const results: readonly [string, Parameters<typeof render>[0]][] = [
  ["a text", { kind: "value", key: "k", value: HOSTILE, label: "Loaded" }],
  [
    "a record",
    {
      kind: "value",
      key: "k",
      value: { [HOSTILE]: HOSTILE, list: [HOSTILE, { id: HOSTILE }] },
      label: "Loaded",
    },
  ],
  ["several things", { kind: "fields", fields: { a: HOSTILE, b: { c: HOSTILE } }, label: "Created" }],
  [
    "a list",
    {
      kind: "list",
      key: "k",
      items: [{ id: HOSTILE, more: [HOSTILE] }, { id: 1 }],
      verb: "Loaded",
      noun: ["a", "as"],
      item: "A",
    },
  ],
  ["a document", { kind: "document", key: "k", value: { a: HOSTILE } }],
  ["a message", { kind: "done", message: HOSTILE }],
  ["a no", { kind: "no", document: null, lines: [HOSTILE] }],
  [
    "a report",
    {
      kind: "report",
      answer: "yes",
      document: null,
      body: [HOSTILE, [HOSTILE, { mark: "added", text: HOSTILE }]],
    },
  ],
];

const readers: readonly [string, Reader][] = [
  [
    "a terminal",
    {
      kind: "terminal",
      style: { heading: (text) => text, label: (text) => text, width: 80 },
      paint: unpainted,
    },
  ],
  ["a pipe", { kind: "pipe", paint: unpainted }],
];

for (const [reader, how] of readers) {
  test.each([...results])(`%s reaches ${reader} without control characters`, (kind, result) => {
    // A document in a pipe is a file, whose bytes are its own; JSON has no raw control characters but DEL and C1.
    if (kind === "a document" && reader === "a pipe") return;
    const text = render(result, how);
    expect(text).toContain("\\u001b[2J");
    expect(text).not.toMatch(raw);
    expect(text).toEndWith("\n");
  });
}

test("JSON is for programs: nothing but what JSON escapes is changed", () => {
  expect(render({ kind: "value", key: "k", value: "\u007f\u202e<", label: "" }, { kind: "json" })).toBe(
    '{\n  "k": "\u007f\u202e\\u003c",\n  "ok": true\n}\n',
  );
});
