import { exportSnapshot, list as listProjects } from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import { bool, id } from "../../../command/flags.ts";
import type { Report } from "../../../command/result.ts";
import type { Json, JsonObject } from "../../../json/value.ts";
import { visible } from "../../../output/terminal-text.ts";
import { folderFlag, snapshotFolder } from "./folder.ts";
import { planningFlags } from "./planning.ts";
import { gatherRecording, recordingLines, writeRecording } from "./recording.ts";

export default command({
  description:
    "Accepts what a project holds into the folder, so that a plan of the folder has nothing to do: the other answer to drift. The folder's\n" +
    "ids and file names stay, and so do its own values where the environment sets others. Asks on a terminal; elsewhere it needs --yes, and\n" +
    "without it says what would be taken over, with exit status 2.",
  operations: [exportSnapshot, listProjects],
  connection: "argument",
  args: { projectId: id("Id of the project that is taken over") },
  flags: {
    path: folderFlag,
    env: planningFlags.env,
    only: planningFlags.only,
    except: planningFlags.except,
    prune: bool("Also remove from the folder what the project does not have"),
    yes: bool("Do not ask"),
  },
  examples: [
    "descope project snapshot record P2abc -p config --env prod --only flow/sign-in",
    "descope project snapshot record P2abc --path config --env prod --yes",
  ],
  async run(context, { projectId }, { prune, yes, ...flags }): Promise<Report> {
    const files = await context.files();
    const folder = snapshotFolder(flags.path, projectId);
    const made = await gatherRecording(context, projectId, flags, prune);
    const lines = recordingLines(made);
    const document = (reason: string): JsonObject => ({
      ok: reason !== "not_confirmed",
      reason,
      changes: made.changes as unknown as Json,
      written: reason === "recorded" ? [...made.written.keys()] : [],
      removed: reason === "recorded" ? [...made.removed] : [],
      left: [...made.left],
      overlaid: [...made.overlaid],
    });
    if (made.changes.length === 0) {
      return {
        kind: "report",
        answer: "yes",
        document: document("nothing_to_do"),
        body: [...lines, "Nothing to do: the folder holds what the project holds."],
      };
    }
    const count = `${made.changes.length} ${made.changes.length === 1 ? "entity" : "entities"}`;
    if (!yes) {
      const { inputIsTerminal, errorIsTerminal } = context.terminal;
      const canAsk = inputIsTerminal && errorIsTerminal && !context.json;
      if (canAsk) context.note(lines.map((line) => visible(line)).join("\n"));
      const agreed =
        canAsk && (await context.terminal.confirm(`Take ${count} over into ${visible(folder)}?`));
      if (!agreed) {
        return {
          kind: "report",
          answer: "no",
          document: document("not_confirmed"),
          body: [...lines, `Nothing was written: --yes takes ${count} over into ${folder}`],
        };
      }
    }
    await writeRecording(files, folder, made);
    return {
      kind: "report",
      answer: "yes",
      document: document("recorded"),
      body: [...lines, `Took ${count} over into ${folder}`],
    };
  },
});
