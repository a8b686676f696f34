import * as v from "valibot";

/** How a flag's value is written on the command line. */
export type FlagKind = "string" | "int" | "bool" | "list";

/** What the declaration of a flag says beyond its schema: the one source of parsing, help, completion and the command tree. */
export interface FlagInfo {
  readonly kind: FlagKind;
  readonly about: string;
  /** One letter. */
  readonly short?: string;
  /** The word after `--`, where it is not the kebab form of the key. */
  readonly long?: string;
  /** What stands for the value in help; the kind where absent. */
  readonly value?: string;
  readonly default?: string | number;
  /** The only texts that it takes. */
  readonly choices?: readonly string[];
  /** Works, but is not shown; the text says what to use instead and is printed when the flag is used. */
  readonly deprecated?: string;
  /** The key of the flag that this one is another spelling of: the last one on the line wins. */
  readonly aliasOf?: string;
}

export type FlagOptions = Omit<FlagInfo, "kind" | "about" | "default" | "choices">;

/** What the declaration of an argument says beyond its schema. */
interface ArgumentInfo {
  readonly about: string;
  /** The only texts that it takes. */
  readonly choices?: readonly string[];
}

/** Puts a flag's description on its schema. */
function flag<S extends v.GenericSchema>(schema: S, info: FlagInfo): S {
  return v.pipe(schema, v.metadata({ flag: info })) as unknown as S;
}

/** Puts an argument's description on its schema. */
function argument<S extends v.GenericSchema>(schema: S, about: string, choices?: readonly string[]): S {
  const info: ArgumentInfo = choices === undefined ? { about } : { about, choices };
  return v.pipe(schema, v.metadata({ argument: info })) as unknown as S;
}

/** A flag with a text value; absent when it is not given. */
export function text(about: string, options: FlagOptions = {}) {
  return flag(v.optional(v.string()), { kind: "string", about, ...options });
}

/** A flag with one of a few values. The choice is checked after the environment, as the vendor's is. */
export function choice<const T extends string>(
  about: string,
  choices: readonly T[],
  options: FlagOptions = {},
) {
  return flag(v.optional(v.picklist(choices)), {
    kind: "string",
    about,
    value: choices.join("|"),
    choices,
    ...options,
  });
}

/** A switch. */
export function bool(about: string, options: FlagOptions = {}) {
  return flag(v.optional(v.boolean(), false), { kind: "bool", about, ...options });
}

/** A whole number of 64 bits in any spelling that Go's `ParseInt` takes (`0x10`, `010`, `1_000`); absent when not given. */
export function int(about: string, options: FlagOptions = {}) {
  return flag(v.optional(v.bigint()), { kind: "int", about, ...options });
}

/** A whole number with a default, between `minimum` and `maximum`. */
export function boundedInt(
  about: string,
  bounds: { default: number; minimum: number; maximum: number },
  options: FlagOptions = {},
) {
  const schema = v.pipe(
    v.optional(v.bigint(), BigInt(bounds.default)),
    v.minValue(BigInt(bounds.minimum), `must be ${bounds.minimum} or more`),
    v.maxValue(BigInt(bounds.maximum), `must be ${bounds.maximum} or less`),
    v.transform(Number),
  );
  return flag(schema, { kind: "int", about, default: bounds.default, ...options });
}

/** A comma-separated list; several occurrences add up. Absent when not given, empty when given as `""`. */
export function list(about: string, options: FlagOptions = {}) {
  return flag(v.optional(v.array(v.string())), { kind: "list", about, ...options });
}

/** An argument that must not be empty. */
export function id(about: string) {
  return argument(v.pipe(v.string(), v.nonEmpty("must not be empty")), about);
}

/** An argument that may be any text, also none. */
export function words(about: string) {
  return argument(v.string(), about);
}

/** An argument with one of a few values. */
export function oneOf<const T extends string>(about: string, choices: readonly T[]) {
  return argument(v.picklist(choices), about, choices);
}

/** An argument that may be left out. */
export function optionalWords(about: string) {
  return argument(v.optional(v.string()), about);
}

/** Any flag declaration, as the parser and the help see it. */
export type FlagSchema = v.GenericSchema;
/** Any argument declaration. */
export type ArgumentSchema = v.GenericSchema;

/** What a flag's declaration says. @throws when the schema was not made by one of the functions above. */
export function flagInfo(key: string, schema: FlagSchema): FlagInfo & { readonly long: string } {
  const info = v.getMetadata(schema).flag as FlagInfo | undefined;
  if (info === undefined) throw new Error(`the flag ${key} is declared without its description`);
  return { ...info, long: info.long ?? kebab(key) };
}

/** What an argument's declaration says. */
export function argumentInfo(
  key: string,
  schema: ArgumentSchema,
): ArgumentInfo & { readonly optional: boolean } {
  const info = v.getMetadata(schema).argument as ArgumentInfo | undefined;
  if (info === undefined) throw new Error(`the argument ${key} is declared without its description`);
  return { ...info, optional: v.is(schema, undefined) };
}

/** `loginId` → `login-id`. */
function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
