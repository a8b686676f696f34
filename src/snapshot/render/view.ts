import { counted } from "../../counted.ts";
import { diffLines, hunks } from "../../diff/lines.ts";
import { printJson } from "../../json/print.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { kindOf, type Address } from "../model/address.ts";
import { PLACEHOLDER } from "../model/normalise.ts";
import { valueAt } from "../model/place.ts";
import { keySegment, readPointer, readSegment, type Pointer } from "../model/pointer.ts";
import { isSensitive, shownValue } from "../plan/field.ts";
import type { GraphChange, PlannedField, SecretIntent } from "../plan/plan.ts";

/** What is done, in one character: colour only repeats it. */
export type Symbol = "+" | "~" | "-" | ">" | "*" | " ";

/** A line of what changes in an entity. */
export interface Row {
  readonly symbol: Symbol;
  /** What it is about: a member, "step", "screen". */
  readonly label: string;
  readonly text: string;
  /** Why it is so: "overlay prod". */
  readonly note?: string;
  /** A text compared line by line, shown below the line: each begins with "+", "-", a space or "@@". */
  readonly lines?: readonly string[];
  /** Levels that it stands below the entity. */
  readonly depth?: number;
}

/** An entity as it is shown. */
export interface EntityView {
  readonly symbol: Symbol;
  readonly address: Address;
  readonly previous: Address | undefined;
  /** One line that says it all. */
  readonly summary: string;
  readonly rows: readonly Row[];
  readonly hidden: number;
}

/** A change or difference that can be shown. */
export interface Shown {
  readonly address: Address;
  readonly action: "create" | "update" | "rename" | "delete";
  readonly previousAddress: Address | null;
  readonly fields: readonly PlannedField[];
  readonly graph: readonly GraphChange[];
  /** What it is after the change, or before a delete. */
  readonly content: Json;
  readonly noiseHidden: number;
}

const SYMBOL = { create: "+", update: "~", rename: ">", delete: "-" } as const;

export function entityView(
  shown: Shown,
  secrets: readonly SecretIntent[],
  overlay: string | undefined,
): EntityView {
  const named = new Set(secrets.map(({ name }) => name));
  const settings = fieldRows(shown, overlay).filter(
    ({ symbol, label }) => symbol !== "*" || !named.has((label.split("/").at(-1) ?? "").toLowerCase()),
  );
  const rows = [...settings, ...secrets.map(secretRow)];
  return {
    symbol: SYMBOL[shown.action],
    address: shown.address,
    previous: shown.previousAddress ?? undefined,
    summary: summaryOf(shown, rows, secrets),
    rows,
    hidden: shown.noiseHidden,
  };
}

function summaryOf(shown: Shown, rows: readonly Row[], secrets: readonly SecretIntent[]): string {
  const parts: string[] = [];
  if (shown.action === "create") parts.push("new");
  if (shown.action === "delete") parts.push("deleted");
  if (shown.action === "rename") parts.push(`was ${shown.previousAddress ?? ""}`);
  if (shown.action !== "create" && shown.action !== "delete") {
    const labels = new Map<string, number>();
    for (const { symbol, label } of rows) {
      if (symbol === "*" || label === "") continue;
      const word = ["step", "edge", "branch", "screen", "script", "text"].includes(label) ? label : "field";
      labels.set(word, (labels.get(word) ?? 0) + 1);
    }
    for (const [word, count] of labels)
      parts.push(`${count} ${count === 1 ? word : word === "branch" ? "branches" : `${word}s`}`);
  } else if (kindOf(shown.address) === "flow" && shown.content !== null) parts.push(flowSize(shown.content));
  const written = secrets.filter(({ write }) => write !== "keep");
  if (written.length > 0) {
    const sources = [...new Set(written.flatMap(({ source }) => (source === null ? [] : [source])))];
    const from = sources.length === 0 ? "" : ` from ${sources.join(", ")}`;
    parts.push(`${counted(written.length, "secret")}${from}`);
  }
  return parts.join(", ");
}

function flowSize(content: Json): string {
  const keys = (member: string) =>
    isJsonObject(content) && isJsonObject(content[member]) ? Object.keys(content[member]) : [];
  const tasks = keys("tasks");
  // The second half of an action is no step of its own.
  const steps = tasks.filter(
    (id) => !id.endsWith(".end") || !tasks.includes(id.slice(0, -".end".length)),
  ).length;
  const screens = keys("screens").length;
  return `${counted(steps, "step")}, ${counted(screens, "screen")}`;
}

function secretRow({ name, at, write, source, version }: SecretIntent): Row {
  const what =
    write === "clear"
      ? "is emptied"
      : write === "keep"
        ? "stays as it is"
        : `${write} from ${source ?? "nowhere: it has no source"}${version === null ? "" : ` (version ${version})`}`;
  return { symbol: "*", label: "secret", text: `${at === "" ? "" : `${at.slice(1)} `}${name}  ${what}` };
}

function fieldRows(shown: Shown, overlay: string | undefined): Row[] {
  if (shown.graph.length > 0) {
    // Files beside a flow's own are no part of its graph.
    const beside = shown.fields.filter(({ path }) => path.startsWith("/files/"));
    return [...graphRows(shown.graph), ...beside.map((field) => settingRow(field, shown.content, overlay))];
  }
  if (shown.action === "create") return createdRows(shown);
  if (kindOf(shown.address) === "flow" || kindOf(shown.address) === "widget") return treeRows(shown, overlay);
  return shown.fields.map((field) => settingRow(field, shown.content, overlay));
}

/** Changes of a flow under the steps that they belong to. */
function graphRows(graph: readonly GraphChange[]): Row[] {
  const rows: Row[] = [];
  let current: string | null = null;
  for (const { op, subject, heading, words: text, lines } of graph) {
    const symbol = op === "add" ? "+" : op === "remove" ? "-" : "~";
    const isWhole = subject === "step";
    if (heading !== current && !isWhole && heading !== null)
      rows.push({ symbol: "~", label: "", text: heading });
    current = heading;
    rows.push({
      symbol,
      label: isWhole ? "step" : subject,
      text,
      depth: isWhole || heading === null ? 0 : 1,
      ...(lines.length === 0 ? {} : { lines }),
    });
  }
  return rows;
}

/** Settings of a new entity, one line for each value that says something. Of secrets the intents say enough. */
function createdRows({ address, content }: Shown): Row[] {
  const kind = kindOf(address);
  if (kind === "flow" || kind === "widget") return [];
  const rows: Row[] = [];
  const walk = (value: Json, path: readonly string[]): void => {
    if (value === null || value === "" || value === false) return;
    const label = path.join("/");
    if (value === PLACEHOLDER || (typeof value === "string" && isSensitive(address, path.slice(-1))))
      rows.push({ symbol: "*", label, text: "set" });
    else if (isJsonObject(value)) {
      for (const key of Object.keys(value))
        if (path.length > 0 || (key !== "id" && key !== "name"))
          walk(value[key] ?? null, [...path, keySegment(key)]);
    } else if (!Array.isArray(value) || value.length > 0) {
      const shown = shownValue(address, path, value);
      rows.push({
        symbol: "+",
        label: label === "" ? "content" : label,
        ...withLines("", words(shown), "", shown),
      });
    }
  };
  walk(content, []);
  return rows;
}

function settingRow(field: PlannedField, content: Json, overlay: string | undefined): Row {
  const label = field.path === "" ? "content" : field.path.slice(1);
  const note = field.from === "overlay" && overlay !== undefined ? { note: `overlay ${overlay}` } : {};
  return { ...valueRow(label, field, unitOf(content, field.path)), ...note };
}

/** The unit of a time, which stands in the member beside it. */
function unitOf(content: Json, path: string): string {
  const pointer = readPointer(path) ?? [];
  const last = pointer.at(-1);
  if (last === undefined) return "";
  const unit = valueAt(content, [...pointer.slice(0, -1), `${last}Unit`]);
  return typeof unit === "string" ? ` ${unit}` : "";
}

function valueRow(label: string, { op, old, new: next, sensitive }: PlannedField, unit: string): Row {
  if (sensitive) return { symbol: "*", label, text: `${text(old, "not set")} -> ${text(next, "not set")}` };
  if (op === "add") return { symbol: "+", label, ...withLines("", words(next) + unit, "", next) };
  if (op === "remove") return { symbol: "-", label, ...withLines("", words(old), old, "") };
  if (op === "reorder") return { symbol: "~", label, text: `order ${words(old)} -> ${words(next)}` };
  if (Array.isArray(old) && Array.isArray(next)) return { symbol: "~", label, text: listChange(old, next) };
  return { symbol: "~", label, ...withLines(`${words(old)} -> `, words(next) + unit, old, next) };
}

function text(value: Json, absent: string): string {
  return typeof value === "string" ? value : absent;
}

/** Texts of several lines are compared line by line; short values stand in the line itself. */
function withLines(before: string, after: string, old: Json, next: Json): Pick<Row, "text" | "lines"> {
  const long = (value: Json) => typeof value === "string" && (value.includes("\n") || value.length > 200);
  if (!long(old) && !long(next)) return { text: before + after };
  const body = (value: Json) =>
    typeof value !== "string" ? "" : value.endsWith("\n") ? value.slice(0, -1) : value;
  const all = diffLines(body(old), body(next));
  const count = (op: string) => all.filter((line) => line.op === op).length;
  const lines = hunks(all).flatMap((hunk) => [
    `@@ line ${hunk.left} -> ${hunk.right} @@`,
    ...hunk.lines.map(({ op, text }) => `${op === "same" ? " " : op === "add" ? "+" : "-"} ${text}`),
  ]);
  return { text: `text: ${count("add")} lines added, ${count("remove")} removed`, lines };
}

function listChange(old: readonly Json[], next: readonly Json[]): string {
  const texts = (items: readonly Json[]) => items.map(plainJson);
  const before = texts(old);
  const after = texts(next);
  const gained = after.filter((item) => !before.includes(item));
  const lost = before.filter((item) => !after.includes(item));
  if (gained.length + lost.length === 0) return `order ${words(old as Json)} -> ${words(next as Json)}`;
  return [...gained.map((item) => `+ ${cut(item)}`), ...lost.map((item) => `- ${cut(item)}`)].join(", ");
}

/** A value in words that fit a line. */
export function words(value: Json): string {
  return cut(plainJson(value));
}

function plainJson(value: Json): string {
  return printJson(value, "compact")
    .replaceAll("\\u003c", "<")
    .replaceAll("\\u003e", ">")
    .replaceAll("\\u0026", "&");
}

function cut(value: string): string {
  return value.length <= 240 ? value : `${value.slice(0, 200)}… (${value.length} characters)`;
}

function treeRows({ fields, content }: Shown, overlay: string | undefined): Row[] {
  const rows: Row[] = [];
  for (const field of fields) {
    const pointer = readPointer(field.path) ?? [];
    const [area, id, ...rest] = pointer;
    if (area === "screens" && id !== undefined && rest.length > 0) rows.push(screenRow(field, id, rest));
    else if (area === "screens" && id !== undefined)
      rows.push({ symbol: field.op === "add" ? "+" : "-", label: "screen", text: key(id) });
    else if (area === "tasks" && id !== undefined) rows.push(taskRow(field, id, rest, content));
    else rows.push(settingRow(field, content, overlay));
  }
  return rows;
}

/** A place within a screen, which is known by its component where it stands in one. */
function screenRow(field: PlannedField, id: string, rest: Pointer): Row {
  const row = valueRow((rest[0] === "contents" ? rest.slice(1) : rest).map(key).join("/"), field, "");
  return { ...row, label: `screen ${key(id)}`, text: `${row.label}  ${row.text}` };
}

function taskRow(field: PlannedField, id: string, rest: Pointer, content: Json): Row {
  const whole = field.op === "remove" ? field.old : field.new;
  const named = (value: Json | undefined) =>
    isJsonObject(value) && typeof value.name === "string" ? value.name : key(id);
  if (rest.length === 0)
    return {
      symbol: field.op === "add" ? "+" : "-",
      label: "step",
      text: `${named(whole)} (task ${key(id)})`,
    };
  const name = named(valueAt(content, ["tasks", id]));
  if (rest[0] === "next" && rest.length === 2) {
    const target = (value: Json) =>
      value === null
        ? "nowhere"
        : [value]
            .flat()
            .map((one) => named(valueAt(content, ["tasks", String(one)])))
            .join(" and ");
    const symbol = field.op === "add" ? "+" : field.op === "remove" ? "-" : "~";
    const outcome = key(rest[1] ?? "") || "next";
    const what =
      symbol === "~"
        ? `${target(field.old)}   now ${target(field.new)}`
        : target(symbol === "+" ? field.new : field.old);
    return { symbol, label: "edge", text: `${name} --${outcome}--> ${what}` };
  }
  const row = valueRow(rest.join("/"), field, "");
  return { ...row, label: "step", text: `${name}: ${row.label} ${row.text}` };
}

function key(segment: string): string {
  const step = readSegment(segment);
  return step.kind === "key" ? step.key : step.kind === "item" ? step.value : segment;
}

const SECTIONS: readonly (readonly [string, readonly string[]])[] = [
  ["Project", ["project"]],
  ["Sign-in methods", ["auth"]],
  ["Roles and permissions", ["role", "permission"]],
  ["Connectors", ["connector"]],
  ["Applications", ["application", "outboundapp", "resource"]],
  ["Flows", ["flow"]],
  ["Widgets", ["widget"]],
  ["Styles", ["style"]],
  ["Attributes", ["attribute"]],
];

/** Groups by what entities are, in an order that is always the same. */
export function sections<T extends { readonly address: Address }>(items: readonly T[]): [string, T[]][] {
  const groups = SECTIONS.map(([title, kinds]): [string, T[]] => [
    title,
    items.filter(({ address }) => kinds.includes(kindOf(address))),
  ]);
  const known = new Set(SECTIONS.flatMap(([, kinds]) => kinds));
  const rest = items.filter(({ address }) => !known.has(kindOf(address)));
  return [...groups, ["Not understood, compared literally", rest] as [string, T[]]].filter(
    ([, group]) => group.length > 0,
  );
}
