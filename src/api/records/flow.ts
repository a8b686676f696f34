import * as v from "valibot";

/** A flow in a list, as the vendor's tools print it. */
export const flowEntry = v.object({
  id: v.string(),
  name: v.string(),
  description: v.optional(v.string()),
  disabled: v.optional(v.boolean()),
});
