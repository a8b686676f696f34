import { expect, test } from "bun:test";
import path from "node:path";
import { codeOf } from "./code-of.ts";

const root = path.join(import.meta.dir, "../..");

/** Every file of TypeScript, relative to the project. */
const files = ["src", "tests", "docs", "packaging"]
  .flatMap((folder) => [...new Bun.Glob(`${folder}/**/*.ts`).scanSync({ cwd: root })])
  .concat("build.ts")
  .sort();

test("nothing is of the type any, and no error of a type is put aside", async () => {
  expect(files.length).toBeGreaterThan(500);
  const found: string[] = [];
  for (const file of files) {
    const source = await Bun.file(path.join(root, file)).text();
    for (const [i, line] of codeOf(source).split("\n").entries())
      if (/(?<!\.)\bany\b(?!\??:)/.test(line)) found.push(`${file}:${i + 1}: ${line.trim()}`);
    for (const [i, line] of source.split("\n").entries())
      if (/^\s*(?:\/\/|\/\*)\s*@ts-(?:ignore|expect-error|nocheck)/.test(line))
        found.push(`${file}:${i + 1}`);
  }
  expect(found).toEqual([]);
});

test("only code is looked at", () => {
  expect(codeOf("let a: any; // any\n/* any\n any */ let b = 'any';")).toBe('let a: any; \n\n let b = "";');
  expect(codeOf("f(/any[/]/g, `any ${x as any} any`) / any")).toBe('f(""g, ""+(x as any)) / any');
  expect(codeOf("`${`a${{ b: {} }.b}`}` as any")).toBe('""+(""+({ b: {} }.b)) as any');
});
