import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Found, Rule } from "../../src/lint/finding.ts";
import { baselineOf, byFingerprint, readBaseline } from "../../src/lint/baseline.ts";
import { lintAnnotations, lintDocument, lintLines, lintSarif } from "../../src/lint/render.ts";
import { ALLOWANCE_RULES, covers, fails, lintReport } from "../../src/lint/report.ts";
import { readLintSettings, RECOMMENDED } from "../../src/lint/settings.ts";
import { parseFile } from "../../src/json/source.ts";
import type { Json } from "../../src/json/value.ts";
import { plainLine } from "../../src/output/line.ts";

const rule = (code: string, level: Rule["level"], severity?: number): Rule => ({
  code,
  level,
  summary: `What ${code} is`,
  help: "What to do in general.",
  ...(severity === undefined ? {} : { severity }),
});
const DEAD = rule("dead-end", "error");
const WEAK = rule("weak-thing", "warning", 5);
const RULES = [DEAD, WEAK, ...ALLOWANCE_RULES];
const file = parseFile("flows/a b/contents.json", '{\n  "tasks": {\n    "1": {"x": 1}, "2": {}\n  }\n}');
const found = (one: Partial<Found> = {}): Found => ({
  rule: DEAD,
  address: "flow/a b#/tasks/1",
  message: "Nothing follows",
  fix: "Wire it.",
  file,
  path: ["tasks", "1", "x"],
  ...one,
});
const settings = (content: Json, env?: string) =>
  readLintSettings(parseFile("lint.json", JSON.stringify(content, null, 2)), env, RULES);
const TODAY = "2026-11-25";

describe("levels, allowances and the baseline", () => {
  test("a rule's level is its own, the case's, or what the rules file says", () => {
    const all = [found(), found({ key: "2", level: "note" }), found({ rule: WEAK })];
    expect(lintReport(all, RECOMMENDED, TODAY).findings.map(({ code, level }) => [code, level])).toEqual([
      ["dead-end", "error"],
      ["weak-thing", "warning"],
      ["dead-end", "note"],
    ]);
    const file = settings({ schema: "descope-lint/1", rules: { "dead-end": "off", "weak-thing": "error" } });
    expect(lintReport(all, file, TODAY).findings.map(({ code, level }) => [code, level])).toEqual([
      ["weak-thing", "error"],
    ]);
  });

  test("an environment's part is put over the rest", () => {
    const content = {
      schema: "descope-lint/1",
      extends: "recommended",
      rules: { "dead-end": "warning" },
      limits: { codeMinutes: 5 },
      environments: { staging: { rules: { "dead-end": "off" }, limits: { sessionMinutes: 600 } } },
    };
    expect(settings(content).levels.get("dead-end")).toBe("warning");
    const staging = settings(content, "staging");
    expect(staging.levels.get("dead-end")).toBe("off");
    expect(staging.limits).toMatchObject({ codeMinutes: 5, sessionMinutes: 600, refreshDays: 90 });
  });

  const allow = (one: Json) => settings({ schema: "descope-lint/1", allow: [one] });

  test("an allowance accepts what is at its place or below; one that accepts nothing is found itself", () => {
    const accepted = lintReport([found()], allow({ rule: "dead-end", at: "flow/a b", why: "parked" }), TODAY);
    expect(accepted.findings).toEqual([]);
    expect(accepted.allowed).toBe(1);
    const unused = lintReport([found()], allow({ rule: "weak-thing", at: "flow/a b", why: "x" }), TODAY);
    expect(unused.findings.map(({ code, place }) => [code, place.file, place.line])).toEqual([
      ["dead-end", "flows/a b/contents.json", 3],
      ["unused-allowance", "lint.json", 4],
    ]);
  });

  test("a look at one flow finds nothing of use in allowances for others", () => {
    const scope = { entity: "flow/a b", codes: new Set(["dead-end"]) };
    const codes = (one: Json) =>
      lintReport([], allow(one), TODAY, { scope }).findings.map(({ code }) => code);
    expect(codes({ rule: "dead-end", at: "flow/a b#/tasks/9", why: "x" })).toEqual(["unused-allowance"]);
    expect(codes({ rule: "dead-end", at: "flow/other", why: "x" })).toEqual([]);
    expect(codes({ rule: "dead-end", at: "flow/*", why: "x" })).toEqual([]);
    expect(codes({ rule: "weak-thing", at: "flow/a b", why: "x" })).toEqual([]);
  });

  test("an allowance holds through its last day and is found afterwards", () => {
    const until = (day: string) =>
      lintReport(
        [found()],
        allow({ rule: "dead-end", at: "flow/*", why: "x", until: day }),
        TODAY,
      ).findings.map(({ code }) => code);
    expect(until("2026-11-25")).toEqual([]);
    expect(until("2026-11-24")).toEqual(["dead-end", "expired-allowance"]);
  });

  test("places that an allowance covers", () => {
    const table: [at: string, address: string, covered: boolean][] = [
      ["flow/sign-in", "flow/sign-in", true],
      ["flow/sign-in", "flow/sign-in#/tasks/1", true],
      ["flow/sign-in", "flow/sign-in-two", false],
      ["flow/*", "flow/sign-in#/tasks/1", true],
      ["flow/sign-in#/tasks/1", "flow/sign-in#/tasks/1", true],
      ["flow/sign-in#/tasks/1", "flow/sign-in#/tasks/12", false],
      ["flow/*#/tasks/*", "flow/sign-in#/tasks/12", true],
      ["flow/sign-in#/tasks/1", "flow/sign-in", false],
      ["project", "project#/trustedDomains", true],
      ["auth/*", "auth/oauth#/providerSettings/google", true],
    ];
    for (const [at, address, covered] of table)
      expect({ at, address, covered: covers(at, address) }).toEqual({ at, address, covered });
  });

  test("what stands in the baseline is not reported; what was mended is counted", () => {
    const first = lintReport([found(), found({ address: "flow/b" })], RECOMMENDED, TODAY);
    const file = parseFile("b.json", JSON.stringify(baselineOf(first.findings)));
    const baseline = byFingerprint(readBaseline(file));
    const later = lintReport([found(), found({ rule: WEAK })], RECOMMENDED, TODAY, { baseline });
    expect(later.findings.map(({ code }) => code)).toEqual(["weak-thing"]);
    expect([later.known, later.gone.length]).toEqual([1, 1]);
    const scope = { entity: "flow/a b", codes: new Set(["dead-end"]) };
    expect(lintReport([found()], RECOMMENDED, TODAY, { baseline, scope }).gone).toEqual([]);
    expect(() => readBaseline(parseFile("b.json", "{}"))).toThrow("b.json is not a baseline");
  });

  test("the level that fails a run", () => {
    const warnings = lintReport([found({ rule: WEAK })], RECOMMENDED, TODAY);
    expect(["error", "warning", "note"].map((level) => fails(warnings, level as Rule["level"]))).toEqual([
      false,
      true,
      true,
    ]);
  });
});

test("a rules file that is wrong is refused at its line", () => {
  const table: [content: Json, message: string][] = [
    [{ schema: "descope-lint/2" }, 'lint.json:2:3: "schema" must be descope-lint/1'],
    [{ tasks: {} }, 'lint.json:1:1: the key "schema" is missing'],
    [{ schema: "descope-lint/1", rules: 5 }, 'lint.json:3:3: "rules" must be an object'],
    [{ schema: "descope-lint/1", allow: {} }, 'lint.json:3:3: "allow" must be a list'],
    [{ schema: "descope-lint/1", ruels: {} }, 'lint.json:3:3: the key "ruels" is not known'],
    [
      { schema: "descope-lint/1", rules: { "dead-ends": "off" } },
      'lint.json:4:5: there is no rule "dead-ends"; did you mean "dead-end"?',
    ],
    [
      { schema: "descope-lint/1", rules: { "dead-end": "loud" } },
      'lint.json:4:5: "rules.dead-end" must be error, warning, note or off',
    ],
    [
      { schema: "descope-lint/1", allow: [{ rule: "dead-end", at: "flow/x" }] },
      'an allowance needs its reason: "why"',
    ],
    [
      { schema: "descope-lint/1", allow: [{ rule: "dead-end", at: "flow/x", why: " " }] },
      'an allowance needs its reason: "why"',
    ],
  ];
  for (const [content, message] of table) expect(() => settings(content)).toThrow(message);
  expect(() => settings({ schema: "descope-lint/1" }, "staging")).toThrow(
    'there is no environment "staging"',
  );
});

describe("fingerprints", () => {
  const prints = (all: Found[]) =>
    lintReport(all, RECOMMENDED, TODAY).findings.map(({ fingerprint }) => fingerprint);

  test("stay when the file is sorted anew, and differ for what differs", () => {
    const moved = parseFile("elsewhere.json", '{"tasks":{"2":{},"1":{"x":1}}}');
    expect(prints([found({ file: moved })])).toEqual(prints([found()]));
    const all = prints([
      found(),
      found({ key: "a" }),
      found({ address: "flow/b" }),
      found({ rule: WEAK }),
      found(),
    ]);
    expect(new Set(all).size).toBe(5);
  });
});

describe("formats", () => {
  const hostile = "a%b\n::error::x, y: z\u001b[31m<b>";
  const report = lintReport(
    [found(), found({ rule: WEAK, message: hostile, address: `flow/${hostile}` })],
    RECOMMENDED,
    TODAY,
  );

  test("text", () => {
    expect(lintLines(report).map(plainLine).slice(0, 3)).toEqual([
      "flows/a b/contents.json:3:11  error dead-end",
      "    Nothing follows",
      "    fix: Wire it.",
    ]);
    expect(plainLine(lintLines(report).at(-1) ?? "")).toBe("1 error, 1 warning");
    expect(lintLines(lintReport([], RECOMMENDED, TODAY)).map(plainLine)).toEqual(["No findings"]);
  });

  test("JSON", () => {
    expect(lintDocument(report, false)).toMatchObject({ ok: true });
    expect(lintDocument(report, true)).toMatchObject({
      schema: "descope-lint/1",
      ok: false,
      reason: "findings",
      summary: { error: 1, warning: 1, note: 0 },
      findings: [
        {
          rule: "dead-end",
          level: "error",
          file: "flows/a b/contents.json",
          line: 3,
          column: 11,
          pointer: "/tasks/1/x",
        },
        { rule: "weak-thing" },
      ],
    });
  });

  test("annotations keep to their line and their command", () => {
    const lines = lintAnnotations(report).trimEnd().split("\n");
    expect(lines).toEqual([
      "::error file=flows/a b/contents.json,line=3,col=11,title=dead-end::Nothing follows%0AWire it.",
      "::warning file=flows/a b/contents.json,line=3,col=11,title=weak-thing::a%25b\\u000a::error::x, y: z\\u001b[31m<b>%0AWire it.",
    ]);
  });

  /** What code scanning reads. */
  interface Sarif {
    readonly version: string;
    readonly runs: readonly [
      {
        readonly tool: {
          readonly driver: { readonly rules: readonly { id: string; properties: unknown }[] };
        };
        readonly results: readonly unknown[];
      },
    ];
  }

  test("SARIF has what code scanning needs", () => {
    const sarif = JSON.parse(lintSarif(report, [...RULES, DEAD], "1.2.3")) as Sarif;
    const [run] = sarif.runs;
    expect(sarif.version).toBe("2.1.0");
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual([
      "dead-end",
      "expired-allowance",
      "unused-allowance",
      "weak-thing",
    ]);
    expect(run.tool.driver.rules[3]?.properties).toEqual({ tags: ["security"], "security-severity": "5.0" });
    expect(run.results[0]).toMatchObject({
      ruleId: "dead-end",
      ruleIndex: 0,
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "flows/a%20b/contents.json" },
            region: { startLine: 3, startColumn: 11 },
          },
        },
      ],
      partialFingerprints: { "descopeFinding/v1": report.findings[0]?.fingerprint },
    });
    expect(JSON.stringify(sarif)).not.toContain("\u001b");
  });

  test("any text gives one annotation each", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const one = lintReport([found({ message: text, fix: text, key: text })], RECOMMENDED, TODAY);
        expect(lintAnnotations(one).match(/^::error [^\n\r]*\n$/)).not.toBeNull();
        JSON.parse(lintSarif(one, RULES, "1"));
      }),
      { seed: 9, numRuns: 200 },
    );
  });
});
