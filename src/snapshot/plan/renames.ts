import { kindOf } from "../model/address.ts";
import { compare } from "../model/compare.ts";
import type { Entity } from "../model/entity.ts";
import type { Meanings } from "../model/meanings.ts";
import type { PlanInput } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import { risksOf } from "./risk.ts";

/** What one side alone has and the other too under the same id was renamed. */
export function findRenames(input: PlanInput, meanings: Meanings, ledger: Ledger): void {
  const { theirs, ours } = input;
  for (const [index, change] of ledger.changes.entries()) {
    if (change.action !== "create") continue;
    const id = ours.entities.get(change.address)?.id;
    if (id === undefined) continue;
    const previous = ledger.unmanaged.find(
      (address) => kindOf(address) === change.kind && theirs.entities.get(address)?.id === id,
    );
    const other = previous === undefined ? undefined : theirs.entities.get(previous);
    if (previous === undefined || other === undefined || change.after === null) continue;
    const left = meanings.of(other, theirs);
    const mine = ours.entities.get(change.address) as Entity;
    const right = meanings.of(mine, ours);
    ledger.unmanaged.splice(ledger.unmanaged.indexOf(previous), 1);
    ledger.observed.delete(change.address);
    ledger.observed.set(previous, left.hash);
    ledger.changes[index] = {
      ...change,
      action: "rename",
      before: left.hash,
      previousAddress: previous,
      fields: compare(left.meaning, right.meaning).map((field) => ledger.field(change.address, field)),
      risk: risksOf(change.address, left.meaning, right.meaning),
    };
    // The target has its secrets under the old name.
    for (const [label, intent] of ledger.secrets)
      if (intent.address === change.address && intent.write === "create" && intent.source === null)
        ledger.secrets.delete(label);
  }
}
