import type { Served } from "./service.ts";
import { accessKeyService } from "./services/access-keys.ts";
import { analyticsService } from "./services/analytics.ts";
import { auditService } from "./services/audit.ts";
import { enchantedLinkService } from "./services/auth-enchanted-links.ts";
import { keyService } from "./services/auth-keys.ts";
import { magicLinkService } from "./services/auth-magic-links.ts";
import { notpService } from "./services/auth-notp.ts";
import { oauthService } from "./services/auth-oauth.ts";
import { otpService } from "./services/auth-otp.ts";
import { passwordService } from "./services/auth-passwords.ts";
import { recoveryCodeService } from "./services/auth-recovery-codes.ts";
import { samlIdpService } from "./services/auth-saml-idp.ts";
import { securityQuestionService } from "./services/auth-security-questions.ts";
import { sessionService } from "./services/auth-sessions.ts";
import { ssoSignInService } from "./services/auth-sso.ts";
import { totpService } from "./services/auth-totp.ts";
import { webauthnService } from "./services/auth-webauthn.ts";
import { wsFedIdpService } from "./services/auth-wsfed-idp.ts";
import { authzService } from "./services/authz.ts";
import { descoperService } from "./services/descopers.ts";
import { engineService } from "./services/engines.ts";
import { fedCmService } from "./services/fedcm.ts";
import { fgaService } from "./services/fga.ts";
import { consentService } from "./services/consents.ts";
import { familyService } from "./services/families.ts";
import { flowService } from "./services/flows.ts";
import { identityProviderService } from "./services/identity-provider.ts";
import { groupService } from "./services/groups.ts";
import { inboundAppService } from "./services/inbound-apps.ts";
import { jwtService } from "./services/jwt.ts";
import { jwtTemplateService } from "./services/jwt-templates.ts";
import { license } from "./services/license.ts";
import { listService } from "./services/lists.ts";
import { localizationService } from "./services/localization.ts";
import { managementKeyService } from "./services/management-keys.ts";
import { mcpServerService } from "./services/mcp-servers.ts";
import { federatedOAuthService, inboundOAuthService } from "./services/oauth.ts";
import { outboundAppService } from "./services/outbound-apps.ts";
import { outboundScimService } from "./services/outbound-scim.ts";
import { outboundTokenService } from "./services/outbound-tokens.ts";
import { passwordSettingsService } from "./services/password-settings.ts";
import { permissionService } from "./services/permissions.ts";
import { projectService } from "./services/projects.ts";
import { resourceService } from "./services/resources.ts";
import { roleService } from "./services/roles.ts";
import { scopeClaimMappingService } from "./services/scope-claim-mapping.ts";
import { scimKeyService } from "./services/scim-keys.ts";
import { scimService } from "./services/scim.ts";
import { ssoService } from "./services/sso.ts";
import { ssoAppService } from "./services/sso-apps.ts";
import { tenantService } from "./services/tenants.ts";
import { testUserService } from "./services/test-users.ts";
import { userAttributeService } from "./services/user-attributes.ts";
import { userBatchService } from "./services/user-batches.ts";
import { userCredentialService } from "./services/user-credentials.ts";
import { userMembershipService } from "./services/user-memberships.ts";
import { userUpdateService } from "./services/user-updates.ts";
import { userService } from "./services/users.ts";
import { widgetService } from "./services/widgets.ts";

/** Everything that the emulator serves. */
export const served: readonly Served[] = [
  ...accessKeyService,
  ...analyticsService,
  ...auditService,
  ...authzService,
  ...descoperService,
  ...engineService,
  ...federatedOAuthService,
  ...fedCmService,
  ...fgaService,
  ...enchantedLinkService,
  ...keyService,
  ...magicLinkService,
  ...oauthService,
  ...otpService,
  ...passwordService,
  ...recoveryCodeService,
  ...samlIdpService,
  ...securityQuestionService,
  ...sessionService,
  ...notpService,
  ...ssoSignInService,
  ...totpService,
  ...webauthnService,
  ...wsFedIdpService,
  ...jwtService,
  ...consentService,
  ...familyService,
  ...flowService,
  ...identityProviderService,
  ...groupService,
  ...inboundAppService,
  ...inboundOAuthService,
  ...jwtTemplateService,
  ...license,
  ...listService,
  ...localizationService,
  ...managementKeyService,
  ...mcpServerService,
  ...outboundAppService,
  ...outboundScimService,
  ...outboundTokenService,
  ...passwordSettingsService,
  ...permissionService,
  ...projectService,
  ...resourceService,
  ...roleService,
  ...scopeClaimMappingService,
  ...scimService,
  ...scimKeyService,
  ...ssoService,
  ...ssoAppService,
  ...tenantService,
  ...testUserService,
  ...userAttributeService,
  ...userBatchService,
  ...userCredentialService,
  ...userMembershipService,
  ...userUpdateService,
  ...userService,
  ...widgetService,
];
