import * as v from "valibot";
import { operation } from "../operation.ts";
import { filled, texts } from "./schemas.ts";

/** Groups of a tenant's people, as its directory or identity provider has them. The replies are lists, not objects. */
const groups = () => v.array(v.unknown());

export const loadAll = operation({
  noun: "Group",
  verb: "LoadAllGroups",
  method: "POST",
  path: "/v1/mgmt/group/all",
  effect: "read",
  input: () => v.looseObject({ tenantId: filled() }),
  output: groups,
});

export const loadForMembers = operation({
  noun: "Group",
  verb: "LoadAllGroupsForMembers",
  method: "POST",
  path: "/v1/mgmt/group/member/all",
  effect: "read",
  input: () => v.looseObject({ tenantId: filled(), loginIds: texts(), userIds: texts() }),
  output: groups,
});

export const loadMembers = operation({
  noun: "Group",
  verb: "LoadAllGroupMembers",
  method: "POST",
  path: "/v1/mgmt/group/members",
  effect: "read",
  input: () => v.looseObject({ tenantId: filled(), groupId: filled() }),
  output: groups,
});
