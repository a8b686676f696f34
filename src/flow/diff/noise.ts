import { differences } from "../../diff/json.ts";
import { asList, asObject, asText, member } from "../../json/look.ts";
import type { Json, JsonObject } from "../../json/value.ts";
import type { FlowSource } from "../graph/source.ts";
import type { Noise } from "./change.ts";
import { COPIED, DERIVED } from "../repeated-members.ts";
import type { Names } from "./normal.ts";
import type { Pairs } from "./pair.ts";

/** Counts what differs between two flows' files and means nothing. `library` lists what a newer component library wrote by itself. */
export function countNoise(
  left: FlowSource,
  right: FlowSource,
  pairs: Pairs,
  names: Names,
  library: readonly string[],
): Noise[] {
  const moved: string[] = [];
  const derived: string[] = [];
  const copies: string[] = [];
  const ids: string[] = [];
  const [tasksLeft, tasksRight] = [
    asObject(left.contents.content.tasks),
    asObject(right.contents.content.tasks),
  ];
  for (const [before, after] of rawPairs(tasksLeft, tasksRight, pairs)) {
    const [a, b] = [asObject(tasksLeft[before]), asObject(tasksRight[after])];
    for (const { path, old, new: now } of differences(a, b)) {
      const key = String(path[0]);
      const place = `step ${after} ${path.join(".")}`;
      if (key === "view") {
        if (moved.at(-1) !== `step ${after}`) moved.push(`step ${after}`);
      } else if (COPIED.has(key)) copies.push(place);
      else if (DERIVED.has(key)) derived.push(place);
      else if (isSameName(old, now, names)) ids.push(place);
    }
  }
  const versions = [left, right].map(({ metadata }) => asText(member(metadata.content, "componentsVersion")));
  const items =
    versions[0] === versions[1]
      ? library
      : [`version ${versions[0] || "none"} -> ${versions[1] || "none"}`, ...library];
  return [
    noise("layout", moved, "layout move", "layout moves"),
    noise("derived", derived, "derived field", "derived fields"),
    noise("copies", copies, "copy of a screen in a step", "copies of screens in steps"),
    noise("library", items, "effect of the component library", "effects of the component library"),
    noise("ids", ids, "id behind the same name", "ids behind the same names"),
  ].filter(({ count }) => count > 0);
}

function noise(kind: Noise["kind"], items: readonly string[], one: string, many: string): Noise {
  return { kind, count: items.length, words: `${items.length} ${items.length === 1 ? one : many}`, items };
}

/** The pairs of tasks as files have them: second halves too. */
function rawPairs(left: JsonObject, right: JsonObject, pairs: Pairs): [string, string][] {
  return [...new Map(pairs.toRight).set("start", "start")].flatMap(([a, b]) =>
    [[a, b] as [string, string], [`${a}.end`, `${b}.end`] as [string, string]].filter(
      ([before, after]) => Object.hasOwn(left, before) && Object.hasOwn(right, after),
    ),
  );
}

function isSameName(old: Json | undefined, now: Json | undefined, names: Names): boolean {
  if (Array.isArray(old) && Array.isArray(now))
    return asList(old).every((item, i) => isSameName(item, now[i], names));
  return (
    typeof old === "string" && typeof now === "string" && names.has(old) && names.get(old) === names.get(now)
  );
}
