import * as v from "valibot";
import { filled, flag, object, text, texts } from "./schemas.ts";

/** How a sign-in is to be: what SDKs call login options. */
export const loginOptionMembers = () => ({
  stepup: flag(),
  mfa: flag(),
  customClaims: object(),
  templateOptions: object(),
  locale: text(),
  tenantId: text(),
  selectedTenant: text(),
  ssoAppId: text(),
  pkceChallenge: text(),
  revokeOtherSessions: flag(),
  revokeOtherSessionsTypes: texts(),
});

/** The same as a member of a request. */
export const loginOptions = () => v.nullish(v.looseObject(loginOptionMembers()));

/** What somebody who signs up says of themselves. */
export const signUpUser = () =>
  v.nullish(
    v.looseObject({
      loginId: text(),
      name: text(),
      email: text(),
      phone: text(),
      givenName: text(),
      middleName: text(),
      familyName: text(),
      picture: text(),
      recoveryEmail: text(),
      recoveryPhone: text(),
    }),
  );

/** Members by which a sign-up is begun that is proved by something sent. Some SDKs say the address once more. */
export const signUp = () => ({
  loginId: text(),
  user: signUpUser(),
  loginOptions: loginOptions(),
  email: text(),
  phone: text(),
  voice: text(),
  whatsapp: text(),
  providerId: text(),
});

/** Members by which a sign-in is begun that is proved by something sent. */
export const signIn = () => ({ loginId: filled(), loginOptions: loginOptions(), providerId: text() });

/** Where a link leads: the documents' name for it, and that of the SDKs. */
export const linkTarget = () => ({ redirectUrl: text(), URI: text() });

/** Members by which a user gets another address. */
export const addressUpdate = () => ({
  loginId: filled(),
  addToLoginIDs: flag(),
  onMergeUseExisting: flag(),
  failOnConflict: flag(),
  providerId: text(),
  templateOptions: object(),
  locale: text(),
});

/** How a code is sent. */
export const codeMethod = () => v.picklist(["email", "sms", "voice", "whatsapp", "im"]);

/** How a code is sent to a phone. */
export const phoneMethod = () => v.picklist(["sms", "voice", "whatsapp", "im"]);
