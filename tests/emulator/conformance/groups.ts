import * as v from "valibot";
import * as analytics from "../../../src/api/operations/analytics.ts";
import * as groups from "../../../src/api/operations/groups.ts";
import * as passwords from "../../../src/api/operations/password-settings.ts";
import type { Group } from "../../support/replies.ts";
import { example, type Examples } from "./example.ts";
import { groupMember } from "./federated-users.ts";
import { flag, integer, list, nothing, strict, text } from "./shapes.ts";

const DAY = 86_400_000;

export const analyticsExamples: Examples = [
  example(
    analytics.search,
    strict({
      analytics: list(
        strict({
          action: text,
          created: text,
          device: text,
          method: text,
          geo: text,
          tenant: text,
          referrer: text,
          projectId: text,
          cnt: text,
        }),
      ),
    }),
    async (scene) => {
      await scene.memberSession();
      return {
        from: String(Date.now() - DAY),
        to: String(Date.now() + DAY),
        groupByAction: true,
        groupByDevice: true,
        groupByMethod: true,
        groupByCreated: "d",
      };
    },
  ),
];

export const passwordSettingsExamples: Examples = [
  example(passwords.configure, nothing, async (scene) => ({
    tenantId: (await scene.tenant()).id,
    enabled: true,
    minLength: 10,
    lock: true,
    lockAttempts: 5,
  })),
  example(
    passwords.load,
    strict({
      enabled: flag,
      lowercase: flag,
      uppercase: flag,
      number: flag,
      nonAlphanumeric: flag,
      anyLetter: flag,
      disallowEmailMatch: flag,
      expiration: flag,
      reuse: flag,
      lock: flag,
      tempLock: flag,
      enablePasswordStrength: flag,
      minLength: integer,
      expirationWeeks: integer,
      reuseAmount: integer,
      lockAttempts: integer,
      tempLockAttempts: integer,
      tempLockDuration: integer,
      passwordStrengthScore: integer,
      disallowedCharacters: text,
      tenantId: text,
    }),
    async (scene) => ({ tenantId: (await scene.tenant()).id }),
  ),
];

const group = strict({
  id: text,
  display: text,
  members: list(strict({ userId: text, loginId: text, loginID: text, display: text })),
  source: text,
});
const someGroups = v.pipe(list(group), v.nonEmpty());

export const groupExamples: Examples = [
  example(groups.loadAll, someGroups, async (scene) => ({ tenantId: (await groupMember(scene)).tenantId })),
  example(groups.loadForMembers, someGroups, async (scene) => {
    const { tenantId, userId } = await groupMember(scene);
    return { tenantId, userIds: [userId] };
  }),
  example(groups.loadMembers, someGroups, async (scene) => {
    const { tenantId } = await groupMember(scene);
    const [first] = await scene.manage<Group[]>("/v1/mgmt/group/all", { tenantId });
    return { tenantId, groupId: first?.id };
  }),
];
