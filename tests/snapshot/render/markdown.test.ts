import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../../../src/json/value.ts";
import { compareSides } from "../../../src/snapshot/diff/compare-sides.ts";
import { snapshotSide } from "../../../src/snapshot/diff/side.ts";
import { Meanings } from "../../../src/snapshot/model/meanings.ts";
import { readSnapshot } from "../../../src/snapshot/model/read.ts";
import type { Plan } from "../../../src/snapshot/plan/plan.ts";
import { comparisonMarkdown, planMarkdown } from "../../../src/snapshot/render/markdown.ts";
import { place, planOf, target } from "../../support/planning.ts";
import { snapshot, withFile } from "../../support/snapshot.ts";

const bounded = { numRuns: 60, seed: 20260105 };
const base = snapshot({ environment: "production" });

/** Pieces that break what is written around them. */
const piece = fc.constantFrom(
  "`",
  "```",
  "``````",
  "|",
  "\\|",
  "\\",
  "<b>",
  "</details>",
  "</summary>",
  "<!--",
  "-->",
  "<script>",
  "@octocat",
  "#12",
  "GH-7",
  "https://evil.example.com",
  "[x](javascript:1)",
  "![i](http://i.example.com)",
  "\u202egnp.exe",
  "\u200f",
  "مرحبا",
  "🔐",
  "\n",
  "\r\n",
  "\t",
  "\u001b[31m",
  "~~~",
  "- ",
  "> ",
  "# ",
  "word ",
);
const nasty = fc.array(piece, { minLength: 1, maxLength: 30 }).map((pieces) => pieces.join(""));

/** A plan in which every text that a server or a person gives is one of `texts`. */
function planWith(texts: readonly string[], count = texts.length): Plan {
  const text = (i: number) => `${texts[i % texts.length] ?? ""}${i < texts.length ? "" : i}`;
  const roles = Array.from({ length: count }, (_, i) => ({
    name: text(i),
    description: text(i + 1),
    permissionNames: ["read"],
  }));
  const ours = withFile(
    withFile(
      withFile(base, "roles.json", (document) => ({
        ...document,
        roles: [...(document.roles as Json[]), ...unique(roles)],
      })),
      "project.json",
      (document) => ({
        ...document,
        [text(0)]: text(1),
        refreshTokenExpiration: 520,
        inviteUrl: `http://${text(0)}`,
        trustedDomains: text(1),
      }),
    ),
    "flows/step-up/contents.json",
    (document) => {
      const tasks = document.tasks as Record<string, JsonObject>;
      return { ...document, tasks: { ...tasks, "1": { ...tasks["1"], name: text(0) } } };
    },
  );
  const there = withFile(base, "auth/otp.json", (document) => ({ ...document, [text(2)]: text(0) }));
  return planOf(ours, there, {
    target: { ...target, name: text(0), environment: text(1) },
    source: { path: text(0), git: "0123456789ab", dirty: true, overlay: text(1) },
    warnings: [text(0), text(1)],
    protect: [place("project")],
    listNoise: true,
  });
}

function unique<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

/** What stands outside of fences. @throws where a fence is not closed. */
function outside(markdown: string): string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const ticks = /^(`{3,})([a-z]*)$/.exec(line);
    if (fence === undefined) {
      if (ticks === null) lines.push(line);
      else fence = ticks[1] as string;
    } else if (ticks !== null && ticks[2] === "" && (ticks[1] as string).length >= fence.length) {
      fence = undefined;
    }
  }
  if (fence !== undefined) throw new Error("a fence is not closed");
  return lines;
}

/** A line without its pieces of code, whose text is shown as it is. */
function withoutCode(line: string): string {
  let out = "";
  for (let rest = line; rest !== "";) {
    const ticks = /^`+/.exec(rest)?.[0];
    if (ticks === undefined) {
      // An escaped character opens nothing.
      const length = rest.startsWith("\\") ? 2 : 1;
      out += rest.slice(0, length);
      rest = rest.slice(length);
      continue;
    }
    const close = new RegExp(`(?<!\`)${ticks}(?!\`)`).exec(rest.slice(ticks.length));
    if (close === null) throw new Error(`a piece of code is not closed: ${line.slice(0, 200)}`);
    rest = rest.slice(ticks.length + close.index + ticks.length);
  }
  return out;
}

const ELEMENTS = /<\/?(?:details|summary|code)>/g;

function check(markdown: string, budget: number): void {
  expect(markdown.length).toBeLessThanOrEqual(budget);
  expect(markdown.isWellFormed()).toBe(true);
  expect(markdown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u200e\u200f]/);
  const lines = outside(markdown);
  const opened = lines.filter((line) => line.startsWith("<details>")).length;
  expect(lines.filter((line) => line === "</details>").length).toBe(opened);
  for (const line of lines) {
    if (line === "</details>") continue;
    if (line.startsWith("<!--")) {
      expect(line).toMatch(/^<!-- [A-Za-z0-9_.:\/= -]+ -->$/);
      expect(line.slice(4, -3)).not.toContain("--");
      continue;
    }
    if (line.startsWith("<details>")) {
      // HTML up to the next empty line: nothing is read as Markdown.
      expect(line).toMatch(/^<details><summary>(?:<code>[^<>]*<\/code>|Hidden differences)<\/summary>$/);
      expect(line).not.toMatch(/@\w/);
      continue;
    }
    if (line.startsWith("|")) {
      // A cell of a table ends at a bar that nothing escapes, in code too.
      const bars = line.replace(/\\[!-/:-@[-`{-~]/g, "").match(/\|/g)?.length;
      expect([line, bars]).toEqual([line, 4]);
    }
    const plain = withoutCode(line).replace(ELEMENTS, "");
    expect(plain).not.toMatch(/<[a-z!\/]/i);
    expect(plain).not.toMatch(/(?<!\\)\[[^\]]*\]\(/);
    expect(plain).not.toMatch(/@\w/);
    expect(plain).not.toMatch(/#\d/);
    expect(plain).not.toMatch(/\bhttps?:/);
  }
}

describe("Markdown for a pull request", () => {
  test("of a plan with names of any kind is within its budget, with closed fences, and obeys none of them", () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { minLength: 3, maxLength: 8 }),
        fc.constantFrom(5_000, 6_000, 20_000, 60_000),
        (texts, budget) => {
          const plan = planWith(texts);
          const markdown = planMarkdown(plan, budget);
          check(markdown, budget);
          expect(markdown).toStartWith("<!-- descope-plan target=P2target ");
          expect(markdown).toContain(plan.fingerprint);
          expect(markdown).toContain("**session-longer**");
          expect(markdown).toContain(`${plan.summary.create} create`);
        },
      ),
      bounded,
    );
  });

  test("of a comparison too", () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { minLength: 3, maxLength: 8 }),
        fc.constantFrom(5_000, 60_000),
        (texts, budget) => {
          const meanings = new Meanings([]);
          const ours = withFile(base, "roles.json", (document) => ({
            ...document,
            roles: unique(texts.map((name) => ({ name, description: texts[0] ?? "", permissionNames: [] }))),
          }));
          const sides = [
            snapshotSide(texts[0] ?? "", readSnapshot(base), meanings),
            snapshotSide(texts[1] ?? "", readSnapshot(ours), meanings),
          ] as const;
          const comparison = compareSides(...sides, { only: [], except: [] });
          check(comparisonMarkdown(comparison, budget), budget);
        },
      ),
      { ...bounded, numRuns: 40 },
    );
  });

  test("of ten thousand entities is within every budget, and says what it leaves out", () => {
    const texts = ["`a|b` <b>", "@octocat #1 ", "\u202e", "x".repeat(300), "```\n"];
    const plan = planWith(texts, 10_000);
    expect(plan.summary.create).toBeGreaterThan(9_990);
    for (const budget of [5_000, 60_000, 10_000_000]) {
      const markdown = planMarkdown(plan, budget);
      expect(markdown.length).toBeLessThanOrEqual(budget);
      if (budget <= 60_000) check(markdown, budget);
      else outside(markdown);
      for (const kept of [
        plan.fingerprint,
        "**session-longer**",
        "**redirect-insecure**",
        "blocked: protected",
      ])
        expect(markdown).toContain(kept);
      if (budget < 10_000_000) expect(markdown).toContain("_Left out for want of room: ");
    }
  }, 20_000);

  test("of ten thousand deletes counts those that it cannot name", () => {
    const many = withFile(base, "roles.json", (document) => ({
      ...document,
      roles: Array.from({ length: 10_000 }, (_, i) => ({ name: `role ${i} @x`, permissionNames: [] })),
    }));
    const plan = planOf(base, many, {
      mode: "sync",
      remove: Array.from({ length: 10_000 }, (_, i) => `role/role ${i} @x`),
    });
    expect(plan.summary.delete).toBe(10_000);
    const markdown = planMarkdown(plan, 60_000);
    check(markdown, 60_000);
    expect(markdown).toContain("10000 delete");
    expect(markdown).toMatch(/> and \d+ more {2}/);
  });
});
