import { accessKeyExamples } from "./access-keys.ts";
import { auditExamples } from "./audit.ts";
import { notpExamples, otpExamples, totpExamples } from "./auth-codes.ts";
import { enchantedLinkExamples, magicLinkExamples } from "./auth-links.ts";
import { passwordExamples } from "./auth-passwords.ts";
import { keyExamples, sessionExamples } from "./auth-sessions.ts";
import { samlIdpExamples, wsFedIdpExamples } from "./auth-identity-provider.ts";
import { authzExamples } from "./authz.ts";
import { consentExamples } from "./consents.ts";
import { descoperExamples } from "./descopers.ts";
import { engineExamples } from "./engines.ts";
import { oauthSignInExamples, ssoSignInExamples } from "./auth-federation.ts";
import { passkeyExamples } from "./auth-passkeys.ts";
import { enchantedPhoneExamples, recoveryCodeExamples, securityQuestionExamples } from "./auth-recovery.ts";
import type { Examples } from "./example.ts";
import { analyticsExamples, groupExamples, passwordSettingsExamples } from "./groups.ts";
import { familyExamples } from "./families.ts";
import { fgaExamples } from "./fga.ts";
import { flowExamples, localizationExamples, widgetExamples } from "./flows.ts";
import { inboundAppExamples } from "./inbound-apps.ts";
import { jwtExamples, jwtTemplateExamples } from "./jwt.ts";
import { listExamples } from "./lists.ts";
import { licenseExamples, managementKeyExamples } from "./management-keys.ts";
import { mcpServerExamples } from "./mcp-servers.ts";
import {
  agenticOAuthExamples,
  fedCmExamples,
  federatedOAuthExamples,
  inboundOAuthExamples,
} from "./oauth.ts";
import { outboundAppExamples, outboundScimExamples } from "./outbound-apps.ts";
import { projectExamples, scopeClaimMappingExamples } from "./projects.ts";
import { resourceExamples } from "./resources.ts";
import { permissionExamples, roleExamples } from "./roles.ts";
import { ssoAppExamples } from "./sso-apps.ts";
import { scimExamples, scimKeyExamples } from "./scim.ts";
import { ssoExamples } from "./sso.ts";
import { tenantExamples } from "./tenants.ts";
import {
  userAttributeExamples,
  userBatchExamples,
  userCredentialExamples,
  userExamples,
  userUpdateExamples,
} from "./users.ts";

/** How every operation that the emulator serves is called. */
export const examples: Examples = [
  ...analyticsExamples,
  ...enchantedPhoneExamples,
  ...groupExamples,
  ...oauthSignInExamples,
  ...passkeyExamples,
  ...passwordSettingsExamples,
  ...recoveryCodeExamples,
  ...securityQuestionExamples,
  ...ssoSignInExamples,
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
  ...fedCmExamples,
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
  ...outboundAppExamples,
  ...outboundScimExamples,
  ...passwordExamples,
  ...permissionExamples,
  ...projectExamples,
  ...resourceExamples,
  ...roleExamples,
  ...samlIdpExamples,
  ...scopeClaimMappingExamples,
  ...sessionExamples,
  ...ssoAppExamples,
  ...scimExamples,
  ...scimKeyExamples,
  ...ssoExamples,
  ...tenantExamples,
  ...totpExamples,
  ...userAttributeExamples,
  ...userBatchExamples,
  ...userCredentialExamples,
  ...userExamples,
  ...userUpdateExamples,
  ...widgetExamples,
  ...wsFedIdpExamples,
];

/**
 * What is served without an example so far, as "METHOD /path". An entry whose operation has one fails, so that the list only gets
 * shorter; it is empty when everything is covered.
 */
export const uncovered: readonly string[] = ["GET /_emulator/outbound-app"];
