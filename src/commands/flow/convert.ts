import path from "node:path";
import { command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import { bool, optionalWords, words } from "../../command/flags.ts";
import { done, type Result } from "../../command/result.ts";
import { Failure, fileFailure } from "../../failure.ts";
import { cleanPath } from "../../files/clean-path.ts";
import type { Files } from "../../files/files.ts";
import { jsonFileText, readJsonObject } from "../../files/json-file.ts";
import { formOf, readFlowFile } from "../../flow/file-forms.ts";
import { exportedJson, type FlowRead } from "../../flow/exported.ts";
import {
  CONTENTS_FILE,
  flowOfFolder,
  folderOfFlow,
  listedScreenFile,
  METADATA_FILE,
  readFolderMetadata,
} from "../../flow/folder.ts";
import { visible } from "../../output/terminal-text.ts";

/** One run of the command. */
interface Conversion {
  readonly context: Context;
  readonly files: Files;
  readonly source: string;
  readonly target: string | undefined;
  /** Unsupported sources are passed over. */
  readonly skip: boolean;
}

export default command({
  description:
    "A flow's folder in a snapshot becomes one exported file; an exported file becomes such a folder; a file of older console exports\n" +
    "becomes an exported file, in its own place unless a target is named. Nothing is sent.",
  args: {
    sourcePath: words("The file or folder to convert"),
    targetPath: optionalWords("The file or folder to write"),
  },
  flags: { skip: bool("Pass over a source that is no flow, instead of failing", { short: "s" }) },
  examples: [
    "descope flow convert project-P2abc/flows/sign-in sign-in.json",
    "descope flow convert sign-in.json project-P2abc/flows/sign-in",
    "descope flow convert console-export.json",
  ],
  async run(context, { sourcePath, targetPath }, { skip }) {
    const files = await context.files();
    const conversion: Conversion = {
      context,
      files,
      source: cleanPath(sourcePath),
      target: targetPath === undefined ? undefined : cleanPath(targetPath),
      skip,
    };
    const found = files.kind(conversion.source);
    if (found === "nothing") throw fileFailure(`There is no file or folder ${conversion.source}`);
    return found === "folder" ? convertFolder(conversion) : convertFile(conversion);
  },
});

function convertFolder(conversion: Conversion): Result {
  const { files, source, target } = conversion;
  if (target === undefined) {
    throw fileFailure(
      `${source} is a folder, and its flow needs a file to go to`,
      "Name it as the second argument.",
    );
  }
  const parts = attempt(() => {
    const metadata = path.join(source, METADATA_FILE);
    const read = readFolderMetadata(readJsonObject(files, metadata), metadata);
    return { read, contents: readJsonObject(files, path.join(source, CONTENTS_FILE)) };
  });
  if (parts instanceof Failure) return unsupported(conversion.skip, parts.message);
  const screens = parts.read.screens.map((name) => {
    const file = path.join(source, listedScreenFile(name, path.join(source, METADATA_FILE)));
    return { file, raw: readJsonObject(files, file) };
  });
  const flowId = flowIdOf(files, source);
  const flow = flowOfFolder(flowId, parts.read, parts.contents, screens);
  const file = files.kind(target) === "folder" ? path.join(target, `${flowId}.json`) : target;
  return writeExported(conversion, { flow, lost: [] }, file);
}

/** The last part of the folder's path as it was typed; where that names none, the folder's real name. */
function flowIdOf(files: Files, folder: string): string {
  const name = path.basename(folder);
  return name === "." || name === ".." ? path.basename(files.realPath(folder)) : name;
}

async function convertFile(conversion: Conversion): Promise<Result> {
  const { files, source, target } = conversion;
  const raw = attempt(() => readJsonObject(files, source));
  if (raw instanceof Failure) return unsupported(conversion.skip, raw.message);
  const form = formOf(raw);
  if (form === undefined)
    return unsupported(conversion.skip, `${source}: it holds no flow in a form that is known`);
  if (form === "console") {
    const read = readFlowFile(raw, form, source);
    const isFolder = target !== undefined && files.kind(target) === "folder";
    const file = isFolder ? path.join(target, path.basename(source)) : (target ?? source);
    return writeExported(conversion, read, file);
  }
  if (target === undefined) {
    if (form === "wrapped" && conversion.skip)
      return unsupported(conversion.skip, `${source}: ${NEEDS_FOLDER}`);
    throw fileFailure(`${source}: ${NEEDS_FOLDER}`, "Name it as the second argument.");
  }
  return writeFolder(conversion, readFlowFile(raw, form, source), target);
}

const NEEDS_FOLDER = "it is an exported flow, which needs a folder to go to";

function writeExported(
  { context, files, source }: Conversion,
  { flow, lost }: FlowRead,
  file: string,
): Result {
  files.write(file, jsonFileText(exportedJson(flow)));
  nameLost(context, lost);
  return done(file === source ? `Overwrote ${file} with its exported form` : `Wrote ${file}`);
}

async function writeFolder(
  { context, files, source }: Conversion,
  read: FlowRead,
  folder: string,
): Promise<Result> {
  const kind = files.kind(folder);
  if (kind !== "folder" && kind !== "nothing")
    throw fileFailure(`Cannot write to ${folder}: it is not a folder`);
  const made = folderOfFlow(read.flow, source);
  const tree = files.writeTree(folder);
  try {
    for (const [name, content] of made.files) tree.write(name, jsonFileText(content));
    await tree.commit();
  } finally {
    tree.abort();
  }
  nameLost(context, [...read.lost, ...made.lost]);
  const { flowId } = read.flow;
  if (flowId !== "" && flowId !== flowIdOf(files, folder)) {
    context.note(`* The flow's id is ${visible(flowId)}; in a snapshot it is the folder's name`);
  }
  return done(`Wrote ${made.files.size} files to ${folder}`);
}

function nameLost(context: Context, lost: readonly string[]): void {
  if (lost.length === 0) return;
  const heading = "* Not carried over, for want of a place in the new form:";
  context.note([heading, ...lost.map((name) => `  - ${visible(name)}`)].join("\n"), "always");
}

/** Gives back the failure of reading in place of what was read. */
function attempt<T>(read: () => T): T | Failure {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** @param reason names the source, and what is wrong with it. */
function unsupported(skip: boolean, reason: string): Result {
  if (skip) return done(`Skipped what is no flow: ${reason}`);
  throw fileFailure(
    `This is no flow that could be converted: ${reason}`,
    "A flow is its folder in a snapshot, a file that flow export wrote, or a file exported from the console.",
  );
}
