import type { SQLQueryBindings } from "bun:sqlite";
import type { Project } from "../project.ts";
import { searchUsers } from "../users/user-search.ts";
import type { Goal, Relations, Subject } from "./evaluate.ts";

/** A relation that was created: a resource, and whom or what it is for. */
export interface Relation extends Goal {
  /** A thing or, where `targetRelation` is given, the resource of a set. Empty where users are asked for. */
  readonly target: string;
  /** Its type; empty where it was not said. */
  readonly targetNamespace: string;
  /** What makes a target a set: everybody who has this relation on it. */
  readonly targetRelation?: string;
  /** Users by what they are, in place of a target. */
  readonly query?: UserQuestion;
}

/** Asks for users by what they are. */
export interface UserQuestion {
  readonly tenants?: readonly string[];
  readonly roles?: readonly string[];
  readonly text?: string;
  readonly statuses?: readonly string[];
  readonly ssoOnly?: boolean;
  readonly withTestUser?: boolean;
  readonly customAttributes?: Readonly<Record<string, unknown>>;
}

/** How long is remembered what changed, in milliseconds. Clients may ask for a day. */
export const CHANGES_KEPT = 86_400_000;

const COLUMNS = "namespace, resource, relation, target, target_namespace, target_relation, query";

interface Row {
  readonly namespace: string;
  readonly resource: string;
  readonly relation: string;
  readonly target: string;
  readonly target_namespace: string;
  readonly target_relation: string;
  readonly query: string;
}

/** Creates a relation; one that is there already stays. */
export function putRelation(project: Project, relation: Relation): void {
  const { changes } = project.store.run(
    `INSERT INTO relations (project, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    project.id,
    ...columns(relation),
  );
  if (changes > 0) remember(project, [relation]);
}

/** Deletes a relation; where it does not say of which type the target is, those of all types. */
export function deleteRelation(project: Project, relation: Relation): void {
  const [namespace, resource, name, target, targetNamespace, targetRelation, query] = columns(relation);
  deleteWhere(
    project,
    `namespace = ? AND resource = ? AND relation = ? AND target = ? AND (? = '' OR target_namespace IN ('', ?))
       AND target_relation = ? AND query = ?`,
    namespace,
    resource,
    name,
    target,
    targetNamespace,
    targetNamespace,
    targetRelation,
    query,
  );
}

/** Deletes all relations on some resources and, where `both`, all those for them. */
export function deleteRelationsOf(project: Project, ids: readonly string[], both: boolean): void {
  for (const id of ids) {
    deleteWhere(project, "resource = ?", id);
    if (both) deleteWhere(project, "target = ? AND query = ''", id);
  }
}

/** Deletes what was created with a relation of a type, and for the sets that it makes. */
export function deleteRelationsWith(project: Project, namespace: string, relation: string): void {
  deleteWhere(project, "namespace = ? AND relation = ?", namespace, relation);
  deleteWhere(project, "target_namespace = ? AND target_relation = ?", namespace, relation);
}

/** Deletes what was created on and for things of a type. */
export function deleteRelationsOfType(project: Project, namespace: string): void {
  deleteWhere(project, "namespace = ? OR target_namespace = ?", namespace, namespace);
}

export function deleteAllRelations(project: Project): void {
  deleteWhere(project, "1");
}

/** Gives a type another name in what was created. */
export function renameType(project: Project, from: string, to: string): void {
  const { store, id } = project;
  store.run("UPDATE relations SET namespace = ? WHERE project = ? AND namespace = ?", to, id, from);
  store.run(
    "UPDATE relations SET target_namespace = ? WHERE project = ? AND target_namespace = ?",
    to,
    id,
    from,
  );
}

/** Gives a relation another name in what was created. */
export function renameRelation(project: Project, namespace: string, from: string, to: string): void {
  const { store, id } = project;
  store.run(
    "UPDATE relations SET relation = ? WHERE project = ? AND namespace = ? AND relation = ?",
    to,
    id,
    namespace,
    from,
  );
  store.run(
    "UPDATE relations SET target_relation = ? WHERE project = ? AND target_namespace = ? AND target_relation = ?",
    to,
    id,
    namespace,
    from,
  );
}

/** All relations, in the order in which they were created. */
export function allRelations(project: Project): Relation[] {
  return select(project, "1");
}

/** What was created on a resource. */
export function relationsOfResource(project: Project, resource: string): Relation[] {
  return select(project, "resource = ?", resource);
}

/** What was created for a target: the thing itself or, with `sets`, the sets on it too. */
export function relationsOfTarget(project: Project, target: string, sets: boolean): Relation[] {
  return select(project, `target = ? AND query = ''${sets ? "" : " AND target_relation = ''"}`, target);
}

/** What was created for a set. */
export function relationsOfSet(project: Project, { namespace, resource, relation }: Goal): Relation[] {
  return select(
    project,
    "target = ? AND target_namespace = ? AND target_relation = ?",
    resource,
    namespace,
    relation,
  );
}

/** What was created for users by what they are. */
export function relationsOfQueries(project: Project): Relation[] {
  return select(project, "target = '' AND query <> ''");
}

/** What was created with a goal's relation on its resource. */
export function relationsOfGoal(project: Project, { namespace, resource, relation }: Goal): Relation[] {
  return select(project, "resource = ? AND namespace = ? AND relation = ?", resource, namespace, relation);
}

/** What was created for a thing with a relation of a type. */
export function relationsOnto(
  project: Project,
  namespace: string,
  relation: string,
  target: string,
): Relation[] {
  return select(
    project,
    "target = ? AND target_relation = '' AND query = '' AND namespace = ? AND relation = ?",
    target,
    namespace,
    relation,
  );
}

/** The things of a type that relations are created on or for, in the order of their names. */
export function resourcesOfType(project: Project, namespace: string): string[] {
  return project.store
    .all<{ id: string }>(
      `SELECT resource AS id FROM relations WHERE project = ? AND namespace = ?
       UNION SELECT target FROM relations WHERE project = ? AND target_namespace = ? AND query = '' ORDER BY id`,
      project.id,
      namespace,
      project.id,
      namespace,
    )
    .map(({ id }) => id);
}

/** The resources and targets of relations that were created or deleted since a time, in milliseconds since 1970. */
export function changedSince(project: Project, time: number): { resources: string[]; targets: string[] } {
  const changed = (column: string) =>
    project.store
      .all<{ id: string }>(
        `SELECT DISTINCT ${column} AS id FROM relation_changes
         WHERE project = ? AND changed >= ? AND ${column} <> '' ORDER BY id`,
        project.id,
        time,
      )
      .map(({ id }) => id);
  return { resources: changed("resource"), targets: changed("target") };
}

/** The users that a question means, by their ids. */
export function usersAsked(project: Project, question: UserQuestion): string[] {
  const found: string[] = [];
  for (let page = 0; ; page++) {
    const { users, total } = searchUsers(project, { ...userQuery(question), limit: 1000, page });
    found.push(...users.map(({ userId }) => userId));
    if (users.length === 0 || found.length >= total) return found;
  }
}

/** Whether a question means a user. */
export function isAsked(project: Project, question: UserQuestion, userId: string): boolean {
  return searchUsers(project, { ...userQuery(question), userIds: [userId], limit: 1 }).total > 0;
}

function userQuery(question: UserQuestion) {
  return {
    tenantIds: question.tenants,
    roleNames: question.roles,
    text: question.text,
    statuses: question.statuses,
    ssoOnly: question.ssoOnly,
    withTestUser: question.withTestUser,
    customAttributes: question.customAttributes,
  };
}

/** A project's relations as the evaluation asks for them. */
export function relationsIn(project: Project): Relations {
  const at = "project = ? AND resource = ? AND namespace = ? AND relation = ?";
  const key = ({ resource, namespace, relation }: Goal) =>
    [project.id, resource, namespace, relation] as const;
  return {
    holds(goal, subject) {
      const fits = subject.namespace === "" ? "" : " AND target_namespace IN ('', ?)";
      const found = project.store.get(
        `SELECT 1 FROM relations WHERE ${at} AND target = ? AND target_relation = ? AND query = ''${fits}`,
        ...key(goal),
        subject.target,
        subject.relation ?? "",
        ...(subject.namespace === "" ? [] : [subject.namespace]),
      );
      return found !== undefined || isAmongUsers(project, goal, subject);
    },
    sets: (goal) =>
      project.store
        .all<Row>(`SELECT ${COLUMNS} FROM relations WHERE ${at} AND target_relation <> ''`, ...key(goal))
        .map((row) => ({
          namespace: row.target_namespace,
          resource: row.target,
          relation: row.target_relation,
        })),
    targets: (goal, namespace) =>
      project.store
        .all<{ target: string }>(
          `SELECT DISTINCT target FROM relations
           WHERE ${at} AND target_relation = '' AND query = '' AND target_namespace IN ('', ?)`,
          ...key(goal),
          namespace,
        )
        .map(({ target }) => target),
    resources: (namespace, relation, target) =>
      relationsOnto(project, namespace, relation, target).map(({ resource }) => resource),
  };
}

function isAmongUsers(project: Project, goal: Goal, subject: Subject): boolean {
  if (subject.relation !== undefined) return false;
  return project.store
    .all<{ query: string }>(
      "SELECT query FROM relations WHERE project = ? AND resource = ? AND namespace = ? AND relation = ? AND query <> ''",
      project.id,
      goal.resource,
      goal.namespace,
      goal.relation,
    )
    .some(({ query }) => isAsked(project, JSON.parse(query) as UserQuestion, subject.target));
}

function select(project: Project, where: string, ...values: SQLQueryBindings[]): Relation[] {
  return project.store
    .all<Row>(
      `SELECT ${COLUMNS} FROM relations WHERE project = ? AND (${where}) ORDER BY seq`,
      project.id,
      ...values,
    )
    .map((row) => ({
      namespace: row.namespace,
      resource: row.resource,
      relation: row.relation,
      target: row.target,
      targetNamespace: row.target_namespace,
      ...(row.target_relation === "" ? {} : { targetRelation: row.target_relation }),
      ...(row.query === "" ? {} : { query: JSON.parse(row.query) as UserQuestion }),
    }));
}

function deleteWhere(project: Project, where: string, ...values: SQLQueryBindings[]): void {
  const gone = select(project, where, ...values);
  if (gone.length === 0) return;
  project.store.run(`DELETE FROM relations WHERE project = ? AND (${where})`, project.id, ...values);
  remember(project, gone);
}

function remember(project: Project, relations: readonly Relation[]): void {
  const now = project.clock.now();
  project.store.run(
    "DELETE FROM relation_changes WHERE project = ? AND changed < ?",
    project.id,
    now - CHANGES_KEPT,
  );
  for (const { resource, target } of relations) {
    project.store.run(
      "INSERT INTO relation_changes (project, changed, resource, target) VALUES (?, ?, ?, ?)",
      project.id,
      now,
      resource,
      target,
    );
  }
}

function columns(relation: Relation): [string, string, string, string, string, string, string] {
  return [
    relation.namespace,
    relation.resource,
    relation.relation,
    relation.target,
    relation.targetNamespace,
    relation.targetRelation ?? "",
    relation.query === undefined ? "" : JSON.stringify(relation.query),
  ];
}
