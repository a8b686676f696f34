import { invalidArgument, missingArgument } from "../error.ts";
import type { Relation } from "./relation-store.ts";
import { findDefinition, type RelationDefinition, type Schema } from "./schema.ts";

/**
 * A relation's definition.
 *
 * @param place the field of the request that names it, for the error.
 * @throws {EmulatorError} when the schema has no such type, or the type no such relation.
 */
export function requireDefinition(
  schema: Schema,
  namespace: string,
  relation: string,
  place: string,
): RelationDefinition {
  const found = findDefinition(schema, namespace, relation);
  if (found !== undefined) return found;
  if (schema.namespaces.length === 0)
    throw invalidArgument(`${place}: the project has no authorization schema`);
  if (!schema.namespaces.some(({ name }) => name === namespace))
    throw invalidArgument(`${place}: the schema has no type ${namespace}`);
  throw invalidArgument(`${place}: the type ${namespace} has no relation ${relation}`);
}

/** Checks that a relation may be created. @throws {EmulatorError} naming `place` where the schema does not allow it. */
export function checkCreatable(schema: Schema, relation: Relation, place: string): void {
  const { namespace, target, targetNamespace, targetRelation } = relation;
  const definition = requireDefinition(schema, namespace, relation.relation, place);
  if (relation.resource === "") throw missingArgument(`${place}: the resource is empty`);
  if (definition.permission === true)
    throw invalidArgument(
      `${place}: ${relation.relation} is a permission, which follows and cannot be created`,
    );
  if (targetRelation !== undefined) requireDefinition(schema, targetNamespace, targetRelation, place);
  if (relation.query !== undefined) return;
  if (target === "") throw missingArgument(`${place}: the target is empty`);
  if (definition.targets === undefined) return;
  const type = targetRelation === undefined ? targetNamespace : `${targetNamespace}#${targetRelation}`;
  if (
    type === "" ? !definition.targets.some((one) => !one.includes("#")) : !definition.targets.includes(type)
  )
    throw invalidArgument(
      `${place}: ${namespace}#${relation.relation} is for ${definition.targets.join(" or ")}, not for ${type === "" ? "a single target" : type}`,
    );
}
