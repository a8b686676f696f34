import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, number, text, texts, filled } from "./schemas.ts";
import { userMembers } from "./user-members.ts";

const changed = () => v.looseObject({ ...userMembers(), loginId: filled() });

/** Replaces the whole user: what is not sent is taken away. */
export const update = operation({
  noun: "User",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/user/update",
  effect: "write",
  idempotent: true,
  input: changed,
  output: anyObject,
});

/** Changes what is sent and leaves the rest. */
export const patch = operation({
  noun: "User",
  verb: "Patch",
  method: "PATCH",
  path: "/v1/mgmt/user/patch",
  effect: "write",
  idempotent: true,
  input: changed,
  output: anyObject,
});

/** An empty `newLoginId` takes the login id away. */
export const updateLoginId = operation({
  noun: "User",
  verb: "UpdateLoginID",
  method: "POST",
  path: "/v1/mgmt/user/update/loginid",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), newLoginId: text() }),
  output: anyObject,
});

export const updateEmail = operation({
  noun: "User",
  verb: "UpdateEmail",
  method: "POST",
  path: "/v1/mgmt/user/update/email",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), email: text(), verified: flag(), failOnConflict: flag() }),
  output: anyObject,
});

export const updatePhone = operation({
  noun: "User",
  verb: "UpdatePhone",
  method: "POST",
  path: "/v1/mgmt/user/update/phone",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), phone: text(), verified: flag(), failOnConflict: flag() }),
  output: anyObject,
});

export const updateRecoveryEmail = operation({
  noun: "User",
  verb: "UpdateRecoveryEmail",
  method: "POST",
  path: "/v1/mgmt/user/update/recovery/email",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), recoveryEmail: text(), verified: flag() }),
  output: anyObject,
});

export const updateRecoveryPhone = operation({
  noun: "User",
  verb: "UpdateRecoveryPhone",
  method: "POST",
  path: "/v1/mgmt/user/update/recovery/phone",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), recoveryPhone: text(), verified: flag() }),
  output: anyObject,
});

/** All names: those that are not sent stay, those that are empty go. */
export const updateName = operation({
  noun: "User",
  verb: "UpdateDisplayName",
  method: "POST",
  path: "/v1/mgmt/user/update/name",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      loginId: filled(),
      displayName: text(),
      name: text(),
      givenName: text(),
      middleName: text(),
      familyName: text(),
    }),
  output: anyObject,
});

export const updatePicture = operation({
  noun: "User",
  verb: "UpdatePicture",
  method: "POST",
  path: "/v1/mgmt/user/update/picture",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), picture: text() }),
  output: anyObject,
});

/** A value of null takes the attribute away. */
export const updateCustomAttribute = operation({
  noun: "User",
  verb: "UpdateCustomAttribute",
  method: "POST",
  path: "/v1/mgmt/user/update/customAttribute",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({ loginId: filled(), attributeKey: v.string(), attributeValue: v.optional(v.unknown()) }),
  output: anyObject,
});

/** The consent ends at `impersonationConsent`, in seconds since 1970; 0 takes it back. */
export const updateImpersonationConsent = operation({
  noun: "User",
  verb: "UpdateImpersonationConsent",
  method: "POST",
  path: "/v1/mgmt/user/update/impersonationConsent",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), impersonationConsent: number() }),
  output: anyObject,
});

export const addTenant = operation({
  noun: "User",
  verb: "AddTenant",
  method: "POST",
  path: "/v1/mgmt/user/update/tenant/add",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), tenantId: filled() }),
  output: anyObject,
});

export const removeTenant = operation({
  noun: "User",
  verb: "RemoveTenant",
  method: "POST",
  path: "/v1/mgmt/user/update/tenant/remove",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), tenantId: filled() }),
  output: anyObject,
});

const ssoApps = () => v.looseObject({ loginId: filled(), ssoAppIds: texts(), ssoAppIDs: texts() });

export const setSsoApps = operation({
  noun: "User",
  verb: "SetSSOApps",
  method: "POST",
  path: "/v1/mgmt/user/update/ssoapp/set",
  effect: "write",
  idempotent: true,
  input: ssoApps,
  output: anyObject,
});

export const addSsoApps = operation({
  noun: "User",
  verb: "AddSSOApps",
  method: "POST",
  path: "/v1/mgmt/user/update/ssoapp/add",
  effect: "write",
  idempotent: true,
  input: ssoApps,
  output: anyObject,
});

export const removeSsoApps = operation({
  noun: "User",
  verb: "RemoveSSOApps",
  method: "POST",
  path: "/v1/mgmt/user/update/ssoapp/remove",
  effect: "write",
  idempotent: true,
  input: ssoApps,
  output: anyObject,
});

export const addFamilies = operation({
  noun: "User",
  verb: "AddFamilies",
  method: "POST",
  path: "/v1/mgmt/user/update/family/add",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), familyAssociations: userMembers().familyAssociations }),
  output: anyObject,
});

export const removeFamilies = operation({
  noun: "User",
  verb: "RemoveFamilies",
  method: "POST",
  path: "/v1/mgmt/user/update/family/remove",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), familyIds: texts() }),
  output: anyObject,
});
