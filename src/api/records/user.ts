import * as v from "valibot";
import { free, mapOf, whole } from "../record.ts";

const names = () => v.array(v.string());

/** A user, as the vendor's tools print it. */
export const user = v.object({
  name: v.optional(v.string()),
  givenName: v.optional(v.string()),
  middleName: v.optional(v.string()),
  familyName: v.optional(v.string()),
  phone: v.optional(v.string()),
  email: v.optional(v.string()),
  userId: v.optional(v.string()),
  loginIds: v.optional(names()),
  verifiedEmail: v.optional(v.boolean()),
  verifiedPhone: v.optional(v.boolean()),
  roleNames: v.optional(names()),
  userTenants: v.optional(
    v.array(
      v.object({
        tenantId: v.string(),
        tenantName: v.string(),
        roleNames: v.optional(names()),
        permissions: v.optional(names()),
      }),
    ),
  ),
  status: v.optional(v.string()),
  picture: v.optional(v.string()),
  test: v.optional(v.boolean()),
  customAttributes: v.optional(free),
  createdTime: v.optional(whole),
  totp: v.optional(v.boolean()),
  webauthn: v.optional(v.boolean()),
  password: v.optional(v.boolean()),
  saml: v.optional(v.boolean()),
  scim: v.optional(v.boolean()),
  oauth: v.optional(mapOf(v.boolean())),
  ssoAppIds: v.optional(names()),
});
