import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { invalidArgument, invalidScim } from "../error.ts";
import { nameIn, parseFilter, withoutUrn, type Fits } from "./filter.ts";

/** One operation of a PATCH, its value in one place. */
export interface Patch {
  readonly op: string;
  readonly path?: string | null | undefined;
  readonly value?: Json | undefined;
}

/**
 * A resource after the operations of RFC 7644, section 3.5.2.
 *
 * @throws {EmulatorError} E011004 for an operation that makes no sense.
 */
export function patched(resource: JsonObject, patches: readonly Patch[]): JsonObject {
  return patches.reduce(applied, resource);
}

function applied(resource: JsonObject, { op, path, value }: Patch): JsonObject {
  const verb = op.toLowerCase();
  if (verb !== "add" && verb !== "replace" && verb !== "remove")
    throw invalidArgument(`The op field must be add, replace or remove, not ${op}`);
  if (verb !== "remove" && value === undefined) throw invalidArgument(`The operation ${verb} needs a value`);
  if (!path) {
    if (verb === "remove") throw invalidArgument("The operation remove needs a path");
    if (!isJsonObject(value))
      throw invalidArgument("The value of an operation without a path must be an object");
    return Object.entries(value).reduce((all, [name, one]) => at(all, target(name), verb, one), resource);
  }
  return at(resource, target(path), verb, value);
}

interface Target {
  readonly name: string;
  readonly fits?: Fits;
  /** The text of the filter, to make an item that fits. */
  readonly filter?: string;
  readonly sub?: string;
}

/** `attribute`, `attribute.sub`, `attribute[filter]` or `attribute[filter].sub`. */
function target(path: string): Target {
  const found = /^([\w$-]+)(?:\[(.*)\])?(?:\.([\w$-]+))?$/s.exec(withoutUrn(path));
  if (found === null) throw invalidScim("invalidPath", `The path ${path} cannot be read`);
  const [, name = "", filter, sub] = found;
  return {
    name,
    ...(filter === undefined ? {} : { fits: parseFilter(filter), filter }),
    ...(sub === undefined ? {} : { sub }),
  };
}

function at(resource: JsonObject, where: Target, verb: string, value: Json | undefined): JsonObject {
  const name = nameIn(resource, where.name) ?? where.name;
  const before = resource[name];
  // To set nothing is to take away (RFC 7643, section 2.5).
  const after =
    value === null ? changed(before, where, "remove", undefined) : changed(before, where, verb, value);
  const { [name]: _before, ...rest } = resource;
  return after === undefined ? rest : { ...resource, [name]: after };
}

function changed(
  before: Json | undefined,
  { fits, filter, sub }: Target,
  verb: string,
  value: Json | undefined,
): Json | undefined {
  if (fits !== undefined)
    return changedItems(Array.isArray(before) ? before : [], fits, filter ?? "", sub, verb, value);
  // A path into a list without a filter means each of its items.
  if (sub !== undefined && Array.isArray(before))
    return (before.length === 0 && verb !== "remove" ? [{}] : before).map((item) =>
      at(isJsonObject(item) ? item : {}, { name: sub }, verb, value),
    );
  if (sub !== undefined) return at(isJsonObject(before) ? before : {}, { name: sub }, verb, value);
  if (verb === "remove") return value === undefined ? undefined : without(before, value);
  if (Array.isArray(before)) {
    const items = Array.isArray(value) ? value : [value as Json];
    return verb === "add" ? withItems(before, items) : items;
  }
  if (isJsonObject(before) && isJsonObject(value)) return { ...before, ...value };
  return value;
}

function changedItems(
  items: readonly Json[],
  fits: Fits,
  filter: string,
  sub: string | undefined,
  verb: string,
  value: Json | undefined,
): Json[] {
  const isMeant = (item: Json): item is JsonObject => isJsonObject(item) && fits(item);
  if (verb === "remove" && sub === undefined) return items.filter((item) => !isMeant(item));
  const change = (item: JsonObject): Json =>
    sub !== undefined
      ? at(item, { name: sub }, verb, value)
      : isJsonObject(value)
        ? { ...item, ...value }
        : (value as Json);
  if (items.some(isMeant)) {
    const after = items.map((item) => (isMeant(item) ? change(item) : item));
    return onePrimary(
      after,
      after.filter((_, i) => isMeant(items[i] as Json)),
    );
  }
  // Directories set `emails[type eq "work"].value` of somebody who has none yet.
  const equal = /^\s*([\w$-]+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*$/i.exec(filter);
  if (verb === "remove" || equal === null) return [...items];
  const fresh: JsonObject = { [equal[1] as string]: JSON.parse(equal[2] as string) as Json };
  const made = change(fresh);
  return onePrimary([...items, made], [made]);
}

/** What tells items of a list apart: their value. */
function key(item: Json): string {
  return JSON.stringify(isJsonObject(item) && item.value !== undefined ? item.value : item);
}

function withItems(before: readonly Json[], added: readonly Json[]): Json[] {
  const fresh = new Map(added.map((item) => [key(item), item]));
  const known = before.map((item) => {
    const again = fresh.get(key(item));
    fresh.delete(key(item));
    return isJsonObject(item) && isJsonObject(again) ? { ...item, ...again } : item;
  });
  const said = new Set(added.map(key));
  const after = [...known, ...fresh.values()];
  return onePrimary(
    after,
    after.filter((item) => said.has(key(item))),
  );
}

/** One item of a list at most is its primary one: where an operation makes one of `changed` that, it is the only one. */
function onePrimary(items: readonly Json[], changed: readonly Json[]): Json[] {
  const isPrimary = (item: Json): item is JsonObject => isJsonObject(item) && item.primary === true;
  const chosen = changed.findLast(isPrimary);
  return items.map((item) =>
    chosen !== undefined && item !== chosen && isPrimary(item) ? { ...item, primary: false } : item,
  );
}

function without(before: Json | undefined, removed: Json): Json | undefined {
  if (!Array.isArray(before)) return undefined;
  const gone = new Set((Array.isArray(removed) ? removed : [removed]).map(key));
  return before.filter((item) => !gone.has(key(item)));
}
