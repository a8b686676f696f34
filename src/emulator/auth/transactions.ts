import type { Project } from "../project.ts";
import { read, write } from "../store/store.ts";

/**
 * Something that was begun by one call and is ended by another, once: kept with the challenges, from which it differs in what is
 * known of it. Each kind has content of its own.
 */
export class Transactions<T extends object> {
  private readonly kind: string;
  private readonly lifetime: number;

  /**
   * @param kind the name under which they are kept; no others may have it.
   * @param lifetime milliseconds after which one is no longer good.
   */
  constructor(kind: string, lifetime: number) {
    this.kind = kind;
    this.lifetime = lifetime;
  }

  /** Begins one. `userId` is whom it is for, where that is known: it ends with the user. */
  begin(project: Project, content: T, userId = ""): string {
    const now = project.clock.now();
    project.store.run("DELETE FROM challenges WHERE expires < ?", now - SWEPT_AFTER);
    const id = project.ids.text(48);
    project.store.run(
      "INSERT INTO challenges (project, id, kind, user, ref, expires, doc) VALUES (?, ?, ?, ?, '', ?, ?)",
      project.id,
      id,
      this.kind,
      userId,
      now + this.lifetime,
      write(content),
    );
    return id;
  }

  /** What was begun; undefined where nothing was, it has been ended, or took too long. */
  find(project: Project, id: string): T | undefined {
    const row = project.store.get<{ doc: string }>(
      "SELECT doc FROM challenges WHERE project = ? AND id = ? AND kind = ? AND expires > ?",
      project.id,
      id,
      this.kind,
      project.clock.now(),
    );
    return row === undefined ? undefined : read<T>(row.doc);
  }

  /** Ends one: it is not found again. */
  take(project: Project, id: string): T | undefined {
    const found = this.find(project, id);
    if (found !== undefined)
      project.store.run("DELETE FROM challenges WHERE project = ? AND id = ?", project.id, id);
    return found;
  }
}

/** A day: time may be set back by a test. */
const SWEPT_AFTER = 86_400_000;
