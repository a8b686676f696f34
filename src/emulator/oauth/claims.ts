import { resolveDynamic, type DynamicSources } from "../auth/dynamic-values.ts";
import type { Claims } from "../auth/jwt.ts";
import { customClaims } from "../auth/tokens.ts";
import { scopeClaimMappings } from "../entities/scope-claim-mapping.ts";
import { tenantReply, tenants } from "../entities/tenant.ts";
import { UserReplies } from "../users/user-reply.ts";
import type { User } from "../users/user.ts";
import type { Client } from "./client.ts";

/**
 * What an ID token or the user info endpoint tells of a user: by the scopes that were granted, in the order of OpenID Connect's own
 * scopes, the project's mapping of scopes to claims, and the application's. The later one counts.
 *
 * @param access what the access token says, which some scopes copy.
 */
export function identityClaims(
  client: Client,
  user: User,
  scopes: readonly string[],
  access: Claims,
): Record<string, unknown> {
  const { project } = client;
  const reply = { ...new UserReplies(project).of(user), loginId: user.loginIds[0] };
  const tenant = typeof access.dct === "string" ? tenants.get(project, access.dct) : undefined;
  const sources: DynamicSources = {
    user: reply,
    ...(tenant === undefined ? {} : { tenant: tenantReply(tenant) }),
    project: { id: project.id, name: project.info.name },
    app: { id: client.appId, name: client.name },
  };
  const isGranted = (scope: string) => scopes.includes(scope);
  const claims: Record<string, unknown> = {};
  for (const [scope, of] of Object.entries(BY_SCOPE)) if (isGranted(scope)) Object.assign(claims, of(user));
  if (isGranted("descope.claims")) Object.assign(claims, authorizations(access));
  if (isGranted("descope.custom_claims"))
    Object.assign(claims, without(customClaims(access), OF_OAUTH), {
      customAttributes: user.customAttributes,
    });
  const ownMappings = client.scopeClaims.filter(({ useProjectMapping }) => useProjectMapping !== true);
  for (const mapping of [...scopeClaimMappings(project), ...ownMappings])
    if (isGranted(mapping.scope)) Object.assign(claims, resolveDynamic(mapping.claims ?? {}, sources));
  const attributes = client.attributeScopes
    .filter(({ name }) => isGranted(name))
    .flatMap((one) => one.values);
  for (const name of [...attributes, ...client.claims]) claims[name] ??= attribute(name, reply, user);
  return Object.fromEntries(
    Object.entries(claims).filter(
      ([, content]) => content !== undefined && content !== null && content !== "",
    ),
  );
}

/** What OpenID Connect's own scopes tell (Core, section 5.4). */
const BY_SCOPE: Readonly<Record<string, (user: User) => Record<string, unknown>>> = {
  profile: (user) => ({
    name: user.name,
    given_name: user.givenName,
    middle_name: user.middleName,
    family_name: user.familyName,
    preferred_username: user.loginIds[0],
    picture: user.picture,
    updated_at: Math.floor(user.modifiedTime / 1000),
  }),
  email: (user) => (user.email ? { email: user.email, email_verified: user.verifiedEmail } : {}),
  phone: (user) =>
    user.phone ? { phone_number: user.phone, phone_number_verified: user.verifiedPhone } : {},
};

/** The claims that discovery says can be told. */
export const SUPPORTED_CLAIMS: readonly string[] = [
  ...["iss", "aud", "iat", "exp", "sub", "auth_time", "nonce", "at_hash", "amr", "sid"],
  ...["name", "given_name", "middle_name", "family_name", "preferred_username", "picture", "updated_at"],
  ...["email", "email_verified", "phone_number", "phone_number_verified"],
  ...["roles", "permissions", "tenants", "dct"],
];

/** Claims of an access token that are its own and nobody's attributes. */
const OF_OAUTH = new Set(["scope", "azp", "client_id"]);

function authorizations({ roles, permissions, tenants: inTenants, dct }: Claims): Claims {
  return { roles, permissions, tenants: inTenants, dct };
}

function without(claims: Claims, names: ReadonlySet<string>): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !names.has(name)));
}

/** An attribute of a user by the name that applications use: OpenID Connect's, the API's, or a custom attribute's. */
function attribute(name: string, reply: Readonly<Record<string, unknown>>, user: User): unknown {
  const bare = name.replace(/^(?:user\.)?customAttributes\.|^user\./, "");
  for (const of of Object.values(BY_SCOPE)) {
    const standard = of(user);
    if (Object.hasOwn(standard, bare)) return standard[bare];
  }
  if (Object.hasOwn(user.customAttributes, bare)) return user.customAttributes[bare];
  return Object.hasOwn(reply, bare) ? reply[bare] : undefined;
}
