import * as v from "valibot";
import type { Operation } from "../api/operation.ts";
import { invalidRequest } from "./error.ts";

/**
 * Checks a request by its operation's schema.
 *
 * @throws {EmulatorError} E011003, naming the field and what it must be; never its value, which may be secret.
 */
export function validate(operation: Operation, input: unknown): unknown {
  const schema = operation.input?.();
  if (schema === undefined) return input;
  // The schemas of objects would take a list for one.
  if (Array.isArray(input) && schema.type !== "array") throw invalidRequest("The body must be an object");
  const checked = v.safeParse(schema, input);
  if (checked.success) return checked.output;
  throw invalidRequest(explain(checked.issues[0]));
}

function explain(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? "";
  const named = field === "" ? "The body" : `The ${field} field`;
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
