import type { Context } from "../../../command/context.ts";
import { text } from "../../../command/flags.ts";
import { counted } from "../../../counted.ts";
import { JsonSyntaxError, parseJson } from "../../../json/parse.ts";
import { visible } from "../../../output/terminal-text.ts";
import { readSnapshotFolder, syntaxFailure, type SnapshotFiles } from "../../../snapshot/request.ts";
import { parseSecrets } from "../../../snapshot/secrets.ts";

/** The flag that names a file of secrets. */
export const secretsInputFlag = text("Read secrets of connectors, providers and apps from this file", {
  value: "path",
});

/** Reads a snapshot's folder and says which files are sent and which are not. @throws {Failure} "file" */
export async function readFolder(context: Context, folder: string): Promise<SnapshotFiles> {
  const snapshot = readSnapshotFolder(await context.files(), folder);
  const { sent, skipped } = snapshot;
  context.note(
    [`* Read ${counted(sent.length, "file")} from ${folder}`, ...sent.map((path) => `  - ${path}`)]
      .map((line) => visible(line))
      .join("\n"),
  );
  if (skipped.length > 0) {
    const heading = "* Not sent, for their extension:";
    context.note([heading, ...skipped.map((path) => `  - ${visible(path)}`)].join("\n"), "always");
  }
  return snapshot;
}

/** The secrets of a file as JSON text for a request, remembered to be masked; undefined without a file. @throws {Failure} "file" */
export async function readSecrets(context: Context, file: string | undefined): Promise<string | undefined> {
  if (file === undefined || file === "") return undefined;
  const text = (await context.files()).readText(file);
  let secrets: ReturnType<typeof parseSecrets>;
  try {
    secrets = parseSecrets(parseJson(text), file);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? syntaxFailure(file, error) : error;
  }
  const all = Object.values(secrets).flat();
  for (const { value } of all) if (value !== undefined) context.api.keepSecret(value);
  context.note(`* Read ${counted(all.length, "secret")} from ${visible(file)}`);
  return JSON.stringify(secrets);
}
