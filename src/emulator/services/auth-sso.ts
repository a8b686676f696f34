import * as operations from "../../api/operations/auth-sso.ts";
import { requireMethod } from "../auth/settings.ts";
import { ssoConfigurations } from "../entities/sso-configuration.ts";
import { tenants } from "../entities/tenant.ts";
import { exchangeCode, noTenant, requireSso } from "../federation/proof.ts";
import { beginRequest } from "../federation/request.ts";
import type { Json } from "../../json/value.ts";
import type { Project } from "../project.ts";
import { text } from "../project-settings.ts";
import { on, type Service } from "../service.ts";

/** Signing in by the identity provider of a tenant, for which the emulator stands in. */
export const ssoSignInService: Service = [
  on(operations.authorize, ({ tenant: named, ssoId, ...input }, call) => {
    const { project } = call;
    requireMethod(project, "sso");
    const found = tenants.get(project, named) === undefined ? byDomain(project, named) : { tenantId: named };
    if (found === undefined) throw noTenant(named);
    const { tenant, configuration } = requireSso(call, found.tenantId, ssoId || found.ssoId);
    const { authType, saml, oidc } = configuration;
    return beginRequest(call, input, {
      provider: { kind: "sso", tenantId: tenant.id, ssoId: configuration.ssoId },
      intent: "signUpOrIn",
      settled: text((authType === "oidc" ? oidc : saml).redirectUrl as Json),
    });
  }),
  on(operations.exchange, ({ code }, call) => exchangeCode(call, "sso", code)),
];

/** The single sign-on of an address, or of the domain of one. */
function byDomain(
  project: Project,
  named: string,
): { readonly tenantId: string; readonly ssoId?: string } | undefined {
  const domain = named.slice(named.lastIndexOf("@") + 1).toLowerCase();
  for (const tenant of tenants.all(project)) {
    const found = ssoConfigurations(project, tenant).find((one) =>
      one.domains.some((own) => own.toLowerCase() === domain),
    );
    if (found !== undefined) return { tenantId: tenant.id, ssoId: found.ssoId };
  }
  return undefined;
}
