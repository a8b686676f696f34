import { expect, test } from "bun:test";
import { fitText, textWidth, wrapText } from "../../../src/flow/draw/measure.ts";

test("what is written out in place of what cannot be seen takes room too", () => {
  const hostile = "\u001b[31mred\u202e and\nmuch more than fits into one line";
  for (const width of [80, 140, 300]) {
    const cut = fitText(hostile, width, 12);
    const lines = wrapText(hostile, width, 12, true, 2);
    expect(cut).toStartWith("\\u001b");
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(width);
    expect(lines.length).toBe(2);
    for (const line of lines) {
      expect(textWidth(line, 12, true)).toBeLessThanOrEqual(width);
      expect(line).not.toMatch(/[\u001b\u202e\n]/);
    }
  }
  expect(fitText("short", 300, 12)).toBe("short");
  expect(wrapText("two words", 45, 12, false, 3)).toEqual(["two", "words"]);
});
