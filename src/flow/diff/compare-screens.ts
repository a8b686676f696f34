import { counted } from "../../counted.ts";
import { differences } from "../../diff/json.ts";
import { equalJson } from "../../json/equal.ts";
import type { Path } from "../../json/locate.ts";
import { asList, asObject, asText, entriesOf, member } from "../../json/look.ts";
import type { Json, JsonObject } from "../../json/value.ts";
import type { Flow, Step } from "../graph/model.ts";
import { componentsOf, componentText, TEXT_PROPS, type Component } from "../graph/task.ts";
import type { Change, Weight } from "./change.ts";
import { keysOf, own, same, sidesOf, type ChangeList, type Place } from "./change-list.ts";
import type { Sides } from "./sides.ts";
import { componentWords } from "./words.ts";

/**
 * Compares the screens of two flows.
 *
 * @param library where what a newer component library wrote by itself is noted.
 */
export function compareScreens(sides: Sides, changes: ChangeList, library: string[]): void {
  new ScreenComparison(sides, changes, library).compare();
}

class ScreenComparison {
  private readonly sides: Sides;
  private readonly changes: ChangeList;
  private readonly library: string[];

  constructor(sides: Sides, changes: ChangeList, library: string[]) {
    this.sides = sides;
    this.changes = changes;
    this.library = library;
  }

  compare(): void {
    const shownOn = new Map<string, Step>();
    for (const step of [...this.sides.left.steps.values(), ...this.sides.right.steps.values()]) {
      if (step.screen !== undefined) shownOn.set(step.screen.id, step);
    }
    for (const id of keysOf(this.sides.a.screens, this.sides.b.screens)) {
      const [old, now] = [own(this.sides.a.screens, id), own(this.sides.b.screens, id)];
      const step = shownOn.get(id);
      const at = { screen: id, ...(step === undefined ? {} : { step: step.id }) };
      const title = step === undefined ? id : `"${step.name}" (${id})`;
      if (old === undefined || now === undefined) {
        const op = old === undefined ? "add" : "remove";
        const count = entriesOf(member(old ?? now, "nodes")).length;
        const words = `${title}, ${counted(count, "component")}`;
        this.changes.add({ op, subject: "screen", weight: "behaviour", path: ["screens", id], words, ...at });
        continue;
      }
      this.screen(id, old, now, at);
    }
  }

  private screen(id: string, old: JsonObject, now: JsonObject, at: Place): void {
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
        this.changes.add({
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
      this.children(a, b, before, after, here, at);
    }
    const interactions = (value: Json | undefined) => new Map(entriesOf(value));
    const isTold = (key: string) => !before.has(key) !== !after.has(key);
    for (const { path: below, ...sides } of differences(
      Object.fromEntries(interactions(oldInteractions)),
      Object.fromEntries(interactions(newInteractions)),
    )) {
      const key = String(below[0]);
      // A button that came or went was told as a component; its words are the button's own.
      if (
        below.length === 1 &&
        isTold(key) &&
        isButtonOf(before.get(key) ?? after.get(key), sides.old ?? sides.new)
      )
        continue;
      const [was, own] = [before.get(key), after.get(key)];
      const isCopy =
        !isTold(key) && below[1] === "label" && own !== undefined && componentText(own) === sides.new;
      if (isCopy && was !== undefined && componentText(was) === sides.old) continue;
      this.changes.value(
        "interaction",
        isCopy ? "text" : "behaviour",
        [...path, "interactions", ...below],
        below.join("."),
        sides.old,
        sides.new,
        at,
      );
    }
    for (const { path: below, ...sides } of differences(oldRest, newRest)) {
      this.changes.value(
        "other",
        "behaviour",
        [...path, ...below],
        below.join("."),
        sides.old,
        sides.new,
        at,
      );
    }
  }

  private component(a: Component, b: Component, path: Path, at: Place, rewritten: ReadonlySet<string>): void {
    const { props: _a, nodes: _oldNodes, ...oldRest } = a.content;
    const { props: _b, nodes: _newNodes, ...newRest } = b.content;
    const title = componentWords(b);
    for (const key of keysOf(a.props, b.props)) {
      const [old, now] = [own(a.props, key), own(b.props, key)];
      if (rewritten.has(`${b.id}\0${key}`)) continue;
      if ((TEXT_PROPS as readonly string[]).includes(key) && isTextOrNothing(old) && isTextOrNothing(now)) {
        const name = b.displayName === "" ? b.type : b.displayName;
        this.changes.value(
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
          this.changes.value(
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
        key === "displayName" ? "naming" : key === "parent" || key === "linkedNodes" ? "look" : "behaviour";
      const words = `${title} ${below.join(".")}`;
      this.changes.value("component", weight, [...path, ...below], words, sides.old, sides.new, at);
    }
  }

  /**
   * What a component holds, and in which order. What is new or gone as a whole, or says that it moved to another place, is told there.
   */
  private children(
    a: Component,
    b: Component,
    before: ReadonlyMap<string, Component>,
    after: ReadonlyMap<string, Component>,
    path: Path,
    at: Place,
  ): void {
    if (equalJson(a.content.nodes ?? null, b.content.nodes ?? null)) return;
    const [old, now] = [asList(a.content.nodes).map(asText), asList(b.content.nodes).map(asText)];
    const add = (op: Change["op"], words: string) =>
      this.changes.add({
        op,
        subject: "component",
        weight: "look",
        path: [...path, "nodes"],
        words: `${componentWords(b)} ${words}`,
        ...sidesOf(a.content.nodes, b.content.nodes),
        ...at,
      });
    if (![a, b].every(({ content }) => isListOfIds(content.nodes)))
      return add("change", "order of components");
    const isToldElsewhere = (id: string) =>
      before.has(id) !== after.has(id) ||
      asText(before.get(id)?.content.parent) !== asText(after.get(id)?.content.parent);
    const named = (id: string) => {
      const known = after.get(id) ?? before.get(id);
      return known === undefined ? JSON.stringify(id) : componentWords(known);
    };
    for (const id of old)
      if (!now.includes(id) && !isToldElsewhere(id)) add("remove", `shows ${named(id)} no more`);
    for (const id of now) if (!old.includes(id) && !isToldElsewhere(id)) add("add", `shows ${named(id)}`);
    const common = (ids: readonly string[], others: readonly string[]) =>
      ids.filter((id) => others.includes(id));
    if (!equalJson(common(old, now), common(now, old))) add("change", "order of components");
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
    if (versionOf(this.sides.left) === versionOf(this.sides.right)) return out;
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
}

/** Properties of components that decide what happens, not how it looks. */
const BEHAVING_PROPS =
  /^(?:data-|required$|href$|url$|name$|pattern|min|max|type$|auto|hidden$|disabled|value|default|form|id$|digits|provider|allow|link|target)/i;

function isTextOrNothing(value: Json | undefined): boolean {
  return value === undefined || typeof value === "string";
}

function isListOfIds(nodes: Json | undefined): boolean {
  if (nodes === undefined) return true;
  return (
    Array.isArray(nodes) &&
    nodes.every((id) => typeof id === "string") &&
    new Set(nodes).size === nodes.length
  );
}

/** True where an interaction says nothing but what its button says. */
function isButtonOf(component: Component | undefined, interaction: Json | undefined): boolean {
  const { label, type, ...more } = asObject(interaction);
  const isWord = (value: Json | undefined) => value === undefined || typeof value === "string";
  return (
    component !== undefined &&
    (label === undefined || label === componentText(component)) &&
    isWord(type) &&
    isWord(more.icon) &&
    isWord(more.subType) &&
    Object.keys(more).every((key) => key === "icon" || key === "subType")
  );
}

function hasInput({ type }: Component): boolean {
  return /(?:Input|Password|Code|Select|Checkbox|Upload)/.test(type);
}

function versionOf(flow: Flow): string {
  return asText(flow.source.metadata.content.componentsVersion);
}
