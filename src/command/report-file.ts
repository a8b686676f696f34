import { plainLine } from "../output/line.ts";
import { visible } from "../output/terminal-text.ts";
import type { Context } from "./context.ts";
import type { Report } from "./result.ts";

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
