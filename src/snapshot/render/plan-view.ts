import { counted } from "../../counted.ts";
import { kindOf } from "../model/address.ts";
import type { Plan, Risk } from "../plan/plan.ts";
import { entityView, words, type EntityView } from "./view.ts";

/** A plan as it is shown in any format. */
export interface PlanView {
  /** `staging -> Acme (P2…, production)` */
  readonly title: string;
  readonly context: string;
  readonly risks: readonly (Risk & { readonly address: string })[];
  readonly blocked: readonly { readonly code: string; readonly address: string; readonly text: string }[];
  readonly entities: readonly EntityView[];
  readonly leftAlone: readonly string[];
  readonly noise: readonly string[];
  readonly warnings: readonly string[];
  /** `1 create, 2 change, 0 delete, …` */
  readonly summary: string;
  readonly fingerprint: string;
  /** What to do next. */
  readonly next: string;
}

const LEVELS = ["high", "medium", "note"];

export function planView(plan: Plan): PlanView {
  const { target, source, base, summary } = plan;
  const name = target.name === undefined ? target.project : `${target.name} (${targetWords(plan)})`;
  const baseWords =
    base.kind === "none"
      ? "no base"
      : `base ${base.kind}${base.fingerprint === undefined ? "" : ` ${short(base.fingerprint)}`}${base.label === undefined ? "" : ` ${base.label}`}`;
  const secrets = plan.secrets;
  return {
    title: `${source.path} -> ${name}`,
    context: [
      source.overlay === undefined ? "no overlay" : `overlay ${source.overlay}`,
      `mode ${plan.mode}`,
      baseWords,
    ].join(", "),
    risks: plan.changes
      .flatMap(({ address, risk }) => risk.map((one) => ({ ...one, address })))
      .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)),
    blocked: plan.blocked.map((one) => ({
      ...one,
      text: one.code === "conflict" ? conflictWords(plan, one.address, one.text) : one.text,
    })),
    entities: plan.changes.map((change) =>
      entityView(
        { ...change, content: change.after?.content ?? null },
        secrets.filter(({ address, write }) => address === change.address && write !== "keep"),
        source.overlay,
      ),
    ),
    leftAlone: leftAlone(plan),
    noise: Object.entries(plan.noise).map(([kind, count]) => `${count} ${kind}`),
    warnings: [
      ...(base.kind === "none"
        ? ["Without a base (a receipt, or --base git:REF:FOLDER), drift cannot be told from change."]
        : []),
      ...(plan.changes.some(({ address, action }) => kindOf(address) === "flow" && action !== "create")
        ? ["Sign-ins that run through a changed flow at the moment of the import may have to start again."]
        : []),
      ...plan.warnings,
    ],
    summary: [
      `${summary.create} create`,
      `${summary.update + summary.rename} change`,
      `${summary.delete} delete`,
      ...(summary.conflict > 0 ? [counted(summary.conflict, "conflict")] : []),
      ...(summary.secrets > 0 ? [`${counted(summary.secrets, "secret")} written`] : []),
      `${counted(summary.noiseHidden, "noise field")} hidden`,
    ].join(", "),
    fingerprint: plan.fingerprint,
    next: nextStep(plan),
  };
}

function targetWords({ target }: Plan): string {
  return [
    target.project,
    ...(target.environment === undefined || target.environment === "" ? [] : [target.environment]),
  ].join(", ");
}

/** A fingerprint for people; `--expect` takes this form too. */
export function short(fingerprint: string): string {
  return fingerprint.slice(0, "dp1-".length + 12);
}

function conflictWords(plan: Plan, at: string, fallback: string): string {
  const found = plan.conflicts.find((one) => one.at === at);
  if (found === undefined || !at.includes("#")) return fallback;
  const last = found.last === undefined ? "" : `last ${words(found.last)}, `;
  return `${last}ours ${words(found.ours)}, theirs ${words(found.theirs)}`;
}

function leftAlone(plan: Plan): string[] {
  const lines: string[] = [];
  const listed = (items: readonly string[]) =>
    items.length <= 12 ? items.join(", ") : `${items.slice(0, 12).join(", ")} and ${items.length - 12} more`;
  const parts: string[] = [];
  if (plan.drift.length > 0)
    parts.push(`${plan.drift.length} drifted (${listed(plan.drift.map(({ address }) => address))})`);
  if (plan.kept.length > 0)
    parts.push(
      `${new Set(plan.kept.map(({ address }) => address)).size} kept (${listed([...new Set(plan.kept.map(({ address }) => address))])})`,
    );
  if (plan.unmanaged.length > 0) parts.push(`${plan.unmanaged.length} unmanaged (${listed(plan.unmanaged)})`);
  parts.push(`${plan.summary.same} same`);
  lines.push(`Left alone: ${parts.join(", ")}`);
  for (const { address, fields, why } of [...plan.drift, ...plan.kept]) {
    lines.push(
      `  ${address}: ${why}${fields.length === 0 ? "" : ` (${listed(fields.map((field) => field.slice(1)))})`}`,
    );
  }
  return lines;
}

function nextStep(plan: Plan): string {
  const first = plan.blocked[0];
  if (first?.code === "conflict")
    return `plan again with --resolve ${quoted(`${first.address}=theirs`)}, or =ours`;
  if (first?.code === "protected")
    return `plan again with --unprotect ${quoted(first.address)} when it is meant`;
  if (first !== undefined) return "mend what blocks it, then plan again";
  if (plan.changes.length === 0) return "nothing to do";
  return applyCommand(plan);
}

/** The command line that applies a plan. */
export function applyCommand(plan: Plan): string {
  const flags = (plan.source.flags ?? []).map((word) => ` ${quoted(word)}`).join("");
  const prune = plan.mode === "sync" ? ` --prune --allow-delete ${plan.summary.delete}` : "";
  return `descope project snapshot apply ${plan.target.project} --path ${quoted(plan.source.path)}${flags}${prune} --expect ${short(plan.fingerprint)}`;
}

/** A word of a command line that can be copied into a shell. */
export function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
