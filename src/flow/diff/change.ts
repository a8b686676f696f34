import type { DiffLine } from "../../diff/lines.ts";
import type { Path } from "../../json/locate.ts";
import type { Json } from "../../json/value.ts";

/** What a change is about. */
export type Subject =
  | "setting"
  | "exit"
  | "step"
  | "id"
  | "name"
  | "action"
  | "edge"
  | "branch"
  | "argument"
  | "script"
  | "error"
  | "screen"
  | "text"
  | "component"
  | "property"
  | "interaction"
  /** Something that this program does not know, compared literally. */
  | "other";

/** How much a change matters. */
export type Weight =
  /** What users can do, or what happens to them. */
  | "behaviour"
  /** Words that users read. */
  | "text"
  /** How it looks. */
  | "look"
  /** What only people who edit the flow see. */
  | "naming";

/** One change between two flows. */
export interface Change {
  readonly op: "add" | "remove" | "change";
  readonly subject: Subject;
  readonly weight: Weight;
  /** The step that it belongs to: its id on the right, or on the left where it is gone; absent for settings of the flow. */
  readonly step?: string;
  /** The screen that it belongs to. */
  readonly screen?: string;
  /** Where in the normal flow: `["tasks", "4", "arguments", "x"]`; ids are the right side's where there is one. */
  readonly path: Path;
  readonly old?: Json;
  readonly new?: Json;
  /** In words, without the symbol and the subject. */
  readonly words: string;
  /** Line by line, for scripts and other texts of several lines. */
  readonly lines?: readonly DiffLine[];
  /** For an edge that leads elsewhere now. */
  readonly edge?: {
    readonly outcome: string;
    readonly label: string;
    readonly old?: string;
    readonly new?: string;
  };
}

/** Differences that mean nothing, by kind: counted, and shown only when asked for. */
export interface Noise {
  readonly kind: "layout" | "derived" | "copies" | "library" | "ids" | "spelling";
  readonly count: number;
  /** "37 layout moves" */
  readonly words: string;
  readonly items: readonly string[];
}
