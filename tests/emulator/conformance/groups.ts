import * as analytics from "../../../src/api/operations/analytics.ts";
import * as groups from "../../../src/api/operations/groups.ts";
import * as passwords from "../../../src/api/operations/password-settings.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, integer, list, nothing, strict, text, unknown } from "./shapes.ts";

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

const members = async (scene: Scene) => {
  const { user, tenant } = await scene.member();
  return { tenantId: tenant.id, userIds: [user.userId] };
};

export const groupExamples: Examples = [
  example(groups.loadAll, list(unknown), async (scene) => ({ tenantId: (await scene.tenant()).id })),
  example(groups.loadForMembers, list(unknown), members),
  example(
    groups.loadMembers,
    { status: 404, errorCode: "E011004", why: "a directory makes groups" },
    async (scene) => ({ tenantId: (await scene.tenant()).id, groupId: "G1" }),
  ),
];
