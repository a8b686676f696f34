import path from "node:path";
import * as v from "valibot";
import { fileFailure, type Failure } from "../../failure.ts";
import { localFiles } from "../../files/local.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import type { Json } from "../../json/value.ts";
import { isExport, readExport } from "../export/read-export.ts";
import { readSnapshotFolder } from "../../snapshot/request.ts";
import type { Files as SnapshotFileMap } from "../snapshot/snapshot-files.ts";
import { seedFile, type Seed, type SeedContent, type SeedFile } from "./seed.ts";

/**
 * Reads a seed: a JSON or YAML file, or the folder of a snapshot.
 *
 * @throws {Failure} "file", naming the file and what in it is wrong.
 */
export function readSeed(seedPath: string): Seed {
  if (localFiles.kind(seedPath) === "folder") {
    if (isExport(seedPath)) return exportedSeed(seedPath);
    return { path: seedPath, projects: [], content: { files: readSnapshot(seedPath) } };
  }
  const extension = path.extname(seedPath).toLowerCase();
  if (![".json", ".yaml", ".yml"].includes(extension)) {
    throw fileFailure(
      `The seed ${seedPath} is neither a folder nor a .json, .yaml or .yml file`,
      "A seed is the folder of a snapshot, or a file with projects, users and so on.",
    );
  }
  const parsed = extension === ".json" ? json(seedPath) : yaml(seedPath);
  const checked = v.safeParse(seedFile(), parsed);
  if (!checked.success) throw wrong(seedPath, checked.issues[0]);
  return assemble(seedPath, checked.output);
}

/** What `emulator export` has written. */
function exportedSeed(folder: string): Seed {
  const exported = readExport(folder);
  const { managementKey } = exported.settings;
  return {
    path: folder,
    ...(managementKey === undefined ? {} : { managementKey }),
    projects: exported.projects.map(({ id, name, environment, tags }) => ({
      id,
      name,
      environment,
      tags,
      content: {},
    })),
    exported,
  };
}

function assemble(seedPath: string, file: SeedFile): Seed {
  const { managementKey, projects, ...own } = file;
  const content = contentOf(seedPath, own);
  return {
    path: seedPath,
    ...(managementKey === undefined ? {} : { managementKey }),
    projects: (projects ?? []).map(({ id, name, environment, tags, ...rest }) => ({
      id,
      name: name ?? id,
      environment: environment ?? "",
      tags: tags ?? [],
      content: contentOf(seedPath, rest),
    })),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}

/** The content with its snapshot read; the folder is looked for from where the seed lies. */
function contentOf(
  seedPath: string,
  { snapshot, ...rest }: Omit<SeedFile, "managementKey" | "projects">,
): SeedContent {
  if (snapshot === undefined) return rest;
  return { ...rest, files: readSnapshot(path.resolve(path.dirname(seedPath), snapshot)) };
}

/** The files of a snapshot's folder, as import sends them. */
function readSnapshot(folder: string): SnapshotFileMap {
  const body = readSnapshotFolder(localFiles, folder).body({});
  const { files } = parseJson(new TextDecoder().decode(body)) as { files: SnapshotFileMap };
  if (files["snapshot.json"] === undefined && files["project.json"] === undefined)
    throw fileFailure(`${folder} holds no snapshot: it has neither snapshot.json nor project.json`);
  return files;
}

function json(file: string): Json {
  const content = localFiles.readText(file);
  try {
    return parseJson(content);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw fileFailure(`${file} is not JSON: ${error.message}`);
    throw error;
  }
}

function yaml(file: string): unknown {
  const content = localFiles.readText(file);
  try {
    return Bun.YAML.parse(content);
  } catch {
    throw fileFailure(`${file} is not YAML`, "Check its indentation, and that texts with : or # are quoted.");
  }
}

function wrong(file: string, issue: v.BaseIssue<unknown>): Failure {
  const field = v.getDotPath(issue) ?? "";
  const named = field === "" ? "the file" : field;
  if (issue.type === "strict_object" && issue.expected === "never")
    return fileFailure(`${file}: ${named} is not known in a seed`);
  if (issue.received === "undefined") return fileFailure(`${file}: ${named} is missing`);
  const wanted = (issue.expected ?? "valid")
    .replaceAll('"', "")
    .replaceAll(/[()]/g, "")
    .replaceAll(" | ", " or ");
  const hint =
    wanted === "string"
      ? "Quote it: a phone number or a code without quotes is read as a number."
      : undefined;
  return fileFailure(`${file}: ${named} must be ${wanted === "Object" ? "an object" : wanted}`, hint);
}

/** A seed given as data. @throws {Failure} "file", naming what in it is wrong. */
export function seedOf(content: unknown): Seed {
  const checked = v.safeParse(seedFile(), content);
  if (!checked.success) throw wrong("the seed", checked.issues[0]);
  return assemble("the seed", checked.output);
}
