import * as consents from "../../../src/api/operations/consents.ts";
import { example, type Examples } from "./example.ts";
import { consentReply, list, nothing, strict, integer } from "./shapes.ts";

export const consentExamples: Examples = [
  example(consents.search, strict({ consents: list(consentReply), total: integer }), () => ({
    limit: 10,
    page: 0,
  })),
  example(consents.remove, nothing, () => ({ consentIds: ["C1"] })),
  example(consents.removeOfTenants, nothing, () => ({ consentIds: ["C2"] })),
];
