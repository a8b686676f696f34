import { accessKeyExamples } from "./access-keys.ts";
import { auditExamples } from "./audit.ts";
import { notpExamples, otpExamples, totpExamples } from "./auth-codes.ts";
import { enchantedLinkExamples, magicLinkExamples } from "./auth-links.ts";
import { passwordExamples } from "./auth-passwords.ts";
import { keyExamples, sessionExamples } from "./auth-sessions.ts";
import { authzExamples } from "./authz.ts";
import { consentExamples } from "./consents.ts";
import { descoperExamples } from "./descopers.ts";
import { engineExamples } from "./engines.ts";
import type { Examples } from "./example.ts";
import { familyExamples } from "./families.ts";
import { fgaExamples } from "./fga.ts";
import { flowExamples, localizationExamples, widgetExamples } from "./flows.ts";
import { inboundAppExamples } from "./inbound-apps.ts";
import { jwtExamples, jwtTemplateExamples } from "./jwt.ts";
import { listExamples } from "./lists.ts";
import { licenseExamples, managementKeyExamples } from "./management-keys.ts";
import { mcpServerExamples } from "./mcp-servers.ts";
import { agenticOAuthExamples, federatedOAuthExamples, inboundOAuthExamples } from "./oauth.ts";
import { projectExamples, scopeClaimMappingExamples } from "./projects.ts";
import { permissionExamples, roleExamples } from "./roles.ts";
import { ssoAppExamples } from "./sso-apps.ts";
import { ssoExamples } from "./sso.ts";
import { groupExamples, passwordSettingsExamples, tenantExamples } from "./tenants.ts";
import {
  userAttributeExamples,
  userSessionExamples,
  userBatchExamples,
  userCredentialExamples,
  userExamples,
  userUpdateExamples,
} from "./users.ts";

/** How every operation that the emulator serves is called. */
export const examples: Examples = [
  ...accessKeyExamples,
  ...agenticOAuthExamples,
  ...auditExamples,
  ...authzExamples,
  ...consentExamples,
  ...descoperExamples,
  ...enchantedLinkExamples,
  ...engineExamples,
  ...familyExamples,
  ...federatedOAuthExamples,
  ...fgaExamples,
  ...flowExamples,
  ...inboundAppExamples,
  ...inboundOAuthExamples,
  ...jwtExamples,
  ...jwtTemplateExamples,
  ...keyExamples,
  ...licenseExamples,
  ...listExamples,
  ...localizationExamples,
  ...magicLinkExamples,
  ...managementKeyExamples,
  ...mcpServerExamples,
  ...notpExamples,
  ...otpExamples,
  ...passwordExamples,
  ...permissionExamples,
  ...projectExamples,
  ...roleExamples,
  ...scopeClaimMappingExamples,
  ...sessionExamples,
  ...ssoAppExamples,
  ...ssoExamples,
  ...groupExamples,
  ...passwordSettingsExamples,
  ...tenantExamples,
  ...totpExamples,
  ...userAttributeExamples,
  ...userSessionExamples,
  ...userBatchExamples,
  ...userCredentialExamples,
  ...userExamples,
  ...userUpdateExamples,
  ...widgetExamples,
];

/**
 * What is served without an example so far, as "METHOD /path". An entry whose operation has one fails, so that the list only gets
 * shorter; it is empty when everything is covered.
 */
export const uncovered: readonly string[] = [
  "POST /v1/auth/enchantedlink/update/phone/{method}",
  "POST /v1/auth/oauth/authorize",
  "POST /v1/auth/oauth/authorize/signin",
  "POST /v1/auth/oauth/authorize/signup",
  "POST /v1/auth/oauth/authorize/update",
  "POST /v1/auth/oauth/exchange",
  "POST /v1/auth/oauth/native/start",
  "POST /v1/auth/oauth/native/finish",
  "GET /v1/auth/onetap/clientid/{provider}",
  "POST /v1/auth/onetap/idtoken/verify",
  "POST /v1/auth/onetap/idtoken/exchange",
  "POST /v1/auth/recovery-codes",
  "POST /v1/auth/recovery-codes/signin",
  "POST /v1/auth/security-questions/setup",
  "GET /v1/auth/security-questions/verify",
  "POST /v1/auth/security-questions/verify",
  "POST /v1/auth/sso/authorize",
  "POST /v1/auth/sso/exchange",
  "POST /v1/auth/webauthn/signup/start",
  "POST /v1/auth/webauthn/signup/finish",
  "POST /v1/auth/webauthn/signin/start",
  "POST /v1/auth/webauthn/signin/finish",
  "POST /v1/auth/webauthn/signup-in/start",
  "POST /v1/auth/webauthn/update/start",
  "POST /v1/auth/webauthn/update/finish",
  "GET /_emulator/identity-provider",
  "POST /_emulator/identity-provider/id-token",
];
