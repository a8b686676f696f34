import { describe, expect, test } from "bun:test";
import { operations } from "../../../src/api/operations/table.ts";
import { cli } from "../../support/cli.ts";
import { testEmulator } from "../../support/emulator.ts";
import type { Coverage as ServedOperations } from "../../../src/emulator/control/coverage.ts";

interface Coverage extends ServedOperations {
  readonly nouns: readonly { readonly served: number }[];
}

const json = async (...flags: string[]) =>
  (await cli(["emulator", "coverage", "--json", ...flags])).json<Coverage>();

describe("emulator coverage", () => {
  test("is the operation table: every call once, and what the emulator says of itself", async () => {
    const found = await json();
    expect(found.total).toBe(operations().length);
    expect(found.operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .toSorted(),
    );
    const served = found.operations.filter((row) => row.served).length;
    expect(found.served).toBe(served);
    expect(found.nouns.reduce((sum, row) => sum + row.served, 0)).toBe(served);
    await using emulator = testEmulator();
    const { operations: own } = (await emulator.call<Coverage>("/_emulator/coverage")).body;
    expect(found.operations).toEqual(own);
  });

  test("some nouns, in any spelling", async () => {
    const found = await json("--noun", "access-key,USER");
    expect(new Set(found.operations.map(({ noun }) => noun))).toEqual(new Set(["AccessKey", "User"]));
    expect(found.total).toBe(found.operations.length);
    const wrong = await cli(["emulator", "coverage", "--noun", "usr"]);
    expect([wrong.status, wrong.err]).toEqual([1, expect.stringContaining("User")]);
  });

  test("what is missing, with the totals of everything", async () => {
    const found = await json("--missing");
    expect(found.operations.every((row) => !row.served)).toBe(true);
    expect(found.operations).toHaveLength(found.total - found.served);
  });

  test("for people: a line for each and the totals last", async () => {
    const { out } = await cli(["emulator", "coverage", "--noun", "Tenant"]);
    expect(out).toMatch(/^served      Tenant  \w+ +(GET|POST) +\/v1\/mgmt\/tenant/m);
    expect(out).toMatch(/\n\n\d+ of \d+ operations are served, of 1 noun\n$/);
  });
});
