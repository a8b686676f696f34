import type { Project } from "../project.ts";
import { read, write } from "../store/store.ts";

/** A sign-in, as the API gives it. */
export interface Login {
  readonly userId: string;
  /** Seconds since 1970. */
  readonly loginTime: number;
  readonly city: string;
  readonly country: string;
  readonly ip: string;
  readonly selectedTenant: string;
}

/** So many are kept of each user. */
const KEPT = 100;

/** Keeps that a user signed in. */
export function recordLogin(project: Project, userId: string, ip: string, tenantId: string): void {
  const login: Login = {
    userId,
    loginTime: project.clock.seconds(),
    // An emulator does not know where in the world somebody is.
    city: "",
    country: "",
    ip,
    selectedTenant: tenantId,
  };
  const { lastId } = project.store.run(
    "INSERT INTO logins (project, user, doc) VALUES (?, ?, ?)",
    project.id,
    userId,
    write(login),
  );
  project.store.run(
    `DELETE FROM logins WHERE project = ? AND user = ? AND seq <=
      coalesce((SELECT seq FROM logins WHERE project = ? AND user = ? AND seq <= ? ORDER BY seq DESC LIMIT 1 OFFSET ?), 0)`,
    project.id,
    userId,
    project.id,
    userId,
    lastId,
    KEPT,
  );
}

/** The sign-ins of some users, the latest first. */
export function loginsOf(project: Project, userIds: readonly string[]): Login[] {
  return project.store
    .all<{ doc: string }>(
      `SELECT doc FROM logins WHERE project = ? AND user IN (SELECT value FROM json_each(?)) ORDER BY seq DESC`,
      project.id,
      JSON.stringify(userIds),
    )
    .map(({ doc }) => read<Login>(doc));
}
