import { describe, expect, test } from "bun:test";
import { binary } from "../support/binary.ts";
import { allCases, describedCases, recordings, replies, wanted } from "./all.ts";
import { differences } from "./compare.ts";
import { observe } from "./observe.ts";

test("every case has one name and one source", () => {
  const ids = allCases.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(describedCases.filter(({ id }) => id in recordings).map(({ id }) => id)).toEqual([]);
});

describe("does what the vendor's program does, or what is wanted in its place", () => {
  for (const given of allCases) {
    test.concurrent(given.id, async () => {
      const { behaviour, stdout, stderr } = await observe(binary, given, replies);
      const found = differences(given, wanted(given), behaviour);
      if (found.length > 0) {
        throw new Error(
          [`descope ${given.argv.join(" ")}`, ...found, `stdout: ${stdout}`, `stderr: ${stderr}`].join("\n"),
        );
      }
    });
  }
});
