import * as v from "valibot";
import { fileFailure, type Failure } from "../../failure.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { Meanings } from "../model/meanings.ts";
import { NORMALISER } from "../model/normalise.ts";
import { readPlace, type Place } from "../model/address.ts";
import { ownId } from "../model/read.ts";
import { surroundingsOf } from "./after.ts";
import { checksumOf, fingerprintOf } from "./fingerprint.ts";
import { PLAN_SCHEMA, type Blocked, type Change, type Plan } from "./plan.ts";
import { planSchema } from "./schema.ts";

/** The plan with more in its way. */
export function withBlocks(plan: Plan, more: readonly Blocked[]): Plan {
  if (more.length === 0) return plan;
  const { checksum: _checksum, ...rest } = plan;
  const changed = { ...rest, blocked: [...plan.blocked, ...more], applyable: false };
  return { ...changed, checksum: checksumOf(changed) };
}

/**
 * Reads a plan's file.
 *
 * @throws {Failure} "file" when it is no plan, of another form, made by a version that compares differently, or not what was written.
 */
export function readPlan(text: string, path: string): Plan {
  let content: Json;
  try {
    content = parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw fileFailure(`${path}: not JSON: ${error.message}`);
    throw error;
  }
  if (
    !isJsonObject(content) ||
    typeof content.schema !== "string" ||
    !content.schema.startsWith("descope-plan/")
  )
    throw fileFailure(
      `${path} is not a plan`,
      "A plan is written by: descope project snapshot plan --out FILE",
    );
  if (content.schema !== PLAN_SCHEMA)
    throw refused(path, `it has the form ${content.schema}, and this version reads ${PLAN_SCHEMA}`);
  const checked = v.safeParse(planSchema, content);
  if (!checked.success) {
    const issue = checked.issues[0];
    throw refused(path, `"${v.getDotPath(issue) ?? ""}" is not what a plan has there`);
  }
  const plan = content as unknown as Plan;
  if (plan.normalizer !== NORMALISER)
    throw refused(path, `it was made by a version of descope that compares differently (${plan.tool})`);
  if (checksumOf(plan) !== plan.checksum) throw refused(path, "it was changed after it was made");
  if (fingerprintOf(plan) !== plan.fingerprint)
    throw refused(path, "its fingerprint is not that of its content");
  const meanings = new Meanings(ignoredPlaces(plan));
  for (const change of plan.changes)
    if (change.after !== null && meaningOf(change, meanings) !== change.after.hash)
      throw refused(path, `what it holds of ${change.address} is not what it was made of`);
  return plan;
}

function meaningOf(change: Change, meanings: Meanings): string {
  const { after } = change;
  if (after === null) return "";
  const id = ownId(change.address, after.content);
  const entity = {
    address: change.address,
    id,
    content: after.content,
    storage: { form: "file", path: "" },
  } as const;
  return meanings.hash(entity, surroundingsOf(after.assets, after.ids));
}

/** The places that a plan leaves out of the comparison. */
export function ignoredPlaces(plan: Plan): Place[] {
  return plan.ignore.flatMap((written) => readPlace(written) ?? []);
}

function refused(path: string, why: string): Failure {
  return fileFailure(`${path} is refused: ${why}`, "Make the plan anew.");
}
