import { exportSnapshot, list as listProjects } from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import { bool, words } from "../../../command/flags.ts";
import { done } from "../../../command/result.ts";
import { fileFailure, invalidInput } from "../../../failure.ts";
import { visible } from "../../../output/terminal-text.ts";
import { carried, isLeftOut } from "../../../snapshot/layout.ts";
import { MANIFEST, manifestText, staleFiles } from "../../../snapshot/manifest.ts";
import { readReceived } from "../../../snapshot/received.ts";
import { environmentFlag } from "./environment-flag.ts";
import { folderFlag, snapshotFolder } from "./folder.ts";

export default command({
  description:
    "Files appear in the folder whole or not at all; files of earlier exports that are no longer part of the snapshot are named, and\n" +
    "removed with --prune. Files of your own are never touched.\n" +
    "With --env, what the project holds is taken over into the folder that an environment is laid over: its values are lifted back out, and\n" +
    "what means the same keeps its files, so that an export after an apply changes no byte.",
  operations: [exportSnapshot, listProjects],
  connection: "argument",
  args: { projectId: words("Id of the project") },
  flags: {
    path: folderFlag,
    env: environmentFlag,
    noAssets: bool("Keep long texts and images inside the JSON files"),
    prune: bool("Remove files of earlier exports that are no longer part of the snapshot"),
  },
  examples: [
    "descope project snapshot export P2abc",
    "descope project snapshot export P2abc --path config --prune",
    "descope project snapshot export P2abc --path config --env prod",
  ],
  async run(context, _args, { path: named, env, noAssets, prune }) {
    const folder = snapshotFolder(named, context.project);
    const files = await context.files();
    const kind = files.kind(folder);
    if (env !== undefined) {
      if (noAssets) throw invalidInput("--no-assets cannot be used with --env: the folder keeps its form");
      if (kind !== "folder")
        throw fileFailure(
          `There is no folder ${folder} that the values of "${env}" could be lifted out for`,
          "Export without --env first, or name the folder with --path.",
        );
      const { gatherRecording, recordingLines, writeRecording } = await import("./recording.ts");
      const made = await gatherRecording(context, context.project, { path: folder, env }, prune);
      await writeRecording(context, files, folder, made);
      const changed = made.written.size + made.removed.length;
      const head = `* Exported to ${folder}: ${changed} file${changed === 1 ? "" : "s"} changed`;
      context.note([head, ...recordingLines(made)].map((line) => visible(line)).join("\n"));
      return done();
    }
    if (kind !== "folder" && kind !== "nothing")
      throw fileFailure(`Cannot write to ${folder}: it is not a folder`);
    files.checkWritable(`${folder}/${MANIFEST}`);
    const working = context.progress("Exporting the snapshot");
    const reply = await context.api
      .exchange(exportSnapshot, noAssets ? '{"format":"plain"}' : "{}")
      .finally(() => working.stop());
    const received = readReceived(reply);
    const paths = received.map(({ path }) => path);
    if (prune && received.length === 0) {
      throw fileFailure("The exported snapshot holds no files: nothing was removed");
    }
    const stale = kind === "folder" ? staleFiles(files, folder, new Set(paths)) : [];
    const tree = files.writeTree(folder);
    const forget = context.onInterrupt(() => tree.abort());
    try {
      for (const file of received) tree.write(file.path, file.content());
      if (prune) {
        for (const path of stale) tree.remove(path);
        tree.write(MANIFEST, manifestText(paths));
      }
      await tree.commit();
    } finally {
      tree.abort();
      forget();
    }
    const lines = [`* Exported ${paths.length} file${paths.length === 1 ? "" : "s"} to ${folder}`];
    context.note([...lines, ...paths.map((path) => `  - ${path}`)].map((line) => visible(line)).join("\n"));
    const lost = paths.filter((path) => carried(path) === "not carried" || path.split("/").some(isLeftOut));
    if (lost.length > 0) {
      context.note(listing("An import would not send these files back, for their names:", lost), "always");
    }
    if (stale.length > 0) {
      const heading = prune
        ? "Removed files of earlier exports:"
        : "Files of earlier exports that --prune would remove:";
      context.note(listing(heading, stale), prune ? undefined : "always");
    }
    return done();
  },
});

function listing(heading: string, paths: readonly string[]): string {
  return [`* ${heading}`, ...paths.map((path) => `  - ${visible(path)}`)].join("\n");
}
