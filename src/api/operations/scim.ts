import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, flag, object, text } from "./schemas.ts";

const shared = { noun: "SCIM", byAccessKey: true, output: anyObject } as const;
const paged = () => ({ filter: text(), startIndex: text(), count: text() });

const userMembers = () => ({
  userName: text(),
  externalId: text(),
  displayName: text(),
  active: flag(),
  name: v.nullish(v.looseObject({ givenName: text(), familyName: text(), middleName: text() })),
  emails: v.nullish(v.array(v.looseObject({ value: v.string(), primary: flag(), type: text() }))),
  phoneNumbers: v.nullish(v.array(v.looseObject({ value: v.string(), primary: flag(), type: text() }))),
  attributes: object(),
});

const groupMembers = () => ({
  displayName: text(),
  externalId: text(),
  excludedAttributes: text(),
  members: v.nullish(v.array(v.looseObject({ value: v.string(), display: text() }))),
});

/** Operations as RFC 7644 spells them, and as Descope's document does. */
const patches = () => {
  const one = () =>
    v.looseObject({
      op: v.string(),
      path: text(),
      value: v.optional(v.unknown()),
      valueString: text(),
      valueBoolean: flag(),
      valueArray: v.nullish(v.array(v.looseObject({ value: v.string(), display: text() }))),
      valueID: text(),
      valueDisplayName: text(),
    });
  return { Operations: v.nullish(v.array(one())), operations: v.nullish(v.array(one())) };
};

export const searchUsers = operation({
  ...shared,
  verb: "SearchUsers",
  method: "GET",
  path: "/scim/v2/Users",
  effect: "read",
  input: () => v.looseObject(paged()),
});

export const createUser = operation({
  ...shared,
  verb: "CreateUser",
  method: "POST",
  path: "/scim/v2/Users",
  effect: "write",
  input: () => v.looseObject(userMembers()),
});

export const loadUser = operation({
  ...shared,
  verb: "LoadUser",
  method: "GET",
  path: "/scim/v2/Users/{userId}",
  effect: "read",
  input: () => v.looseObject({ userId: filled() }),
});

export const updateUser = operation({
  ...shared,
  verb: "UpdateUser",
  method: "PUT",
  path: "/scim/v2/Users/{userId}",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ userId: filled(), ...userMembers() }),
});

export const patchUser = operation({
  ...shared,
  verb: "PatchUser",
  method: "PATCH",
  path: "/scim/v2/Users/{userId}",
  effect: "write",
  input: () => v.looseObject({ userId: filled(), groupId: text(), ...patches() }),
});

export const removeUser = operation({
  ...shared,
  verb: "DeleteUser",
  method: "DELETE",
  path: "/scim/v2/Users/{userId}",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ userId: filled() }),
});

export const searchGroups = operation({
  ...shared,
  verb: "SearchGroups",
  method: "GET",
  path: "/scim/v2/Groups",
  effect: "read",
  input: () => v.looseObject({ ...paged(), excludedAttributes: text() }),
});

export const createGroup = operation({
  ...shared,
  verb: "CreateGroup",
  method: "POST",
  path: "/scim/v2/Groups",
  effect: "write",
  input: () => v.looseObject({ groupId: text(), ...groupMembers() }),
});

export const loadGroup = operation({
  ...shared,
  verb: "LoadGroup",
  method: "GET",
  path: "/scim/v2/Groups/{groupId}",
  effect: "read",
  input: () => v.looseObject({ groupId: filled(), excludedAttributes: text() }),
});

export const updateGroup = operation({
  ...shared,
  verb: "UpdateGroup",
  method: "PUT",
  path: "/scim/v2/Groups/{groupId}",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ groupId: filled(), ...groupMembers() }),
});

export const patchGroup = operation({
  ...shared,
  verb: "PatchGroup",
  method: "PATCH",
  path: "/scim/v2/Groups/{groupId}",
  effect: "write",
  input: () => v.looseObject({ groupId: filled(), userId: text(), ...patches() }),
});

export const removeGroup = operation({
  ...shared,
  verb: "DeleteGroup",
  method: "DELETE",
  path: "/scim/v2/Groups/{groupId}",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ groupId: filled() }),
});

export const resourceTypes = operation({
  ...shared,
  verb: "LoadResourceTypes",
  method: "GET",
  path: "/scim/v2/ResourceTypes",
  effect: "read",
});

export const serviceProviderConfig = operation({
  ...shared,
  verb: "LoadServiceProviderConfig",
  method: "GET",
  path: "/scim/v2/ServiceProviderConfig",
  effect: "read",
});
