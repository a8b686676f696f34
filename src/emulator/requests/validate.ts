import * as v from "valibot";
import type { Operation } from "../../api/operation.ts";
import { isJsonObject } from "../../json/value.ts";
import { invalidRequest } from "../error.ts";

/**
 * Checks a request by its operation's schema.
 *
 * @throws {EmulatorError} E011003, naming the field and what it must be; never its value, which may be secret.
 */
export function validate(operation: Operation, input: unknown): unknown {
  const schema = operation.input?.();
  if (schema === undefined) return input;
  refuseStandIns(schema, input, "");
  const checked = v.safeParse(schema, input);
  if (checked.success) return checked.output;
  throw invalidRequest(explain(checked.issues[0]));
}

/** A schema as the library builds it: an object's entries, a map's value, a list's item, or what a wrapper wraps. */
interface Built extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Built>>;
  readonly value?: Built;
  readonly item?: Built;
  readonly wrapped?: Built;
  readonly getter?: (input: unknown) => Built;
}

/** The library takes lists, and numbers that are kept as they were spelled, for objects; this refuses them. */
function refuseStandIns(schema: Built, input: unknown, field: string): void {
  if (typeof input !== "object" || input === null) return;
  const { wrapped, entries, value, item, getter } = schema;
  if (wrapped !== undefined) refuseStandIns(wrapped, input, field);
  else if (entries !== undefined || schema.type === "record") {
    if (!isJsonObject(input)) throw invalidRequest(`${nameOf(field)} must be an object`);
    for (const [name, member] of Object.entries(input)) {
      const declared =
        entries === undefined ? value : Object.hasOwn(entries, name) ? entries[name] : undefined;
      if (declared !== undefined) refuseStandIns(declared, member, field === "" ? name : `${field}.${name}`);
    }
  } else if (item !== undefined && Array.isArray(input)) {
    for (const [index, one] of input.entries())
      refuseStandIns(item, one, field === "" ? String(index) : `${field}.${index}`);
  } else if (schema.type === "lazy" && getter !== undefined) refuseStandIns(getter(input), input, field);
}

function nameOf(field: string): string {
  return field === "" ? "The body" : `The ${field} field`;
}

function explain(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? "";
  const named = nameOf(field);
  if (issue.received === "undefined" && field !== "") return `${named} is required`;
  const wanted =
    issue.kind === "schema" ? (WANTED[issue.expected ?? ""] ?? alternatives(issue)) : issue.message;
  return `${named} must be ${wanted}`;
}

const WANTED: Readonly<Record<string, string>> = {
  string: "a string",
  boolean: "true or false",
  number: "a number",
  Array: "a list",
  Object: "an object",
};

/** `"a" | "b"` → `"a" or "b"`; what a custom check says of itself where there is nothing of the kind. */
function alternatives({ expected, message }: v.BaseIssue<unknown>): string {
  if (expected === null || expected === "unknown") return message;
  return expected
    .replaceAll(/[()]/g, "")
    .split(" | ")
    .map((one) => WANTED[one] ?? one)
    .join(" or ");
}
