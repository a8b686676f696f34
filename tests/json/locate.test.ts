import { expect, test } from "bun:test";
import fc from "fast-check";
import { locate, pointer, type Path } from "../../src/json/locate.ts";

test("a path leads to the line and column of its key or item", () => {
  const text = '{\n  "a": {"b\\"c": [1, {"d": "}"}], "x/y": 2},\n  "z": null\n}';
  const table: [Path, number, number][] = [
    [[], 1, 1],
    [["a"], 2, 3],
    [["a", 'b"c'], 2, 9],
    [["a", 'b"c', 1], 2, 21],
    [["a", 'b"c', 1, "d"], 2, 22],
    [["z"], 3, 3],
    [["a", "missing", "more"], 2, 3],
    [["a", 'b"c', 7], 2, 9],
  ];
  for (const [path, line, column] of table) expect(locate(text, path)).toEqual({ line, column });
  expect(pointer(["a", "x/y", 0, "~"])).toBe("/a/x~1y/0/~0");
});

test("every key of any document is found where it stands", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.integer({ min: 0, max: 4 }), (compact, indent) => {
      const value: unknown = JSON.parse(compact);
      const text = JSON.stringify(value, null, indent);
      const visit = (here: unknown, path: Path): void => {
        const { line, column } = locate(text, path);
        const rest = text
          .split("\n")
          .slice(line - 1)
          .join("\n")
          .slice(column - 1);
        const last = path.at(-1);
        if (typeof last === "string") expect(rest.startsWith(JSON.stringify(last))).toBe(true);
        else expect(rest[0]).toBe(JSON.stringify(here)[0] as string);
        if (Array.isArray(here)) for (const [i, item] of here.entries()) visit(item, [...path, i]);
        else if (typeof here === "object" && here !== null)
          for (const [key, member] of Object.entries(here)) visit(member, [...path, key]);
      };
      visit(value, []);
    }),
    { seed: 7, numRuns: 200 },
  );
});
