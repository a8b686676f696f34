import { isJsonObject, type Json } from "../../json/value.ts";
import { nameOf, writePlace, type Address } from "../model/address.ts";
import type { Entity } from "../model/entity.ts";
import type { Meanings } from "../model/meanings.ts";
import { PLACEHOLDER } from "../model/normalise.ts";
import { valueAt } from "../model/place.ts";
import { writePointer, type Pointer } from "../model/pointer.ts";
import { Draft } from "./after.ts";
import type { PlanInput, SecretSource } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import type { SecretIntent } from "./plan.ts";
import type { Scope } from "./scope.ts";
import { isSet, secretLabel, secretName, secretOwner, secretsIn } from "./secrets.ts";

/** What is to become of secrets: kept, created, rotated or emptied. */
export class SecretIntents {
  private readonly input: PlanInput;
  private readonly meanings: Meanings;
  private readonly scope: Scope;
  private readonly ledger: Ledger;
  /** Places of secrets that are to be written, by label. */
  private readonly missing = new Map<string, Pointer>();

  constructor(input: PlanInput, meanings: Meanings, scope: Scope, ledger: Ledger) {
    this.input = input;
    this.meanings = meanings;
    this.scope = scope;
    this.ledger = ledger;
  }

  /** Makes the secrets in what is wanted agree with the target's: what is set there stays, what is not is to be written. */
  align(wanted: Draft, mine: Entity, other: Entity | undefined): void {
    const { address } = mine;
    for (const { pointer, state } of secretsIn(address, mine.content)) {
      const there = valueAt(other?.content, pointer);
      const rule = this.rule(address, pointer);
      if (rule?.source === null) {
        this.clear(wanted, address, pointer, other);
      } else if (state === "value") {
        if (there === valueAt(mine.content, pointer)) continue;
        wanted.put(pointer, PLACEHOLDER, this.input.ours);
        this.ledger.blocked.push({
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
    this.ledger.secrets.set(secretLabel(address, owner, name), intent);
  }

  private intend(address: Address, pointer: Pointer, rule: SecretSource | undefined): void {
    const at = writePointer(secretOwner(address, pointer));
    const name = secretName(pointer);
    const label = secretLabel(address, at, name);
    this.missing.set(label, pointer);
    const { source = null, version = null } = rule ?? {};
    this.ledger.secrets.set(label, { address, at, name, write: "create", source, version });
  }

  private rule(address: Address, pointer: Pointer): SecretSource | undefined {
    const owner = writePointer(secretOwner(address, pointer));
    const name = secretName(pointer);
    return this.input.secrets.find(
      (rule) => rule.address === address && rule.name === name && writePointer(rule.at) === owner,
    );
  }

  /** Secrets that the environment names: written where they are missing, kept where they are set, rotated when their version rose. */
  declared(): void {
    const { ours, theirs, writtenSecrets } = this.input;
    for (const { address, at, name, source, version } of this.input.secrets) {
      if (!this.scope.has(address) || this.meanings.ignores(address)) continue;
      const label = secretLabel(address, writePointer(at), name);
      const existing = this.ledger.secrets.get(label);
      if (existing !== undefined || source === null) continue;
      if (!ours.entities.has(address) && !theirs.entities.has(address)) continue;
      if (!theirs.entities.has(address)) {
        this.ledger.secrets.set(label, {
          address,
          at: writePointer(at),
          name,
          write: "create",
          source,
          version,
        });
        continue;
      }
      const written = writtenSecrets?.get(label);
      const rotate = version !== null && written !== undefined && version > written;
      const write = rotate ? "rotate" : "keep";
      this.ledger.secrets.set(label, { address, at: writePointer(at), name, write, source, version });
    }
    const changing = new Map(this.ledger.changes.map((change) => [change.address, change.after?.content]));
    for (const [label, intent] of this.ledger.secrets) {
      if (intent.write === "keep" || intent.write === "clear") continue;
      const place = this.missing.get(label);
      const content = changing.get(intent.address);
      if (
        place !== undefined &&
        content !== undefined &&
        valueAt(content ?? undefined, place) !== PLACEHOLDER
      ) {
        // What needed it is left as the target has it.
        this.ledger.secrets.delete(label);
        continue;
      }
      // A secret alone changes nothing that is compared: the entity is sent as the target has it.
      if (!changing.has(intent.address)) {
        if (intent.write === "create" && intent.source === null) {
          this.ledger.secrets.delete(label);
          continue;
        }
        this.sendSecretAlone(intent.address);
        changing.set(intent.address, undefined);
      }
      if (intent.write === "create" && intent.source === null) {
        this.ledger.blocked.push({
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
    this.ledger.same.splice(this.ledger.same.indexOf(address), this.ledger.same.includes(address) ? 1 : 0);
    this.ledger.change({
      address,
      action: "update",
      class: "change",
      before,
      after: draft.finish(other, this.meanings),
      fields: [],
    });
  }
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
