import { asText } from "../../json/look.ts";
import type { JsonObject } from "../../json/value.ts";
import type { NormalFlow } from "./normal.ts";

/** Which step of the left flow is which of the right one; ids are those of {@link NormalFlow.tasks}. */
export interface Pairs {
  readonly toRight: ReadonlyMap<string, string>;
  readonly toLeft: ReadonlyMap<string, string>;
}

/**
 * Pairs the steps of two flows: by their ids where they are of the same make, else by the screen that they show, else by what they do
 * and are called where that is true of one on either side, else by their ids where at least the type is the same.
 */
export function pairSteps(left: NormalFlow, right: NormalFlow): Pairs {
  const toRight = new Map<string, string>();
  const toLeft = new Map<string, string>();
  const pair = (a: string, b: string) => {
    toRight.set(a, b);
    toLeft.set(b, a);
  };
  const free = () => ({
    left: Object.keys(left.tasks).filter((id) => !toRight.has(id)),
    right: Object.keys(right.tasks).filter((id) => !toLeft.has(id)),
  });
  const bySameId = (make: (task: JsonObject) => string) => {
    const others = new Set(free().right);
    for (const id of free().left) {
      if (others.has(id) && make(left.tasks[id] ?? {}) === make(right.tasks[id] ?? {})) pair(id, id);
    }
  };
  const byUnique = (make: (task: JsonObject) => string) => {
    const rest = free();
    const groups = Map.groupBy(rest.right, (id) => make(right.tasks[id] ?? {}));
    for (const [key, ids] of Map.groupBy(rest.left, (id) => make(left.tasks[id] ?? {}))) {
      const [a, b] = [ids[0], groups.get(key)?.[0]];
      if (
        key !== "" &&
        a !== undefined &&
        b !== undefined &&
        ids.length === 1 &&
        groups.get(key)?.length === 1
      ) {
        pair(a, b);
      }
    }
  };
  bySameId((task) => JSON.stringify([kind(task), asText(task.screenId), asText(task.name)]));
  byUnique((task) => asText(task.screenId));
  byUnique((task) => (asText(task.name) === "" ? "" : JSON.stringify([kind(task), task.name])));
  bySameId((task) => JSON.stringify(kind(task)));
  bySameId((task) => asText(task.type));
  return { toRight, toLeft };
}

function kind(task: JsonObject): readonly string[] {
  return [asText(task.type), asText(task.action)];
}
