import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, number, object, text, texts } from "./schemas.ts";

/** Nodes below each other, at most. */
const DEEPEST = 50;

const expression = () =>
  v.looseObject({
    neType: v.picklist(["self", "targetSet", "relationLeft", "relationRight"]),
    relationDefinition: text(),
    relationDefinitionNamespace: text(),
    targetRelationDefinition: text(),
    targetRelationDefinitionNamespace: text(),
  });

/** A node of a definition. The members that a leaf or a branch does not have may be null, as exported schemas have them. */
export interface NodeInput {
  readonly nType: "child" | "union" | "intersect" | "sub";
  readonly children?: readonly NodeInput[] | null | undefined;
  readonly expression?: v.InferOutput<ReturnType<typeof expression>> | null | undefined;
  readonly conditionExpr?: string | null | undefined;
}

const node = (depth = DEEPEST): v.GenericSchema<NodeInput> =>
  v.looseObject({
    nType: v.picklist(["child", "union", "intersect", "sub"]),
    children: v.nullish(
      depth === 0
        ? v.pipe(v.array(v.custom<NodeInput>(() => true)), v.maxLength(0, "no deeper than 50 nodes"))
        : v.array(v.lazy(() => node(depth - 1))),
    ),
    expression: v.nullish(expression()),
    conditionExpr: text(),
  });

const definition = () =>
  v.looseObject({ name: v.string(), complexDefinition: v.nullish(node()), conditionExpr: text() });

const namespace = () =>
  v.looseObject({ name: v.string(), relationDefinitions: v.nullish(v.array(definition())) });

const condition = () =>
  v.looseObject({
    name: v.string(),
    params: v.nullish(
      v.array(
        v.looseObject({
          name: v.string(),
          type: v.picklist(["int", "string", "bool", "double", "list", "ipaddress"]),
        }),
      ),
    ),
    expression: v.string(),
    builtin: flag(),
  });

const question = () =>
  v.nullish(
    v.looseObject({
      tenants: texts(),
      roles: texts(),
      text: text(),
      statuses: texts(),
      userStatus: texts(),
      ssoOnly: flag(),
      withTestUser: flag(),
      customAttributes: object(),
    }),
  );

const relation = () =>
  v.looseObject({
    resource: v.string(),
    relationDefinition: v.string(),
    namespace: v.string(),
    target: text(),
    targetNamespace: text(),
    targetSetResource: text(),
    targetSetRelationDefinition: text(),
    targetSetRelationDefinitionNamespace: text(),
    query: question(),
  });

const relations = () =>
  v.looseObject({ relations: v.pipe(v.array(relation()), v.minLength(1, "a list of relations")) });
const resources = () => v.looseObject({ resources: v.array(v.string()) });

export const saveSchema = operation({
  noun: "Authz",
  verb: "SaveSchema",
  method: "POST",
  path: "/v1/mgmt/authz/schema/save",
  effect: "destroy",
  idempotent: true,
  input: () =>
    v.looseObject({
      schema: v.looseObject({
        name: text(),
        namespaces: v.nullish(v.array(namespace())),
        conditions: v.nullish(v.array(condition())),
      }),
      upgrade: flag(),
    }),
});

export const deleteSchema = operation({
  noun: "Authz",
  verb: "DeleteSchema",
  method: "POST",
  path: "/v1/mgmt/authz/schema/delete",
  effect: "destroy",
  idempotent: true,
});

export const loadSchema = operation({
  noun: "Authz",
  verb: "LoadSchema",
  method: "POST",
  path: "/v1/mgmt/authz/schema/load",
  effect: "read",
  output: anyObject,
});

export const saveNamespace = operation({
  noun: "Authz",
  verb: "SaveNamespace",
  method: "POST",
  path: "/v1/mgmt/authz/ns/save",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ namespace: namespace(), oldName: text(), schemaName: text() }),
});

export const deleteNamespace = operation({
  noun: "Authz",
  verb: "DeleteNamespace",
  method: "POST",
  path: "/v1/mgmt/authz/ns/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ name: v.string(), schemaName: text() }),
});

export const saveRelationDefinition = operation({
  noun: "Authz",
  verb: "SaveRelationDefinition",
  method: "POST",
  path: "/v1/mgmt/authz/rd/save",
  effect: "write",
  idempotent: true,
  input: () =>
    v.looseObject({
      relationDefinition: definition(),
      namespace: v.string(),
      oldName: text(),
      schemaName: text(),
    }),
});

export const deleteRelationDefinition = operation({
  noun: "Authz",
  verb: "DeleteRelationDefinition",
  method: "POST",
  path: "/v1/mgmt/authz/rd/delete",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ name: v.string(), namespace: v.string(), schemaName: text() }),
});

export const createRelations = operation({
  noun: "Authz",
  verb: "CreateRelations",
  method: "POST",
  path: "/v1/mgmt/authz/re/create",
  effect: "write",
  idempotent: true,
  input: relations,
});

export const deleteRelations = operation({
  noun: "Authz",
  verb: "DeleteRelations",
  method: "POST",
  path: "/v1/mgmt/authz/re/delete",
  effect: "destroy",
  idempotent: true,
  input: relations,
});

/** Those in which the ids are the resource, and those in which they are the target. */
export const deleteRelationsForResources = operation({
  noun: "Authz",
  verb: "DeleteRelationsForResources",
  method: "POST",
  path: "/v1/mgmt/authz/re/deleteresources",
  effect: "destroy",
  idempotent: true,
  input: resources,
});

/** Those in which the ids are the resource alone. */
export const deleteResourceRelationsForResources = operation({
  noun: "Authz",
  verb: "DeleteResourceRelationsForResources",
  method: "POST",
  path: "/v1/mgmt/authz/re/deleteresourcesrelations",
  effect: "destroy",
  idempotent: true,
  input: resources,
});

export const hasRelations = operation({
  noun: "Authz",
  verb: "HasRelations",
  method: "POST",
  path: "/v1/mgmt/authz/re/has",
  effect: "read",
  input: () =>
    v.looseObject({
      relationQueries: v.array(
        v.looseObject({
          resource: v.string(),
          relationDefinition: v.string(),
          namespace: v.string(),
          target: v.string(),
        }),
      ),
      context: object(),
    }),
  output: anyObject,
});

export const whoCanAccess = operation({
  noun: "Authz",
  verb: "WhoCanAccess",
  method: "POST",
  path: "/v1/mgmt/authz/re/who",
  effect: "read",
  input: () =>
    v.looseObject({
      resource: v.string(),
      relationDefinition: v.string(),
      namespace: v.string(),
      context: object(),
    }),
  output: anyObject,
});

export const resourceRelations = operation({
  noun: "Authz",
  verb: "ResourceRelations",
  method: "POST",
  path: "/v1/mgmt/authz/re/resource",
  effect: "read",
  input: () => v.looseObject({ resource: v.string(), ignoreTargetSetRelations: flag() }),
  output: anyObject,
});

export const targetsRelations = operation({
  noun: "Authz",
  verb: "TargetsRelations",
  method: "POST",
  path: "/v1/mgmt/authz/re/targets",
  effect: "read",
  input: () => v.looseObject({ targets: v.array(v.string()), includeTargetSetRelations: flag() }),
  output: anyObject,
});

export const whatCanTargetAccess = operation({
  noun: "Authz",
  verb: "WhatCanTargetAccess",
  method: "POST",
  path: "/v1/mgmt/authz/re/targetall",
  effect: "read",
  input: () => v.looseObject({ target: v.string(), context: object() }),
  output: anyObject,
});

export const whatCanTargetAccessWithRelation = operation({
  noun: "Authz",
  verb: "WhatCanTargetAccessWithRelation",
  method: "POST",
  path: "/v1/mgmt/authz/re/targetwithrelation",
  effect: "read",
  input: () =>
    v.looseObject({
      target: v.string(),
      relationDefinition: v.string(),
      namespace: v.string(),
      context: object(),
    }),
  output: anyObject,
});

/** The time is in milliseconds since 1970; as a number or, by the documents, as a text. */
export const getModified = operation({
  noun: "Authz",
  verb: "GetModified",
  method: "POST",
  path: "/v1/mgmt/authz/getmodified",
  effect: "read",
  input: () => v.looseObject({ since: v.nullish(v.union([number(), v.string()])) }),
  output: anyObject,
});
