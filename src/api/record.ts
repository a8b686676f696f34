import * as v from "valibot";
import { Failure } from "../failure.ts";
import { isEmpty, isJsonObject, isRawNumber, Ordered, type Json, type JsonObject } from "../json/value.ts";

/**
 * Records: what the vendor's tools decode replies into. A schema's entries say which members are kept, in which order they are
 * printed and of which type they must be. Members match without regard to case, unknown ones are dropped, null counts as absent.
 *
 * `v.optional(x)`: left out when empty. `v.nullish(x, null)`: null when absent. Any other: the type's empty value when absent.
 */
export type RecordSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/** Free-form JSON, carried whole. */
export const free = v.custom<Json>(isJsonObject, "an object is expected");

/** A whole number of any size. */
export const whole = v.custom<number>(
  (input) =>
    (typeof input === "number" && Number.isInteger(input)) ||
    (isRawNumber(input) && /^-?\d+$/.test(input.rawJSON)),
  "a whole number is expected",
);

/** A map from names to values of one kind, printed sorted. */
export const mapOf = (item: v.GenericSchema) =>
  v.record(v.string(), item as v.GenericSchema<unknown, unknown>);

/**
 * Reads a record out of a reply.
 *
 * @param what names the record in the error.
 * @throws {Failure} "bad_reply" when it is missing, or one of its members has another type.
 */
export function decodeRecord(schema: RecordSchema, raw: Json | undefined, what: string): Ordered {
  return decodeObject(schema, decodeFree(raw, what), what);
}

/** Reads free-form JSON out of a reply, all of it. @throws {Failure} "bad_reply" when it is missing or not an object. */
export function decodeFree(raw: Json | undefined, what: string): JsonObject {
  if (isJsonObject(raw)) return raw;
  throw unusable(`${what} is ${raw === undefined || raw === null ? "missing" : "not an object"}`);
}

/** Reads a list of records out of a reply; an absent list is an empty one. */
export function decodeRecords(schema: RecordSchema, raw: Json | undefined, what: string): Ordered[] {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw)) throw unusable(`${what} is not a list`);
  return raw.map((item, index) => decodeObject(schema, item ?? {}, `${what}[${index}]`));
}

/** Checks that a record is one: a reply that lacks its identity is not what was asked for. @throws {Failure} "bad_reply" */
export function requireIdentity(record: Ordered, key: string, what: string): Ordered {
  const identity = record.get(key);
  if (typeof identity !== "string" || identity === "") throw unusable(`${what} is missing`);
  return record;
}

/** Reads a text out of a reply. @throws {Failure} "bad_reply" when it is missing or empty. */
export function decodeText(raw: Json | undefined, what: string): string {
  if (typeof raw !== "string" || raw === "") {
    throw unusable(
      `${what} is ${raw === undefined || raw === null || raw === "" ? "missing" : "not a text"}`,
    );
  }
  return raw;
}

/** The texts among some members of a reply that are there: what must not be lost although the rest is of no use. */
export function given(members: Readonly<Record<string, Json | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => {
      return typeof entry[1] === "string" && entry[1] !== "";
    }),
  );
}

/** A member of a reply, its name matched without regard to case; of several the last one. */
export function member(raw: Json | undefined, key: string): Json | undefined {
  if (!isJsonObject(raw)) return undefined;
  const wanted = key.toLowerCase();
  const found = Object.keys(raw).findLast((name) => name.toLowerCase() === wanted);
  return found === undefined ? undefined : raw[found];
}

/** The members of an object by their names in lower case, as {@link member} finds them. */
function membersByName(raw: JsonObject): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  for (const name of Object.keys(raw)) found.set(name.toLowerCase(), raw[name] ?? null);
  return found;
}

function unusable(what: string): Failure {
  return new Failure(`The server's reply cannot be used: ${what}`, { code: "bad_reply" });
}

function decodeObject(schema: RecordSchema, raw: Json, what: string): Ordered {
  if (!isJsonObject(raw)) throw unusable(`${what} is not an object`);
  const entries: [string, Json][] = [];
  const members = membersByName(raw);
  for (const [key, declared] of Object.entries(schema.entries)) {
    const mayBeLeftOut = declared.type === "optional";
    const mayBeNull = declared.type === "nullish";
    const inner =
      mayBeLeftOut || mayBeNull ? (declared as unknown as { wrapped: v.GenericSchema }).wrapped : declared;
    const found = members.get(key.toLowerCase());
    const content =
      found === undefined || found === null
        ? undefined
        : decodeValue(inner as v.GenericSchema, found, `${what}.${key}`);
    if (mayBeLeftOut) {
      if (content !== undefined && !isEmpty(content)) entries.push([key, content]);
    } else entries.push([key, content ?? (mayBeNull ? null : emptyOf(inner as v.GenericSchema))]);
  }
  return new Ordered(entries);
}

function decodeValue(schema: v.GenericSchema, raw: Json, what: string): Json {
  if (schema.type === "object") return decodeObject(schema as RecordSchema, raw, what);
  if (schema.type === "array") {
    if (!Array.isArray(raw)) throw unusable(`${what} is not a list`);
    const item = (schema as unknown as { item: v.GenericSchema }).item;
    return raw.map((element, index) =>
      element === null ? emptyOf(item) : decodeValue(item, element, `${what}[${index}]`),
    );
  }
  if (schema.type === "record") {
    if (!isJsonObject(raw)) throw unusable(`${what} is not an object`);
    const item = (schema as unknown as { value: v.GenericSchema }).value;
    const out = Object.entries(raw).map(([key, content]) => {
      return [key, content === null ? emptyOf(item) : decodeValue(item, content, `${what}.${key}`)] as const;
    });
    return Object.fromEntries(out);
  }
  const checked = v.safeParse(schema, raw);
  if (!checked.success) throw unusable(`${what} is not ${kindOf(schema)}`);
  return raw;
}

function kindOf(schema: v.GenericSchema): string {
  if (schema === whole) return "a whole number";
  return { string: "a text", boolean: "true or false", custom: "an object" }[schema.type] ?? schema.expects;
}

function emptyOf(schema: v.GenericSchema): Json {
  switch (schema.type) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "array":
      return [];
    case "object":
      return decodeObject(schema as RecordSchema, {}, "");
    case "custom":
      return schema === whole ? 0 : {};
    default:
      return {};
  }
}
