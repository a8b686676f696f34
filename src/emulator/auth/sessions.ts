import type { Project } from "../project.ts";
import { duration, projectSettings } from "../project-settings.ts";
import { tenants } from "../entities/tenant.ts";
import { read, write } from "../store/store.ts";
import type { JsonObject } from "../../json/value.ts";

/** Somebody who is signed in, somewhere. Times are in milliseconds since 1970. */
export interface Session {
  readonly id: string;
  /** The user, or the made-up id of somebody anonymous. */
  readonly userId: string;
  /** How the user proved who they are: "email", "pwd", "mfa" and so on. */
  readonly amr: readonly string[];
  /** Claims that a trusted side asked for; they stand in the token as they are. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Claims that the signing in side asked for, which nobody may trust. */
  readonly untrustedClaims: Readonly<Record<string, unknown>>;
  /** The tenant that was chosen. */
  readonly tenantId?: string;
  /** The family that was chosen. */
  readonly familyId?: string;
  /** Until then its tokens say that the user was asked again. */
  readonly steppedUpUntil?: number;
  /** Who acts in the user's name. */
  readonly actorId?: string;
  /** Set for somebody anonymous: roles of the project. */
  readonly anonymousRoleIds?: readonly string[];
  /** The application that the user was signed in for by OAuth. */
  readonly client?: SessionClient;
  /** The number of the refresh token that is good, where the project takes each of them once. */
  readonly refreshNumber: number;
  readonly createdTime: number;
  /** When it was last used. */
  readonly usedTime: number;
  /** How long its refresh tokens are good. */
  readonly lifetime: number;
  /** When its refresh token ends. */
  readonly expires: number;
}

/** An application that holds the tokens of a session, and what it may know and do. */
export interface SessionClient {
  readonly kind: "federated" | "inbound";
  readonly appId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The audiences that it asked for; none for its own. */
  readonly audiences: readonly string[];
}

/** Opens a session. Those that have ended are swept out on the way. */
export function openSession(
  project: Project,
  opened: Pick<Session, "userId" | "amr"> & Partial<Omit<Session, "id">>,
): Session {
  const now = project.clock.now();
  project.store.run("DELETE FROM sessions WHERE expires < ?", now - SWEPT_AFTER);
  const lifetime = opened.lifetime ?? lifetimes(project, opened.tenantId).refresh;
  return putSession(project, {
    claims: {},
    untrustedClaims: {},
    refreshNumber: 1,
    createdTime: now,
    usedTime: now,
    ...opened,
    lifetime,
    expires: now + lifetime,
    id: project.ids.text(22),
  });
}

/** A day: time may be set back by a test. */
const SWEPT_AFTER = 86_400_000;

export function sessionById(project: Project, id: string): Session | undefined {
  const row = project.store.get<{ doc: string }>(
    "SELECT doc FROM sessions WHERE project = ? AND id = ?",
    project.id,
    id,
  );
  return row === undefined ? undefined : read<Session>(row.doc);
}

/** Keeps a session, new or changed. */
export function putSession(project: Project, session: Session): Session {
  project.store.run(
    `INSERT INTO sessions VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project, id) DO UPDATE SET expires = excluded.expires, doc = excluded.doc`,
    project.id,
    session.id,
    session.userId,
    session.expires,
    write(session),
  );
  return session;
}

/** Ends a session: none of its tokens is good any more. */
export function endSession(project: Project, id: string): void {
  project.store.run("DELETE FROM sessions WHERE project = ? AND id = ?", project.id, id);
}

/** Ends all sessions of a user, but for the one with the id `except`. */
export function endSessions(project: Project, userId: string, except = ""): void {
  project.store.run(
    "DELETE FROM sessions WHERE project = ? AND user = ? AND id <> ?",
    project.id,
    userId,
    except,
  );
}

/** How long tokens are good, in milliseconds: what the tenant says, else what the project says. */
export interface Lifetimes {
  readonly session: number;
  readonly refresh: number;
  readonly stepUp: number;
  /** Sessions of access keys. */
  readonly key: number;
  /** A session that was not used for so long is over; undefined where that does not matter. */
  readonly inactivity: number | undefined;
}

export function lifetimes(project: Project, tenantId?: string): Lifetimes {
  const own = projectSettings(project);
  const tenant = tenantId === undefined ? undefined : tenants.get(project, tenantId);
  const settings: JsonObject =
    tenant?.settings.enabled === true ? { ...own, ...(tenant.settings as JsonObject) } : own;
  return {
    session: duration(settings, "sessionTokenExpiration", 600_000),
    refresh: duration(settings, "refreshTokenExpiration", 28 * 86_400_000),
    stepUp: duration(settings, "stepupTokenExpiration", 600_000),
    key: duration(own, "keySessionTokenExpiration", 600_000),
    inactivity:
      settings.enableInactivity === true ? duration(settings, "inactivityTime", 1_800_000) : undefined,
  };
}
