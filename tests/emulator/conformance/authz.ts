import * as authz from "../../../src/api/operations/authz.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, list, nothing, relationReply, schemaReply, strict, text } from "./shapes.ts";

const schema = {
  name: "files",
  namespaces: [
    { name: "user", relationDefinitions: [] },
    { name: "group", relationDefinitions: [{ name: "member" }] },
    {
      name: "file",
      relationDefinitions: [
        { name: "owner" },
        {
          name: "viewer",
          complexDefinition: {
            nType: "union",
            children: [
              { nType: "child", expression: { neType: "self" } },
              {
                nType: "child",
                expression: {
                  neType: "targetSet",
                  targetRelationDefinition: "owner",
                  targetRelationDefinitionNamespace: "file",
                },
              },
            ],
          },
        },
      ],
    },
  ],
};

const owner = { resource: "report", relationDefinition: "owner", namespace: "file", target: "ann" };
const group = {
  resource: "report",
  relationDefinition: "viewer",
  namespace: "file",
  targetSetResource: "staff",
  targetSetRelationDefinition: "member",
  targetSetRelationDefinitionNamespace: "group",
};

async function withSchema(scene: Scene): Promise<void> {
  await scene.manage("/v1/mgmt/authz/schema/save", { schema, upgrade: true });
}

async function withRelations(scene: Scene): Promise<void> {
  await withSchema(scene);
  await scene.manage("/v1/mgmt/authz/re/create", {
    relations: [
      owner,
      group,
      { resource: "staff", relationDefinition: "member", namespace: "group", target: "bo" },
    ],
  });
}

/** The input, once there is a schema and are relations. */
const afterRelations = (input: object) => async (scene: Scene) => {
  await withRelations(scene);
  return input;
};

const afterSchema = (input: object) => async (scene: Scene) => {
  await withSchema(scene);
  return input;
};

export const authzExamples: Examples = [
  example(authz.saveSchema, nothing, () => ({ schema, upgrade: true })),
  example(authz.deleteSchema, nothing, afterRelations({})),
  example(authz.loadSchema, strict({ schema: schemaReply }), afterSchema({})),
  example(
    authz.saveNamespace,
    nothing,
    afterSchema({
      namespace: { name: "folder", relationDefinitions: [{ name: "owner" }] },
      schemaName: "files",
    }),
  ),
  example(authz.deleteNamespace, nothing, afterSchema({ name: "group", schemaName: "files" })),
  example(
    authz.saveRelationDefinition,
    nothing,
    afterSchema({ relationDefinition: { name: "editor" }, namespace: "file", schemaName: "files" }),
  ),
  example(
    authz.deleteRelationDefinition,
    nothing,
    afterSchema({ name: "member", namespace: "group", schemaName: "files" }),
  ),
  example(authz.createRelations, nothing, afterSchema({ relations: [owner, group] })),
  example(authz.deleteRelations, nothing, afterRelations({ relations: [owner] })),
  example(authz.deleteRelationsForResources, nothing, afterRelations({ resources: ["report"] })),
  example(authz.deleteResourceRelationsForResources, nothing, afterRelations({ resources: ["report"] })),
  example(
    authz.hasRelations,
    strict({ relationQueries: list(relationReply), directRelations: list(flag) }),
    afterRelations({
      relationQueries: [
        { ...owner, relationDefinition: "viewer" },
        { ...owner, target: "zoe" },
      ],
    }),
  ),
  example(
    authz.whoCanAccess,
    strict({ targets: list(text) }),
    afterRelations({ resource: "report", relationDefinition: "viewer", namespace: "file" }),
  ),
  example(
    authz.resourceRelations,
    strict({ relations: list(relationReply) }),
    afterRelations({ resource: "report" }),
  ),
  example(
    authz.targetsRelations,
    strict({ relations: list(relationReply) }),
    afterRelations({ targets: ["ann", "bo"] }),
  ),
  example(
    authz.whatCanTargetAccess,
    strict({ relations: list(relationReply) }),
    afterRelations({ target: "ann" }),
  ),
  example(
    authz.whatCanTargetAccessWithRelation,
    strict({ resources: list(text), relations: list(relationReply) }),
    afterRelations({ target: "ann", relationDefinition: "viewer", namespace: "file" }),
  ),
  example(
    authz.getModified,
    strict({
      resources: list(text),
      targets: list(text),
      schemaChanged: flag,
      relations: strict({ resources: list(text), targets: list(text), schemaChanged: flag }),
    }),
    afterRelations({ since: "0" }),
  ),
];
