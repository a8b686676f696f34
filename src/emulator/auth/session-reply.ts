import { projectSettings, text } from "../project-settings.ts";
import type { Call } from "../service.ts";
import { UserReplies } from "../users/user-reply.ts";
import type { User } from "../users/user.ts";
import type { Session } from "./sessions.ts";
import { refreshToken, sessionToken } from "./tokens.ts";

/** The names of the cookies that the SDKs look for. */
const SESSION_COOKIE = "DS";
const REFRESH_COOKIE = "DSR";

/**
 * What every call gives back that signs somebody in, or gets new tokens. Where the project keeps tokens in cookies, they are set, and
 * the refresh token is not in the body.
 *
 * @param options.refresh whether a new refresh token goes with it.
 */
export function sessionReply(
  call: Call,
  session: Session,
  user: User | undefined,
  options: { readonly firstSeen?: boolean; readonly refresh: boolean; readonly more?: object },
): Record<string, unknown> {
  const { project } = call;
  const settings = projectSettings(project);
  const { jwt: sessionJwt, expires: sessionExpiration } = sessionToken(project, session, user);
  const refreshJwt = options.refresh ? refreshToken(project, session, user).jwt : "";
  const inCookies = /cookie/i.test(text(settings.tokenResponseMethod));
  const maxAge = Math.floor((session.expires - project.clock.now()) / 1000);
  const domain = text(settings.domain);
  if (inCookies) {
    const cookie = (name: string, token: string, age: number) =>
      call.setHeader(
        "set-cookie",
        `${name}=${token}; Path=/;${domain === "" ? "" : ` Domain=${domain};`} Max-Age=${age}; HttpOnly; SameSite=Strict`,
      );
    cookie(SESSION_COOKIE, sessionJwt, sessionExpiration - project.clock.seconds());
    if (refreshJwt !== "") cookie(REFRESH_COOKIE, refreshJwt, maxAge);
  }
  return {
    sessionJwt,
    ...(inCookies ? {} : { refreshJwt }),
    cookieDomain: domain,
    cookiePath: "/",
    cookieMaxAge: maxAge,
    cookieExpiration: Math.floor(session.expires / 1000),
    sessionExpiration,
    firstSeen: options.firstSeen ?? false,
    ...(user === undefined ? {} : { user: new UserReplies(project).of(user) }),
    ...options.more,
  };
}

/** The same for somebody who is not signed in, or no longer; cookies that hold tokens are taken away. */
export function noSessionReply(call: Call): Record<string, unknown> {
  if (/cookie/i.test(text(projectSettings(call.project).tokenResponseMethod))) {
    for (const name of [SESSION_COOKIE, REFRESH_COOKIE])
      call.setHeader("set-cookie", `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`);
  }
  return {
    sessionJwt: "",
    refreshJwt: "",
    cookieDomain: "",
    cookiePath: "/",
    cookieMaxAge: 0,
    cookieExpiration: 0,
    sessionExpiration: 0,
  };
}
