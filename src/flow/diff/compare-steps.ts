import { counted } from "../../counted.ts";
import { differences } from "../../diff/json.ts";
import { equalJson } from "../../json/equal.ts";
import { asList, asObject, asText, entriesOf, member } from "../../json/look.ts";
import type { Json, JsonObject } from "../../json/value.ts";
import { edgesFrom, type Edge, type Flow } from "../graph/model.ts";
import { branchesOf, branchText, valueText } from "../graph/task.ts";
import { arrow, keysOf, own, type ChangeList } from "./change-list.ts";
import type { NormalFlow } from "./normal.ts";
import type { Sides } from "./sides.ts";
import { differenceWords, errorWords, itemWords, nameOf, stepWords, wayWords } from "./words.ts";

/** Compares the steps of two flows, what they do, and the ways between them. */
export function compareSteps(sides: Sides, changes: ChangeList): void {
  new StepComparison(sides, changes).compare();
}

class StepComparison {
  private readonly sides: Sides;
  private readonly changes: ChangeList;
  private readonly edgesLeft: ReadonlyMap<string, readonly Edge[]>;
  private readonly edgesRight: ReadonlyMap<string, readonly Edge[]>;

  constructor(sides: Sides, changes: ChangeList) {
    this.sides = sides;
    this.changes = changes;
    this.edgesLeft = edgesFrom(sides.left);
    this.edgesRight = edgesFrom(sides.right);
  }

  compare(): void {
    const renumbered: string[] = [];
    for (const id of ordered(this.sides.left, this.sides.a)) {
      if (this.sides.pairs.toRight.has(id)) continue;
      const step = this.sides.left.steps.get(id);
      this.changes.add({
        op: "remove",
        subject: "step",
        weight: "behaviour",
        step: id,
        path: ["tasks", id],
        words: stepWords(step, id),
      });
    }
    for (const id of ordered(this.sides.right, this.sides.b)) {
      const before = this.sides.pairs.toLeft.get(id);
      const step = this.sides.right.steps.get(id);
      if (before === undefined) {
        this.changes.add({
          op: "add",
          subject: "step",
          weight: "behaviour",
          step: id,
          path: ["tasks", id],
          words: stepWords(step, id),
        });
        this.newEdges(id);
        continue;
      }
      if (before !== id) renumbered.push(`${before} -> ${id}`);
      this.step(before, id);
    }
    if (renumbered.length > 0) {
      this.changes.add({
        op: "change",
        subject: "id",
        weight: "naming",
        path: ["tasks"],
        words: `${counted(renumbered.length, "step")} renumbered: ${renumbered.join(", ")}`,
      });
    }
  }

  /** Compares what one step is and does. */
  private step(before: string, id: string): void {
    const {
      next: _oldNext,
      conditions: oldBranches,
      arguments: oldArguments,
      errorHandlingV2: oldErrors,
      name: oldName,
      ...oldRest
    } = this.sides.a.tasks[before] ?? {};
    const {
      next: _newNext,
      conditions: newBranches,
      arguments: newArguments,
      errorHandlingV2: newErrors,
      name: newName,
      ...newRest
    } = this.sides.b.tasks[id] ?? {};
    const path = ["tasks", id];
    const at = { step: id };
    this.changes.value("name", "naming", [...path, "name"], "", oldName, newName, at);
    for (const { path: below, ...sides } of differences(oldRest, newRest)) {
      const known = below[0] === "action" || below[0] === "type" || below[0] === "screenId";
      this.changes.value(
        known ? "action" : "other",
        "behaviour",
        [...path, ...below],
        below.join("."),
        sides.old,
        sides.new,
        at,
      );
    }
    this.edges(before, id, this.outcomes(before, id, asList(oldBranches), asList(newBranches)));
    this.branches(id, asList(oldBranches), asList(newBranches));
    this.args(id, asObject(oldArguments), asObject(newArguments));
    const errors = (value: Json | undefined) => new Map(entriesOf(value));
    this.changes.keyed(
      "error",
      "behaviour",
      [...path, "errorHandlingV2"],
      errors(oldErrors),
      errors(newErrors),
      (name, handling) => `${name} ${errorWords(handling)}`.trim(),
      at,
      (name, old, now) => {
        const [before, after] = [errorWords(old) || "set", errorWords(now) || "set"];
        const what =
          before === after ? differences(old, now).map(differenceWords).join(", ") : arrow(before, after);
        return `${name} ${what}`;
      },
    );
  }

  /** For every outcome of a left step, what it is on the right: branches and buttons that were made anew keep their words. */
  private outcomes(
    before: string,
    id: string,
    oldBranches: readonly Json[],
    newBranches: readonly Json[],
  ): Map<string, string> {
    const out = new Map<string, string>();
    const named = (branches: readonly Json[]) =>
      branches.map((branch): [string, string] => [
        asText(member(branch, "interactionId")),
        asText(member(branch, "name")),
      ]);
    matchByWords(named(oldBranches), named(newBranches), out);
    const buttons = (screen: JsonObject | undefined) =>
      entriesOf(screen?.interactions).map(([key, content]): [string, string] => {
        const label = asText(member(content, "label"));
        return [key, label === "" ? "" : JSON.stringify([label, asText(member(content, "type"))])];
      });
    const oldScreen = this.sides.a.screens[asText(this.sides.a.tasks[before]?.screenId)];
    const newScreen = this.sides.b.screens[asText(this.sides.b.tasks[id]?.screenId)];
    matchByWords(buttons(oldScreen), buttons(newScreen), out);
    return out;
  }

  private edges(before: string, id: string, outcomes: ReadonlyMap<string, string>): void {
    const old = new Map<string, Edge>();
    for (const edge of this.edgesLeft.get(before) ?? []) {
      const target =
        this.sides.pairs.toRight.get(edge.to) ??
        (this.sides.left.steps.get(edge.to)?.kind === "missing" ? edge.to : `\0${edge.to}`);
      old.set(JSON.stringify([outcomes.get(edge.outcome) ?? edge.outcome, target]), edge);
    }
    const now = new Map<string, Edge>();
    for (const edge of this.edgesRight.get(id) ?? []) now.set(JSON.stringify([edge.outcome, edge.to]), edge);
    const gone = [...old].filter(([key]) => !now.has(key)).map(([, edge]) => edge);
    const come = [...now].filter(([key]) => !old.has(key)).map(([, edge]) => edge);
    const from = nameOf(this.sides.right, id);
    for (const edge of gone) {
      const outcome = outcomes.get(edge.outcome) ?? edge.outcome;
      const rivals = gone.filter((other) => (outcomes.get(other.outcome) ?? other.outcome) === outcome);
      const heirs = come.filter((other) => other.outcome === outcome);
      const [heir] = heirs;
      const common = {
        subject: "edge",
        weight: "behaviour",
        step: id,
        path: ["tasks", id, "next", outcome],
      } as const;
      const to = nameOf(this.sides.left, edge.to);
      if (heir !== undefined && heirs.length === 1 && rivals.length === 1) {
        come.splice(come.indexOf(heir), 1);
        this.changes.add({
          ...common,
          op: "change",
          words: `${from} ${wayWords(edge)} ${to}   now ${wayWords(heir)} ${nameOf(this.sides.right, heir.to)}`,
          edge: { outcome, label: heir.label, old: edge.to, new: heir.to },
        });
      } else {
        this.changes.add({
          ...common,
          op: "remove",
          words: `${from} ${wayWords(edge)} ${to}`,
          edge: { outcome, label: edge.label, old: edge.to },
        });
      }
    }
    for (const edge of come) this.newEdge(edge);
  }

  private newEdges(id: string): void {
    for (const edge of this.edgesRight.get(id) ?? []) this.newEdge(edge);
  }

  private newEdge(edge: Edge): void {
    this.changes.add({
      op: "add",
      subject: "edge",
      weight: "behaviour",
      step: edge.from,
      path: ["tasks", edge.from, "next", edge.outcome],
      words: `${nameOf(this.sides.right, edge.from)} ${wayWords(edge)} ${nameOf(this.sides.right, edge.to)}`,
      edge: { outcome: edge.outcome, label: edge.label, new: edge.to },
    });
  }

  private branches(id: string, old: readonly Json[], now: readonly Json[]): void {
    const outcomes = new Map<string, string>();
    const named = (branches: readonly Json[]) =>
      branches.map((branch): [string, string] => [
        asText(member(branch, "interactionId")),
        asText(member(branch, "name")),
      ]);
    matchByWords(named(old), named(now), outcomes);
    const keyOf = (branch: Json) => asText(member(branch, "interactionId"));
    const before = new Map(old.map((branch) => [outcomes.get(keyOf(branch)) ?? keyOf(branch), branch]));
    const after = new Map(now.map((branch) => [keyOf(branch), branch]));
    const words = (branch: Json) => {
      const [read] = branchesOf({ conditions: [branch] }, []);
      if (read === undefined) return "";
      const error =
        read.errorHandling === undefined
          ? ""
          : `, shows an error: ${errorWords(read.errorHandling) || valueText(read.errorHandling)}`;
      return `${branchText(read)}${error}`;
    };
    const title = (branch: Json) =>
      keyOf(branch) === "ELSE" ? "else" : `"${asText(member(branch, "name")) || keyOf(branch)}"`;
    const path = ["tasks", id, "conditions"];
    this.changes.keyed(
      "branch",
      "behaviour",
      path,
      before,
      after,
      (_key, branch) => `${title(branch)} when ${words(branch)}`,
      { step: id },
      (_key, a, b) => {
        const named = title(a) === title(b) ? title(b) : arrow(title(a), title(b));
        const tests = words(a) === words(b) ? "" : `when ${arrow(words(a), words(b))}`;
        const rewritten =
          asText(member(a, "interactionId")) === keyOf(b)
            ? ""
            : `made anew with the same words (${arrow(keyOf(a), keyOf(b))})`;
        const parts = [tests, rewritten].filter((part) => part !== "");
        const rest = parts.length > 0 || title(a) !== title(b) ? [] : differences(a, b).map(differenceWords);
        return [named, ...parts, ...rest].join(" ");
      },
    );
    const common = (keys: Iterable<string>, other: ReadonlyMap<string, Json>) =>
      [...keys].filter((key) => other.has(key));
    const [oldOrder, newOrder] = [common(before.keys(), after), common(after.keys(), before)];
    if (
      oldOrder.join("\0") !== newOrder.join("\0") ||
      before.size !== old.length ||
      after.size !== now.length
    ) {
      const titles = (order: readonly string[], of: ReadonlyMap<string, Json>) =>
        order.map((key) => title(of.get(key) ?? null)).join(", ");
      const words = `order: ${titles(oldOrder, before)} -> ${titles(newOrder, after)}`;
      if (!equalJson([...old], [...now]))
        this.changes.add({ op: "change", subject: "branch", weight: "behaviour", step: id, path, words });
    }
  }

  private args(id: string, old: JsonObject, now: JsonObject): void {
    for (const name of keysOf(old, now)) {
      const path = ["tasks", id, "arguments", name];
      const [before, after] = [own(old, name), own(now, name)];
      const pairs = listPairs(before, after);
      if (pairs !== undefined) {
        this.changes.keyed(
          "argument",
          "behaviour",
          path,
          pairs.old,
          pairs.new,
          (key, item) => `${name} ${key} = ${itemWords(item)}`,
          { step: id },
          (key, a, b) => `${name} ${key} ${arrow(itemWords(a), itemWords(b))}`,
        );
        if (pairs.moved)
          this.changes.add({
            op: "change",
            subject: "argument",
            weight: "behaviour",
            step: id,
            path,
            words: `${name}: another order`,
          });
        continue;
      }
      this.changes.value(
        name === "scriptCode" ? "script" : "argument",
        "behaviour",
        path,
        name,
        before,
        after,
        {
          step: id,
        },
      );
    }
  }
}

/** Lists of `{key, …}` by their keys, where every item on both sides has one of its own. */
function listPairs(
  old: Json | undefined,
  now: Json | undefined,
): { old: Map<string, Json>; new: Map<string, Json>; moved: boolean } | undefined {
  const byKey = (value: Json | undefined) => {
    const items = asList(value);
    const keys = items.map((item) => asText(member(item, "key")));
    return keys.includes("") || new Set(keys).size !== keys.length
      ? undefined
      : new Map(items.map((item, i) => [keys[i] ?? "", item]));
  };
  const isList = (value: Json | undefined) => value === undefined || Array.isArray(value);
  if (!isList(old) || !isList(now)) return undefined;
  const [a, b] = [byKey(old), byKey(now)];
  if (a === undefined || b === undefined) return undefined;
  const common = (keys: Iterable<string>, other: ReadonlyMap<string, Json>) =>
    [...keys].filter((key) => other.has(key)).join("\0");
  return { old: a, new: b, moved: common(a.keys(), b) !== common(b.keys(), a) };
}

/** Adds to `out` what has other words for an id: things that are gone on the left and come on the right under the same words. */
function matchByWords(
  old: readonly (readonly [string, string])[],
  now: readonly (readonly [string, string])[],
  out: Map<string, string>,
): void {
  const oldIds = new Set(old.map(([id]) => id));
  const newIds = new Set(now.map(([id]) => id));
  const gone = old.filter(([id, words]) => !newIds.has(id) && words !== "");
  const come = now.filter(([id, words]) => !oldIds.has(id) && words !== "");
  for (const [id, words] of gone) {
    const rivals = gone.filter((other) => other[1] === words);
    const heirs = come.filter((other) => other[1] === words);
    if (rivals.length === 1 && heirs.length === 1 && heirs[0] !== undefined) out.set(id, heirs[0][0]);
  }
}

function ordered(flow: Flow, normal: NormalFlow): string[] {
  return [...flow.steps.keys()].filter((id) => Object.hasOwn(normal.tasks, id));
}
