import { signJwt, type Claims } from "../auth/jwt.ts";
import type { Session } from "../auth/sessions.ts";
import { applicationToken, refreshToken, sessionToken, type ForApplication } from "../auth/tokens.ts";
import { roles } from "../entities/role.ts";
import { duration, text } from "../project-settings.ts";
import type { User } from "../users/user.ts";
import { identityClaims } from "./claims.ts";
import { GRANTS, issuerOf, type Client } from "./client.ts";
import type { AskedFactor } from "./pending.ts";
import { withResourceScopes } from "./resource-scopes.ts";
import { existingRoles, rolesOfScopes } from "./scopes.ts";

/** What the token endpoint gives back. */
export interface TokenReply {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope: string;
  readonly issued_token_type?: string;
}

/**
 * The tokens of a session that a client signed a user in for: the access token is the session's own, with the client's audience and
 * scopes; an ID token where "openid" is among them; a refresh token where the client may use one.
 *
 * @param address at which the client reached the emulator.
 */
export function sessionTokens(
  asking: Client,
  session: Session,
  user: User,
  options: { readonly address: string; readonly nonce?: string | undefined; readonly refresh?: boolean },
): TokenReply {
  const { project } = asking;
  const { scopes = [], audiences = [] } = session.client ?? {};
  const client = withResourceScopes(asking, audiences, "user");
  const access = sessionToken(
    project,
    session,
    user,
    presentation(client, scopes, audiences, options.address),
  );
  const isRefreshed = options.refresh !== false && client.grants.has(GRANTS.refresh);
  const idToken = scopes.includes("openid")
    ? signJwt(project, {
        ...identityClaims(client, user, scopes, access.claims),
        iss: issuerOf(client, options.address),
        sub: access.claims.sub,
        aud: client.clientId,
        azp: client.clientId,
        iat: project.clock.seconds(),
        exp: access.expires,
        auth_time: Math.floor(session.createdTime / 1000),
        sid: session.id,
        at_hash: halfHash(access.jwt),
        ...(session.amr.length === 0 ? {} : { amr: session.amr }),
        ...(options.nonce === undefined ? {} : { nonce: options.nonce }),
      })
    : undefined;
  return {
    access_token: access.jwt,
    token_type: "Bearer",
    expires_in: access.expires - project.clock.seconds(),
    ...(isRefreshed ? { refresh_token: refreshToken(project, session, user).jwt } : {}),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    scope: scopes.join(" "),
  };
}

/** The access token of a client that acts for itself: of the roles that its scopes give. */
export function clientToken(
  asking: Client,
  scopes: readonly string[],
  audiences: readonly string[],
  address: string,
  more: Claims = {},
): TokenReply {
  const { project } = asking;
  const client = withResourceScopes(asking, audiences, "client");
  const shown = presentation(client, scopes, audiences, address);
  const roleIds = existingRoles(client, rolesOfScopes(client, scopes));
  const lifetime =
    client.sessionSettings === undefined
      ? undefined
      : duration(client.sessionSettings, "keySessionTokenExpiration", 600_000);
  const access = applicationToken(project, client.clientId, roleIds, {
    claims: { ...shown.claims, ...more },
    lifetime,
    templateId: text(client.sessionSettings?.keyTemplateId) || undefined,
  });
  return {
    access_token: access.jwt,
    token_type: "Bearer",
    expires_in: access.expires - project.clock.seconds(),
    scope: scopes.join(" "),
  };
}

/** The proof of a factor that another identity provider asked for: an ID token of the user as that one calls them. */
export function factorToken(
  client: Client,
  { subject, acr, amr }: AskedFactor,
  options: { readonly issuer: string; readonly nonce?: string | undefined },
): string {
  const { project } = client;
  const now = project.clock.seconds();
  return signJwt(project, {
    iss: options.issuer,
    sub: subject,
    aud: client.clientId,
    iat: now,
    exp: now + 300,
    amr: [amr],
    ...(acr === undefined ? {} : { acr }),
    ...(options.nonce === undefined ? {} : { nonce: options.nonce }),
  });
}

/** How long the refresh tokens of a client's sessions are good, in milliseconds; undefined where the project or tenant says. */
export function sessionLifetime({ sessionSettings }: Client): number | undefined {
  return sessionSettings === undefined
    ? undefined
    : duration(sessionSettings, "refreshTokenExpiration", 28 * 86_400_000);
}

/**
 * How a client's access tokens differ from the project's session tokens. Those of federated applications are issued by the bare
 * project, as all session tokens are, so that they are good wherever those are; third parties' name the issuer that resource servers
 * look up, which ends in the project's id.
 */
function presentation(
  client: Client,
  scopes: readonly string[],
  audiences: readonly string[],
  address: string,
): ForApplication {
  const names = new Set(rolesOfScopes(client, scopes));
  return {
    claims: {
      ...(client.kind === "inbound" ? { iss: issuerOf(client, address) } : {}),
      aud: audienceOf(client, audiences),
      azp: client.clientId,
      client_id: client.clientId,
      scope: scopes.join(" "),
    },
    lifetime:
      client.sessionSettings === undefined
        ? undefined
        : duration(client.sessionSettings, "sessionTokenExpiration", 600_000),
    templateId: text(client.sessionSettings?.userTemplateId) || undefined,
    tellsRole: client.allRoles ? undefined : (id) => names.has(roles.get(client.project, id)?.name ?? ""),
  };
}

function audienceOf(client: Client, asked: readonly string[]): string | string[] {
  const { defaultAudience, clientId, project } = client;
  const own =
    defaultAudience === "projectId"
      ? [project.id]
      : defaultAudience === "clientId"
        ? [clientId]
        : [...new Set([clientId, project.id])];
  const all = asked.length > 0 ? asked : own;
  return all.length === 1 ? (all[0] as string) : [...all];
}

/** The left half of the hash of a token (OpenID Connect Core, section 3.1.3.6). */
function halfHash(token: string): string {
  const digest = new Bun.CryptoHasher("sha256").update(token).digest();
  return digest.subarray(0, digest.length / 2).toString("base64url");
}
