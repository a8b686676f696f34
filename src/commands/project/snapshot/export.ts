import { exportSnapshot, list as listProjects } from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import { bool, words } from "../../../command/flags.ts";
import { done } from "../../../command/result.ts";
import { counted } from "../../../counted.ts";
import { fileFailure, invalidInput } from "../../../failure.ts";
import type { TreeWriter } from "../../../files/files.ts";
import { byCodePoint } from "../../../json/print.ts";
import { visible } from "../../../output/terminal-text.ts";
import { carried, isLeftOut } from "../../../snapshot/layout.ts";
import { MANIFEST, manifestText, staleFiles } from "../../../snapshot/manifest.ts";
import { ExportedFiles } from "../../../snapshot/received.ts";
import { ReplyReader } from "../../../snapshot/reply.ts";
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
      await writeRecording(files, folder, made);
      const changed = made.written.size + made.removed.length;
      const head = `* Exported to ${folder}: ${counted(changed, "file")} changed`;
      context.note([head, ...recordingLines(made)].map((line) => visible(line)).join("\n"));
      return done();
    }
    if (kind !== "folder" && kind !== "nothing")
      throw fileFailure(`Cannot write to ${folder}: it is not a folder`);
    files.checkWritable(`${folder}/${MANIFEST}`);
    const working = context.progress("Exporting the snapshot");
    const received = new StagedExport(() => files.writeTree(folder));
    let paths: string[];
    let stale: string[];
    try {
      await context.api
        .receive(exportSnapshot, noAssets ? '{"format":"plain"}' : "{}", () => {
          received.clear();
          return new ReplyReader(received);
        })
        .finally(() => working.stop());
      paths = [...received.paths].sort(byCodePoint);
      if (prune && paths.length === 0)
        throw fileFailure("The exported snapshot holds no files: nothing was removed");
      stale = kind === "folder" ? staleFiles(files, folder, received.paths) : [];
      if (prune) {
        for (const path of stale) received.tree.remove(path);
        received.tree.write(MANIFEST, manifestText(paths));
      }
      await received.tree.commit();
    } finally {
      received.clear();
    }
    const lines = [`* Exported ${counted(paths.length, "file")} to ${folder}`];
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

/** The files of a snapshot that is on its way, in a tree that does not show yet. */
class StagedExport extends ExportedFiles {
  readonly paths = new Set<string>();
  private readonly start: () => TreeWriter;
  private started: TreeWriter | undefined;

  constructor(start: () => TreeWriter) {
    super();
    this.start = start;
  }

  get tree(): TreeWriter {
    return (this.started ??= this.start());
  }

  write(path: string, content: Uint8Array): void {
    this.tree.write(path, content);
    this.paths.add(path);
  }

  clear(): void {
    this.started?.abort();
    this.started = undefined;
    this.paths.clear();
  }
}

function listing(heading: string, paths: readonly string[]): string {
  return [`* ${heading}`, ...paths.map((path) => `  - ${visible(path)}`)].join("\n");
}
