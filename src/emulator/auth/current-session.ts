import { EmulatorError, forbidden, sessionEnded, unauthorized } from "../error.ts";
import type { Project } from "../project.ts";
import type { Call } from "../service.ts";
import { userById, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import { verifyJwt, type Claims } from "./jwt.ts";
import { lifetimes, sessionById, type Session } from "./sessions.ts";
import { projectSettings } from "../project-settings.ts";

/** Who is signed in, as a token says. */
export interface SignedIn {
  readonly session: Session;
  /** Absent for somebody anonymous. */
  readonly user: User | undefined;
  readonly claims: Claims;
}

/**
 * Who makes a call that needs a refresh token.
 *
 * @throws {EmulatorError} 401 without one, or with one that is not good; E064001 when its session was ended.
 */
export function signedIn(call: Call): SignedIn {
  const token = call.authorization.token ?? refreshCookie(call);
  if (token === undefined)
    throw unauthorized("A refresh token is needed: Bearer <project id>:<refresh token>");
  const found = readToken(call.project, token, "DSR");
  if (found.session.client?.kind === "inbound")
    throw unauthorized("The refresh token is an inbound application's: it is good at its token endpoint");
  return found;
}

/** The same for calls that only a user can make. */
export function signedInUser(call: Call): SignedIn & { readonly user: User } {
  const found = signedIn(call);
  if (found.user === undefined) throw forbidden("Somebody anonymous cannot do this");
  return { ...found, user: found.user };
}

/** The same, where the request names a user, who must be that one. @throws {EmulatorError} 403 for anybody else. */
export function signedInAs(call: Call, loginId: string): SignedIn & { readonly user: User } {
  const found = signedInUser(call);
  const named = userByLoginId(call.project, loginId) ?? userById(call.project, loginId);
  if (named?.userId !== found.user.userId) throw forbidden(`The token is not one of the user ${loginId}`);
  return found;
}

/**
 * Reads a token of this project.
 *
 * @param drn what it must be: "DSR" for a refresh token, "DS" for a session token; either where it is left out.
 * @throws {EmulatorError} 401 when it is not good.
 */
export function readToken(project: Project, token: string, drn?: "DS" | "DSR"): SignedIn {
  const claims = tokenClaims(project, token);
  if (drn !== undefined && claims.drn !== drn)
    throw unauthorized(
      drn === "DSR"
        ? "A refresh token is needed, this is another one"
        : "A session token is needed, this is another one",
    );
  const [id = "", number] = String(claims.jti).split(".");
  const session = sessionById(project, id);
  if (session === undefined || session.expires <= project.clock.now()) throw sessionEnded();
  if (claims.drn === "DSR" && isSpent(project, session, number)) throw sessionEnded();
  const { inactivity } = lifetimes(project, session.tenantId);
  if (inactivity !== undefined && project.clock.now() - session.usedTime > inactivity)
    throw unauthorized("The session was not used for too long");
  const user = userById(project, session.userId);
  if (user === undefined && session.anonymousRoleIds === undefined) throw sessionEnded();
  if (user?.status === "disabled") throw userDisabled(user);
  return { session, user, claims };
}

/** What a token says that the project signed and that has not ended. @throws {EmulatorError} 401 */
export function tokenClaims(project: Project, token: string): Claims {
  const claims = verifyJwt(project, token);
  if (claims === undefined)
    throw unauthorized("The token was not signed by this project, or with a key that is no longer good");
  if (Number(claims.exp) <= project.clock.seconds()) throw unauthorized("The token has expired");
  return claims;
}

export function userDisabled(user: User): EmulatorError {
  return new EmulatorError(
    403,
    "E061004",
    "User is not enabled",
    `The user ${user.loginIds[0] ?? user.userId} is ${user.status}`,
    { keeps: true },
  );
}

/** A refresh token that another one has taken the place of: where the project takes each once, and always where a client holds it. */
function isSpent(project: Project, session: Session, number: string | undefined): boolean {
  const once = projectSettings(project).rotateJwt === true || session.client !== undefined;
  return once && Number(number) !== session.refreshNumber;
}

function refreshCookie(call: Call): string | undefined {
  return /(?:^|;\s*)DSR=([^;]+)/.exec(call.header("cookie") ?? "")?.[1];
}
