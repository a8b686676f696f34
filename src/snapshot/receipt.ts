import * as v from "valibot";
import type { Files } from "../files/files.ts";
import { fileFailure } from "../failure.ts";
import { JsonSyntaxError, parseJson } from "../json/parse.ts";
import { printJson } from "../json/print.ts";
import type { Json } from "../json/value.ts";
import { readPlace, type Address, type Place } from "./model/address.ts";
import { NORMALISER } from "./model/normalise.ts";
import type { Recorded } from "./plan/base.ts";

export const RECEIPT_SCHEMA = "descope-receipt/1";

/**
 * What was last brought to a project: hashes of what was wanted and of what the project then held, never the values themselves. Later
 * plans tell by it what changed in the folder and what in the project.
 */
export interface Receipt {
  readonly schema: typeof RECEIPT_SCHEMA;
  readonly tool: string;
  readonly createdAt: string;
  readonly normalizer: number;
  /** Fingerprint of the plan that was applied. */
  readonly fingerprint: string;
  /** "unverified": not all of the plan arrived, or something beside it moved. */
  readonly state: "applied" | "unverified";
  readonly target: { readonly project: string; readonly baseUrl: string };
  readonly backup: string | null;
  readonly entities: Readonly<Record<Address, Recorded>>;
  /** Places that the environment had left out, which are compared with nothing. */
  readonly ignore?: readonly string[];
  /** Versions of secrets that were written, by label. */
  readonly secrets: Readonly<Record<string, number>>;
}

const json = v.custom<Json>((value) => value !== undefined);

const schema = v.looseObject({
  schema: v.literal(RECEIPT_SCHEMA),
  tool: v.string(),
  createdAt: v.string(),
  normalizer: v.number(),
  fingerprint: v.string(),
  state: v.picklist(["applied", "unverified"]),
  target: v.looseObject({ project: v.string(), baseUrl: v.string() }),
  backup: v.nullable(v.string()),
  entities: v.record(
    v.string(),
    v.looseObject({
      desired: v.string(),
      live: v.string(),
      liveShape: v.optional(json),
      desiredShape: v.optional(json),
    }),
  ),
  ignore: v.optional(v.array(v.string())),
  secrets: v.record(v.string(), v.number()),
});

/** Where a project's receipt is kept when nothing else is said. */
export function receiptPath(project: string): string {
  return `.descope/receipts/${project.replace(/[^A-Za-z0-9_-]/g, "_")}.json`;
}

/**
 * Reads a receipt; undefined where there is none.
 *
 * @throws {Failure} "file" when it is damaged, of another project, or of another version of the comparison.
 */
export function readReceipt(
  files: Files,
  path: string,
  target: { readonly project: string; readonly baseUrl: string },
): Receipt | undefined {
  if (files.kind(path) === "nothing") return undefined;
  const receipt = parseReceipt(files.readText(path), path);
  if (receipt.target.project !== target.project || receipt.target.baseUrl !== target.baseUrl)
    throw fileFailure(
      `${path} is the receipt of ${receipt.target.project} at ${receipt.target.baseUrl}, not of ${target.project} at ${target.baseUrl}`,
    );
  return receipt;
}

/** @throws {Failure} "file" */
export function parseReceipt(text: string, path: string): Receipt {
  let content: Json;
  try {
    content = parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw fileFailure(`${path} is damaged: ${error.message}`, ANEW);
    throw error;
  }
  const checked = v.safeParse(schema, content);
  if (!checked.success) throw fileFailure(`${path} is damaged, or no receipt`, ANEW);
  if (checked.output.normalizer !== NORMALISER)
    throw fileFailure(
      `${path} was made by a version of descope that compares differently`,
      "Plan with --base none or a git base, apply, and a new receipt is written.",
    );
  return checked.output as Receipt;
}

const ANEW = "Move it away, or name another base with --base: the next apply makes it anew.";

/** Places that are no part of what a receipt holds. */
export function ignoredPlaces({ ignore = [] }: Receipt): Place[] {
  return ignore.flatMap((written) => readPlace(written) ?? []);
}

export function receiptText(receipt: Receipt): string {
  return `${printJson(receipt as unknown as Json)}\n`;
}
