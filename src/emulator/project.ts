import { read, write, type Store } from "./store/store.ts";
import type { EmulatorClock } from "./clock.ts";
import { projectNotFound } from "./error.ts";
import type { Ids } from "./ids.ts";
import type { World } from "./world.ts";

/** What is known of a project itself. */
export interface ProjectInfo {
  readonly id: string;
  readonly name: string;
  /** "production", or nothing. */
  readonly environment: string;
  readonly tags: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdTime: number;
}

/** A project, as services work in it. */
export class Project {
  readonly id: string;
  readonly world: World;

  constructor(id: string, world: World) {
    this.id = id;
    this.world = world;
  }

  get store(): Store {
    return this.world.store;
  }

  get clock(): EmulatorClock {
    return this.world.clock;
  }

  get ids(): Ids {
    return this.world.ids;
  }

  /** @throws {EmulatorError} when it is gone. */
  get info(): ProjectInfo {
    const row = this.store.get<{ doc: string }>("SELECT doc FROM projects WHERE id = ?", this.id);
    if (row === undefined) throw projectNotFound(this.id);
    return read<ProjectInfo>(row.doc);
  }
}

/** The project with that id. */
export function findProject(world: World, id: string): Project | undefined {
  return world.store.get("SELECT 1 FROM projects WHERE id = ?", id) === undefined
    ? undefined
    : new Project(id, world);
}

/** All projects, in the order in which they came. */
export function allProjects(world: World): ProjectInfo[] {
  return world.store
    .all<{ doc: string }>("SELECT doc FROM projects ORDER BY seq")
    .map(({ doc }) => read<ProjectInfo>(doc));
}

/** Keeps what is known of a project; makes the project where there is none. */
export function putProject(world: World, info: ProjectInfo): Project {
  world.store.run(
    "INSERT INTO projects (id, doc) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
    info.id,
    write(info),
  );
  return new Project(info.id, world);
}

/** Deletes a project and all that is in it. */
export function removeProject(project: Project): void {
  project.store.clearProject(project.id);
  project.store.run("DELETE FROM projects WHERE id = ?", project.id);
}
