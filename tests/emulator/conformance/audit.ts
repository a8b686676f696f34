import * as audit from "../../../src/api/operations/audit.ts";
import { example, type Examples } from "./example.ts";
import { auditRowReply, integer, list, nothing, strict } from "./shapes.ts";

export const auditExamples: Examples = [
  example(audit.search, strict({ audits: list(auditRowReply), total: integer }), async (scene) => {
    await scene.memberSession();
    return { from: String(Date.now() - 60_000), size: 100, page: 0, oldestFirst: true };
  }),
  example(audit.createEvent, nothing, async (scene) => ({
    action: "PlanChanged",
    type: "info",
    actorId: "billing",
    tenantId: (await scene.tenant()).id,
    data: { plan: "gold" },
  })),
  example(audit.setWebhook, nothing, (scene) => ({
    name: scene.fresh("Hook"),
    description: "Tells the ledger",
    url: "https://ledger.example.com/hook",
    authentication: { bearerToken: "secret" },
    headers: { "x-from": "descope" },
    hmacSecret: "secret",
    insecure: false,
    filters: [{ filterType: "actions", operator: "includes", values: ["LoginSucceed"] }],
  })),
];
