import { Failure } from "../../failure.ts";
import { isRawNumber, type JsonObject } from "../../json/value.ts";
import { company } from "../company.ts";
import { EmulatorError } from "../error.ts";
import { putProject, type Project } from "../project.ts";
import { putFile, type Files } from "../snapshot/snapshot-files.ts";
import { write } from "../store/store.ts";
import { putUser } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import type { World } from "../world.ts";
import { CARRIAGE, kindOfRecords } from "./layout.ts";
import { lineFailure, objectsOf, type ExportedState, type LineFile } from "./read-export.ts";

/**
 * Puts an exported state in. What a project of it, or the company, had before goes.
 *
 * @throws {Failure} "file" naming the file and line that cannot be.
 */
export function restore(world: World, { projects, company: shared, settings }: ExportedState): void {
  for (const [key, value] of Object.entries(settings)) world.store.setMeta(key, value);
  fill(company(world), {}, shared);
  for (const { lines, files, ...info } of projects) fill(putProject(world, info), files, lines);
}

/** The tables whose rows are lines as they are, by their files. */
const TABLES = new Map(
  Object.entries(CARRIAGE).flatMap(([table, carriage]) =>
    carriage.kind === "rows" ? [[carriage.file, table] as const] : [],
  ),
);

/** What users are found by depends on the project's settings, which therefore come first; so do its records, by their names. */
function fill(project: Project, snapshot: Files, lines: readonly LineFile[]): void {
  project.store.clearProject(project.id);
  for (const [path, content] of Object.entries(snapshot)) putFile(project, path, content);
  for (const file of lines) {
    const put = putterOf(project, file);
    for (const [row, number] of objectsOf(file)) {
      try {
        put(row);
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw lineFailure(file.place, number, reasonOf(error));
      }
    }
  }
  project.store.rowsChange();
}

function putterOf(project: Project, { name, place }: LineFile): (row: JsonObject) => void {
  if (name === CARRIAGE_OF_USERS) return (row) => void putUser(project, row as unknown as User);
  const kind = kindOfRecords(name);
  if (kind !== undefined) return inserter(project, "records", { kind });
  const table = TABLES.get(name);
  if (table !== undefined) return inserter(project, table, {});
  throw new Failure(`${place} holds nothing that this emulator knows`, { code: "file" });
}

const CARRIAGE_OF_USERS = CARRIAGE.users.kind === "users" ? CARRIAGE.users.file : "";

/** Inserts rows by their members, which must be the table's columns. */
function inserter(
  project: Project,
  table: string,
  more: Readonly<Record<string, string>>,
): (row: JsonObject) => void {
  const { store } = project;
  const fixed = { project: project.id, ...more };
  const columns = store
    .all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
    .map(({ name }) => name)
    .filter((name) => name !== "seq" && !(name in fixed));
  const all = [...Object.keys(fixed), ...columns];
  const sql = `INSERT INTO ${table} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")})`;
  return (row) => {
    const unknown = Object.keys(row).find((name) => !columns.includes(name));
    if (unknown !== undefined) throw new WrongRow(`${unknown} is not known here`);
    const values = columns.map((name) => columnOf(name, row[name]));
    store.run(sql, ...Object.values(fixed), ...values);
  };
}

function columnOf(name: string, value: unknown): string | number {
  if (value === undefined) throw new WrongRow(`${name} is missing`);
  if (name === "doc") return write(value);
  if (isRawNumber(value)) return Number(value.rawJSON);
  if (typeof value === "string" || typeof value === "number") return value;
  throw new WrongRow(`${name} must be a text or a number`);
}

/** A line that holds something else than its file's lines do. */
class WrongRow extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WrongRow";
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof WrongRow || error instanceof EmulatorError) return error.message;
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  if (code.startsWith("SQLITE_CONSTRAINT")) return "it is there twice";
  if (error instanceof TypeError) return "it is not what an export has there";
  throw error;
}
