/**
 * An authorization schema as it is evaluated, whichever of its two written forms it came in: types (namespaces) with relations and
 * permissions, and the conditions that gate them.
 */
export interface Schema {
  readonly name: string;
  readonly namespaces: readonly Namespace[];
  readonly conditions: readonly Condition[];
}

/** A type of things: documents, folders, users. */
export interface Namespace {
  readonly name: string;
  readonly relationDefinitions: readonly RelationDefinition[];
}

/** A relation or permission of a type. */
export interface RelationDefinition {
  readonly name: string;
  /** Absent for a relation that holds where it was created, and nowhere else. */
  readonly complexDefinition?: Node;
  /** Conditions that must hold for it to count: names joined by `&`, `|`, `!` and parentheses. */
  readonly conditionExpr?: string;
  /** What it may be created for: types and sets (`user`, `group#member`). Absent where the schema does not say. */
  readonly targets?: readonly string[];
  /** True for one that is derived from others and cannot be created. */
  readonly permission?: boolean;
}

/** How a relation is derived. */
export interface Node {
  readonly nType: "child" | "union" | "intersect" | "sub";
  readonly children?: readonly Node[];
  readonly expression?: Expression;
  /** Conditions that must hold for this part to count. */
  readonly conditionExpr?: string;
}

export interface Expression {
  /**
   * `self`: where it was created. `targetSet`: where another relation of the same resource holds. `relationRight`: where a relation
   * holds on what this resource has a relation to (the owner of its parent). `relationLeft`: where a relation holds on what has a
   * relation to this resource (the members of its parts).
   */
  readonly neType: "self" | "targetSet" | "relationLeft" | "relationRight";
  readonly relationDefinition?: string;
  readonly relationDefinitionNamespace?: string;
  readonly targetRelationDefinition?: string;
  readonly targetRelationDefinitionNamespace?: string;
}

/** A test of what a request says of its circumstances. */
export interface Condition {
  readonly name: string;
  readonly params: readonly Param[];
  /** In the Common Expression Language. */
  readonly expression: string;
  /** True for one of the constraints that need no expression of one's own. */
  readonly builtin: boolean;
}

export interface Param {
  readonly name: string;
  readonly type: ParamType;
}

export const PARAM_TYPES = ["int", "string", "bool", "double", "list", "ipaddress"] as const;
export type ParamType = (typeof PARAM_TYPES)[number];

export const EMPTY_SCHEMA: Schema = { name: "", namespaces: [], conditions: [] };

export const SELF: Node = { nType: "child", expression: { neType: "self" } };

/** A relation's definition; undefined for a type or relation that the schema does not have. */
export function findDefinition(
  schema: Schema,
  namespace: string,
  relation: string,
): RelationDefinition | undefined {
  return schema.namespaces
    .find(({ name }) => name === namespace)
    ?.relationDefinitions.find(({ name }) => name === relation);
}

/** All nodes of a definition, the outer ones first. */
export function nodesOf(definition: RelationDefinition): Node[] {
  const walk = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(walk)];
  return walk(definition.complexDefinition ?? SELF);
}

/**
 * What is wrong with a schema that came as JSON, in sentences: names that stand twice, nodes without what they need, references to
 * what the schema does not have.
 */
export function schemaFaults(schema: Schema): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const namespace of schema.namespaces) {
    if (namespace.name === "") faults.push("A namespace has no name");
    if (seen.has(namespace.name)) faults.push(`The namespace ${namespace.name} stands twice`);
    seen.add(namespace.name);
    const relations = new Set<string>();
    for (const definition of namespace.relationDefinitions) {
      const place = `${namespace.name}#${definition.name}`;
      if (definition.name === "") faults.push(`A relation definition of ${namespace.name} has no name`);
      if (relations.has(definition.name)) faults.push(`The relation definition ${place} stands twice`);
      relations.add(definition.name);
      for (const node of nodesOf(definition)) faults.push(...nodeFaults(schema, place, node));
    }
  }
  return faults;
}

function nodeFaults(schema: Schema, place: string, { nType, children, expression }: Node): string[] {
  if (nType !== "child")
    return (children ?? []).length === 0 ? [`${place}: a node of type ${nType} needs children`] : [];
  if (expression === undefined) return [`${place}: a node of type child needs an expression`];
  const faults: string[] = [];
  const exists = (namespace: string | undefined, relation: string | undefined) => {
    if (findDefinition(schema, namespace ?? "", relation ?? "") === undefined)
      faults.push(
        `${place}: the schema has no relation definition ${relation ?? ""} in the namespace ${namespace ?? ""}`,
      );
  };
  if (expression.neType === "self") return [];
  exists(expression.targetRelationDefinitionNamespace, expression.targetRelationDefinition);
  if (expression.neType !== "targetSet")
    exists(expression.relationDefinitionNamespace, expression.relationDefinition);
  return faults;
}

/**
 * Whether what a relation says of a resource and a target can only change by relations of that resource or that target: whether no
 * chain of more than two relations leads from the one to the other.
 */
export function isDirect(schema: Schema, namespace: string, relation: string): boolean {
  return longestChain(schema, namespace, relation, new Set()) <= 2;
}

function longestChain(
  schema: Schema,
  namespace: string,
  relation: string,
  above: ReadonlySet<string>,
): number {
  const key = `${namespace}#${relation}`;
  const definition = findDefinition(schema, namespace, relation);
  if (definition === undefined) return 0;
  if (above.has(key)) return Infinity;
  const inside = new Set([...above, key]);
  const lengths = nodesOf(definition).map(({ expression }) => {
    if (expression === undefined) return 0;
    const onward = () =>
      longestChain(
        schema,
        expression.targetRelationDefinitionNamespace ?? "",
        expression.targetRelationDefinition ?? "",
        inside,
      );
    if (expression.neType === "targetSet") return onward();
    if (expression.neType !== "self") return 1 + onward();
    if (definition.targets === undefined) return Infinity;
    const sets = definition.targets.filter((target) => target.includes("#"));
    return Math.max(
      1,
      ...sets.map((set) => {
        const [type = "", member = ""] = set.split("#");
        return 1 + longestChain(schema, type, member, inside);
      }),
    );
  });
  return Math.max(...lengths);
}
