import { beforeEach, describe, expect } from "bun:test";
import { fresh, ok, refused, sorted, suite } from "./suite.ts";

const { sdk, check } = suite();
const { authz, fga, tenant } = sdk.management;

const DSL = `model AuthZ 1.0

type user

type org
  relation member: user
  relation parent: org

type folder
  relation parent: folder
  relation owner: user | org#member
  relation editor: user
  relation viewer: user

  permission can_create: owner | parent.owner
  permission can_edit: editor | can_create
  permission can_view: viewer | can_edit

type doc
  relation parent: folder
  relation owner: user | org#member
  relation editor: user
  relation viewer: user

  permission can_create: owner | parent.owner
  permission can_edit: editor | can_create
  permission can_view: viewer | can_edit
`;

const tuple = (
  resourceType: string,
  resource: string,
  relation: string,
  targetType: string,
  target: string,
) => ({
  resource,
  resourceType,
  relation,
  target,
  targetType,
});

describe("fine-grained authorization by a schema in words", () => {
  beforeEach(async () => {
    const reply = await fga.saveSchema({ dsl: DSL });
    if (!reply.ok && reply.code !== 501) throw new Error(JSON.stringify(reply.error));
    if (reply.ok) await ok(fga.deleteAllRelations());
  });
  const allowed = async (...tuples: ReturnType<typeof tuple>[]) =>
    (await ok(fga.check(tuples))).map((one) => one.allowed);

  check("fga.saveSchema is what fga.loadSchema gives", async () => {
    await ok(fga.saveSchema({ dsl: DSL }));
    const { dsl } = await ok(fga.loadSchema());
    for (const word of [
      "model AuthZ 1.0",
      "type folder",
      "relation owner: user | org#member",
      "permission can_edit: editor | can_create",
    ]) {
      expect(dsl).toContain(word);
    }
  });

  check("a schema that makes no sense is refused and the old one stays", async () => {
    await refused(fga.saveSchema({ dsl: "this is no schema" }), 400);
    await refused(fga.saveSchema({ dsl: "model AuthZ 1.0\n\ntype doc\n  relation owner: nobody\n" }), 400);
    await refused(fga.saveSchema({ dsl: "model AuthZ 1.0\n\ntype doc\n  permission can: nothing\n" }), 400);
    expect((await ok(fga.loadSchema())).dsl).toContain("type folder");
  });

  check("fga.check: a relation that was made, and the permissions that follow from it", async () => {
    await ok(fga.createRelations([tuple("doc", "d1", "owner", "user", "u1")]));
    expect(
      await allowed(
        tuple("doc", "d1", "owner", "user", "u1"),
        tuple("doc", "d1", "can_view", "user", "u1"),
        tuple("doc", "d1", "editor", "user", "u1"),
        tuple("doc", "d1", "owner", "user", "u2"),
        tuple("doc", "d2", "can_view", "user", "u1"),
      ),
    ).toEqual([true, true, false, false, false]);
    const [first] = await ok(fga.check([tuple("doc", "d1", "owner", "user", "u1")]));
    expect(first?.tuple).toMatchObject(tuple("doc", "d1", "owner", "user", "u1"));
  });

  check("fga.check: a viewer views and does not edit", async () => {
    await ok(
      fga.createRelations([
        tuple("doc", "d", "viewer", "user", "v"),
        tuple("doc", "d", "editor", "user", "e"),
      ]),
    );
    expect(
      await allowed(
        tuple("doc", "d", "can_view", "user", "v"),
        tuple("doc", "d", "can_edit", "user", "v"),
        tuple("doc", "d", "can_view", "user", "e"),
        tuple("doc", "d", "can_edit", "user", "e"),
        tuple("doc", "d", "can_create", "user", "e"),
      ),
    ).toEqual([true, false, true, true, false]);
  });

  check("fga.check: the members of an org that owns", async () => {
    await ok(
      fga.createRelations([
        tuple("org", "acme", "member", "user", "m"),
        tuple("doc", "d", "owner", "org#member", "acme"),
      ]),
    );
    expect(
      await allowed(
        tuple("doc", "d", "owner", "user", "m"),
        tuple("doc", "d", "can_view", "user", "m"),
        tuple("doc", "d", "owner", "user", "stranger"),
      ),
    ).toEqual([true, true, false]);
    await ok(fga.deleteRelations([tuple("org", "acme", "member", "user", "m")]));
    expect(await allowed(tuple("doc", "d", "owner", "user", "m"))).toEqual([false]);
  });

  check("fga.check: who owns the folder creates in it, and only one folder up", async () => {
    await ok(
      fga.createRelations([
        tuple("folder", "top", "owner", "user", "boss"),
        tuple("folder", "sub", "parent", "folder", "top"),
        tuple("doc", "d", "parent", "folder", "sub"),
        tuple("folder", "sub", "owner", "user", "lead"),
      ]),
    );
    expect(
      await allowed(
        tuple("folder", "sub", "can_create", "user", "boss"),
        tuple("doc", "d", "can_create", "user", "lead"),
        tuple("doc", "d", "can_view", "user", "lead"),
        tuple("doc", "d", "can_create", "user", "boss"),
      ),
    ).toEqual([true, true, true, false]);
  });

  check("fga.deleteRelations takes one away and fga.deleteAllRelations all", async () => {
    await ok(
      fga.createRelations([
        tuple("doc", "d", "viewer", "user", "a"),
        tuple("doc", "d", "viewer", "user", "b"),
      ]),
    );
    await ok(fga.deleteRelations([tuple("doc", "d", "viewer", "user", "a")]));
    const both = [tuple("doc", "d", "viewer", "user", "a"), tuple("doc", "d", "viewer", "user", "b")];
    expect(await allowed(...both)).toEqual([false, true]);
    await ok(fga.deleteAllRelations());
    expect(await allowed(...both)).toEqual([false, false]);
    expect((await ok(fga.loadSchema())).dsl).toContain("type doc");
  });

  check("making a relation twice is making it once", async () => {
    const one = tuple("doc", "d", "viewer", "user", "a");
    await ok(fga.createRelations([one, one]));
    await ok(fga.createRelations([one]));
    expect(await allowed(one)).toEqual([true]);
    await ok(fga.deleteRelations([one]));
    expect(await allowed(one)).toEqual([false]);
  });

  check("relations that the schema does not know are refused", async () => {
    await refused(fga.createRelations([tuple("ship", "s", "owner", "user", "u")]), 400);
    await refused(fga.createRelations([tuple("doc", "d", "captain", "user", "u")]), 400);
  });

  check("circles end", async () => {
    await ok(
      fga.createRelations([
        tuple("folder", "a", "parent", "folder", "b"),
        tuple("folder", "b", "parent", "folder", "a"),
        tuple("folder", "a", "owner", "user", "u"),
      ]),
    );
    expect(
      await allowed(
        tuple("folder", "b", "can_create", "user", "u"),
        tuple("folder", "b", "can_view", "user", "x"),
      ),
    ).toEqual([true, false]);
  });

  check("fga.checkWithContext answers as check does where no condition asks for the context", async () => {
    await ok(fga.createRelations([tuple("doc", "d", "viewer", "user", "a")]));
    const reply = await ok(
      fga.checkWithContext([tuple("doc", "d", "can_view", "user", "a")], { ip: "10.0.0.1" }),
    );
    expect(reply.map((one) => one.allowed)).toEqual([true]);
  });

  check("fga.dryRunSchema says what would be deleted, and deletes nothing", async () => {
    const { deletesPreview } = await ok(
      fga.dryRunSchema({ dsl: "model AuthZ 1.0\n\ntype user\n\ntype doc\n  relation owner: user\n" }),
    );
    expect(deletesPreview?.hasDeletes).toBe(true);
    expect(deletesPreview?.types).toEqual(expect.arrayContaining(["folder", "org"]));
    expect((await ok(fga.loadSchema())).dsl).toContain("type folder");
    expect((await ok(fga.dryRunSchema({ dsl: DSL }))).deletesPreview?.hasDeletes ?? false).toBe(false);
  });

  check("fga.saveResourcesDetails is what fga.loadResourcesDetails gives", async () => {
    const details = [{ resourceId: fresh("doc"), resourceType: "doc", displayName: "A document" }];
    await ok(fga.saveResourcesDetails(details));
    const ids = details.map(({ resourceId, resourceType }) => ({ resourceId, resourceType }));
    expect(await ok(fga.loadResourcesDetails(ids))).toEqual(details);
    expect(
      await ok(fga.loadResourcesDetails([{ resourceId: "never saved", resourceType: "doc" }])),
    ).not.toContainEqual(details[0] as never);
  });

  check("fga.loadMappableSchema and fga.searchMappableResources answer for a tenant", async () => {
    const id = fresh("tenant");
    await ok(tenant.createWithId(id, id));
    await ok(fga.createRelations([tuple("doc", "mappable-doc", "viewer", "user", "a")]));
    expect(await ok(fga.loadMappableSchema(id, { resourcesLimit: 10 }))).toHaveProperty("schema");
    const found = await ok(
      fga.searchMappableResources(id, [{ type: "doc", queries: ["mappable"] }], { resourcesLimit: 10 }),
    );
    expect(found).toBeArray();
  });

  check("fga.deleteSchema takes the schema and its relations away", async () => {
    await ok(fga.createRelations([tuple("doc", "d", "viewer", "user", "a")]));
    await ok(fga.deleteSchema());
    const left = await fga.loadSchema();
    if (left.ok) expect(left.data?.dsl || "").toBe("");
    else expect(left.code).toBe(404);
    await ok(fga.saveSchema({ dsl: DSL }));
    expect(await allowed(tuple("doc", "d", "viewer", "user", "a"))).toEqual([false]);
  });
});

describe("authorization by namespaces", () => {
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
              nType: "union" as const,
              children: [
                { nType: "child" as const, expression: { neType: "self" as const } },
                {
                  nType: "child" as const,
                  expression: {
                    neType: "targetSet" as const,
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
  beforeEach(async () => {
    for (const step of [() => authz.deleteSchema(), () => authz.saveSchema(schema, true)]) {
      const reply = await step();
      if (!reply.ok && reply.code !== 501 && reply.code !== 404) throw new Error(JSON.stringify(reply.error));
    }
  });
  const relation = (resource: string, relationDefinition: string, target: string) => ({
    resource,
    relationDefinition,
    namespace: "file",
    target,
  });
  const has = async (...queries: ReturnType<typeof relation>[]) =>
    (await ok(authz.hasRelations(queries))).map(({ hasRelation }) => hasRelation === true);

  check("authz.saveSchema is what authz.loadSchema gives; authz.deleteSchema empties it", async () => {
    const loaded = await ok(authz.loadSchema());
    expect(loaded.namespaces.map(({ name }) => name)).toEqual(["user", "group", "file"]);
    expect(loaded.namespaces[2]?.relationDefinitions).toMatchObject(
      schema.namespaces[2]?.relationDefinitions as never,
    );
    await ok(authz.deleteSchema());
    expect((await ok(authz.loadSchema()))?.namespaces ?? []).toEqual([]);
  });

  check(
    "authz.saveNamespace, deleteNamespace, saveRelationDefinition and deleteRelationDefinition change it",
    async () => {
      await ok(authz.saveNamespace({ name: "folder", relationDefinitions: [{ name: "parent" }] }));
      await ok(authz.saveRelationDefinition({ name: "editor" }, "folder"));
      const folder = async () =>
        (await ok(authz.loadSchema())).namespaces.find(({ name }) => name === "folder");
      expect((await folder())?.relationDefinitions.map(({ name }) => name)).toEqual(["parent", "editor"]);
      await ok(authz.saveRelationDefinition({ name: "writer" }, "folder", "editor"));
      expect((await folder())?.relationDefinitions.map(({ name }) => name)).toEqual(["parent", "writer"]);
      await ok(authz.deleteRelationDefinition("parent", "folder"));
      expect((await folder())?.relationDefinitions.map(({ name }) => name)).toEqual(["writer"]);
      await ok(authz.deleteNamespace("folder"));
      expect(await folder()).toBeUndefined();
    },
  );

  check("authz.createRelations, hasRelations and deleteRelations", async () => {
    await ok(authz.createRelations([relation("f", "owner", "u1"), relation("f", "viewer", "u2")]));
    expect(
      await has(
        relation("f", "owner", "u1"),
        relation("f", "viewer", "u1"),
        relation("f", "viewer", "u2"),
        relation("f", "owner", "u2"),
      ),
    ).toEqual([true, true, true, false]);
    await ok(authz.deleteRelations([relation("f", "owner", "u1")]));
    expect(
      await has(relation("f", "owner", "u1"), relation("f", "viewer", "u1"), relation("f", "viewer", "u2")),
    ).toEqual([false, false, true]);
  });

  check("a set of targets: the members of a group", async () => {
    await ok(
      authz.createRelations([
        { resource: "g", relationDefinition: "member", namespace: "group", target: "u1" },
        {
          resource: "f",
          relationDefinition: "owner",
          namespace: "file",
          targetSetResource: "g",
          targetSetRelationDefinition: "member",
          targetSetRelationDefinitionNamespace: "group",
        },
      ]),
    );
    expect(
      await has(relation("f", "owner", "u1"), relation("f", "viewer", "u1"), relation("f", "owner", "u2")),
    ).toEqual([true, true, false]);
    expect(await ok(authz.whoCanAccess("f", "viewer", "file"))).toEqual(["u1"]);
    expect(await ok(authz.resourceRelationsWithTargetSetsFilter("f", false))).toEqual([]);
    expect(await ok(authz.resourceRelationsWithTargetSetsFilter("f", true))).toHaveLength(1);
  });

  check("authz.whoCanAccess, resourceRelations and targetsRelations list what there is", async () => {
    await ok(
      authz.createRelations([
        relation("f", "owner", "u1"),
        relation("f", "viewer", "u2"),
        relation("other", "owner", "u2"),
      ]),
    );
    expect(sorted(await ok(authz.whoCanAccess("f", "viewer", "file")))).toEqual(["u1", "u2"]);
    expect(await ok(authz.whoCanAccess("f", "owner", "file"))).toEqual(["u1"]);
    expect(await ok(authz.resourceRelations("f"))).toHaveLength(2);
    expect((await ok(authz.resourceRelations("f", true))).map(({ target }) => target)).toEqual(
      expect.arrayContaining(["u1", "u2"]),
    );
    expect(sorted((await ok(authz.targetsRelations(["u2"]))).map(({ resource }) => resource))).toEqual([
      "f",
      "other",
    ]);
    expect(await ok(authz.targetsRelationsWithTargetSetsFilter(["u1", "u2"], true))).toHaveLength(3);
  });

  check("authz.whatCanTargetAccess and whatCanTargetAccessWithRelation follow the definitions", async () => {
    await ok(authz.createRelations([relation("f", "owner", "u1"), relation("h", "viewer", "u1")]));
    const all = await ok(authz.whatCanTargetAccess("u1"));
    expect(all.map(({ resource, relationDefinition }) => `${resource} ${relationDefinition}`)).toEqual(
      expect.arrayContaining(["f owner", "f viewer", "h viewer"]),
    );
    const viewed = await ok(authz.whatCanTargetAccessWithRelation("u1", "viewer", "file"));
    expect(sorted(viewed.map(({ resource }) => resource))).toEqual(["f", "h"]);
    expect(await ok(authz.whatCanTargetAccessWithRelation("u1", "owner", "file"))).toEqual([
      { resource: "f" },
    ]);
  });

  check(
    "authz.deleteRelationsForResources, deleteRelationsForIds and deleteResourceRelationsForResources",
    async () => {
      const make = () =>
        ok(
          authz.createRelations([
            relation("a", "owner", "u1"),
            relation("b", "owner", "u1"),
            relation("c", "owner", "u1"),
          ]),
        );
      const state = () =>
        has(relation("a", "owner", "u1"), relation("b", "owner", "u1"), relation("c", "owner", "u1"));
      await make();
      await ok(authz.deleteRelationsForResources(["a"]));
      expect(await state()).toEqual([false, true, true]);
      await ok(authz.deleteRelationsForIds(["b"]));
      expect(await state()).toEqual([false, false, true]);
      await ok(authz.deleteResourceRelationsForResources(["c"]));
      expect(await state()).toEqual([false, false, false]);
    },
  );

  check("authz.getModified names what changed since a time", async () => {
    const since = new Date(Date.now() - 60_000);
    await ok(authz.createRelations([relation("changed", "owner", "u9")]));
    const modified = await ok(authz.getModified(since));
    expect(modified.resources).toContain("changed");
    expect(modified.targets).toContain("u9");
    expect(modified.schemaChanged).toBe(true);
    expect((await ok(authz.getModified(new Date(Date.now() + 60_000)))).resources ?? []).toEqual([]);
  });

  check("a relation that the schema does not know is refused", async () => {
    await refused(authz.createRelations([{ ...relation("f", "captain", "u") }]), 400);
    await refused(authz.createRelations([{ ...relation("f", "owner", "u"), namespace: "ship" }]), 400);
  });
});
