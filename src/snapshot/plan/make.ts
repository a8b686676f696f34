import { byCodePoint } from "../../json/print.ts";
import { namingNothing } from "../model/address.ts";
import { Meanings } from "../model/meanings.ts";
import { Entities } from "./entities.ts";
import type { PlanInput } from "./input.ts";
import { Ledger } from "./ledger.ts";
import { Obstacles } from "./obstacles.ts";
import type { Plan } from "./plan.ts";
import { findRenames } from "./renames.ts";
import { Scope } from "./scope.ts";
import { SecretIntents } from "./secret-intents.ts";

/** Makes a plan: what would change in the target, what is left alone and why, and what stands in the way. Pure. */
export function makePlan(input: PlanInput): Plan {
  const { ours, theirs } = input;
  const meanings = new Meanings(input.ignore);
  const scope = new Scope(input);
  const ledger = new Ledger(input, meanings);
  const secrets = new SecretIntents(input, meanings, scope, ledger);
  const entities = new Entities(input, meanings, scope, secrets, ledger);
  const obstacles = new Obstacles(input, meanings, ledger);
  const addresses = [...new Set([...ours.entities.keys(), ...theirs.entities.keys()])].sort(byCodePoint);
  for (const address of addresses) {
    if (meanings.ignores(address) || !scope.has(address)) continue;
    const mine = ours.entities.get(address);
    const other = theirs.entities.get(address);
    if (mine !== undefined && other !== undefined) entities.both(mine, other);
    else if (mine !== undefined) entities.onlyOurs(mine);
    else if (other !== undefined) entities.onlyTheirs(other);
  }
  findRenames(input, meanings, ledger);
  secrets.declared();
  obstacles.protections();
  obstacles.references();
  ledger.warnings.push(...namingNothing(input, addresses), ...scope.unusedChoices());
  return ledger.finish();
}
