import type { NodeInput } from "../../api/operations/authz.ts";
import { invalidArgument } from "../error.ts";
import { CelError, freeNames, parseCel } from "./cel-syntax.ts";
import { conditionNames, readConditions } from "./condition-expression.ts";
import {
  nodesOf,
  type Condition,
  type Expression,
  type Namespace,
  type Node,
  type Param,
  type RelationDefinition,
  type Schema,
} from "./schema.ts";

interface DefinitionInput {
  readonly name: string;
  readonly complexDefinition?: NodeInput | null | undefined;
  readonly conditionExpr?: string | null | undefined;
}

/** A relation's definition as a request gives it. */
export function definitionOf({
  name,
  complexDefinition,
  conditionExpr,
}: DefinitionInput): RelationDefinition {
  return {
    name,
    ...(complexDefinition == null ? {} : { complexDefinition: nodeOf(complexDefinition) }),
    ...(conditionExpr ? { conditionExpr } : {}),
  };
}

/** A namespace as a request gives it. */
export function namespaceOf({
  name,
  relationDefinitions,
}: {
  readonly name: string;
  readonly relationDefinitions?: readonly DefinitionInput[] | null | undefined;
}): Namespace {
  return { name, relationDefinitions: (relationDefinitions ?? []).map(definitionOf) };
}

function nodeOf({ nType, children, expression, conditionExpr }: NodeInput): Node {
  return {
    nType,
    ...(children == null || children.length === 0 ? {} : { children: children.map(nodeOf) }),
    ...(expression == null ? {} : { expression: expressionOf(expression) }),
    ...(conditionExpr ? { conditionExpr } : {}),
  };
}

function expressionOf(given: NonNullable<NodeInput["expression"]>): Expression {
  const names = Object.entries(given).filter(([, content]) => typeof content === "string" && content !== "");
  return Object.fromEntries(names) as unknown as Expression;
}

/** Conditions as a request gives them. @throws {EmulatorError} for one that cannot be read. */
export function conditionsOf(
  given: readonly {
    readonly name: string;
    readonly params?: readonly Param[] | null | undefined;
    readonly expression: string;
    readonly builtin?: boolean | null | undefined;
  }[],
): Condition[] {
  return given.map(({ name, params, expression, builtin }) => {
    const known = (params ?? []).map(({ name, type }) => ({ name, type }));
    try {
      const unknown = freeNames(parseCel(expression)).find((used) => !known.some((one) => one.name === used));
      if (unknown !== undefined) throw invalidArgument(`The condition ${name} has no parameter ${unknown}`);
    } catch (error) {
      if (error instanceof CelError)
        throw invalidArgument(`The expression of the condition ${name} cannot be read: ${error.message}`);
      throw error;
    }
    return { name, params: known, expression, builtin: builtin ?? false };
  });
}

/** Checks that what stands behind `with` is there. @throws {EmulatorError} naming the condition that is not. */
export function checkConditions(schema: Schema): void {
  for (const { name: type, relationDefinitions } of schema.namespaces) {
    for (const definition of relationDefinitions) {
      const written = [definition, ...nodesOf(definition)].flatMap(
        ({ conditionExpr }) => conditionExpr ?? [],
      );
      for (const conditionExpr of written) {
        const expression = readConditions(conditionExpr);
        const place = `${type}#${definition.name}`;
        if (expression === undefined) throw invalidArgument(`${place}: the conditionExpr cannot be read`);
        const unknown = conditionNames(expression).find(
          (name) => !schema.conditions.some((condition) => condition.name === name),
        );
        if (unknown !== undefined) throw invalidArgument(`${place}: there is no condition ${unknown}`);
      }
    }
  }
}

/** The schema with another name for a type, or for a relation of one, wherever it stands. */
export function renamed(
  schema: Schema,
  { namespace, relation }: { readonly namespace: string; readonly relation?: string },
  to: string,
): Schema {
  const type = (name: string) => (relation === undefined && name === namespace ? to : name);
  const member = (of: string, name: string) =>
    relation !== undefined && of === namespace && name === relation ? to : name;
  const reference = (of: string | undefined, name: string | undefined) => ({
    type: type(of ?? ""),
    relation: member(of ?? "", name ?? ""),
  });
  const node = (one: Node): Node => {
    const { expression, children } = one;
    if (children !== undefined) return { ...one, children: children.map(node) };
    if (expression === undefined || expression.neType === "self") return one;
    const target = reference(
      expression.targetRelationDefinitionNamespace,
      expression.targetRelationDefinition,
    );
    const link = reference(expression.relationDefinitionNamespace, expression.relationDefinition);
    return {
      ...one,
      expression: {
        ...expression,
        targetRelationDefinition: target.relation,
        targetRelationDefinitionNamespace: target.type,
        ...(expression.neType === "targetSet"
          ? {}
          : { relationDefinition: link.relation, relationDefinitionNamespace: link.type }),
      },
    };
  };
  return {
    ...schema,
    namespaces: schema.namespaces.map(({ name, relationDefinitions }) => ({
      name: type(name),
      relationDefinitions: relationDefinitions.map((definition) => ({
        ...definition,
        name: member(name, definition.name),
        ...(definition.complexDefinition === undefined
          ? {}
          : { complexDefinition: node(definition.complexDefinition) }),
        ...(definition.targets === undefined
          ? {}
          : {
              targets: definition.targets.map((target) => {
                const [of = "", set] = target.split("#");
                return set === undefined ? type(of) : `${type(of)}#${member(of, set)}`;
              }),
            }),
      })),
    })),
  };
}
