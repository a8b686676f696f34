import * as v from "valibot";
import { fileFailure } from "../failure.ts";
import { byCodePoint } from "../json/print.ts";
import type { JsonFile } from "../json/source.ts";
import type { JsonObject } from "../json/value.ts";
import type { Finding } from "./finding.ts";

const BaselineSchema = v.looseObject({
  schema: v.literal("descope-lint-baseline/1"),
  findings: v.array(v.looseObject({ fingerprint: v.string(), rule: v.string(), address: v.string() })),
});

/** A finding that is known. */
export interface Known {
  readonly fingerprint: string;
  readonly rule: string;
  readonly address: string;
}

/** What a baseline file holds. @throws {Failure} "file" for any other document. */
export function readBaseline(file: JsonFile): Known[] {
  const checked = v.safeParse(BaselineSchema, file.content);
  if (checked.success)
    return checked.output.findings.map(({ fingerprint, rule, address }) => ({ fingerprint, rule, address }));
  throw fileFailure(
    `${file.path} is not a baseline of findings (descope-lint-baseline/1)`,
    "Write one with --write-baseline.",
  );
}

/** A baseline as {@link lintReport} takes it. */
export function byFingerprint(known: readonly Known[]): Map<string, string> {
  return new Map(known.map(({ fingerprint, address }) => [fingerprint, address]));
}

/**
 * A baseline of findings: what is in it is not reported again. Rule and place are there for people.
 *
 * @param others what stays in it from before
 */
export function baselineOf(findings: readonly Finding[], others: readonly Known[] = []): JsonObject {
  const all = [
    ...others,
    ...findings.map(({ fingerprint, code, address }) => ({ fingerprint, rule: code, address })),
  ];
  return {
    schema: "descope-lint-baseline/1",
    findings: all
      .map(({ fingerprint, rule, address }) => ({ fingerprint, rule, address }))
      .sort((a, b) => byCodePoint(a.address, b.address) || byCodePoint(a.fingerprint, b.fingerprint)),
  };
}
