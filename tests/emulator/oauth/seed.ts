import type { TestEmulator } from "../../support/emulator.ts";
import { CALLBACK, oauthEndpoints, type OAuthEndpoints } from "../../support/oauth.ts";

/** A project with users, a tenant, roles and inbound applications of each kind. */
export const SEED = {
  tenants: [
    { id: "acme", name: "Acme" },
    { id: "globex", name: "Globex" },
  ],
  permissions: [{ name: "files.read" }],
  roles: [{ name: "reader", permissionNames: ["files.read"] }, { name: "writer" }],
  users: [
    {
      userId: "Uann",
      loginId: "ann@example.com",
      email: "ann@example.com",
      verifiedEmail: true,
      phone: "+15550100",
      name: "Ann <b>Lee</b>",
      givenName: "Ann",
      familyName: "Lee",
      roleNames: ["reader", "writer"],
      userTenants: [{ tenantId: "acme", roleNames: ["writer"] }],
    },
    { userId: "Ubo", loginId: "bo", test: true },
    { userId: "Udi", loginId: "di", status: "disabled" },
  ],
  accessKeys: [{ id: "Kjob", name: "Job", cleartext: "Kjob-cleartext", roleNames: ["reader"] }],
  inboundApps: [
    {
      id: "files",
      name: 'Files & "More"',
      clientId: "files-client",
      secret: "files/secret+1",
      approvedCallbackUrls: [CALLBACK],
      permissionsScopes: [
        { name: "read", description: "Read files", values: ["reader"] },
        { name: "write", description: "Write files", values: ["writer"], optional: true },
      ],
      attributesScopes: [{ name: "contact", description: "Reach you", values: ["email", "phone"] }],
    },
  ],
};

/** A federated application that keeps a secret. */
export const SHOP_APP = {
  id: "shop",
  name: "Shop",
  clientId: "shop-client",
  secret: "shop-secret",
  clientType: "confidential",
} as const;

/** The endpoints for the inbound application "files" and for the federated one. */
export function bothEndpoints(emulator: TestEmulator): { files: OAuthEndpoints; own: OAuthEndpoints } {
  const common = { response_type: "code", redirect_uri: CALLBACK };
  return {
    files: oauthEndpoints(emulator, "/oauth2/v1/apps", {
      ...common,
      client_id: "files-client",
      scope: "openid read",
    }),
    own: oauthEndpoints(emulator, "/oauth2/v1", {
      ...common,
      client_id: "shop-client",
      scope: "openid profile",
    }),
  };
}
