import type { PROJECT_TABLES } from "../store/schema.ts";

/** The file of an export's folder that says what the others are. */
export const MANIFEST = "emulator.json";

/** What the manifest says of itself, so that a seed's folder is known for an export. */
export const FORMAT = "descope-emulator-export";

/** Changes whenever the folder's layout does; what its documents mean changes with the state's own number. */
export const FORMAT_VERSION = 1;

/** The folder of what belongs to the company and to none of its projects. */
export const COMPANY_FOLDER = "company";

export function projectFolder(id: string): string {
  return `projects/${id}`;
}

/** Where below a project's folder its snapshot lies. */
export const SNAPSHOT_FOLDER = "snapshot";

/** Holds the files of a snapshot that cannot be files of a folder as they are: an odd name, base64 that is not quite. */
export const SNAPSHOT_REST = "snapshot-files.ndjson";

/** How the rows of a table travel. */
export type Carriage =
  /** One file, a row a line; its lines stand in the order of these columns. */
  | { readonly kind: "rows"; readonly file: string; readonly order: string }
  /** A file for each kind of record (tenants, roles, keys), a row a line. */
  | { readonly kind: "by kind" }
  /** One user a line; all that users are found by is made anew of them. */
  | { readonly kind: "users"; readonly file: string }
  /** The folder of a snapshot. */
  | { readonly kind: "snapshot" }
  /** Not at all: it is made of the users. */
  | { readonly kind: "derived" };

const rows = (file: string, order: string): Carriage => ({ kind: "rows", file: `${file}.ndjson`, order });

/** How each table of a project is carried. A table that is added to the state has to be named here: the type asks for it. */
export const CARRIAGE: Readonly<Record<(typeof PROJECT_TABLES)[number], Carriage>> = {
  records: { kind: "by kind" },
  users: { kind: "users", file: "users.ndjson" },
  user_counts: { kind: "derived" },
  login_ids: { kind: "derived" },
  user_links: { kind: "derived" },
  audit: rows("audit", "seq"),
  relations: rows("relations", "seq"),
  relation_changes: rows("relation-changes", "seq"),
  snapshot_files: { kind: "snapshot" },
  secrets: rows("secrets", "owner, entity, type"),
  challenges: rows("challenges", "id"),
  sessions: rows("sessions", "id"),
  logins: rows("logins", "seq"),
};

export function recordsFile(kind: string): string {
  return `records/${encodeURIComponent(kind)}.ndjson`;
}

/** The kind of the records in a file; undefined for any other file. */
export function kindOfRecords(file: string): string | undefined {
  const found = /^records\/([^/]+)\.ndjson$/.exec(file);
  return found === null ? undefined : decodeURIComponent(found[1] as string);
}

/** Whether a path below an export's folder is one that an export writes, by its form. */
export function isOfExport(path: string): boolean {
  if (path === MANIFEST) return true;
  const within = /^(?:company|projects\/[\w-]+)\/(.+)$/.exec(path)?.[1];
  if (within === undefined) return false;
  return within.startsWith(`${SNAPSHOT_FOLDER}/`) || /^(?:records\/)?[\w%.-]+\.ndjson$/.test(within);
}
