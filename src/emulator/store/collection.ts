import type { Project } from "../project.ts";
import { read, write, type Store } from "./store.ts";

/**
 * All things of one kind in a project (tenants, roles, keys): found by id and by name, listed in the order in which they came.
 * Meant for thousands, not for millions; users have tables of their own.
 */
export class Collection<T extends object> {
  private readonly kind: string;
  private readonly idOf: (item: T) => string;
  private readonly nameOf: (item: T) => string;
  private readonly remembered: WeakMap<Store, Map<string, Remembered>> | undefined;

  /**
   * @param kind the name under which the things are kept; no other collection may have it.
   * @param idOf gives a thing's id, by which there is at most one.
   * @param nameOf gives what a thing is looked up by beside its id; several may share it.
   * @param options.remember keeps what was read for the next reader, for things that are looked up with every user. Nobody may
   *   change what such a collection gives out.
   */
  constructor(
    kind: string,
    idOf: (item: T) => string,
    nameOf: (item: T) => string = () => "",
    options: { readonly remember?: boolean } = {},
  ) {
    this.kind = kind;
    this.idOf = idOf;
    this.nameOf = nameOf;
    this.remembered = options.remember === true ? new WeakMap() : undefined;
  }

  get(project: Project, id: string): T | undefined {
    return this.remember(project, `id ${id}`, () => {
      const row = project.store.get<{ doc: string }>(
        "SELECT doc FROM records WHERE project = ? AND kind = ? AND id = ?",
        project.id,
        this.kind,
        id,
      );
      return row === undefined ? undefined : read<T>(row.doc);
    });
  }

  /** The first thing of that name. */
  named(project: Project, name: string): T | undefined {
    return this.remember(project, `name ${name}`, () => {
      const row = project.store.get<{ doc: string }>(
        "SELECT doc FROM records WHERE project = ? AND kind = ? AND name = ? ORDER BY seq LIMIT 1",
        project.id,
        this.kind,
        name,
      );
      return row === undefined ? undefined : read<T>(row.doc);
    });
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
    this.forget(project);
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
    this.forget(project);
    const { changes } = project.store.run(
      "DELETE FROM records WHERE project = ? AND kind = ? AND id = ?",
      project.id,
      this.kind,
      id,
    );
    return changes > 0;
  }

  /** Gives a project all things of another one, those of its own with their ids replaced. */
  copyAll(from: Project, to: Project): void {
    for (const item of this.all(from)) this.put(to, item);
  }

  clear(project: Project): void {
    this.forget(project);
    project.store.run("DELETE FROM records WHERE project = ? AND kind = ?", project.id, this.kind);
  }

  /** What was made of the collection as it is now; made again only after it has changed. Only where it remembers. */
  derived<V>(project: Project, name: string, make: () => V): V {
    return this.remember(project, `derived ${name}`, make);
  }

  private remember<V>(project: Project, key: string, make: () => V): V {
    if (this.remembered === undefined) return make();
    const { found } = this.memory(project, this.remembered);
    if (found.has(key)) return found.get(key) as V;
    const made = make();
    if (found.size >= MOST_REMEMBERED) found.clear();
    found.set(key, made);
    return made;
  }

  private memory(project: Project, remembered: WeakMap<Store, Map<string, Remembered>>): Remembered {
    const { store } = project;
    let projects = remembered.get(store);
    if (projects === undefined) remembered.set(store, (projects = new Map()));
    let memory = projects.get(project.id);
    if (memory === undefined || memory.generation !== store.generation)
      projects.set(project.id, (memory = { generation: store.generation, found: new Map() }));
    return memory;
  }

  private forget(project: Project): void {
    this.remembered?.get(project.store)?.delete(project.id);
  }
}

/** What was read of a project's things, by how it was asked for. */
interface Remembered {
  readonly generation: number;
  readonly found: Map<string, unknown>;
}

const MOST_REMEMBERED = 10_000;
