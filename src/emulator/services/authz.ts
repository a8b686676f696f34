import * as operations from "../../api/operations/authz.ts";
import { audit } from "../audit.ts";
import { invalidArgument, missingArgument, notFound } from "../error.ts";
import { checkCreatable, requireDefinition } from "../fga/checks.ts";
import { Context } from "../fga/context.ts";
import { holds, whatCanTargetAccess, whoCanAccess } from "../fga/lookup.ts";
import {
  changedSince,
  CHANGES_KEPT,
  deleteRelation,
  deleteRelationsOf,
  putRelation,
  relationsOfResource,
  relationsOfTarget,
  renameRelation,
  renameType,
  type Relation,
  type UserQuestion,
} from "../fga/relation-store.ts";
import { checkConditions, conditionsOf, definitionOf, namespaceOf, renamed } from "../fga/schema-input.ts";
import { deleteSchema, restoreSchema, saveSchema, schemaReply, storedSchema } from "../fga/schema-store.ts";
import { findDefinition, isDirect, type Namespace, type Schema } from "../fga/schema.ts";
import { on, type Call, type Service } from "../service.ts";

export const authzService: Service = [
  on(operations.saveSchema, ({ schema: given, upgrade }, call) => {
    const { schema } = storedSchema(call.project);
    const namespaces = (given.namespaces ?? []).map(namespaceOf);
    const conditions = conditionsOf(given.conditions ?? []);
    const isNew = (name: string) => !conditions.some((condition) => condition.name === name);
    change(call, {
      name: given.name ?? schema.name,
      namespaces: upgrade === true ? namespaces : namespaces.reduce(withNamespace, schema.namespaces),
      conditions:
        upgrade === true
          ? conditions
          : [...schema.conditions.filter(({ name }) => isNew(name)), ...conditions],
    });
    return {};
  }),
  on(operations.deleteSchema, (_input, { project, actorId }) => {
    deleteSchema(project);
    audit(project, { action: "FGASchemaDeleted", actorId });
    return {};
  }),
  on(operations.loadSchema, (_input, { project }) => ({
    schema: schemaReply(storedSchema(project).schema),
  })),
  on(operations.saveNamespace, ({ namespace: given, oldName, schemaName }, call) => {
    const namespace = namespaceOf(given);
    if (oldName && oldName !== namespace.name) {
      const { schema } = storedSchema(call.project);
      requireNamespace(schema, oldName);
      if (schema.namespaces.some(({ name }) => name === namespace.name))
        throw invalidArgument(`The schema has a namespace ${namespace.name} already`);
      renameType(call.project, oldName, namespace.name);
      restoreSchema(call.project, { schema: renamed(schema, { namespace: oldName }, namespace.name) });
    }
    const { schema } = storedSchema(call.project);
    change(call, named(schemaName, { ...schema, namespaces: withNamespace(schema.namespaces, namespace) }));
    return {};
  }),
  on(operations.deleteNamespace, ({ name, schemaName }, call) => {
    const { schema } = storedSchema(call.project);
    requireNamespace(schema, name);
    const namespaces = schema.namespaces.filter((namespace) => namespace.name !== name);
    change(call, named(schemaName, { ...schema, namespaces }));
    return {};
  }),
  on(operations.saveRelationDefinition, ({ relationDefinition, namespace, oldName, schemaName }, call) => {
    const definition = definitionOf(relationDefinition);
    const before = storedSchema(call.project).schema;
    requireNamespace(before, namespace);
    if (oldName && oldName !== definition.name) {
      requireDefinition(before, namespace, oldName, "The oldName field");
      if (findDefinition(before, namespace, definition.name) !== undefined)
        throw invalidArgument(
          `The namespace ${namespace} has a relation definition ${definition.name} already`,
        );
      renameRelation(call.project, namespace, oldName, definition.name);
      restoreSchema(call.project, {
        schema: renamed(before, { namespace, relation: oldName }, definition.name),
      });
    }
    const { schema } = storedSchema(call.project);
    const namespaces = withNamespace(schema.namespaces, {
      name: namespace,
      relationDefinitions: [definition],
    });
    change(call, named(schemaName, { ...schema, namespaces }));
    return {};
  }),
  on(operations.deleteRelationDefinition, ({ name, namespace, schemaName }, call) => {
    const { schema } = storedSchema(call.project);
    requireNamespace(schema, namespace);
    if (findDefinition(schema, namespace, name) === undefined)
      throw notFound(`The namespace ${namespace} has no relation definition ${name}`);
    const namespaces = schema.namespaces.map((one) =>
      one.name === namespace
        ? { ...one, relationDefinitions: one.relationDefinitions.filter((own) => own.name !== name) }
        : one,
    );
    change(call, named(schemaName, { ...schema, namespaces }));
    return {};
  }),
  on(operations.createRelations, ({ relations }, { project, actorId }) => {
    const { schema } = storedSchema(project);
    relations.forEach((given, index) => {
      const relation = relationOf(given, `relations.${index}`);
      checkCreatable(schema, relation, `relations.${index}`);
      putRelation(project, withTargetType(schema, relation));
    });
    audit(project, { action: "FGARelationsCreated", actorId, data: { count: relations.length } });
    return {};
  }),
  on(operations.deleteRelations, ({ relations }, { project, actorId }) => {
    relations.forEach((given, index) => deleteRelation(project, relationOf(given, `relations.${index}`)));
    audit(project, { action: "FGARelationsDeleted", actorId, data: { count: relations.length } });
    return {};
  }),
  on(operations.deleteRelationsForResources, ({ resources }, { project, actorId }) => {
    deleteRelationsOf(project, resources, true);
    audit(project, { action: "FGARelationsDeleted", actorId, data: { resources } });
    return {};
  }),
  on(operations.deleteResourceRelationsForResources, ({ resources }, { project, actorId }) => {
    deleteRelationsOf(project, resources, false);
    audit(project, { action: "FGARelationsDeleted", actorId, data: { resources } });
    return {};
  }),
  on(operations.hasRelations, ({ relationQueries, context: given }, { project }) => {
    const { schema } = storedSchema(project);
    const context = new Context(schema, given ?? {});
    const answers = relationQueries.map((query, index) => {
      const { resource, relationDefinition: relation, namespace, target } = query;
      requireDefinition(schema, namespace, relation, `relationQueries.${index}`);
      const subject = { target, namespace: "" };
      return {
        ...query,
        hasRelation: holds(project, schema, { namespace, resource, relation }, subject, context),
      };
    });
    return {
      relationQueries: answers,
      directRelations: relationQueries.map(({ namespace, relationDefinition }) =>
        isDirect(schema, namespace, relationDefinition),
      ),
    };
  }),
  on(operations.whoCanAccess, ({ resource, relationDefinition, namespace, context }, { project }) => {
    const { schema } = storedSchema(project);
    requireDefinition(schema, namespace, relationDefinition, "The relationDefinition field");
    const goal = { namespace, resource, relation: relationDefinition };
    return { targets: whoCanAccess(project, schema, goal, context ?? {}) };
  }),
  on(operations.resourceRelations, ({ resource, ignoreTargetSetRelations }, { project }) => {
    const relations = relationsOfResource(project, resource).filter(
      ({ targetRelation }) => ignoreTargetSetRelations !== true || targetRelation === undefined,
    );
    return { relations: relations.map(relationReply) };
  }),
  on(operations.targetsRelations, ({ targets, includeTargetSetRelations }, { project }) => {
    const relations = targets.flatMap((target) =>
      relationsOfTarget(project, target, includeTargetSetRelations === true),
    );
    return { relations: relations.map(relationReply) };
  }),
  on(operations.whatCanTargetAccess, ({ target, context }, { project }) => {
    const { schema } = storedSchema(project);
    const relations = whatCanTargetAccess(project, schema, target, context ?? {}).map(
      ({ namespace, resource, relation }) => ({ resource, relationDefinition: relation, namespace, target }),
    );
    return { relations };
  }),
  on(operations.whatCanTargetAccessWithRelation, (input, { project }) => {
    const { target, relationDefinition, namespace, context } = input;
    const { schema } = storedSchema(project);
    requireDefinition(schema, namespace, relationDefinition, "The relationDefinition field");
    const resources = whatCanTargetAccess(project, schema, target, context ?? {})
      .filter((goal) => goal.namespace === namespace && goal.relation === relationDefinition)
      .map(({ resource }) => resource);
    // The SDK for Python reads relations, all others what the API describes.
    const relations = resources.map((resource) => ({ resource, relationDefinition, namespace, target }));
    return { resources, relations };
  }),
  on(operations.getModified, ({ since }, { project }) => {
    const now = project.clock.now();
    const time = since == null || since === "" ? now - CHANGES_KEPT : Number(since);
    if (Number.isNaN(time))
      throw invalidArgument("The since field must be a time in milliseconds since 1970");
    // What is older is no longer known: a client that asks for it must start anew. A time to come is none of the kind: clocks differ,
    // and the SDK for Python takes local times for UTC.
    if (time > 0 && time < now - CHANGES_KEPT)
      throw invalidArgument("The since field must be a time within the last 24 hours");
    const { changedTime } = storedSchema(project);
    const modified = {
      ...changedSince(project, time),
      schemaChanged: changedTime > 0 && changedTime >= time,
    };
    // The SDK for Python reads relations, all others what the API describes.
    return { ...modified, relations: modified };
  }),
];

/** Keeps a schema that came in parts. */
function change({ project, actorId }: Call, schema: Schema): void {
  checkConditions(schema);
  saveSchema(project, schema);
  audit(project, { action: "FGASchemaSaved", actorId });
}

function named(name: string | null | undefined, schema: Schema): Schema {
  return name ? { ...schema, name } : schema;
}

/** The namespaces with one more or, where there is one of the name, with its relations put into that one. */
function withNamespace(namespaces: readonly Namespace[], given: Namespace): readonly Namespace[] {
  const before = namespaces.find(({ name }) => name === given.name);
  if (before === undefined) return [...namespaces, given];
  const replaced = before.relationDefinitions.map(
    (own) => given.relationDefinitions.find(({ name }) => name === own.name) ?? own,
  );
  const added = given.relationDefinitions.filter(
    ({ name }) => !before.relationDefinitions.some((own) => own.name === name),
  );
  const merged = { name: given.name, relationDefinitions: [...replaced, ...added] };
  return namespaces.map((namespace) => (namespace === before ? merged : namespace));
}

function requireNamespace(schema: Schema, name: string): void {
  if (!schema.namespaces.some((namespace) => namespace.name === name))
    throw notFound(`The schema has no namespace ${name}`);
}

interface RelationInput {
  readonly resource: string;
  readonly relationDefinition: string;
  readonly namespace: string;
  readonly target?: string | null | undefined;
  readonly targetNamespace?: string | null | undefined;
  readonly targetSetResource?: string | null | undefined;
  readonly targetSetRelationDefinition?: string | null | undefined;
  readonly targetSetRelationDefinitionNamespace?: string | null | undefined;
  readonly query?: QuestionInput | null | undefined;
}

type Texts = readonly string[] | null | undefined;

interface QuestionInput {
  readonly tenants?: Texts;
  readonly roles?: Texts;
  readonly text?: string | null | undefined;
  /** The SDKs' name for the other. */
  readonly userStatus?: Texts;
  readonly statuses?: Texts;
  readonly ssoOnly?: boolean | null | undefined;
  readonly withTestUser?: boolean | null | undefined;
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A relation as a request gives it: for a target or, where there is none, for a set or for users by what they are. */
function relationOf(given: RelationInput, place: string): Relation {
  const goal = {
    namespace: given.namespace,
    resource: given.resource,
    relation: given.relationDefinition,
  };
  if (given.target) return { ...goal, target: given.target, targetNamespace: given.targetNamespace ?? "" };
  if (given.targetSetResource) {
    if (!given.targetSetRelationDefinition || !given.targetSetRelationDefinitionNamespace)
      throw missingArgument(
        `${place}: a target set needs targetSetRelationDefinition and targetSetRelationDefinitionNamespace`,
      );
    return {
      ...goal,
      target: given.targetSetResource,
      targetNamespace: given.targetSetRelationDefinitionNamespace,
      targetRelation: given.targetSetRelationDefinition,
    };
  }
  const query = given.query == null ? {} : questionOf(given.query);
  if (Object.keys(query).length === 0)
    throw missingArgument(`${place}: one of target, targetSetResource and query is needed`);
  return { ...goal, target: "", targetNamespace: "", query };
}

function questionOf(given: QuestionInput): UserQuestion {
  const statuses = given.statuses ?? given.userStatus ?? [];
  return {
    ...(given.tenants?.length ? { tenants: given.tenants } : {}),
    ...(given.roles?.length ? { roles: given.roles } : {}),
    ...(given.text ? { text: given.text } : {}),
    ...(statuses.length > 0 ? { statuses } : {}),
    ...(given.ssoOnly === true ? { ssoOnly: true } : {}),
    ...(given.withTestUser === true ? { withTestUser: true } : {}),
    ...(Object.keys(given.customAttributes ?? {}).length > 0
      ? { customAttributes: given.customAttributes as Readonly<Record<string, unknown>> }
      : {}),
  };
}

/** Says of which type the target is, where the schema allows only one. */
function withTargetType(schema: Schema, relation: Relation): Relation {
  if (relation.targetNamespace !== "" || relation.query !== undefined) return relation;
  const targets = findDefinition(schema, relation.namespace, relation.relation)?.targets ?? [];
  const types = targets.filter((target) => !target.includes("#"));
  return types.length === 1 ? { ...relation, targetNamespace: types[0] as string } : relation;
}

function relationReply({ namespace, resource, relation, target, targetNamespace, ...more }: Relation) {
  const goal = { resource, relationDefinition: relation, namespace };
  if (more.query !== undefined) return { ...goal, query: more.query };
  return more.targetRelation === undefined
    ? { ...goal, target, targetNamespace }
    : {
        ...goal,
        targetSetResource: target,
        targetSetRelationDefinition: more.targetRelation,
        targetSetRelationDefinitionNamespace: targetNamespace,
      };
}
