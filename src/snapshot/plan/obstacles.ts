import { kindOf, matchesAddress, writePlace, type Address } from "../model/address.ts";
import type { Meanings } from "../model/meanings.ts";
import { readPointer, touches } from "../model/pointer.ts";
import type { PlanInput } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import type { Change } from "./plan.ts";

/** What stands in the way of a plan. */
export class Obstacles {
  private readonly input: PlanInput;
  private readonly meanings: Meanings;
  private readonly ledger: Ledger;

  constructor(input: PlanInput, meanings: Meanings, ledger: Ledger) {
    this.input = input;
    this.meanings = meanings;
    this.ledger = ledger;
  }

  /** Changes that the environment protects an entity from. */
  protections(): void {
    const { protect, unprotect } = this.input;
    const used = new Set<string>();
    for (const change of this.ledger.changes) {
      if (change.action === "create") continue;
      let isBlocked = false;
      for (const rule of protect) {
        const names =
          change.previousAddress === null ? [change.address] : [change.address, change.previousAddress];
        if (!names.some((name) => matchesAddress(rule.address, name))) continue;
        const hit =
          rule.pointer.length === 0 ||
          change.action === "delete" ||
          change.fields.some(({ path }) => touches(rule.pointer, readPointer(path) ?? []));
        if (!hit) continue;
        const lifting = unprotect.filter((written) => [...names, writePlace(rule)].includes(written));
        for (const written of lifting) used.add(written);
        if (lifting.length > 0 || isBlocked) continue;
        isBlocked = true;
        this.ledger.blocked.push({
          code: "protected",
          address: change.address,
          text: `${writePlace(rule)} is protected by the environment; --unprotect ${change.address} lifts that for this plan`,
        });
      }
    }
    for (const written of unprotect)
      if (!used.has(written))
        this.ledger.warnings.push(`--unprotect ${written} names no change that is protected`);
  }

  /** What a change refers to and will not be there, and what is deleted though something refers to it. */
  references(): void {
    const { theirs, ours } = this.input;
    const gone = new Set(
      this.ledger.changes.flatMap(({ action, address, previousAddress }) =>
        action === "delete" ? [address] : previousAddress === null ? [] : [previousAddress],
      ),
    );
    const made = new Set(
      this.ledger.changes.filter(({ action }) => action !== "delete").map(({ address }) => address),
    );
    const willBe = (address: Address) =>
      made.has(address) || (theirs.entities.has(address) && !gone.has(address));
    for (const change of this.ledger.changes) {
      if (change.action === "delete") continue;
      for (const address of change.references) {
        if (!this.ledger.observed.has(address)) this.ledger.observe(address);
        if (willBe(address)) continue;
        const kind = kindOf(address);
        if (kind === "connector" && this.isNews(change, address)) {
          const hint = ours.entities.has(address)
            ? "it is left out of this plan"
            : "neither the folder nor the target has it";
          this.ledger.blocked.push({
            code: "dangling-reference",
            address: change.address,
            text: `it refers to ${address}, but ${hint}`,
          });
        } else if (kind === "connector" || kind === "flow" || theirs.content.has("roles.json")) {
          this.ledger.warnings.push(`${change.address} refers to ${address}, which the target will not have`);
        }
      }
    }
    if (gone.size === 0) return;
    for (const other of theirs.entities.values()) {
      if (gone.has(other.address) || made.has(other.address)) continue;
      for (const address of this.meanings.of(other, theirs).references)
        this.stillReferenced(address, other.address, gone, made);
    }
    for (const change of this.ledger.changes) {
      if (change.action !== "delete")
        for (const address of change.references) this.stillReferenced(address, change.address, gone, made);
    }
  }

  /** False where the target's own state refers to it already, or says nothing of connectors at all: then nothing gets worse. */
  private isNews(change: Change, reference: Address): boolean {
    const { theirs } = this.input;
    if (!theirs.content.has("connectors/connectors.json")) return false;
    const before = theirs.entities.get(change.previousAddress ?? change.address);
    return before === undefined || !this.meanings.of(before, theirs).references.has(reference);
  }

  private stillReferenced(
    address: Address,
    by: Address,
    gone: ReadonlySet<Address>,
    made: ReadonlySet<Address>,
  ): void {
    if (!gone.has(address) || made.has(address)) return;
    const renamed = this.ledger.changes.some(({ previousAddress }) => previousAddress === address);
    if (renamed) return;
    this.ledger.blocked.push({
      code: "still-referenced",
      address,
      text: `${by} still refers to it: change that too, or leave the delete out with --except ${address}`,
    });
  }
}
