import * as v from "valibot";
import { free, whole } from "../record.ts";

const names = () => v.array(v.string());

/** A tenant, as the vendor's tools print it. */
export const tenant = v.object({
  id: v.string(),
  name: v.string(),
  selfProvisioningDomains: names(),
  customAttributes: v.optional(free),
  authType: v.optional(v.string()),
  domains: v.optional(names()),
  createdTime: v.optional(whole),
  enforceSSO: v.optional(v.boolean()),
  disabled: v.optional(v.boolean()),
  enforceSSOExclusions: v.optional(names()),
  roleInheritance: v.optional(v.string()),
});
