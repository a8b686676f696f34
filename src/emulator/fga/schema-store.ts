import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import { deleteAllRelations, deleteRelationsOfType, deleteRelationsWith } from "./relation-store.ts";
import {
  EMPTY_SCHEMA,
  findDefinition,
  schemaFaults,
  type RelationDefinition,
  type Schema,
} from "./schema.ts";

/** A project's schema as it is kept. */
export interface StoredSchema {
  readonly schema: Schema;
  /** As it was written; absent where it came as JSON. */
  readonly dsl?: string;
  /** Another one after every change. */
  readonly version: string;
  /** How often it was changed. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly changedTime: number;
}

const ID = "schema";
const schemas = new Collection<StoredSchema>("fgaSchema", () => ID);

const NONE: StoredSchema = { schema: EMPTY_SCHEMA, version: "", revision: 0, changedTime: 0 };

/** The project's schema; an empty one where it has none. */
export function storedSchema(project: Project): StoredSchema {
  return schemas.get(project, ID) ?? NONE;
}

/** What goes with a change of the schema: whole types, and relations of types that stay. */
export interface Losses {
  readonly types: readonly string[];
  /** As `type#relation`. */
  readonly relations: readonly string[];
}

/**
 * What a new schema no longer allows to be there. Permissions are not created, so nothing goes with them; a relation for other targets
 * than before is another relation.
 */
export function lossesBetween(before: Schema, after: Schema): Losses {
  const types: string[] = [];
  const relations: string[] = [];
  for (const { name, relationDefinitions } of before.namespaces) {
    if (!after.namespaces.some((namespace) => namespace.name === name)) {
      types.push(name);
      continue;
    }
    for (const definition of relationDefinitions) {
      if (definition.permission === true) continue;
      const now = findDefinition(after, name, definition.name);
      if (now === undefined || now.permission === true || hasOtherTargets(definition, now))
        relations.push(`${name}#${definition.name}`);
    }
  }
  return { types, relations };
}

function hasOtherTargets(before: RelationDefinition, after: RelationDefinition): boolean {
  if (before.targets === undefined || after.targets === undefined) return false;
  return [...before.targets].sort().join() !== [...after.targets].sort().join();
}

/** Keeps a schema and deletes what it no longer allows. @throws {EmulatorError} when it does not hold together. */
export function saveSchema(project: Project, schema: Schema, dsl?: string): void {
  const faults = schemaFaults(schema);
  if (faults.length > 0) throw invalidArgument(faults.join("; "));
  const before = storedSchema(project);
  const { types, relations } = lossesBetween(before.schema, schema);
  for (const type of types) deleteRelationsOfType(project, type);
  for (const relation of relations) {
    const [type = "", name = ""] = relation.split("#");
    deleteRelationsWith(project, type, name);
  }
  schemas.put(project, {
    schema,
    ...(dsl === undefined ? {} : { dsl }),
    version: crypto.randomUUID(),
    revision: before.revision + 1,
    changedTime: project.clock.now(),
  });
}

/** Deletes the schema, and every relation with it. */
export function deleteSchema(project: Project): void {
  const before = storedSchema(project);
  deleteAllRelations(project);
  schemas.put(project, {
    ...NONE,
    revision: before.revision + 1,
    changedTime: project.clock.now(),
  });
}

/** Puts back a schema as it was kept, without looking at the relations. */
export function restoreSchema(project: Project, stored: Pick<StoredSchema, "schema" | "dsl">): void {
  schemas.put(project, {
    ...stored,
    version: crypto.randomUUID(),
    revision: storedSchema(project).revision + 1,
    changedTime: project.clock.now(),
  });
}

/** Gives a project the schema of another one, as cloning does. Relations are of users and things, and stay. */
export function copySchema(from: Project, to: Project): void {
  schemas.copyAll(from, to);
}

/** A schema as the API gives it: without what only the emulator knows of it. */
export function schemaReply({ name, namespaces, conditions }: Schema): Record<string, unknown> {
  return {
    name,
    namespaces: namespaces.map((namespace) => ({
      name: namespace.name,
      relationDefinitions: namespace.relationDefinitions.map((definition) => ({
        name: definition.name,
        ...(definition.complexDefinition === undefined
          ? {}
          : { complexDefinition: definition.complexDefinition }),
        ...(definition.conditionExpr === undefined ? {} : { conditionExpr: definition.conditionExpr }),
      })),
    })),
    conditions: conditions.map((condition, index) => ({ ...condition, id: index + 1 })),
  };
}
