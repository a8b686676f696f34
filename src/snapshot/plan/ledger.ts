import { byCodePoint, printJson } from "../../json/print.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { isFromOverlay } from "../environment/overlay.ts";
import { kindOf, writePlace, type Address } from "../model/address.ts";
import type { FieldChange } from "../model/compare.ts";
import { markerIn } from "../model/marker.ts";
import { Meanings, type hiddenBetween, type Meaning } from "../model/meanings.ts";
import { NORMALISER, type NoiseKind } from "../model/normalise.ts";
import { valueAt } from "../model/place.ts";
import { keySegment, type Pointer } from "../model/pointer.ts";
import type { Draft } from "./after.ts";
import { isMergeable, recordOf, shapeOf, type Recorded } from "./base.ts";
import { plannedField, shownValue } from "./field.ts";
import { checksumOf, fingerprintOf } from "./fingerprint.ts";
import type { FlowChange } from "./flow-change.ts";
import type { PlanInput } from "./input.ts";
import {
  PLAN_SCHEMA,
  type Blocked,
  type Change,
  type Conflict,
  type LeftAlone,
  type Plan,
  type PlannedField,
  type SecretIntent,
  type Wanted,
} from "./plan.ts";
import { risksOf } from "./risk.ts";
import { secretLabel } from "./secrets.ts";

/** All that is found out while a plan is made. */
export class Ledger {
  readonly changes: Change[] = [];
  readonly blocked: Blocked[] = [];
  readonly conflicts: Conflict[] = [];
  readonly drift: LeftAlone[] = [];
  readonly kept: LeftAlone[] = [];
  readonly unmanaged: Address[] = [];
  readonly same: Address[] = [];
  readonly secrets = new Map<string, SecretIntent>();
  readonly warnings: string[];
  readonly observed = new Map<Address, string | null>();
  readonly accepted = new Map<Address, Recorded>();
  private readonly input: PlanInput;
  private readonly meanings: Meanings;
  private readonly noise = new Map<NoiseKind, number>();
  private readonly noiseList: string[] = [];
  private readonly hidden = new Map<Address, number>();

  constructor(input: PlanInput, meanings: Meanings) {
    this.input = input;
    this.meanings = meanings;
    this.warnings = [...input.warnings];
  }

  /** Notes a change, with its risks and what it refers to. */
  change(told: {
    address: Address;
    action: Change["action"];
    class: Change["class"];
    before: Meaning | undefined;
    after: ReturnType<Draft["finish"]> | undefined;
    /** What the folder wants, where that is more than what is sent. */
    desired?: Meaning;
    fields: readonly FieldChange[];
    flow?: FlowChange | undefined;
  }): void {
    const { address, action, before, after } = told;
    if (after !== undefined) this.findMarkers(address, after.meaning.meaning, before?.meaning);
    this.observed.set(address, before?.hash ?? null);
    this.changes.push({
      address,
      kind: kindOf(address),
      action,
      class: told.class,
      before: before?.hash ?? null,
      after: after?.after ?? null,
      desired: after === undefined ? null : wantedOf(address, told.desired ?? after.meaning, after.meaning),
      previousAddress: null,
      fields: told.fields.map((field) => this.field(address, field)),
      graph: told.flow?.graph ?? [],
      ...(told.flow === undefined ? {} : { picture: told.flow.picture }),
      risk: [...risksOf(address, before?.meaning, after?.meaning.meaning), ...(told.flow?.risks ?? [])],
      noiseHidden: 0,
      references: [...(after?.meaning.references ?? before?.references ?? [])].sort(byCodePoint),
    });
  }

  /** A difference as it may be shown, and whose wish it is. */
  field(address: Address, field: FieldChange): PlannedField {
    const isFromEnvironment = isFromOverlay(this.input.touched, address, field.pointer);
    return plannedField(address, field, isFromEnvironment ? "overlay" : "folder");
  }

  /** Notes a place that both sides changed, which stops the plan. */
  conflict(address: Address, field: FieldChange): void {
    const at = writePlace({ address, pointer: field.pointer });
    const last = this.input.base.valueAt(address, field.pointer);
    const hide = (value: Json | undefined) => shownValue(address, field.pointer, value);
    this.conflicts.push({
      at,
      ours: hide(field.new),
      theirs: hide(field.old),
      ...(last === undefined ? {} : { last: hide(last) }),
    });
    this.blocked.push({
      code: "conflict",
      address: at,
      text: "both sides changed it since the base: choose with --resolve, or change the folder",
    });
  }

  /** What is wanted and what is there differ, and that is settled: the target made it so, or it was resolved so. */
  asResolved(address: Address, wanted: Meaning, live: Meaning): void {
    this.same.push(address);
    this.accepted.set(address, recordOf(address, wanted, live));
  }

  /** Keeps in the receipt what the base says of an entity that is left alone, so that drift stays drift. */
  accept(address: Address): void {
    const changed = this.changes.at(-1)?.address === address;
    if (changed || this.accepted.has(address) || this.same.at(-1) === address) return;
    const record = this.input.base.record(address);
    if (record !== undefined) this.accepted.set(address, record);
  }

  /** Notes what the target holds of something that a change refers to. */
  observe(address: Address): void {
    const other = this.input.theirs.entities.get(address);
    this.observed.set(address, other === undefined ? null : this.meanings.hash(other, this.input.theirs));
  }

  private findMarkers(address: Address, meaning: Json, before: Json | undefined): void {
    const walk = (value: Json, pointer: Pointer): void => {
      if (typeof value === "string") {
        const marker = markerIn(value);
        if (marker !== undefined && valueAt(before, pointer) !== value) {
          this.blocked.push({
            code: "unresolved-marker",
            address: writePlace({ address, pointer }),
            text: `"${marker}" was left to be filled in: set its value in the environment's file`,
          });
        }
      } else if (Array.isArray(value)) value.forEach((item, i) => walk(item, [...pointer, String(i)]));
      else if (isJsonObject(value))
        for (const key of Object.keys(value)) walk(value[key] ?? null, [...pointer, keySegment(key)]);
    };
    walk(meaning, []);
  }

  countNoise(address: Address, hidden: ReturnType<typeof hiddenBetween>): void {
    for (const { kind, pointer } of hidden) this.count(kind, address, 1, pointer);
  }

  count(kind: NoiseKind, address: Address, count: number, pointer = ""): void {
    this.noise.set(kind, (this.noise.get(kind) ?? 0) + count);
    this.hidden.set(address, (this.hidden.get(address) ?? 0) + count);
    if (this.input.listNoise)
      this.noiseList.push(`${kind}  ${address}${pointer === "" ? "" : `#${pointer}`}`);
  }

  private state(): Record<Address, string> {
    const { theirs } = this.input;
    return Object.fromEntries(
      [...theirs.entities.values()].map((entity, i) => {
        // Each entity is printed for its hash. In a large project that is much to leave lying about.
        if (i % 100 === 0 && theirs.content.size > 1000) Bun.gc(true);
        return [
          entity.address,
          stateOf(this.observed.get(entity.address) ?? this.meanings.hash(entity, theirs)),
        ];
      }),
    );
  }

  /** The plan that all of it makes. */
  finish(): Plan {
    const { input } = this;
    const count = (action: Change["action"]) =>
      this.changes.filter((change) => change.action === action).length;
    const noiseHidden = [...this.noise.values()].reduce((sum, n) => sum + n, 0);
    const secrets = [...this.secrets.values()].sort((a, b) =>
      byCodePoint(secretLabel(a.address, a.at, a.name), secretLabel(b.address, b.at, b.name)),
    );
    const changes = this.changes
      .map((change) => ({ ...change, noiseHidden: this.hidden.get(change.address) ?? 0 }))
      .sort((a, b) => byCodePoint(a.address, b.address));
    const blocked = [
      ...new Map(this.blocked.map((one) => [printJson({ ...one }, "compact"), one])).values(),
    ].sort((a, b) => byCodePoint(`${a.address} ${a.code}`, `${b.address} ${b.code}`));
    const known: Omit<Plan, "fingerprint" | "checksum"> = {
      schema: PLAN_SCHEMA,
      tool: input.tool,
      createdAt: input.createdAt,
      normalizer: NORMALISER,
      mode: input.mode,
      target: input.target,
      source: input.source,
      base: {
        kind: input.base.kind,
        ...(input.base.fingerprint === undefined ? {} : { fingerprint: input.base.fingerprint }),
        ...(input.base.label === undefined ? {} : { label: input.base.label }),
      },
      scope: { only: input.only.map(writePlace), except: input.except.map(writePlace) },
      ignore: input.ignore.map(writePlace),
      protection: input.protection,
      allowDelete: input.allowDelete,
      complete: true,
      applyable: blocked.length === 0 && changes.length > 0,
      blocked,
      summary: {
        create: count("create"),
        update: count("update"),
        rename: count("rename"),
        delete: count("delete"),
        same: this.same.length,
        drift: this.drift.length,
        conflict: this.conflicts.length,
        kept: this.kept.length,
        unmanaged: this.unmanaged.length,
        noiseHidden,
        secrets: secrets.filter(({ write }) => write !== "keep").length,
      },
      changes,
      secrets,
      observed: Object.fromEntries([...this.observed].sort(([a], [b]) => byCodePoint(a, b))),
      ...(input.recordState ? { state: this.state() } : {}),
      conflicts: this.conflicts,
      drift: this.drift,
      kept: this.kept,
      accepted: Object.fromEntries([...this.accepted].sort(([a], [b]) => byCodePoint(a, b))),
      unmanaged: this.unmanaged,
      same: this.same.toSorted(byCodePoint),
      noise: Object.fromEntries([...this.noise].sort(([a], [b]) => byCodePoint(a, b))),
      ...(input.listNoise ? { noiseList: this.noiseList } : {}),
      warnings: [...new Set(this.warnings)],
    };
    const signed = { ...known, fingerprint: fingerprintOf(known) };
    return { ...signed, checksum: checksumOf(signed) };
  }
}

/** The first digits of a hash: enough to tell that something moved. */
export function stateOf(hash: string): string {
  return hash.slice("sha256:".length, "sha256:".length + 12);
}

function wantedOf(address: Address, desired: Meaning, after: Meaning): Wanted {
  if (desired.hash === after.hash || !isMergeable(address)) return { hash: desired.hash };
  return { hash: desired.hash, shape: shapeOf(desired.meaning, address) };
}
