import { Failure } from "../failure.ts";
import { printJson } from "../json/print.ts";
import type { Json } from "../json/value.ts";
import type { Paint } from "../output/line.ts";
import { visible } from "../output/terminal-text.ts";

/** A failure as the JSON document that stands in place of the result. */
export function failureJson(error: Failure): string {
  const { code, hint, status, errorCode, extra } = error.details;
  const document: Record<string, Json> = { code, error: error.message, ok: false, ...extra };
  if (hint !== undefined) document.hint = hint;
  if (status !== undefined) document.status = status;
  if (errorCode !== undefined) document.errorCode = errorCode;
  return `${printJson(document)}\n`;
}

/** A failure for people: what happened, what to do, and what must not be lost. */
export function failureText(error: Failure, usage: string | undefined, paint: Paint): string {
  const { hint, extra } = error.details;
  const lines = [`* ${paint("error", "Error")}: ${visible(error.message)}`];
  for (const [key, content] of Object.entries(extra ?? {})) lines.push(`  ${key}: ${visible(content)}`);
  if (hint !== undefined) lines.push(`  ${visible(hint)}`);
  if (usage !== undefined) lines.push("", usage);
  return `${lines.join("\n")}\n`;
}

/**
 * What is said of a fault in this program itself. Where in the program it happened goes with it only on request: the places help
 * whoever mends it, and nobody else.
 */
export function bugFailure(error: unknown, withPlaces: boolean): Failure {
  const name = error instanceof Error ? error.name : typeof error;
  const frames =
    error instanceof Error ? (error.stack ?? "").split("\n").filter((frame) => /^\s*at /.test(frame)) : [];
  const places = withPlaces ? frames.slice(0, 5).map((frame) => ` ${frame.trim()}`) : [];
  return new Failure(`This is a fault in descope itself: ${name}${places.join(",")}`, {
    code: "bug",
    hint: "Please report it with the command that you ran, without its secrets.",
  });
}
