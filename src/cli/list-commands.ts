import { effectOf, command } from "../command/command.ts";
import type { Effect } from "../api/operation.ts";
import { marked, type Line, type Mark } from "../output/line.ts";
import { commandArguments } from "./describe.ts";
import { root } from "./routes.ts";
import { describeTree, listCommands, type Listed } from "./tree.ts";

const MARKS: Readonly<Record<Effect, Mark>> = { read: "quiet", write: "changed", destroy: "removed" };

/** The one command that is about the command line itself, which is why it stands here and not with the others. */
export default command({
  description:
    "Shows each command with its arguments and what it may do to a project: read, write, destroy, or nothing (local). " +
    "--json tells all that is known of each: flags, API operations, variables, examples. With --help, --json tells that " +
    "of one command or group.",
  examples: ["descope commands", "descope commands --json"],
  async run() {
    return {
      kind: "report",
      answer: "yes",
      document: { ...(await describeTree(root, [])), ok: true },
      body: lines(await listCommands(root, [])),
    };
  },
});

function lines(commands: readonly Listed[]): Line[] {
  const rows = commands.map(({ words, leaf, declared }) => ({
    typed: [
      ...words,
      ...commandArguments(declared).map(({ key, optional }) => (optional ? `[${key}]` : `<${key}>`)),
    ],
    effect: declared.operations === undefined ? undefined : effectOf(declared),
    summary: leaf.summary,
  }));
  const width = Math.max(...rows.map(({ typed }) => typed.join(" ").length));
  return rows.map(({ typed, effect, summary }) => [
    `${typed.join(" ").padEnd(width)}  `,
    effect === undefined ? "local" : marked(MARKS[effect], effect),
    `${" ".repeat("destroy".length - (effect ?? "local").length)}  ${summary}`,
  ]);
}
