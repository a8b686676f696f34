import { Project } from "./project.ts";
import type { World } from "./world.ts";

/** What belongs to the company and to none of its projects: management keys, the people who work on projects. */
export function company(world: World): Project {
  return new Project("", world);
}
