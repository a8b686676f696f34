import path from "node:path";
import { exportFlow } from "../../api/operations/flows.ts";
import type { Context } from "../../command/context.ts";
import { Failure, fileFailure, invalidInput } from "../../failure.ts";
import type { Files } from "../../files/files.ts";
import { projectOf, type Project } from "../../flow/lint/project.ts";
import { readFlow } from "../../flow/graph/build.ts";
import { alone, type Flow } from "../../flow/graph/model.ts";
import { readFlowFile, readFlowFolder, type Assets, type FlowSource } from "../../flow/graph/source.ts";
import { asObject, member } from "../../json/look.ts";
import { parseFile, type JsonFile } from "../../json/source.ts";

/** What people may write where a flow is asked for. */
export const FLOW_WORDS =
  "a file, a flow's folder in a snapshot, git:<ref>:<path> of one, or project:<id>/<flow>";

/** A flow that a command line named, with the snapshot around it where there is one. */
export interface NamedFlow {
  readonly flow: Flow;
  readonly project: Project | undefined;
}

/**
 * Reads a flow from wherever the command line says: a file of any shape, a folder of a snapshot, either as it was at a commit, or a
 * project's live one.
 *
 * @throws {Failure} "file" for what holds no flow; "configuration" where a project is named and the key is missing.
 */
export async function namedFlow(context: Context, named: string): Promise<NamedFlow> {
  const live = /^project:([^/]*)\/(.+)$/s.exec(named);
  if (live !== null)
    return {
      flow: readFlow(await exported(context, named, live[1] ?? "", live[2] ?? "")),
      project: undefined,
    };
  if (named.startsWith("project:")) {
    throw new Failure(`${named} names no flow`, {
      code: "usage",
      hint: "Write project:<id>/<flow>, as in project:P2abc/sign-in.",
    });
  }
  const [isCommitted, ref = "", place = ""] = /^git:([^:]+):(.+)$/s.exec(named) ?? [];
  if (isCommitted !== undefined)
    return { flow: readFlow(await committedFlow(named, ref, place)), project: undefined };
  if (named.startsWith("git:")) {
    throw new Failure(`${named} names no flow`, {
      code: "usage",
      hint: "Write git:<ref>:<path>, as in git:main:config/flows/sign-in.",
    });
  }
  if (named === "") throw invalidInput("The name of a flow is empty", `A flow is ${FLOW_WORDS}.`);
  const files = await context.files();
  const kind = files.kind(named);
  if (kind === "nothing")
    throw fileFailure(`There is no file or folder ${named}`, `A flow is ${FLOW_WORDS}.`);
  const folder = kind === "folder" ? named : folderOfPart(files, named);
  if (folder === undefined) {
    const file = parseFile(named, files.readText(named));
    return {
      flow: readFlow(readFlowFile(file, path.basename(named).replace(/\.json$/i, ""))),
      project: undefined,
    };
  }
  if (files.kind(path.join(folder, "metadata.json")) !== "file") throw notAFlow(files, folder);
  const id = path.basename(files.realPath(folder));
  const root = snapshotRoot(files, folder);
  const assets = assetsOf(files, path.join(root ?? path.join(folder, "..", ".."), "assets"));
  const source = readFlowFolder(id, folder, jsonFiles(files, folder), assets);
  const project = root === undefined ? undefined : projectAround(files, root, assets);
  return { flow: readFlow(source, project?.surroundings ?? alone), project };
}

/** A flow's folder or file as it was at a commit. */
async function committedFlow(named: string, ref: string, place: string): Promise<FlowSource> {
  const { gitTree } = await import("../../files/git.ts");
  const parse = (name: string, bytes: Uint8Array) => parseFile(name, new TextDecoder().decode(bytes));
  const folder = gitTree(ref, place);
  if (folder.size > 0) {
    if (!folder.has("metadata.json"))
      throw fileFailure(
        `${named} is not the folder of a flow: it has no metadata.json`,
        `A flow is ${FLOW_WORDS}.`,
      );
    const files = [...folder].filter(([name]) => name.endsWith(".json") && !name.includes("/"));
    let assets: ReadonlyMap<string, Uint8Array> | undefined;
    return readFlowFolder(
      path.posix.basename(place),
      named,
      new Map(files.map(([name, bytes]) => [name, parse(`${named}/${name}`, bytes)])),
      (name) => {
        assets ??= gitTree(ref, path.posix.join(place, "../../assets"));
        const bytes = assets.get(name);
        return bytes === undefined ? undefined : assetText(name, bytes);
      },
    );
  }
  const bytes = gitTree(ref, path.posix.dirname(place)).get(path.posix.basename(place));
  if (bytes === undefined) throw fileFailure(`There is no ${place} at ${ref}`, `A flow is ${FLOW_WORDS}.`);
  return readFlowFile(parse(named, bytes), path.posix.basename(place).replace(/\.json$/i, ""));
}

function notAFlow(files: Files, folder: string): Failure {
  const flows = [path.join(folder, "flows"), folder].find(
    (one) => files.kind(one) === "folder" && path.basename(files.realPath(one)) === "flows",
  );
  return fileFailure(
    `${folder} is not the folder of a flow: it has no metadata.json`,
    flows !== undefined ? `Name one of its flows: ${path.join(flows, "<id>")}.` : `A flow is ${FLOW_WORDS}.`,
  );
}

/** The folder of a flow, where one of its own files is named. */
function folderOfPart(files: Files, file: string): string | undefined {
  if (!/^(?:metadata|contents)\.json$|^screen-.+\.json$/.test(path.basename(file))) return undefined;
  const folder = path.dirname(file);
  const isWhole = ["metadata.json", "contents.json"].every(
    (name) => files.kind(path.join(folder, name)) === "file",
  );
  return isWhole ? folder : undefined;
}

function jsonFiles(files: Files, folder: string): Map<string, JsonFile> {
  const out = new Map<string, JsonFile>();
  for (const { path: name, kind } of files.list(folder, (one) => one.startsWith("."))) {
    if (kind !== "file" || !name.endsWith(".json") || name.includes("/")) continue;
    out.set(name, parseFile(path.join(folder, name), files.readText(path.join(folder, name))));
  }
  return out;
}

/** The snapshot that a flow's folder stands in; undefined where it stands alone. */
function snapshotRoot(files: Files, folder: string): string | undefined {
  const parent = path.dirname(files.realPath(folder));
  if (path.basename(parent) !== "flows") return undefined;
  const root = path.join(folder, "..", "..");
  const isSnapshot = ["flows/flows.json", "snapshot.json", "project.json", "connectors"].some(
    (name) => files.kind(path.join(root, name)) !== "nothing",
  );
  return isSnapshot ? root : undefined;
}

/** The snapshot around a flow; other flows are read when they are called for. */
function projectAround(files: Files, root: string, assets: Assets): Project {
  const known = new Map<string, JsonFile>();
  const add = (name: string) => {
    const place = path.join(root, name);
    if (files.kind(place) === "file") known.set(name, parseFile(place, files.readText(place)));
  };
  for (const name of ["snapshot.json", "project.json", "attributes.json", "roles.json", "flows/flows.json"])
    add(name);
  for (const folder of ["auth", "connectors"]) {
    if (files.kind(path.join(root, folder)) !== "folder") continue;
    for (const name of jsonFiles(files, path.join(root, folder)).keys()) add(`${folder}/${name}`);
  }
  const flows = path.join(root, "flows");
  const listed = files.list(flows, (name) => name.startsWith(".")).map(({ path: name }) => name.split("/"));
  const ids = new Set(listed.flatMap(([id, file]) => (id === undefined || file === undefined ? [] : [id])));
  return projectOf({
    files: known,
    flowIds: ids,
    flowFiles: (id) => (ids.has(id) ? jsonFiles(files, path.join(flows, id)) : undefined),
    assets,
  });
}

/** Texts as they are, without the line break that an export adds; images by a hash of what the export hashes. */
function assetsOf(files: Files, folder: string): Assets {
  return (name) => {
    const file = path.join(folder, path.basename(name));
    if (path.basename(name) !== name || files.kind(file) !== "file") return undefined;
    return assetText(name, files.read(file));
  };
}

function assetText(name: string, bytes: Uint8Array): string {
  if (/\.(?:txt|html)$/.test(name)) return new TextDecoder().decode(bytes).replace(/\n$/, "");
  const hash = new Bun.CryptoHasher("sha256").update(Buffer.from(bytes).toString("base64")).digest("hex");
  return `asset:${name.replace(/-?[0-9a-f]{64}(?=\.|$)/, "")}-${hash}`;
}

async function exported(context: Context, named: string, project: string, id: string): Promise<FlowSource> {
  const api = await context.connect(project, "read");
  const working = context.progress(`Exporting ${id}`);
  const reply = await api.call(exportFlow, { flowId: id }).finally(() => working.stop());
  const flow = member(reply, "flow");
  return readFlowFile({ path: named, content: { flow: { ...asObject(flow) } } }, id);
}
