import type { Context } from "../../command/context.ts";
import { Failure } from "../../failure.ts";

/** The format that was asked for; `--json` is the format json, and goes with no other. */
export function onlyJson<T extends string>(context: Context, format: T, given: boolean): T | "json" {
  if (!context.json) return format;
  if (given && format !== "json") {
    throw new Failure(`--json and --format ${format} exclude each other`, {
      code: "usage",
      hint: "Give one of them.",
    });
  }
  return "json";
}

/** Refuses a flag that would do nothing in the format that was asked for. */
export function goesWith(flag: string, given: unknown, format: string, formats: readonly string[]): void {
  if (given === undefined || formats.includes(format)) return;
  throw new Failure(`${flag} does nothing with --format ${format}`, {
    code: "usage",
    hint: `It goes with --format ${formats.join(" or ")}.`,
  });
}
