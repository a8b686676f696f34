import type { Found, Rule } from "../../lint/finding.ts";
import type { JsonFile } from "../../json/source.ts";
import type { Problem } from "../model/entity.ts";

type Texts = Readonly<
  Record<string, readonly [level: Rule["level"], summary: string, help: string, fix: string]>
>;

/** What can be wrong with the files of a snapshot, by the code of the problem. */
const TEXTS: Texts = {
  "index-missing": [
    "warning",
    "A folder of the snapshot has no index file",
    "The index decides what is imported; without it, it is not known what belongs to the snapshot.",
    "Export the snapshot anew.",
  ],
  "index-malformed": [
    "error",
    "An index file does not hold a list of names",
    "The index decides what is imported.",
    "Make it a list of names, or export the snapshot anew.",
  ],
  "index-duplicate": [
    "error",
    "An index lists a name twice",
    "What is listed twice is imported twice, or not at all.",
    "Take one of the two out.",
  ],
  "index-unlisted": [
    "warning",
    "A file is not listed in its index, and so no part of the snapshot",
    "It may be left from an earlier export: an import leaves it out without a word.",
    "List it, or delete it.",
  ],
  "index-absent": [
    "error",
    "An index lists what is not there",
    "The snapshot is not whole: an import fails, or deletes what is missing.",
    "Export the snapshot anew, or take the name out of the index.",
  ],
  "name-missing": [
    "error",
    "A connector has no name",
    "Connectors are known by their names from one environment to the other.",
    "Give it a name.",
  ],
  "duplicate-name": [
    "error",
    "Two things have one name",
    "Between environments they are paired by their names; with two of one name nobody can tell which is meant.",
    "Give each a name of its own.",
  ],
  "file-missing": [
    "error",
    "A flow or widget lacks one of its files",
    "The snapshot is not whole.",
    "Export the snapshot anew.",
  ],
  "duplicate-screen": [
    "error",
    "Two files hold the same screen",
    "Which of the two is imported is not known.",
    "Delete one of them.",
  ],
  "screen-unlisted": [
    "warning",
    "A screen is not listed in its metadata.json, and so no part of the snapshot",
    "An import follows the list, not the folder.",
    "List it, or delete it.",
  ],
  "screen-absent": [
    "error",
    "A screen is listed and has no file",
    "The snapshot is not whole.",
    "Export the snapshot anew.",
  ],
  "asset-missing": [
    "error",
    "A text or image that a file refers to is not among the assets",
    "An import would leave the reference itself in its place.",
    "Export the snapshot anew, or take the reference out.",
  ],
  "asset-unused": [
    "note",
    "Nothing refers to an asset",
    "It may be left from an earlier export.",
    "Delete it.",
  ],
};

const BY_CODE = new Map(
  Object.entries(TEXTS).map(([code, [level, summary, help, fix]]) => [
    code,
    { rule: { code, level, summary, help } satisfies Rule, fix },
  ]),
);

/** The rules about a snapshot's files. */
export const STRUCTURE_RULES: readonly Rule[] = [...BY_CODE.values()].map(({ rule }) => rule);

/** What the rules about flows and connectors tell better. */
function isToldElsewhere({ code, path }: Problem): boolean {
  if (path.startsWith("connectors/") && code === "duplicate-name") return true;
  return (
    path.startsWith("flows/") &&
    path !== "flows/flows.json" &&
    ["index-unlisted", "screen-unlisted", "screen-absent", "asset-missing"].includes(code)
  );
}

/** A text with a capital at its start, unless it begins with a path, which is shown as it is. */
function sentence(text: string): string {
  return /^\S*\//.test(text) ? text : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The problems of a snapshot as findings. */
export function structureFindings(problems: readonly Problem[], file: (path: string) => JsonFile): Found[] {
  return problems.flatMap((problem) => {
    const known = BY_CODE.get(problem.code);
    if (known === undefined || isToldElsewhere(problem)) return [];
    return [
      {
        rule: known.rule,
        address: `file/${problem.path}`,
        key: problem.text,
        message: sentence(problem.text),
        fix: known.fix,
        file: file(problem.path),
        path: problem.at,
        level: problem.level,
      },
    ];
  });
}
