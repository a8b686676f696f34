import * as v from "valibot";
import { tenantRoles } from "../../api/operations/schemas.ts";
import { credentialMembers, userMembers } from "../../api/operations/user-members.ts";
import type { ExportedState } from "../export/read-export.ts";
import type { Files } from "../snapshot/snapshot-files.ts";

/** A time as a seed gives it: ISO 8601, or seconds since 1970. */
const time = () => v.union([v.number(), v.pipe(v.string(), v.isoTimestamp())]);
const texts = () => v.array(v.string());
const anything = () => v.record(v.string(), v.unknown());

/** A user: what a request that creates one may say, and what only a seed can pin. */
export const seedUser = () =>
  v.strictObject({
    ...userMembers(),
    ...credentialMembers(),
    userId: v.optional(v.string()),
    loginId: v.optional(v.string()),
    loginIds: v.optional(texts()),
    status: v.optional(v.picklist(["enabled", "disabled", "invited", "expired"])),
    createdTime: v.optional(time()),
  });

export type SeedUser = v.InferOutput<ReturnType<typeof seedUser>>;

const members = () => ({
  permissions: v.optional(v.array(v.strictObject({ name: v.string(), description: v.optional(v.string()) }))),
  roles: v.optional(
    v.array(
      v.strictObject({
        id: v.optional(v.string()),
        name: v.string(),
        description: v.optional(v.string()),
        permissionNames: v.optional(texts()),
        tenantId: v.optional(v.string()),
        default: v.optional(v.boolean()),
      }),
    ),
  ),
  tenants: v.optional(
    v.array(
      v.strictObject({
        id: v.optional(v.string()),
        name: v.string(),
        selfProvisioningDomains: v.optional(texts()),
        customAttributes: v.optional(anything()),
        enforceSSO: v.optional(v.boolean()),
        disabled: v.optional(v.boolean()),
        parent: v.optional(v.string()),
      }),
    ),
  ),
  users: v.optional(v.array(seedUser())),
  accessKeys: v.optional(
    v.array(
      v.strictObject({
        id: v.optional(v.string()),
        name: v.string(),
        cleartext: v.optional(v.string()),
        description: v.optional(v.string()),
        expireTime: v.optional(v.number()),
        userId: v.optional(v.string()),
        roleNames: v.optional(texts()),
        keyTenants: tenantRoles(),
        customClaims: v.optional(anything()),
        permittedIps: v.optional(texts()),
      }),
    ),
  ),
  inboundApps: v.optional(
    v.array(
      v.strictObject({
        id: v.optional(v.string()),
        name: v.string(),
        clientId: v.optional(v.string()),
        secret: v.optional(v.string()),
        description: v.optional(v.string()),
        loginPageUrl: v.optional(v.string()),
        approvedCallbackUrls: v.optional(texts()),
        permissionsScopes: scopes(),
        attributesScopes: scopes(),
        nonConfidentialClient: v.optional(v.boolean()),
        forcePkce: v.optional(v.boolean()),
        skipConsentScreen: v.optional(v.boolean()),
        forceAddAllAuthorizationInfo: v.optional(v.boolean()),
        defaultAudience: v.optional(v.picklist(["", "projectId", "clientId"])),
        audienceWhitelist: v.optional(texts()),
        allowedTenants: v.optional(texts()),
      }),
    ),
  ),
  oidcApps: v.optional(
    v.array(
      v.strictObject({
        id: v.optional(v.string()),
        name: v.string(),
        clientId: v.optional(v.string()),
        secret: v.optional(v.string()),
        clientType: v.optional(v.picklist(["confidential", "public"])),
        approvedRedirectUrls: v.optional(texts()),
        forcePkce: v.optional(v.boolean()),
        claims: v.optional(texts()),
        defaultAudience: v.optional(v.picklist(["", "projectId", "clientId"])),
      }),
    ),
  ),
  consents: v.optional(
    v.array(
      v.strictObject({
        id: v.optional(v.string()),
        appId: v.string(),
        loginId: v.optional(v.string()),
        tenantId: v.optional(v.string()),
        scopes: texts(),
        expireTime: v.optional(time()),
      }),
    ),
  ),
  calls: v.optional(
    v.array(
      v.strictObject({
        path: v.pipe(v.string(), v.regex(/^\/(?:v\d+\/mgmt|scim)\//, "the path of a management call")),
        method: v.optional(v.picklist(["GET", "POST", "PUT", "PATCH", "DELETE"])),
        body: v.optional(anything()),
      }),
    ),
  ),
  snapshot: v.optional(v.string()),
  secrets: v.optional(
    v.strictObject({ connectors: secrets(), oauthProviders: secrets(), outboundApps: secrets() }),
  ),
});

const scopes = () =>
  v.optional(
    v.array(
      v.strictObject({
        name: v.string(),
        description: v.string(),
        values: v.optional(texts()),
        optional: v.optional(v.boolean()),
      }),
    ),
  );
const secrets = () =>
  v.optional(
    v.array(
      v.strictObject({
        id: v.string(),
        name: v.optional(v.string(), ""),
        type: v.string(),
        value: v.string(),
      }),
    ),
  );

/** A seed file: projects with what is in them, or the content of one project alone. */
export const seedFile = () =>
  v.strictObject({
    managementKey: v.optional(v.string()),
    projects: v.optional(
      v.array(
        v.strictObject({
          id: v.string(),
          name: v.optional(v.string()),
          environment: v.optional(v.picklist(["", "production"])),
          tags: v.optional(texts()),
          ...members(),
        }),
      ),
    ),
    ...members(),
  });

export type SeedFile = v.InferOutput<ReturnType<typeof seedFile>>;
export type SeedProject = NonNullable<SeedFile["projects"]>[number];
/** What a seed puts into a project. */
export type SeedContent = Omit<SeedProject, "id" | "name" | "environment" | "tags" | "snapshot"> & {
  /** Where a user stands ("users.csv:12"), for errors. */
  readonly placeOfUser?: (index: number) => string;
  /** The same for a call. */
  readonly placeOfCall?: (index: number) => string;
  /** The files of a snapshot. */
  readonly files?: Readonly<Files>;
};

/** A seed that was read whole, with the snapshots that it names. */
export interface Seed {
  /** Where it came from, for errors. */
  readonly path: string;
  readonly managementKey?: string;
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly environment: string;
    readonly tags: readonly string[];
    readonly content: SeedContent;
  }[];
  /** For every project that the emulator was started with by name, or its one own. */
  readonly content?: SeedContent;
  /** A whole state, with projects of its own. */
  readonly exported?: ExportedState;
}
