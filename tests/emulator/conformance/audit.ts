import * as audit from "../../../src/api/operations/audit.ts";
import { example, type Examples } from "./example.ts";
import { auditRowReply, list, strict, integer } from "./shapes.ts";

export const auditExamples: Examples = [
  example(audit.search, strict({ audits: list(auditRowReply), total: integer }), async (scene) => {
    await scene.memberSession();
    return { from: String(Date.now() - 60_000), size: 100, page: 0, oldestFirst: true };
  }),
];
