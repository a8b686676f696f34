import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import type { UserTenant } from "../users/user.ts";
import { RoleLookup } from "./role.ts";
import { tenants } from "./tenant.ts";

export interface AccessKey {
  readonly id: string;
  name: string;
  description: string;
  status: "active" | "inactive";
  /** Roles of the project. */
  roleIds: readonly string[];
  tenants: readonly UserTenant[];
  /** The single sign-on of its tenant whose directory it is for; absent for a key that is for anything. */
  readonly scimSsoId?: string;
  /** The user whose authorizations it takes. */
  readonly boundUserId?: string;
  customClaims: Readonly<Record<string, unknown>>;
  customAttributes: Readonly<Record<string, unknown>>;
  permittedIps: readonly string[];
  /** Milliseconds since 1970; 0 for never. */
  expireTime: number;
  readonly createdTime: number;
  readonly createdBy: string;
  /** What the client credentials grant calls it. */
  readonly clientId: string;
  /** SHA-256 of the key as it was given out. */
  secretHash: string;
}

export const accessKeys = new Collection<AccessKey>(
  "accessKey",
  ({ id }) => id,
  ({ secretHash }) => secretHash,
);

/** @throws {EmulatorError} when there is none with that id. */
export function requireAccessKey(project: Project, id: string): AccessKey {
  const found = accessKeys.get(project, id);
  if (found === undefined) throw notFound(`There is no access key ${id}`);
  return found;
}

/** The access key that was given out as `cleartext`; whether it is still good is for the caller to look at. */
export function accessKeyOf(project: Project, cleartext: string): AccessKey | undefined {
  return accessKeys.named(project, hashKey(cleartext));
}

/** What is kept of a key or secret. */
export function hashKey(cleartext: string): string {
  return new Bun.CryptoHasher("sha256").update(cleartext).digest("hex");
}

/** An access key as the API gives it. */
export function accessKeyReply(project: Project, key: AccessKey): Record<string, unknown> {
  const roles = new RoleLookup(project);
  return {
    id: key.id,
    name: key.name,
    description: key.description,
    roleNames: roles.names(key.roleIds),
    keyTenants: key.tenants.map(({ tenantId, roleIds }) => ({
      tenantId,
      tenantName: tenants.get(project, tenantId)?.name ?? "",
      roleNames: roles.names(roleIds),
    })),
    status: isExpired(project, key) ? "expired" : key.status,
    createdTime: Math.floor(key.createdTime / 1000),
    expireTime: Math.floor(key.expireTime / 1000),
    createdBy: key.createdBy,
    clientId: key.clientId,
    boundUserId: key.boundUserId ?? "",
    customClaims: key.customClaims,
    permittedIps: key.permittedIps,
    customAttributes: key.customAttributes,
  };
}

export function isExpired(project: Project, { expireTime }: AccessKey): boolean {
  return expireTime > 0 && expireTime <= project.clock.now();
}
