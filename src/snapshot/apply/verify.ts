import { isEmpty, isRawNumber, type Json } from "../../json/value.ts";
import { kindOf, type Address } from "../model/address.ts";
import { compare, type FieldChange } from "../model/compare.ts";
import { sameContent, type Meaning, type Meanings } from "../model/meanings.ts";
import { sameJson } from "../../json/equal.ts";
import { valueAt } from "../model/place.ts";
import { writePointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import { shownValue } from "../plan/field.ts";
import { flowChange, unseenIn } from "../plan/flow-change.ts";
import type { Plan } from "../plan/plan.ts";
import { meaningAfter } from "./after-meaning.ts";

/** What became of a place. */
export interface FieldOutcome {
  readonly path: string;
  /** "rewritten": it is neither what it was nor what was sent. */
  readonly state: "not_applied" | "rewritten";
  readonly planned: Json;
  readonly now: Json;
}

/** What became of an entity of the plan. */
export interface EntityOutcome {
  readonly address: Address;
  readonly state: "applied" | "not_applied" | "rewritten";
  readonly fields: readonly FieldOutcome[];
}

/** An entity outside of the plan that changed all the same. */
export interface Neighbour {
  readonly address: Address;
  readonly text: string;
}

export interface Verified {
  readonly entities: readonly EntityOutcome[];
  readonly neighbours: readonly Neighbour[];
  readonly applied: number;
  readonly notApplied: number;
  readonly rewritten: number;
  /** False when something of the plan did not arrive, or something else moved. */
  readonly ok: boolean;
}

/** Compares what the target holds after an import with what it held before and what was planned, place by place. */
export function verify(plan: Plan, before: Snapshot, after: Snapshot, meanings: Meanings): Verified {
  const entities = plan.changes.map((change): EntityOutcome => {
    const { address } = change;
    const now = meaningIn(after, address, meanings);
    if (change.action === "delete")
      return { address, state: now === undefined ? "applied" : "not_applied", fields: [] };
    const planned = meaningAfter(change, meanings);
    const leftover = change.previousAddress !== null && after.entities.has(change.previousAddress);
    if (now === undefined || planned === undefined || leftover)
      return { address, state: "not_applied", fields: [] };
    const was = meaningIn(before, change.previousAddress ?? address, meanings);
    const fields = compare(planned.meaning, now.meaning).map((field): FieldOutcome => {
      const old = was === undefined ? undefined : valueAt(was.meaning, field.pointer);
      // A server that keeps nothing in the place of an empty value did as it was told.
      const isUnsaid = field.new === undefined && holdsNothing(field.old);
      const isOld = was !== undefined && !isUnsaid && sameJson(old, field.new) && !sameJson(old, field.old);
      return {
        path: writePointer(field.pointer),
        state: isOld ? "not_applied" : "rewritten",
        planned: shownValue(address, field.pointer, field.old),
        now: shownValue(address, field.pointer, field.new),
      };
    });
    const missed = fields.some(({ state }) => state === "not_applied");
    return { address, state: missed ? "not_applied" : fields.length > 0 ? "rewritten" : "applied", fields };
  });
  const neighbours = neighboursOf(plan, before, after, meanings);
  const count = (state: EntityOutcome["state"]) => entities.filter((one) => one.state === state).length;
  return {
    entities,
    neighbours,
    applied: count("applied") + count("rewritten"),
    notApplied: count("not_applied"),
    rewritten: count("rewritten"),
    ok: count("not_applied") === 0 && neighbours.length === 0,
  };
}

function meaningIn(snapshot: Snapshot, address: Address, meanings: Meanings): Meaning | undefined {
  const entity = snapshot.entities.get(address);
  return entity === undefined ? undefined : meanings.of(entity, snapshot);
}

/** True for a text, list or object with nothing in it; numbers and false say something. */
function holdsNothing(value: Json | undefined): boolean {
  return value === "" || (typeof value === "object" && !isRawNumber(value) && isEmpty(value));
}

/** True where a flow became another in nothing that flows are made of: the server wrote what its component library adds. */
function isUnseen(
  address: Address,
  was: Json,
  is: Json,
  fields: readonly FieldChange[],
  before: Snapshot,
  after: Snapshot,
): boolean {
  if (kindOf(address) !== "flow") return false;
  const flow = flowChange(
    address,
    { content: was, surroundings: before },
    { content: is, surroundings: after },
  );
  return flow !== undefined && unseenIn(flow, fields) !== undefined;
}

function neighboursOf(plan: Plan, before: Snapshot, after: Snapshot, meanings: Meanings): Neighbour[] {
  const touched = new Set(
    plan.changes.flatMap(({ address, previousAddress }) => [address, previousAddress ?? address]),
  );
  const out: Neighbour[] = [];
  for (const { address, content } of before.entities.values()) {
    if (touched.has(address) || meanings.ignores(address)) continue;
    const now = after.entities.get(address);
    if (now === undefined) out.push({ address, text: "it is gone" });
    else if (!sameContent(content, now.content, before.content, after.content)) {
      const was = meaningIn(before, address, meanings);
      const is = meaningIn(after, address, meanings);
      const fields = was === undefined || is === undefined ? [] : compare(was.meaning, is.meaning);
      if (fields.length === 0 || isUnseen(address, content, now.content, fields, before, after)) continue;
      const places = fields.slice(0, 5).map(({ pointer }) => writePointer(pointer));
      const more = fields.length > places.length ? ` and ${fields.length - places.length} more` : "";
      out.push({ address, text: `it changed at ${places.join(", ")}${more}` });
    }
  }
  for (const address of after.entities.keys()) {
    if (!touched.has(address) && !before.entities.has(address) && !meanings.ignores(address))
      out.push({ address, text: "it appeared" });
  }
  return out;
}
