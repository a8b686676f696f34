import { Failure } from "../../failure.ts";
import { byCodePoint } from "../../json/print.ts";
import type { Json } from "../../json/value.ts";
import type { Address } from "../model/address.ts";
import { compare } from "../model/compare.ts";
import { Meanings } from "../model/meanings.ts";
import { sameJson } from "../../json/equal.ts";
import { writePointer } from "../model/pointer.ts";
import { readSnapshot, type Snapshot } from "../model/read.ts";
import { ignoredPlaces } from "../plan/check.ts";
import { compose } from "../plan/compose.ts";
import { shownValue } from "../plan/field.ts";
import { stateOf } from "../plan/ledger.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { secretLabel } from "../plan/secrets.ts";
import type { SnapshotContent } from "../content.ts";
import type { Receipt } from "../receipt.ts";
import { readTarget, type InputSecrets, type TargetProject, type Verdict } from "../target.ts";
import { meaningAfter } from "./after-meaning.ts";
import { receiptAfter } from "./receipt-after.ts";
import { inputSecrets, type SecretValue } from "./secret-values.ts";
import { verify, type Verified } from "./verify.ts";

/** What an apply is doing; named when it is interrupted. */
export type Phase =
  | "checking"
  | "exporting"
  | "comparing"
  | "validating"
  | "backing up"
  | "importing"
  | "exporting again"
  | "verifying"
  | "writing the receipt";

/** An import that was begun and of which nobody saw yet what became of it. */
export interface Pending {
  readonly fingerprint: string;
  readonly backup: string;
  /** What the target held before. */
  readonly before: SnapshotContent;
}

/** What an apply reaches of the world. */
export interface ApplyPorts {
  readonly target: TargetProject;
  readonly receipt: Receipt | undefined;
  readonly pending: Pending | undefined;
  /** Whether untouched entities that moved since the plan stop it. */
  readonly strict: boolean;
  readonly tool: string;
  /** ISO 8601. */
  now(): string;
  phase(phase: Phase): void;
  /** The value of a secret by its source and label; undefined where there is none. */
  secret(source: string, label: string): string | undefined;
  /** Keeps what the target held, and gives back where. */
  saveBackup(content: SnapshotContent): Promise<string>;
  /** Keeps the plan until it is known what became of it. */
  savePending(plan: Plan, backup: string): void;
  saveReceipt(receipt: Receipt): void;
  forgetPending(): void;
}

/** Why a plan was not applied. */
export interface Refusal {
  readonly address: Address;
  /** The place in it; absent for the whole. */
  readonly field?: string;
  readonly text: string;
}

export type Outcome =
  | { readonly kind: "refused"; readonly reason: string; readonly refusals: readonly Refusal[] }
  | { readonly kind: "nothing"; readonly notes: readonly string[] }
  | {
      readonly kind: "done";
      readonly verified: Verified;
      readonly backup: string;
      readonly notes: readonly string[];
      /** The import's own error, where it failed. */
      readonly failure: Failure | undefined;
    }
  | {
      /** Something was sent, and nobody could look at what became of it. */
      readonly kind: "unseen";
      readonly backup: string;
      readonly notes: readonly string[];
      /** The import's own error, where it failed. */
      readonly failure: Failure | undefined;
      /** Why the target could not be exported again. */
      readonly blindness: Failure;
    };

/**
 * Carries a plan out: checks that the target is still what the plan saw, composes what is sent on a fresh export, imports it, exports
 * again and says of every entity what became of it. Run again after it was killed at any point, it reaches the same end.
 */
export async function applyPlan(plan: Plan, ports: ApplyPorts): Promise<Outcome> {
  const { target, phase } = ports;
  phase("checking");
  const blocked = plan.blocked[0];
  if (blocked !== undefined) {
    return refused(
      blocked.code.replaceAll("-", "_"),
      plan.blocked.map(({ address, text }) => ({ address, text })),
    );
  }
  if (plan.changes.length === 0) return { kind: "nothing", notes: [] };
  const values = secretValues(plan, ports);
  if (!Array.isArray(values)) return values;

  phase("exporting");
  const live = readTarget(await target.export());
  phase("comparing");
  const meanings = new Meanings(ignoredPlaces(plan));
  const resumes = ports.pending?.fingerprint === plan.fingerprint ? ports.pending : undefined;
  const rotates = values.filter(({ intent }) => isUnwritten(intent, ports.receipt));
  const rotating = new Set(rotates.map(({ intent }) => intent.address));
  const found = standing(plan, live, meanings, resumes !== undefined, rotating);
  if (found.stale.length > 0) return refused("plan_stale", found.stale);
  const notes = [...found.notes];
  const moved = movedBeside(plan, live, meanings, found.done);
  if (moved.length > 0 && ports.strict) {
    return refused(
      "target_moved",
      moved.map(({ address, how }) => ({
        address,
        text: `${how} since the plan was made, though the plan does not touch it`,
      })),
    );
  }
  notes.push(
    ...moved.map(
      ({ address, how }) =>
        `${address} ${how} since the plan was made${how === "is gone" ? "" : "; it is sent back as it is now"}`,
    ),
  );
  const needsImport = found.pending.length > 0 || rotates.length > 0;
  if (!needsImport && resumes === undefined) return { kind: "nothing", notes };

  let failure: Failure | undefined;
  const before = resumes === undefined ? live : readSnapshot(resumes.before);
  let backup = resumes?.backup ?? "";
  if (needsImport) {
    const files = compose(live, found.pending);
    let secrets = inputSecrets(values, readSnapshot(files));
    phase("validating");
    let verdict = await target.validate(files, secrets);
    const respelled = respell(secrets, verdict);
    if (respelled !== undefined) verdict = await target.validate(files, (secrets = respelled));
    if (!verdict.ok) return refused("validation_failed", refusalsOf(verdict));
    phase("backing up");
    if (resumes === undefined) backup = await ports.saveBackup(live.content);
    ports.savePending(plan, backup);
    phase("importing");
    try {
      await target.import(files, secrets);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error;
    }
  }

  phase("exporting again");
  let after: Snapshot;
  try {
    after = readSnapshot(await target.export(live.content));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: "unseen", backup, notes, failure, blindness: error };
  }
  phase("verifying");
  const verified = verify(plan, before, after, meanings);
  if (failure !== undefined && isSettled(failure, verified, values)) {
    notes.push(
      `the answer to the import did not arrive (${failure.message}); the project holds all of the plan all the same`,
    );
    failure = undefined;
  }
  if (failure !== undefined) return { kind: "done", verified, backup, notes, failure };
  phase("writing the receipt");
  ports.saveReceipt(
    receiptAfter({
      plan,
      after,
      meanings,
      verified,
      previous: ports.receipt,
      backup,
      tool: ports.tool,
      now: ports.now(),
    }),
  );
  ports.forgetPending();
  return { kind: "done", verified, backup, notes, failure };
}

/** True where the answer alone was lost, and what was sent is all there. Secrets cannot be seen, so that those are never known to be. */
function isSettled({ details }: Failure, verified: Verified, secrets: readonly SecretValue[]): boolean {
  const isLost =
    details.code === "network" || details.code === "timeout" || [502, 503, 504].includes(details.status ?? 0);
  return isLost && verified.ok && verified.rewritten === 0 && secrets.length === 0;
}

function refused(reason: string, refusals: readonly Refusal[]): Outcome & { kind: "refused" } {
  return { kind: "refused", reason, refusals };
}

/** The values of all secrets that are to be written, or which of them have none. */
function secretValues(plan: Plan, ports: ApplyPorts): SecretValue[] | (Outcome & { kind: "refused" }) {
  const values: SecretValue[] = [];
  const missing: Refusal[] = [];
  for (const intent of plan.secrets) {
    if (intent.write !== "create" && intent.write !== "rotate") continue;
    const label = secretLabel(intent.address, intent.at, intent.name);
    const value = ports.secret(intent.source ?? "", label);
    if (value === undefined || value === "")
      missing.push({
        address: intent.address,
        text: `the secret ${intent.name} has no value: ${intent.source ?? "it has no source"}`,
      });
    else values.push({ intent, value });
  }
  return missing.length > 0 ? refused("secret_missing", missing) : values;
}

function isUnwritten(intent: SecretValue["intent"], receipt: Receipt | undefined): boolean {
  if (intent.write !== "rotate") return false;
  const written = receipt?.secrets[secretLabel(intent.address, intent.at, intent.name)];
  return written === undefined || intent.version === null || intent.version > written;
}

interface Standing {
  /** Changes that are still to be made. */
  readonly pending: readonly Change[];
  /** Addresses of those that the target has already. */
  readonly done: ReadonlySet<Address>;
  readonly stale: readonly Refusal[];
  readonly notes: readonly string[];
}

/** Where the target stands, for all that the plan touches or refers to. */
function standing(
  plan: Plan,
  live: Snapshot,
  meanings: Meanings,
  resumes: boolean,
  rotating: ReadonlySet<Address>,
): Standing {
  const pending: Change[] = [];
  const done = new Set<Address>();
  const stale: Refusal[] = [];
  const notes: string[] = [];
  const hashOf = (address: Address) => {
    const entity = live.entities.get(address);
    return entity === undefined ? null : meanings.hash(entity, live);
  };
  for (const change of plan.changes) {
    const source = change.previousAddress ?? change.address;
    const now = hashOf(source);
    const then = change.previousAddress === null ? now : hashOf(change.address);
    if (isThere(change, now, then, rotating.has(change.address))) done.add(change.address);
    else if (now === change.before) pending.push(change);
    else {
      const fields = staleFields(change, live, meanings, now);
      if (fields.length === 0) pending.push(change);
      else if (!resumes) stale.push(...fields);
      else {
        done.add(change.address);
        notes.push(`${change.address} is neither as it was nor as it was sent: it is left as it is now`);
      }
    }
  }
  const touched = new Set(
    plan.changes.flatMap(({ address, previousAddress }) => [address, previousAddress ?? address]),
  );
  for (const [address, seen] of Object.entries(plan.observed)) {
    if (touched.has(address) || hashOf(address) === seen) continue;
    stale.push({
      address,
      text: "a change of the plan refers to it, and it changed since the plan was made",
    });
  }
  return { pending, done, stale, notes };
}

/** True when the target has what a change leads to. A secret that is to be written anew cannot be seen there. */
function isThere(change: Change, source: string | null, then: string | null, rotates: boolean): boolean {
  if (change.action === "delete") return source === null;
  if (change.action === "rename") return source === null && then === change.after?.hash;
  return then === change.after?.hash && !(rotates && then === change.before);
}

/** What moved in the target since the plan was made; nothing where each place is as it was or as the plan sets it: half of it is done. */
function staleFields(change: Change, live: Snapshot, meanings: Meanings, now: string | null): Refusal[] {
  const { address } = change;
  if (now === null) return [{ address, text: "it is gone from the target since the plan was made" }];
  if (change.before === null) return [{ address, text: "the target has it since the plan was made" }];
  const entity = live.entities.get(change.previousAddress ?? address);
  const planned = meaningAfter(change, meanings);
  if (entity === undefined || planned === undefined)
    return [{ address, text: "it changed in the target since the plan was made" }];
  const known = new Map(change.fields.map(({ path, old, new: next }) => [path, { old, next }]));
  const differing = compare(planned.meaning, meanings.of(entity, live).meaning).map(
    ({ pointer, old, new: value }) => ({
      pointer,
      old: shownValue(address, pointer, old),
      now: shownValue(address, pointer, value),
    }),
  );
  // What still is as it was before the plan is no news; where the plan says nothing of a place, its change is.
  const news = differing.filter(({ pointer, now: value }) => {
    const field = known.get(writePointer(pointer));
    return field === undefined || !sameJson(field.old, value);
  });
  return news.slice(0, 20).map(({ pointer, old, now: value }) => {
    const path = writePointer(pointer);
    const was = known.get(path);
    const words = (one: Json) => short(JSON.stringify(one));
    const before = was === undefined ? words(old) : words(was.old);
    return {
      address,
      field: path,
      text: `it was ${before} when the plan was made${was === undefined ? "" : `, the plan sets ${words(was.next)}`}, and is ${words(value)} now`,
    };
  });
}

function short(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 100)}…`;
}

/** Entities that the plan neither touches nor refers to and that moved since it was made; told only by plans that recorded the state. */
function movedBeside(
  plan: Plan,
  live: Snapshot,
  meanings: Meanings,
  done: ReadonlySet<Address>,
): { readonly address: Address; readonly how: "changed" | "appeared" | "is gone" }[] {
  if (plan.state === undefined) return [];
  const concerned = new Set([
    ...Object.keys(plan.observed),
    ...done,
    ...plan.changes.map(({ address }) => address),
  ]);
  const moved: ReturnType<typeof movedBeside> = [];
  for (const address of new Set([...Object.keys(plan.state), ...live.entities.keys()])) {
    if (concerned.has(address)) continue;
    const entity = live.entities.get(address);
    const now = entity === undefined ? undefined : stateOf(meanings.hash(entity, live));
    const then = plan.state[address];
    if (now === then) continue;
    moved.push({ address, how: now === undefined ? "is gone" : then === undefined ? "appeared" : "changed" });
  }
  return moved.sort((a, b) => byCodePoint(a.address, b.address));
}

/** The secrets with the server's own spelling of their types, where it misses one that was sent under another. */
function respell(secrets: InputSecrets, verdict: Verdict): InputSecrets | undefined {
  let changed = false;
  const spelled = Object.fromEntries(
    Object.entries(secrets).map(([list, all]) => [
      list,
      all.map((secret) => {
        const missing = verdict.missing.find(
          (one) =>
            one.list === list &&
            one.id === secret.id &&
            one.type !== secret.type &&
            one.type.toLowerCase() === secret.type.toLowerCase(),
        );
        if (missing === undefined) return secret;
        changed = true;
        return { ...secret, type: missing.type };
      }),
    ]),
  );
  return changed ? spelled : undefined;
}

function refusalsOf({ failures, missing }: Verdict): Refusal[] {
  const all = [
    ...failures.map((text) => ({ address: "project", text })),
    ...missing.map(({ name, id, type }) => ({
      address: `connector/${name === "" ? id : name}`,
      text: `the server misses the secret ${type}`,
    })),
  ];
  return all.length > 0
    ? all
    : [{ address: "project", text: "the server would not take the import, and gave no reason" }];
}
