import { exportFlow } from "../../api/operations/flows.ts";
import { command } from "../../command/command.ts";
import { choice, text, words } from "../../command/flags.ts";
import type { Report } from "../../command/result.ts";
import { plainLine } from "../../output/line.ts";
import { FLOW_WORDS, namedFlow } from "./flow-side.ts";
import { goesWith } from "./format.ts";
import { toFile } from "../../command/report-file.ts";

const FORMATS = ["outline", "svg", "mermaid"] as const;

export default command({
  description: `The flow is ${FLOW_WORDS}. An outline has one line per step. An SVG has the boxes where the canvas has them, pushed apart where they overlap; --layout auto puts them in an order of its own. Mermaid is what GitHub and GitLab draw in Markdown.`,
  operations: [exportFlow],
  connection: "named",
  args: { flow: words("The flow to draw") },
  flags: {
    format: choice("How to draw it (default outline)", FORMATS),
    layout: choice("Where boxes of an SVG stand (default canvas)", ["canvas", "auto"]),
    out: text("Write to this file", { value: "file" }),
  },
  examples: [
    "descope flow draw project-P2abc/flows/sign-in",
    "descope flow draw sign-in.json --format svg --out sign-in.svg",
    "descope flow draw project:P2abc/sign-in --format mermaid",
  ],
  async run(context, { flow: named }, { format = "outline", layout, out }) {
    goesWith("--layout", layout, format, ["svg"]);
    const { flow } = await namedFlow(context, named);
    const body = async (): Promise<Report["body"]> => {
      if (format === "outline") return (await import("../../flow/draw/outline.ts")).outline(flow);
      const picture = (await import("../../flow/draw/picture.ts")).flowPicture(flow);
      return format === "mermaid"
        ? (await import("../../flow/draw/mermaid.ts")).mermaidOf(picture)
        : (await import("../../flow/draw/svg.ts")).svgOf(picture, layout);
    };
    const drawn = await body();
    const drawing = typeof drawn === "string" ? drawn : drawn.map((line) => `${plainLine(line)}\n`).join("");
    const document = { ok: true, flow: flow.id, format, drawing };
    return toFile(context, { kind: "report", answer: "yes", document, body: drawn }, out);
  },
});
