import { importSnapshot } from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import { list, words } from "../../../command/flags.ts";
import { done } from "../../../command/result.ts";
import { invalidInput } from "../../../failure.ts";
import { folderFlag, snapshotFolder } from "./folder.ts";
import { readFolder, readSecrets, secretsInputFlag } from "./payload.ts";

/** What the server lets an import leave out. */
const EXCLUDABLE = ["lists"];

export default command({
  description: "Replaces the project's settings by those of the folder.",
  operations: [importSnapshot],
  connection: "argument",
  args: { projectId: words("Id of the project") },
  flags: {
    path: folderFlag,
    secretsInput: secretsInputFlag,
    exclude: list(`Parts to leave as they are: ${EXCLUDABLE.join(", ")}`),
  },
  examples: [
    "descope project snapshot import P2abc --path config",
    "descope project snapshot import P2abc -p config --secrets-input secrets.json",
  ],
  async run(context, _args, { path, secretsInput, exclude }) {
    const snapshot = await readFolder(context, snapshotFolder(path, context.project));
    const inputSecrets = await readSecrets(context, secretsInput);
    const excludes = (exclude ?? []).map((item) => item.trim()).filter((item) => item !== "");
    const unknown = excludes.find((item) => !EXCLUDABLE.includes(item));
    if (unknown !== undefined)
      throw invalidInput(`--exclude does not know "${unknown}"`, `It knows ${EXCLUDABLE.join(", ")}.`);
    const body = snapshot.body({
      ...(inputSecrets === undefined ? {} : { inputSecrets }),
      ...(excludes.length === 0 ? {} : { excludes: JSON.stringify(excludes) }),
    });
    const working = context.progress("Importing the snapshot");
    await context.api.exchange(importSnapshot, body).finally(() => working.stop());
    context.note("* Imported the snapshot");
    return done();
  },
});
