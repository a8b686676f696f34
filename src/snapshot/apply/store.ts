import type { Files } from "../../files/files.ts";
import { fileFailure } from "../../failure.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { printJson } from "../../json/print.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { fileContent, readFolderContent, type SnapshotContent } from "../content.ts";
import { readPlan } from "../plan/check.ts";
import type { Plan } from "../plan/plan.ts";
import type { Pending } from "./apply.ts";

const PENDING_SCHEMA = "descope-pending/1";

/** Where the plan of an import that was begun is kept until its end is known. */
export function pendingPath(project: string): string {
  return `.descope/pending/${project.replace(/[^A-Za-z0-9_-]/g, "_")}.json`;
}

/** A folder for a new backup: one that is not there yet. */
export function backupPath(files: Files, project: string, now: Date): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "");
  const folder = `.descope/backups/${project.replace(/[^A-Za-z0-9_-]/g, "_")}-${time}`;
  for (let number = 1; ; number++) {
    const free = number === 1 ? folder : `${folder}-${number}`;
    if (files.kind(free) === "nothing") return free;
  }
}

/**
 * Writes a snapshot into a folder that is not there yet, is empty, or holds just that: an apply that was killed behind its backup is
 * run again.
 *
 * @throws {Failure} "file"
 */
export async function saveSnapshot(files: Files, folder: string, content: SnapshotContent): Promise<void> {
  const there = files.kind(folder) === "folder" ? files.list(folder, () => false) : [];
  if (there.length > 0) {
    if (
      there.length === content.size &&
      [...content].every(([path, value]) => holds(files, folder, path, value))
    )
      return;
    throw fileFailure(
      `The backup would go to ${folder}, which is not empty`,
      "Name another folder with --backup.",
    );
  }
  const tree = files.writeTree(folder);
  try {
    // What a target holds may be secret, whatever its export calls it.
    for (const [path, value] of content) tree.write(path, fileContent(path, value), 0o600);
    await tree.commit();
  } finally {
    tree.abort();
  }
}

/** An import that was begun, with its plan. */
export interface Begun {
  readonly plan: Plan;
  readonly pending: Pending;
}

/** Reads what an interrupted apply left; undefined where there is nothing. @throws {Failure} "file" when it is damaged. */
export function readBegun(files: Files, path: string): Begun | undefined {
  if (files.kind(path) === "nothing") return undefined;
  let content: Json;
  try {
    content = parseJson(files.readText(path));
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw damaged(path);
    throw error;
  }
  if (!isJsonObject(content) || content.schema !== PENDING_SCHEMA || typeof content.backup !== "string")
    throw damaged(path);
  const plan = readPlan(printJson(content.plan ?? null), path);
  const { backup } = content;
  if (files.kind(backup) !== "folder")
    throw fileFailure(
      `${path} names the backup ${backup}, which is gone`,
      "Move the file away, and plan anew.",
    );
  return {
    plan,
    pending: { fingerprint: plan.fingerprint, backup, before: readFolderContent(files, backup) },
  };
}

function damaged(path: string) {
  return fileFailure(
    `${path} is damaged`,
    "An apply was interrupted and left it. Move it away, and plan anew.",
  );
}

export function pendingText(plan: Plan, backup: string): string {
  return `${printJson({ schema: PENDING_SCHEMA, backup, plan: plan as unknown as Json })}\n`;
}

function holds(files: Files, folder: string, path: string, value: Json): boolean {
  const place = `${folder}/${path}`;
  return (
    files.kind(place) === "file" &&
    Buffer.from(files.read(place)).equals(Buffer.from(fileContent(path, value)))
  );
}
