import { equalJson } from "../../json/equal.ts";
import { asList, asObject, asText, entriesOf } from "../../json/look.ts";
import { byCodePoint, printJson } from "../../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import type { FlowSource } from "../graph/source.ts";
import { COPIED, DERIVED } from "../repeated-members.ts";

/**
 * A flow reduced to what it means, for comparison alone: nothing is ever written from it. Layout, copies and derived fields, the
 * component library's version and the several ways to write nothing are gone; ids of connectors and roles are names; the halves of
 * an action are one task.
 */
export interface NormalFlow {
  readonly id: string;
  readonly settings: JsonObject;
  readonly startTask: string;
  /** By the id of the first half. `next` is a sorted list of `[outcome, target]`. */
  readonly tasks: Readonly<Record<string, JsonObject>>;
  /** By screen id: `interactions` by id, `nodes` by id, and whatever else a screen holds. */
  readonly screens: Readonly<Record<string, JsonObject>>;
  /** What else the graph object holds; nothing in any flow that was seen. */
  readonly other: JsonObject;
}

/** Names of connectors and roles by their ids: `connector:CRM API`. */
export type Names = ReadonlyMap<string, string>;

/** The names that a flow's own references give. */
export function namesOf(source: FlowSource): Map<string, string> {
  const out = new Map<string, string>();
  for (const [kind, byName] of entriesOf(source.references)) {
    for (const [name, id] of entriesOf(byName)) {
      if (typeof id === "string" && id !== "") out.set(id, `${kind.replace(/s$/, "")}:${name}`);
    }
  }
  return out;
}

/**
 * Normalises a flow.
 *
 * @param names of what it refers to, where more is known than its own references say (the other side of a comparison, the
 * snapshot's connectors)
 */
export function normalise(source: FlowSource, names: Names = namesOf(source)): NormalFlow {
  const { startTask, tasks, ...other } = source.contents.content;
  const named = (value: Json): Json => withNames(value, names);
  return {
    id: source.id,
    settings: normalSettings(source.metadata.content, named),
    startTask: asText(startTask),
    tasks: normalTasks(asObject(tasks), asText(startTask), named),
    screens: Object.fromEntries(source.screens.map(({ id, content }) => [id, normalScreen(content)])),
    other: withoutEmpty(other) as JsonObject,
  };
}

/** The whole of a normal flow as JSON, for hashes and comparisons of equality. */
export function normalDocument(flow: NormalFlow): JsonObject {
  const { id, settings, startTask, tasks, screens, other } = flow;
  return { id, settings, startTask, tasks: { ...tasks }, screens: { ...screens }, other };
}

function normalSettings(metadata: JsonObject, named: (value: Json) => Json): JsonObject {
  const { componentsVersion: _version, sharedInteractions, ...settings } = metadata;
  const kept: JsonObject = { ...asObject(withoutEmpty(settings)) };
  const exits = asList(sharedInteractions).map((exit) => withoutEmpty(exit) ?? {});
  if (exits.length > 0) kept.sharedInteractions = exits.sort(byText);
  if (isJsonObject(kept.translation)) kept.translation = named(kept.translation);
  return kept;
}

function normalTasks(
  tasks: JsonObject,
  startTask: string,
  named: (value: Json) => Json,
): Record<string, JsonObject> {
  const hosts = new Map<string, string>();
  for (const id of Object.keys(tasks)) {
    const base = id.endsWith(".end") ? id.slice(0, -".end".length) : "";
    if (base !== "" && Object.hasOwn(tasks, base)) hosts.set(id, base);
  }
  const out: [string, JsonObject][] = [];
  for (const [id, task] of Object.entries(tasks)) {
    if (hosts.has(id)) continue;
    const base = normalTask(id, task, named);
    const end = `${id}.end`;
    const merged = Object.hasOwn(tasks, end)
      ? mergeHalves(id, base, normalTask(end, tasks[end] ?? null, named))
      : base;
    const next = new Map(
      asList(merged.next)
        .map((rule) => asList(rule).map(asText))
        .map(([outcome = "", target = ""]) => [outcome, hosts.get(target) ?? target] as const)
        // Where the start leads to is said by `startTask` already, and not always said here.
        .filter(([, target]) => id !== "start" || target !== (hosts.get(startTask) ?? startTask))
        .map((rule) => [JSON.stringify(rule), rule]),
    );
    const { next: _rules, ...rest } = merged;
    if (id === "start" && next.size === 0 && Object.keys(rest).length === 0) continue;
    out.push([
      id,
      next.size === 0 ? rest : { ...rest, next: [...next.values()].map((rule) => [...rule]).sort(byText) },
    ]);
  }
  return Object.fromEntries(out);
}

function normalTask(id: string, task: Json, named: (value: Json) => Json): JsonObject {
  const { id: ownId, view: _view, next, arguments: args, conditions, ...content } = asObject(task);
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(content)) {
    if (COPIED.has(key) || DERIVED.has(key)) continue;
    if (key === "screenId" && content.type !== "screen") continue;
    const kept = withoutEmpty(named(value));
    if (kept !== undefined) define(out, key, kept);
  }
  // The key is the id; one that says otherwise is a difference of its own.
  if (typeof ownId === "string" && ownId !== id) out.id = ownId;
  const values = entriesOf(args).flatMap(([name, wrapped]): [string, Json][] => {
    const value = withoutEmpty(named(unwrap(wrapped)), 1);
    const isOwnHalf = /StepId$/.test(name) && (value === `${id}.end` || value === id);
    return value === undefined || isOwnHalf ? [] : [[name, value]];
  });
  if (values.length > 0) out.arguments = Object.fromEntries(values);
  const branches = asList(conditions).map((branch) => withoutEmpty(branch) ?? {});
  if (branches.length > 0) out.conditions = branches;
  const { rules: given, ...nextRest } = asObject(next);
  const rules: Json[] = [];
  const unknown: [string, Json][] = [];
  for (const rule of asList(given)) {
    const { interactionId, taskId, ...rest } = asObject(rule);
    const way = [asText(interactionId), asText(taskId)];
    if (way[1] !== "") rules.push(way);
    if (Object.keys(rest).length > 0) unknown.push([way.join(" > "), rest]);
  }
  if (unknown.length > 0) out.rules = Object.fromEntries(unknown);
  if (Object.keys(nextRest).length > 0) out.nextRest = nextRest;
  if (rules.length > 0) out.next = rules;
  return out;
}

function unwrap(argument: Json): Json {
  if (!isJsonObject(argument)) return argument;
  const { type, value, ...rest } = argument;
  const isPlain = Object.keys(rest).length === 0 && (type === undefined || type === "inline");
  return isPlain ? (value ?? null) : argument;
}

function mergeHalves(id: string, base: JsonObject, end: JsonObject): JsonObject {
  const { next: baseRules, errorHandlingV2: baseErrors, ...first } = base;
  const { next: endRules, errorHandlingV2: endErrors, ...second } = end;
  const different = Object.entries(second).filter(([key, value]) => !equalJson(value, first[key] ?? null));
  const rules = [
    ...asList(baseRules).filter((rule) => !equalJson(rule, ["success", `${id}.end`])),
    ...asList(endRules),
  ];
  const errors = { ...asObject(endErrors), ...asObject(baseErrors) };
  return {
    ...first,
    ...(Object.keys(errors).length === 0 ? {} : { errorHandlingV2: errors }),
    ...(rules.length === 0 ? {} : { next: rules }),
    end: Object.fromEntries(different),
  };
}

function normalScreen(screen: JsonObject): JsonObject {
  const { screenId: _id, contents, interactions, ...rest } = screen;
  const named = asList(interactions).map((one): [string, Json] => {
    const { id, ...content } = asObject(withoutEmpty(one));
    return [asText(id), content];
  });
  const nodes = entriesOf(contents).map(([id, content]): [string, Json] => [id, normalNode(content)]);
  return {
    ...asObject(withoutEmpty(rest)),
    ...(named.length === 0 ? {} : { interactions: Object.fromEntries(named) }),
    ...(nodes.length === 0 ? {} : { nodes: Object.fromEntries(nodes) }),
  };
}

function normalNode(node: Json): Json {
  if (!isJsonObject(node)) return node;
  const { props, ...rest } = node;
  const kept = asObject(withoutEmpty(rest));
  // A property that is false or "" was chosen by somebody: its default may be another.
  const chosen = entriesOf(props)
    .filter(([, value]) => value !== null)
    .map(([key, value]): [string, Json] => [key, plainLineEnds(value)]);
  return chosen.length === 0 ? kept : { ...kept, props: Object.fromEntries(chosen) };
}

/**
 * The value without members that say nothing (null, "", false, [], {}), as deep down as `depth` levels; undefined where it says
 * nothing itself. Items of lists stay, whatever they are: their places count.
 */
function withoutEmpty(value: Json | undefined, depth = Infinity): Json | undefined {
  return keep(value ?? null, depth);
}

function keep(value: Json, depth: number): Json | undefined {
  if (value === null || value === "" || value === false) return undefined;
  if (typeof value === "string") return plainLineEnds(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return depth <= 1 ? value.map(plainLineEnds) : value.map((item) => keep(item, depth - 1) ?? null);
  }
  if (!isJsonObject(value)) return value;
  if (depth <= 1) return Object.keys(value).length === 0 ? undefined : plainLineEnds(value);
  const members = Object.entries(value).flatMap(([key, content]): [string, Json][] => {
    const kept = keep(content, depth - 1);
    return kept === undefined ? [] : [[key, kept]];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function plainLineEnds(value: Json): Json {
  if (typeof value === "string") return value.includes("\r") ? value.replaceAll("\r\n", "\n") : value;
  if (Array.isArray(value)) return value.map(plainLineEnds);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, plainLineEnds(content)]));
}

/** The value with ids that have names replaced by them, wherever they stand as a whole text. */
function withNames(value: Json, names: Names): Json {
  if (names.size === 0) return value;
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withNames(item, names));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, withNames(content, names)]));
}

/** Sets a member whatever its name is; a plain assignment to `__proto__` would do something else. */
function define(target: JsonObject, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function byText(left: Json, right: Json): number {
  return byCodePoint(printJson(left, "compact"), printJson(right, "compact"));
}
