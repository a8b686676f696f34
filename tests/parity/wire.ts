import { rawNumber } from "../../src/json/value.ts";
import type { Wire } from "./case.ts";

/** Reads JSON without losing digits. @throws {SyntaxError} */
export function parseWire(text: string): Wire {
  return JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) as Wire;
}

function keepDigits(_key: string, value: unknown, context: { source: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/** Reads JSON; undefined for what is none, or neither an object nor a list. */
export function wireDocument(text: string): Wire | undefined {
  try {
    const value = parseWire(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Writes JSON, whole numbers of any size included. */
export function printWire(value: Wire, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) => (typeof part === "bigint" ? rawNumber(String(part)) : part),
    indent,
  );
}

type WireObject = { readonly [key: string]: Wire };

export function isObject(value: Wire | undefined): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isEmptyWire(value: Wire): boolean {
  if (value === null || value === false || value === "" || value === 0 || value === 0n) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Drops the members that one client sends empty and another leaves out. */
export function lean(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(lean);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, content]) => [key, lean(content)] as const)
      .filter(([, content]) => !isEmptyWire(content)),
  );
}

/** Equality by value: members in any order, numbers however they are spelled. */
export function sameWire(left: Wire | undefined, right: Wire | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, i) => sameWire(item, right[i]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && sameWire(left[key], right[key]))
    );
  }
  if (typeof left === "object" || typeof right === "object") return left === right;
  return typeof left === "bigint" || typeof right === "bigint" ? left == right : left === right;
}

/** The places where `got` lacks something of `want`; none when it holds at least that. */
export function missing(want: Wire, got: Wire | undefined, at = "$"): string[] {
  if (isObject(want)) {
    if (!isObject(got)) return [`${at}: an object is missing`];
    return Object.entries(want).flatMap(([key, content]) => {
      if (Object.hasOwn(got, key)) return missing(content, got[key], `${at}.${key}`);
      return isEmptyWire(content) ? [] : [`${at}.${key}: missing`];
    });
  }
  if (Array.isArray(want)) {
    if (got === null && want.length === 0) return [];
    if (!Array.isArray(got) || got.length !== want.length) {
      return [
        `${at}: want ${want.length} items, got ${Array.isArray(got) ? got.length : printWire(got ?? null)}`,
      ];
    }
    return want.flatMap((item, i) => missing(item, got[i], `${at}[${i}]`));
  }
  if (sameWire(want, got) || (isEmptyWire(want) && (got === undefined || isEmptyWire(got)))) return [];
  return [`${at}: want ${printWire(want)}, got ${printWire(got ?? null)}`];
}
