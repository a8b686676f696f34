import * as v from "valibot";
import { free, mapOf } from "../record.ts";

const names = () => v.array(v.string());
const scopes = () => v.array(v.object({ name: v.string(), description: v.string(), values: names() }));

/** An inbound (third-party) application, as the vendor's tools print it. */
export const inboundApp = v.object({
  id: v.string(),
  name: v.string(),
  description: v.string(),
  logo: v.string(),
  loginPageUrl: v.string(),
  clientId: v.string(),
  approvedCallbackUrls: names(),
  permissionsScopes: scopes(),
  attributesScopes: scopes(),
  jwtBearerSettings: v.optional(
    v.object({
      issuers: v.optional(
        mapOf(
          v.object({
            jwksUri: v.optional(v.string()),
            signAlgorithm: v.optional(v.string()),
            userInfoUri: v.optional(v.string()),
            externalIdFieldName: v.optional(v.string()),
          }),
        ),
      ),
    }),
  ),
  customAttributes: v.optional(free),
});
