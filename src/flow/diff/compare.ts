import { differences, type Difference } from "../../diff/json.ts";
import { diffLines } from "../../diff/lines.ts";
import { equalJson } from "../../json/equal.ts";
import type { Path } from "../../json/locate.ts";
import { asList, asObject, asText, entriesOf, member } from "../../json/look.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { withoutSecrets } from "../../lint/secret.ts";
import { edgesFrom, type Edge, type Flow, type Step } from "../graph/model.ts";
import {
  branchesOf,
  branchText,
  componentsOf,
  componentText,
  TEXT_PROPS,
  valueText,
  type Component,
} from "../graph/task.ts";
import type { Change, Noise, Subject, Weight } from "./change.ts";
import { countNoise } from "./noise.ts";
import { namesOf, normalise, type NormalFlow } from "./normal.ts";
import { pairSteps, type Pairs } from "./pair.ts";

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
  const collected: Change[] = [];
  const library: string[] = [];
  const comparison = new Comparison(left, right, a, b, pairs, collected, library);
  comparison.settings();
  comparison.steps();
  comparison.screens();
  comparison.rest();
  return {
    left,
    right,
    pairs,
    changes: collected,
    noise: countNoise(left.source, right.source, pairs, names, library),
  };
}

const LONG = 80;

class Comparison {
  private readonly left: Flow;
  private readonly right: Flow;
  private readonly a: NormalFlow;
  private readonly b: NormalFlow;
  private readonly pairs: Pairs;
  private readonly out: Change[];
  private readonly library: string[];
  private readonly edgesLeft: ReadonlyMap<string, readonly Edge[]>;
  private readonly edgesRight: ReadonlyMap<string, readonly Edge[]>;

  constructor(
    left: Flow,
    right: Flow,
    a: NormalFlow,
    b: NormalFlow,
    pairs: Pairs,
    out: Change[],
    library: string[],
  ) {
    this.left = left;
    this.right = right;
    this.a = a;
    this.b = b;
    this.pairs = pairs;
    this.out = out;
    this.library = library;
    this.edgesLeft = edgesFrom(left);
    this.edgesRight = edgesFrom(right);
  }

  settings(): void {
    const { a, b } = this;
    if (a.id !== b.id)
      this.add({
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
      this.value("setting", weight, ["settings", ...path], name, sides.old, sides.new);
    }
    const byId = (exits: Json | undefined) =>
      new Map(asList(exits).map((exit) => [asText(member(exit, "id")), exit]));
    this.keyed(
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

  steps(): void {
    const renumbered: string[] = [];
    for (const id of ordered(this.left, this.a)) {
      if (this.pairs.toRight.has(id)) continue;
      const step = this.left.steps.get(id);
      this.add({
        op: "remove",
        subject: "step",
        weight: "behaviour",
        step: id,
        path: ["tasks", id],
        words: stepWords(step, id),
      });
    }
    for (const id of ordered(this.right, this.b)) {
      const before = this.pairs.toLeft.get(id);
      const step = this.right.steps.get(id);
      if (before === undefined) {
        this.add({
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
      this.add({
        op: "change",
        subject: "id",
        weight: "naming",
        path: ["tasks"],
        words: `${renumbered.length} step${renumbered.length === 1 ? "" : "s"} renumbered: ${renumbered.join(", ")}`,
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
    } = this.a.tasks[before] ?? {};
    const {
      next: _newNext,
      conditions: newBranches,
      arguments: newArguments,
      errorHandlingV2: newErrors,
      name: newName,
      ...newRest
    } = this.b.tasks[id] ?? {};
    const path = ["tasks", id];
    const at = { step: id };
    this.value("name", "naming", [...path, "name"], "", oldName, newName, at);
    for (const { path: below, ...sides } of differences(oldRest, newRest)) {
      const known = below[0] === "action" || below[0] === "type" || below[0] === "screenId";
      this.value(
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
    this.branches(before, id, asList(oldBranches), asList(newBranches));
    this.args(id, asObject(oldArguments), asObject(newArguments));
    const errors = (value: Json | undefined) => new Map(entriesOf(value));
    this.keyed(
      "error",
      "behaviour",
      [...path, "errorHandlingV2"],
      errors(oldErrors),
      errors(newErrors),
      (name, handling) => `${name} ${errorWords(handling)}`.trim(),
      at,
      (name, old, now) => `${name} ${arrow(errorWords(old) || "set", errorWords(now) || "set")}`,
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
    const oldScreen = this.a.screens[asText(this.a.tasks[before]?.screenId)];
    const newScreen = this.b.screens[asText(this.b.tasks[id]?.screenId)];
    matchByWords(buttons(oldScreen), buttons(newScreen), out);
    return out;
  }

  private edges(before: string, id: string, outcomes: ReadonlyMap<string, string>): void {
    const old = new Map<string, Edge>();
    for (const edge of this.edgesLeft.get(before) ?? []) {
      const target =
        this.pairs.toRight.get(edge.to) ??
        (this.left.steps.get(edge.to)?.kind === "missing" ? edge.to : `\0${edge.to}`);
      old.set(JSON.stringify([outcomes.get(edge.outcome) ?? edge.outcome, target]), edge);
    }
    const now = new Map<string, Edge>();
    for (const edge of this.edgesRight.get(id) ?? []) now.set(JSON.stringify([edge.outcome, edge.to]), edge);
    const gone = [...old].filter(([key]) => !now.has(key)).map(([, edge]) => edge);
    const come = [...now].filter(([key]) => !old.has(key)).map(([, edge]) => edge);
    const from = nameOf(this.right, id);
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
      const to = nameOf(this.left, edge.to);
      if (heir !== undefined && heirs.length === 1 && rivals.length === 1) {
        come.splice(come.indexOf(heir), 1);
        this.add({
          ...common,
          op: "change",
          words: `${from} ${wayWords(edge)} ${to}   now ${wayWords(heir)} ${nameOf(this.right, heir.to)}`,
          edge: { outcome, label: heir.label, old: edge.to, new: heir.to },
        });
      } else {
        this.add({
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
    this.add({
      op: "add",
      subject: "edge",
      weight: "behaviour",
      step: edge.from,
      path: ["tasks", edge.from, "next", edge.outcome],
      words: `${nameOf(this.right, edge.from)} ${wayWords(edge)} ${nameOf(this.right, edge.to)}`,
      edge: { outcome: edge.outcome, label: edge.label, new: edge.to },
    });
  }

  private branches(_before: string, id: string, old: readonly Json[], now: readonly Json[]): void {
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
        read.errorHandling === undefined ? "" : `, shows an error ${valueText(read.errorHandling)}`;
      return `${branchText(read)}${error}`;
    };
    const title = (branch: Json) =>
      keyOf(branch) === "ELSE" ? "else" : `"${asText(member(branch, "name")) || keyOf(branch)}"`;
    const path = ["tasks", id, "conditions"];
    this.keyed(
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
        this.add({ op: "change", subject: "branch", weight: "behaviour", step: id, path, words });
    }
  }

  private args(id: string, old: JsonObject, now: JsonObject): void {
    for (const name of keysOf(old, now)) {
      const path = ["tasks", id, "arguments", name];
      const [before, after] = [own(old, name), own(now, name)];
      const pairs = listPairs(before, after);
      if (pairs !== undefined) {
        this.keyed(
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
          this.add({
            op: "change",
            subject: "argument",
            weight: "behaviour",
            step: id,
            path,
            words: `${name}: another order`,
          });
        continue;
      }
      this.value(name === "scriptCode" ? "script" : "argument", "behaviour", path, name, before, after, {
        step: id,
      });
    }
  }

  screens(): void {
    const shownOn = new Map<string, Step>();
    for (const step of [...this.left.steps.values(), ...this.right.steps.values()]) {
      if (step.screen !== undefined) shownOn.set(step.screen.id, step);
    }
    for (const id of keysOf(this.a.screens, this.b.screens)) {
      const [old, now] = [own(this.a.screens, id), own(this.b.screens, id)];
      const step = shownOn.get(id);
      const at = { screen: id, ...(step === undefined ? {} : { step: step.id }) };
      const title = step === undefined ? id : `"${step.name}" (${id})`;
      if (old === undefined || now === undefined) {
        const op = old === undefined ? "add" : "remove";
        const count = entriesOf(member(old ?? now, "nodes")).length;
        const words = `${title}, ${count} component${count === 1 ? "" : "s"}`;
        this.add({ op, subject: "screen", weight: "behaviour", path: ["screens", id], words, ...at });
        continue;
      }
      this.screen(id, old, now, at);
    }
  }

  private screen(id: string, old: JsonObject, now: JsonObject, at: { screen: string; step?: string }): void {
    const path = ["screens", id];
    const { interactions: oldInteractions, nodes: oldNodes, ...oldRest } = old;
    const { interactions: newInteractions, nodes: newNodes, ...newRest } = now;
    const components = (nodes: Json | undefined) => componentsOf({ contents: nodes ?? {} });
    const [before, after] = [components(oldNodes), components(newNodes)];
    const rewritten = this.libraryRewrites(id, before, after);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [a, b] = [before.get(key), after.get(key)];
      const here = [...path, "nodes", key];
      if (a === undefined || b === undefined) {
        const one = (a ?? b) as Component;
        const words = `${componentWords(one)}${hasInput(one) ? ", an input" : ""}`;
        this.add({
          op: a === undefined ? "add" : "remove",
          subject: "component",
          weight: "behaviour",
          path: here,
          words,
          ...at,
        });
        continue;
      }
      this.component(a, b, here, at, rewritten);
    }
    const interactions = (value: Json | undefined) => new Map(entriesOf(value));
    const isTold = (key: string) => !before.has(key) !== !after.has(key);
    for (const { path: below, ...sides } of differences(
      Object.fromEntries(interactions(oldInteractions)),
      Object.fromEntries(interactions(newInteractions)),
    )) {
      const key = String(below[0]);
      // A button that came or went was told as a component; its words are the button's own.
      const own = after.get(key);
      if (isTold(key)) {
        this.value(
          "interaction",
          "behaviour",
          [...path, "interactions", ...below],
          below.join("."),
          sides.old,
          sides.new,
          at,
        );
      } else {
        const isCopy = below[1] === "label" && own !== undefined && componentText(own) === sides.new;
        this.value(
          "interaction",
          isCopy ? "text" : "behaviour",
          [...path, "interactions", ...below],
          below.join("."),
          sides.old,
          sides.new,
          at,
        );
      }
    }
    for (const { path: below, ...sides } of differences(oldRest, newRest)) {
      this.value("other", "behaviour", [...path, ...below], below.join("."), sides.old, sides.new, at);
    }
  }

  private component(
    a: Component,
    b: Component,
    path: Path,
    at: { screen: string; step?: string },
    rewritten: ReadonlySet<string>,
  ): void {
    const { props: _a, ...oldRest } = a.content;
    const { props: _b, ...newRest } = b.content;
    const title = componentWords(b);
    for (const key of keysOf(a.props, b.props)) {
      const [old, now] = [own(a.props, key), own(b.props, key)];
      if (rewritten.has(`${b.id}\0${key}`)) continue;
      if ((TEXT_PROPS as readonly string[]).includes(key) && isTextOrNothing(old) && isTextOrNothing(now)) {
        const name = b.displayName === "" ? b.type : b.displayName;
        this.value(
          "text",
          "text",
          [...path, "props", key],
          key === "children" ? name : `${name} ${key}`,
          old,
          now,
          at,
        );
      } else {
        for (const { path: below, ...sides } of differences(old, now)) {
          const weight = BEHAVING_PROPS.test(key) ? "behaviour" : "look";
          this.value(
            "property",
            weight,
            [...path, "props", key, ...below],
            `${title} ${[key, ...below].join(".")}`,
            sides.old,
            sides.new,
            at,
          );
        }
      }
    }
    for (const { path: below, ...sides } of differences(oldRest, newRest)) {
      const key = String(below[0]);
      const weight: Weight =
        key === "displayName"
          ? "naming"
          : key === "nodes" || key === "parent" || key === "linkedNodes"
            ? "look"
            : "behaviour";
      const words = key === "nodes" ? `${title} order of components` : `${title} ${below.join(".")}`;
      if (key === "nodes")
        this.add({
          op: "change",
          subject: "component",
          weight,
          path: [...path, ...below],
          words,
          ...sidesOf(sides.old, sides.new),
          ...at,
        });
      else this.value("component", weight, [...path, ...below], words, sides.old, sides.new, at);
    }
  }

  /**
   * Properties that a newer component library wrote by itself: the two flows are of different versions, the property appeared or
   * vanished, and it did so with one and the same value on every component of its type. Those that decide what happens never count.
   */
  private libraryRewrites(
    screen: string,
    before: ReadonlyMap<string, Component>,
    after: ReadonlyMap<string, Component>,
  ): Set<string> {
    const out = new Set<string>();
    if (versionOf(this.left) === versionOf(this.right)) return out;
    const kept = [...after.values()].flatMap((b) => {
      const a = before.get(b.id);
      return a !== undefined &&
        a.type === b.type &&
        equalJson(a.content.nodes ?? null, b.content.nodes ?? null)
        ? [[a, b] as const]
        : [];
    });
    for (const [type, pairs] of Map.groupBy(kept, ([, b]) => b.type)) {
      const keys = new Set(pairs.flatMap(([a, b]) => [...Object.keys(a.props), ...Object.keys(b.props)]));
      for (const key of keys) {
        if (BEHAVING_PROPS.test(key) || (TEXT_PROPS as readonly string[]).includes(key)) continue;
        const sides = pairs.map(([a, b]) => [own(a.props, key), own(b.props, key)] as const);
        const changed = sides.filter(([old, now]) => !same(old, now));
        const [first] = changed;
        if (
          first === undefined ||
          changed.length !== sides.length ||
          (first[0] !== undefined && first[1] !== undefined)
        )
          continue;
        if (!changed.every(([old, now]) => same(old, first[0]) && same(now, first[1]))) continue;
        for (const [, b] of pairs) {
          out.add(`${b.id}\0${key}`);
          this.library.push(`screen ${screen}: ${type} ${b.id} ${key}`);
        }
      }
    }
    return out;
  }

  /** Whatever else the two sides differ in. */
  rest(): void {
    for (const { path, ...sides } of differences(this.a.other, this.b.other)) {
      this.value("other", "behaviour", ["other", ...path], path.join("."), sides.old, sides.new);
    }
    const [a, b] = [this.a.startTask, this.b.startTask];
    if ((this.pairs.toRight.get(a) ?? a) === b) return;
    const [from, to] = [nameOf(this.left, a), nameOf(this.right, b)];
    this.add({
      op: "change",
      subject: "setting",
      weight: "behaviour",
      path: ["startTask"],
      old: a,
      new: b,
      words: `first step ${arrow(from, to)}`,
    });
  }

  private add(change: Change): void {
    this.out.push(change);
  }

  /** A change of one value, if there is one. */
  private value(
    subject: Subject,
    weight: Weight,
    path: Path,
    title: string,
    old: Json | undefined,
    now: Json | undefined,
    at: { step?: string; screen?: string } = {},
  ): void {
    if (same(old, now)) return;
    const op = old === undefined ? "add" : now === undefined ? "remove" : "change";
    const name = String(path.findLast((step) => typeof step === "string") ?? "");
    const lines =
      isLong(old) || isLong(now)
        ? diffLines(asText(old), asText(now)).map((line) => ({
            ...line,
            text: withoutSecrets("", line.text),
          }))
        : undefined;
    const [before, after] = [shownValue(name, old), shownValue(name, now)];
    const shown = lines === undefined ? valueChange(before, after) : lineCount(lines);
    this.add({
      op,
      subject,
      weight,
      path,
      ...sidesOf(before, after),
      words: title === "" ? shown : `${title}  ${shown}`,
      ...(lines === undefined ? {} : { lines }),
      ...at,
    });
  }

  /** Changes among things that have keys. */
  private keyed(
    subject: Subject,
    weight: Weight,
    path: Path,
    old: ReadonlyMap<string, Json>,
    now: ReadonlyMap<string, Json>,
    words: (key: string, value: Json) => string,
    at: { step?: string } = {},
    changeWords?: (key: string, old: Json, now: Json) => string,
  ): void {
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      if (same(old.get(key), now.get(key))) continue;
      const [a, b] = [shownValue(key, old.get(key)), shownValue(key, now.get(key))];
      const op = a === undefined ? "add" : b === undefined ? "remove" : "change";
      const told =
        a !== undefined && b !== undefined
          ? (changeWords?.(key, a, b) ?? `${key}  ${arrow(valueText(a), valueText(b))}`)
          : words(key, (a ?? b) as Json);
      this.add({ op, subject, weight, path: [...path, key], ...sidesOf(a, b), words: told, ...at });
    }
  }
}

/** Properties of components that decide what happens, not how it looks. */
const BEHAVING_PROPS =
  /^(?:data-|required$|href$|url$|name$|pattern|min|max|type$|auto|hidden$|disabled|value|default|form|id$|digits|provider|allow|link|target)/i;

function own<T extends Json>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalJson(a, b);
}

function sidesOf(old: Json | undefined, now: Json | undefined): { old?: Json; new?: Json } {
  return { ...(old === undefined ? {} : { old }), ...(now === undefined ? {} : { new: now }) };
}

/** A value as it may be shown: what looks like a secret is hidden, that it changed is not. */
function shownValue<T extends Json | undefined>(name: string, value: T): T | Json {
  if (typeof value === "string") return withoutSecrets(name, value);
  if (Array.isArray(value)) return value.map((item) => shownValue(name, item));
  if (!isJsonObject(value)) return value;
  // In a list of named values the name stands beside the value.
  const beside = asText(value.key);
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => [
      key,
      shownValue(key === "value" ? beside || name : key, content),
    ]),
  );
}

function isTextOrNothing(value: Json | undefined): boolean {
  return value === undefined || typeof value === "string";
}

/** True for a text that is read by its lines, not as one value. */
function isLong(value: Json | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

function lineCount(lines: readonly { op: string }[]): string {
  const count = (op: string) => lines.filter((line) => line.op === op).length;
  return `${count("add")} line${count("add") === 1 ? "" : "s"} added, ${count("remove")} removed`;
}

function valueChange(old: Json | undefined, now: Json | undefined): string {
  if (old === undefined) return valueText(now ?? null);
  if (now === undefined) return valueText(old);
  return arrow(valueText(old), valueText(now));
}

function differenceWords({ path, old, new: now }: Difference): string {
  return `${path.join(".")} ${valueChange(old, now)}`;
}

function arrow(from: string, to: string): string {
  return `${from} -> ${to}`;
}

function stepWords(step: Step | undefined, id: string): string {
  if (step === undefined) return `step ${id}`;
  const detail = step.detail === "" ? "" : `, ${step.detail}`;
  return `${step.kind} "${step.name}" (step ${id}${detail})`;
}

function nameOf(flow: Flow, id: string): string {
  const step = flow.steps.get(id);
  if (step === undefined) return `step ${id}`;
  const isAmbiguous = [...flow.steps.values()].some((other) => other.id !== id && other.name === step.name);
  return isAmbiguous ? `"${step.name}" (${id})` : `"${step.name}"`;
}

/** The way as an arrow with its words on it. */
function wayWords({ label, kind }: Edge): string {
  const words = label === "" && kind === "success" ? "next" : label;
  return words === "" ? "-->" : `--${words}-->`;
}

function componentWords(component: Component): string {
  const name = component.displayName === "" ? component.type : component.displayName;
  const text = componentText(component);
  const short = text.length > LONG ? `${text.slice(0, LONG)}…` : text;
  return text === name || text === component.type ? name || component.id : `${name} "${short}"`;
}

function hasInput({ type }: Component): boolean {
  return /(?:Input|Password|Code|Select|Checkbox|Upload)/.test(type);
}

function errorWords(handling: Json): string {
  const how = asText(member(handling, "errorHandlingType"));
  const message = asText(member(handling, "errorMessage"));
  return message === "" ? how : `${how} "${message}"`;
}

function itemWords(item: Json): string {
  if (!isJsonObject(item)) return valueText(item);
  const { key: _key, type, value } = item;
  return type === "context" ? `the value of ${asText(value)}` : valueText(value ?? null);
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

function versionOf(flow: Flow): string {
  return asText(flow.source.metadata.content.componentsVersion);
}
