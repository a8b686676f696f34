import { printJson } from "../json/print.ts";
import { isEmpty, isJsonObject, isRawNumber, Ordered, type Json } from "../json/value.ts";
import { cut, visible } from "./terminal-text.ts";

/** How a table marks its headings. */
export interface TableStyle {
  readonly heading: (text: string) => string;
  readonly label: (text: string) => string;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Members of a record in their order; of a plain object, sorted. */
function members(content: Json): readonly (readonly [string, Json])[] {
  if (content instanceof Ordered) return content.entries;
  if (isJsonObject(content))
    return Object.keys(content)
      .sort()
      .map((key) => [key, content[key] ?? null] as const);
  return [];
}

/** A record as aligned lines of name and value; members that are empty are left out. */
export function keyValues(record: Json, style: TableStyle, indent = "  "): string {
  const shown = members(record)
    .filter(([, content]) => !isEmpty(content) || content === false || content === 0)
    .map(([key, content]) => [visible(key), cell(content, key)] as const);
  const width = shown.reduce((widest, [name]) => Math.max(widest, Bun.stringWidth(name)), 0);
  return shown
    .map(([name, content]) => {
      return `${indent}${style.label(name + " ".repeat(width - Bun.stringWidth(name)))}  ${content}`;
    })
    .join("\n");
}

/** Records as an aligned table; columns that are empty throughout are left out, the last ones give way to a narrow terminal. */
export function table(
  records: readonly Json[],
  columns: readonly string[] | undefined,
  style: TableStyle,
): string {
  const present = columns ?? [...new Set(records.flatMap((record) => members(record).map(([key]) => key)))];
  const rows = records.map((record) => {
    const byName = new Map(members(record));
    return present.map((column) => {
      const content = byName.get(column);
      return content === undefined || (isEmpty(content) && content !== false && content !== 0)
        ? ""
        : cell(content, column);
    });
  });
  const used = present.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ""));
  const headings = used.map((i) => heading(present[i] ?? ""));
  const widths = used.map((i, column) =>
    rows.reduce(
      (widest, row) => Math.max(widest, Bun.stringWidth(row[i] ?? "")),
      headings[column]?.length ?? 0,
    ),
  );
  const fitting = fit(widths, style.width);
  const line = (cells: readonly string[], paint: (text: string) => string) =>
    cells
      .slice(0, fitting.length)
      .map((content, i) => {
        const last = i === fitting.length - 1;
        const shown = cut(content, fitting[i] ?? 0);
        return paint(
          last ? shown : shown + " ".repeat(Math.max(0, (fitting[i] ?? 0) - Bun.stringWidth(shown))),
        );
      })
      .join("  ")
      .trimEnd();
  const out = [line(headings, style.heading)];
  for (const row of rows)
    out.push(
      line(
        used.map((i) => row[i] ?? ""),
        (text) => text,
      ),
    );
  return out.join("\n");
}

const GAP = 2;
/** A column is not made narrower than this to make room for others. */
const NARROW = 24;

/** Column widths that fit: columns that do not fit even narrow are dropped from the end, then the widest ones give way. */
function fit(widths: readonly number[], available: number): number[] {
  const total = (some: readonly number[]) =>
    some.reduce((sum, width) => sum + width, 0) + GAP * (some.length - 1);
  const narrow = widths.map((width) => Math.min(width, NARROW));
  let kept = widths.length;
  while (kept > 2 && total(narrow.slice(0, kept)) > available) kept--;
  const out = widths.slice(0, kept);
  for (let excess = total(out) - available; excess > 0; excess = total(out) - available) {
    const widest = out.indexOf(Math.max(...out));
    const width = out[widest] ?? 0;
    if (width <= NARROW) break;
    out[widest] = Math.max(NARROW, width - excess);
  }
  return out;
}

function heading(column: string): string {
  return visible(column.replace(/([a-z])([A-Z])/g, "$1 $2").toUpperCase());
}

/** One value as a person reads it: texts bare, lists joined, times as dates, the rest as compact JSON. */
function cell(content: Json, column: string): string {
  if (typeof content === "string") return visible(content);
  if (typeof content === "boolean") return content ? "yes" : "no";
  if (typeof content === "number" && /Time$/.test(column) && content > 0) return date(content);
  if (typeof content === "number") return String(content);
  if (isRawNumber(content)) return content.rawJSON;
  if (content === null) return "";
  if (Array.isArray(content)) {
    if (content.every((item) => typeof item === "string"))
      return content.map((item) => visible(item)).join(", ");
    return content.map((item) => summary(item)).join(", ");
  }
  return visible(printJson(content, "compact"));
}

/** A tenant with its roles, or whatever else stands in a list, in short. */
function summary(item: Json): string {
  const found = new Map(members(item));
  const id = found.get("tenantId") ?? found.get("id") ?? found.get("name");
  if (typeof id !== "string") return visible(printJson(item, "compact"));
  const roles = found.get("roleNames");
  const named =
    Array.isArray(roles) && roles.length > 0
      ? ` (${roles.map((role) => visible(String(role))).join(", ")})`
      : "";
  return visible(id) + named;
}

function date(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime())
    ? String(seconds)
    : time
        .toISOString()
        .replace(/\.000Z$/, "Z")
        .replace("T", " ");
}
