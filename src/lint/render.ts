import { counted } from "../counted.ts";
import { printJson } from "../json/print.ts";
import type { Json, JsonObject } from "../json/value.ts";
import { marked, type Line } from "../output/line.ts";
import { visible } from "../output/terminal-text.ts";
import { LEVELS, type Finding, type Level, type Rule } from "./finding.ts";
import type { LintReport } from "./report.ts";

/** Findings as lines for people: `file:line:column  level  code`, what is wrong, and what to do. */
export function lintLines(report: LintReport): Line[] {
  const out: Line[] = [];
  for (const { level, code, message, fix, place } of report.findings) {
    out.push(
      [
        marked("heading", placeText(place)),
        "  ",
        marked(level === "note" ? "notice" : level, `${level} ${code}`),
      ],
      `    ${message}`,
      [marked("quiet", `    fix: ${fix}`)],
    );
  }
  out.push([marked("heading", lintSummary(report))]);
  return out;
}

/** "2 errors, 1 warning; 3 allowed, 12 in the baseline" */
function lintSummary({ findings, allowed, known, gone }: LintReport): string {
  const counts = LEVELS.flatMap((level) => {
    const count = findings.filter((one) => one.level === level).length;
    return count === 0 ? [] : [counted(count, level)];
  });
  const apart = [
    ...(allowed === 0 ? [] : [`${allowed} allowed`]),
    ...(known === 0 ? [] : [`${known} in the baseline`]),
    ...(gone.length === 0 ? [] : [`${gone.length} of the baseline mended`]),
  ];
  return [
    counts.length === 0 ? "No findings" : counts.join(", "),
    ...(apart.length === 0 ? [] : [apart.join(", ")]),
  ].join("; ");
}

function placeText({ file, line, column }: Finding["place"]): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

/** Findings for programs (`descope-lint/1`). `fails`: some are at the level that is not accepted. */
export function lintDocument(report: LintReport, fails: boolean): JsonObject {
  const { findings, allowed, known, gone } = report;
  const of = (level: Level) => findings.filter((one) => one.level === level).length;
  return {
    schema: "descope-lint/1",
    ok: !fails,
    ...(fails ? { reason: "findings" } : {}),
    summary: {
      error: of("error"),
      warning: of("warning"),
      note: of("note"),
      allowed,
      baseline: known,
      gone: gone.length,
    },
    findings: findings.map(({ code, level, address, message, fix, fingerprint, place }): Json => {
      const { file, pointer, line, column } = place;
      return {
        rule: code,
        level,
        address,
        message,
        fix,
        fingerprint,
        file,
        pointer,
        ...(line === undefined ? {} : { line, column: column ?? 1 }),
      };
    }),
  };
}

/** Findings as workflow commands of GitHub: annotations on the files of a pull request. */
export function lintAnnotations({ findings }: LintReport): string {
  return findings
    .map(({ level, code, message, fix, place }) => {
      const properties = [
        `file=${property(place.file)}`,
        ...(place.line === undefined ? [] : [`line=${place.line}`, `col=${place.column ?? 1}`]),
        `title=${property(code)}`,
      ];
      return `::${level === "note" ? "notice" : level} ${properties.join(",")}::${data(message)}%0A${data(fix)}\n`;
    })
    .join("");
}

function data(text: string): string {
  return visible(text).replaceAll("%", "%25");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** What GitHub takes in one run; the rest is counted in the last result's place. */
const MOST_RESULTS = 25_000;

/**
 * Findings as SARIF 2.1.0. Fingerprints do not hold the line, so that a file which is sorted anew raises no new alerts. Of the files'
 * contents nothing but names is in it.
 *
 * @param rules all rules that were applied, whether they struck or not
 */
export function lintSarif(report: LintReport, rules: readonly Rule[], version: string): string {
  // Rules about flows and about settings may share a code: they say the same of either.
  const used = [...new Map(rules.map((rule) => [rule.code, rule])).values()].sort((a, b) =>
    a.code < b.code ? -1 : 1,
  );
  const index = new Map(used.map(({ code }, i) => [code, i]));
  const results = report.findings
    .slice(0, MOST_RESULTS)
    .map(({ code, level, address, message, fix, fingerprint, place }): Json => {
      const region =
        place.line === undefined ? {} : { region: { startLine: place.line, startColumn: place.column ?? 1 } };
      return {
        ruleId: code,
        ...(index.has(code) ? { ruleIndex: index.get(code) ?? 0 } : {}),
        level,
        message: { text: `${visible(message)}. ${visible(fix)}` },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: uriOf(place.file) }, ...region },
            logicalLocations: [{ fullyQualifiedName: visible(address) }],
          },
        ],
        partialFingerprints: { "descopeFinding/v1": fingerprint },
        properties: { pointer: visible(place.pointer) },
      };
    });
  const document: JsonObject = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "descope", semanticVersion: version, rules: used.map(ruleDocument) } },
        columnKind: "utf16CodeUnits",
        results,
        ...(report.findings.length > MOST_RESULTS
          ? { properties: { leftOut: report.findings.length - MOST_RESULTS } }
          : {}),
      },
    ],
  };
  return `${printJson(document)}\n`;
}

function ruleDocument({ code, level, summary, help, severity }: Rule): Json {
  return {
    id: code,
    shortDescription: { text: summary },
    fullDescription: { text: `${summary}. ${help}` },
    help: { text: help },
    defaultConfiguration: { level },
    properties:
      severity === undefined
        ? { tags: ["correctness"] }
        : { tags: ["security"], "security-severity": severity.toFixed(1) },
  };
}

/** A path as a relative reference: each part encoded, `/` between them. */
function uriOf(path: string): string {
  const relative = path.replaceAll("\\", "/").replace(/^\.\//, "");
  const encoded = relative.split("/").map(encodeURIComponent).join("/");
  return relative.startsWith("/") ? `file://${encoded}` : encoded;
}
