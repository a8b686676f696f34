import * as v from "valibot";
import { fileFailure } from "../failure.ts";
import type { Path } from "../json/locate.ts";
import { positionIn, type JsonFile } from "../json/source.ts";
import { LEVELS, type Level, type Rule } from "./finding.ts";

/** Numbers that rules measure against. */
export interface Limits {
  /** Longest life of a session token, in minutes. */
  readonly sessionMinutes: number;
  /** Longest life of a refresh token, in days. */
  readonly refreshDays: number;
  /** Longest life of a code or link, in minutes. */
  readonly codeMinutes: number;
  /** Shortest password that is long enough without a check of its strength. */
  readonly passwordLength: number;
  /** Most steps between two screens. */
  readonly stepsWithoutScreen: number;
}

export const DEFAULT_LIMITS: Limits = {
  sessionMinutes: 60,
  refreshDays: 90,
  codeMinutes: 10,
  passwordLength: 8,
  stepsWithoutScreen: 100,
};

/** A finding that is accepted, with its reason. */
export interface Allowance {
  readonly rule: string;
  /** An address, or one with all below it; `*` stands for any part. */
  readonly at: string;
  readonly why: string;
  /** The last day on which it holds: "2027-01-31". */
  readonly until?: string | undefined;
  /** Where it stands in the rules file. */
  readonly path: Path;
}

/** How rules are applied in one run. */
export interface LintSettings {
  readonly levels: ReadonlyMap<string, Level | "off">;
  readonly limits: Limits;
  readonly allow: readonly Allowance[];
  /** The rules file, for what is said about it. */
  readonly file?: JsonFile;
}

export const RECOMMENDED: LintSettings = { levels: new Map(), limits: DEFAULT_LIMITS, allow: [] };

const LevelSchema = v.picklist([...LEVELS, "off"]);
const AllowSchema = v.strictObject({
  rule: v.string(),
  at: v.pipe(v.string(), v.nonEmpty()),
  why: v.pipe(v.string(), v.trim(), v.nonEmpty()),
  until: v.optional(v.pipe(v.string(), v.isoDate())),
});
const Number_ = v.pipe(v.number(), v.minValue(0));
const part = {
  rules: v.optional(v.record(v.string(), LevelSchema), {}),
  limits: v.optional(
    v.strictObject({
      sessionMinutes: v.optional(Number_),
      refreshDays: v.optional(Number_),
      codeMinutes: v.optional(Number_),
      passwordLength: v.optional(Number_),
      stepsWithoutScreen: v.optional(Number_),
    }),
    {},
  ),
  allow: v.optional(v.array(AllowSchema), []),
};
const FileSchema = v.strictObject({
  schema: v.literal("descope-lint/1"),
  extends: v.optional(v.literal("recommended")),
  ...part,
  environments: v.optional(v.record(v.string(), v.strictObject(part)), {}),
});

/**
 * Reads a rules file (`descope-lint/1`); what stands under `environments.<name>` is put over the rest.
 *
 * @param environment the environment that is looked at; undefined for none
 * @throws {Failure} "file" naming file, line and column of an unknown key or rule, a wrong level, an allowance without a reason.
 */
export function readLintSettings(
  file: JsonFile,
  environment: string | undefined,
  rules: readonly Rule[],
): LintSettings {
  const checked = v.safeParse(FileSchema, file.content);
  if (!checked.success) {
    const [issue] = checked.issues;
    const path = (issue.path ?? []).map(({ key }) => key as string | number);
    throw refuse(file, path, describe(issue, path));
  }
  const { output } = checked;
  const own = environment === undefined ? undefined : output.environments[environment];
  if (environment !== undefined && !Object.hasOwn(output.environments, environment)) {
    const known = Object.keys(output.environments).join(", ");
    throw refuse(
      file,
      ["environments"],
      `there is no environment "${environment}" in it (there is ${known || "none"})`,
    );
  }
  const known = new Set(rules.map(({ code }) => code));
  const check = (code: string, path: Path) => {
    if (known.has(code)) return;
    const near = [...known].find(
      (other) => other.includes(code) || code.includes(other) || isNear(other, code),
    );
    throw refuse(
      file,
      path,
      `there is no rule "${code}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
    );
  };
  const layers: [typeof own, Path][] = [
    [output, []],
    [own, ["environments", environment ?? ""]],
  ];
  const levels = new Map<string, Level | "off">();
  const allow: Allowance[] = [];
  let limits: Limits = DEFAULT_LIMITS;
  for (const [layer, at] of layers) {
    if (layer === undefined) continue;
    for (const [code, level] of Object.entries(layer.rules)) {
      check(code, [...at, "rules", code]);
      levels.set(code, level);
    }
    for (const [i, one] of layer.allow.entries()) {
      check(one.rule, [...at, "allow", i, "rule"]);
      allow.push({ ...one, path: [...at, "allow", i] });
    }
    const given = Object.entries(layer.limits).filter(([, limit]) => limit !== undefined);
    limits = { ...limits, ...Object.fromEntries(given) };
  }
  return { levels, limits, allow, file };
}

function refuse(file: JsonFile, path: Path, what: string): Error {
  const position = positionIn(file, path);
  const where = position === undefined ? file.path : `${file.path}:${position.line}:${position.column}`;
  return fileFailure(`${where}: ${what}`, "A rules file is described in docs/lint.md.");
}

function describe(issue: { readonly type: string; readonly expected: string | null }, path: Path): string {
  const name = path.join(".");
  if (issue.type === "strict_object" && issue.expected === "never")
    return `the key "${path.at(-1)}" is not known`;
  if (path.at(-1) === "why") return 'an allowance needs its reason: "why"';
  if (issue.type === "strict_object" && issue.expected?.startsWith('"'))
    return `the key ${issue.expected} is missing`;
  if (issue.expected !== null)
    return `${name === "" ? "it" : `"${name}"`} must be ${expectedWords(issue.expected)}`;
  return `"${name}" is not valid`;
}

const KINDS: Readonly<Record<string, string | undefined>> = {
  Object: "an object",
  Array: "a list",
  string: "a text",
  number: "a number",
};

/** What a check wanted, in words: "error, warning or off" of `("error" | "warning" | "off")`. */
function expectedWords(expected: string): string {
  const choices = expected
    .replace(/^\((.*)\)$/, "$1")
    .split(" | ")
    .map((choice) => KINDS[choice] ?? choice.replaceAll('"', ""));
  const last = choices.pop() ?? "";
  return choices.length === 0 ? last : `${choices.join(", ")} or ${last}`;
}

function isNear(a: string, b: string): boolean {
  const parts = new Set(a.split("-"));
  return b.split("-").some((part) => part.length > 3 && parts.has(part));
}
