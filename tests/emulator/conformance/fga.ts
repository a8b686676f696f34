import * as fga from "../../../src/api/operations/fga.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import {
  flag,
  list,
  mappableReply,
  nothing,
  schemaNamespaceReply,
  schemaReply,
  strict,
  text,
  tupleReply,
  unknown,
  integer,
} from "./shapes.ts";

const dsl = `model AuthZ 1.0

type user

type group
  relation member: user

type doc
  relation owner: user
  relation reader: user | group#member
  permission can_view: owner | reader
`;

const owner = { resource: "plan", resourceType: "doc", relation: "owner", target: "ann", targetType: "user" };
const member = {
  resource: "staff",
  resourceType: "group",
  relation: "member",
  target: "bo",
  targetType: "user",
};

async function withSchema(scene: Scene): Promise<void> {
  await scene.manage("/v1/mgmt/fga/schema", { dsl });
}

async function withRelations(scene: Scene): Promise<void> {
  await withSchema(scene);
  await scene.manage("/v1/mgmt/fga/relations", { tuples: [owner, member] });
}

const afterRelations = (input: object) => async (scene: Scene) => {
  await withRelations(scene);
  return input;
};

async function backup(scene: Scene): Promise<{ backupId: string }> {
  await withRelations(scene);
  const { backupId } = await scene.manage("/v1/mgmt/fga/backup", {});
  return { backupId };
}

async function ofTenant(scene: Scene): Promise<{ tenantId: string }> {
  await withRelations(scene);
  const { id } = await scene.tenant();
  return { tenantId: id };
}

const details = { resourceId: "plan", resourceType: "doc" };

export const fgaExamples: Examples = [
  example(fga.saveSchema, nothing, () => ({ dsl })),
  example(fga.loadSchema, strict({ dsl: text, schema: schemaReply, version: text }), afterRelations({})),
  example(
    fga.dryRunSchema,
    strict({ deletesPreview: strict({ hasDeletes: flag, relations: list(text), types: list(unknown) }) }),
    afterRelations({ dsl: dsl.replace("  relation owner: user\n", "").replace("owner | ", "") }),
  ),
  example(fga.createRelations, nothing, async (scene) => {
    await withSchema(scene);
    return { tuples: [owner, member] };
  }),
  example(fga.deleteRelations, nothing, afterRelations({ tuples: [owner] })),
  example(fga.deleteAllRelations, nothing, afterRelations({})),
  example(
    fga.check,
    strict({
      tuples: list(strict({ allowed: flag, tuple: tupleReply, info: strict({ direct: flag }) })),
      schemaVersion: text,
    }),
    afterRelations({
      tuples: [
        { ...owner, relation: "can_view" },
        { ...owner, target: "zoe" },
      ],
    }),
  ),
  example(
    fga.loadMappableSchema,
    strict({
      schema: strict({ name: text, namespaces: list(schemaNamespaceReply) }),
      mappableResources: list(mappableReply),
    }),
    async (scene) => ({ ...(await ofTenant(scene)), resourcesLimit: "10" }),
  ),
  example(fga.searchMappableResources, strict({ mappableResources: list(mappableReply) }), async (scene) => ({
    ...(await ofTenant(scene)),
    resourcesQueries: [{ type: "doc", queries: ["pla"] }],
  })),
  example(fga.loadMappableResources, strict({ mappableResources: list(mappableReply) }), ofTenant),
  example(
    fga.saveResourcesDetails,
    nothing,
    afterRelations({ resourcesDetails: [{ ...details, displayName: "The plan" }] }),
  ),
  example(
    fga.loadResourcesDetails,
    strict({ resourcesDetails: list(strict({ resourceId: text, resourceType: text, displayName: text })) }),
    async (scene) => {
      await withRelations(scene);
      await scene.manage("/v1/mgmt/fga/resources/save", {
        resourcesDetails: [{ ...details, displayName: "The plan" }],
      });
      return { resourceIdentifiers: [details] };
    },
  ),
  example(fga.createBackup, strict({ backupId: text }), afterRelations({})),
  example(
    fga.loadBackup,
    strict({
      backup: strict({
        id: text,
        projectId: text,
        status: text,
        schemaVersion: integer,
        tupleCount: integer,
        createdAt: integer,
        completedAt: integer,
        errorMessage: text,
      }),
    }),
    backup,
  ),
  example(fga.deleteBackup, nothing, backup),
  example(fga.restoreBackup, strict({ autoBackupId: text }), backup),
  example(
    fga.listBackups,
    strict({
      backups: list(
        strict({
          id: text,
          projectId: text,
          status: text,
          schemaVersion: integer,
          tupleCount: integer,
          createdAt: integer,
          completedAt: integer,
          errorMessage: text,
        }),
      ),
    }),
    async (scene) => {
      await backup(scene);
      return {};
    },
  ),
];
