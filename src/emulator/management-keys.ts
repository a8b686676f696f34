import { activeManagementKey, checkReach } from "./entities/management-key.ts";
import type { Project } from "./project.ts";
import type { World } from "./world.ts";

/** The management key of an emulator that was started without one. It is published: it opens nothing but emulators. */
export const DEFAULT_MANAGEMENT_KEY = "KEmulatorManagementKey00000001";

/** The id under which the key that the emulator was started with appears in the audit trail. */
const ROOT_ID = "KEmulatorRoot";

/** The key that the emulator was started with. It may do everything in every project. */
export function rootKey(world: World): string {
  return world.store.meta("managementKey") ?? DEFAULT_MANAGEMENT_KEY;
}

/**
 * Who a management key belongs to; undefined for one that does not exist, or is no longer good.
 *
 * @param use in which project, and from where, it is used; a key that is not for it is refused.
 * @throws {EmulatorError} 403 when it is good, but not for this use.
 */
export function managementKeyId(
  world: World,
  cleartext: string,
  use?: { readonly project: Project | undefined; readonly remoteAddress: string },
): string | undefined {
  if (cleartext === rootKey(world)) return ROOT_ID;
  const key = activeManagementKey(world, cleartext);
  if (key !== undefined && use !== undefined) checkReach(key, use.project, use.remoteAddress);
  return key?.id;
}
