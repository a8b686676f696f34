import { methodSettings } from "../project-settings.ts";
import type { Project } from "../project.ts";
import { putFile } from "../snapshot/snapshot-files.ts";
import { Collection } from "../store/collection.ts";
import type { JsonObject } from "../../json/value.ts";

interface TenantPasswords {
  readonly tenantId: string;
  readonly settings: JsonObject;
}

const ofTenants = new Collection<TenantPasswords>("passwordSettings", ({ tenantId }) => tenantId);

/** What a tenant asks of its users' passwords; undefined where it never said. */
export function tenantPasswordSettings(project: Project, tenantId: string): JsonObject | undefined {
  return ofTenants.get(project, tenantId)?.settings;
}

/** The settings that count: the tenant's, where they are enabled or asked for; else the project's. */
export function passwordSettings(project: Project, tenantId: string | undefined): JsonObject {
  const own = tenantId === undefined ? undefined : tenantPasswordSettings(project, tenantId);
  return own ?? methodSettings(project, "password");
}

/** Changes the settings of a tenant, or of the project. */
export function putPasswordSettings(
  project: Project,
  tenantId: string | undefined,
  changes: JsonObject,
): void {
  const settings = { ...passwordSettings(project, tenantId), ...changes };
  if (tenantId === undefined) putFile(project, "auth/password.json", settings);
  else ofTenants.put(project, { tenantId, settings });
}

/** Forgets the settings of a tenant that is gone. */
export function forgetTenantPasswordSettings(project: Project, tenantId: string): void {
  ofTenants.delete(project, tenantId);
}
