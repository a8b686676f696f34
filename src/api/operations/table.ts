import type { Operation } from "../operation.ts";
import * as accessKeys from "./access-keys.ts";
import * as analytics from "./analytics.ts";
import * as audit from "./audit.ts";
import * as authEnchantedLinks from "./auth-enchanted-links.ts";
import * as authKeys from "./auth-keys.ts";
import * as authMagicLinks from "./auth-magic-links.ts";
import * as authNotp from "./auth-notp.ts";
import * as authOauth from "./auth-oauth.ts";
import * as authOtp from "./auth-otp.ts";
import * as authPasswords from "./auth-passwords.ts";
import * as authRecoveryCodes from "./auth-recovery-codes.ts";
import * as authSamlIdp from "./auth-saml-idp.ts";
import * as authSecurityQuestions from "./auth-security-questions.ts";
import * as authSessions from "./auth-sessions.ts";
import * as authSso from "./auth-sso.ts";
import * as authTotp from "./auth-totp.ts";
import * as authWebauthn from "./auth-webauthn.ts";
import * as authWsfedIdp from "./auth-wsfed-idp.ts";
import * as authz from "./authz.ts";
import * as descopers from "./descopers.ts";
import * as engines from "./engines.ts";
import * as fedcm from "./fedcm.ts";
import * as fga from "./fga.ts";
import * as consents from "./consents.ts";
import * as flows from "./flows.ts";
import * as groups from "./groups.ts";
import * as inboundApps from "./inbound-apps.ts";
import * as jwt from "./jwt.ts";
import * as jwtTemplates from "./jwt-templates.ts";
import * as license from "./license.ts";
import * as lists from "./lists.ts";
import * as localization from "./localization.ts";
import * as managementKeys from "./management-keys.ts";
import * as mcpServers from "./mcp-servers.ts";
import * as oauth from "./oauth.ts";
import * as outboundApps from "./outbound-apps.ts";
import * as passwordSettings from "./password-settings.ts";
import * as permissions from "./permissions.ts";
import * as projects from "./projects.ts";
import * as resources from "./resources.ts";
import * as roles from "./roles.ts";
import * as scopeClaimMapping from "./scope-claim-mapping.ts";
import * as scim from "./scim.ts";
import * as scimKeys from "./scim-keys.ts";
import * as sso from "./sso.ts";
import * as ssoApps from "./sso-apps.ts";
import * as tenants from "./tenants.ts";
import * as families from "./families.ts";
import * as userAttributes from "./user-attributes.ts";
import * as userBatches from "./user-batches.ts";
import * as userCredentials from "./user-credentials.ts";
import * as userUpdates from "./user-updates.ts";
import * as users from "./users.ts";
import * as widgets from "./widgets.ts";

const modules: readonly Readonly<Record<string, Operation>>[] = [
  accessKeys,
  analytics,
  audit,
  authz,
  descopers,
  engines,
  fedcm,
  fga,
  authEnchantedLinks,
  authKeys,
  authMagicLinks,
  authNotp,
  authOauth,
  authOtp,
  authPasswords,
  authRecoveryCodes,
  authSamlIdp,
  authSecurityQuestions,
  authSessions,
  authSso,
  authTotp,
  authWebauthn,
  authWsfedIdp,
  consents,
  flows,
  groups,
  inboundApps,
  jwt,
  jwtTemplates,
  license,
  lists,
  localization,
  managementKeys,
  mcpServers,
  oauth,
  outboundApps,
  passwordSettings,
  permissions,
  projects,
  resources,
  roles,
  scopeClaimMapping,
  scim,
  scimKeys,
  sso,
  ssoApps,
  tenants,
  families,
  userAttributes,
  userBatches,
  userCredentials,
  userUpdates,
  users,
  widgets,
];

/** Every operation that is declared, by noun. */
export function operations(): readonly Operation[] {
  return modules.flatMap((module) => Object.values(module));
}
