import * as v from "valibot";

/** A field that a request may hold, as the operation declares it. */
export interface Field {
  /** Its place in the request; "0" for the first item of a list. */
  readonly path: readonly string[];
  readonly required: boolean;
  /** True where it may hold what nobody declares: a map, or any JSON. */
  readonly free: boolean;
  /** Values of a type that it does not take. */
  readonly wrong: readonly unknown[];
}

/** A schema as its library builds it, as far as this looks. */
interface Built extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Built>>;
  readonly wrapped?: Built;
  readonly item?: Built;
  readonly value?: Built;
  readonly getter?: (input: unknown) => Built;
}

/** One of each kind of JSON, to find those that a field refuses. */
const KINDS: readonly unknown[] = [7, "not-a-value", true, {}, [], ["text"], [7], { member: 7 }];

const DEEPEST = 5;

/** Every field of a request's schema, those of objects and of lists' items among them. */
export function fieldsOf(schema: v.GenericSchema, path: readonly string[] = []): Field[] {
  if (path.length > DEEPEST) return [];
  const { entries, item } = unwrapped(schema as Built);
  const inner: [string, Built][] =
    entries === undefined ? (item === undefined ? [] : [["0", item]]) : Object.entries(entries);
  return inner.flatMap(([name, declared]) => {
    const here = [...path, name];
    return [
      { path: here, required: isRequired(declared), free: isFree(declared), wrong: wrongFor(declared) },
      ...fieldsOf(declared, here),
    ];
  });
}

function isRequired({ type }: Built): boolean {
  return !["optional", "nullish", "nullable", "exact_optional"].includes(type);
}

function isFree(schema: Built): boolean {
  const { entries, item, type } = unwrapped(schema);
  return (
    entries === undefined && item === undefined && ["custom", "record", "unknown", "union"].includes(type)
  );
}

function wrongFor(schema: Built): unknown[] {
  // The library takes lists for objects; the emulator must not.
  const isObject = unwrapped(schema).entries !== undefined;
  return KINDS.filter((value) => !v.is(schema, value) || (isObject && Array.isArray(value)));
}

function unwrapped(schema: Built): Built {
  if (schema.wrapped !== undefined) return unwrapped(schema.wrapped);
  if (schema.type === "lazy" && schema.getter !== undefined) return unwrapped(schema.getter(undefined));
  return schema;
}

/**
 * The input with a value at a place; what is not there on the way is made, as small as its schema allows.
 *
 * @param value undefined takes the field away.
 */
export function withField(
  schema: v.GenericSchema,
  input: unknown,
  [name, ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (name === undefined) return value;
  const { entries, item } = unwrapped(schema as Built);
  const below = entries?.[name] ?? item;
  if (below === undefined) throw new Error(`there is no ${name}`);
  if (item !== undefined && entries === undefined) {
    const items = Array.isArray(input) ? input : [];
    return [withField(below, items[0] ?? smallest(below), rest, value), ...items.slice(1)];
  }
  const members = (input ?? smallest(schema as Built)) as Record<string, unknown>;
  const changed = withField(below, members[name], rest, value);
  const others = Object.entries(members).filter(([key]) => key !== name);
  return Object.fromEntries(changed === undefined ? others : [...others, [name, changed]]);
}

/** The smallest value that a schema takes. */
function smallest(schema: Built): unknown {
  const { entries, item } = unwrapped(schema);
  if (entries !== undefined)
    return Object.fromEntries(
      Object.entries(entries)
        .filter(([, declared]) => isRequired(declared))
        .map(([name, declared]) => [name, smallest(declared)]),
    );
  if (item !== undefined) return v.is(schema, []) ? [] : [smallest(item)];
  const options = (unwrapped(schema) as { options?: unknown }).options;
  const choices = Array.isArray(options) ? options.filter((one) => typeof one !== "object") : [];
  const found = [...choices, "https://example.com", ...KINDS].find((value) => v.is(schema, value));
  if (found === undefined) throw new Error(`no value is known for ${schema.expects}`);
  return found;
}
