import * as v from "valibot";

/**
 * Pieces of request schemas. Clients in Go send null, "" and [] for what was not set, so every member that may be left out may also
 * be null.
 */
export const text = () => v.nullish(v.string());
export const flag = () => v.nullish(v.boolean());
export const count = () => v.nullish(v.number());
export const texts = () => v.nullish(v.array(v.string()));
export const object = () => v.nullish(v.record(v.string(), v.unknown()));

/** Tenants with the roles in them, of a user or an access key. */
export const tenantRoles = () =>
  v.nullish(v.array(v.looseObject({ tenantId: v.string(), roleNames: texts() })));

/** A reply of which one member is read. Its content is checked where it is read. */
export const holding = (...keys: readonly string[]) =>
  v.looseObject(Object.fromEntries(keys.map((key) => [key, v.unknown()])));

/** Any JSON object. */
export const anyObject = () => v.looseObject({});
