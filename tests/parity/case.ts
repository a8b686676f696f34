/**
 * A number as the wire spells it: whole numbers that a double cannot hold are bigint, so that a digit which got lost shows.
 */
export type Wire =
  null | boolean | number | bigint | string | readonly Wire[] | { readonly [key: string]: Wire };

/** A file: text, bytes, or a value that is written as JSON. */
export type FileContent = string | { readonly base64: string } | { readonly [key: string]: Wire };

/** What the server says to a request; 200 with `{}` where nothing is given. */
export interface Reply {
  readonly status?: number;
  readonly body?: Wire;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  /** Content type; JSON where absent. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** By "METHOD /path", or "*" for all others; of a list one is used up per request, and its last one stays. */
export type Replies = Readonly<Record<string, Reply | readonly Reply[]>>;

/** A command line with all that surrounds it. */
export interface ParityCase {
  readonly id: string;
  readonly argv: readonly string[];
  /** Added to the environment; null takes a variable out. `{url}` stands for the server's address. */
  readonly env?: Readonly<Record<string, string | null>>;
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Beside those that all cases share. */
  readonly replies?: Replies;
  /** What is compared; everything where absent. */
  readonly compare?: readonly ("requests" | "exit" | "json" | "files")[];
  /** JSON files are compared by bytes too. */
  readonly bytes?: boolean;
  /** Wanted in place of what the other program did, where that is a defect. */
  readonly better?: Partial<Behaviour>;
}

/** A request as the server saw it. */
export interface SentRequest {
  /** "METHOD /path" */
  readonly to: string;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  /** Without members that are empty: it is free to send those or leave them out. */
  readonly body?: Wire;
  readonly authorization: string;
}

/** What a program did. */
export interface Behaviour {
  readonly exit: number | "timeout";
  readonly requests: readonly SentRequest[];
  /** Standard output, where it is a JSON object or list. The words of an error are left out. */
  readonly json?: Wire;
  /** Files that were made or changed. */
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
}

/** A case whose behaviour is known from the description of the vendor's command line and of what is wanted in place of its defects. */
export interface DescribedCase extends ParityCase {
  readonly expect: Behaviour;
}

export const PROJECT = "P2AbCdEfGhIjKlMnOpQrStUvWxYz";
export const KEY = "K2ManagementKeyForTests";
export const BEARER = `Bearer ${PROJECT}:${KEY}`;
