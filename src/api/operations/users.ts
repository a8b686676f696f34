import * as v from "valibot";
import { operation } from "../operation.ts";
import { linkTarget, loginOptions } from "./auth-schemas.ts";
import { anyObject, count, flag, object, sorting, text, texts, time, filled } from "./schemas.ts";
import { credentialMembers, credentialSecrets, invitationMembers, userMembers } from "./user-members.ts";

const newUser = () => v.looseObject({ ...userMembers(), ...credentialMembers(), ...invitationMembers() });

export const create = operation({
  noun: "User",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/user/create",
  effect: "write",
  input: newUser,
  output: anyObject,
  secretInput: credentialSecrets(),
});

export const createTest = operation({
  noun: "User",
  verb: "CreateTestUser",
  method: "POST",
  path: "/v1/mgmt/user/create/test",
  effect: "write",
  input: newUser,
  output: anyObject,
  secretInput: credentialSecrets(),
});

const either = () => v.looseObject({ loginId: text(), userId: text() });

export const load = operation({
  noun: "User",
  verb: "Load",
  method: "GET",
  path: "/v1/mgmt/user",
  effect: "read",
  input: either,
  output: anyObject,
});

export const remove = operation({
  noun: "User",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/user/delete",
  effect: "destroy",
  idempotent: true,
  input: either,
});

export const loadUsers = operation({
  noun: "User",
  verb: "LoadUsers",
  method: "POST",
  path: "/v1/mgmt/users/load",
  effect: "read",
  input: () => v.looseObject({ userIds: v.array(v.string()), includeInvalidUsers: flag() }),
  output: anyObject,
});

/** For each tenant, roles: any of them, or all where `and` is set. */
const rolesByTenant = () => v.nullish(v.record(v.string(), v.looseObject({ values: texts(), and: flag() })));

const searchInput = () =>
  v.looseObject({
    limit: count(),
    page: count(),
    offset: count(),
    sort: sorting(),
    text: text(),
    loginId: text(),
    loginIds: texts(),
    userIds: texts(),
    emails: texts(),
    phones: texts(),
    tenantIds: texts(),
    includeSubTenants: flag(),
    roleNames: texts(),
    tenantRoleIds: rolesByTenant(),
    tenantRoleNames: rolesByTenant(),
    familyIds: texts(),
    dependent: flag(),
    statuses: texts(),
    lockReasons: texts(),
    tempLockReasons: texts(),
    ssoAppIds: texts(),
    customAttributes: object(),
    withTestUser: flag(),
    testUsersOnly: flag(),
    ssoOnly: flag(),
    scimOnly: flag(),
    password: flag(),
    totp: flag(),
    webauthn: flag(),
    scim: flag(),
    verifiedEmail: flag(),
    verifiedPhone: flag(),
    recoveryEmails: texts(),
    recoveryPhones: texts(),
    verifiedRecoveryEmail: flag(),
    verifiedRecoveryPhone: flag(),
    // Milliseconds since 1970.
    fromCreatedTime: time(),
    toCreatedTime: time(),
    fromModifiedTime: time(),
    toModifiedTime: time(),
    selectedColumns: texts(),
  });

const searchPaging = { size: "limit", page: "page", items: "users", identity: "userId", largest: 100 };

export const search = operation({
  noun: "User",
  verb: "SearchAll",
  method: "POST",
  path: "/v2/mgmt/user/search",
  olderPaths: ["/v1/mgmt/user/search"],
  effect: "read",
  input: searchInput,
  output: anyObject,
  paging: searchPaging,
});

export const searchTest = operation({
  noun: "User",
  verb: "SearchAllTestUsers",
  method: "POST",
  path: "/v2/mgmt/user/search/test",
  effect: "read",
  input: searchInput,
  output: anyObject,
  paging: searchPaging,
});

export const updateStatus = operation({
  noun: "User",
  verb: "UpdateStatus",
  method: "POST",
  path: "/v1/mgmt/user/update/status",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), status: v.string() }),
  output: anyObject,
});

/** Without a password one is made up and given back. */
const passwordInput = () => v.looseObject({ loginId: filled(), password: text(), setActive: flag() });

export const setTemporaryPassword = operation({
  noun: "User",
  verb: "SetTemporaryPassword",
  method: "POST",
  path: "/v1/mgmt/user/password/set/temporary",
  effect: "write",
  idempotent: true,
  input: passwordInput,
  secretInput: ["password"],
  secretOutput: ["cleartext"],
});

export const setActivePassword = operation({
  noun: "User",
  verb: "SetActivePassword",
  method: "POST",
  path: "/v1/mgmt/user/password/set/active",
  effect: "write",
  idempotent: true,
  input: passwordInput,
  secretInput: ["password"],
  secretOutput: ["cleartext"],
});

/** The older form of both: temporary unless `setActive` says otherwise. */
export const setPassword = operation({
  noun: "User",
  verb: "SetPassword",
  method: "POST",
  path: "/v1/mgmt/user/password/set",
  effect: "write",
  idempotent: true,
  input: passwordInput,
  secretInput: ["password"],
  secretOutput: ["cleartext"],
});

export const expirePassword = operation({
  noun: "User",
  verb: "ExpirePassword",
  method: "POST",
  path: "/v1/mgmt/user/password/expire",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled() }),
});

const rolesInput = () => v.looseObject({ loginId: filled(), tenantId: text(), roleNames: texts() });

export const setRoles = operation({
  noun: "User",
  verb: "SetRoles",
  method: "POST",
  path: "/v1/mgmt/user/update/role/set",
  effect: "write",
  idempotent: true,
  input: rolesInput,
  output: anyObject,
});

export const addRoles = operation({
  noun: "User",
  verb: "AddRoles",
  method: "POST",
  path: "/v2/mgmt/user/update/role/add",
  olderPaths: ["/v1/mgmt/user/update/role/add"],
  effect: "write",
  idempotent: true,
  input: rolesInput,
  output: anyObject,
});

export const removeRoles = operation({
  noun: "User",
  verb: "RemoveRoles",
  method: "POST",
  path: "/v1/mgmt/user/update/role/remove",
  effect: "write",
  idempotent: true,
  input: rolesInput,
  output: anyObject,
});

export const deleteAllTest = operation({
  noun: "User",
  verb: "DeleteAllTestUsers",
  method: "DELETE",
  path: "/v1/mgmt/user/test/delete/all",
  effect: "destroy",
  idempotent: true,
});

export const generateOtp = operation({
  noun: "User",
  verb: "GenerateOTPForTestUser",
  method: "POST",
  path: "/v1/mgmt/tests/generate/otp",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), deliveryMethod: v.string(), loginOptions: loginOptions() }),
  output: anyObject,
  secretOutput: ["code"],
});

export const generateMagicLink = operation({
  noun: "User",
  verb: "GenerateMagicLinkForTestUser",
  method: "POST",
  path: "/v1/mgmt/tests/generate/magiclink",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      loginId: filled(),
      deliveryMethod: v.string(),
      ...linkTarget(),
      loginOptions: loginOptions(),
    }),
  output: anyObject,
  secretOutput: ["link"],
});

export const generateEnchantedLink = operation({
  noun: "User",
  verb: "GenerateEnchantedLinkForTestUser",
  method: "POST",
  path: "/v1/mgmt/tests/generate/enchantedlink",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: filled(), ...linkTarget(), loginOptions: loginOptions() }),
  output: anyObject,
  secretOutput: ["link", "pendingRef"],
});
