import path from "node:path";
import * as v from "valibot";
import { fileFailure, type Failure } from "../../failure.ts";
import { localFiles } from "../../files/local.ts";
import { locate } from "../../json/locate.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { isExport, readExport } from "../export/read-export.ts";
import { readSnapshotFolder } from "../../snapshot/request.ts";
import type { Files as SnapshotFileMap } from "../snapshot/snapshot-files.ts";
import { issueText } from "./issue.ts";
import { readUserLines, readUserTable, type SeedUsers } from "./read-users.ts";
import { parseYaml, YamlSyntaxError } from "./yaml.ts";
import { seedFile, type Seed, type SeedContent, type SeedFile } from "./seed.ts";

/**
 * Reads a seed: a JSON or YAML file, users as lines of JSON or as CSV, or the folder of an export or of a snapshot.
 *
 * @throws {Failure} "file", naming the file and what in it is wrong.
 */
export function readSeed(seedPath: string): Seed {
  if (localFiles.kind(seedPath) === "folder") {
    if (isExport(seedPath)) return exportedSeed(seedPath);
    return { path: seedPath, projects: [], content: { files: readSnapshot(seedPath) } };
  }
  switch (path.extname(seedPath).toLowerCase()) {
    case ".json":
      return checked(seedPath, json(seedPath));
    case ".yaml":
    case ".yml":
      return checked(seedPath, yaml(seedPath));
    case ".ndjson":
    case ".jsonl":
      return seedOfUsers(seedPath, readUserLines(seedPath, localFiles.readText(seedPath)));
    case ".csv":
      return seedOfUsers(seedPath, readUserTable(seedPath, localFiles.readText(seedPath)));
  }
  throw fileFailure(
    `The seed ${seedPath} is neither a folder nor a .json, .yaml, .ndjson or .csv file`,
    "A seed is the folder of an export or of a snapshot, a file with projects, users and so on, or a list of users.",
  );
}

function seedOfUsers(seedPath: string, { users, place }: SeedUsers): Seed {
  return { path: seedPath, projects: [], content: { users, placeOfUser: place } };
}

/** A value that was read, and how to find the line of a part of it. */
interface Read {
  readonly value: unknown;
  line(path: readonly (string | number)[]): number;
}

function checked(seedPath: string, { value, line }: Read): Seed {
  const found = v.safeParse(seedFile(), value);
  if (found.success) return assemble(seedPath, found.output, line);
  throw wrong(seedPath, found.issues[0], line);
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

function assemble(seedPath: string, file: SeedFile, line?: Read["line"]): Seed {
  const { managementKey, projects, ...own } = file;
  const content = contentOf(seedPath, own, []);
  return {
    path: seedPath,
    ...(managementKey === undefined ? {} : { managementKey }),
    projects: (projects ?? []).map(({ id, name, environment, tags, ...rest }, index) => ({
      id,
      name: name ?? id,
      environment: environment ?? "",
      tags: tags ?? [],
      content: contentOf(seedPath, rest, ["projects", index]),
    })),
    ...(Object.keys(own).length === 0 ? {} : { content }),
  };

  function contentOf(
    from: string,
    { snapshot, ...rest }: Omit<SeedFile, "managementKey" | "projects">,
    place: readonly (string | number)[],
  ): SeedContent {
    const placeOf = (member: string) => (index: number) =>
      `${from}:${line?.([...place, member, index])}: ${member}.${index}`;
    return {
      ...rest,
      ...(line === undefined ? {} : { placeOfUser: placeOf("users"), placeOfCall: placeOf("calls") }),
      ...(snapshot === undefined ? {} : { files: readSnapshot(path.resolve(path.dirname(from), snapshot)) }),
    };
  }
}

/** The files of a snapshot's folder, as import sends them. */
function readSnapshot(folder: string): SnapshotFileMap {
  const body = readSnapshotFolder(localFiles, folder).body({});
  const { files } = parseJson(new TextDecoder().decode(body)) as { files: SnapshotFileMap };
  if (files["snapshot.json"] === undefined && files["project.json"] === undefined)
    throw fileFailure(`${folder} holds no snapshot: it has neither snapshot.json nor project.json`);
  return files;
}

function json(file: string): Read {
  const content = localFiles.readText(file);
  try {
    return { value: parseJson(content), line: (place) => locate(content, place).line };
  } catch (error) {
    if (error instanceof JsonSyntaxError)
      throw fileFailure(`${file}:${error.line}:${error.column}: not JSON: ${reasonOf(error)}`);
    throw error;
  }
}

/** What is wrong, without the place that stands in front of it. */
function reasonOf({ message, line, column }: JsonSyntaxError): string {
  return message.replace(`line ${line}, column ${column}: `, "");
}

function yaml(file: string): Read {
  const content = localFiles.readText(file);
  try {
    return parseYaml(content);
  } catch (error) {
    if (error instanceof YamlSyntaxError)
      throw fileFailure(
        `${file}:${error.line}:${error.column}: not YAML: ${error.message}`,
        "Check its indentation, and that texts with : or # are quoted.",
      );
    throw error;
  }
}

function wrong(file: string, issue: v.BaseIssue<unknown>, line?: Read["line"]): Failure {
  const field = v.getDotPath(issue) ?? "";
  const steps = (issue.path ?? []).map(({ key }) => key as string | number);
  const { text, hint } = issueText(issue);
  const place = line === undefined ? file : `${file}:${line(steps)}`;
  return fileFailure(`${place}: ${field === "" ? "the file" : field} ${text}`, hint);
}

/** A seed given as data. @throws {Failure} "file", naming what in it is wrong. */
export function seedOf(content: unknown): Seed {
  const found = v.safeParse(seedFile(), content);
  if (!found.success) throw wrong("the seed", found.issues[0]);
  return assemble("the seed", found.output);
}
