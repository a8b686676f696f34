import { pointer } from "../json/locate.ts";
import { positionIn } from "../json/source.ts";
import { byCodePoint } from "../json/print.ts";
import { LEVELS, type Finding, type Found, type Level, type Rule } from "./finding.ts";
import type { Allowance, LintSettings } from "./settings.ts";

/** What a lint found, after levels, allowances and the baseline. */
export interface LintReport {
  /** Most serious first, then by file and line. */
  readonly findings: readonly Finding[];
  /** How many were accepted by an allowance. */
  readonly allowed: number;
  /** How many stand in the baseline. */
  readonly known: number;
  /** Fingerprints of the baseline that nothing was found for any more. */
  readonly gone: readonly string[];
}

const UNUSED_ALLOWANCE: Rule = {
  code: "unused-allowance",
  level: "warning",
  summary: "An allowance in the rules file accepts nothing any more",
  help: "An allowance that is not needed would hide the next finding at its place. Take it out.",
};

const EXPIRED_ALLOWANCE: Rule = {
  code: "expired-allowance",
  level: "warning",
  summary: "An allowance in the rules file has expired",
  help: "What it accepted is reported again. Mend that, or decide on another day.",
};

/** The rules about the rules file itself. */
export const ALLOWANCE_RULES: readonly Rule[] = [UNUSED_ALLOWANCE, EXPIRED_ALLOWANCE];

/** What a run looked at, where that was not the whole of a project. */
export interface Scope {
  /** The entity: `flow/sign-in`. */
  readonly entity: string;
  /** Codes of the rules that were applied. */
  readonly codes: ReadonlySet<string>;
}

export interface ReportOptions {
  /** Findings that were there when the lint was introduced: addresses by fingerprints. */
  readonly baseline?: ReadonlyMap<string, string>;
  /** Of allowances and of the baseline, only what belongs to it can be found to be of no use any more. */
  readonly scope?: Scope;
}

/**
 * Decides what of all that rules found is reported.
 *
 * @param today the day on which allowances are judged: "2026-11-25"
 */
export function lintReport(
  found: readonly Found[],
  settings: LintSettings,
  today: string,
  { baseline = new Map(), scope }: ReportOptions = {},
): LintReport {
  const used = new Set<Allowance>();
  const expired = new Set<Allowance>();
  let allowed = 0;
  const kept: Found[] = [];
  for (const one of found) {
    const matching = settings.allow.filter(
      (allowance) => allowance.rule === one.rule.code && covers(allowance.at, one.address),
    );
    const valid = matching.filter(({ until }) => until === undefined || until >= today);
    for (const allowance of matching) (valid.includes(allowance) ? used : expired).add(allowance);
    if (valid.length > 0) allowed++;
    else kept.push(one);
  }
  kept.push(...aboutAllowances(settings, used, expired, scope));
  const seen = new Map<string, number>();
  const findings: Finding[] = [];
  const fingerprints = new Set<string>();
  let known = 0;
  for (const one of kept) {
    const level = levelOf(one, settings);
    const identity = JSON.stringify([one.rule.code, one.address, one.key ?? ""]);
    const count = seen.get(identity) ?? 0;
    seen.set(identity, count + 1);
    if (level === "off") continue;
    const fingerprint = hash(count === 0 ? identity : `${identity} ${count}`);
    fingerprints.add(fingerprint);
    if (baseline.has(fingerprint)) known++;
    else findings.push(finding(one, level, fingerprint));
  }
  const gone = [...baseline]
    .filter(([, address]) => scope === undefined || entityOf(address) === scope.entity)
    .map(([fingerprint]) => fingerprint)
    .filter((fingerprint) => !fingerprints.has(fingerprint));
  return { findings: findings.sort(bySeriousness), allowed, known, gone };
}

/** True where anything was found at `level` or above it. */
export function fails({ findings }: LintReport, level: Level): boolean {
  return findings.some((finding) => LEVELS.indexOf(finding.level) <= LEVELS.indexOf(level));
}

function levelOf({ rule, level }: Found, { levels }: LintSettings): Level | "off" {
  return levels.get(rule.code) ?? level ?? rule.level;
}

/**
 * True where an allowance's place is the address or stands above it. `*` stands for one part, or, at the end of an entity's name, for
 * any name.
 */
export function covers(at: string, address: string): boolean {
  const [wanted, place] = [at.split("#"), address.split("#")];
  const [entity, inside] = [wanted[0] ?? "", wanted[1]];
  if (!matches(entity.split("/"), (place[0] ?? "").split("/"), true)) return false;
  return inside === undefined || matches(inside.split("/"), (place[1] ?? "").split("/"), false);
}

function matches(pattern: readonly string[], parts: readonly string[], whole: boolean): boolean {
  if (parts.length < pattern.length || (whole && parts.length !== pattern.length)) return false;
  return pattern.every((one, i) => one === "*" || one === parts[i]);
}

/** The entity of an address: `flow/sign-in` of `flow/sign-in#/tasks/1`. */
export function entityOf(address: string): string {
  return address.split("#")[0] ?? "";
}

function aboutAllowances(
  settings: LintSettings,
  used: ReadonlySet<Allowance>,
  expired: ReadonlySet<Allowance>,
  scope: Scope | undefined,
): Found[] {
  const { file } = settings;
  if (file === undefined) return [];
  return settings.allow.flatMap((allowance) => {
    if (used.has(allowance)) return [];
    const { rule, at, until, path } = allowance;
    const isExpired = expired.has(allowance);
    const isOfScope = scope === undefined || (scope.codes.has(rule) && entityOf(at) === scope.entity);
    if (!isExpired && !isOfScope) return [];
    return [
      {
        rule: isExpired ? EXPIRED_ALLOWANCE : UNUSED_ALLOWANCE,
        address: `rules#/${rule}`,
        key: at,
        message: isExpired
          ? `The allowance of ${rule} at ${at} held until ${until}`
          : `The allowance of ${rule} at ${at} accepts nothing`,
        fix: isExpired ? "Mend what it accepted, or set another day." : "Take it out of the rules file.",
        file,
        path,
      },
    ];
  });
}

function finding(one: Found, level: Level, fingerprint: string): Finding {
  const position = positionIn(one.file, one.path);
  return {
    code: one.rule.code,
    level,
    address: one.address,
    message: one.message,
    fix: one.fix,
    fingerprint,
    place: { file: one.file.path, pointer: pointer(one.path), ...position },
  };
}

function hash(identity: string): string {
  return new Bun.CryptoHasher("sha256").update(identity).digest("hex").slice(0, 32);
}

function bySeriousness(a: Finding, b: Finding): number {
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    byCodePoint(a.place.file, b.place.file) ||
    (a.place.line ?? 0) - (b.place.line ?? 0) ||
    (a.place.column ?? 0) - (b.place.column ?? 0) ||
    byCodePoint(a.code, b.code) ||
    byCodePoint(a.fingerprint, b.fingerprint)
  );
}
