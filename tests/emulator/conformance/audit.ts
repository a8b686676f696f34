import * as analytics from "../../../src/api/operations/analytics.ts";
import * as audit from "../../../src/api/operations/audit.ts";
import { example, type Examples } from "./example.ts";
import { auditRowReply, integer, list, nothing, strict, text } from "./shapes.ts";

export const auditExamples: Examples = [
  example(audit.search, strict({ audits: list(auditRowReply), total: integer }), async (scene) => {
    await scene.memberSession();
    return { from: String(Date.now() - 60_000), size: 100, page: 0, oldestFirst: true };
  }),
  example(audit.createEvent, nothing, async (scene) => {
    const { user, tenant } = await scene.member();
    return {
      action: "Exported",
      type: "warn",
      actorId: "batch",
      tenantId: tenant.id,
      userId: user.userId,
      data: { rows: 3 },
    };
  }),
  example(audit.setWebhook, nothing, (scene) => ({
    name: scene.fresh("Hook"),
    description: "Tells of sign-ins",
    url: "https://example.com/hook",
    authentication: {
      bearerToken: "token",
      basic: { username: "name", password: "word" },
      apiKey: { key: "X-Key", token: "value" },
    },
    hmacSecret: "secret",
    headers: { "X-From": "descope" },
    insecure: false,
    filters: [{ filterType: "actions", operator: "includes", values: ["LoginSucceed"] }],
  })),
  example(
    analytics.search,
    strict({
      analytics: list(
        strict({
          projectId: text,
          action: text,
          created: text,
          device: text,
          method: text,
          geo: text,
          tenant: text,
          referrer: text,
          cnt: text,
        }),
      ),
    }),
    async (scene) => {
      await scene.memberSession();
      return {
        from: String(Date.now() - 60_000),
        groupByAction: true,
        groupByDevice: true,
        groupByMethod: true,
        groupByGeo: true,
        groupByTenant: true,
        groupByReferrer: true,
        groupByCreated: "d",
      };
    },
  ),
];
