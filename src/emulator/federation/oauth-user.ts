import { mergeUsers } from "../users/merge-users.ts";
import { isTestLoginId, requireSignUp } from "../auth/settings.ts";
import { signInUserNotFound, userExists } from "../error.ts";
import type { Project } from "../project.ts";
import { createUser, saveUser } from "../users/user-changes.ts";
import { putUser, userById, userByLoginId } from "../users/user-store.ts";
import type { ProviderToken, User } from "../users/user.ts";
import type { Identity } from "./identity.ts";
import type { OAuthProvider } from "./oauth-provider.ts";
import type { ProviderRequest } from "./request.ts";

/**
 * The user whom an identity of a social provider is of: somebody who signed in by it before, else the one whose address the provider
 * has verified, else somebody new.
 *
 * @throws {EmulatorError} E062108 where somebody unknown signs in, E062107 where somebody known signs up, 403 where nobody may.
 */
export function oauthUser(
  project: Project,
  provider: OAuthProvider,
  intent: ProviderRequest["intent"],
  identity: Identity,
): User {
  const known = knownUser(project, provider, identity);
  if (known !== undefined) {
    if (intent === "signUp") throw userExists(identity.loginId);
    return save(project, known, linked(project, provider, known, identity));
  }
  if (intent === "signIn") throw signInUserNotFound(identity.email ?? identity.loginId);
  requireSignUp(project);
  const email = trustedEmail(provider, identity);
  const own = providerLoginId(provider, identity);
  const loginId = email ?? own;
  const created = createUser(
    project,
    {
      loginId,
      additionalLoginIds: [own],
      ...profile(identity),
      ...(identity.email === undefined ? {} : { email: identity.email }),
      verifiedEmail: email !== undefined,
    },
    { test: isTestLoginId(project, loginId) },
  );
  return putUser(project, linked(project, provider, created, identity));
}

/**
 * Gives a user who is signed in a provider to sign in by. Where the identity is another user's already, the two become one if that
 * was asked for.
 *
 * @throws {EmulatorError} E062107 where it is another's and was not, E062108 when the user is gone.
 */
export function linkOauth(
  project: Project,
  provider: OAuthProvider,
  userId: string,
  identity: Identity,
  merges: boolean,
): User {
  const user = userById(project, userId);
  if (user === undefined) throw signInUserNotFound(userId);
  const other = knownUser(project, provider, identity);
  if (other === undefined || other.userId === userId)
    return save(project, user, linked(project, provider, user, identity));
  if (!merges) throw userExists(other.loginIds[0] ?? other.userId);
  const merged = mergeUsers(project, user, other, {});
  return save(project, user, linked(project, provider, merged, identity));
}

function save(project: Project, before: User, after: User): User {
  return Bun.deepEquals(before, after) ? before : saveUser(project, after, before.userId);
}

function knownUser(project: Project, provider: OAuthProvider, identity: Identity): User | undefined {
  const chosen = identity.userId === undefined ? undefined : userById(project, identity.userId);
  const email = trustedEmail(provider, identity);
  return (
    chosen ??
    userByLoginId(project, providerLoginId(provider, identity)) ??
    (email === undefined ? undefined : userOfEmail(project, email))
  );
}

/** The user who signs in by an address, or whose verified address it is. */
export function userOfEmail(project: Project, email: string): User | undefined {
  const byLoginId = userByLoginId(project, email);
  if (byLoginId !== undefined) return byLoginId;
  const row = project.store.get<{ id: string }>(
    "SELECT id FROM users WHERE project = ? AND email = ? AND json_extract(doc, '$.verifiedEmail') = 1 ORDER BY seq LIMIT 1",
    project.id,
    email,
  );
  return row === undefined ? undefined : userById(project, row.id);
}

/** The user, known to have this provider; what was not known of the user yet is taken over. */
function linked(project: Project, provider: OAuthProvider, user: User, identity: Identity): User {
  const own = providerLoginId(provider, identity);
  const owner = userByLoginId(project, own);
  const email = trustedEmail(provider, identity);
  const next: User = {
    ...profile(identity),
    ...user,
    email: user.email ?? identity.email,
    verifiedEmail: user.verifiedEmail || (email !== undefined && (user.email ?? email) === email),
    // The name under which another user has it stays that one's: this one was chosen expressly.
    loginIds: owner === undefined ? [...user.loginIds, own] : user.loginIds,
    oauth: [...new Set([...(user.oauth ?? []), provider.name])],
    ...(provider.keepsTokens
      ? { providerTokens: { ...user.providerTokens, [provider.name]: newToken(project, provider, identity) } }
      : {}),
  } as User;
  if (next.email === undefined) delete next.email;
  return next;
}

function providerLoginId({ name }: OAuthProvider, { subject }: Identity): string {
  return `${name}-${subject}`;
}

function trustedEmail(
  { trustsEmails }: OAuthProvider,
  { email, emailVerified }: Identity,
): string | undefined {
  return trustsEmails && emailVerified ? email : undefined;
}

/** What a provider says of somebody beside the address. */
function profile({ name, givenName, familyName, picture }: Identity): Partial<User> {
  return Object.fromEntries(
    Object.entries({ name, givenName, familyName, picture }).filter(([, content]) => content !== undefined),
  );
}

/** Tokens as a provider would give them; nobody but the emulator made them, and nothing takes them. */
function newToken(project: Project, { scopes }: OAuthProvider, { subject }: Identity): ProviderToken {
  return {
    providerUserId: subject,
    accessToken: `emulated.${project.ids.text(40)}`,
    refreshToken: `emulated.${project.ids.text(40)}`,
    expiration: project.clock.seconds() + 3600,
    scopes,
  };
}
