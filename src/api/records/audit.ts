import * as v from "valibot";
import { free } from "../record.ts";

const names = () => v.array(v.string());

/** An audit record as it is on the wire, in the order in which it is printed. */
export const auditRow = v.object({
  projectId: v.optional(v.string()),
  userId: v.optional(v.string()),
  action: v.optional(v.string()),
  type: v.optional(v.string()),
  actorId: v.optional(v.string()),
  occurred: v.string(),
  device: v.optional(v.string()),
  method: v.optional(v.string()),
  geo: v.optional(v.string()),
  remoteAddress: v.optional(v.string()),
  externalIds: v.optional(names()),
  tenants: names(),
  data: v.optional(free),
});
