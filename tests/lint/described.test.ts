import { expect, test } from "bun:test";
import path from "node:path";
import { FLOW_RULES } from "../../src/flow/lint/rules.ts";
import { SNAPSHOT_RULES } from "../../src/snapshot/lint/lint.ts";
import { SETTINGS_RULES } from "../../src/snapshot/lint/settings-rules.ts";

test("the page about the lint names every rule, its level and what is wrong", async () => {
  const page = await Bun.file(path.join(import.meta.dir, "../../docs/lint.md")).text();
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| `") && line.split("|").length === 6)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, code, level, , summary]) => [code?.replaceAll("`", ""), level, summary]);
  const rules = new Map([...SNAPSHOT_RULES, ...FLOW_RULES].map((rule) => [rule.code, rule]));
  const expected = [...rules.values()].map(({ code, level, summary }) => [code, level, summary]);
  expect(rows).toEqual(expected.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)));
});

test("rules of one code say the same", () => {
  for (const rule of SETTINGS_RULES) {
    const twin = FLOW_RULES.find(({ code }) => code === rule.code);
    if (twin !== undefined) expect([twin.level, twin.summary]).toEqual([rule.level, rule.summary]);
  }
});
