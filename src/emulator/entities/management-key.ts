import { company } from "../company.ts";
import { forbidden, notFound } from "../error.ts";
import { isInRange } from "../ip-range.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import type { World } from "../world.ts";
import { hashKey } from "./access-key.ts";

/** A management key that was created by the API, beside the one that the emulator was started with. */
export interface ManagementKey {
  readonly id: string;
  name: string;
  description: string;
  status: "active" | "inactive";
  permittedIps: readonly string[];
  readonly roles: ManagementRoles;
  /** Milliseconds since 1970. */
  readonly createdTime: number;
  /** Milliseconds since 1970; 0 for never. */
  readonly expireTime: number;
  /** How often it was changed, from 1. */
  version: number;
  readonly secretHash: string;
}

/** Where a key may do something. One that has no roles at all may do everything. */
export interface ManagementRoles {
  readonly companyRoles: readonly string[];
  readonly projectRoles: readonly {
    readonly projectIds: readonly string[];
    readonly roles: readonly string[];
  }[];
  readonly tagRoles: readonly { readonly tags: readonly string[]; readonly roles: readonly string[] }[];
}

const keys = new Collection<ManagementKey>(
  "managementKey",
  ({ id }) => id,
  ({ secretHash }) => secretHash,
);

export function allManagementKeys(world: World): ManagementKey[] {
  return keys.all(company(world));
}

export function putManagementKey(world: World, key: ManagementKey): ManagementKey {
  return keys.put(company(world), key);
}

/** True when there was one. */
export function deleteManagementKey(world: World, id: string): boolean {
  return keys.delete(company(world), id);
}

/** @throws {EmulatorError} when there is none with that id. */
export function requireManagementKey(world: World, id: string): ManagementKey {
  const found = keys.get(company(world), id);
  if (found === undefined) throw notFound(`There is no management key ${id}`);
  return found;
}

/** The key that was given out as `cleartext`, if it is still good. */
export function activeManagementKey(world: World, cleartext: string): ManagementKey | undefined {
  const found = keys.named(company(world), hashKey(cleartext));
  if (found === undefined || found.status !== "active") return undefined;
  return found.expireTime > 0 && found.expireTime <= world.clock.now() ? undefined : found;
}

/**
 * Checks what a key may reach.
 *
 * @param project where it is used; undefined for calls of the company.
 * @throws {EmulatorError} 403 for an address or a project that it is not for.
 */
export function checkReach(
  { permittedIps, roles }: ManagementKey,
  project: Project | undefined,
  remoteAddress: string,
): void {
  if (permittedIps.length > 0 && !permittedIps.some((range) => isInRange(remoteAddress, range) === true))
    throw forbidden(`The management key may not be used from ${remoteAddress}`);
  const { companyRoles, projectRoles, tagRoles } = roles;
  if (companyRoles.length > 0 || (projectRoles.length === 0 && tagRoles.length === 0)) return;
  if (project === undefined)
    throw forbidden("The management key is for single projects, not for the company");
  const { id, tags } = project.info;
  const isNamed = projectRoles.some(({ projectIds }) => projectIds.includes(id));
  if (!isNamed && !tagRoles.some((role) => role.tags.some((tag) => tags.includes(tag))))
    throw forbidden(`The management key is not for the project ${id}`);
}

/** A management key as the API gives it. */
export function managementKeyReply(key: ManagementKey): Record<string, unknown> {
  return {
    id: key.id,
    name: key.name,
    description: key.description,
    status: key.status,
    createdTime: Math.floor(key.createdTime / 1000),
    expireTime: Math.floor(key.expireTime / 1000),
    permittedIps: key.permittedIps,
    reBac: key.roles,
    version: key.version,
    authzVersion: 1,
  };
}
