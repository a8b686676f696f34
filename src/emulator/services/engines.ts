import * as operations from "../../api/operations/engines.ts";
import { audit } from "../audit.ts";
import { hashKey } from "../entities/access-key.ts";
import { missingArgument, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { Collection } from "../store/collection.ts";

export const engineService: Service = [
  on(operations.create, ({ name }, call) => {
    const { project } = call;
    requireName(name);
    const secret = project.ids.text(64);
    const engine = engines.put(project, {
      id: project.ids.next("EN"),
      name,
      createdTime: project.clock.now(),
      secretHash: hashKey(secret),
    });
    auditEngine(call, "EngineCreated", engine);
    return { engine: reply(engine, secret) };
  }),
  on(operations.update, ({ id, name }, call) => {
    const engine = requireEngine(call.project, id);
    requireName(name);
    const saved = engines.put(call.project, { ...engine, name });
    auditEngine(call, "EngineUpdated", saved);
    return { engine: reply(saved) };
  }),
  on(operations.remove, ({ id }, call) => {
    const engine = requireEngine(call.project, id);
    engines.delete(call.project, id);
    auditEngine(call, "EngineDeleted", engine);
    return {};
  }),
  on(operations.load, ({ id }, { project }) => ({ engine: reply(requireEngine(project, id)) })),
  on(operations.loadAll, (_input, { project }) => ({
    engines: engines.all(project).map((engine) => reply(engine)),
  })),
  on(operations.rotateSecret, ({ id }, call) => {
    const { project } = call;
    const engine = requireEngine(project, id);
    const secret = project.ids.text(64);
    engines.put(project, { ...engine, secretHash: hashKey(secret) });
    auditEngine(call, "EngineSecretRotated", engine);
    return { secret };
  }),
];

/** A program of one's own that acts for a project from inside a private network. */
interface Engine {
  readonly id: string;
  name: string;
  /** Milliseconds since 1970. */
  readonly createdTime: number;
  /** SHA-256 of the secret as it was given out; it is not given out again. */
  secretHash: string;
}

const engines = new Collection<Engine>(
  "engine",
  ({ id }) => id,
  ({ name }) => name,
);

function requireEngine(project: Project, id: string): Engine {
  const found = engines.get(project, id);
  if (found === undefined) throw notFound(`There is no engine ${id}`);
  return found;
}

function requireName(name: string): void {
  if (name === "") throw missingArgument("The name field is empty");
}

function reply({ id, name, createdTime }: Engine, secret = "") {
  return { id, name, secret, createdTime: Math.floor(createdTime / 1000) };
}

function auditEngine({ project, actorId }: Call, action: string, { id, name }: Engine): void {
  audit(project, { action, actorId, data: { engineId: id, name } });
}
