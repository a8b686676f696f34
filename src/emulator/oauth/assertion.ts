import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { parseJson } from "../../json/parse.ts";
import { verifyJwt } from "../auth/jwt.ts";
import { allProjects, findProject, type Project } from "../project.ts";
import { number } from "../project-settings.ts";
import type { Call } from "../service.ts";
import { userById, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import { addressOf } from "./address.ts";
import { issuerOf, type Client } from "./client.ts";
import { invalidGrant } from "./error.ts";

/**
 * The user whom a JWT of a trusted issuer names (RFC 7523).
 *
 * The emulator reaches no other machine: it takes assertions that are signed with the keys of one of its own projects, whose key set the
 * issuer's `jwksUri` names. So one project plays the other identity provider.
 *
 * @throws {OAuthError} invalid_grant
 */
export function assertedUser(call: Call, client: Client, assertion: string): User {
  const claims = unverifiedClaims(assertion);
  const issuer = typeof claims?.iss === "string" ? claims.iss : "";
  const { issuers } = client.jwtBearerSettings;
  const trusted = isJsonObject(issuers) ? issuers[issuer] : undefined;
  if (claims === undefined || !isJsonObject(trusted))
    throw invalidGrant(
      `The assertion's issuer ${JSON.stringify(issuer)} is none that the application trusts`,
    );
  const signer = keysOf(call, trusted.jwksUri);
  if (signer === undefined)
    throw invalidGrant(
      `The emulator reaches no other machine: the jwksUri of ${issuer} must be that of one of its own projects`,
    );
  if (verifyJwt(signer, assertion) === undefined)
    throw invalidGrant("The assertion is not signed with a key of its issuer");
  checkTimes(client, claims);
  checkAudience(call, client, claims);
  const named = typeof trusted.externalIdFieldName === "string" ? trusted.externalIdFieldName : "";
  const subject = claims[named === "" ? "sub" : named];
  const user = typeof subject === "string" ? userOfSubject(client.project, subject) : undefined;
  if (user === undefined) throw invalidGrant("The assertion names nobody who is a user of the project");
  return user;
}

/** The project whose key set stands at an address of this emulator. */
function keysOf({ world }: Call, jwksUri: Json | undefined): Project | undefined {
  if (typeof jwksUri !== "string" || !URL.canParse(jwksUri)) return undefined;
  const { pathname } = new URL(jwksUri);
  const id = /^\/+(?:v2\/keys\/([^/]+)|([^/]+)\/\.well-known\/jwks\.json)$/.exec(pathname);
  const wanted = id?.[1] ?? id?.[2];
  const known = allProjects(world).some((project) => project.id === wanted);
  return known && wanted !== undefined ? findProject(world, wanted) : undefined;
}

function checkTimes({ project }: Client, claims: JsonObject): void {
  const now = project.clock.seconds();
  const [exp, nbf] = [number(claims.exp), number(claims.nbf)];
  if (exp === undefined) throw invalidGrant("The assertion has no exp");
  if (exp <= now) throw invalidGrant("The assertion has expired");
  if (nbf !== undefined && nbf > now) throw invalidGrant("The assertion is not good yet");
}

/** An assertion is for whom it names: the token endpoint, the issuer, or the client's project. */
function checkAudience(call: Call, client: Client, { aud }: JsonObject): void {
  const address = addressOf(call);
  const path = client.kind === "inbound" ? "/oauth2/v1/apps/token" : "/oauth2/v1/token";
  const good: unknown[] = [
    `${address}${path}`,
    issuerOf(client, address),
    `${address}/${client.project.id}`,
    address,
    client.project.id,
    client.clientId,
  ];
  const named: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!named.some((one) => good.includes(one)))
    throw invalidGrant("The assertion's aud is neither the token endpoint nor the issuer");
}

function userOfSubject(project: Project, subject: string): User | undefined {
  return userByLoginId(project, subject) ?? userById(project, subject);
}

function unverifiedClaims(token: string): JsonObject | undefined {
  try {
    const content = parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return isJsonObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
