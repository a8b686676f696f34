import { rootKey } from "./management-keys.ts";
import { allProjects } from "./project.ts";
import type { World } from "./world.ts";

/** What somebody who wants to use an emulator has to know of it. */
export interface Readiness {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly managementKey: string;
  /** The variables to set. */
  readonly env: Readonly<Record<string, string>>;
}

export function readiness(world: World): Readiness {
  const { url } = world.settings;
  const projects = allProjects(world).map(({ id, name }) => ({ id, name }));
  const managementKey = rootKey(world);
  return { url, projects, managementKey, env: clientEnvironment(url, projects[0]?.id ?? "", managementKey) };
}

/** The variables by which the official tools and SDKs, and this program, find an emulator. */
function clientEnvironment(url: string, project: string, managementKey: string): Record<string, string> {
  return {
    DESCOPE_BASE_URL: url,
    // The Python SDK's name for the same.
    DESCOPE_BASE_URI: url,
    DESCOPE_PROJECT_ID: project,
    DESCOPE_MANAGEMENT_KEY: managementKey,
  };
}
