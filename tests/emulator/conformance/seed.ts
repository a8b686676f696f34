/** What no call of the API makes: the state that examples begin with. */
export const seed = {
  permissions: [{ name: "edit", description: "May edit" }],
  roles: [
    { name: "Editor", permissionNames: ["edit"] },
    { name: "Impersonator", permissionNames: ["Impersonate"] },
  ],
  tenants: [{ id: "acme", name: "Acme" }],
  users: [{ loginId: "ann" }],
  inboundApps: [{ id: "files", name: "Files" }],
  consents: [
    { id: "C1", appId: "files", loginId: "ann", scopes: ["read"] },
    { id: "C2", appId: "files", tenantId: "acme", scopes: ["admin"] },
  ],
};
