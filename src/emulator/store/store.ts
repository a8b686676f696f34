import { Database, type SQLQueryBindings, type Statement } from "bun:sqlite";
import fs from "node:fs";
import { fileFailure } from "../../failure.ts";
import { parseJson } from "../../json/parse.ts";
import type { Json } from "../../json/value.ts";
import { APPLICATION_ID, PROJECT_TABLES, SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** The emulator's state. Everything in it is synchronous, so that nothing comes between two steps of a request. */
export class Store {
  private readonly database: Database;
  private depth = 0;
  private undone = 0;
  private userChanges = 0;
  private undoneUsers = 0;

  private constructor(database: Database) {
    this.database = database;
  }

  /**
   * Opens the state in `file`, or in memory. What a call has written is on the disk when its transaction ends.
   *
   * @throws {Failure} "file" when the file is no state of this emulator, of another version, or in use.
   */
  static open(file?: string): Store {
    const database = file === undefined ? new Database(":memory:") : openFile(file, true);
    const store = new Store(database);
    if (file === undefined) store.create();
    else store.prepareFile(file, true);
    return store;
  }

  /**
   * Opens the state in a file that must be there already.
   *
   * @param named what the file is called in errors.
   * @throws {Failure} "file" as {@link Store.open} does, and when there is no such file or nothing in it.
   */
  static openExisting(file: string, named = file): Store {
    const store = new Store(openFile(file, false));
    store.prepareFile(named, false);
    return store;
  }

  /** True when nothing has ever been kept here. */
  get isNew(): boolean {
    return this.get("SELECT 1 FROM meta LIMIT 1") === undefined;
  }

  /** Changes whenever rows go back or go away in bulk: what was read before is then to be read again. */
  get generation(): number {
    return this.undone;
  }

  /** Changes whenever users go back or go away in bulk. */
  get usersUndone(): number {
    return this.undoneUsers;
  }

  /** Changes whenever a user may have. */
  get usersGeneration(): string {
    return `${this.undoneUsers}.${this.userChanges}`;
  }

  /** Says that a user is about to change. */
  touchUsers(): void {
    this.userChanges++;
  }

  /** Runs `work` whole or not at all. Inside another one it is a part of that, which can fail on its own. */
  transaction<T>(work: () => T): T {
    const [begin, end, undo] =
      this.depth === 0
        ? ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]
        : ["SAVEPOINT part", "RELEASE part", "ROLLBACK TO part"];
    const changes = this.userChanges;
    this.run(begin as string);
    this.depth++;
    try {
      const result = work();
      this.run(end as string);
      return result;
    } catch (error) {
      this.undone++;
      if (this.userChanges !== changes) this.undoneUsers++;
      this.run(undo as string);
      if (undo === "ROLLBACK TO part") this.run("RELEASE part");
      throw error;
    } finally {
      this.depth--;
    }
  }

  /** Runs `work`, and undoes whatever it has changed. */
  peek<T>(work: () => T): T {
    let found: { readonly result: T } | undefined;
    const seen = new Error("what was done is undone");
    try {
      this.transaction(() => {
        found = { result: work() };
        throw seen;
      });
    } catch (error) {
      if (error !== seen || found === undefined) throw error;
    }
    return (found as { readonly result: T }).result;
  }

  /** Changes rows. */
  run(sql: string, ...values: SQLQueryBindings[]): { readonly changes: number; readonly lastId: number } {
    const { changes, lastInsertRowid } = this.statement(sql).run(...values);
    return { changes, lastId: Number(lastInsertRowid) };
  }

  /** The first row, or undefined. */
  get<Row>(sql: string, ...values: SQLQueryBindings[]): Row | undefined {
    return (this.statement(sql).get(...values) as Row | null) ?? undefined;
  }

  /** All rows. */
  all<Row>(sql: string, ...values: SQLQueryBindings[]): Row[] {
    return this.statement(sql).all(...values) as Row[];
  }

  /** All rows, one by one, so that they need not all be in memory. Nothing may be written before the last of them was read. */
  each<Row>(sql: string, ...values: SQLQueryBindings[]): IterableIterator<Row> {
    return this.statement(sql).iterate(...values) as IterableIterator<Row>;
  }

  /** The whole state as the bytes of a state file, as it is at this moment. */
  image(): Uint8Array<ArrayBuffer> {
    return this.database.serialize() as Uint8Array<ArrayBuffer>;
  }

  /** Names and values of the emulator's own settings. */
  allMeta(): Record<string, string> {
    const rows = this.all<{ key: string; value: string }>("SELECT key, value FROM meta ORDER BY key");
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  }

  /** A setting of the emulator itself. */
  meta(key: string): string | undefined {
    return this.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)?.value;
  }

  setMeta(key: string, value: string): void {
    this.run(
      "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      key,
      value,
    );
  }

  /** Says that rows come or go in another way than by those whose they are: what was read before is to be read again. */
  rowsChange(): void {
    this.undone++;
    this.undoneUsers++;
  }

  /** Deletes everything that belongs to a project, but for the project itself. */
  clearProject(project: string): void {
    this.rowsChange();
    this.run("DELETE FROM user_text WHERE rowid IN (SELECT seq FROM users WHERE project = ?)", project);
    for (const table of PROJECT_TABLES) this.run(`DELETE FROM ${table} WHERE project = ?`, project);
  }

  /** Deletes everything. */
  clear(): void {
    this.rowsChange();
    for (const table of [...PROJECT_TABLES, "user_text", "projects", "meta"])
      this.run(`DELETE FROM ${table}`);
  }

  close(): void {
    this.database.close(false);
  }

  private statement(sql: string): Statement {
    return this.database.query(sql);
  }

  private create(): void {
    this.database.run(SCHEMA);
    this.database.run(`PRAGMA application_id = ${APPLICATION_ID}`);
    this.database.run(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  }

  private prepareFile(named: string, mayBeNew: boolean): void {
    const pragma = (name: string) => Number(Object.values(this.get<object>(`PRAGMA ${name}`) ?? {})[0]);
    let isEmpty: boolean;
    try {
      // Nobody else may open the file while it is served from, and no shared memory is needed beside it.
      this.database.run("PRAGMA locking_mode = EXCLUSIVE");
      isEmpty = pragma("schema_version") === 0;
      if (isEmpty ? !mayBeNew : pragma("application_id") !== APPLICATION_ID)
        throw fileFailure(`${named} is not a state file of this emulator`, "Name another file with --state.");
      const version = pragma("user_version");
      if (!isEmpty && version !== SCHEMA_VERSION) {
        throw fileFailure(
          `${named} was written by another version of the emulator (state ${version}, this one has ${SCHEMA_VERSION})`,
          "Start with a new file, or with the version that wrote it.",
        );
      }
      this.database.run("PRAGMA journal_mode = WAL");
      this.database.run("PRAGMA synchronous = FULL");
      this.database.run("BEGIN IMMEDIATE");
      if (isEmpty) this.create();
      this.database.run("COMMIT");
    } catch (error) {
      this.database.close(false);
      throw asFailure(error, named);
    }
  }
}

function openFile(file: string, create: boolean): Database {
  if (create) makePrivate(file);
  else if (!fs.existsSync(file)) throw fileFailure(`There is no state file ${file}`);
  try {
    return new Database(file, { create, readwrite: true });
  } catch (error) {
    throw asFailure(error, file);
  }
}

/** Makes the file where there is none, for its owner alone: it will hold the hashes of passwords. */
function makePrivate(file: string): void {
  try {
    fs.closeSync(fs.openSync(file, "ax", 0o600));
  } catch {
    // It is there, or cannot be: opening it tells.
  }
}

function asFailure(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string" || !code.startsWith("SQLITE_")) return error;
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return fileFailure(`The state file ${file} is in use by another emulator`);
  if (code === "SQLITE_NOTADB") return fileFailure(`${file} is not a state file of this emulator`);
  if (code.startsWith("SQLITE_CANTOPEN") && fs.existsSync(file) && fs.statSync(file).isDirectory())
    return fileFailure(`Cannot use the state file ${file}: it is a folder`);
  return fileFailure(`Cannot use the state file ${file}: ${REASONS[code] ?? code}`);
}

const REASONS: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN: "it cannot be opened: is its folder there, and may it be written to?",
  SQLITE_READONLY: "it cannot be written to",
  SQLITE_FULL: "no space left on the disk",
  SQLITE_CORRUPT: "it is damaged",
};

/** A document as it is kept. */
export function write(document: unknown): string {
  return JSON.stringify(document);
}

/** A document as it was kept, numbers as they were spelled. */
export function read<T>(text: string): T {
  return parseJson(text) as Json as T;
}
