import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, object, text, texts, filled } from "./schemas.ts";

const tuple = () =>
  v.looseObject({
    resource: v.string(),
    resourceType: v.string(),
    relation: v.string(),
    target: v.string(),
    targetType: text(),
  });

const tuples = () => v.looseObject({ tuples: v.pipe(v.array(tuple()), v.minLength(1, "a list of tuples")) });
const dsl = () => v.looseObject({ dsl: v.string() });
const byBackup = () => v.looseObject({ backupId: v.string() });

/** A number that SDKs send as a text. */
const limit = () => v.nullish(v.union([v.string(), v.number()]));

export const saveSchema = operation({
  noun: "FGA",
  verb: "SaveSchema",
  method: "POST",
  path: "/v1/mgmt/fga/schema",
  effect: "destroy",
  idempotent: true,
  input: dsl,
});

export const loadSchema = operation({
  noun: "FGA",
  verb: "LoadSchema",
  method: "GET",
  path: "/v1/mgmt/fga/schema",
  effect: "read",
  output: anyObject,
});

export const dryRunSchema = operation({
  noun: "FGA",
  verb: "DryRunSchema",
  method: "POST",
  path: "/v1/mgmt/fga/schema/dryrun",
  effect: "read",
  input: dsl,
  output: anyObject,
});

export const createRelations = operation({
  noun: "FGA",
  verb: "CreateRelations",
  method: "POST",
  path: "/v1/mgmt/fga/relations",
  effect: "write",
  idempotent: true,
  input: tuples,
});

export const deleteRelations = operation({
  noun: "FGA",
  verb: "DeleteRelations",
  method: "POST",
  path: "/v1/mgmt/fga/relations/delete",
  effect: "destroy",
  idempotent: true,
  input: tuples,
});

export const deleteAllRelations = operation({
  noun: "FGA",
  verb: "DeleteAllRelations",
  method: "DELETE",
  path: "/v1/mgmt/fga/relations",
  effect: "destroy",
  idempotent: true,
});

export const check = operation({
  noun: "FGA",
  verb: "Check",
  method: "POST",
  path: "/v1/mgmt/fga/check",
  effect: "read",
  input: () =>
    v.looseObject({
      ...tuples().entries,
      context: object(),
      computePaths: flag(),
      listConditions: flag(),
    }),
  output: anyObject,
});

export const loadMappableSchema = operation({
  noun: "FGA",
  verb: "LoadMappableSchema",
  method: "GET",
  path: "/v1/mgmt/fga/mappable/schema",
  effect: "read",
  input: () => v.looseObject({ tenantId: filled(), resourcesLimit: limit() }),
  output: anyObject,
});

export const searchMappableResources = operation({
  noun: "FGA",
  verb: "SearchMappableResources",
  method: "POST",
  path: "/v1/mgmt/fga/mappable/resources",
  effect: "read",
  input: () =>
    v.looseObject({
      tenantId: filled(),
      resourcesQueries: v.nullish(v.array(v.looseObject({ type: v.string(), queries: texts() }))),
      resourcesLimit: limit(),
    }),
  output: anyObject,
});

export const loadMappableResources = operation({
  noun: "FGA",
  verb: "LoadMappableResources",
  method: "GET",
  path: "/v1/mgmt/fga/mappable/resources",
  effect: "read",
  input: () => v.looseObject({ tenantId: text(), resourcesLimit: limit() }),
  output: anyObject,
});

const identifier = () => ({ resourceId: v.string(), resourceType: v.string() });

export const loadResourcesDetails = operation({
  noun: "FGA",
  verb: "LoadResourcesDetails",
  method: "POST",
  path: "/v1/mgmt/fga/resources/load",
  effect: "read",
  input: () => v.looseObject({ resourceIdentifiers: v.array(v.looseObject(identifier())) }),
  output: anyObject,
});

export const saveResourcesDetails = operation({
  noun: "FGA",
  verb: "SaveResourcesDetails",
  method: "POST",
  path: "/v1/mgmt/fga/resources/save",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      resourcesDetails: v.array(v.looseObject({ ...identifier(), displayName: text() })),
    }),
});

export const createBackup = operation({
  noun: "FGA",
  verb: "CreateBackup",
  method: "POST",
  path: "/v1/mgmt/fga/backup",
  effect: "write",
  output: anyObject,
});

export const loadBackup = operation({
  noun: "FGA",
  verb: "LoadBackup",
  method: "GET",
  path: "/v1/mgmt/fga/backup/{backupId}",
  effect: "read",
  input: byBackup,
  output: anyObject,
});

export const deleteBackup = operation({
  noun: "FGA",
  verb: "DeleteBackup",
  method: "DELETE",
  path: "/v1/mgmt/fga/backup/{backupId}",
  effect: "destroy",
  idempotent: true,
  input: byBackup,
});

export const restoreBackup = operation({
  noun: "FGA",
  verb: "RestoreBackup",
  method: "POST",
  path: "/v1/mgmt/fga/backup/{backupId}/restore",
  effect: "destroy",
  input: byBackup,
  output: anyObject,
});

export const listBackups = operation({
  noun: "FGA",
  verb: "ListBackups",
  method: "GET",
  path: "/v1/mgmt/fga/backups",
  effect: "read",
  output: anyObject,
});
