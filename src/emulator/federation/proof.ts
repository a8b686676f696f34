import { auditLogin, signIn } from "../auth/sign-in.ts";
import { requireSsoConfiguration, type SsoConfiguration } from "../entities/sso-configuration.ts";
import { tenants, type Tenant } from "../entities/tenant.ts";
import { EmulatorError, forbidden, unauthorized } from "../error.ts";
import type { Call } from "../service.ts";
import type { User } from "../users/user.ts";
import { requireProvider } from "./oauth-provider.ts";
import { linkOauth, oauthUser } from "./oauth-user.ts";
import { codes, type Proved, type Provider } from "./request.ts";
import { ssoUser } from "./sso-user.ts";

/**
 * What a code is worth: a session of whoever was proved.
 *
 * @throws {EmulatorError} 401 for a code that was not given out for this kind, was used, or is too old.
 */
export function exchangeCode(call: Call, kind: Provider["kind"], code: string): object {
  const found = codes.find(call.project, code);
  if (found?.request.provider.kind !== kind)
    throw unauthorized("The code is not known, was exchanged before, or has expired");
  codes.take(call.project, code);
  return signInProved(call, found);
}

/** Signs in somebody whom a provider has proved. @throws {EmulatorError} as {@link oauthUser} does, 403 for a user who is disabled. */
export function signInProved(call: Call, proved: Proved): object {
  const { request } = proved;
  return request.provider.kind === "oauth"
    ? byOauth(call, proved, request.provider)
    : bySso(call, proved, request.provider);
}

function byOauth(call: Call, { request, identity }: Proved, { name }: Provider & { kind: "oauth" }): object {
  const { project } = call;
  const { intent, base, options } = request;
  const provider = requireProvider(project, name);
  const proof = { method: "oauth", amr: ["oauth"], options };
  if (intent === "update") {
    const userId = base?.userId ?? "";
    return signIn(call, linkOauth(project, provider, userId, identity, request.merges === true), proof);
  }
  const user = oauthUser(project, provider, intent, identity);
  return signIn(call, user, { ...proof, sessionId: baseOf(call, user, request.base, "oauth") });
}

function bySso(call: Call, { request, identity }: Proved, provider: Provider & { kind: "sso" }): object {
  const { project } = call;
  const { tenant, configuration } = requireSso(call, provider.tenantId, provider.ssoId);
  const user = ssoUser(project, tenant, configuration, identity);
  const method = configuration.authType === "oidc" ? "oidc" : "saml";
  const { groups, attributes } = identity;
  return signIn(call, user, {
    method,
    amr: ["fed"],
    options: { ...request.options, selectedTenant: tenant.id },
    sessionId: baseOf(call, user, request.base, method),
    more: {
      tenantSSOID: configuration.ssoId,
      idpResponse: {
        idpGroups: groups,
        ...(method === "oidc" ? { idpOIDCClaims: attributes } : { idpSAMLAttributes: attributes }),
      },
    },
  });
}

/** The session to which the proof is added. @throws {EmulatorError} 401 where it is another user's. */
function baseOf(call: Call, user: User, base: Proved["request"]["base"], method: string): string | undefined {
  if (base === undefined || base.userId === user.userId) return base?.sessionId;
  auditLogin(call, "LoginFailed", user, method, "Another user is signed in");
  throw new EmulatorError(
    401,
    "E061005",
    "Invalid token",
    "Whoever the provider proved is not the user who is signed in",
  );
}

/**
 * A tenant's single sign-on, set up and in use.
 *
 * @throws {EmulatorError} for a tenant that does not exist or is disabled, and one without any.
 */
export function requireSso(
  { project }: Call,
  tenantId: string,
  ssoId: string | null | undefined,
): { readonly tenant: Tenant; readonly configuration: SsoConfiguration } {
  const tenant = tenants.get(project, tenantId);
  if (tenant === undefined) throw noTenant(tenantId);
  if (tenant.disabled) throw forbidden(`The tenant ${tenantId} is disabled`);
  const configuration = requireSsoConfiguration(project, tenant, ssoId);
  if (configuration.authType !== "saml" && configuration.authType !== "oidc")
    throw forbidden(`The tenant ${tenantId} has no single sign-on${ssoId ? ` ${ssoId}` : ""} that is set up`);
  return { tenant, configuration };
}

export function noTenant(named: string): EmulatorError {
  return new EmulatorError(
    404,
    "E011004",
    "Not found",
    `There is no tenant ${named}, and no single sign-on for that domain`,
  );
}
