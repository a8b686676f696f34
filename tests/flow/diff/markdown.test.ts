import { expect, test } from "bun:test";
import fc from "fast-check";
import { compareFlows } from "../../../src/flow/diff/compare.ts";
import { diffMarkdown, MARKDOWN_BUDGET } from "../../../src/flow/diff/markdown.ts";
import { flowRisks } from "../../../src/flow/diff/risk.ts";
import { readFlow } from "../../../src/flow/graph/build.ts";
import { markdownText } from "../../../src/output/markdown.ts";
import type { JsonObject } from "../../../src/json/value.ts";
import { copy, everyKind, inline, source } from "../../support/flows.ts";

function rendered(text: string, script: string, budget?: number): string {
  const changed = copy(everyKind());
  (((changed.screens[0]?.contents as JsonObject).title as JsonObject).props as JsonObject).children = text;
  (changed.contents.tasks["4"] as JsonObject).name = text;
  (changed.contents.tasks["10"]?.arguments as JsonObject).scriptCode = inline(script);
  const diff = compareFlows(readFlow(source(everyKind())), readFlow(source(changed)));
  return diffMarkdown(diff, flowRisks(diff), budget);
}

/** Fails where a fence stays open or one is closed before its time. */
function checkFences(markdown: string): void {
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const ticks = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = ticks;
    else if (ticks !== undefined && /^`+$/.test(line) && ticks.length >= fence.length) fence = undefined;
  }
  expect(fence).toBeUndefined();
}

test("texts of any kind stay within their fence, and the whole within its budget", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "```",
      "````\n",
      "\n",
      "@bob",
      "#12",
      "<b>",
      "|",
      "</details>",
      "x",
      "`",
      "\u001b[1m",
      "~~~",
    ),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(pieces, pieces, fc.constantFrom(undefined, 200, 600, 1500), (text, script, budget) => {
      const markdown = rendered(text.join(""), script.join("\n"), budget);
      expect(markdown.length).toBeLessThanOrEqual(budget ?? MARKDOWN_BUDGET);
      expect(markdown).not.toContain("\u001b");
      if (budget !== 200) checkFences(markdown);
      const outside = markdown.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, "").replace(/`+[^`\n]*`+/g, "");
      expect(outside).not.toMatch(/@bob|<b>|<\/details>(?=.*<\/summary>)/);
    }),
    { seed: 3, numRuns: 120 },
  );
});

test("what does not fit is left out in order, and said to be; risks stay", () => {
  const script = Array.from({ length: 4000 }, (_, i) => `line ${i} ${"x".repeat(30)}`).join("\n");
  const markdown = rendered("Hello", script);
  expect(markdown.length).toBeLessThan(MARKDOWN_BUDGET);
  expect(markdown).toContain("Texts and scripts are not shown line by line");
  expect(markdown).toContain("**script-changed**");
  expect(rendered("Hello", script, 400)).toContain("The single changes are not shown");
});

test("markup in a name is shown, not obeyed", () => {
  expect(markdownText("a|b <i>*x*</i> @bob #5 `c` https://e.com [l](u)\n")).toBe(
    "a\\|b &lt;i&gt;\\*x\\*&lt;/i&gt; @\u200bbob \\#\u200b5 \\`c\\` https\u200b://e.com \\[l\\]\\(u\\)\\\\u000a",
  );
});
