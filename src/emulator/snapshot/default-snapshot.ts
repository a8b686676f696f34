import type { Json, JsonObject } from "../../json/value.ts";
import { assetName } from "./assets.ts";
import { defaultFlow } from "./default-flow.ts";
import type { Files } from "./snapshot-files.ts";

/** The configuration of a project that was just made: every sign-in method, one flow, two styles. All of it is invented. */
export function defaultSnapshot(): Files {
  const magicLinkBody = mail(
    "Sign in",
    "Press the button to sign in. The link is good for a few minutes, once.",
    "{{.link}}",
    "Sign in",
  );
  const resetBody = mail(
    "Choose a new password",
    "You asked for a new password. If it was not you, nothing needs to be done.",
    "{{.link}}",
    "Choose a password",
  );
  const bodies = [magicLinkBody, resetBody].map((body): [string, string] => [
    `assets/${assetName("body", "html", body)}`,
    body,
  ]);
  const logoName = assetName("img", "svg", LOGO);
  const asset = (body: string) => `asset:${assetName("body", "html", body)}`;
  return {
    ...Object.fromEntries(bodies),
    [`assets/${logoName}`]: LOGO,
    "snapshot.json": { version: 5 },
    "project.json": PROJECT,
    "applications.json": {
      applications: [
        {
          id: "descope-default-oidc",
          name: "OIDC default application",
          description: "",
          enabled: true,
          logo: "",
          oidc: { claims: [], forceAuthentication: false, loginPageUrl: "" },
        },
      ],
    },
    "attributes.json": { user: [] },
    ...methods(asset(magicLinkBody), asset(resetBody)),
    "connectors/connectors.json": { connectors: [] },
    "flows/flows.json": { flows: ["sign-up-or-in"] },
    ...defaultFlow("sign-up-or-in"),
    "styles/styles.json": { componentsVersion: "3.0.0", styles: ["dark", "light"] },
    "styles/dark.json": style("#8a7bff", "#101418", `asset:${logoName}`),
    "styles/light.json": style("#4d3bd6", "#ffffff", `asset:${logoName}`),
    "widgets/widgets.json": { widgets: [] },
  };
}

const PROJECT: JsonObject = {
  cookiePolicy: 0,
  domain: "",
  enableInactivity: false,
  inactivityTime: 30,
  inactivityTimeUnit: "minutes",
  inviteEmailProviderId: "",
  inviteEmailTemplateId: "System",
  inviteEmailTemplates: [],
  inviteExpirationTime: 1,
  inviteExpirationTimeUnit: "weeks",
  inviteMagicLink: false,
  inviteSendEmail: true,
  inviteSendSms: false,
  inviteSmsProviderId: "",
  inviteSmsTemplateId: "System",
  inviteSmsTemplates: [],
  inviteUrl: "http://localhost:3000/welcome",
  keySessionTokenExpiration: 10,
  keySessionTokenExpirationUnit: "minutes",
  keyTemplateId: "",
  projectSelfProvisioning: true,
  refreshTokenExpiration: 4,
  refreshTokenExpirationUnit: "weeks",
  rotateJwt: false,
  sessionTokenExpiration: 10,
  sessionTokenExpirationUnit: "minutes",
  stepupTokenExpiration: 10,
  stepupTokenExpirationUnit: "minutes",
  testUserAllowFixedAuth: false,
  testUserFixedAuthToken: "",
  testUserFixedAuthVerifierRegex: "",
  testUserRegex: "",
  tokenResponseMethod: "onBody",
  trustedDomains: "",
  userTemplateId: "",
};

function methods(magicLinkBody: string, resetBody: string): Files {
  const expiry = (amount: number, unit: string) => ({ expirationTime: amount, expirationTimeUnit: unit });
  const limits = { rateLimitRetries: 5, rateLimitTimeframe: 5 };
  const mailTemplate = (subject: string, body: string, bodyPlainText: string) => ({
    active: true,
    subject,
    body,
    bodyPlainText,
    useBodyPlainText: false,
  });
  const link = {
    enabled: true,
    ...expiry(3, "minutes"),
    ...limits,
    emailServiceProvider: "",
    emailTemplates: [mailTemplate("Your sign-in link", magicLinkBody, "Open {{.link}} to sign in.")],
  };
  return {
    "auth/embeddedlink.json": { enabled: true, ...expiry(3, "minutes") },
    "auth/enchantedlink.json": { ...link, redirectUrl: "http://localhost:3000/verify" },
    "auth/magiclink.json": {
      ...link,
      redirectUrl: "http://localhost:3000/verify",
      textServiceProvider: "",
      textTemplates: [{ active: true, body: "Open {{.link}} to sign in." }],
    },
    "auth/notp.json": {
      enabled: true,
      ...expiry(3, "minutes"),
      whatsappChatbotProvider: "",
      whatsappErrorNOTPTemplates: [],
      whatsappErrorTemplateId: "System",
      whatsappSuccessNOTPTemplates: [],
      whatsappSuccessTemplateId: "System",
      whatsappVerifyNOTPTemplates: [],
      whatsappVerifyTemplateId: "System",
    },
    "auth/oauth.json": {
      enabled: true,
      redirectUrl: "http://localhost:3000/callback",
      providerSettings: Object.fromEntries(
        ["apple", "facebook", "github", "google", "microsoft"].map((name) => [name, provider(name)]),
      ),
    },
    "auth/otp.json": {
      enabled: true,
      domain: "",
      ...expiry(3, "minutes"),
      ...limits,
      emailServiceProvider: "",
      emailTemplates: [
        mailTemplate("Your code", "<p>Your code is <b>{{.code}}</b>.</p>", "Your code is {{.code}}."),
      ],
      textServiceProvider: "",
      textTemplates: [{ active: true, body: "Your code is {{.code}}." }],
      voiceServiceProvider: "",
      voiceTemplates: [{ active: true, body: "Your code is {{.code}}." }],
    },
    "auth/password.json": {
      enabled: true,
      minLength: 8,
      lowercase: true,
      uppercase: true,
      number: true,
      nonAlphanumeric: false,
      expiration: false,
      expirationWeeks: 12,
      reuse: false,
      reuseAmount: 3,
      lock: true,
      lockAttempts: 5,
      enablePasswordStrength: false,
      passwordStrengthScore: 3,
      maskError: false,
      emailServiceProvider: "",
      emailTemplates: [mailTemplate("Choose a new password", resetBody, "Open {{.link}}.")],
    },
    "auth/securityquestions.json": {
      enabled: false,
      lock: true,
      lockAttempts: 5,
      securityQuestions: [],
      setupQuestionsCount: 3,
      tempLock: false,
      tempLockAttempts: 3,
      tempLockDuration: 5,
      verifyQuestionsCount: 2,
    },
    "auth/sso.json": { enabled: true, mergeUsers: false },
    "auth/totp.json": { enabled: true },
    "auth/webauthn.json": { enabled: true, relyingPartyId: "" },
  };
}

function provider(name: string): JsonObject {
  return {
    allowedGrantTypes: ["authorization_code"],
    authUrl: "",
    callbackDomain: "",
    clientId: "",
    clientSecret: "",
    custom: false,
    defaultScopes: [],
    description: "",
    enabled: true,
    grantType: "authorization_code",
    issuer: "",
    jwksUrl: "",
    logo: "",
    manageProviderTokens: false,
    name: (name[0] as string).toUpperCase() + name.slice(1),
    prompts: [],
    redirectUrl: "",
    responseMode: "",
    revokeUrl: "",
    scopeDelimiter: " ",
    scopes: [],
    signAlgorithm: "",
    tokenUrl: "",
    // Anybody may put any address into an account of theirs there.
    trustProvidedEmails: name !== "microsoft",
    useNonce: false,
    useSelfAccount: false,
    userDataAuthHeaderName: "",
    userDataAuthHeaderType: "",
    userDataAuthQueryParamName: "",
    userDataClaimsMapping: {},
    userDataHeaders: {},
    userDataQueryParams: {},
    userDataUrl: "",
  };
}

function style(primary: string, background: string, logo: string): JsonObject {
  const shades: Json = {
    contrast: background,
    dark: primary,
    highlight: primary,
    light: primary,
    main: primary,
  };
  return {
    globals: {
      colors: { primary: shades, surface: { main: background } },
      fonts: { font1: { family: ["Inter", "sans-serif"], label: "Inter" } },
    },
    components: {
      button: { mode: { primary: { "--descope-button-border-radius": "6px" } } },
      logo: { "--descope-logo-url": logo },
    },
  };
}

/** Base64, as an image stands in a snapshot. */
const LOGO = btoa(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="20" fill="#4d3bd6"/>' +
    '<path d="M16 24l6 6 10-12" fill="none" stroke="#fff" stroke-width="4"/></svg>',
);

function mail(title: string, words: string, link: string, button: string): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${title}</title></head>`,
    '<body style="margin:0;background:#f4f5f8;font-family:Inter,Arial,sans-serif;color:#1a1d26">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px">',
    '<table role="presentation" width="480" cellpadding="0" cellspacing="0" style="background:#fff;border-radius:8px">',
    `<tr><td style="padding:32px 32px 8px;font-size:20px;font-weight:600">${title}</td></tr>`,
    `<tr><td style="padding:8px 32px;font-size:14px;line-height:22px">${words}</td></tr>`,
    '<tr><td style="padding:24px 32px">',
    `<a href="${link}" style="background:#4d3bd6;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none">${button}</a>`,
    "</td></tr>",
    `<tr><td style="padding:8px 32px 32px;font-size:12px;color:#6b7280">Or open this address: ${link}</td></tr>`,
    "</table></td></tr></table>",
    "</body>",
    "</html>",
  ].join("\n");
}
