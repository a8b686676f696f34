import { matchesAddress, writePlace, type Address, type Place } from "../model/address.ts";
import type { SnapshotContent } from "../content.ts";
import type { Json } from "../../json/value.ts";
import type { Meanings } from "../model/meanings.ts";
import { sameJson } from "../../json/equal.ts";
import { covers, readPointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import { Draft } from "../plan/after.ts";
import { isMergeable } from "../plan/base.ts";
import { compose, type Step } from "../plan/compose.ts";
import { isSensitive } from "../plan/field.ts";
import { ONLY_THERE, type Plan } from "../plan/plan.ts";
import { secretsIn } from "../plan/secrets.ts";

/** What is done to an entity of the folder. */
export interface RecordedChange {
  readonly address: Address;
  readonly action: "add" | "update" | "rename" | "remove";
}

/** What becomes of a folder that takes over what a project holds. */
export interface Recording {
  readonly changes: readonly RecordedChange[];
  /** Files to write, by path in the folder. */
  readonly written: ReadonlyMap<string, Json>;
  /** Files to remove. */
  readonly removed: readonly string[];
  /** Entities that only the folder has, and that are left there. */
  readonly left: readonly Address[];
  /** Places that are another in the project than an environment sets them: the environment's file is to be changed, not the folder. */
  readonly overlaid: readonly string[];
}

export interface RecordingOptions {
  /** Whether entities that the project does not have are removed from the folder. */
  readonly prune: boolean;
  /** Places that an environment sets: the folder's own value stays. */
  readonly overlay: readonly Place[];
  /** Places whose value is the project's own, and none of the folder's business. */
  readonly keep: readonly Place[];
  /** Where some are named: nothing but these entities, or these places in them. */
  readonly only: readonly Place[];
  /** Entities and places that stay as the folder has them. */
  readonly except: readonly Place[];
}

/**
 * Takes what a project holds over into a folder, so that a plan of the folder has nothing to do. Entities that mean the same keep their
 * files to the byte; of the others the project's content is taken, with the folder's ids, file names and secrets, and with the folder's
 * own values where an environment sets others.
 *
 * @param plan the plan that would bring the folder to the project: it tells what differs.
 * @param folder the folder's snapshot without an environment's values.
 */
export function recording(
  plan: Plan,
  folder: Snapshot,
  theirs: Snapshot,
  meanings: Meanings,
  { prune, overlay, keep, only, except }: RecordingOptions,
): Recording {
  const steps: Step[] = [];
  const changes: RecordedChange[] = [];
  const left: Address[] = [];
  const overlaid = new Set<string>();
  const take = (address: Address, there: Address, action: RecordedChange["action"]): void => {
    const entity = theirs.entities.get(there);
    if (entity === undefined) return;
    const mine = folder.entities.get(address);
    const parts = only.filter((place) => matchesAddress(place.address, address));
    const isInParts =
      mine !== undefined && parts.length > 0 && parts.every(({ pointer }) => pointer.length > 0);
    const draft = isInParts ? new Draft(folder, mine.content) : new Draft(theirs, entity.content);
    if (isInParts) for (const { pointer } of parts) draft.restore(pointer, entity, theirs);
    if (mine !== undefined) {
      for (const place of [...overlay, ...keep, ...except, DOMAIN])
        if (matchesAddress(place.address, address) && place.pointer.length > 0)
          draft.restore(place.pointer, mine, folder);
      if (isMergeable(address))
        for (const { pointer } of secretsIn(address, mine.content)) draft.restore(pointer, mine, folder);
    }
    const { after } = draft.finish(entity, meanings);
    steps.push({ address: there, after, previousAddress: there === address ? null : address });
    changes.push({ address: there, action });
  };
  const taken = new Set<Address>();
  for (const { address, action, previousAddress, fields, graph } of plan.changes) {
    if (action === "create") {
      if (!prune) left.push(address);
      else {
        steps.push({ address, after: null, previousAddress: null });
        changes.push({ address, action: "remove" });
      }
      continue;
    }
    const news = fields.filter(({ path }) => {
      const pointer = readPointer(path) ?? [];
      if (isSensitive(address, pointer)) return false;
      const set = overlay.find((place) => place.address === address && covers(place.pointer, pointer));
      if (set !== undefined) overlaid.add(writePlace({ address, pointer }));
      return set === undefined;
    });
    if (news.length + graph.length === 0 && action === "update") continue;
    taken.add(address);
    take(address, previousAddress ?? address, action === "rename" ? "rename" : "update");
  }
  // What only the project has in an entity is taken with it; where nothing else differs, for itself.
  for (const { address, fields, why } of plan.kept) {
    if (why !== ONLY_THERE || fields.length === 0 || taken.has(address)) continue;
    taken.add(address);
    take(address, address, "update");
  }
  for (const address of plan.unmanaged) take(address, address, "add");
  const composed = steps.length === 0 ? folder.content : compose(folder, steps);
  return { changes, ...difference(folder.content, composed), left, overlaid: [...overlaid].sort() };
}

/** A project's own domain is never another's. */
const DOMAIN: Place = { address: "project", pointer: ["domain"] };

function difference(
  before: SnapshotContent,
  after: SnapshotContent,
): { written: ReadonlyMap<string, Json>; removed: readonly string[] } {
  const written = new Map<string, Json>();
  for (const [path, value] of after) if (!sameJson(before.get(path), value)) written.set(path, value);
  return { written, removed: [...before.keys()].filter((path) => !after.has(path)) };
}
