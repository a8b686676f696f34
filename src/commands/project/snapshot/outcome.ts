import type { Report } from "../../../command/result.ts";
import type { Json, JsonObject } from "../../../json/value.ts";
import { marked, type Line } from "../../../output/line.ts";
import type { Outcome, Refusal } from "../../../snapshot/apply/apply.ts";
import type { Plan } from "../../../snapshot/plan/plan.ts";
import { quoted } from "../../../snapshot/render/plan-view.ts";
import { listItem } from "./planning.ts";

/** A plan that was not applied: nothing was written. */
export function refusalReport(reason: string, refusals: readonly Refusal[], plan?: Plan): Report {
  const document: JsonObject = {
    ok: false,
    reason,
    applied: 0,
    refusals: refusals.map(({ address, field, text }): Json => ({
      address,
      ...(field === undefined ? {} : { field }),
      text,
    })),
    ...(plan === undefined ? {} : { fingerprint: plan.fingerprint }),
  };
  const body: Line[] = [
    [marked("error", `Refused (${reason})`), ": nothing was written"],
    ...refusals.map(
      ({ address, field, text }) => `  ${address}${field === undefined ? "" : `#${field}`}: ${text}`,
    ),
  ];
  return { kind: "report", answer: "no", document, body };
}

/** What became of a plan that was applied, or had nothing to do. */
export function outcomeReport(plan: Plan, outcome: Exclude<Outcome, { kind: "refused" }>): Report {
  if (outcome.kind === "nothing") {
    return {
      kind: "report",
      answer: "yes",
      document: {
        ok: true,
        reason: "nothing_to_do",
        applied: 0,
        notes: [...outcome.notes],
        fingerprint: plan.fingerprint,
      },
      body: [
        ...outcome.notes.map((one) => `* ${one}`),
        "Nothing to do: the project is what the plan leads to.",
      ],
    };
  }
  if (outcome.kind === "unseen") return unseenReport(plan, outcome);
  const { verified, backup, notes, failure } = outcome;
  const reason = failure !== undefined ? "import_failed" : verified.ok ? "applied" : "apply_unverified";
  const rollback = rollbackLine(
    plan,
    backup,
    failure === undefined,
    verified.neighbours.map(({ address }) => address),
  );
  const isGood = failure === undefined && verified.ok;
  const document: JsonObject = {
    ok: isGood,
    reason,
    fingerprint: plan.fingerprint,
    applied: verified.applied,
    notApplied: verified.notApplied,
    rewritten: verified.rewritten,
    entities: verified.entities as unknown as Json,
    neighbours: verified.neighbours as unknown as Json,
    notes: [...notes],
    backup,
    rollback,
    ...(failure === undefined ? {} : { error: failure.message, code: failure.details.code }),
  };
  const body: Line[] = [];
  for (const note of notes) body.push([marked("notice", "*"), ` ${note}`]);
  for (const { address, state, fields } of verified.entities) {
    if (state === "applied") body.push([marked("added", "applied"), `      ${address}`]);
    else if (state === "rewritten") body.push([marked("changed", "rewritten"), `    ${address}`]);
    else body.push([marked("error", "not applied"), `  ${address}`]);
    for (const { path, state: what, planned, now } of fields.slice(0, 20)) {
      const words = what === "not_applied" ? "is still" : "was made";
      body.push(`    ${path}: planned ${short(planned)}, ${words} ${short(now)}`);
    }
    if (fields.length > 20) body.push(`    and ${fields.length - 20} more`);
  }
  for (const { address, text } of verified.neighbours)
    body.push([marked("error", "neighbour"), `    ${address}: ${text}, though the plan does not touch it`]);
  if (failure !== undefined) body.push([marked("error", "The import failed"), `: ${failure.message}`]);
  body.push([
    marked(
      isGood ? "added" : "error",
      isGood ? "Applied" : failure === undefined ? "Not verified" : "Failed",
    ),
    `: ${verified.applied} applied, ${verified.notApplied} not applied, ${verified.rewritten} rewritten by the server, ${verified.neighbours.length} neighbours changed`,
    `. Backup: ${backup}`,
  ]);
  if (failure !== undefined) body.push(AGAIN);
  body.push(isGood ? [marked("quiet", `To roll back: ${rollback}`)] : `To roll back: ${rollback}`);
  return { kind: "report", answer: isGood ? "yes" : "failed", document, body };
}

const AGAIN = "Run the same command again: it goes on from here.";

/** An import whose outcome nobody could look at. */
function unseenReport(plan: Plan, outcome: Extract<Outcome, { kind: "unseen" }>): Report {
  const { backup, notes, failure, blindness } = outcome;
  const rollback = rollbackLine(plan, backup, false, []);
  const count = plan.changes.length;
  const document: JsonObject = {
    ok: false,
    reason: failure === undefined ? "apply_unverified" : "import_failed",
    fingerprint: plan.fingerprint,
    unknown: count,
    notes: [...notes],
    backup,
    rollback,
    error: failure?.message ?? blindness.message,
    code: (failure ?? blindness).details.code,
    ...(failure === undefined ? {} : { exportError: blindness.message }),
  };
  const body: Line[] = [
    ...notes.map((note): Line => [marked("notice", "*"), ` ${note}`]),
    ...(failure === undefined ? [] : [[marked("error", "The import failed"), `: ${failure.message}`]]),
    [marked("error", "The project could not be exported again"), `: ${blindness.message}`],
    [
      marked("error", failure === undefined ? "Not verified" : "Failed"),
      `: ${count} ${count === 1 ? "change was" : "changes were"} sent, and it is not known which of them arrived`,
      `. Backup: ${backup}`,
    ],
    AGAIN,
    `To roll back: ${rollback}`,
  ];
  return { kind: "report", answer: "failed", document, body };
}

/** The command that plans the way back. `hasReceipt`: whether the receipt knows what was applied. */
function rollbackLine(plan: Plan, backup: string, hasReceipt: boolean, moved: readonly string[]): string {
  const touched = plan.changes.flatMap(({ address, previousAddress }) => [
    address,
    ...(previousAddress === null ? [] : [previousAddress]),
  ]);
  const only = [...touched, ...moved].map(listItem).join(",");
  // Against the receipt, what was created can be deleted again. Where there is none, what the target has is all that is known.
  const base = hasReceipt ? "" : " --base none";
  const prune = hasReceipt && plan.changes.some(({ action }) => action === "create") ? " --prune" : "";
  return `descope project snapshot plan ${plan.target.project} --path ${quoted(backup)}${base}${prune} --only ${quoted(only)}`;
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= 120 ? text : `${text.slice(0, 100)}…`;
}
