import { writeConditions } from "./condition-expression.ts";
import { findDefinition, SELF, type Condition, type Node, type Schema } from "./schema.ts";
import { DslError, Parser, type Term, type WrittenRelation, type WrittenType } from "./dsl-parser.ts";

/**
 * Reads a schema written in the AuthZ 1.0 language.
 *
 * @throws {DslError} with line and column.
 */
export function parseDsl(source: string): Schema {
  const { conditions, types } = new Parser(source).schema();
  return compile(conditions, types);
}

function compile(conditions: readonly Condition[], types: readonly WrittenType[]): Schema {
  const schema = { name: "", conditions, namespaces: [] as Schema["namespaces"][number][] };
  const known = new Map<string, WrittenType>();
  for (const type of types) {
    if (known.has(type.name.text)) throw new DslError(`the type ${type.name.text} stands twice`, type.name);
    known.set(type.name.text, type);
  }
  for (const type of types) {
    const seen = new Set<string>();
    schema.namespaces.push({
      name: type.name.text,
      relationDefinitions: type.relations.map((relation) => {
        if (seen.has(relation.name.text))
          throw new DslError(`${type.name.text} has ${relation.name.text} twice`, relation.name);
        seen.add(relation.name.text);
        return relation.isPermission
          ? compilePermission(known, type, relation)
          : compileRelation(known, type, relation);
      }),
    });
  }
  for (const type of types) {
    for (const { name, term } of type.relations)
      if (term !== undefined && refersOnlyToItself(schema, type.name.text, name.text))
        throw new DslError(`the permission ${name.text} follows from nothing but itself`, name);
  }
  return schema;
}

function compileRelation(
  types: ReadonlyMap<string, WrittenType>,
  type: WrittenType,
  { name, targets, conditions }: WrittenRelation,
): Schema["namespaces"][number]["relationDefinitions"][number] {
  const allowed: string[] = [];
  const derived: Node[] = [];
  for (const { name: target, relation, member } of targets) {
    if (relation !== undefined) {
      const of = types.get(target.text);
      if (of === undefined) throw new DslError(`there is no type ${target.text}`, target);
      if (relationOf(of, relation.text) === undefined)
        throw new DslError(`the type ${target.text} has no ${relation.text}`, relation);
      allowed.push(`${target.text}#${relation.text}`);
    } else if (member !== undefined)
      derived.push(reference(types, type, { kind: "reference", name: target, of: member }));
    else if (types.has(target.text)) allowed.push(target.text);
    else if (relationOf(type, target.text) !== undefined)
      derived.push(reference(types, type, { kind: "reference", name: target }));
    else throw new DslError(`there is no type ${target.text}`, target);
  }
  const children = allowed.length === 0 ? derived : [SELF, ...derived];
  return {
    name: name.text,
    targets: allowed,
    ...(derived.length === 0
      ? {}
      : {
          complexDefinition: children.length === 1 ? (children[0] as Node) : { nType: "union", children },
        }),
    ...(conditions === undefined ? {} : { conditionExpr: writeConditions(conditions) }),
  };
}

function compilePermission(
  types: ReadonlyMap<string, WrittenType>,
  type: WrittenType,
  { name, term }: WrittenRelation,
): Schema["namespaces"][number]["relationDefinitions"][number] {
  const node = nodeOf(types, type, term as Term);
  const { conditionExpr, ...bare } = node;
  return {
    name: name.text,
    permission: true,
    complexDefinition: bare,
    ...(conditionExpr === undefined ? {} : { conditionExpr }),
  };
}

function nodeOf(types: ReadonlyMap<string, WrittenType>, type: WrittenType, term: Term): Node {
  if (term.kind === "reference") return reference(types, type, term);
  if (term.kind !== "gated")
    return { nType: term.kind, children: term.parts.map((part) => nodeOf(types, type, part)) };
  const node = nodeOf(types, type, term.term);
  const conditionExpr = writeConditions(term.conditions);
  return node.conditionExpr === undefined
    ? { ...node, conditionExpr }
    : { nType: "union", children: [node], conditionExpr };
}

function reference(
  types: ReadonlyMap<string, WrittenType>,
  type: WrittenType,
  { name, of }: Extract<Term, { kind: "reference" }>,
): Node {
  const own = relationOf(type, name.text);
  if (own === undefined)
    throw new DslError(`the type ${type.name.text} has no relation or permission ${name.text}`, name);
  if (of === undefined) {
    return {
      nType: "child",
      expression: {
        neType: "targetSet",
        targetRelationDefinition: name.text,
        targetRelationDefinitionNamespace: type.name.text,
      },
    };
  }
  if (own.isPermission)
    throw new DslError(`${name.text} is a permission; only a relation leads to other things`, name);
  const children = own.targets.flatMap(({ name: target, relation, member }): Node[] => {
    const led = relation === undefined && member === undefined ? types.get(target.text) : undefined;
    if (led === undefined || relationOf(led, of.text) === undefined) return [];
    return [
      {
        nType: "child",
        expression: {
          neType: "relationRight",
          relationDefinition: name.text,
          relationDefinitionNamespace: type.name.text,
          targetRelationDefinition: of.text,
          targetRelationDefinitionNamespace: target.text,
        },
      },
    ];
  });
  const [only, another] = children;
  if (only === undefined)
    throw new DslError(`nothing that ${name.text} leads to has a relation or permission ${of.text}`, of);
  return another === undefined ? only : { nType: "union", children };
}

function relationOf(type: WrittenType, name: string): WrittenRelation | undefined {
  return type.relations.find((relation) => relation.name.text === name);
}

/** True for a permission that can never hold, since it is said to follow from itself alone. */
function refersOnlyToItself(schema: Schema, namespace: string, permission: string): boolean {
  const { complexDefinition: node } = findDefinition(schema, namespace, permission) ?? {};
  return (
    node?.nType === "child" &&
    node.expression?.neType === "targetSet" &&
    node.expression.targetRelationDefinition === permission
  );
}
