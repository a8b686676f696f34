import type { Context } from "../../command/context.ts";
import type { Report } from "../../command/result.ts";
import { Failure } from "../../failure.ts";
import { plainLine } from "../../output/line.ts";
import { visible } from "../../output/terminal-text.ts";

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

/** The report, or, where a file is named, the report in the file and a line that says so. */
export async function toFile(context: Context, report: Report, out: string | undefined): Promise<Report> {
  if (out === undefined) return report;
  const files = await context.files();
  files.checkWritable(out);
  const { body } = report;
  files.write(
    out,
    typeof body === "string" ? body : body.map((line) => `${visible(plainLine(line))}\n`).join(""),
  );
  return { ...report, body: [`* Wrote ${out}`] };
}
