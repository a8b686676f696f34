import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import { readAction } from "../support/action-runner.ts";

const root = path.join(import.meta.dir, "../..");
const pages = ["actions/README.md", "ci/gitlab/README.md", "docs/promotion.md", "README.md"];

interface Use {
  readonly action: string;
  readonly with: Readonly<Record<string, unknown>>;
  /** Ids of steps whose outputs are read, with the output. */
  readonly id: string | undefined;
}

/** Every use of an action of ours in a document, however deep. */
function uses(value: unknown): Use[] {
  if (typeof value !== "object" || value === null) return [];
  const here = value as { uses?: unknown; with?: Record<string, unknown>; id?: string };
  const [, action] = /^ACTIONS\/actions\/(\w+)@VERSION$/.exec(String(here.uses)) ?? [];
  return [
    ...(action === undefined ? [] : [{ action, with: here.with ?? {}, id: here.id }]),
    ...Object.values(value).flatMap(uses),
  ];
}

const blocks = pages.flatMap((page) =>
  [...fs.readFileSync(path.join(root, page), "utf8").matchAll(/```yaml\n(.*?)```/gs)].map(
    ([, text = ""]) => ({
      page,
      text,
      document: Bun.YAML.parse(text),
    }),
  ),
);

describe("examples of workflows", () => {
  const found = blocks.flatMap(({ document, text }) => uses(document).map((use) => ({ ...use, text })));

  test("give actions inputs that they have, and all that they need", () => {
    expect(new Set(found.map(({ action }) => action)).size).toBe(6);
    for (const use of found) {
      const { inputs, outputs } = readAction(use.action);
      expect(Object.keys(use.with).filter((key) => inputs[key] === undefined)).toEqual([]);
      const needed = Object.keys(inputs).filter((key) => inputs[key]?.required === true);
      expect(needed.filter((key) => use.with[key] === undefined)).toEqual([]);
      if (use.id === undefined) continue;
      const read = [...use.text.matchAll(new RegExp(`steps\\.${use.id}\\.outputs\\.(\\w+)`, "g"))];
      expect(read.map(([, key]) => key ?? "").filter((key) => outputs[key] === undefined)).toEqual([]);
    }
  });

  test("ask for no more permissions than they need, and never for those of a stranger's code", () => {
    for (const { text } of blocks) {
      expect(text).not.toContain("pull_request_target");
      expect(text).not.toMatch(/permissions: *write-all/);
      for (const [line] of text.matchAll(/^.*run:.*$/gm)) expect(line).not.toContain("${{");
    }
  });

  test("give GitLab's templates inputs that they have, and all that they need", () => {
    const includes = blocks.flatMap(({ document }) => (document as { include?: unknown[] }).include ?? []);
    expect(includes.length).toBeGreaterThan(2);
    for (const one of includes as { remote: string; inputs: Record<string, string> }[]) {
      const file = path.join(root, "ci/gitlab", path.basename(one.remote));
      const [head = ""] = fs.readFileSync(file, "utf8").split("\n---\n");
      const { inputs } = (Bun.YAML.parse(head) as { spec: { inputs: Record<string, { default?: string }> } })
        .spec;
      expect(Object.keys(one.inputs).filter((key) => inputs[key] === undefined)).toEqual([]);
      const needed = Object.keys(inputs).filter((key) => inputs[key]?.default === undefined);
      expect(needed.filter((key) => one.inputs[key] === undefined)).toEqual([]);
      for (const value of Object.values(one.inputs)) expect(typeof value).toBe("string");
    }
  });

  test("the page's links lead to files that are there", () => {
    for (const page of [...pages, "docs/lint.md", "docs/releasing.md", "docs/architecture.md"]) {
      const text = fs.readFileSync(path.join(root, page), "utf8");
      for (const [, link = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        expect([page, link, fs.existsSync(path.join(root, path.dirname(page), link))]).toEqual([
          page,
          link,
          true,
        ]);
    }
  });
});
