import * as operations from "../../api/operations/fga.ts";
import { audit } from "../audit.ts";
import { requireTenant } from "../entities/tenant.ts";
import { invalidArgument, missingArgument, notFound } from "../error.ts";
import { backupFga, fgaBackups, restoreFga, type FgaBackup } from "../fga/backup.ts";
import { Context } from "../fga/context.ts";
import { parseDsl } from "../fga/dsl.ts";
import { DslError } from "../fga/dsl-parser.ts";
import { prove, type Goal, type Step, type Subject } from "../fga/evaluate.ts";
import {
  deleteAllRelations,
  deleteRelation,
  putRelation,
  relationsIn,
  resourcesOfType,
  type Relation,
} from "../fga/relation-store.ts";
import { isDirect, type Schema } from "../fga/schema.ts";
import { lossesBetween, saveSchema, schemaReply, storedSchema } from "../fga/schema-store.ts";
import { checkCreatable, requireDefinition } from "../fga/checks.ts";
import type { Project } from "../project.ts";
import { on, type Service } from "../service.ts";
import { Collection } from "../store/collection.ts";

export const fgaService: Service = [
  on(operations.saveSchema, ({ dsl }, { project, actorId }) => {
    saveSchema(project, read(dsl), dsl);
    audit(project, { action: "FGASchemaSaved", actorId });
    return {};
  }),
  on(operations.loadSchema, (_input, { project }) => {
    const { dsl = "", schema, version } = storedSchema(project);
    return { dsl, schema: schemaReply(schema), version };
  }),
  on(operations.dryRunSchema, ({ dsl }, { project }) => {
    const { types, relations } = lossesBetween(storedSchema(project).schema, read(dsl));
    return { deletesPreview: { hasDeletes: types.length + relations.length > 0, relations, types } };
  }),
  on(operations.createRelations, ({ tuples }, { project, actorId }) => {
    const { schema } = storedSchema(project);
    tuples.forEach((tuple, index) => {
      const relation = relationOf(tuple);
      checkCreatable(schema, relation, `tuples.${index}`);
      putRelation(project, relation);
    });
    audit(project, { action: "FGARelationsCreated", actorId, data: { count: tuples.length } });
    return {};
  }),
  on(operations.deleteRelations, ({ tuples }, { project, actorId }) => {
    for (const tuple of tuples) deleteRelation(project, relationOf(tuple));
    audit(project, { action: "FGARelationsDeleted", actorId, data: { count: tuples.length } });
    return {};
  }),
  on(operations.deleteAllRelations, (_input, { project, actorId }) => {
    deleteAllRelations(project);
    audit(project, { action: "FGARelationsDeleted", actorId });
    return {};
  }),
  on(operations.check, ({ tuples, context, computePaths, listConditions }, { project }) => {
    const { schema, version } = storedSchema(project);
    const wanted = { paths: computePaths === true, conditions: listConditions === true };
    const answers = tuples.map((tuple, index) => {
      const { namespace, resource, relation } = relationOf(tuple);
      requireDefinition(schema, namespace, relation, `tuples.${index}`);
      const goal = { namespace, resource, relation };
      const { allowed, info } = check(project, schema, goal, subjectOf(tuple), context ?? {}, wanted);
      return { allowed, tuple, info };
    });
    return { tuples: answers, schemaVersion: version };
  }),
  on(operations.loadMappableSchema, ({ tenantId, resourcesLimit }, { project }) => {
    requireTenant(project, tenantId);
    return mappable(project, limitOf(resourcesLimit));
  }),
  on(operations.loadMappableResources, ({ tenantId, resourcesLimit }, { project }) => {
    if (tenantId) requireTenant(project, tenantId);
    const { mappableResources } = mappable(project, limitOf(resourcesLimit));
    return { mappableResources };
  }),
  on(operations.searchMappableResources, (input, { project }) => {
    requireTenant(project, input.tenantId);
    const limit = limitOf(input.resourcesLimit);
    const mappableResources = (input.resourcesQueries ?? []).map(({ type, queries }) => ({
      type,
      resources: namedResources(project, type, queries ?? []).slice(0, limit),
    }));
    return { mappableResources };
  }),
  on(operations.saveResourcesDetails, ({ resourcesDetails }, { project }) => {
    for (const { resourceId, resourceType, displayName } of resourcesDetails) {
      if (resourceId === "" || resourceType === "")
        throw missingArgument("The resourceId and resourceType of each of the resourcesDetails are needed");
      details.put(project, { resourceId, resourceType, displayName: displayName ?? "" });
    }
    return {};
  }),
  on(operations.loadResourcesDetails, ({ resourceIdentifiers }, { project }) => ({
    resourcesDetails: resourceIdentifiers.flatMap(
      ({ resourceId, resourceType }) => details.get(project, detailsKey(resourceType, resourceId)) ?? [],
    ),
  })),
  on(operations.createBackup, (_input, { project, actorId }) => {
    const { id } = backupFga(project);
    audit(project, { action: "FGABackupCreated", actorId, data: { backupId: id } });
    return { backupId: id };
  }),
  on(operations.loadBackup, ({ backupId }, { project }) => ({
    backup: backupReply(project, requireBackup(project, backupId)),
  })),
  on(operations.listBackups, (_input, { project }) => ({
    backups: fgaBackups.all(project).map((backup) => backupReply(project, backup)),
  })),
  on(operations.deleteBackup, ({ backupId }, { project, actorId }) => {
    requireBackup(project, backupId);
    fgaBackups.delete(project, backupId);
    audit(project, { action: "FGABackupDeleted", actorId, data: { backupId } });
    return {};
  }),
  on(operations.restoreBackup, ({ backupId }, { project, actorId }) => {
    const backup = requireBackup(project, backupId);
    const { id: autoBackupId } = backupFga(project);
    restoreFga(project, backup);
    audit(project, { action: "FGABackupRestored", actorId, data: { backupId, autoBackupId } });
    return { autoBackupId };
  }),
];

/** Resources that a list of mappable ones has of each type where the request does not say. */
const DEFAULT_LIMIT = 100;

/** What is known of a resource for people. */
interface ResourceDetails {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly displayName: string;
}

const details = new Collection<ResourceDetails>(
  "fgaResource",
  ({ resourceType, resourceId }) => detailsKey(resourceType, resourceId),
  ({ resourceType }) => resourceType,
);

function detailsKey(type: string, id: string): string {
  return `${type}\n${id}`;
}

function read(dsl: string): Schema {
  if (dsl.trim() === "") throw missingArgument("The dsl field is empty");
  try {
    return parseDsl(dsl);
  } catch (error) {
    if (error instanceof DslError) throw invalidArgument(`The dsl field is not a schema: ${error.message}`);
    throw error;
  }
}

interface Tuple {
  readonly resource: string;
  readonly resourceType: string;
  readonly relation: string;
  readonly target: string;
  readonly targetType?: string | null | undefined;
}

/** `group#member` as the type of a target means everybody who has that relation on it. */
function subjectOf({ target, targetType }: Tuple): Subject {
  const [namespace = "", relation] = (targetType ?? "").split("#");
  return { target, namespace, ...(relation === undefined ? {} : { relation }) };
}

function relationOf(tuple: Tuple): Relation {
  const { namespace, relation } = subjectOf(tuple);
  return {
    namespace: tuple.resourceType,
    resource: tuple.resource,
    relation: tuple.relation,
    target: tuple.target,
    targetNamespace: namespace,
    ...(relation === undefined ? {} : { targetRelation: relation }),
  };
}

/** The answer to one check, and what it hangs on. */
function check(
  project: Project,
  schema: Schema,
  goal: Goal,
  subject: Subject,
  given: Readonly<Record<string, unknown>>,
  wanted: { readonly paths: boolean; readonly conditions: boolean },
) {
  const context = new Context(schema, given);
  const proof = prove(schema, relationsIn(project), goal, subject);
  const truth = proof.solve((gate) => context.holds(gate));
  const isConditional = proof.solve(() => "unknown") === "unknown";
  const isOpen = truth === "unknown";
  const [conditionalErr] = context.errors;
  const allowed = truth === "yes";
  return {
    allowed,
    info: {
      direct: isDirect(schema, goal.namespace, goal.relation),
      ...(isConditional ? { conditional: true } : {}),
      ...(isOpen && context.missing.length > 0 ? { missingContext: context.missing } : {}),
      ...(isOpen && conditionalErr !== undefined ? { conditionalErr } : {}),
      ...(wanted.conditions && isConditional
        ? { trueConditions: context.numbered("yes"), falseConditions: context.numbered("no") }
        : {}),
      ...(wanted.paths && allowed
        ? {
            path: {
              steps: proof.path((gate) => context.holds(gate)).map((step) => stepReply(step, subject)),
            },
          }
        : {}),
    },
  };
}

/** The numbers by which a path tells its steps apart. Descope's own are not published. */
const STEP = { created: 1, derived: 2 } as const;

function stepReply({ goal, isCreated }: Step, subject: Subject) {
  const tuple = {
    resource: goal.resource,
    resourceType: goal.namespace,
    relation: goal.relation,
    target: subject.target,
    targetType:
      subject.relation === undefined ? subject.namespace : `${subject.namespace}#${subject.relation}`,
  };
  return isCreated
    ? { stepType: STEP.created, tuple }
    : { stepType: STEP.derived, tuple, permission: `${goal.namespace}#${goal.relation}` };
}

/** The types with the relations that can be created on them, and the resources that are known of each. */
function mappable(project: Project, limit: number) {
  const { schema } = storedSchema(project);
  const namespaces = schema.namespaces.flatMap(({ name, relationDefinitions }) => {
    const own = relationDefinitions.filter(({ permission }) => permission !== true);
    return own.length === 0 ? [] : [{ name, relationDefinitions: own.map((one) => ({ name: one.name })) }];
  });
  return {
    schema: { name: schema.name, namespaces },
    mappableResources: namespaces.map(({ name: type }) => ({
      type,
      resources: namedResources(project, type, []).slice(0, limit),
    })),
  };
}

/** The resources of a type whose id or name holds one of the texts, or all where there are none. */
function namedResources(project: Project, type: string, texts: readonly string[]) {
  const names = new Map(
    details
      .all(project)
      .filter(({ resourceType }) => resourceType === type)
      .map(({ resourceId, displayName }) => [resourceId, displayName]),
  );
  const ids = [...new Set([...resourcesOfType(project, type), ...names.keys()])].sort();
  const wanted = texts.map((text) => text.toLowerCase());
  return ids
    .map((resource) => ({ resource, displayName: names.get(resource) ?? "" }))
    .filter(({ resource, displayName }) => {
      const text = `${resource}\n${displayName}`.toLowerCase();
      return wanted.length === 0 || wanted.some((part) => text.includes(part));
    });
}

function limitOf(given: string | number | null | undefined): number {
  const limit = given == null || given === "" ? 0 : Number(given);
  if (!Number.isInteger(limit) || limit < 0)
    throw invalidArgument("The resourcesLimit field must be a whole number, 0 or more");
  return limit === 0 ? DEFAULT_LIMIT : limit;
}

function requireBackup(project: Project, id: string): FgaBackup {
  const found = fgaBackups.get(project, id);
  if (found === undefined) throw notFound(`There is no backup ${id}`);
  return found;
}

function backupReply(project: Project, { id, createdTime, relations, schema }: FgaBackup) {
  const seconds = Math.floor(createdTime / 1000);
  return {
    id,
    projectId: project.id,
    status: "completed",
    schemaVersion: schema.revision,
    tupleCount: relations.length,
    createdAt: seconds,
    completedAt: seconds,
    errorMessage: "",
  };
}
