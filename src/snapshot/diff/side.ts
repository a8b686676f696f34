import type { Json } from "../../json/value.ts";
import type { Address } from "../model/address.ts";
import { hashOf, Meanings, type MeaningHash } from "../model/meanings.ts";
import type { Noise } from "../model/normalise.ts";
import { ownId, type Snapshot } from "../model/read.ts";
import { surroundingsOf } from "../plan/after.ts";
import type { FlowSide } from "../plan/flow-change.ts";
import type { Plan } from "../plan/plan.ts";
import type { Receipt } from "../receipt.ts";

/** What one side of a comparison holds of an entity. */
export interface Held {
  readonly hash: MeaningHash;
  /** Absent where only the hash is known. */
  readonly meaning?: Json;
  readonly content?: Json;
  /** With what its values refer to, for flows. */
  readonly flow?: FlowSide;
  readonly noise: readonly Noise[];
  readonly id?: string | undefined;
}

/** One side of a comparison. */
export interface Side {
  /** As it is shown: a folder, `project:P2…`. */
  readonly name: string;
  readonly addresses: ReadonlySet<Address>;
  /** True when it says nothing of what it does not hold. */
  readonly isPartial: boolean;
  held(address: Address): Held | undefined;
}

export function snapshotSide(name: string, snapshot: Snapshot, meanings: Meanings): Side {
  return {
    name,
    addresses: new Set(snapshot.entities.keys()),
    isPartial: false,
    held(address) {
      const entity = snapshot.entities.get(address);
      if (entity === undefined) return undefined;
      const found = meanings.of(entity, snapshot);
      return {
        get hash() {
          return found.hash;
        },
        meaning: found.meaning,
        content: entity.content,
        flow: { content: entity.content, surroundings: snapshot },
        noise: found.noise,
        id: entity.id,
      };
    },
  };
}

/** What a plan leads to, of what it touches. */
export function planSide(name: string, plan: Plan, meanings: Meanings): Side {
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  return {
    name,
    addresses: new Set(changes.keys()),
    isPartial: true,
    held(address) {
      const after = changes.get(address)?.after;
      if (after === undefined || after === null) return undefined;
      const id = ownId(address, after.content);
      const entity = { address, id, content: after.content, storage: { form: "file", path: "" } } as const;
      const surroundings = surroundingsOf(after.assets, after.ids);
      const { meaning, noise } = meanings.of(entity, surroundings);
      const flow = { content: after.content, surroundings };
      return { hash: hashOf(meaning), meaning, content: after.content, flow, noise, id };
    },
  };
}

/** What a project was last seen to hold. Only hashes are known. */
export function receiptSide(name: string, receipt: Receipt): Side {
  return {
    name,
    addresses: new Set(Object.keys(receipt.entities)),
    isPartial: true,
    held(address) {
      const recorded = receipt.entities[address];
      return recorded === undefined ? undefined : { hash: recorded.live, noise: [] };
    },
  };
}
