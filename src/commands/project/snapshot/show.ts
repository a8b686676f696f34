import { command } from "../../../command/command.ts";
import { bool, optionalWords } from "../../../command/flags.ts";
import { Failure } from "../../../failure.ts";
import { printJson } from "../../../json/print.ts";
import type { Json, JsonObject } from "../../../json/value.ts";
import { readPlan } from "../../../snapshot/plan/check.ts";
import { formatFlags, planReport } from "./report.ts";

export default command({
  description:
    "Shows a plan that was written with plan --out. It is checked as an apply checks it: one that was edited, or that another version\n" +
    "made which compares differently, is refused. With --schema, prints the JSON schema of plans.",
  args: { plan: optionalWords("The plan's file") },
  flags: {
    format: formatFlags.format,
    maxChars: formatFlags.maxChars,
    schema: bool("Print the JSON schema of plans instead"),
  },
  examples: [
    "descope project snapshot show plan.json",
    "descope project snapshot show plan.json --format html",
    "descope project snapshot show --schema",
  ],
  async run(context, { plan: file }, { schema, ...format }) {
    if (schema === (file !== undefined)) {
      throw new Failure(schema ? "--schema goes with no file" : "The file of a plan is missing", {
        code: "usage",
        hint: "Write: descope project snapshot show plan.json",
      });
    }
    if (file === undefined) {
      const { default: document } = await import("../../../snapshot/plan/plan.schema.json");
      const json = document as unknown as JsonObject;
      return { kind: "report", answer: "yes", document: json, body: `${printJson(json as Json)}\n` };
    }
    const files = await context.files();
    return planReport(readPlan(files.readText(file), file), format, undefined);
  },
});
