import type { World } from "./world.ts";

/** The management key of an emulator that was started without one. It is published: it opens nothing but emulators. */
export const DEFAULT_MANAGEMENT_KEY = "KEmulatorManagementKey00000001";

/** The id under which the key that the emulator was started with appears in the audit trail. */
const ROOT_ID = "KEmulatorRoot";

/** The key that the emulator was started with. It may do everything in every project. */
export function rootKey(world: World): string {
  return world.store.meta("managementKey") ?? DEFAULT_MANAGEMENT_KEY;
}

/** Who a management key belongs to; undefined for one that does not exist. */
export function managementKeyId(world: World, key: string): string | undefined {
  return key === rootKey(world) ? ROOT_ID : undefined;
}
