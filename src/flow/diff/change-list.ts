import { counted } from "../../counted.ts";
import { diffLines } from "../../diff/lines.ts";
import { equalJson } from "../../json/equal.ts";
import type { Path } from "../../json/locate.ts";
import { asText } from "../../json/look.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { withoutSecrets } from "../../lint/secret.ts";
import { valueText } from "../graph/task.ts";
import type { Change, Subject, Weight } from "./change.ts";

/** Where in a flow a change stands. */
export interface Place {
  readonly step?: string;
  readonly screen?: string;
}

/** The changes that were found, in the order in which they are told. */
export class ChangeList {
  readonly all: Change[] = [];

  add(change: Change): void {
    this.all.push(change);
  }

  /** A change of one value, if there is one. */
  value(
    subject: Subject,
    weight: Weight,
    path: Path,
    title: string,
    old: Json | undefined,
    now: Json | undefined,
    at: Place = {},
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
  keyed(
    subject: Subject,
    weight: Weight,
    path: Path,
    old: ReadonlyMap<string, Json>,
    now: ReadonlyMap<string, Json>,
    words: (key: string, value: Json) => string,
    at: Place = {},
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

export function own<T extends Json>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

export function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalJson(a, b);
}

export function sidesOf(old: Json | undefined, now: Json | undefined): { old?: Json; new?: Json } {
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

/** True for a text that is read by its lines, not as one value. */
function isLong(value: Json | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

function lineCount(lines: readonly { op: string }[]): string {
  const count = (op: string) => lines.filter((line) => line.op === op).length;
  return `${counted(count("add"), "line")} added, ${count("remove")} removed`;
}

/** What a value became; one that came or went stands alone. */
export function valueChange(old: Json | undefined, now: Json | undefined): string {
  if (old === undefined) return valueText(now ?? null);
  if (now === undefined) return valueText(old);
  return arrow(valueText(old), valueText(now));
}

export function arrow(from: string, to: string): string {
  return `${from} -> ${to}`;
}
