import type { Project } from "../project.ts";
import { Context } from "./context.ts";
import { keyOf, prove, type Goal, type Subject } from "./evaluate.ts";
import {
  relationsIn,
  relationsOfGoal,
  relationsOfQueries,
  relationsOfSet,
  relationsOfTarget,
  relationsOnto,
  isAsked,
  usersAsked,
} from "./relation-store.ts";
import { findDefinition, nodesOf, type Schema } from "./schema.ts";

type Given = Readonly<Record<string, unknown>>;

/** Whether a subject has a relation, given what a request says of its circumstances. */
export function holds(
  project: Project,
  schema: Schema,
  goal: Goal,
  subject: Subject,
  context: Context,
): boolean {
  return prove(schema, relationsIn(project), goal, subject).solve((gate) => context.holds(gate)) === "yes";
}

/** Everything that has a relation to a resource, in the order of the names. */
export function whoCanAccess(project: Project, schema: Schema, goal: Goal, given: Given): string[] {
  const context = new Context(schema, given);
  const relations = relationsIn(project);
  const candidates = new Map<string, Subject>();
  const waiting = [goal];
  const seen = new Set([keyOf(goal)]);
  const visit = (next: Goal) => {
    if (seen.has(keyOf(next))) return;
    seen.add(keyOf(next));
    waiting.push(next);
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const definition = findDefinition(schema, next.namespace, next.relation);
    if (definition === undefined) continue;
    const add = (target: string, namespace: string) =>
      candidates.set(`${namespace}\n${target}`, { target, namespace });
    for (const { expression } of nodesOf(definition)) {
      const relation = expression?.targetRelationDefinition ?? "";
      const namespace = expression?.targetRelationDefinitionNamespace ?? "";
      const link = expression?.relationDefinition ?? "";
      const linkNamespace = expression?.relationDefinitionNamespace ?? "";
      if (expression?.neType === "self") {
        for (const created of relationsOfGoal(project, next)) {
          if (created.query !== undefined)
            for (const userId of usersAsked(project, created.query)) add(userId, "");
          else if (created.targetRelation === undefined) add(created.target, created.targetNamespace);
          else
            visit({
              namespace: created.targetNamespace,
              resource: created.target,
              relation: created.targetRelation,
            });
        }
      } else if (expression?.neType === "targetSet") visit({ namespace, resource: next.resource, relation });
      else if (expression?.neType === "relationRight") {
        const from = { namespace: linkNamespace, resource: next.resource, relation: link };
        for (const resource of relations.targets(from, namespace)) visit({ namespace, resource, relation });
      } else if (expression?.neType === "relationLeft") {
        for (const resource of relations.resources(linkNamespace, link, next.resource))
          visit({ namespace, resource, relation });
      }
    }
  }
  const found = [...candidates.values()].filter((subject) => holds(project, schema, goal, subject, context));
  return [...new Set(found.map(({ target }) => target))].sort();
}

/** Every relation that a target has to anything, created or derived, in the order of types, resources and relations. */
export function whatCanTargetAccess(project: Project, schema: Schema, target: string, given: Given): Goal[] {
  const context = new Context(schema, given);
  const candidates = new Map<string, Goal>();
  const waiting: Goal[] = [];
  const visit = (goal: Goal) => {
    if (candidates.has(keyOf(goal))) return;
    candidates.set(keyOf(goal), goal);
    waiting.push(goal);
  };
  for (const { namespace, resource, relation } of relationsOfTarget(project, target, false))
    visit({ namespace, resource, relation });
  for (const { namespace, resource, relation, query } of relationsOfQueries(project))
    if (query !== undefined && isAsked(project, query, target)) visit({ namespace, resource, relation });
  const uses = usesOf(schema);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { namespace, resource, relation } of relationsOfSet(project, next))
      visit({ namespace, resource, relation });
    for (const use of uses.get(`${next.namespace}#${next.relation}`) ?? []) {
      const { namespace, relation, link } = use;
      if (link === undefined) visit({ namespace, resource: next.resource, relation });
      else if (link.direction === "right") {
        for (const { resource, targetNamespace } of relationsOnto(
          project,
          link.namespace,
          link.relation,
          next.resource,
        )) {
          if (targetNamespace === "" || targetNamespace === next.namespace)
            visit({ namespace, resource, relation });
        }
      } else {
        const from = { namespace: link.namespace, resource: next.resource, relation: link.relation };
        for (const resource of relationsIn(project).targets(from, namespace))
          visit({ namespace, resource, relation });
      }
    }
  }
  const subject = { target, namespace: "" };
  return [...candidates.values()]
    .filter((goal) => holds(project, schema, goal, subject, context))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey({ namespace, resource, relation }: Goal): string {
  return `${namespace}\n${resource}\n${relation}`;
}

/** A relation that follows from another one. */
interface Use {
  readonly namespace: string;
  readonly relation: string;
  /** The relation that leads from the one's resource to the other's; absent where both are of the same resource. */
  readonly link?: {
    readonly direction: "left" | "right";
    readonly namespace: string;
    readonly relation: string;
  };
}

/** What follows from each relation of a schema, by `type#relation`. */
function usesOf(schema: Schema): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const { name: namespace, relationDefinitions } of schema.namespaces) {
    for (const definition of relationDefinitions) {
      for (const { expression } of nodesOf(definition)) {
        if (expression === undefined || expression.neType === "self") continue;
        const key = `${expression.targetRelationDefinitionNamespace}#${expression.targetRelationDefinition}`;
        const use: Use = {
          namespace,
          relation: definition.name,
          ...(expression.neType === "targetSet"
            ? {}
            : {
                link: {
                  direction: expression.neType === "relationRight" ? "right" : "left",
                  namespace: expression.relationDefinitionNamespace ?? "",
                  relation: expression.relationDefinition ?? "",
                },
              }),
        };
        uses.set(key, [...(uses.get(key) ?? []), use]);
      }
    }
  }
  return uses;
}
