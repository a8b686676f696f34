import { pointer } from "../../json/locate.ts";
import type { Json, JsonObject } from "../../json/value.ts";
import type { Change } from "./change.ts";
import type { FlowDiff } from "./compare.ts";
import type { Risk } from "./risk.ts";
import { summaryWords } from "./text.ts";

/**
 * A comparison for programs (`descope-flow-diff/1`; members may be added, none changes its meaning). `fails`: there should be no
 * difference, and there is.
 */
export function diffDocument(diff: FlowDiff, risks: readonly Risk[], fails: boolean): JsonObject {
  const side = ({ id, name, source }: FlowDiff["left"]): JsonObject => ({
    id,
    name,
    path: source.contents.file.path,
    shape: source.shape,
  });
  return {
    schema: "descope-flow-diff/1",
    ok: !fails,
    ...(fails ? { reason: "differences_found" } : {}),
    same: diff.changes.length === 0,
    left: side(diff.left),
    right: side(diff.right),
    summary: summaryWords(diff),
    risks: risks.map(({ code, level, text, step }): Json => ({
      code,
      level,
      text,
      ...(step === undefined ? {} : { step }),
    })),
    changes: diff.changes.map(changeDocument),
    noise: diff.noise.map(({ kind, count, items }): Json => ({ kind, count, items: [...items] })),
  };
}

/** One change for programs. */
function changeDocument(change: Change): JsonObject {
  const { op, subject, weight, step, screen, path, words, edge } = change;
  return {
    op,
    subject,
    weight,
    path: pointer(path),
    words,
    ...(step === undefined ? {} : { step }),
    ...(screen === undefined ? {} : { screen }),
    ...(change.old === undefined ? {} : { old: change.old }),
    ...(change.new === undefined ? {} : { new: change.new }),
    ...(edge === undefined
      ? {}
      : {
          edge: {
            outcome: edge.outcome,
            label: edge.label,
            ...(edge.old === undefined ? {} : { old: edge.old }),
            ...(edge.new === undefined ? {} : { new: edge.new }),
          },
        }),
  };
}
