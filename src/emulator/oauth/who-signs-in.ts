import { readToken } from "../auth/current-session.ts";
import { verifyJwt } from "../auth/jwt.ts";
import { sessionById, type Session } from "../auth/sessions.ts";
import { isTestLoginId, maySignUp } from "../auth/settings.ts";
import { EmulatorError } from "../error.ts";
import type { Project } from "../project.ts";
import type { Call } from "../service.ts";
import { read } from "../store/store.ts";
import { createUser } from "../users/user-changes.ts";
import { userById, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import type { Client } from "./client.ts";
import type { Offered } from "../pages/sign-in.ts";

/** So many users are offered; whoever is not among them is typed. */
const OFFERED = 50;

/** The user whom a page names: by login id, or by the id of a user. */
export function userNamed(project: Project, id: string): User | undefined {
  return userByLoginId(project, id) ?? userById(project, id);
}

/** The user who types a login id; somebody new signs up by it where the project lets people. */
export function typedUser(project: Project, loginId: string): User | undefined {
  const known = userByLoginId(project, loginId);
  if (known !== undefined || !maySignUp(project)) return known;
  return createUser(
    project,
    { loginId, ...(/^[^\s@]+@[^\s@]+$/.test(loginId) ? { email: loginId, verifiedEmail: true } : {}) },
    { test: isTestLoginId(project, loginId) },
  );
}

/** Users to choose from: the first ones of the project. */
export function offeredUsers(project: Project): { readonly users: Offered[]; readonly isCut: boolean } {
  const rows = project.store.all<{ doc: string }>(
    "SELECT doc FROM users WHERE project = ? AND status <> 'disabled' ORDER BY seq LIMIT ?",
    project.id,
    OFFERED + 1,
  );
  const users = rows.map(({ doc }) => read<Offered>(doc));
  return { users: users.slice(0, OFFERED), isCut: users.length > OFFERED };
}

/**
 * Whom a request shows to be signed in: by `Authorization`, or the cookie of a session. A session that an inbound application holds
 * says nothing about the browser.
 */
export function currentSession(call: Call): { readonly user: User; readonly session: Session } | undefined {
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(call.header("authorization") ?? "")?.[1];
  const cookies = call.header("cookie") ?? "";
  const shown = [
    call.authorization.token ?? bearer,
    /(?:^|;\s*)DSR=([^;]+)/.exec(cookies)?.[1],
    /(?:^|;\s*)DS=([^;]+)/.exec(cookies)?.[1],
  ];
  for (const token of shown) {
    if (token === undefined) continue;
    try {
      const { user, session } = readToken(call.project, token);
      if (user !== undefined && session.client?.kind !== "inbound") return { user, session };
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
    }
  }
  return undefined;
}

/**
 * The session that a client's ID token names, where it has not ended: so a page that keeps no cookie gets new tokens without a word.
 * The token itself may have expired.
 */
export function hintedSession(
  { project, clientId }: Client,
  hint: string,
): { readonly user: User; readonly session: Session } | undefined {
  const claims = hint === "" ? undefined : verifyJwt(project, hint);
  if (claims?.aud !== clientId || typeof claims.sid !== "string") return undefined;
  const session = sessionById(project, claims.sid);
  if (session === undefined || session.expires <= project.clock.now()) return undefined;
  const user = userById(project, session.userId);
  return user === undefined ? undefined : { user, session };
}
