import type * as v from "valibot";

/** What is wrong with a member of a seed, to be read behind its name. The value is never repeated. */
export function issueText(issue: v.BaseIssue<unknown>): {
  readonly text: string;
  readonly hint: string | undefined;
} {
  if (issue.type === "strict_object" && issue.expected === "never")
    return { text: "is not known in a seed", hint: undefined };
  if (issue.received === "undefined") return { text: "is missing", hint: undefined };
  if (issue.kind === "validation") return { text: `must be ${issue.message}`, hint: undefined };
  const wanted = (issue.expected ?? "valid")
    .replaceAll('"', "")
    .replaceAll(/[()]/g, "")
    .split(" | ")
    .filter((word) => word !== "null" && word !== "undefined")
    .map((word) => PLAIN[word] ?? word)
    .join(" or ");
  const hint =
    wanted === "string"
      ? "Quote it: a phone number or a code without quotes is read as a number."
      : undefined;
  return { text: `must be ${wanted}`, hint };
}

/** What the schema library calls kinds of values, in words. */
const PLAIN: Readonly<Record<string, string>> = {
  Object: "an object",
  Array: "a list",
  boolean: "true or false",
  number: "a number",
};
