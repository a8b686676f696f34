import * as v from "valibot";
import { isJsonObject, isRawNumber, type RawNumber } from "../../json/value.ts";

/**
 * Pieces of request schemas. Clients in Go send null, "" and [] for what was not set, so every member that may be left out may also
 * be null.
 */
export const text = () => v.nullish(v.string());
export const flag = () => v.nullish(v.boolean());
export const count = () => v.nullish(number());
export const texts = () => v.nullish(v.array(v.string()));
export const object = () => v.nullish(record());

/** An object of any members; a list is none. */
export const record = () =>
  v.custom<Readonly<Record<string, unknown>>>((input) => isJsonObject(input), "an object");

/** A number, also one that is kept as it was spelled (`1.0`); its value is what counts. */
export const number = () =>
  v.pipe(
    v.custom<number | RawNumber>((input) => typeof input === "number" || isRawNumber(input), "a number"),
    v.transform((input) => (typeof input === "number" ? input : Number(input.rawJSON))),
  );

/** A time or duration: a number, or the text of one, as JSON spells 64 bits. */
export const time = () =>
  v.nullish(v.union([number(), v.pipe(v.string(), v.regex(/^-?\d*$/, "a number"), v.transform(Number))]));

/** Tenants with the roles in them, of a user or an access key. */
export const tenantRoles = () =>
  v.nullish(v.array(v.looseObject({ tenantId: v.string(), roleNames: texts() })));

/** Any JSON object. */
export const anyObject = () => v.looseObject({});

/** By which fields a list is sorted, the first one first. */
export const sorting = () => v.nullish(v.array(v.looseObject({ field: v.string(), desc: flag() })));

/** A text that must say something: what identifies a thing, or names it. */
export const filled = () => v.pipe(v.string(), v.nonEmpty("a text that is not empty"));

/** At least one such text. */
export const someTexts = () => v.pipe(v.array(filled()), v.nonEmpty("a list that is not empty"));

/** One thing by its id. */
export const byId = () => v.looseObject({ id: filled() });

/** Several things by their ids. */
export const byIds = () => v.looseObject({ ids: someTexts() });
