import type { Address, Place } from "../model/address.ts";
import type { Pointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import type { Base } from "./base.ts";
import type { Mode, Plan, Target } from "./plan.ts";

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
