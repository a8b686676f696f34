import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { isFromOverlay } from "../environment/overlay.ts";
import { kindOf, type Address } from "../model/address.ts";
import { compare, IDENTITIES, type FieldChange } from "../model/compare.ts";
import type { Entity } from "../model/entity.ts";
import { hiddenBetween, sameContent, type Meaning, type Meanings } from "../model/meanings.ts";
import { sameJson } from "../../json/equal.ts";
import { valueAt } from "../model/place.ts";
import { writePointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import { Draft, surroundingsOf } from "./after.ts";
import { isMergeable, recordOf } from "./base.ts";
import { isSensitive } from "./field.ts";
import { flowChange, unseenIn, type FlowSide } from "./flow-change.ts";
import type { PlanInput } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import { ONLY_THERE, type After } from "./plan.ts";
import type { Scope } from "./scope.ts";
import type { SecretIntents } from "./secret-intents.ts";

/** Decides of each entity, by what the folder, the target and the base hold of it, whether it is changed or left alone. */
export class Entities {
  private readonly input: PlanInput;
  private readonly meanings: Meanings;
  private readonly scope: Scope;
  private readonly secrets: SecretIntents;
  private readonly ledger: Ledger;

  constructor(input: PlanInput, meanings: Meanings, scope: Scope, secrets: SecretIntents, ledger: Ledger) {
    this.input = input;
    this.meanings = meanings;
    this.scope = scope;
    this.secrets = secrets;
    this.ledger = ledger;
  }

  /** What both sides have. */
  both(mine: Entity, other: Entity): void {
    const { ours, theirs } = this.input;
    const { address } = mine;
    const clears = this.input.secrets.some((rule) => rule.address === address && rule.source === null);
    if (!clears && sameContent(mine.content, other.content, ours.content, theirs.content))
      return void this.ledger.same.push(address);
    const patterns = this.scope.keptPatterns(address);
    const whole = patterns.find(({ pattern }) => pattern.length === 0);
    if (whole !== undefined) return this.keptWhole(mine, other, whole.why);
    if (!isMergeable(address) && patterns.length === 0 && this.isSameTree(mine, other))
      return void this.ledger.same.push(address);
    const left = this.meanings.of(other, theirs);
    const wanted = new Draft(ours, mine.content);
    if (isMergeable(address)) this.secrets.align(wanted, mine, other);
    for (const { pattern, why } of patterns) {
      const fields = wanted.restore(pattern, other, theirs);
      if (fields.length > 0) this.ledger.kept.push({ address, fields, why });
    }
    const right = wanted.meaning(mine, this.meanings);
    const fields = compare(left.meaning, right.meaning);
    const told = fields.map(({ pointer }) => pointer);
    this.ledger.countNoise(address, hiddenBetween(left.noise, right.noise, told));
    if (fields.length === 0) return void this.ledger.same.push(address);
    if (isMergeable(address)) this.merge(mine, other, wanted, left, right, fields);
    else this.takeWhole(mine, other, wanted, left, right, fields);
    this.ledger.accept(address);
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
    this.ledger.countNoise(mine.address, hiddenBetween(a.noise, b.noise));
    return true;
  }

  private keptWhole(mine: Entity, other: Entity, why: string): void {
    const left = this.meanings.of(other, this.input.theirs);
    const right = this.meanings.of(mine, this.input.ours);
    const fields = compare(left.meaning, right.meaning).map(({ pointer }) => writePointer(pointer));
    if (fields.length === 0) this.ledger.same.push(mine.address);
    else this.ledger.kept.push({ address: mine.address, fields, why });
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
      if (this.scope.isBeyond(address, field.pointer)) continue;
      // An emptied secret is gone from the meaning, and is there as an empty text.
      const isEmptied = field.op === "remove" && valueAt(wanted.content, field.pointer) === "";
      const told = isEmptied && isSensitive(address, field.pointer) ? "change" : this.tell(address, field);
      if (told === "same") continue;
      if (told === "unmanaged") absent.push(writePointer(field.pointer));
      else if (told === "prune") pruned.push(writePointer(field.pointer));
      else if (told === "drift") drift.push(writePointer(field.pointer));
      else if (told === "conflict") {
        this.ledger.conflict(address, field);
        decisions.add("conflict");
      } else {
        decisions.add(told);
        taken.push(field);
      }
    }
    if (drift.length > 0)
      this.ledger.drift.push({ address, fields: drift, why: "changed in the target since the base" });
    if (absent.length > 0) this.ledger.kept.push({ address, fields: absent, why: ONLY_THERE });
    if (pruned.length > 0)
      this.ledger.kept.push({
        address,
        fields: pruned,
        why: "gone from the folder; --prune would remove it",
      });
    if (taken.length === 0) {
      const isSame = drift.length + absent.length + pruned.length === 0 && !decisions.has("conflict");
      if (isSame) this.ledger.asResolved(address, right, left);
      else if (absent.length > 0 && drift.length + pruned.length === 0 && !decisions.has("conflict"))
        this.ledger.accepted.set(address, recordOf(address, right, left));
      return;
    }
    const draft = new Draft(theirs, other.content);
    for (const field of taken) this.patch(draft, field, wanted, ours);
    const { after, meaning } = draft.finish({ ...mine, storage: other.storage }, this.meanings);
    const done = compare(left.meaning, meaning.meaning);
    if (done.length === 0) return void this.ledger.same.push(address);
    this.ledger.change({
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
      const choice = this.scope.choice(address, field.pointer);
      if (choice === "ours") return "resolved";
      if (choice === "theirs") return "same";
      return both ? "conflict" : "drift";
    }
    const isPart = typeof field.old === "object" && field.old !== null;
    if (field.op === "remove" && isPart && !fromOverlay && this.input.mode !== "sync") return "prune";
    return "change";
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
    const unseen = flow === undefined ? undefined : unseenIn(flow, fields);
    if (unseen !== undefined) {
      this.ledger.count(unseen.kind, address, unseen.count);
      return this.ledger.asResolved(address, right, left);
    }
    let told: "change" | "resolved" = "change";
    if (base.knows(address)) {
      const oursMoved = base.moved("ours", address, right.hash);
      const theirsMoved = base.moved("theirs", address, left.hash);
      if (!oursMoved && !theirsMoved) return this.ledger.asResolved(address, right, left);
      if (theirsMoved) {
        const choice = this.scope.choice(address, []);
        if (choice === "theirs") return this.ledger.asResolved(address, right, left);
        if (choice === "ours") told = "resolved";
        else if (oursMoved) {
          this.ledger.conflicts.push({ at: address, ours: right.hash, theirs: left.hash });
          this.ledger.blocked.push({
            code: "conflict",
            address,
            text: "both sides changed it since the base: choose with --resolve, or bring the folder up to date",
          });
          return;
        } else {
          this.ledger.drift.push({
            address,
            fields: fields.map(({ pointer }) => writePointer(pointer)),
            why: "changed in the target since the base",
          });
          return;
        }
      }
    }
    this.ledger.change({
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

  /** What the folder alone has. */
  onlyOurs(mine: Entity): void {
    const { address } = mine;
    const { base, ours } = this.input;
    const whole = this.scope.keptPatterns(address).find(({ pattern }) => pattern.length === 0);
    if (whole !== undefined)
      return void this.ledger.kept.push({ address, fields: [], why: `not created: ${whole.why}` });
    const wanted = new Draft(ours, mine.content);
    if (isMergeable(address)) this.secrets.align(wanted, mine, undefined);
    let told: "change" | "resolved" = "change";
    if (base.knows(address)) {
      const meaning = wanted.meaning(mine, this.meanings);
      const choice = this.scope.choice(address, []);
      if (choice === "theirs") return;
      if (choice === "ours") told = "resolved";
      else if (base.moved("ours", address, meaning.hash)) {
        this.ledger.conflicts.push({ at: address, ours: meaning.hash, theirs: null });
        this.ledger.blocked.push({
          code: "conflict",
          address,
          text: "the target deleted it, and the folder changed it",
        });
        return;
      } else {
        this.ledger.drift.push({ address, fields: [], why: "deleted in the target since the base" });
        return;
      }
    }
    const finished = wanted.finish(mine, this.meanings);
    this.ledger.change({
      address,
      action: "create",
      class: told,
      before: undefined,
      after: finished,
      fields: [],
      flow: kindOf(address) === "flow" ? flowChange(address, undefined, sideOf(finished.after)) : undefined,
    });
  }

  /** What the target alone has. */
  onlyTheirs(other: Entity): void {
    const { address } = other;
    const { base, mode, remove, theirs } = this.input;
    const listed = remove.includes(address);
    if (mode === "sync" && (listed || base.knows(address)) && !isBuiltIn(address)) {
      const left = this.meanings.of(other, theirs);
      if (!listed && base.moved("theirs", address, left.hash)) {
        const choice = this.scope.choice(address, []);
        if (choice !== "ours") {
          if (choice === "theirs") return;
          this.ledger.conflicts.push({ at: address, ours: null, theirs: left.hash });
          this.ledger.blocked.push({
            code: "conflict",
            address,
            text: "the folder deleted it, and the target changed it",
          });
          return;
        }
      }
      if (this.scope.keptPatterns(address).some(({ pattern }) => pattern.length === 0)) {
        this.ledger.kept.push({ address, fields: [], why: "not deleted: kept by the environment" });
        return;
      }
      this.ledger.change({
        address,
        action: "delete",
        class: "change",
        before: left,
        after: undefined,
        fields: [],
      });
      return;
    }
    if (listed && isBuiltIn(address))
      this.ledger.warnings.push(`${address} is built in and is never deleted`);
    else if (mode !== "sync" && listed)
      this.ledger.warnings.push(`${address} is listed under "delete": only --prune deletes`);
    this.ledger.unmanaged.push(address);
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

function sideOf(after: After): FlowSide {
  return { content: after.content, surroundings: surroundingsOf(after.assets, after.ids) };
}

function memberOf(items: readonly Json[], names: readonly string[]): string | undefined {
  return IDENTITIES.find((by) =>
    names.every((name) => items.some((item) => isJsonObject(item) && item[by] === name)),
  );
}
