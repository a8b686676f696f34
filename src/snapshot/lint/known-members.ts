/** What a setting holds. */
export type Kind = "text" | "number" | "flag" | "list" | "object" | "texts";

const kinds = (kind: Kind, names: string): Record<string, Kind> =>
  Object.fromEntries(names.split(" ").map((name) => [name, kind]));

const EXPIRY = { expirationTime: "number", expirationTimeUnit: "text" } as const;
const LIMITS = { rateLimitRetries: "number", rateLimitTimeframe: "number" } as const;
const MAIL = { emailServiceProvider: "text", emailTemplates: "list" } as const;
const PHONE = { textServiceProvider: "text", textTemplates: "list" } as const;
const ON = { enabled: "flag" } as const;

/**
 * Members of settings files as exports have been seen to name them, by the path of the file. Later versions have more: what is not here
 * is not wrong for that.
 */
export const KNOWN_MEMBERS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  "project.json": {
    ...kinds(
      "text",
      "domain tokenResponseMethod userTemplateId keyTemplateId sessionTokenExpirationUnit refreshTokenExpirationUnit stepupTokenExpirationUnit keySessionTokenExpirationUnit inactivityTimeUnit inviteUrl inviteExpirationTimeUnit inviteEmailProviderId inviteEmailTemplateId inviteSmsProviderId inviteSmsTemplateId testUserRegex testUserFixedAuthVerifierRegex testUserFixedAuthToken",
    ),
    ...kinds("texts", "trustedDomains"),
    ...kinds(
      "number",
      "cookiePolicy sessionTokenExpiration refreshTokenExpiration stepupTokenExpiration keySessionTokenExpiration inactivityTime inviteExpirationTime",
    ),
    ...kinds(
      "flag",
      "rotateJwt enableInactivity projectSelfProvisioning inviteSendEmail inviteSendSms inviteMagicLink testUserAllowFixedAuth",
    ),
    ...kinds("list", "inviteEmailTemplates inviteSmsTemplates"),
  },
  "auth/embeddedlink.json": { ...ON, ...EXPIRY },
  "auth/enchantedlink.json": { ...ON, ...EXPIRY, ...LIMITS, ...MAIL, redirectUrl: "text" },
  "auth/magiclink.json": { ...ON, ...EXPIRY, ...LIMITS, ...MAIL, ...PHONE, redirectUrl: "text" },
  "auth/otp.json": {
    ...ON,
    ...EXPIRY,
    ...LIMITS,
    ...MAIL,
    ...PHONE,
    domain: "text",
    voiceServiceProvider: "text",
    voiceTemplates: "list",
  },
  "auth/oauth.json": { ...ON, redirectUrl: "text", providerSettings: "object" },
  "auth/password.json": {
    ...ON,
    ...MAIL,
    ...kinds(
      "flag",
      "lowercase uppercase number nonAlphanumeric expiration reuse lock enablePasswordStrength maskError",
    ),
    ...kinds("number", "minLength expirationWeeks reuseAmount lockAttempts passwordStrengthScore"),
  },
  "auth/securityquestions.json": {
    ...ON,
    ...kinds("flag", "lock tempLock"),
    ...kinds(
      "number",
      "lockAttempts tempLockAttempts tempLockDuration setupQuestionsCount verifyQuestionsCount",
    ),
    securityQuestions: "list",
  },
  "auth/sso.json": { ...ON, mergeUsers: "flag" },
  "auth/totp.json": { ...ON },
  "auth/webauthn.json": { ...ON, relyingPartyId: "text" },
};
