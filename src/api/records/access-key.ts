import * as v from "valibot";
import { free, whole } from "../record.ts";

const names = () => v.array(v.string());

/** An access key, as the vendor's tools print it. */
export const accessKey = v.object({
  id: v.optional(v.string()),
  name: v.optional(v.string()),
  roleNames: v.optional(names()),
  keyTenants: v.optional(
    v.array(v.object({ tenantId: v.string(), tenantName: v.string(), roleNames: v.optional(names()) })),
  ),
  status: v.optional(v.string()),
  createdTime: v.optional(whole),
  expireTime: v.optional(whole),
  createdBy: v.optional(v.string()),
  clientId: v.optional(v.string()),
  boundUserId: v.optional(v.string()),
  customClaims: v.optional(free),
  description: v.optional(v.string()),
  permittedIps: v.optional(names()),
  customAttributes: v.optional(free),
});
