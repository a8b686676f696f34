import * as v from "valibot";
import type { Json } from "../../json/value.ts";
import { isJsonObject } from "../../json/value.ts";

/** The schema's name, which an environment file carries. */
const ENVIRONMENT_SCHEMA = "descope-env/1";

const texts = v.array(v.string());

const json = v.custom<Json>(() => true);

const secret = v.strictObject({
  from: v.optional(v.string()),
  version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  clear: v.optional(v.literal(true)),
});

const members = {
  schema: v.optional(v.literal(ENVIRONMENT_SCHEMA)),
  project: v.optional(v.string()),
  protection: v.optional(v.picklist(["production", "none"])),
  allowDelete: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  only: v.optional(texts),
  keep: v.optional(texts),
  set: v.optional(v.record(v.string(), json)),
  unset: v.optional(texts),
  secrets: v.optional(v.record(v.string(), v.record(v.string(), secret))),
  ignore: v.optional(v.array(v.strictObject({ at: v.string(), why: v.string() }))),
  protect: v.optional(texts),
  delete: v.optional(texts),
  extends: v.optional(texts),
};

/** An environment file as it is written. */
export const environmentFile = v.strictObject(members);
export type EnvironmentFile = v.InferOutput<typeof environmentFile>;

/** The keys that an environment file may have. */
export const environmentKeys = Object.keys(members);

/**
 * Whether a variable is one for secrets, by its name. A plan shows the values that an environment sets, also to those who may propose
 * an environment's file and must not see the key that the plan is made with.
 */
export function isForSecrets(variable: string): boolean {
  return /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?|(?:MANAGEMENT|PRIVATE|ACCESS|API)_KEY)$/i.test(
    variable,
  );
}

/** A value that is taken from an environment variable when the plan is made: `{"env": "NAME"}`. */
export function variableOf(value: Json): string | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 1 || typeof value.env !== "string")
    return undefined;
  return value.env;
}
