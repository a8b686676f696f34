import * as v from "valibot";
import { fileFailure } from "../failure.ts";
import type { JsonFile } from "../json/source.ts";
import type { JsonObject } from "../json/value.ts";
import type { Finding } from "./finding.ts";

const BaselineSchema = v.looseObject({
  schema: v.literal("descope-lint-baseline/1"),
  findings: v.array(v.looseObject({ fingerprint: v.string() })),
});

/** The fingerprints in a baseline file. @throws {Failure} "file" for any other document. */
export function readBaseline(file: JsonFile): Set<string> {
  const checked = v.safeParse(BaselineSchema, file.content);
  if (!checked.success) {
    throw fileFailure(
      `${file.path} is not a baseline of findings (descope-lint-baseline/1)`,
      "Write one with --write-baseline.",
    );
  }
  return new Set(checked.output.findings.map(({ fingerprint }) => fingerprint));
}

/** Findings as a baseline: what is in it is not reported again. Rule and place are there for people. */
export function baselineOf(findings: readonly Finding[]): JsonObject {
  return {
    schema: "descope-lint-baseline/1",
    findings: findings
      .map(({ fingerprint, code, address }) => ({ fingerprint, rule: code, address }))
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
}
