import { putDefaultRoles } from "./entities/role.ts";
import { putProject, type Project, type ProjectInfo } from "./project.ts";
import { defaultSnapshot } from "./snapshot/default-snapshot.ts";
import { putFile } from "./snapshot/snapshot-files.ts";
import type { World } from "./world.ts";

/** Makes a project with what every new one has: the default configuration, roles and permissions. */
export function createProject(world: World, info: ProjectInfo): Project {
  const project = putProject(world, info);
  for (const [path, content] of Object.entries(defaultSnapshot())) putFile(project, path, content);
  putDefaultRoles(project);
  return project;
}
