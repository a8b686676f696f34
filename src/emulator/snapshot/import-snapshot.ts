import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { configurationRefused, EmulatorError, invalidArgument } from "../error.ts";
import { findRole } from "../entities/role.ts";
import { text } from "../project-settings.ts";
import type { Project } from "../project.ts";
import { referencedAssets, settleAssets } from "./assets.ts";
import { exclusions, type Exclusions } from "./excludes.ts";
import { replaceTexts } from "./flow-files.ts";
import { parts } from "./parts.ts";
import { connectors, secretHolders } from "./secret-holders.ts";
import {
  deleteSecrets,
  getSecret,
  PLACEHOLDER,
  putSecret,
  contentAt,
  secretPlaces,
  withContent,
  type SecretHolder,
  type SecretOwner,
  type SecretPlace,
} from "./secrets.ts";
import { allFiles, deleteBelow, getObject, names, putFile, type Files } from "./snapshot-files.ts";

/** A secret that comes with an import, or is missing in it. */
export interface NamedSecret {
  /** The id in the snapshot of what it belongs to. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly value?: string | null | undefined;
}

type SecretLists = { readonly [owner in SecretOwner]?: readonly NamedSecret[] | null | undefined };

export interface SnapshotInput {
  readonly files: Readonly<Record<string, unknown>>;
  readonly inputSecrets?: SecretLists | null | undefined;
  readonly excludes?: readonly string[] | null | undefined;
}

/** What an import would say. */
export interface Verdict {
  readonly ok: boolean;
  /** What is wrong with the snapshot, in sentences. */
  readonly failures: readonly string[];
  readonly missingSecrets: { readonly [owner in SecretOwner]: readonly NamedSecret[] };
}

/** Folders whose index says what belongs to them: what the index of a snapshot does not list is no part of it. */
const GROUPS = [
  { folder: "flows", key: "flows", entries: (id: string) => [`flows/${id}/`] },
  { folder: "connectors", key: "connectors", entries: (part: string) => [`connectors/${part}.json`] },
  { folder: "styles", key: "styles", entries: (id: string) => [`styles/${id}.json`] },
  { folder: "widgets", key: "widgets", entries: (id: string) => [`widgets/${id}/`] },
] as const;

/** Says whether an import would go through, and changes nothing. */
export function validateSnapshot(project: Project, input: SnapshotInput): Verdict {
  const { files, excluded } = receive(input);
  return judge(project, included(files, excluded), input.inputSecrets ?? {});
}

/**
 * Makes a project's configuration that of a snapshot: the groups of files and the single files that the snapshot has are replaced,
 * the others stay as they are.
 *
 * @throws {EmulatorError} when it does not hold together, or lacks a secret that the project does not have.
 */
export function importSnapshot(project: Project, input: SnapshotInput): void {
  const { files: received, excluded } = receive(input);
  const files = included(received, excluded);
  const given = input.inputSecrets ?? {};
  const verdict = judge(project, files, given);
  if (verdict.failures.length > 0) throw configurationRefused(verdict.failures.join("; "));
  if (!verdict.ok) throw missingSecrets(verdict);
  const local = withLocalIds(project, files);
  const settled = settleSecrets(project, local.files, local.ids, given);
  const own = new Set(parts.map(({ file }) => file));
  for (const { folder } of GROUPS) if (`${folder}/${folder}.json` in settled) deleteBelow(project, folder);
  for (const [path, content] of Object.entries(settled)) {
    if (path === "project.json")
      putFile(project, path, excluded.mergeProject(content, getObject(project, path)));
    else if (!own.has(path)) putFile(project, path, content);
  }
  for (const part of parts) {
    const content = settled[part.file];
    if (content !== undefined) part.read(project, content);
  }
  forgetSecrets(project);
}

function receive(input: SnapshotInput): { files: Files; excluded: Exclusions } {
  const files: Files = {};
  for (const [path, content] of Object.entries(input.files)) {
    if (!isSafe(path))
      throw configurationRefused(`${JSON.stringify(path)} is not the path of a snapshot's file`);
    if (typeof content !== "string" && !isJsonObject(content as Json))
      throw configurationRefused(`The file ${path} must be an object or a string`);
    files[path] = content as Json;
  }
  if (Object.keys(files).length === 0) throw invalidArgument("The files field has no files");
  return { files: settleAssets(files), excluded: exclusions(input.excludes ?? []) };
}

function isSafe(path: string): boolean {
  return (
    !/[\\\0]/.test(path) && path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

/** The files without those that are excluded, and without those that their group's index does not list. */
function included(files: Readonly<Files>, excluded: Exclusions): Files {
  const kept: Files = {};
  for (const [path, content] of Object.entries(files)) {
    if (excluded.leavesOut(path)) continue;
    const group = GROUPS.find(({ folder }) => path.startsWith(`${folder}/`));
    if (group === undefined || isListed(files, group, path)) kept[path] = content;
  }
  return kept;
}

function isListed(files: Readonly<Files>, group: (typeof GROUPS)[number], path: string): boolean {
  const index = `${group.folder}/${group.folder}.json`;
  if (path === index) return true;
  return listed(files, index, group.key).some((name) =>
    group.entries(name).some((entry) => path === entry || (entry.endsWith("/") && path.startsWith(entry))),
  );
}

function listed(files: Readonly<Files>, index: string, key: string): string[] {
  const content = files[index];
  return isJsonObject(content) ? names(content[key]) : [];
}

function judge(project: Project, files: Readonly<Files>, given: SecretLists): Verdict {
  const failures = [...structureFailures(files), ...assetFailures(project, files)];
  for (const part of parts) {
    const content = files[part.file];
    if (content !== undefined) failures.push(...part.check(content));
  }
  const missing: Record<SecretOwner, NamedSecret[]> = {
    connectors: [],
    oauthProviders: [],
    outboundApps: [],
    externalAuth: [],
  };
  const here = localHolders(project);
  for (const holder of secretHolders(files)) {
    for (const place of secretPlaces(holder.configuration)) {
      if (place.content !== PLACEHOLDER) continue;
      if (givenSecret(given, holder, place) !== undefined) continue;
      const target = counterpart(here, holder);
      if (target !== undefined && getSecret(project, holder.owner, target.id, place.type) !== undefined)
        continue;
      missing[holder.owner].push({ id: holder.id, name: holder.name, type: place.type });
    }
  }
  const complete = Object.values(missing).every((list) => list.length === 0);
  return { ok: failures.length === 0 && complete, failures, missingSecrets: missing };
}

function structureFailures(files: Readonly<Files>): string[] {
  const failures: string[] = [];
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith(".json") && !isJsonObject(content)) failures.push(`${path} must be an object`);
  }
  for (const { folder, key, entries } of GROUPS) {
    const index = `${folder}/${folder}.json`;
    for (const name of listed(files, index, key)) {
      const wanted = entries(name).map((entry) => (entry.endsWith("/") ? `${entry}metadata.json` : entry));
      for (const path of wanted) {
        if (files[path] === undefined) failures.push(`${index} lists "${name}", but there is no ${path}`);
      }
    }
  }
  for (const id of listed(files, "flows/flows.json", "flows")) failures.push(...flowFailures(files, id));
  const seen = new Set<string>();
  for (const { name, file } of connectors(files)) {
    if (name === "") failures.push(`${file}: the connector has no name`);
    else if (seen.has(name)) failures.push(`${file}: another connector is called "${name}" too`);
    seen.add(name);
  }
  return failures;
}

function flowFailures(files: Readonly<Files>, id: string): string[] {
  const metadata = files[`flows/${id}/metadata.json`];
  const contents = files[`flows/${id}/contents.json`];
  if (!isJsonObject(metadata)) return [];
  const failures: string[] = [];
  if (!isJsonObject(contents)) failures.push(`The flow "${id}" has no contents.json`);
  for (const name of names(metadata.screens)) {
    const path = `flows/${id}/screen-${name}.json`;
    if (files[path] === undefined)
      failures.push(`flows/${id}/metadata.json lists the screen "${name}", but there is no ${path}`);
  }
  if (isJsonObject(contents) && isJsonObject(contents.tasks)) {
    const start = text(contents.startTask);
    if (start !== "" && contents.tasks[start] === undefined)
      failures.push(`The flow "${id}" starts with the task "${start}", which it does not have`);
  }
  return failures;
}

function assetFailures(project: Project, files: Readonly<Files>): string[] {
  const here = allFiles(project);
  return [...referencedAssets(files as JsonObject)]
    .filter((path) => files[path] === undefined && here[path] === undefined)
    .map((path) => `${path} is referred to, but is not there`);
}

function missingSecrets({ missingSecrets: lists }: Verdict): EmulatorError {
  const all = Object.values(lists)
    .flat()
    .map(({ name, type }) => `${name} (${type})`);
  return new EmulatorError(
    400,
    "E113011",
    "Project configuration is not valid",
    `These secrets are missing: ${all.join(", ")}`,
  );
}

function localHolders(project: Project): SecretHolder[] {
  return secretHolders(allFiles(project));
}

/** What in the project is the same thing: connectors and applications by name, providers by their key. */
function counterpart(here: readonly SecretHolder[], holder: SecretHolder): SecretHolder | undefined {
  const same = here.filter(({ owner }) => owner === holder.owner);
  if (holder.owner === "oauthProviders") return same.find(({ id }) => id === holder.id);
  return same.find(({ name }) => name === holder.name) ?? same.find(({ id }) => id === holder.id);
}

function givenSecret(given: SecretLists, holder: SecretHolder, place: SecretPlace): string | undefined {
  const found = (given[holder.owner] ?? []).find(
    ({ id, type }) => id === holder.id && type.toLowerCase() === place.type,
  );
  return found?.value == null || found.value === "" ? undefined : found.value;
}

/**
 * Puts the project's own ids of connectors and roles in place of the snapshot's, wherever they stand.
 *
 * @returns `ids`: the id here of each connector, by its id in the snapshot.
 */
function withLocalIds(project: Project, files: Files): { files: Files; ids: ReadonlyMap<string, string> } {
  const here = localHolders(project);
  const ids = new Map<string, string>();
  for (const holder of connectors(files)) {
    const target = counterpart(here, holder);
    if (target !== undefined && target.name === holder.name && target.id !== holder.id)
      ids.set(holder.id, target.id);
  }
  const replaced = new Map(ids);
  for (const [path, content] of Object.entries(files)) {
    if (!path.startsWith("flows/") || !path.endsWith("/metadata.json")) continue;
    const references = isJsonObject(content) ? content.references : undefined;
    const referred = isJsonObject(references) ? references.roles : undefined;
    for (const [name, id] of Object.entries(isJsonObject(referred) ? referred : {})) {
      const role = findRole(project, name);
      if (typeof id === "string" && role !== undefined && role.id !== id) replaced.set(id, role.id);
    }
  }
  return { files: replaced.size === 0 ? files : (replaceTexts(files, replaced) as Files), ids };
}

/** Moves the secrets of an import out of its files, those that were given beside them too. */
function settleSecrets(
  project: Project,
  files: Files,
  ids: ReadonlyMap<string, string>,
  given: SecretLists,
): Files {
  const settled: Files = { ...files };
  const snapshotIds = new Map([...ids].map(([snapshot, local]) => [local, snapshot]));
  const here = localHolders(project);
  for (const holder of secretHolders(files)) {
    const asked = { ...holder, id: snapshotIds.get(holder.id) ?? holder.id };
    const target = counterpart(here, holder);
    for (const { type, path } of target === undefined ? [] : secretPlaces(target.configuration)) {
      const known = getSecret(project, holder.owner, target?.id ?? "", type);
      if (known === undefined) continue;
      // The same thing under another id: what is known of the old one goes with it.
      putSecret(project, holder.owner, holder.id, type, known);
      // A secret that was left blank stays what it was.
      if (contentAt(holder.configuration, path) === "")
        settled[holder.file] = withContent(
          settled[holder.file] as Json,
          [...holder.at, ...path],
          PLACEHOLDER,
        );
    }
    for (const place of secretPlaces(holder.configuration)) {
      const fresh = place.content === PLACEHOLDER ? givenSecret(given, asked, place) : place.content;
      if (fresh !== undefined) putSecret(project, holder.owner, holder.id, place.type, fresh);
      settled[holder.file] = withContent(
        settled[holder.file] as Json,
        [...holder.at, ...place.path],
        PLACEHOLDER,
      );
    }
  }
  return settled;
}

/** Forgets the secrets of what the project no longer has. */
function forgetSecrets(project: Project): void {
  const here = localHolders(project);
  const rows = project.store.all<{ owner: SecretOwner; entity: string }>(
    "SELECT DISTINCT owner, entity FROM secrets WHERE project = ?",
    project.id,
  );
  for (const { owner, entity } of rows) {
    if (!here.some((holder) => holder.owner === owner && holder.id === entity))
      deleteSecrets(project, owner, entity);
  }
}
