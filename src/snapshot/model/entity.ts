import type { Json } from "../../json/value.ts";
import type { Address } from "./address.ts";

/** How an entity lies in the files. */
export type Storage =
  /** A file of its own. `list` names the member of the folder's index that lists it, where there is one. */
  | { readonly form: "file"; readonly path: string; readonly index?: IndexEntry }
  /** An item of a list in a file: `applications.json`, member `applications`. */
  | { readonly form: "item"; readonly path: string; readonly member: string }
  /** What a file holds beside items and index lists. */
  | { readonly form: "rest"; readonly path: string; readonly without: readonly string[] }
  /** A folder of a flow or widget. */
  | {
      readonly form: "folder";
      readonly path: string;
      readonly index: IndexEntry;
      /** Name of each screen's file without folder and extension, by screen id. */
      readonly screenFiles: Readonly<Record<string, string>>;
    };

/** A line of an index file: `flows/flows.json`, member `flows`, entry `sign-in`. */
export interface IndexEntry {
  readonly path: string;
  readonly member: string;
  readonly entry: string;
}

/** One thing that a snapshot configures. */
export interface Entity {
  readonly address: Address;
  /** Its id in its own environment, where its address is made of its name. */
  readonly id: string | undefined;
  /**
   * What it holds, as it was read. A flow or widget is one object: `metadata`, the members of its contents (`startTask`, `tasks`),
   * `screens` by screen id, and `files` for what is not known.
   */
  readonly content: Json;
  readonly storage: Storage;
}

/** Something wrong with a snapshot's files. */
export interface Problem {
  readonly level: "error" | "warning";
  readonly code: string;
  readonly path: string;
  /** Keys and indexes from the file's root to the value. */
  readonly at: readonly (string | number)[];
  readonly text: string;
}
