import type { Project } from "../project.ts";
import { deleteLapsing, lapsingById, putLapsing } from "../store/lapsing.ts";

/**
 * Something that was begun by one call and is ended by another, once. Each kind has content of its own.
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
    const id = project.ids.text(48);
    const expires = project.clock.now() + this.lifetime;
    putLapsing(project, { id, kind: this.kind, user: userId, ref: "", expires, content });
    return id;
  }

  /** What was begun; undefined where nothing was, it has been ended, or took too long. */
  find(project: Project, id: string): T | undefined {
    const found = lapsingById(project, id);
    return found?.kind === this.kind && found.expires > project.clock.now()
      ? (found.content as T)
      : undefined;
  }

  /** Ends one: it is not found again. */
  take(project: Project, id: string): T | undefined {
    const found = this.find(project, id);
    if (found !== undefined) deleteLapsing(project, id);
    return found;
  }
}
