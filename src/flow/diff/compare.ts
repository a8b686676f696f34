import { differences } from "../../diff/json.ts";
import { asList, asText, member } from "../../json/look.ts";
import type { Json } from "../../json/value.ts";
import type { Flow } from "../graph/model.ts";
import type { Change, Noise, Weight } from "./change.ts";
import { arrow, ChangeList } from "./change-list.ts";
import { compareScreens } from "./compare-screens.ts";
import { compareSteps } from "./compare-steps.ts";
import { countNoise } from "./noise.ts";
import { namesOf, normalise } from "./normal.ts";
import { pairSteps, type Pairs } from "./pair.ts";
import type { Sides } from "./sides.ts";
import { nameOf } from "./words.ts";

/** Two flows compared. */
export interface FlowDiff {
  readonly left: Flow;
  readonly right: Flow;
  /** Which step is which. */
  readonly pairs: Pairs;
  /** Empty where the flows mean the same. */
  readonly changes: readonly Change[];
  readonly noise: readonly Noise[];
}

/** More of what flows refer to than they say themselves: id to `connector:CRM API`. */
export interface CompareOptions {
  readonly names?: ReadonlyMap<string, string>;
}

/**
 * Compares two flows by what they mean: steps, ways, conditions, arguments, errors, screens' texts and components, scripts, settings.
 * What is not understood is compared literally; nothing that differs in the normal form is left out. Moves on the canvas, derived
 * fields and the like are only counted.
 */
export function compareFlows(left: Flow, right: Flow, options: CompareOptions = {}): FlowDiff {
  const names = new Map([...(options.names ?? []), ...namesOf(left.source), ...namesOf(right.source)]);
  const a = normalise(left.source, names);
  const b = normalise(right.source, names);
  const pairs = pairSteps(a, b);
  const sides: Sides = { left, right, a, b, pairs };
  const changes = new ChangeList();
  const library: string[] = [];
  compareSettings(sides, changes);
  compareSteps(sides, changes);
  compareScreens(sides, changes, library);
  compareRest(sides, changes);
  return {
    left,
    right,
    pairs,
    changes: changes.all,
    noise: countNoise(left.source, right.source, pairs, names, library),
  };
}

function compareSettings({ a, b }: Sides, changes: ChangeList): void {
  if (a.id !== b.id)
    changes.add({
      op: "change",
      subject: "id",
      weight: "naming",
      path: ["id"],
      old: a.id,
      new: b.id,
      words: arrow(a.id, b.id),
    });
  const { sharedInteractions: exitsA, ...settingsA } = a.settings;
  const { sharedInteractions: exitsB, ...settingsB } = b.settings;
  for (const { path, ...sides } of differences(settingsA, settingsB)) {
    const name = path.join(".");
    const weight: Weight = name === "name" || name === "description" ? "naming" : "behaviour";
    changes.value("setting", weight, ["settings", ...path], name, sides.old, sides.new);
  }
  const byId = (exits: Json | undefined) =>
    new Map(asList(exits).map((exit) => [asText(member(exit, "id")), exit]));
  changes.keyed(
    "exit",
    "behaviour",
    ["settings", "sharedInteractions"],
    byId(exitsA),
    byId(exitsB),
    (id, exit) => {
      const label = asText(member(exit, "label")) || asText(member(exit, "type"));
      return label === "" ? id : `${id} "${label}"`;
    },
  );
}

/** Whatever else the two sides differ in. */
function compareRest({ left, right, a, b, pairs }: Sides, changes: ChangeList): void {
  for (const { path, ...sides } of differences(a.other, b.other)) {
    changes.value("other", "behaviour", ["other", ...path], path.join("."), sides.old, sides.new);
  }
  const [before, after] = [a.startTask, b.startTask];
  if ((pairs.toRight.get(before) ?? before) === after) return;
  const [from, to] = [nameOf(left, before), nameOf(right, after)];
  changes.add({
    op: "change",
    subject: "setting",
    weight: "behaviour",
    path: ["startTask"],
    old: before,
    new: after,
    words: `first step ${arrow(from, to)}`,
  });
}
