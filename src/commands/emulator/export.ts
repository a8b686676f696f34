import { command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import { id, list, text } from "../../command/flags.ts";
import type { Report } from "../../command/result.ts";
import { counted } from "../../counted.ts";
import type { Store } from "../../emulator/store/store.ts";
import { fileFailure, UsageFailure } from "../../failure.ts";
import type { PrivateFolder } from "../../files/private-folder.ts";
import { runningUrl, askEmulator, urlFlag } from "./running.ts";

export default command({
  description:
    "Writes everything that an emulator keeps into a folder: users with the hashes of their passwords and the secrets of their\n" +
    "authenticator apps, test users, tenants, roles, permissions, keys, applications, SSO, lists, FGA, settings, sessions, the audit trail,\n" +
    "and each project's configuration as a snapshot's folder. `descope emulator start --seed DIR` takes exactly that in again.\n" +
    "The folder appears whole or not at all, and takes the place of an earlier export. It holds secrets: nobody but its owner may\n" +
    "read it (files 0600, folders 0700). What was sent (/_emulator/messages) and the clock are not in it.",
  args: { folder: id("Folder to write; a new one, an empty one, or an earlier export") },
  flags: {
    url: urlFlag,
    state: text("State file to export from, of an emulator that does not run", { value: "path" }),
    project: list("Id of a project to export; may be given again. Default: all", { value: "id" }),
  },
  examples: [
    "descope emulator export saved",
    "descope emulator export saved --url http://127.0.0.1:8400 --project P2staging",
    "descope emulator export saved --state emulator.db",
  ],
  async run(context, { folder }, { url, state, project }): Promise<Report> {
    if (url !== undefined && state !== undefined)
      throw new UsageFailure("Only one of --url and --state can be given", ["emulator", "export"]);
    await checkTarget(context, folder);
    const { PrivateFolder } = await import("../../files/private-folder.ts");
    const { writeExport } = await import("../../emulator/export/write-export.ts");
    const working = context.progress("Exporting");
    const target = new PrivateFolder(folder);
    const forget = context.onInterrupt(() => target.abort());
    try {
      const store = await (state === undefined
        ? openRunning(context, runningUrl(context, url), target)
        : openFile(state));
      const made = await writeExport(store, target, {
        projects: project,
        pause: () => Bun.sleep(0),
      }).finally(() => store.close());
      target.remove(IMAGE);
      target.commit();
      return report(folder, made);
    } finally {
      working.stop();
      target.abort();
      forget();
    }
  },
});

/** The state of a running emulator, until it is written file by file. */
const IMAGE = ".state.db";

async function openRunning(context: Context, url: string, target: PrivateFolder): Promise<Store> {
  const { state } = await import("../../emulator/control/operations.ts");
  const { Store } = await import("../../emulator/store/store.ts");
  await askEmulator(context, url, state, () => target.start(IMAGE));
  target.end();
  return Store.openExisting(target.place(IMAGE), `what ${url} sent`);
}

async function openFile(file: string): Promise<Store> {
  const { Store } = await import("../../emulator/store/store.ts");
  return Store.openExisting(file);
}

/** @throws {Failure} "file" when something else than an earlier export would go. */
async function checkTarget(context: Context, folder: string): Promise<void> {
  const files = await context.files();
  files.checkWritable(`${folder}/emulator.json`);
  const kind = files.kind(folder);
  if (kind === "nothing") return;
  if (kind !== "folder") throw fileFailure(`Cannot write to ${folder}: it is not a folder`);
  const there = files.list(folder, () => false);
  if (there.length === 0) return;
  const { isExport } = await import("../../emulator/export/read-export.ts");
  const { isOfExport } = await import("../../emulator/export/layout.ts");
  const foreign = isExport(folder) ? there.find(({ path }) => !isOfExport(path)) : there[0];
  if (foreign === undefined) return;
  throw fileFailure(
    `Cannot write to ${folder}: it holds ${foreign.path}, which is not of an earlier export`,
    "Name a folder that does not exist yet.",
  );
}

function report(
  folder: string,
  {
    projects,
    records,
  }: {
    readonly projects: readonly { id: string; name: string; users: number; files: number }[];
    records: number;
  },
): Report {
  return {
    kind: "report",
    answer: "yes",
    document: { ok: true, folder, records, projects: projects.map((project) => ({ ...project })) },
    body: [
      `* Exported ${counted(projects.length, "project")} to ${folder}, ${counted(records, "record")} in all`,
      ...projects.map(
        ({ id: project, name, users, files }) =>
          `  - ${project}${name === project ? "" : ` (${name})`}: ${counted(users, "user")}, ${counted(files, "file")} of its snapshot`,
      ),
    ],
  };
}
