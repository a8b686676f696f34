import * as operations from "../../api/operations/projects.ts";
import { audit } from "../audit.ts";
import { invalidArgument } from "../error.ts";
import { allProjects, putProject, removeProject, type Project, type ProjectInfo } from "../project.ts";
import { createProject } from "../projects.ts";
import { on, type Service } from "../service.ts";
import { exportSnapshot } from "../snapshot/export-snapshot.ts";
import { importSnapshot, validateSnapshot, type SnapshotInput } from "../snapshot/import-snapshot.ts";
import { allFiles, putFile } from "../snapshot/snapshot-files.ts";
import { copySecrets } from "../snapshot/secrets.ts";
import { parts } from "../snapshot/parts.ts";

export const projectService: Service = [
  on(operations.list, (_input, { world }) => ({ projects: allProjects(world).map(listed) })),
  on(operations.clone, ({ name, environment, tags }, { project, world, actorId }) => {
    if (environment && environment !== "production")
      throw invalidArgument("The environment field must be production, or empty");
    const clone = cloneProject(project, {
      id: world.ids.nextProject(),
      name,
      environment: environment ?? "",
      tags: tags ?? [],
      createdTime: world.clock.now(),
    });
    audit(project, { action: "ProjectCloned", actorId, data: { projectId: clone.id, name } });
    return {
      projectId: clone.id,
      projectName: name,
      environment: environment ?? "",
      tags: tags ?? [],
    };
  }),
  on(operations.remove, (_input, { project }) => {
    removeProject(project);
    return {};
  }),
  on(operations.exportSnapshot, ({ format }, { project }) => {
    if (format && format !== "plain") throw invalidArgument("The format field must be plain, or empty");
    return { files: exportSnapshot(project, format === "plain") };
  }),
  on(operations.importSnapshot, (input, { project, actorId }) => {
    importSnapshot(project, input as SnapshotInput);
    audit(project, { action: "ProjectImported", actorId });
    return {};
  }),
  on(operations.validateSnapshot, (input, { project }) => validateSnapshot(project, input as SnapshotInput)),
];

function listed({ id, name, environment, tags }: ProjectInfo) {
  return { id, name, environment, tags };
}

/** A new project with the configuration and secrets of another one, but none of its users, tenants and keys. */
function cloneProject(from: Project, info: ProjectInfo): Project {
  const clone = createProject(from.world, info);
  for (const [path, content] of Object.entries(allFiles(from))) putFile(clone, path, content);
  for (const part of parts) {
    const content = part.write(from);
    if (content !== undefined) part.read(clone, content);
  }
  copySecrets(from, clone);
  putProject(from.world, info);
  return clone;
}
