import * as v from "valibot";
import { flag, object, tenantRoles, text, texts } from "./schemas.ts";

const families = () =>
  v.nullish(
    v.array(v.looseObject({ familyId: v.string(), roleNames: texts(), familyScopedAttributes: object() })),
  );

/** What a request says of a user. Some members have two spellings: one of the documents, one of the SDKs. */
export const userMembers = () => ({
  loginId: v.string(),
  email: text(),
  phone: text(),
  displayName: text(),
  name: text(),
  givenName: text(),
  middleName: text(),
  familyName: text(),
  picture: text(),
  roleNames: texts(),
  userTenants: tenantRoles(),
  customAttributes: object(),
  additionalLoginIds: texts(),
  additionalIdentifiers: texts(),
  ssoAppIDs: texts(),
  ssoAppIds: texts(),
  verifiedEmail: flag(),
  verifiedPhone: flag(),
  recoveryEmail: text(),
  recoveryPhone: text(),
  verifiedRecoveryEmail: flag(),
  verifiedRecoveryPhone: flag(),
  scim: flag(),
  status: text(),
  test: flag(),
  familyAssociations: families(),
});

/** How a new user proves who it is: at most one of a password in clear, the hash of one, and the seed of an authenticator app. */
export const credentialMembers = () => ({
  password: text(),
  hashedPassword: object(),
  seed: text(),
});

/** Where the secrets of {@link credentialMembers} stand below `prefix`. */
export const credentialSecrets = (prefix = "") =>
  ["password", "hashedPassword.*.*", "seed"].map((path) => prefix + path);

/** Whether and how new users are told that they are invited. */
export const invitationMembers = () => ({
  invite: flag(),
  inviteUrl: text(),
  sendMail: flag(),
  sendSMS: flag(),
  templateOptions: object(),
  templateId: text(),
  locale: text(),
});
