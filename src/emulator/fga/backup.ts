import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import { allRelations, deleteAllRelations, putRelation, type Relation } from "./relation-store.ts";
import { restoreSchema, storedSchema, type StoredSchema } from "./schema-store.ts";

/** A project's schema and relations, as they were once. */
export interface FgaBackup {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdTime: number;
  readonly schema: StoredSchema;
  readonly relations: readonly Relation[];
}

export const fgaBackups = new Collection<FgaBackup>("fgaBackup", ({ id }) => id);

export function backupFga(project: Project): FgaBackup {
  return fgaBackups.put(project, {
    id: project.ids.next("FB"),
    createdTime: project.clock.now(),
    schema: storedSchema(project),
    relations: allRelations(project),
  });
}

/** Makes the schema and relations what they were; nothing of what is there now stays. */
export function restoreFga(project: Project, { schema, relations }: FgaBackup): void {
  deleteAllRelations(project);
  restoreSchema(project, {
    schema: schema.schema,
    ...(schema.dsl === undefined ? {} : { dsl: schema.dsl }),
  });
  for (const relation of relations) putRelation(project, relation);
}
