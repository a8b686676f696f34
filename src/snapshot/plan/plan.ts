import type { Picture } from "../../flow/draw/picture.ts";
import type { Json } from "../../json/value.ts";
import type { Address } from "../model/address.ts";
import type { IndexEntry } from "../model/entity.ts";
import type { MeaningHash } from "../model/meanings.ts";
import type { NoiseKind } from "../model/normalise.ts";
import type { Recorded, Shape } from "./base.ts";

/** The schema's name. Members may be added under one number; another number is another form. */
export const PLAN_SCHEMA = "descope-plan/1";

/** "sync" may delete, "apply" never does. */
export type Mode = "apply" | "sync";

/** Why a plan cannot be applied. */
export type BlockCode =
  /** Both sides changed one thing differently since the base. */
  | "conflict"
  /** A rule of the environment forbids it. */
  | "protected"
  /** Something that would be there still refers to what would not. */
  | "still-referenced"
  /** It refers to something that would not be there. */
  | "dangling-reference"
  /** A secret would be needed that no source is named for. */
  | "secret-missing"
  /** A secret stands in the folder where an export has a placeholder. */
  | "secret-in-folder"
  /** A text like `##X##` or `${X}` was left to be filled in. */
  | "unresolved-marker"
  /** The server said no to the import. */
  | "validation";

export interface Blocked {
  readonly code: BlockCode;
  readonly address: string;
  readonly text: string;
}

export interface Target {
  readonly project: string;
  readonly baseUrl: string;
  /** As the project list has it; absent where the key may not read it. */
  readonly name?: string;
  /** "production" or "". */
  readonly environment?: string;
}

/** A member that changes. */
export interface PlannedField {
  readonly path: string;
  readonly op: "add" | "remove" | "change" | "reorder";
  /** Null where there is no value, and where the value is a secret. */
  readonly old: Json;
  readonly new: Json;
  /** The values are not shown: "set" and "not set" stand in their place. */
  readonly sensitive: boolean;
  readonly from: "folder" | "overlay";
}

export interface Risk {
  readonly code: string;
  readonly level: "high" | "medium" | "note";
  readonly text: string;
}

/** What is sent for an entity. */
export interface After {
  readonly content: Json;
  /** Hash of what it means. */
  readonly hash: MeaningHash;
  /** Contents of the assets that it refers to, by file name. */
  readonly assets: Readonly<Record<string, string>>;
  /** What the ids in it stand for. */
  readonly ids: Readonly<Record<string, Address>>;
  /** How it lay in the folder: its file, the list that it is an item of, or the files of its screens by their ids. */
  readonly file?: string;
  readonly list?: { readonly path: string; readonly member: string };
  /** Where a folder of newer versions lists it. */
  readonly index?: IndexEntry;
  readonly screenFiles?: Readonly<Record<string, string>>;
}

/** A change of a flow in its own words. */
export interface GraphChange {
  readonly op: "add" | "remove" | "change";
  /** "step", "edge", "branch", "screen", "text", … */
  readonly subject: string;
  /** "behaviour", "text", "look" or "naming". */
  readonly weight: string;
  /** The id of the step that it belongs to; null for the flow's own settings. */
  readonly step: string | null;
  /** The step in words. */
  readonly heading: string | null;
  readonly words: string;
  /** Of scripts and other long texts, line by line: each begins with "+", "-", a space or "@@". */
  readonly lines: readonly string[];
}

export type Action = "create" | "update" | "rename" | "delete";

export interface Change {
  readonly address: Address;
  readonly kind: string;
  readonly action: Action;
  /** How it was told: against a base, or by the two sides alone. */
  readonly class: "change" | "conflict" | "resolved";
  /** Hash of what the target's entity means; null where there is none. */
  readonly before: MeaningHash | null;
  /** What the folder wants, for the receipt: another thing than `after` where parts are left as the target has them. */
  readonly desired: Wanted | null;
  /** Null for a delete. */
  readonly after: After | null;
  readonly previousAddress: Address | null;
  readonly fields: readonly PlannedField[];
  /** In the words of flows: steps, edges, conditions. */
  readonly graph: readonly GraphChange[];
  /** Of a flow: what to draw, both states in one. */
  readonly picture?: Picture;
  readonly risk: readonly Risk[];
  readonly noiseHidden: number;
  readonly references: readonly Address[];
}

/** What was wanted of an entity, as hashes. */
export interface Wanted {
  readonly hash: MeaningHash;
  /** Of settings, where it is not that of `after`. */
  readonly shape?: Shape;
}

export interface SecretIntent {
  readonly address: Address;
  /** Place of what holds the secret within the entity; empty for the entity itself. */
  readonly at: string;
  readonly name: string;
  readonly write: "keep" | "create" | "rotate" | "clear";
  /** `env:NAME`, `file:path` or "secrets-input"; null where none is named. */
  readonly source: string | null;
  readonly version: number | null;
}

/** What differs and is left as the target has it. */
export interface LeftAlone {
  readonly address: Address;
  readonly fields: readonly string[];
  readonly why: string;
}

/** Why members are left alone that the target has and the folder has not. */
export const ONLY_THERE = "only the target has it";

export interface Conflict {
  /** An address with a pointer. */
  readonly at: string;
  /** Absent where the base does not hold values. */
  readonly last?: Json;
  readonly ours: Json;
  readonly theirs: Json;
}

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly rename: number;
  readonly delete: number;
  readonly same: number;
  readonly drift: number;
  readonly conflict: number;
  readonly kept: number;
  readonly unmanaged: number;
  readonly noiseHidden: number;
  /** Secrets that are written. */
  readonly secrets: number;
}

/** A plan, reviewed as it is and applied as it was reviewed. */
export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  readonly tool: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly normalizer: number;
  readonly mode: Mode;
  /** `dp1-` and 64 hexadecimal digits: what the plan means, whoever made it and when. */
  readonly fingerprint: string;
  readonly target: Target;
  readonly source: {
    readonly path: string;
    readonly git?: string;
    readonly dirty?: boolean;
    readonly overlay?: string;
    /** Flags that the plan was made with, in words of a command line: an apply that makes it again needs them too. */
    readonly flags?: readonly string[];
  };
  readonly base: {
    readonly kind: "receipt" | "git" | "folder" | "none";
    readonly fingerprint?: string;
    readonly label?: string;
  };
  readonly scope: { readonly only: readonly string[]; readonly except: readonly string[] };
  /** Places that are no part of the comparison, here and when the plan is applied. */
  readonly ignore: readonly string[];
  readonly protection: "production" | "none" | "unknown";
  readonly allowDelete: number | null;
  /** False when something could not be read or compared. */
  readonly complete: boolean;
  readonly applyable: boolean;
  readonly blocked: readonly Blocked[];
  readonly summary: Summary;
  readonly changes: readonly Change[];
  readonly secrets: readonly SecretIntent[];
  /** Hashes of what the target means of all that is touched or referred to; null for what is not there. */
  readonly observed: Readonly<Record<Address, MeaningHash | null>>;
  /**
   * Of all that the target held: the first digits of what it meant, so that an apply can name what moved beside the plan. Only in
   * plans that are kept.
   */
  readonly state?: Readonly<Record<Address, string>>;
  readonly conflicts: readonly Conflict[];
  readonly drift: readonly LeftAlone[];
  readonly kept: readonly LeftAlone[];
  /** What the receipt is to hold of entities that are left alone: what the base said, or what was resolved for the target. */
  readonly accepted: Readonly<Record<Address, Recorded>>;
  /** What the target alone has. */
  readonly unmanaged: readonly Address[];
  /** What is the same on both sides. */
  readonly same: readonly Address[];
  readonly noise: Readonly<Partial<Record<NoiseKind, number>>>;
  /** Hidden differences by address, where they were asked for. */
  readonly noiseList?: readonly string[];
  readonly warnings: readonly string[];
  /** Hash of all members but this one and `createdAt`: a plan that was edited is refused. */
  readonly checksum: string;
}
