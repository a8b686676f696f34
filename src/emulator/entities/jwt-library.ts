import type { JwtTemplate } from "./jwt-template.ts";

/** A template to start from. */
export type LibraryEntry = Omit<JwtTemplate, "source"> & {
  readonly experimental: boolean;
  readonly logoLight: string;
  readonly logoDark: string;
};

const DEFAULTS = {
  authSchema: "default",
  type: "user",
  conformanceIssuer: false,
  autoDCT: false,
  enforceIssuer: false,
  emptyClaimPolicy: "none",
  overrideSubject: false,
  issuerType: "legacy",
  omitCustomClaimsFromDSR: false,
  addJti: false,
  excludePermissions: false,
  experimental: false,
  logoLight: "",
  logoDark: "",
} as const;

/** The emulator's own library of templates. Descope's holds others, and more of them. */
export const JWT_LIBRARY: readonly LibraryEntry[] = [
  {
    ...DEFAULTS,
    id: "emulator-profile",
    name: "User profile",
    description: "Puts the user's name, address and number into the token",
    template: { name: "{{user.name}}", email: "{{user.email}}", phone: "{{user.phone}}" },
    tags: ["profile"],
  },
  {
    ...DEFAULTS,
    id: "emulator-hasura",
    name: "Hasura",
    description: "Puts the user's id into the claims that Hasura reads",
    template: {
      "https://hasura.io/jwt/claims": {
        "x-hasura-default-role": "user",
        "x-hasura-allowed-roles": ["user"],
        "x-hasura-user-id": "{{user.userId}}",
      },
    },
    tags: ["database"],
  },
  {
    ...DEFAULTS,
    id: "emulator-tenant-only",
    name: "Current tenant alone",
    description: "Keeps the roles and permissions of the current tenant, and marks tokens one by one",
    template: { email: "{{user.email}}" },
    tags: ["tenant", "small"],
    authSchema: "tenantOnly",
    autoDCT: true,
    addJti: true,
    emptyClaimPolicy: "delete",
  },
  {
    ...DEFAULTS,
    id: "emulator-service",
    name: "Service",
    description: "For tokens of access keys: says that no person stands behind it",
    template: { kind: "service" },
    tags: ["service"],
    type: "key",
  },
];
