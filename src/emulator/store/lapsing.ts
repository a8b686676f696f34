import type { Project } from "../project.ts";
import type { World } from "../world.ts";
import { read, write } from "./store.ts";

/** Something that is good until it is used or lapses: a code, a link, a request that waits for somebody. */
export interface Lapsing {
  /** The secret that its holder shows; no two of a project have the same, of whatever kind. */
  readonly id: string;
  /** Whose content it is: those who keep some know the form of their own kinds alone. */
  readonly kind: string;
  /** Whom it is for; it ends with the user. Empty where nobody is known yet. */
  readonly user: string;
  /** What else it is found by; empty for nothing. */
  readonly ref: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  readonly content: object;
}

/** A day: what lapsed may still be asked about, and a test may set the time back. */
const SWEPT_AFTER = 86_400_000;

/** Keeps one, new or with other content. Those that lapsed long ago are swept out on the way. */
export function putLapsing(project: Project, { id, kind, user, ref, expires, content }: Lapsing): void {
  project.store.run("DELETE FROM challenges WHERE expires < ?", project.clock.now() - SWEPT_AFTER);
  project.store.run(
    `INSERT INTO challenges (project, id, kind, user, ref, expires, doc) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (project, id) DO UPDATE SET expires = excluded.expires, doc = excluded.doc`,
    project.id,
    id,
    kind,
    user,
    ref,
    expires,
    write(content),
  );
}

/** What has that id, lapsed or not. */
export function lapsingById(project: Project, id: string): Omit<Lapsing, "id"> | undefined {
  const row = project.store.get<Omit<Lapsing, "id" | "content"> & Row>(
    "SELECT kind, user, ref, expires, doc FROM challenges WHERE project = ? AND id = ?",
    project.id,
    id,
  );
  if (row === undefined) return undefined;
  const { doc, ...rest } = row;
  return { ...rest, content: read<object>(doc) };
}

/** The content of what is of that kind and found by `ref`, lapsed or not. */
export function lapsingByRef<T extends object>(project: Project, kind: string, ref: string): T | undefined {
  const row = project.store.get<Row>(
    "SELECT doc FROM challenges WHERE project = ? AND ref = ? AND ref <> '' AND kind = ?",
    project.id,
    ref,
    kind,
  );
  return row === undefined ? undefined : read<T>(row.doc);
}

/** The same where the project is not known: its id beside. */
export function lapsingAnywhere<T extends object>(
  world: World,
  kind: string,
  ref: string,
): { readonly project: string; readonly content: T } | undefined {
  const row = world.store.get<Row & { project: string }>(
    "SELECT project, doc FROM challenges WHERE ref = ? AND ref <> '' AND kind = ?",
    ref,
    kind,
  );
  return row === undefined ? undefined : { project: row.project, content: read<T>(row.doc) };
}

/** Contents of what a user has of one kind, lapsed or not. */
export function lapsingOf<T extends object>(project: Project, user: string, kind: string): T[] {
  return project.store
    .all<Row>(
      "SELECT doc FROM challenges WHERE project = ? AND user = ? AND kind = ?",
      project.id,
      user,
      kind,
    )
    .map(({ doc }) => read<T>(doc));
}

export function deleteLapsing(project: Project, id: string): void {
  project.store.run("DELETE FROM challenges WHERE project = ? AND id = ?", project.id, id);
}

export function deleteLapsingOf(project: Project, user: string, kind: string): void {
  project.store.run(
    "DELETE FROM challenges WHERE project = ? AND user = ? AND kind = ?",
    project.id,
    user,
    kind,
  );
}

interface Row {
  readonly doc: string;
}
