import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
let now = Date.UTC(2026, 0, 2, 12);
beforeEach(() => {
  now = Date.UTC(2026, 0, 2, 12);
  emulator = testEmulator({
    machineTime: () => now,
    seed: {
      tenants: [{ id: "acme", name: "Acme" }],
      users: [
        { userId: "U1", loginId: "ann", userTenants: [{ tenantId: "acme" }] },
        { userId: "U2", loginId: "bo", customAttributes: { level: "gold" } },
      ],
    },
  });
});
afterEach(() => emulator.stop());

const SCHEMA = `model AuthZ 1.0

constraint Hours:NumRange(9, 17)
condition Clearance(level int, needed int) { level >= needed }

type user

type org
  relation member: user
  relation parent: org

type folder
  relation parent: folder
  relation owner: user | org#member
  relation blocked: user
  permission can_view: (owner | parent.can_view) - blocked

type doc
  relation parent: folder
  relation owner: user
  relation reader: user with Hours
  permission can_edit: owner & parent.can_view
  permission can_view: reader | owner with Clearance | parent.can_view
`;

const save = (dsl: string) => emulator.call("/v1/mgmt/fga/schema", { dsl });
const tuple = (text: string) => {
  const found = /^(\w+):([\w.-]+)#(\w+)@([\w#]+):([\w.-]+)$/.exec(text);
  if (found === null) throw new Error(`${text} is not a tuple`);
  const [, resourceType, resource, relation, targetType, target] = found;
  return { resource, resourceType, relation, target, targetType };
};
const create = (...texts: string[]) => emulator.ok("/v1/mgmt/fga/relations", { tuples: texts.map(tuple) });
const check = async (text: string, context?: object, more: object = {}) => {
  const body = { tuples: [tuple(text)], ...(context === undefined ? {} : { context }), ...more };
  const { tuples } = await emulator.ok("/v1/mgmt/fga/check", body);
  const [checked] = tuples;
  if (checked === undefined) throw new Error(`Nothing is said of ${text}`);
  return checked;
};
const allowed = async (text: string, context?: object) => (await check(text, context)).allowed;

describe("schema", () => {
  test("what was saved is loaded, in both of its forms, with a version of its own", async () => {
    expect<unknown>(await emulator.ok("/v1/mgmt/fga/schema")).toEqual({
      dsl: "",
      schema: { name: "", namespaces: [], conditions: [] },
      version: "",
    });
    expect((await save(SCHEMA)).status).toBe(200);
    const loaded = await emulator.ok("/v1/mgmt/fga/schema");
    expect(loaded.dsl).toBe(SCHEMA);
    expect(loaded.schema.namespaces.map(({ name }) => name)).toEqual(["user", "org", "folder", "doc"]);
    expect(loaded.schema.conditions).toMatchObject([
      { name: "Hours", builtin: true, id: 1 },
      { name: "Clearance", builtin: false, id: 2 },
    ]);
    await save(SCHEMA);
    expect((await emulator.ok("/v1/mgmt/fga/schema")).version).not.toBe(loaded.version);
    const { schema } = await emulator.ok("/v1/mgmt/authz/schema/load", {});
    expect(schema).toEqual(loaded.schema);
  });

  test("one that is wrong is refused with its place, and the old one stays", async () => {
    await save(SCHEMA);
    const { status, body } = await save("model AuthZ 1.0\ntype doc\n  relation owner: nobody");
    expect(status).toBe(400);
    expect(body).toMatchObject({
      errorCode: "E011004",
      errorMessage: "The dsl field is not a schema: line 3, column 19: there is no type nobody",
    });
    expect((await save("  ")).body.errorCode).toBe("E011002");
    expect((await emulator.ok("/v1/mgmt/fga/schema")).dsl).toBe(SCHEMA);
  });

  test("a dry run says what would go, and saving lets it go", async () => {
    await save(SCHEMA);
    await create("org:o1#member@user:u1", "folder:f1#owner@org#member:o1", "doc:d1#owner@user:u1");
    const smaller = `model AuthZ 1.0
type user
type folder
  relation parent: folder
  relation owner: user
  permission can_view: owner
type doc
  relation owner: user`;
    const { deletesPreview } = await emulator.ok("/v1/mgmt/fga/schema/dryrun", { dsl: smaller });
    expect(deletesPreview).toEqual({
      hasDeletes: true,
      types: ["org"],
      relations: ["folder#owner", "folder#blocked", "doc#parent", "doc#reader"],
    });
    expect(await allowed("doc:d1#owner@user:u1")).toBe(true);
    await save(smaller);
    expect(await allowed("folder:f1#owner@user:u1")).toBe(false);
    expect(await allowed("doc:d1#owner@user:u1")).toBe(true);
    const again = await emulator.ok("/v1/mgmt/fga/schema/dryrun", { dsl: smaller });
    expect(again.deletesPreview).toEqual({ hasDeletes: false, types: [], relations: [] });
  });

  test("another condition on a relation deletes nothing", async () => {
    await save(SCHEMA);
    await create("doc:d1#reader@user:u1");
    await save(SCHEMA.replace("NumRange(9, 17)", "NumRange(0, 24)"));
    expect(await allowed("doc:d1#reader@user:u1", { num: 20 })).toBe(true);
  });
});

describe("checks", () => {
  beforeEach(async () => {
    await save(SCHEMA);
    await create(
      "org:o1#member@user:u1",
      "folder:root#owner@org#member:o1",
      "folder:f1#parent@folder:root",
      "doc:d1#parent@folder:f1",
      "doc:d1#owner@user:u2",
      "doc:d1#reader@user:u3",
    );
  });

  test("sets, parents of parents and exclusions are followed", async () => {
    expect(await allowed("folder:root#owner@user:u1")).toBe(true);
    expect(await allowed("folder:f1#can_view@user:u1")).toBe(true);
    expect(await allowed("doc:d1#can_view@user:u1")).toBe(true);
    expect(await allowed("doc:d1#can_view@user:u9")).toBe(false);
    expect(await allowed("folder:root#owner@org#member:o1")).toBe(true);
    expect(await allowed("folder:root#owner@org#member:o2")).toBe(false);
    await create("folder:f1#blocked@user:u1");
    expect(await allowed("doc:d1#can_view@user:u1")).toBe(false);
    expect(await allowed("folder:root#can_view@user:u1")).toBe(true);
  });

  test("an intersection needs both", async () => {
    expect(await allowed("doc:d1#can_edit@user:u2")).toBe(false);
    await create("folder:f1#owner@user:u2");
    expect(await allowed("doc:d1#can_edit@user:u2")).toBe(true);
  });

  test("folders that are each other's parents end no check", async () => {
    await create("folder:root#parent@folder:f1");
    expect(await allowed("folder:root#can_view@user:u9")).toBe(false);
    expect(await allowed("folder:root#can_view@user:u1")).toBe(true);
  });

  test("each tuple is answered in its order, with the tuple itself", async () => {
    const tuples = ["doc:d1#can_view@user:u9", "doc:d1#can_view@user:u1"].map(tuple);
    const reply = await emulator.ok("/v1/mgmt/fga/check", { tuples });
    expect<unknown>(reply.tuples.map(({ allowed, tuple }) => [allowed, tuple])).toEqual([
      [false, tuples[0]],
      [true, tuples[1]],
    ]);
    expect(reply.schemaVersion).toBe((await emulator.ok("/v1/mgmt/fga/schema")).version);
  });

  test("conditions are decided by the context, and what they lack is named", async () => {
    expect(await check("doc:d1#can_view@user:u3", { num: 10 })).toMatchObject({
      allowed: true,
      info: { conditional: true },
    });
    expect(await check("doc:d1#can_view@user:u3", { num: 18 })).toMatchObject({
      allowed: false,
      info: { conditional: true },
    });
    const open = await check("doc:d1#can_view@user:u3");
    expect(open).toMatchObject({ allowed: false, info: { conditional: true, missingContext: ["num"] } });
    expect(await check("doc:d1#can_view@user:u2", { level: 3 })).toMatchObject({
      allowed: false,
      info: { missingContext: ["needed"] },
    });
    expect(await allowed("doc:d1#can_view@user:u2", { level: 3, needed: 2 })).toBe(true);
    const broken = await check("doc:d1#can_view@user:u2", { level: "high", needed: 2 });
    expect(broken).toMatchObject({
      allowed: false,
      info: { conditional: true, conditionalErr: "Clearance: the context's level is not of the type int" },
    });
  });

  test("what does not hang on a condition is not conditional, whatever the context", async () => {
    const { info, allowed } = await check("doc:d1#can_view@user:u1");
    expect(allowed).toBe(true);
    expect(info.conditional).toBeUndefined();
    expect(info.missingContext).toBeUndefined();
  });

  test("the numbers of the conditions that decided are told when asked for", async () => {
    const { info } = await check("doc:d1#can_view@user:u3", { num: 10 }, { listConditions: true });
    expect([info.trueConditions, info.falseConditions]).toEqual([[1], []]);
  });

  test("a path leads from the resource to what was created", async () => {
    const { info } = await check("folder:f1#can_view@user:u1", undefined, { computePaths: true });
    expect(
      info.path?.steps.map(({ tuple }) => `${tuple.resourceType}:${tuple.resource}#${tuple.relation}`),
    ).toEqual(["folder:f1#can_view", "folder:root#can_view", "folder:root#owner", "org:o1#member"]);
    const none = await check("folder:f1#can_view@user:u9", undefined, { computePaths: true });
    expect(none.info.path).toBeUndefined();
  });

  test("a type or relation that the schema does not have is an error that names it", async () => {
    for (const [text, message] of [
      ["nope:d1#x@user:u1", "tuples.0: the schema has no type nope"],
      ["doc:d1#nope@user:u1", "tuples.0: the type doc has no relation nope"],
    ] as const) {
      const { status, body } = await emulator.call("/v1/mgmt/fga/check", { tuples: [tuple(text)] });
      expect([status, body.errorMessage]).toEqual([400, message]);
    }
  });
});

describe("relations", () => {
  test("what the schema does not allow is not created, and nothing beside it", async () => {
    expect(
      (await emulator.call("/v1/mgmt/fga/relations", { tuples: [tuple("doc:d#owner@user:u")] })).body
        .errorMessage,
    ).toBe("tuples.0: the project has no authorization schema");
    await save(SCHEMA);
    for (const [text, message] of [
      ["doc:d#owner@org:o1", "tuples.1: doc#owner is for user, not for org"],
      ["folder:f#owner@org:o1", "tuples.1: folder#owner is for user or org#member, not for org"],
      ["doc:d#can_view@user:u1", "tuples.1: can_view is a permission, which follows and cannot be created"],
      ["doc:d#nope@user:u1", "tuples.1: the type doc has no relation nope"],
    ] as const) {
      const tuples = [tuple("doc:d#owner@user:u1"), tuple(text)];
      const { status, body } = await emulator.call("/v1/mgmt/fga/relations", { tuples });
      expect([status, body.errorMessage]).toEqual([400, message]);
    }
    expect(await allowed("doc:d#owner@user:u1")).toBe(false);
    expect((await emulator.call("/v1/mgmt/fga/relations", { tuples: [] })).body.errorMessage).toBe(
      "The tuples field must be a list of tuples",
    );
    expect(
      (await emulator.call("/v1/mgmt/fga/relations", { tuples: [{ resource: "d" }] })).body.errorMessage,
    ).toBe("The tuples.0.resourceType field is required");
  });

  test("created twice is created once, deleted is gone, also if it never was", async () => {
    await save(SCHEMA);
    await create("doc:d#owner@user:u1");
    await create("doc:d#owner@user:u1");
    const { relations } = await emulator.ok("/v1/mgmt/authz/re/resource", { resource: "d" });
    expect(relations).toEqual([
      { resource: "d", relationDefinition: "owner", namespace: "doc", target: "u1", targetNamespace: "user" },
    ]);
    const gone = { tuples: [tuple("doc:d#owner@user:u1")] };
    await emulator.ok("/v1/mgmt/fga/relations/delete", gone);
    await emulator.ok("/v1/mgmt/fga/relations/delete", gone);
    expect(await allowed("doc:d#owner@user:u1")).toBe(false);
  });

  test("all are deleted at once", async () => {
    await save(SCHEMA);
    await create("doc:d#owner@user:u1", "doc:e#owner@user:u2");
    await emulator.ok("/v1/mgmt/fga/relations", undefined, { method: "DELETE" });
    expect((await emulator.ok("/v1/mgmt/authz/re/targets", { targets: ["u1", "u2"] })).relations).toEqual([]);
    expect((await emulator.ok("/v1/mgmt/fga/schema")).dsl).toBe(SCHEMA);
  });
});

test("details of resources are kept, and resources are found by them", async () => {
  await save(SCHEMA);
  await create("folder:f1#owner@user:u1", "doc:d1#parent@folder:f2");
  await emulator.ok("/v1/mgmt/fga/resources/save", {
    resourcesDetails: [
      { resourceId: "f1", resourceType: "folder", displayName: "Finance" },
      { resourceId: "f9", resourceType: "folder", displayName: "Legal" },
    ],
  });
  const { resourcesDetails } = await emulator.ok("/v1/mgmt/fga/resources/load", {
    resourceIdentifiers: [
      { resourceId: "f9", resourceType: "folder" },
      { resourceId: "f2", resourceType: "folder" },
    ],
  });
  expect(resourcesDetails).toEqual([{ resourceId: "f9", resourceType: "folder", displayName: "Legal" }]);

  const { schema, mappableResources } = await emulator.ok(
    "/v1/mgmt/fga/mappable/schema?tenantId=acme&resourcesLimit=2",
  );
  expect(schema.namespaces[1]).toEqual({
    name: "folder",
    relationDefinitions: [{ name: "parent" }, { name: "owner" }, { name: "blocked" }],
  });
  expect(mappableResources.find(({ type }) => type === "folder")?.resources).toEqual([
    { resource: "f1", displayName: "Finance" },
    { resource: "f2", displayName: "" },
  ]);
  const found = await emulator.ok("/v1/mgmt/fga/mappable/resources", {
    tenantId: "acme",
    resourcesQueries: [{ type: "folder", queries: ["LEG", "f2"] }],
    resourcesLimit: "10",
  });
  expect(found.mappableResources).toEqual([
    {
      type: "folder",
      resources: [
        { resource: "f2", displayName: "" },
        { resource: "f9", displayName: "Legal" },
      ],
    },
  ]);
  expect((await emulator.call("/v1/mgmt/fga/mappable/schema?tenantId=nope")).status).toBe(404);
});

test("a backup brings back schema and relations, and keeps what it replaces", async () => {
  await save(SCHEMA);
  await create("doc:d#owner@user:u1", "folder:f#owner@org#member:o1");
  const { backupId } = await emulator.ok("/v1/mgmt/fga/backup", {});
  await save("model AuthZ 1.0\ntype user\ntype note\n  relation owner: user");
  await create("note:n#owner@user:u2");
  const { autoBackupId } = await emulator.ok(`/v1/mgmt/fga/backup/${backupId}/restore`, {});
  expect(await allowed("doc:d#owner@user:u1")).toBe(true);
  expect((await emulator.ok("/v1/mgmt/fga/schema")).dsl).toBe(SCHEMA);
  expect((await emulator.ok("/v1/mgmt/authz/re/resource", { resource: "n" })).relations).toEqual([]);
  const { backups } = await emulator.ok("/v1/mgmt/fga/backups");
  expect(backups).toMatchObject([
    { id: backupId, status: "completed", tupleCount: 2, createdAt: Math.floor(now / 1000) },
    { id: autoBackupId, tupleCount: 1 },
  ]);
  await emulator.ok(`/v1/mgmt/fga/backup/${autoBackupId}`, undefined, { method: "DELETE" });
  expect((await emulator.call(`/v1/mgmt/fga/backup/${autoBackupId}`)).status).toBe(404);
  expect<unknown>((await emulator.ok(`/v1/mgmt/fga/backup/${backupId}`)).backup.id).toBe(backupId);
});

describe("the older calls", () => {
  const FILES = {
    name: "Files",
    namespaces: [
      {
        name: "org",
        relationDefinitions: [
          { name: "parent", complexDefinition: null },
          {
            name: "member",
            complexDefinition: {
              nType: "union",
              children: [
                { nType: "child", children: [], expression: { neType: "self" } },
                {
                  nType: "child",
                  expression: {
                    neType: "relationLeft",
                    relationDefinition: "parent",
                    relationDefinitionNamespace: "org",
                    targetRelationDefinition: "member",
                    targetRelationDefinitionNamespace: "org",
                  },
                },
              ],
              expression: null,
            },
          },
        ],
      },
      {
        name: "folder",
        relationDefinitions: [
          { name: "parent" },
          {
            name: "viewer",
            complexDefinition: {
              nType: "union",
              children: [
                { nType: "child", expression: { neType: "self" } },
                {
                  nType: "child",
                  expression: {
                    neType: "relationRight",
                    relationDefinition: "parent",
                    relationDefinitionNamespace: "folder",
                    targetRelationDefinition: "viewer",
                    targetRelationDefinitionNamespace: "folder",
                  },
                },
              ],
            },
          },
        ],
      },
    ],
  };
  const relation = (namespace: string, resource: string, relationDefinition: string, more: object) => ({
    namespace,
    resource,
    relationDefinition,
    ...more,
  });
  const createAll = (...relations: object[]) => emulator.ok("/v1/mgmt/authz/re/create", { relations });
  const has = async (namespace: string, resource: string, relationDefinition: string, target: string) => {
    const { relationQueries } = await emulator.ok("/v1/mgmt/authz/re/has", {
      relationQueries: [{ namespace, resource, relationDefinition, target, hasRelation: false }],
    });
    return relationQueries[0]?.hasRelation;
  };
  beforeEach(async () => {
    await emulator.ok("/v1/mgmt/authz/schema/save", { schema: FILES, upgrade: true });
    await createAll(
      relation("org", "Dev", "parent", { target: "All" }),
      relation("org", "Dev", "member", { target: "u1" }),
      relation("folder", "Internal", "viewer", {
        targetSetResource: "All",
        targetSetRelationDefinition: "member",
        targetSetRelationDefinitionNamespace: "org",
      }),
      relation("folder", "Slides", "parent", { target: "Internal" }),
      relation("folder", "Slides", "viewer", { target: "u2" }),
      relation("folder", "Gold", "viewer", {
        query: { customAttributes: { level: "gold" }, ssoOnly: false },
      }),
      relation("folder", "Acme", "viewer", { query: { tenants: ["acme"], userStatus: ["enabled"] } }),
    );
  });

  test("members of a part are members of the whole, and see what the whole sees", async () => {
    expect(await has("org", "All", "member", "u1")).toBe(true);
    expect(await has("org", "Dev", "member", "u2")).toBe(false);
    expect(await has("folder", "Internal", "viewer", "u1")).toBe(true);
    expect(await has("folder", "Slides", "viewer", "u1")).toBe(true);
    expect(await has("folder", "Internal", "viewer", "u2")).toBe(false);
  });

  test("users who are what a relation asks for have it", async () => {
    expect(await has("folder", "Gold", "viewer", "U2")).toBe(true);
    expect(await has("folder", "Gold", "viewer", "U1")).toBe(false);
    expect(await has("folder", "Acme", "viewer", "U1")).toBe(true);
    const who = (resource: string) =>
      emulator.ok("/v1/mgmt/authz/re/who", { resource, relationDefinition: "viewer", namespace: "folder" });
    expect<unknown>(await who("Gold")).toEqual({ targets: ["U2"] });
  });

  test("who can access, and what can be accessed", async () => {
    const { targets } = await emulator.ok("/v1/mgmt/authz/re/who", {
      resource: "Slides",
      relationDefinition: "viewer",
      namespace: "folder",
    });
    expect(targets).toEqual(["u1", "u2"]);
    const { relations } = await emulator.ok("/v1/mgmt/authz/re/targetall", { target: "u1" });
    expect(relations).toEqual([
      relation("folder", "Internal", "viewer", { target: "u1" }),
      relation("folder", "Slides", "viewer", { target: "u1" }),
      relation("org", "All", "member", { target: "u1" }),
      relation("org", "Dev", "member", { target: "u1" }),
    ]);
    const { resources } = await emulator.ok("/v1/mgmt/authz/re/targetwithrelation", {
      target: "u1",
      relationDefinition: "viewer",
      namespace: "folder",
    });
    expect(resources).toEqual(["Internal", "Slides"]);
  });

  test("what was created is listed, with and without sets", async () => {
    const of = async (body: object) =>
      (await emulator.ok("/v1/mgmt/authz/re/resource", body)).relations.length;
    expect(await of({ resource: "Internal" })).toBe(1);
    expect(await of({ resource: "Internal", ignoreTargetSetRelations: true })).toBe(0);
    const targets = async (body: object) => (await emulator.ok("/v1/mgmt/authz/re/targets", body)).relations;
    expect(await targets({ targets: ["All"] })).toEqual([
      relation("org", "Dev", "parent", { target: "All", targetNamespace: "" }),
    ]);
    expect((await targets({ targets: ["All", "u2"], includeTargetSetRelations: true })).length).toBe(3);
  });

  test("relations of a resource go, as what has them and as what they are for", async () => {
    await emulator.ok("/v1/mgmt/authz/re/deleteresourcesrelations", { resources: ["Internal"] });
    expect(await has("folder", "Internal", "viewer", "u1")).toBe(false);
    const { relations } = await emulator.ok("/v1/mgmt/authz/re/targets", { targets: ["Internal"] });
    expect(relations.length).toBe(1);
    await emulator.ok("/v1/mgmt/authz/re/deleteresources", { resources: ["Internal"] });
    expect((await emulator.ok("/v1/mgmt/authz/re/targets", { targets: ["Internal"] })).relations).toEqual([]);
  });

  test("a namespace and a relation are renamed with all that stands under their names", async () => {
    await emulator.ok("/v1/mgmt/authz/ns/save", {
      namespace: { ...FILES.namespaces[0], name: "company", relationDefinitions: [{ name: "guest" }] },
      oldName: "org",
      schemaName: "Files 2",
    });
    expect(await has("folder", "Slides", "viewer", "u1")).toBe(true);
    expect(await has("company", "All", "member", "u1")).toBe(true);
    await emulator.ok("/v1/mgmt/authz/rd/save", {
      relationDefinition: {
        name: "staff",
        complexDefinition: { nType: "child", expression: { neType: "self" } },
      },
      namespace: "company",
      oldName: "member",
    });
    expect(await has("company", "Dev", "staff", "u1")).toBe(true);
    const { schema } = await emulator.ok("/v1/mgmt/authz/schema/load", {});
    expect(schema.name).toBe("Files 2");
    expect(
      schema.namespaces.map(({ name, relationDefinitions }) => [
        name,
        ...relationDefinitions.map((one) => one.name),
      ]),
    ).toEqual([
      ["company", "parent", "staff", "guest"],
      ["folder", "parent", "viewer"],
    ]);
  });

  test("a deleted relation or namespace takes its relations with it, unless others lean on it", async () => {
    const refused = await emulator.call("/v1/mgmt/authz/rd/delete", { name: "parent", namespace: "folder" });
    expect(refused.status).toBe(400);
    expect(refused.body.errorMessage).toContain("no relation definition parent in the namespace folder");
    await emulator.ok("/v1/mgmt/authz/ns/delete", { name: "folder" });
    expect((await emulator.ok("/v1/mgmt/authz/re/resource", { resource: "Slides" })).relations).toEqual([]);
    expect((await emulator.call("/v1/mgmt/authz/ns/delete", { name: "folder" })).status).toBe(404);
  });

  test("saving without upgrade leaves what is not named; with it, the schema is what was sent", async () => {
    const one = { name: "note", relationDefinitions: [{ name: "owner" }] };
    await emulator.ok("/v1/mgmt/authz/schema/save", { schema: { namespaces: [one] }, upgrade: false });
    const load = async () => (await emulator.ok("/v1/mgmt/authz/schema/load", {})).schema;
    expect((await load()).namespaces.map(({ name }) => name)).toEqual(["org", "folder", "note"]);
    expect(await has("org", "All", "member", "u1")).toBe(true);
    await emulator.ok("/v1/mgmt/authz/schema/save", {
      schema: { name: "N", namespaces: [one] },
      upgrade: true,
    });
    expect((await load()).namespaces.map(({ name }) => name)).toEqual(["note"]);
    await emulator.ok("/v1/mgmt/authz/schema/delete", {});
    expect(await load()).toEqual({ name: "", namespaces: [], conditions: [] });
  });

  test("nodes that do not hold together are refused, naming the field or the definition", async () => {
    const saveNode = (complexDefinition: object) =>
      emulator.call("/v1/mgmt/authz/rd/save", {
        relationDefinition: { name: "x", complexDefinition },
        namespace: "org",
      });
    const message = async (node: object) => (await saveNode(node)).body.errorMessage;
    expect(await message({ nType: "any" })).toContain(
      "The relationDefinition.complexDefinition.nType field must be",
    );
    expect(await message({ nType: "union" })).toBe("org#x: a node of type union needs children");
    expect(await message({ nType: "child" })).toBe("org#x: a node of type child needs an expression");
    let deep: object = { nType: "child", expression: { neType: "self" } };
    for (let i = 0; i < 60; i++) deep = { nType: "union", children: [deep] };
    expect((await saveNode(deep)).status).toBe(400);
  });

  test("what changed since a time is told, for a day", async () => {
    now += 1000;
    const since = now;
    const modified = (body: object) => emulator.call("/v1/mgmt/authz/getmodified", body);
    const nothing = { resources: [], targets: [], schemaChanged: false };
    expect((await modified({ since })).body).toMatchObject(nothing);
    await createAll(relation("folder", "New", "viewer", { target: "u5" }));
    await emulator.ok("/v1/mgmt/authz/re/delete", {
      relations: [relation("folder", "Slides", "viewer", { target: "u2" })],
    });
    const changed = { resources: ["New", "Slides"], targets: ["u2", "u5"], schemaChanged: false };
    expect<unknown>((await modified({ since: String(since) })).body).toEqual({
      ...changed,
      relations: changed,
    });
    expect((await modified({})).body.schemaChanged).toBe(true);
    expect((await modified({ since: now + 60_000 })).body).toMatchObject(nothing);
    now += 2 * 86_400_000;
    expect((await modified({})).body).toMatchObject(nothing);
    expect((await modified({ since })).status).toBe(400);
  });
});

test("what is done to the schema and its relations is audited", async () => {
  await save(SCHEMA);
  await create("doc:d#owner@user:u1");
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", {});
  expect(audits.map(({ action }) => action).sort()).toEqual(["FGARelationsCreated", "FGASchemaSaved"]);
});
