import { findDefinition, SELF, type Node, type Schema } from "./schema.ts";
import { allOf, anyOf, negated, type Truth } from "./truth.ts";

/** A relation on a resource, which some target may have. */
export interface Goal {
  readonly namespace: string;
  readonly resource: string;
  readonly relation: string;
}

/** Whom or what a check asks about: a target or, where `relation` is given, the set of those that have it on the target. */
export interface Subject {
  readonly target: string;
  /** Empty where it is not said. */
  readonly namespace: string;
  readonly relation?: string;
}

/** What is created, as the evaluation asks for it. */
export interface Relations {
  /** Whether the relation was created for this very subject, or for users among whom it is. */
  holds(goal: Goal, subject: Subject): boolean;
  /** The sets that the relation was created for: who has these has it. */
  sets(goal: Goal): readonly Goal[];
  /** The things that the relation was created for; of the type `namespace`, or of no type that is known. */
  targets(goal: Goal, namespace: string): readonly string[];
  /** The resources of `namespace` that `relation` was created on for `target`. */
  resources(namespace: string, relation: string, target: string): readonly string[];
}

/** What a goal follows from, for one subject. */
type Formula =
  | { readonly kind: "fact"; readonly truth: Truth }
  | { readonly kind: "goal"; readonly key: string }
  | { readonly kind: "any" | "all" | "sub"; readonly parts: readonly Formula[] }
  | { readonly kind: "gated"; readonly conditionExpr: string; readonly part: Formula };

const NO: Formula = { kind: "fact", truth: "no" };
const YES: Formula = { kind: "fact", truth: "yes" };

/** Whether what stands behind `with` holds. */
export type Gate = (conditionExpr: string) => Truth;

/** What follows for one subject from a schema and the relations that were created. Made once, it can be solved under several gates. */
export interface Proof {
  /** Whether the goal holds. Each gate that may matter is asked for. */
  solve(gate: Gate): Truth;
  /** What leads to the goal, the resource's end first, where it holds under the gate. */
  path(gate: Gate): readonly Step[];
}

/** One step of a path. */
export interface Step {
  /** The goal that holds. */
  readonly goal: Goal;
  /** True where it was created, for the subject or for a set; not where it follows. */
  readonly isCreated: boolean;
}

/**
 * Finds out what a goal follows from for a subject.
 *
 * What relations say in circles (two folders that are each other's parents) holds only where something outside the circle makes it
 * hold. A permission that is taken away by itself does not hold.
 */
export function prove(schema: Schema, relations: Relations, goal: Goal, subject: Subject): Proof {
  const formulas = new Map<string, Formula>();
  const goals = new Map<string, Goal>();
  const waiting: Goal[] = [];
  const refer = (inner: Goal): Formula => {
    if (isSubject(inner, subject)) return YES;
    const key = keyOf(inner);
    if (!goals.has(key)) {
      goals.set(key, inner);
      waiting.push(inner);
    }
    return { kind: "goal", key };
  };
  const root = refer(goal);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    formulas.set(keyOf(next), formulaOf(schema, relations, next, subject, refer));
  const order = components(formulas);

  const solved = (gate: Gate): Map<string, Truth> => {
    const truths = new Map<string, Truth>();
    for (const component of order) settle(component, formulas, truths, gate);
    return truths;
  };
  return {
    solve: (gate) => truthOf(root, solved(gate), gate),
    path(gate) {
      const truths = solved(gate);
      return explain(root, { formulas, goals, truths, gate, found: new Map() }) ?? [];
    },
  };
}

function isSubject(goal: Goal, subject: Subject): boolean {
  return (
    subject.relation === goal.relation &&
    subject.target === goal.resource &&
    (subject.namespace === "" || subject.namespace === goal.namespace)
  );
}

/** One text for each goal. */
export function keyOf({ namespace, resource, relation }: Goal): string {
  return `${namespace}\n${relation}\n${resource}`;
}

function formulaOf(
  schema: Schema,
  relations: Relations,
  goal: Goal,
  subject: Subject,
  refer: (goal: Goal) => Formula,
): Formula {
  const definition = findDefinition(schema, goal.namespace, goal.relation);
  if (definition === undefined) return NO;
  const gated = (conditionExpr: string | undefined, part: Formula): Formula =>
    conditionExpr === undefined || conditionExpr === "" ? part : { kind: "gated", conditionExpr, part };
  const of = (node: Node): Formula => {
    if (node.nType !== "child") {
      const kind = node.nType === "union" ? "any" : node.nType === "intersect" ? "all" : "sub";
      return gated(node.conditionExpr, { kind, parts: (node.children ?? []).map(of) });
    }
    return gated(node.conditionExpr, child(node));
  };
  const child = ({ expression }: Node): Formula => {
    const relation = expression?.targetRelationDefinition ?? "";
    const namespace = expression?.targetRelationDefinitionNamespace ?? "";
    switch (expression?.neType) {
      case "self":
        if (relations.holds(goal, subject)) return YES;
        return { kind: "any", parts: relations.sets(goal).map(refer) };
      case "targetSet":
        return refer({ namespace, resource: goal.resource, relation });
      case "relationRight": {
        const link = {
          namespace: expression.relationDefinitionNamespace ?? "",
          resource: goal.resource,
          relation: expression.relationDefinition ?? "",
        };
        const onward = relations.targets(link, namespace);
        return { kind: "any", parts: onward.map((resource) => refer({ namespace, resource, relation })) };
      }
      case "relationLeft": {
        const onward = relations.resources(
          expression.relationDefinitionNamespace ?? "",
          expression.relationDefinition ?? "",
          goal.resource,
        );
        return { kind: "any", parts: onward.map((resource) => refer({ namespace, resource, relation })) };
      }
      case undefined:
        return NO;
    }
  };
  return gated(definition.conditionExpr, of(definition.complexDefinition ?? SELF));
}

function truthOf(formula: Formula, truths: ReadonlyMap<string, Truth>, gate: Gate): Truth {
  switch (formula.kind) {
    case "fact":
      return formula.truth;
    case "goal":
      return truths.get(formula.key) ?? "no";
    case "any":
      return anyOf(formula.parts.map((part) => truthOf(part, truths, gate)));
    case "all":
      return allOf(formula.parts.map((part) => truthOf(part, truths, gate)));
    case "sub": {
      const [first = "no" as const, ...rest] = formula.parts.map((part) => truthOf(part, truths, gate));
      return allOf([first, negated(anyOf(rest))]);
    }
    case "gated": {
      const inner = truthOf(formula.part, truths, gate);
      return inner === "no" ? inner : allOf([inner, gate(formula.conditionExpr)]);
    }
  }
}

/** Finds what holds among goals that lean on each other, from nothing upwards. */
function settle(
  component: readonly string[],
  formulas: ReadonlyMap<string, Formula>,
  truths: Map<string, Truth>,
  gate: Gate,
): void {
  for (const key of component) truths.set(key, "no");
  // Each round settles one goal or one of its two steps at least, unless something is taken away by itself.
  for (let round = 0; round <= component.length * 2; round++) {
    let hasChanged = false;
    for (const key of component) {
      const truth = truthOf(formulas.get(key) ?? NO, truths, gate);
      if (truth === truths.get(key)) continue;
      truths.set(key, truth);
      hasChanged = true;
    }
    if (!hasChanged) return;
  }
  for (const key of component) truths.set(key, "no");
}

function referred(formula: Formula): string[] {
  if (formula.kind === "goal") return [formula.key];
  if (formula.kind === "gated") return referred(formula.part);
  return formula.kind === "fact" ? [] : formula.parts.flatMap(referred);
}

/** Goals that lean on each other, together; each group behind those that it leans on (Tarjan's way, without recursion). */
function components(formulas: ReadonlyMap<string, Formula>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  for (const start of formulas.keys()) {
    if (index.has(start)) continue;
    const path: { key: string; onward: string[] }[] = [];
    const enter = (key: string) => {
      index.set(key, index.size);
      low.set(key, index.get(key) as number);
      open.push(key);
      isOpen.add(key);
      path.push({ key, onward: referred(formulas.get(key) ?? NO) });
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { key, onward } = top;
      const next = onward.pop();
      if (next !== undefined) {
        if (!index.has(next)) enter(next);
        else if (isOpen.has(next)) low.set(key, Math.min(low.get(key) as number, index.get(next) as number));
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined)
        low.set(above.key, Math.min(low.get(above.key) as number, low.get(key) as number));
      if (low.get(key) !== index.get(key)) continue;
      const component = open.splice(open.lastIndexOf(key));
      for (const member of component) isOpen.delete(member);
      found.push(component);
    }
  }
  return found;
}

interface Solution {
  readonly formulas: ReadonlyMap<string, Formula>;
  readonly goals: ReadonlyMap<string, Goal>;
  readonly truths: ReadonlyMap<string, Truth>;
  readonly gate: Gate;
  /** The ways that were found already; undefined for a goal that is being looked at, or has none but through such a one. */
  readonly found: Map<string, Step[] | undefined>;
}

/** A way to what holds; undefined where there is none but through what it is to explain. */
function explain(formula: Formula, solution: Solution): Step[] | undefined {
  if (truthOf(formula, solution.truths, solution.gate) !== "yes") return undefined;
  switch (formula.kind) {
    case "fact":
      return [];
    case "goal": {
      const goal = solution.goals.get(formula.key);
      if (goal === undefined || solution.found.has(formula.key)) return solution.found.get(formula.key);
      solution.found.set(formula.key, undefined);
      const onward = explain(solution.formulas.get(formula.key) ?? NO, solution);
      const steps = onward && [{ goal, isCreated: onward.length === 0 }, ...onward];
      solution.found.set(formula.key, steps);
      return steps;
    }
    case "any":
      for (const part of formula.parts) {
        const steps = explain(part, solution);
        if (steps !== undefined) return steps;
      }
      return undefined;
    case "all": {
      const parts = formula.parts.map((part) => explain(part, solution));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case "sub":
      return explain(formula.parts[0] ?? NO, solution);
    case "gated":
      return explain(formula.part, solution);
  }
}
