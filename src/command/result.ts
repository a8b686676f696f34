import type { Json } from "../json/value.ts";
import type { Line } from "../output/line.ts";

/** What a command gives back: data and the words for it. How it looks is the renderer's business (`render.ts`). */
export type Result = Value | Fields | List | Document | Done | No | Report | Ended;

/** One thing. JSON: `{"<key>": value, "ok": true}`. */
export interface Value {
  readonly kind: "value";
  readonly key: string;
  readonly value: Json;
  /** The line before the value for people: "Loaded tenant". */
  readonly label: string;
}

/** Several things under one heading. JSON: each member beside `"ok": true`. */
export interface Fields {
  readonly kind: "fields";
  readonly fields: Readonly<Record<string, Json>>;
  readonly label: string;
}

/** A list. JSON: `{"count": n, "<key>": […], "ok": true}`. */
export interface List {
  readonly kind: "list";
  readonly key: string;
  readonly items: readonly Json[];
  /** "Loaded" */
  readonly verb: string;
  /** "tenant" and "tenants" */
  readonly noun: readonly [singular: string, plural: string];
  /** "Tenant": what each item is called. */
  readonly item: string;
  /** Columns of the table on a terminal: keys of the records; the first ones of the record where absent. */
  readonly columns?: readonly string[];
  /** Said on standard error for people when more exist than were loaded. */
  readonly more?: string | undefined;
}

/** A document that is the output itself (an exported flow). JSON: `{"<key>": value, "ok": true}`. */
export interface Document {
  readonly kind: "document";
  readonly key: string;
  readonly value: Json;
}

/** It is done. JSON: `{"ok": true}`. People see `message`, or nothing. */
export interface Done {
  readonly kind: "done";
  readonly message?: string;
}

/** It ran, and the answer is no: exit status 2. `document` is printed as it is with `--json`, `lines` without. */
export interface No {
  readonly kind: "no";
  readonly document: Json;
  readonly lines: readonly string[];
}

/** What a look at something found: exit status 2 where the answer is no, 1 where something was done and did not go well. */
export interface Report {
  readonly kind: "report";
  /** "no" where what was found is what was asked not to be there. */
  readonly answer: "yes" | "no" | "failed";
  /** Printed as it is with `--json`. */
  readonly document: Json;
  /** For everybody else: lines for people, or a text in a format of its own (SVG, SARIF, Markdown) with its final line break. */
  readonly body: readonly Line[] | string;
}

/** Another program ran in this one's place: this one ends as that one did, and says nothing of its own. */
export interface Ended {
  readonly kind: "ended";
  readonly how: Ending;
}

/** How a program ended: with a status, or by a signal. */
export type Ending = { readonly status: number } | { readonly signal: NodeJS.Signals };

export function value(key: string, content: Json, label: string): Value {
  return { kind: "value", key, value: content, label };
}

export function list(
  key: string,
  items: readonly Json[],
  words: {
    verb: string;
    noun: readonly [string, string];
    item: string;
    columns?: readonly string[];
    more?: string | undefined;
  },
): List {
  return { kind: "list", key, items, ...words };
}

export function document(key: string, content: Json): Document {
  return { kind: "document", key, value: content };
}

export function done(message?: string): Done {
  return message === undefined ? { kind: "done" } : { kind: "done", message };
}
