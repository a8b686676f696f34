import { signJwt, verifyJwt } from "../auth/jwt.ts";
import { unauthorized } from "../error.ts";
import type { Project } from "../project.ts";
import type { Call } from "../service.ts";
import type { Identity } from "./identity.ts";
import { requireProvider } from "./oauth-provider.ts";
import { PROVIDER_PATH } from "./request.ts";

/** How long an id token is good, in seconds. */
const LIFETIME = 600;

/** An id token of the emulated provider. It is signed by a key of the project: nobody but the emulator takes it. */
export function idToken(
  project: Project,
  name: string,
  identity: Identity,
  nonce: string | undefined,
): string {
  const { clientId } = requireProvider(project, name);
  const now = project.clock.seconds();
  const { userId, subject, email, emailVerified, givenName, familyName, phone, picture } = identity;
  return signJwt(project, {
    iss: issuerOf(project, name),
    aud: clientId,
    sub: subject,
    iat: now,
    exp: now + LIFETIME,
    nonce,
    email,
    email_verified: email === undefined ? undefined : emailVerified,
    name: identity.name,
    given_name: givenName,
    family_name: familyName,
    phone_number: phone,
    picture,
    // Which user was chosen, so that one without an address is found again.
    user_id: userId,
  });
}

/**
 * Whom an id token is of.
 *
 * @param nonce what it must have been made for; anything where it is left out.
 * @throws {EmulatorError} 401 for a token that the emulated provider did not make for this project, an old one, one for another
 * request.
 */
export function readIdToken(
  { project }: Call,
  name: string,
  token: string,
  nonce: string | undefined,
): Identity {
  const claims = verifyJwt(project, token);
  const fault =
    claims === undefined || claims.iss !== issuerOf(project, name)
      ? `The id token is not one of the emulated ${name}'s for this project: POST ${PROVIDER_PATH}/id-token makes one`
      : claims.aud !== requireProvider(project, name).clientId
        ? "The id token is for another client"
        : Number(claims.exp) <= project.clock.seconds()
          ? "The id token has expired"
          : nonce !== undefined && claims.nonce !== nonce
            ? "The id token was made for another nonce"
            : undefined;
  if (claims === undefined || fault !== undefined) throw unauthorized(fault ?? "The id token is not good");
  const texts = {
    userId: claims.user_id,
    email: claims.email,
    name: claims.name,
    givenName: claims.given_name,
    familyName: claims.family_name,
    phone: claims.phone_number,
    picture: claims.picture,
  };
  const known = Object.entries(texts).filter((entry) => typeof entry[1] === "string");
  return {
    ...(Object.fromEntries(known) as Partial<Record<keyof typeof texts, string>>),
    subject: String(claims.sub),
    loginId: typeof claims.email === "string" ? claims.email : String(claims.sub),
    emailVerified: claims.email_verified === true,
    groups: [],
    attributes: {},
  };
}

function issuerOf(project: Project, name: string): string {
  return `${project.world.settings.url}${PROVIDER_PATH}/${encodeURIComponent(name)}`;
}
