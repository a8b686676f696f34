import type { Project } from "../project.ts";
import { read, write } from "./store.ts";

/**
 * All things of one kind in a project (tenants, roles, keys): found by id and by name, listed in the order in which they came.
 * Meant for thousands, not for millions; users have tables of their own.
 */
export class Collection<T extends object> {
  private readonly kind: string;
  private readonly idOf: (item: T) => string;
  private readonly nameOf: (item: T) => string;

  /**
   * @param kind the name under which the things are kept; no other collection may have it.
   * @param idOf gives a thing's id, by which there is at most one.
   * @param nameOf gives what a thing is looked up by beside its id; several may share it.
   */
  constructor(kind: string, idOf: (item: T) => string, nameOf: (item: T) => string = () => "") {
    this.kind = kind;
    this.idOf = idOf;
    this.nameOf = nameOf;
  }

  get(project: Project, id: string): T | undefined {
    const row = project.store.get<{ doc: string }>(
      "SELECT doc FROM records WHERE project = ? AND kind = ? AND id = ?",
      project.id,
      this.kind,
      id,
    );
    return row === undefined ? undefined : read<T>(row.doc);
  }

  /** The first thing of that name. */
  named(project: Project, name: string): T | undefined {
    const row = project.store.get<{ doc: string }>(
      "SELECT doc FROM records WHERE project = ? AND kind = ? AND name = ? ORDER BY seq LIMIT 1",
      project.id,
      this.kind,
      name,
    );
    return row === undefined ? undefined : read<T>(row.doc);
  }

  all(project: Project): T[] {
    return project.store
      .all<{ doc: string }>(
        "SELECT doc FROM records WHERE project = ? AND kind = ? ORDER BY seq",
        project.id,
        this.kind,
      )
      .map(({ doc }) => read<T>(doc));
  }

  count(project: Project): number {
    return (
      project.store.get<{ n: number }>(
        "SELECT count(*) AS n FROM records WHERE project = ? AND kind = ?",
        project.id,
        this.kind,
      )?.n ?? 0
    );
  }

  /** Adds the thing, or replaces the one with its id. */
  put(project: Project, item: T): T {
    project.store.run(
      `INSERT INTO records (project, kind, id, name, doc) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (project, kind, id) DO UPDATE SET name = excluded.name, doc = excluded.doc`,
      project.id,
      this.kind,
      this.idOf(item),
      this.nameOf(item),
      write(item),
    );
    return item;
  }

  /** True when there was one. */
  delete(project: Project, id: string): boolean {
    const { changes } = project.store.run(
      "DELETE FROM records WHERE project = ? AND kind = ? AND id = ?",
      project.id,
      this.kind,
      id,
    );
    return changes > 0;
  }

  clear(project: Project): void {
    project.store.run("DELETE FROM records WHERE project = ? AND kind = ?", project.id, this.kind);
  }
}
