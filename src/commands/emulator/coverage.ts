import { command } from "../../command/command.ts";
import { bool, list } from "../../command/flags.ts";
import type { Report } from "../../command/result.ts";
import { counted } from "../../counted.ts";
import { invalidInput } from "../../failure.ts";
import { marked, type Line } from "../../output/line.ts";
import type { CoverageRow } from "../../emulator/control/coverage.ts";

export default command({
  description:
    "Lists the calls of Descope's API that this program knows, and which of them its emulator serves. It comes from the table by which the\n" +
    "emulator routes, and needs none that runs.",
  flags: {
    noun: list("Only calls of these nouns, such as User,Tenant", { value: "nouns" }),
    missing: bool("Only calls that are not served"),
  },
  examples: [
    "descope emulator coverage",
    "descope emulator coverage --noun user,tenant",
    "descope emulator coverage --missing --json",
  ],
  async run(_context, _args, { noun, missing }): Promise<Report> {
    const { coverage } = await import("../../emulator/control/coverage.ts");
    const { served } = await import("../../emulator/services.ts");
    const all = coverage(served).operations;
    const nouns = wantedNouns(noun, all);
    const chosen = nouns === undefined ? all : all.filter((row) => nouns.has(row.noun));
    const shown = missing ? chosen.filter((row) => !row.served) : chosen;
    const totals = countByNoun(chosen);
    const answered = chosen.filter((row) => row.served).length;
    return {
      kind: "report",
      answer: "yes",
      document: {
        ok: true,
        total: chosen.length,
        served: answered,
        nouns: totals.map((row) => ({ ...row })),
        operations: shown.map((row) => ({ ...row, olderPaths: [...row.olderPaths] })),
      },
      body: [
        ...rows(shown),
        ...(shown.length === 0 ? [] : [""]),
        `${answered} of ${chosen.length} operations are served, of ${counted(totals.length, "noun")}`,
      ],
    };
  },
});

function wantedNouns(given: string[] | undefined, all: readonly CoverageRow[]): Set<string> | undefined {
  if (given === undefined) return undefined;
  const known = new Map(all.map(({ noun }) => [fold(noun), noun]));
  return new Set(
    given.map((one) => {
      const found = known.get(fold(one));
      if (found === undefined)
        throw invalidInput(
          "--noun names a noun that the API does not have",
          `It has ${[...known.values()].join(", ")}.`,
        );
      return found;
    }),
  );
}

/** `access-key` and `AccessKey` are one noun. */
function fold(noun: string): string {
  return noun.toLowerCase().replaceAll(/[^a-z]/g, "");
}

function countByNoun(chosen: readonly CoverageRow[]): { noun: string; total: number; served: number }[] {
  const found = new Map<string, { noun: string; total: number; served: number }>();
  for (const { noun, served } of chosen) {
    const row = found.get(noun) ?? { noun, total: 0, served: 0 };
    found.set(noun, { noun, total: row.total + 1, served: row.served + (served ? 1 : 0) });
  }
  return [...found.values()];
}

function rows(shown: readonly CoverageRow[]): Line[] {
  const cells = shown.map(({ noun, verb, method, path }) => [noun, verb, method, path] as const);
  const width = (column: 0 | 1 | 2) => Math.max(...cells.map((row) => row[column].length), 0);
  const widths = [width(0), width(1), width(2)] as const;
  return shown.map(({ served }, index) => {
    const [noun, verb, method, path] = cells[index] as (typeof cells)[number];
    const words = `${noun.padEnd(widths[0])}  ${verb.padEnd(widths[1])}  ${method.padEnd(widths[2])}  ${path}`;
    return served
      ? [marked("added", "served    "), `  ${words}`]
      : [marked("removed", "not served"), `  ${words}`];
  });
}
