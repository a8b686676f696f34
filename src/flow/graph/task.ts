import type { Path } from "../../json/locate.ts";
import { asList, asObject, asText, entriesOf, member } from "../../json/look.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";

/** The value of a task's argument, out of its wrapper; undefined where it has none. */
export function argument(task: JsonObject, name: string): Json | undefined {
  const wrapped = member(member(task, "arguments"), name);
  return isJsonObject(wrapped) ? member(wrapped, "value") : wrapped;
}

/** The text of an argument, or "". */
export function argumentText(task: JsonObject, name: string): string {
  return asText(argument(task, name));
}

/** One rule of a task's `next`. */
export interface Rule {
  readonly outcome: string;
  readonly target: string;
  readonly path: Path;
}

/** Where a task leads. Rules without a target lead nowhere and are left out. */
export function rulesOf(task: JsonObject, path: Path): Rule[] {
  return asList(member(member(task, "next"), "rules")).flatMap((rule, i) => {
    const target = asText(member(rule, "taskId"));
    if (target === "") return [];
    return [{ outcome: asText(member(rule, "interactionId")), target, path: [...path, "next", "rules", i] }];
  });
}

/** One test of a branch: a value of the context against a given one. */
export interface Atom {
  /** The context path: "authInfo.firstSeen". */
  readonly target: string;
  readonly operator: string;
  /** What it is compared with; undefined where the operator needs nothing. */
  readonly predicate: Json | undefined;
  readonly path: Path;
}

/** One branch of a condition. */
export interface Branch {
  readonly outcome: string;
  readonly name: string;
  readonly isElse: boolean;
  /** True where one atom is enough. */
  readonly any: boolean;
  readonly atoms: readonly Atom[];
  /** Present where it shows an error in place of leading on. */
  readonly errorHandling: JsonObject | undefined;
  readonly path: Path;
}

/** The branches of a condition, in the order in which they are tried. */
export function branchesOf(task: JsonObject, path: Path): Branch[] {
  return asList(member(task, "conditions")).map((branch, i) => {
    const here = [...path, "conditions", i];
    const outcome = asText(member(branch, "interactionId"));
    const handling = member(branch, "errorHandling");
    return {
      outcome,
      name: asText(member(branch, "name")),
      isElse: outcome === "ELSE",
      any: member(branch, "logicalOr") === true,
      atoms: asList(member(branch, "atomicConditions")).map((atom, j) => ({
        target: asText(member(member(atom, "target"), "value")),
        operator: asText(member(atom, "operator")),
        predicate: member(member(atom, "predicate"), "value"),
        path: [...here, "atomicConditions", j],
      })),
      errorHandling:
        isJsonObject(handling) && Object.keys(handling).length > 0 ? asObject(handling) : undefined,
      path: here,
    };
  });
}

/** How a task treats its errors: by error name, "automatic", "custom", "customWithError", or whatever else stands there. */
export function errorsOf(task: JsonObject, path: Path): { name: string; how: string; path: Path }[] {
  return entriesOf(member(task, "errorHandlingV2")).map(([name, handling]) => ({
    name,
    how: asText(member(handling, "errorHandlingType")),
    path: [...path, "errorHandlingV2", name],
  }));
}

/** An interaction that a screen offers. */
export interface Interaction {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly icon: string;
  readonly path: Path;
}

export function interactionsOf(screen: JsonObject): Interaction[] {
  return asList(member(screen, "interactions")).map((one, i) => ({
    id: asText(member(one, "id")),
    label: asText(member(one, "label")),
    type: asText(member(one, "type")),
    icon: asText(member(one, "icon")),
    path: ["interactions", i],
  }));
}

/** The parts of a component that say what it is. */
export interface Component {
  readonly id: string;
  /** "Button", "EmailInput". */
  readonly type: string;
  readonly displayName: string;
  readonly props: JsonObject;
  readonly content: JsonObject;
}

/** A screen's components by their ids. */
export function componentsOf(screen: JsonObject): Map<string, Component> {
  const out = new Map<string, Component>();
  for (const [id, node] of entriesOf(member(screen, "contents"))) {
    if (!isJsonObject(node)) continue;
    out.set(id, {
      id,
      type: asText(member(member(node, "type"), "resolvedName")),
      displayName: asText(member(node, "displayName")),
      props: asObject(member(node, "props")),
      content: node,
    });
  }
  return out;
}

/** The words that a component shows, by the name of the property that holds them. */
export const TEXT_PROPS = ["children", "label", "placeholder", "text", "title", "alt"] as const;

/** A component's words in short: its text, its label, or what it is called in the editor. */
export function componentText({ props, displayName, type }: Component): string {
  for (const key of ["children", "label"]) {
    const text = asText(member(props, key)).trim();
    if (text !== "") return text;
  }
  return displayName === "" ? type : displayName;
}

/** An operator in words, with its predicate where it takes one: "is true", "> 0.5". */
function testText(operator: string, predicate: Json | undefined): string {
  const words = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (words === undefined) return predicate === undefined ? operator : `${operator} ${valueText(predicate)}`;
  return words.endsWith("…") ? `${words.slice(0, -1)}${valueText(predicate ?? "")}` : words;
}

const OPERATORS: Readonly<Record<string, string>> = {
  equal: "= …",
  "not-equal": "≠ …",
  contains: "contains …",
  "doesnt-contain": "does not contain …",
  "doesnt-contains": "does not contain …",
  "greater-than": "> …",
  "greater-than-or-equal": "≥ …",
  "less-than": "< …",
  "less-than-or-equal": "≤ …",
  empty: "is empty",
  "not-empty": "is not empty",
  "is-true": "is true",
  "is-false": "is false",
  in: "is in …",
  "not-in": "is not in …",
  "in-range": "is in the range …",
  "not-in-range": "is not in the range …",
  matches: "matches …",
};

/** True for an operator whose meaning is known. */
export function isKnownOperator(operator: string): boolean {
  return Object.hasOwn(OPERATORS, operator) || ["devised-by", "is-email", "is-phone"].includes(operator);
}

/** A branch's rule in words: "authInfo.firstSeen is true and tenant = acme". */
export function branchText(branch: Branch): string {
  if (branch.isElse) return "everything else";
  if (branch.atoms.length === 0) return "never";
  return branch.atoms
    .map(({ target, operator, predicate }) => `${target} ${testText(operator, predicate)}`)
    .join(branch.any ? " or " : " and ");
}

/** A JSON value on one line; texts in quotes. */
export function valueText(value: Json): string {
  return JSON.stringify(value);
}
