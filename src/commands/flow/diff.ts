import { exportFlow } from "../../api/operations/flows.ts";
import { command } from "../../command/command.ts";
import { bool, boundedInt, choice, text, words } from "../../command/flags.ts";
import type { Report } from "../../command/result.ts";
import { compareFlows } from "../../flow/diff/compare.ts";
import { diffDocument } from "../../flow/diff/document.ts";
import { diffMarkdown, MARKDOWN_BUDGET } from "../../flow/diff/markdown.ts";
import { flowRisks } from "../../flow/diff/risk.ts";
import { diffLinesOf } from "../../flow/diff/text.ts";
import { printJson } from "../../json/print.ts";
import { FLOW_WORDS, namedFlow } from "./flow-side.ts";
import { goesWith, onlyJson } from "./format.ts";
import { toFile } from "../../command/report-file.ts";

const FORMATS = ["text", "json", "markdown", "svg", "html"] as const;

export default command({
  description:
    `Each side is ${FLOW_WORDS}. Told is what changes for users and for those who edit: steps, ways, conditions, arguments, errors, screens, scripts. Moves on the canvas, derived fields, ids behind the same names and effects of the component library are counted and hidden.\n` +
    "With --exit-code, the exit status is 2 where the flows differ.",
  operations: [exportFlow],
  connection: "named",
  args: { before: words("The older flow"), after: words("The newer flow") },
  flags: {
    exitCode: bool("End with status 2 where the flows differ"),
    format: choice("What to print (default text)", FORMATS),
    show: choice("Show what is hidden too, or every change of the look", ["noise", "all"]),
    layout: choice("Where boxes of pictures stand (default canvas)", ["canvas", "auto"]),
    maxChars: boundedInt(
      "Most characters of --format markdown",
      { default: MARKDOWN_BUDGET, minimum: 200, maximum: 10_000_000 },
      { value: "count" },
    ),
    out: text("Write to this file", { value: "file" }),
  },
  examples: [
    "descope flow diff staging/flows/sign-in production/flows/sign-in",
    "descope flow diff git:main:config/flows/sign-in config/flows/sign-in",
    "descope flow diff flows/sign-in.json project:P2abc/sign-in --exit-code",
    "descope flow diff old.json new.json --format html --out diff.html",
  ],
  async run(context, { before, after }, { exitCode, format, show, layout, maxChars, out }) {
    const chosen = onlyJson(context, format ?? "text", format !== undefined);
    goesWith("--layout", layout, chosen, ["svg", "html"]);
    goesWith("--show", show, chosen, ["text", "json"]);
    const [left, right] = [await namedFlow(context, before), await namedFlow(context, after)];
    const names = new Map(
      [left, right].flatMap(({ project }) =>
        (project?.connectors ?? []).map(({ id, name }) => [id, `connector:${name}`]),
      ),
    );
    const diff = compareFlows(left.flow, right.flow, { names });
    const risks = flowRisks(diff);
    const fails = exitCode && diff.changes.length > 0;
    const document = diffDocument(diff, risks, fails);
    const body = async (): Promise<Report["body"]> => {
      switch (chosen) {
        case "text":
          return diffLinesOf(diff, risks, show ?? "changes");
        case "json":
          return `${printJson(document)}\n`;
        case "markdown":
          return diffMarkdown(diff, risks, maxChars);
        case "svg": {
          const { diffPicture } = await import("../../flow/draw/picture.ts");
          return (await import("../../flow/draw/svg.ts")).svgOf(diffPicture(diff), layout);
        }
        case "html":
          return (await import("../../flow/draw/page.ts")).diffPage(diff, risks, layout ?? "canvas");
      }
    };
    return toFile(
      context,
      { kind: "report", answer: fails ? "no" : "yes", document, body: await body() },
      out,
    );
  },
});
