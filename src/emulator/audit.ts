import type { Project } from "./project.ts";
import { write } from "./store/store.ts";

/** Something that happened, for the audit trail. */
export interface AuditEvent {
  /** Descope's name for it: "UserCreated", "LoginSucceed". */
  readonly action: string;
  readonly type?: "info" | "warn" | "error";
  readonly userId?: string;
  /** Login ids of the user that it happened to. */
  readonly loginIds?: readonly string[];
  /** Who did it: a user's id, or a key's. */
  readonly actorId?: string;
  /** "otp", "password" and so on, where somebody signed in. */
  readonly method?: string;
  readonly tenants?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly device?: string;
  readonly geo?: string;
  readonly remoteAddress?: string;
}

/** An event as it is kept. */
export interface AuditRecord extends AuditEvent {
  readonly id: string;
  readonly projectId: string;
  /** Milliseconds since 1970. */
  readonly occurred: number;
}

/** Writes an event to the project's trail. What test users do is not to be written there. */
export function audit(project: Project, event: AuditEvent): void {
  const record: AuditRecord = {
    ...event,
    id: project.ids.next("AUD"),
    projectId: project.id,
    occurred: project.clock.now(),
  };
  project.store.run(
    "INSERT INTO audit (project, occurred, action, user, doc) VALUES (?, ?, ?, ?, ?)",
    project.id,
    record.occurred,
    record.action,
    record.userId ?? "",
    write(record),
  );
}
