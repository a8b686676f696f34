import { byCodePoint, printJson } from "../../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import {
  kindOf,
  matchesAddress,
  nameOf,
  readPlace,
  writePlace,
  type Address,
  type Place,
} from "../model/address.ts";
import { compare, type FieldChange } from "../model/compare.ts";
import type { Entity } from "../model/entity.ts";
import { hiddenBetween, Meanings, sameContent, type Meaning } from "../model/meanings.ts";
import { NORMALISER, PLACEHOLDER, sameJson, type NoiseKind } from "../model/normalise.ts";
import { markerIn } from "../model/marker.ts";
import { valueAt } from "../model/place.ts";
import { covers, keySegment, readPointer, touches, writePointer, type Pointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import { isFromOverlay } from "../environment/overlay.ts";
import { Draft, surroundingsOf } from "./after.ts";
import { isMergeable, recordOf, shapeOf, type Base, type Recorded } from "./base.ts";
import { flowChange, type FlowChange, type FlowSide } from "./flow-change.ts";
import { isSensitive, plannedField, shownValue } from "./field.ts";
import { checksumOf, fingerprintOf } from "./fingerprint.ts";
import {
  ONLY_THERE,
  PLAN_SCHEMA,
  type After,
  type Blocked,
  type Change,
  type Conflict,
  type LeftAlone,
  type Mode,
  type Plan,
  type PlannedField,
  type SecretIntent,
  type Target,
  type Wanted,
} from "./plan.ts";
import { risksOf } from "./risk.ts";
import { isSet, secretLabel, secretName, secretOwner, secretsIn } from "./secrets.ts";

/** A secret whose source an environment names. */
export interface SecretSource {
  readonly address: Address;
  readonly at: Pointer;
  readonly name: string;
  /** Null for one that is to be emptied. */
  readonly source: string | null;
  readonly version: number | null;
}

/** All that a plan is made of. */
export interface PlanInput {
  /** The snapshot that is wanted, the environment's values in it. */
  readonly ours: Snapshot;
  /** The target, exported just now. */
  readonly theirs: Snapshot;
  readonly base: Base;
  readonly mode: Mode;
  readonly only: readonly Place[];
  readonly except: readonly Place[];
  readonly keep: readonly Place[];
  readonly ignore: readonly Place[];
  readonly protect: readonly Place[];
  /** Exact addresses that `protect` is lifted from. */
  readonly unprotect: readonly string[];
  /** Entities that the environment wants gone. */
  readonly remove: readonly Address[];
  /** What is to be taken where both sides moved, by place. */
  readonly resolve: ReadonlyMap<string, "ours" | "theirs">;
  /** Places whose value the environment set. */
  readonly touched: readonly Place[];
  readonly secrets: readonly SecretSource[];
  /** Versions of secrets that were last written, by label; undefined without a receipt. */
  readonly writtenSecrets: ReadonlyMap<string, number> | undefined;
  readonly target: Target;
  readonly source: Plan["source"];
  readonly protection: Plan["protection"];
  readonly allowDelete: number | null;
  readonly tool: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly warnings: readonly string[];
  /** Whether hidden differences are listed. */
  readonly listNoise: boolean;
  /** Whether the state of all that the target holds is recorded, for a plan that is kept. */
  readonly recordState: boolean;
}

/** Makes a plan: what would change in the target, what is left alone and why, and what stands in the way. Pure. */
export function makePlan(input: PlanInput): Plan {
  return new Planner(input).plan();
}

class Planner {
  private readonly input: PlanInput;
  private readonly meanings: Meanings;
  private readonly changes: Change[] = [];
  private readonly blocked: Blocked[] = [];
  private readonly conflicts: Conflict[] = [];
  private readonly drift: LeftAlone[] = [];
  private readonly kept: LeftAlone[] = [];
  private readonly unmanaged: Address[] = [];
  private readonly same: Address[] = [];
  private readonly secrets = new Map<string, SecretIntent>();
  private readonly noise = new Map<NoiseKind, number>();
  private readonly noiseList: string[] = [];
  private readonly warnings: string[];
  private readonly resolved = new Set<string>();
  private readonly observed = new Map<Address, string | null>();
  private readonly accepted = new Map<Address, Recorded>();
  /** Places of secrets that are to be written, by label. */
  private readonly missing = new Map<string, Pointer>();

  constructor(input: PlanInput) {
    this.input = input;
    this.meanings = new Meanings(input.ignore);
    this.warnings = [...input.warnings];
  }

  plan(): Plan {
    const { ours, theirs } = this.input;
    const addresses = [...new Set([...ours.entities.keys(), ...theirs.entities.keys()])].sort(byCodePoint);
    for (const address of addresses) {
      if (this.meanings.ignores(address) || !this.isInScope(address)) continue;
      const mine = ours.entities.get(address);
      const other = theirs.entities.get(address);
      if (mine !== undefined && other !== undefined) this.both(mine, other);
      else if (mine !== undefined) this.onlyOurs(mine);
      else if (other !== undefined) this.onlyTheirs(other);
    }
    this.renames();
    this.declaredSecrets();
    this.protections();
    this.references();
    this.unusedResolutions();
    return this.finish();
  }

  // --- scope and rules

  private isInScope(address: Address): boolean {
    const { only, except } = this.input;
    const wanted = only.length === 0 || only.some((place) => matchesAddress(place.address, address));
    return (
      wanted && !except.some((place) => place.pointer.length === 0 && matchesAddress(place.address, address))
    );
  }

  /** Places of an entity that the target's values are kept at, with the reason. */
  private keptPatterns(address: Address): { pattern: Pointer; why: string }[] {
    const { keep, except, touched } = this.input;
    const of = (places: readonly Place[]) => places.filter((place) => matchesAddress(place.address, address));
    const domain: Pointer = ["domain"];
    const identity =
      address === "project" && !isFromOverlay(touched, address, domain)
        ? [{ pattern: domain, why: "the target's own domain" }]
        : [];
    return [
      ...identity,
      ...of(keep).map(({ pointer }) => ({ pattern: pointer, why: "kept by the environment" })),
      ...of(except)
        .filter(({ pointer }) => pointer.length > 0)
        .map(({ pointer }) => ({ pattern: pointer, why: "left out by --except" })),
    ];
  }

  /** True for a place that `--only` leaves out. */
  private isBeyond(address: Address, pointer: Pointer): boolean {
    const here = this.input.only.filter((place) => matchesAddress(place.address, address));
    return here.length > 0 && !here.some((place) => covers(place.pointer, pointer));
  }

  // --- entities

  private both(mine: Entity, other: Entity): void {
    const { ours, theirs } = this.input;
    const { address } = mine;
    const clears = this.input.secrets.some((rule) => rule.address === address && rule.source === null);
    if (!clears && sameContent(mine.content, other.content, ours.content, theirs.content))
      return void this.same.push(address);
    const patterns = this.keptPatterns(address);
    const whole = patterns.find(({ pattern }) => pattern.length === 0);
    if (whole !== undefined) return this.keptWhole(mine, other, whole.why);
    if (!isMergeable(address) && patterns.length === 0 && this.isSameTree(mine, other))
      return void this.same.push(address);
    const left = this.meanings.of(other, theirs);
    const wanted = new Draft(ours, mine.content);
    if (isMergeable(address)) this.alignSecrets(wanted, mine, other);
    for (const { pattern, why } of patterns) {
      const fields = wanted.restore(pattern, other, theirs);
      if (fields.length > 0) this.kept.push({ address, fields, why });
    }
    const right = wanted.meaning(mine, this.meanings);
    const fields = compare(left.meaning, right.meaning);
    this.countNoise(address, hiddenBetween(left.noise, right.noise));
    if (fields.length === 0) return void this.same.push(address);
    if (isMergeable(address)) this.merge(mine, other, wanted, left, right, fields);
    else this.takeWhole(mine, other, wanted, left, right, fields);
    this.accept(address);
  }

  /** Most flows differ in nothing but their ids and positions: that is found out without a look at screens that are equal. */
  private isSameTree(mine: Entity, other: Entity): boolean {
    const { ours, theirs } = this.input;
    if (!isJsonObject(mine.content) || !isJsonObject(other.content)) return false;
    const { screens: my = {}, ...right } = mine.content;
    const { screens: their = {}, ...left } = other.content;
    if (!isJsonObject(my) || !isJsonObject(their)) return false;
    const differing = Object.keys({ ...their, ...my }).filter(
      (id) => !sameContent(my[id] ?? null, their[id] ?? null, ours.content, theirs.content),
    );
    const only = (screens: JsonObject) =>
      Object.fromEntries(
        differing.flatMap((id) => (Object.hasOwn(screens, id) ? [[id, screens[id] ?? null]] : [])),
      );
    const a = this.meanings.of({ ...other, content: { ...left, screens: only(their) } }, theirs);
    const b = this.meanings.of({ ...mine, content: { ...right, screens: only(my) } }, ours);
    if (!sameJson(a.meaning, b.meaning)) return false;
    this.countNoise(mine.address, hiddenBetween(a.noise, b.noise));
    return true;
  }

  private keptWhole(mine: Entity, other: Entity, why: string): void {
    const left = this.meanings.of(other, this.input.theirs);
    const right = this.meanings.of(mine, this.input.ours);
    const fields = compare(left.meaning, right.meaning).map(({ pointer }) => writePointer(pointer));
    if (fields.length === 0) this.same.push(mine.address);
    else this.kept.push({ address: mine.address, fields, why });
  }

  /** Settings: each place is told and taken on its own. */
  private merge(
    mine: Entity,
    other: Entity,
    wanted: Draft,
    left: Meaning,
    right: Meaning,
    fields: readonly FieldChange[],
  ): void {
    const { theirs, ours } = this.input;
    const { address } = mine;
    const taken: FieldChange[] = [];
    const drift: string[] = [];
    const absent: string[] = [];
    const pruned: string[] = [];
    const decisions = new Set<"change" | "conflict" | "resolved">();
    for (const field of fields) {
      if (this.isBeyond(address, field.pointer)) continue;
      // An emptied secret is gone from the meaning, and is there as an empty text.
      const isEmptied = field.op === "remove" && valueAt(wanted.content, field.pointer) === "";
      const told = isEmptied && isSensitive(address, field.pointer) ? "change" : this.tell(address, field);
      if (told === "same") continue;
      if (told === "unmanaged") absent.push(writePointer(field.pointer));
      else if (told === "prune") pruned.push(writePointer(field.pointer));
      else if (told === "drift") drift.push(writePointer(field.pointer));
      else if (told === "conflict") {
        this.conflict(address, field);
        decisions.add("conflict");
      } else {
        decisions.add(told);
        taken.push(field);
      }
    }
    if (drift.length > 0)
      this.drift.push({ address, fields: drift, why: "changed in the target since the base" });
    if (absent.length > 0) this.kept.push({ address, fields: absent, why: ONLY_THERE });
    if (pruned.length > 0)
      this.kept.push({ address, fields: pruned, why: "gone from the folder; --prune would remove it" });
    if (taken.length === 0) {
      const isSame = drift.length + absent.length + pruned.length === 0 && !decisions.has("conflict");
      if (isSame) this.asResolved(address, right, left);
      else if (absent.length > 0 && drift.length + pruned.length === 0 && !decisions.has("conflict"))
        this.accepted.set(address, recordOf(address, right, left));
      return;
    }
    const draft = new Draft(theirs, other.content);
    for (const field of taken) this.patch(draft, field, wanted, ours);
    const { after, meaning } = draft.finish({ ...mine, storage: other.storage }, this.meanings);
    const done = compare(left.meaning, meaning.meaning);
    if (done.length === 0) return void this.same.push(address);
    this.change({
      address,
      action: "update",
      class: decisions.has("resolved") ? "resolved" : "change",
      before: left,
      after: { after, meaning },
      desired: right,
      fields: done,
    });
  }

  private patch(draft: Draft, field: FieldChange, wanted: Draft, ours: Snapshot): void {
    if (field.op === "reorder") {
      const items = valueAt(wanted.content, field.pointer);
      const names = field.new as string[];
      const by = Array.isArray(items) ? memberOf(items, names) : undefined;
      if (by !== undefined) draft.reorder(field.pointer, by, names);
      return;
    }
    draft.put(field.pointer, valueAt(wanted.content, field.pointer), ours);
  }

  /** What became of one place of an entity's settings. */
  private tell(
    address: Address,
    field: FieldChange,
  ): "change" | "drift" | "conflict" | "same" | "unmanaged" | "prune" | "resolved" {
    const { base } = this.input;
    const fromOverlay = isFromOverlay(this.input.touched, address, field.pointer);
    const oursMoved = base.movedAt("ours", address, field.pointer, field.new);
    const theirsMoved = base.movedAt("theirs", address, field.pointer, field.old);
    if (oursMoved === undefined || theirsMoved === undefined) {
      return field.op === "remove" && !fromOverlay ? "unmanaged" : "change";
    }
    if (!oursMoved && !theirsMoved) return "same";
    const both = oursMoved && theirsMoved;
    if (theirsMoved) {
      const choice = this.choice(address, field.pointer);
      if (choice === "ours") return "resolved";
      if (choice === "theirs") return "same";
      return both ? "conflict" : "drift";
    }
    const isPart = typeof field.old === "object" && field.old !== null;
    if (field.op === "remove" && isPart && !fromOverlay && this.input.mode !== "sync") return "prune";
    return "change";
  }

  private choice(address: Address, pointer: Pointer): "ours" | "theirs" | undefined {
    for (const [written, choice] of this.input.resolve) {
      const place = readPlace(written);
      if (place === undefined || place.address !== address || !covers(place.pointer, pointer)) continue;
      this.resolved.add(written);
      return choice;
    }
    return undefined;
  }

  private conflict(address: Address, field: FieldChange): void {
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

  /** Flows and widgets: taken or left as a whole, because half of one and half of another is a third that nobody made. */
  private takeWhole(
    mine: Entity,
    other: Entity,
    wanted: Draft,
    left: Meaning,
    right: Meaning,
    fields: readonly FieldChange[],
  ): void {
    const { base, theirs } = this.input;
    const { address } = mine;
    const finished = wanted.finish(mine, this.meanings);
    const flow =
      kindOf(address) === "flow"
        ? flowChange(address, { content: other.content, surroundings: theirs }, sideOf(finished.after))
        : undefined;
    if (flow !== undefined && flow.graph.length === 0) {
      // What differs, the component library wrote by itself.
      this.count("component defaults", address, Math.max(1, flow.libraryEffects));
      return this.asResolved(address, right, left);
    }
    let told: "change" | "resolved" = "change";
    if (base.knows(address)) {
      const oursMoved = base.moved("ours", address, right.hash);
      const theirsMoved = base.moved("theirs", address, left.hash);
      if (!oursMoved && !theirsMoved) return this.asResolved(address, right, left);
      if (theirsMoved) {
        const choice = this.choice(address, []);
        if (choice === "theirs") return this.asResolved(address, right, left);
        if (choice === "ours") told = "resolved";
        else if (oursMoved) {
          this.conflicts.push({ at: address, ours: right.hash, theirs: left.hash });
          this.blocked.push({
            code: "conflict",
            address,
            text: "both sides changed it since the base: choose with --resolve, or bring the folder up to date",
          });
          return;
        } else {
          this.drift.push({
            address,
            fields: fields.map(({ pointer }) => writePointer(pointer)),
            why: "changed in the target since the base",
          });
          return;
        }
      }
    }
    this.change({
      address,
      action: "update",
      class: told,
      before: left,
      after: finished,
      desired: right,
      fields,
      flow,
    });
  }

  /** What is wanted and what is there differ, and that is settled: the target made it so, or it was resolved so. */
  private asResolved(address: Address, wanted: Meaning, live: Meaning): void {
    this.same.push(address);
    this.accepted.set(address, recordOf(address, wanted, live));
  }

  /** Keeps in the receipt what the base says of an entity that is left alone, so that drift stays drift. */
  private accept(address: Address): void {
    const changed = this.changes.at(-1)?.address === address;
    if (changed || this.accepted.has(address) || this.same.at(-1) === address) return;
    const record = this.input.base.record(address);
    if (record !== undefined) this.accepted.set(address, record);
  }

  private onlyOurs(mine: Entity): void {
    const { address } = mine;
    const { base, ours } = this.input;
    const whole = this.keptPatterns(address).find(({ pattern }) => pattern.length === 0);
    if (whole !== undefined)
      return void this.kept.push({ address, fields: [], why: `not created: ${whole.why}` });
    const wanted = new Draft(ours, mine.content);
    if (isMergeable(address)) this.alignSecrets(wanted, mine, undefined);
    let told: "change" | "resolved" = "change";
    if (base.knows(address)) {
      const meaning = wanted.meaning(mine, this.meanings);
      const choice = this.choice(address, []);
      if (choice === "theirs") return;
      if (choice === "ours") told = "resolved";
      else if (base.moved("ours", address, meaning.hash)) {
        this.conflicts.push({ at: address, ours: meaning.hash, theirs: null });
        this.blocked.push({
          code: "conflict",
          address,
          text: "the target deleted it, and the folder changed it",
        });
        return;
      } else {
        this.drift.push({ address, fields: [], why: "deleted in the target since the base" });
        return;
      }
    }
    const finished = wanted.finish(mine, this.meanings);
    this.change({
      address,
      action: "create",
      class: told,
      before: undefined,
      after: finished,
      fields: [],
      flow: kindOf(address) === "flow" ? flowChange(address, undefined, sideOf(finished.after)) : undefined,
    });
  }

  private onlyTheirs(other: Entity): void {
    const { address } = other;
    const { base, mode, remove, theirs } = this.input;
    const listed = remove.includes(address);
    if (mode === "sync" && (listed || base.knows(address)) && !isBuiltIn(address)) {
      const left = this.meanings.of(other, theirs);
      if (!listed && base.moved("theirs", address, left.hash)) {
        const choice = this.choice(address, []);
        if (choice !== "ours") {
          if (choice === "theirs") return;
          this.conflicts.push({ at: address, ours: null, theirs: left.hash });
          this.blocked.push({
            code: "conflict",
            address,
            text: "the folder deleted it, and the target changed it",
          });
          return;
        }
      }
      if (this.keptPatterns(address).some(({ pattern }) => pattern.length === 0)) {
        this.kept.push({ address, fields: [], why: "not deleted: kept by the environment" });
        return;
      }
      this.change({
        address,
        action: "delete",
        class: "change",
        before: left,
        after: undefined,
        fields: [],
      });
      return;
    }
    if (listed && isBuiltIn(address)) this.warnings.push(`${address} is built in and is never deleted`);
    else if (mode !== "sync" && listed)
      this.warnings.push(`${address} is listed under "delete": only --prune deletes`);
    this.unmanaged.push(address);
  }

  private change(told: {
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

  private field(address: Address, field: FieldChange): PlannedField {
    const isFromEnvironment = isFromOverlay(this.input.touched, address, field.pointer);
    return plannedField(address, field, isFromEnvironment ? "overlay" : "folder");
  }

  // --- renames

  /** What one side alone has and the other too under the same id was renamed. */
  private renames(): void {
    const { theirs, ours } = this.input;
    for (const [index, change] of this.changes.entries()) {
      if (change.action !== "create") continue;
      const id = ours.entities.get(change.address)?.id;
      if (id === undefined) continue;
      const previous = this.unmanaged.find(
        (address) => kindOf(address) === change.kind && theirs.entities.get(address)?.id === id,
      );
      const other = previous === undefined ? undefined : theirs.entities.get(previous);
      if (previous === undefined || other === undefined || change.after === null) continue;
      const left = this.meanings.of(other, theirs);
      const mine = ours.entities.get(change.address) as Entity;
      const right = this.meanings.of(mine, ours);
      this.unmanaged.splice(this.unmanaged.indexOf(previous), 1);
      this.observed.delete(change.address);
      this.observed.set(previous, left.hash);
      this.changes[index] = {
        ...change,
        action: "rename",
        before: left.hash,
        previousAddress: previous,
        fields: compare(left.meaning, right.meaning).map((field) => this.field(change.address, field)),
        risk: risksOf(change.address, left.meaning, right.meaning),
      };
      // The target has its secrets under the old name.
      for (const [label, intent] of this.secrets)
        if (intent.address === change.address && intent.write === "create" && intent.source === null)
          this.secrets.delete(label);
    }
  }

  // --- secrets

  /** Makes the secrets in what is wanted agree with the target's: what is set there stays, what is not is to be written. */
  private alignSecrets(wanted: Draft, mine: Entity, other: Entity | undefined): void {
    const { address } = mine;
    for (const { pointer, state } of secretsIn(address, mine.content)) {
      const there = valueAt(other?.content, pointer);
      const rule = this.rule(address, pointer);
      if (rule?.source === null) {
        this.clear(wanted, address, pointer, other);
      } else if (state === "value") {
        if (there === valueAt(mine.content, pointer)) continue;
        wanted.put(pointer, PLACEHOLDER, this.input.ours);
        this.blocked.push({
          code: "secret-in-folder",
          address: writePlace({ address, pointer }),
          text: `the folder holds a secret itself: put ${PLACEHOLDER} there and name its source under "secrets" in the environment's file`,
        });
      } else if (isSet(other?.content, pointer)) {
        if (there !== PLACEHOLDER) wanted.put(pointer, there, this.input.theirs);
      } else this.intend(address, pointer, rule);
    }
    if (other === undefined) return;
    for (const { pointer, state } of secretsIn(address, other.content)) {
      if (
        state !== "placeholder" ||
        !isBlank(valueAt(mine.content, pointer)) ||
        !hasParent(mine.content, pointer)
      )
        continue;
      if (this.rule(address, pointer)?.source === null) this.clear(wanted, address, pointer, other);
      else wanted.put(pointer, PLACEHOLDER, this.input.theirs);
    }
  }

  private clear(wanted: Draft, address: Address, pointer: Pointer, other: Entity | undefined): void {
    const there = valueAt(other?.content, pointer);
    wanted.put(pointer, isSet(other?.content, pointer) ? "" : there, this.input.theirs);
    if (!isSet(other?.content, pointer)) return;
    const owner = writePointer(secretOwner(address, pointer));
    const name = secretName(pointer);
    const intent: SecretIntent = { address, at: owner, name, write: "clear", source: null, version: null };
    this.secrets.set(secretLabel(address, owner, name), intent);
  }

  private intend(address: Address, pointer: Pointer, rule: SecretSource | undefined): void {
    const at = writePointer(secretOwner(address, pointer));
    const name = secretName(pointer);
    const label = secretLabel(address, at, name);
    this.missing.set(label, pointer);
    const { source = null, version = null } = rule ?? {};
    this.secrets.set(label, { address, at, name, write: "create", source, version });
  }

  private rule(address: Address, pointer: Pointer): SecretSource | undefined {
    const owner = writePointer(secretOwner(address, pointer));
    const name = secretName(pointer);
    return this.input.secrets.find(
      (rule) => rule.address === address && rule.name === name && writePointer(rule.at) === owner,
    );
  }

  /** Secrets that the environment names: written where they are missing, kept where they are set, rotated when their version rose. */
  private declaredSecrets(): void {
    const { ours, theirs, writtenSecrets } = this.input;
    for (const { address, at, name, source, version } of this.input.secrets) {
      if (!this.isInScope(address) || this.meanings.ignores(address)) continue;
      const label = secretLabel(address, writePointer(at), name);
      const existing = this.secrets.get(label);
      if (existing !== undefined || source === null) continue;
      if (!ours.entities.has(address) && !theirs.entities.has(address)) continue;
      if (!theirs.entities.has(address)) {
        this.secrets.set(label, { address, at: writePointer(at), name, write: "create", source, version });
        continue;
      }
      const written = writtenSecrets?.get(label);
      const rotate = version !== null && written !== undefined && version > written;
      const write = rotate ? "rotate" : "keep";
      this.secrets.set(label, { address, at: writePointer(at), name, write, source, version });
    }
    const changing = new Map(this.changes.map((change) => [change.address, change.after?.content]));
    for (const [label, intent] of this.secrets) {
      if (intent.write === "keep" || intent.write === "clear") continue;
      const place = this.missing.get(label);
      const content = changing.get(intent.address);
      if (
        place !== undefined &&
        content !== undefined &&
        valueAt(content ?? undefined, place) !== PLACEHOLDER
      ) {
        // What needed it is left as the target has it.
        this.secrets.delete(label);
        continue;
      }
      // A secret alone changes nothing that is compared: the entity is sent as the target has it.
      if (!changing.has(intent.address)) {
        if (intent.write === "create" && intent.source === null) {
          this.secrets.delete(label);
          continue;
        }
        this.sendSecretAlone(intent.address);
        changing.set(intent.address, undefined);
      }
      if (intent.write === "create" && intent.source === null) {
        this.blocked.push({
          code: "secret-missing",
          address: intent.address,
          text: `the secret ${intent.name}${intent.at === "" ? "" : ` of ${nameOfPlace(intent.at)}`} is not set in the target and has no source: name one under "secrets" in the environment's file`,
        });
      }
    }
  }

  private sendSecretAlone(address: Address): void {
    const other = this.input.theirs.entities.get(address);
    if (other === undefined) return;
    const before = this.meanings.of(other, this.input.theirs);
    const draft = new Draft(this.input.theirs, other.content);
    this.same.splice(this.same.indexOf(address), this.same.includes(address) ? 1 : 0);
    this.change({
      address,
      action: "update",
      class: "change",
      before,
      after: draft.finish(other, this.meanings),
      fields: [],
    });
  }

  // --- what stands in the way

  private protections(): void {
    const { protect, unprotect } = this.input;
    for (const change of this.changes) {
      if (change.action === "create") continue;
      for (const rule of protect) {
        const names =
          change.previousAddress === null ? [change.address] : [change.address, change.previousAddress];
        if (!names.some((name) => matchesAddress(rule.address, name))) continue;
        const hit =
          rule.pointer.length === 0 ||
          change.action === "delete" ||
          change.fields.some(({ path }) => touches(rule.pointer, readPointer(path) ?? []));
        if (!hit || names.some((name) => unprotect.includes(name)) || unprotect.includes(writePlace(rule)))
          continue;
        this.blocked.push({
          code: "protected",
          address: change.address,
          text: `${writePlace(rule)} is protected by the environment; --unprotect ${change.address} lifts that for this plan`,
        });
        break;
      }
    }
  }

  private references(): void {
    const { theirs, ours } = this.input;
    const gone = new Set(
      this.changes.flatMap(({ action, address, previousAddress }) =>
        action === "delete" ? [address] : previousAddress === null ? [] : [previousAddress],
      ),
    );
    const made = new Set(
      this.changes.filter(({ action }) => action !== "delete").map(({ address }) => address),
    );
    const willBe = (address: Address) =>
      made.has(address) || (theirs.entities.has(address) && !gone.has(address));
    for (const change of this.changes) {
      if (change.action === "delete") continue;
      for (const address of change.references) {
        if (!this.observed.has(address)) this.observe(address);
        if (willBe(address)) continue;
        const kind = kindOf(address);
        if (kind === "connector") {
          const hint = ours.entities.has(address)
            ? "it is left out of this plan"
            : "neither the folder nor the target has it";
          this.blocked.push({
            code: "dangling-reference",
            address: change.address,
            text: `it refers to ${address}, but ${hint}`,
          });
        } else if (kind === "flow" || theirs.content.has("roles.json")) {
          this.warnings.push(`${change.address} refers to ${address}, which the target will not have`);
        }
      }
    }
    if (gone.size === 0) return;
    for (const other of theirs.entities.values()) {
      if (gone.has(other.address) || made.has(other.address)) continue;
      for (const address of this.meanings.of(other, theirs).references)
        this.stillReferenced(address, other.address, gone, made);
    }
    for (const change of this.changes) {
      if (change.action !== "delete")
        for (const address of change.references) this.stillReferenced(address, change.address, gone, made);
    }
  }

  private stillReferenced(
    address: Address,
    by: Address,
    gone: ReadonlySet<Address>,
    made: ReadonlySet<Address>,
  ): void {
    if (!gone.has(address) || made.has(address)) return;
    const renamed = this.changes.some(({ previousAddress }) => previousAddress === address);
    if (renamed) return;
    this.blocked.push({
      code: "still-referenced",
      address,
      text: `${by} still refers to it: change that too, or leave the delete out with --except ${address}`,
    });
  }

  private observe(address: Address): void {
    const other = this.input.theirs.entities.get(address);
    this.observed.set(address, other === undefined ? null : this.meanings.of(other, this.input.theirs).hash);
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

  private unusedResolutions(): void {
    for (const written of this.input.resolve.keys()) {
      if (!this.resolved.has(written))
        this.warnings.push(`--resolve ${written} names nothing that both sides or the target changed`);
    }
  }

  // --- counts

  private countNoise(address: Address, hidden: ReturnType<typeof hiddenBetween>): void {
    for (const { kind, pointer } of hidden) this.count(kind, address, 1, pointer);
  }

  private count(kind: NoiseKind, address: Address, count: number, pointer = ""): void {
    this.noise.set(kind, (this.noise.get(kind) ?? 0) + count);
    this.hidden.set(address, (this.hidden.get(address) ?? 0) + count);
    if (this.input.listNoise)
      this.noiseList.push(`${kind}  ${address}${pointer === "" ? "" : `#${pointer}`}`);
  }

  private state(): Record<Address, string> {
    const { theirs } = this.input;
    return Object.fromEntries(
      [...theirs.entities.values()].map((entity) => [
        entity.address,
        stateOf(this.observed.get(entity.address) ?? this.meanings.of(entity, theirs).hash),
      ]),
    );
  }

  private readonly hidden = new Map<Address, number>();

  private finish(): Plan {
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

function isBuiltIn(address: Address): boolean {
  return (
    address === "project" ||
    address.startsWith("auth/") ||
    address.startsWith("file/") ||
    address === "role/Tenant Admin" ||
    address === "style/light" ||
    address === "style/dark"
  );
}

/** The first digits of a hash: enough to tell that something moved. */
export function stateOf(hash: string): string {
  return hash.slice("sha256:".length, "sha256:".length + 12);
}

function sideOf(after: After): FlowSide {
  return { content: after.content, surroundings: surroundingsOf(after.assets, after.ids) };
}

function wantedOf(address: Address, desired: Meaning, after: Meaning): Wanted {
  if (desired.hash === after.hash || !isMergeable(address)) return { hash: desired.hash };
  return { hash: desired.hash, shape: shapeOf(desired.meaning, address) };
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === "" || value === null;
}

function hasParent(content: Json, pointer: Pointer): boolean {
  return isJsonObject(valueAt(content, pointer.slice(0, -1)) ?? null);
}

function nameOfPlace(written: string): string {
  return nameOf(`x${written.slice(written.lastIndexOf("/"))}`);
}

function memberOf(items: readonly Json[], names: readonly string[]): string | undefined {
  return ["id", "interactionId", "screenId", "name", "key", "text"].find((by) =>
    names.every((name) => items.some((item) => isJsonObject(item) && item[by] === name)),
  );
}
