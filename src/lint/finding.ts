import type { Path } from "../json/locate.ts";
import type { JsonFile } from "../json/source.ts";

/** How much a finding weighs, most first. */
export const LEVELS = ["error", "warning", "note"] as const;
export type Level = (typeof LEVELS)[number];

/** A rule: its code never changes its meaning. */
export interface Rule {
  /** "dead-end" */
  readonly code: string;
  /** Its level where nobody says otherwise. */
  readonly level: Level;
  /** What is wrong where it strikes, in one sentence. */
  readonly summary: string;
  /** Why that matters, and what to do in general. */
  readonly help: string;
  /** For rules about safety, how bad it can be: 0 to 10, as in CVSS. */
  readonly severity?: number;
}

/** What a rule found. */
export interface Found {
  readonly rule: Rule;
  /** What it is about: `flow/sign-in#/tasks/14`, `auth/oauth#/providerSettings/google`. */
  readonly address: string;
  /** Tells findings of one rule at one address apart, and stays the same when files are sorted anew. */
  readonly key?: string;
  /** One sentence with the names that people know. Never a value that may be secret. */
  readonly message: string;
  /** What to do about this one. */
  readonly fix: string;
  /** Where it stands. */
  readonly file: JsonFile;
  readonly path: Path;
  /** A lower level than the rule's own, where this case is less certain. */
  readonly level?: Level;
}

/** A finding as it is reported. */
export interface Finding {
  readonly code: string;
  readonly level: Level;
  readonly address: string;
  readonly message: string;
  readonly fix: string;
  /** The same for the same finding in every run, wherever in the file it stands. */
  readonly fingerprint: string;
  readonly place: Place;
}

export interface Place {
  readonly file: string;
  /** A JSON pointer into the file. */
  readonly pointer: string;
  /** From 1; absent where the text is not known. */
  readonly line?: number;
  readonly column?: number;
}
