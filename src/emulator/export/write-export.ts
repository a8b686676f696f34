import type { PrivateFolder } from "../../files/private-folder.ts";
import { fileFailure } from "../../failure.ts";
import { jsonFileText } from "../../files/json-file.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { findClash, hostilePath } from "../../snapshot/path.ts";
import { carried, isLeftOut } from "../../snapshot/layout.ts";
import { EmulatorClock } from "../clock.ts";
import { company } from "../company.ts";
import { Outbox } from "../control/outbox.ts";
import { Ids } from "../ids.ts";
import { allProjects, Project, type ProjectInfo } from "../project.ts";
import { exportSnapshot } from "../snapshot/export-snapshot.ts";
import { parts } from "../snapshot/parts.ts";
import { allFiles } from "../snapshot/snapshot-files.ts";
import { PROJECT_TABLES, SCHEMA_VERSION } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { World } from "../world.ts";
import {
  CARRIAGE,
  COMPANY_FOLDER,
  FORMAT,
  FORMAT_VERSION,
  MANIFEST,
  projectFolder,
  recordsFile,
  SNAPSHOT_FOLDER,
  SNAPSHOT_REST,
} from "./layout.ts";

/** What an export holds, for whoever asked for it. */
export interface Exported {
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly users: number;
    readonly files: number;
  }[];
  /** Lines of all files. */
  readonly records: number;
}

export interface ExportOptions {
  /** Ids of the projects that are wanted; all where absent. */
  readonly projects?: readonly string[] | undefined;
  /** Is waited for now and then, so that an interruption is noticed. */
  readonly pause: () => Promise<void>;
}

/**
 * Writes the whole of a state into a folder, as {@link readExport} reads it: users and records as lines of JSON, a project's
 * configuration as the folder of its snapshot. The same state always gives the same bytes.
 *
 * @throws {Failure} "file" when a project that is wanted is not there, or a file cannot be written.
 */
export async function writeExport(
  store: Store,
  folder: PrivateFolder,
  { projects: wanted, pause }: ExportOptions,
): Promise<Exported> {
  const world = worldOf(store);
  const there = allProjects(world);
  const missing = (wanted ?? []).find((id) => !there.some((project) => project.id === id));
  if (missing !== undefined)
    throw fileFailure(
      `There is no project ${missing} in the state`,
      `It has ${there.map(({ id }) => id).join(", ") || "none"}.`,
    );
  const kept = wanted === undefined ? there : there.filter(({ id }) => wanted.includes(id));
  const write = (project: Project, below: string) => writeProject(project, below, folder, pause);
  const projects: { readonly info: ProjectInfo; readonly files: Counts; readonly snapshot: Snapshot }[] = [];
  for (const info of kept) {
    const project = new Project(info.id, world);
    const below = projectFolder(info.id);
    const files = await write(project, below);
    const { rest, ...snapshot } = writeSnapshot(project, below, folder);
    if (rest > 0) files[SNAPSHOT_REST] = rest;
    projects.push({ info, files, snapshot });
  }
  const shared = await write(company(world), COMPANY_FOLDER);
  folder.write(
    MANIFEST,
    jsonFileText({
      format: FORMAT,
      version: FORMAT_VERSION,
      state: SCHEMA_VERSION,
      settings: store.allMeta(),
      company: { files: shared },
      projects: projects.map(({ info, files, snapshot }) => ({
        ...info,
        tags: [...info.tags],
        files,
        snapshot: { ...snapshot, made: [...snapshot.made] },
      })),
    }),
  );
  const total = (counts: Counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);
  return {
    projects: projects.map(({ info, files, snapshot }) => ({
      id: info.id,
      name: info.name,
      users: files["users.ndjson"] ?? 0,
      files: snapshot.files,
    })),
    records: projects.reduce((sum, { files }) => sum + total(files), total(shared)),
  };
}

/** Lines by file. */
type Counts = Record<string, number>;

async function writeProject(
  { store, id }: Project,
  below: string,
  folder: PrivateFolder,
  pause: () => Promise<void>,
): Promise<Counts> {
  const counts: Counts = {};
  const write = async (file: string, lines: Iterable<string>) => {
    const count = await folder.writeLines(`${below}/${file}`, lines, pause);
    if (count > 0) counts[file] = count;
  };
  for (const table of PROJECT_TABLES) {
    const carriage = CARRIAGE[table];
    if (carriage.kind === "rows") {
      const sql = `SELECT * FROM ${table} WHERE project = ? ORDER BY ${carriage.order}`;
      await write(carriage.file, rowLines(store.each<Row>(sql, id)));
    } else if (carriage.kind === "users") {
      const sql = "SELECT doc FROM users WHERE project = ? ORDER BY seq";
      await write(carriage.file, docLines(store.each<{ doc: string }>(sql, id)));
    } else if (carriage.kind === "by kind") {
      const kinds = store.all<{ kind: string }>(
        `SELECT DISTINCT kind FROM ${table} WHERE project = ? ORDER BY kind`,
        id,
      );
      for (const { kind } of kinds) {
        const sql = `SELECT id, name, doc FROM ${table} WHERE project = ? AND kind = ? ORDER BY seq`;
        await write(recordsFile(kind), rowLines(store.each<Row>(sql, id, kind)));
      }
    }
  }
  return counts;
}

type Row = Readonly<Record<string, string | number>>;

function* docLines(rows: Iterable<{ readonly doc: string }>): Generator<string> {
  for (const { doc } of rows) yield doc;
}

/** Rows as lines of JSON, without what their place says already; a document stands in its line as it is kept. */
function* rowLines(rows: Iterable<Row>): Generator<string> {
  for (const row of rows) {
    const members = Object.entries(row)
      .filter(([name]) => name !== "seq" && name !== "project")
      .map(([name, value]) => `${JSON.stringify(name)}:${name === "doc" ? value : JSON.stringify(value)}`);
    yield `{${members.join(",")}}`;
  }
}

interface Snapshot {
  /** How many files its folder has. */
  readonly files: number;
  /** Paths of those that say only what is said elsewhere; they are there so that the folder is whole, and are not read again. */
  readonly made: readonly string[];
}

/**
 * Writes the folder of a project's snapshot: what an export of the snapshot gives, and files that nothing refers to. What cannot be
 * a file without a change goes to a file of its own.
 */
function writeSnapshot(
  project: Project,
  below: string,
  folder: PrivateFolder,
): Snapshot & { readonly rest: number } {
  const kept = allFiles(project);
  const files = { ...kept, ...exportSnapshot(project, false) };
  const made = Object.keys(files).filter(
    (path) => kept[path] === undefined || parts.some(({ file }) => file === path),
  );
  let count = 0;
  const rest: string[] = [];
  const clashing = clashes(Object.keys(files));
  for (const [path, value] of Object.entries(files)) {
    const content = clashing.has(path) ? undefined : faithful(path, value);
    if (content === undefined) rest.push(JSON.stringify({ path, content: value }));
    else {
      folder.write(`${below}/${SNAPSHOT_FOLDER}/${path}`, content);
      count++;
    }
  }
  if (rest.length > 0) folder.write(`${below}/${SNAPSHOT_REST}`, `${rest.join("\n")}\n`);
  return { files: count, made, rest: rest.length };
}

/** Paths without which all the others can be files beside each other. */
function clashes(paths: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (;;) {
    const clash = findClash(paths.filter((path) => !found.has(path)));
    if (clash === undefined) return found;
    found.add(clash[1]);
  }
}

/** A file's content on the disk, from which the same value is read again; undefined where there is none. */
function faithful(path: string, value: Json): string | Uint8Array | undefined {
  if (hostilePath(path) !== undefined || path.includes("\\") || path.split("/").some(isLeftOut))
    return undefined;
  const form = carried(path);
  if (form === "json") return isJsonObject(value) ? jsonFileText(value) : undefined;
  if (typeof value !== "string") return undefined;
  if (form === "text") return value.isWellFormed() ? value : undefined;
  if (form === "not carried" && !path.startsWith("assets/")) return undefined;
  const bytes = Buffer.from(value, "base64");
  return bytes.toString("base64") === value ? bytes : undefined;
}

/** All that reading a state needs of a world. */
function worldOf(store: Store): World {
  const clock = new EmulatorClock();
  return { store, clock, ids: new Ids(clock), outbox: new Outbox(), settings: { url: "" }, warn() {} };
}
