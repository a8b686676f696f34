import * as operations from "../../api/operations/projects.ts";
import { audit } from "../audit.ts";
import { EmulatorError, invalidArgument, missingArgument, notFound } from "../error.ts";
import { jwtTemplates } from "../entities/jwt-template.ts";
import { lists } from "../entities/list.ts";
import { copySchema } from "../fga/schema-store.ts";
import { allProjects, putProject, removeProject, type Project, type ProjectInfo } from "../project.ts";
import { createProject } from "../projects.ts";
import { on, type Call, type InputOf, type Service } from "../service.ts";
import { exportSnapshot } from "../snapshot/export-snapshot.ts";
import { importSnapshot, validateSnapshot, type SnapshotInput } from "../snapshot/import-snapshot.ts";
import { allFiles, putFile } from "../snapshot/snapshot-files.ts";
import { copySecrets } from "../snapshot/secrets.ts";
import { parts } from "../snapshot/parts.ts";
import { Collection } from "../store/collection.ts";

export const projectService: Service = [
  on(operations.list, (_input, { world }) => ({ projects: allProjects(world).map(listed) })),
  on(operations.clone, (input, call) => {
    const { id: projectId, name: projectName, environment, tags } = clone(call, input);
    return { projectId, projectName, environment, tags };
  }),
  on(operations.cloneAsync, (input, call) => {
    const { project } = call;
    const processId = project.ids.next("PCP");
    cloneProcesses.put(project, { processId, ...cloneOutcome(call, input) });
    return { processId };
  }),
  on(operations.cloneProcess, ({ processId }, { project }) => {
    const found = cloneProcesses.get(project, processId);
    if (found === undefined) throw notFound(`There is no clone process ${processId}`);
    const { projectId, projectName, error } = found;
    return { projectId, projectName, error };
  }),
  on(operations.updateName, ({ name }, { project, world, actorId }) => {
    if (name.trim() === "") throw missingArgument("The name field is empty");
    putProject(world, { ...project.info, name });
    audit(project, { action: "ProjectUpdated", actorId, data: { name } });
    return {};
  }),
  on(operations.updateTags, ({ tags }, { project, world, actorId }) => {
    putProject(world, { ...project.info, tags: [...new Set(tags ?? [])] });
    audit(project, { action: "ProjectUpdated", actorId, data: { tags: tags ?? [] } });
    return {};
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

type CloneInput = InputOf<typeof operations.clone>;

/** What became of a clone that was not waited for. */
interface CloneProcess {
  readonly processId: string;
  readonly projectId: string;
  readonly projectName: string;
  /** Why there is none; empty where there is one. */
  readonly error: string;
}

const cloneProcesses = new Collection<CloneProcess>("cloneProcess", ({ processId }) => processId);

function clone({ project, world, actorId }: Call, { name, environment, tags }: CloneInput): ProjectInfo {
  if (name.trim() === "") throw missingArgument("The name field is empty");
  if (environment && environment !== "production")
    throw invalidArgument("The environment field must be production, or empty");
  const info = {
    id: world.ids.nextProject(),
    name,
    environment: environment ?? "",
    tags: tags ?? [],
    createdTime: world.clock.now(),
  };
  cloneProject(project, info);
  audit(project, { action: "ProjectCloned", actorId, data: { projectId: info.id, name } });
  return info;
}

/** A clone that fails is no error of the call that started it. */
function cloneOutcome(call: Call, input: CloneInput): Omit<CloneProcess, "processId"> {
  try {
    const { id, name } = call.world.store.transaction(() => clone(call, input));
    return { projectId: id, projectName: name, error: "" };
  } catch (error) {
    if (error instanceof EmulatorError)
      return { projectId: "", projectName: input.name, error: error.message };
    throw error;
  }
}

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
  for (const collection of [jwtTemplates, lists]) collection.copyAll(from, clone);
  copySchema(from, clone);
  putProject(from.world, info);
  return clone;
}
