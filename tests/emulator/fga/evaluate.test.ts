import { expect, test } from "bun:test";
import fc from "fast-check";
import { prove, type Goal, type Relations } from "../../../src/emulator/fga/evaluate.ts";
import type { Node, Schema } from "../../../src/emulator/fga/schema.ts";
import type { Truth } from "../../../src/emulator/fga/truth.ts";

const TYPES = ["group", "folder"] as const;
const IDS = ["a", "b", "c"] as const;
const USERS = ["u1", "u2"] as const;
/** Created, and never derived: what exclusions take away is one of these, so that nothing is taken away by itself. */
const PLAIN = ["member", "parent", "banned"] as const;
const DERIVED = ["view", "edit"] as const;

interface Created {
  readonly namespace: string;
  readonly resource: string;
  readonly relation: string;
  readonly target: string;
  readonly targetNamespace: string;
  readonly targetRelation?: string;
}

const type = fc.constantFrom(...TYPES);
const id = fc.constantFrom(...IDS);
const anyRelation = fc.constantFrom(...PLAIN, ...DERIVED);

const created: fc.Arbitrary<Created> = fc.oneof(
  fc.record({
    namespace: type,
    resource: id,
    relation: fc.constantFrom("member", "banned", "view"),
    target: fc.constantFrom(...USERS),
    targetNamespace: fc.constant("user"),
  }),
  fc.record({
    namespace: type,
    resource: id,
    relation: fc.constant("parent"),
    target: id,
    targetNamespace: type,
  }),
  fc.record({
    namespace: type,
    resource: id,
    relation: fc.constantFrom("member", "view"),
    target: id,
    targetNamespace: type,
    targetRelation: anyRelation,
  }),
);

const leaf = (namespace: string): fc.Arbitrary<Node> =>
  fc.oneof(
    fc.constant<Node>({ nType: "child", expression: { neType: "self" } }),
    anyRelation.map((relation): Node => ({
      nType: "child",
      expression: {
        neType: "targetSet",
        targetRelationDefinition: relation,
        targetRelationDefinitionNamespace: namespace,
      },
    })),
    fc
      .record({
        direction: fc.constantFrom("relationLeft", "relationRight"),
        of: type,
        relation: anyRelation,
      })
      .map(({ direction, of, relation }): Node => ({
        nType: "child",
        expression: {
          neType: direction as "relationLeft",
          relationDefinition: "parent",
          relationDefinitionNamespace: direction === "relationRight" ? namespace : of,
          targetRelationDefinition: relation,
          targetRelationDefinitionNamespace: of,
        },
      })),
  );

const banned = (namespace: string): Node => ({
  nType: "child",
  expression: {
    neType: "targetSet",
    targetRelationDefinition: "banned",
    targetRelationDefinitionNamespace: namespace,
  },
});

const node = (namespace: string): fc.Arbitrary<Node> =>
  fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      leaf(namespace),
      fc
        .record({
          nType: fc.constantFrom("union" as const, "intersect" as const),
          children: fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
        })
        .map((part): Node => part),
      tie("node").map((inner): Node => ({ nType: "sub", children: [inner, banned(namespace)] })),
      fc
        .record({ part: tie("node"), conditionExpr: fc.constantFrom("Yes", "No") })
        .map(({ part, conditionExpr }): Node => ({ ...part, conditionExpr })),
    ),
  })).node;

const schema: fc.Arbitrary<Schema> = fc
  .tuple(...TYPES.map((namespace) => fc.tuple(...DERIVED.map(() => node(namespace)))))
  .map((definitions) => ({
    name: "",
    conditions: [],
    namespaces: TYPES.map((name, index) => ({
      name,
      relationDefinitions: [
        ...PLAIN.map((relation) => ({ name: relation })),
        ...DERIVED.map((relation, at) => ({
          name: relation,
          complexDefinition: definitions[index]?.[at] as Node,
        })),
      ],
    })),
  }));

const gate = (conditionExpr: string): Truth => (conditionExpr === "Yes" ? "yes" : "no");

function relationsOf(all: readonly Created[]): Relations {
  const of = ({ namespace, resource, relation }: Goal) =>
    all.filter(
      (one) => one.namespace === namespace && one.resource === resource && one.relation === relation,
    );
  return {
    holds: (goal, subject) =>
      of(goal).some((one) => one.target === subject.target && one.targetRelation === undefined),
    sets: (goal) =>
      of(goal).flatMap((one) =>
        one.targetRelation === undefined
          ? []
          : [{ namespace: one.targetNamespace, resource: one.target, relation: one.targetRelation }],
      ),
    targets: (goal, namespace) =>
      of(goal)
        .filter((one) => one.targetRelation === undefined && one.targetNamespace === namespace)
        .map(({ target }) => target),
    resources: (namespace, relation, target) =>
      all
        .filter((one) => one.namespace === namespace && one.relation === relation && one.target === target)
        .filter(({ targetRelation }) => targetRelation === undefined)
        .map(({ resource }) => resource),
  };
}

/**
 * The same said once more, as simply as it can be: everything that anybody has, found by starting with nothing and adding what follows
 * until nothing does.
 */
function everything(schema: Schema, all: readonly Created[]): Set<string> {
  const known = new Set<string>();
  const has = (namespace: string, resource: string, relation: string, user: string) =>
    known.has(`${namespace}/${resource}/${relation}/${user}`);
  const self = (namespace: string, resource: string, relation: string, user: string) =>
    all.some(
      (one) =>
        one.namespace === namespace &&
        one.resource === resource &&
        one.relation === relation &&
        (one.targetRelation === undefined
          ? one.target === user
          : has(one.targetNamespace, one.target, one.targetRelation, user)),
    );
  const follows = (
    part: Node,
    namespace: string,
    resource: string,
    relation: string,
    user: string,
  ): boolean => {
    if (part.conditionExpr === "No") return false;
    const inner = (child: Node) => follows(child, namespace, resource, relation, user);
    const children = part.children ?? [];
    if (part.nType === "union") return children.some(inner);
    if (part.nType === "intersect") return children.every(inner);
    if (part.nType === "sub") return inner(children[0] as Node) && !inner(children[1] as Node);
    const { expression } = part;
    const target = expression?.targetRelationDefinition ?? "";
    const of = expression?.targetRelationDefinitionNamespace ?? "";
    switch (expression?.neType) {
      case "self":
        return self(namespace, resource, relation, user);
      case "targetSet":
        return has(namespace, resource, target, user);
      case "relationRight":
        return all.some(
          (one) =>
            one.namespace === namespace &&
            one.resource === resource &&
            one.relation === "parent" &&
            one.targetNamespace === of &&
            has(of, one.target, target, user),
        );
      default:
        return all.some(
          (one) =>
            one.namespace === of &&
            one.relation === "parent" &&
            one.target === resource &&
            has(of, one.resource, target, user),
        );
    }
  };
  // Relations that are only created come first: exclusions look at them.
  for (const relations of [PLAIN, DERIVED] as const) {
    for (let before = -1; before !== known.size;) {
      before = known.size;
      for (const { name, relationDefinitions } of schema.namespaces)
        for (const definition of relationDefinitions)
          for (const resource of IDS)
            for (const user of USERS) {
              if (relations === PLAIN && !(PLAIN as readonly string[]).includes(definition.name)) continue;
              const holds =
                definition.complexDefinition === undefined
                  ? self(name, resource, definition.name, user)
                  : follows(definition.complexDefinition, name, resource, definition.name, user);
              if (holds) known.add(`${name}/${resource}/${definition.name}/${user}`);
            }
    }
  }
  return known;
}

/** Sets of what is derived would make plain relations lean on derived ones; `banned` has none. */
function evaluated(schema: Schema, all: readonly Created[]): Set<string> {
  const found = new Set<string>();
  const relations = relationsOf(all);
  for (const namespace of TYPES)
    for (const resource of IDS)
      for (const relation of [...PLAIN, ...DERIVED])
        for (const user of USERS) {
          const goal = { namespace, resource, relation };
          if (prove(schema, relations, goal, { target: user, namespace: "user" }).solve(gate) === "yes")
            found.add(`${namespace}/${resource}/${relation}/${user}`);
        }
  return found;
}

test("any schema says of any relations what adding up all that follows says", () => {
  fc.assert(
    fc.property(schema, fc.array(created, { maxLength: 14 }), (schema, all) => {
      expect([...evaluated(schema, all)].sort()).toEqual([...everything(schema, all)].sort());
    }),
    { seed: 20_261, numRuns: 300 },
  );
});

test("what holds has a path of things that hold, and what does not has none", () => {
  fc.assert(
    fc.property(schema, fc.array(created, { maxLength: 14 }), (schema, all) => {
      const relations = relationsOf(all);
      const known = everything(schema, all);
      for (const namespace of TYPES)
        for (const relation of [...PLAIN, ...DERIVED]) {
          const goal = { namespace, resource: "a", relation };
          const proof = prove(schema, relations, goal, { target: "u1", namespace: "user" });
          const path = proof.path(gate);
          expect(path.length > 0).toBe(proof.solve(gate) === "yes");
          for (const step of path)
            expect(known.has(`${step.goal.namespace}/${step.goal.resource}/${step.goal.relation}/u1`)).toBe(
              true,
            );
        }
    }),
    { seed: 20_262, numRuns: 200 },
  );
});

test("a chain of twenty thousand parents is followed", () => {
  const schema: Schema = {
    name: "",
    conditions: [],
    namespaces: [
      {
        name: "folder",
        relationDefinitions: [
          { name: "parent" },
          { name: "owner" },
          {
            name: "view",
            complexDefinition: {
              nType: "union",
              children: [
                {
                  nType: "child",
                  expression: {
                    neType: "targetSet",
                    targetRelationDefinition: "owner",
                    targetRelationDefinitionNamespace: "folder",
                  },
                },
                {
                  nType: "child",
                  expression: {
                    neType: "relationRight",
                    relationDefinition: "parent",
                    relationDefinitionNamespace: "folder",
                    targetRelationDefinition: "view",
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
  const depth = 20_000;
  const relations: Relations = {
    holds: ({ resource, relation }) => relation === "owner" && resource === String(depth),
    sets: () => [],
    targets: ({ resource }) => (Number(resource) < depth ? [String(Number(resource) + 1)] : []),
    resources: () => [],
  };
  const goal = { namespace: "folder", resource: "0", relation: "view" };
  expect(prove(schema, relations, goal, { target: "u", namespace: "" }).solve(gate)).toBe("yes");
});
