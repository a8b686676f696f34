import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptions } from "./auth-schemas.ts";
import { anyObject, count, flag, object, sorting, tenantRoles, text, texts } from "./schemas.ts";

const userInput = () =>
  v.looseObject({
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
    invite: flag(),
    test: flag(),
  });

export const create = operation({
  noun: "User",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/user/create",
  effect: "write",
  input: userInput,
  output: anyObject,
});

export const createTest = operation({
  noun: "User",
  verb: "CreateTestUser",
  method: "POST",
  path: "/v1/mgmt/user/create/test",
  effect: "write",
  input: userInput,
  output: anyObject,
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

export const search = operation({
  noun: "User",
  verb: "SearchAll",
  method: "POST",
  path: "/v2/mgmt/user/search",
  effect: "read",
  input: () =>
    v.looseObject({
      limit: count(),
      page: count(),
      tenantIds: texts(),
      roleNames: texts(),
      sort: sorting(),
      text: text(),
      loginIds: texts(),
      userIds: texts(),
      testUsersOnly: flag(),
      withTestUser: flag(),
      customAttributes: object(),
      statuses: texts(),
      emails: texts(),
      phones: texts(),
      ssoAppIds: texts(),
    }),
  output: anyObject,
  paging: { size: "limit", page: "page", items: "users", identity: "userId", largest: 100 },
});

export const updateStatus = operation({
  noun: "User",
  verb: "UpdateStatus",
  method: "POST",
  path: "/v1/mgmt/user/update/status",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: v.string(), status: v.string() }),
  output: anyObject,
});

const passwordInput = () => v.looseObject({ loginId: v.string(), password: v.string(), setActive: flag() });

export const setTemporaryPassword = operation({
  noun: "User",
  verb: "SetTemporaryPassword",
  method: "POST",
  path: "/v1/mgmt/user/password/set/temporary",
  effect: "write",
  idempotent: true,
  input: passwordInput,
  secretInput: ["password"],
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
});

export const expirePassword = operation({
  noun: "User",
  verb: "ExpirePassword",
  method: "POST",
  path: "/v1/mgmt/user/password/expire",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ loginId: v.string() }),
});

const rolesInput = () => v.looseObject({ loginId: v.string(), tenantId: text(), roleNames: texts() });

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
  input: () =>
    v.looseObject({ loginId: v.string(), deliveryMethod: v.string(), loginOptions: loginOptions() }),
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
      loginId: v.string(),
      deliveryMethod: v.string(),
      URI: text(),
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
  input: () => v.looseObject({ loginId: v.string(), URI: text(), loginOptions: loginOptions() }),
  output: anyObject,
  secretOutput: ["link", "pendingRef"],
});
