import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, text, texts, time } from "./schemas.ts";
import { credentialMembers, credentialSecrets, invitationMembers, userMembers } from "./user-members.ts";

/** What succeeds is done, what fails is named: the reply is a success either way. */
export const createBatch = operation({
  noun: "User",
  verb: "CreateBatch",
  method: "POST",
  path: "/v1/mgmt/user/create/batch",
  effect: "write",
  input: () =>
    v.looseObject({
      users: v.array(
        v.looseObject({
          ...userMembers(),
          ...credentialMembers(),
          // Seconds since 1970.
          createdTime: time(),
        }),
      ),
      ...invitationMembers(),
    }),
  output: anyObject,
  secretInput: credentialSecrets("users.*."),
});

export const patchBatch = operation({
  noun: "User",
  verb: "PatchBatch",
  method: "PATCH",
  path: "/v1/mgmt/user/patch/batch",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ users: v.array(v.looseObject(userMembers())) }),
  output: anyObject,
});

export const deleteBatch = operation({
  noun: "User",
  verb: "DeleteBatch",
  method: "POST",
  path: "/v1/mgmt/user/delete/batch",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ userIds: v.array(v.string()) }),
});

/** Users and hashes are the base64 of what another service exports; at least one of them is sent. */
export const importUsers = operation({
  noun: "User",
  verb: "Import",
  method: "POST",
  path: "/v1/mgmt/user/import",
  effect: "write",
  input: () => v.looseObject({ source: v.string(), users: text(), hashes: text(), dryrun: flag() }),
  output: anyObject,
  secretInput: ["users", "hashes"],
});

/** When and from where users signed in. The body is the list of their ids; so is the reply a list. */
export const history = operation({
  noun: "User",
  verb: "History",
  method: "POST",
  path: "/v1/mgmt/user/history",
  effect: "read",
  input: () => v.array(v.string()),
  output: () => v.array(v.unknown()),
});

export const historyOf = operation({
  noun: "User",
  verb: "HistoryOf",
  method: "POST",
  path: "/v2/mgmt/user/history",
  effect: "read",
  input: () => v.looseObject({ userIds: texts() }),
  output: anyObject,
});
