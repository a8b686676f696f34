import type * as v from "valibot";
import type { Operation } from "../api/operation.ts";
import type { Authorization } from "./requests/authorization.ts";
import type { Project } from "./project.ts";
import type { World } from "./world.ts";

/** The body of a reply: any JSON object or list, members that are undefined left out; or a whole reply of another kind. */
export type Reply = object;

/** A reply that is no JSON, or not a success: a redirect, a page, an error in OAuth's own form. */
export class HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;

  constructor(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array<ArrayBuffer> = "",
  ) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** Who calls, and where; beside the input, all that a service needs to know of a request. */
export interface Call {
  readonly world: World;
  /** The project that the call works in. @throws {EmulatorError} when the caller named none. */
  readonly project: Project;
  readonly authorization: Authorization;
  /** Who is to be named in the audit trail: the management key's id, or the user's. */
  readonly actorId: string;
  /** The address that the call came from. */
  readonly remoteAddress: string;
  readonly userAgent: string;
  /** A request header, for the few operations that read one beside the authorization. */
  header(name: string): string | null;
  /** Adds a header to the reply (a cookie). */
  setHeader(name: string, content: string): void;
}

/** What an operation's own schema makes of a request. */
export type InputOf<O> = O extends { readonly input?: () => infer S }
  ? S extends v.GenericSchema
    ? v.InferOutput<S>
    : Record<string, unknown>
  : Record<string, unknown>;

/** An operation and what answers it. */
export interface Served {
  readonly operation: Operation;
  readonly handle: (input: never, call: Call) => Reply;
}

/**
 * Serves an operation. The handler gets input that the operation's own schema has checked and gives back the reply's body, or
 * throws an {@link EmulatorError}. It runs in a transaction and must not wait for anything: so no other request comes between its
 * steps, and one that fails leaves nothing behind unless the error keeps it.
 */
export function on<O extends Operation>(
  operation: O,
  handle: (input: InputOf<O>, call: Call) => Reply,
): Served {
  return { operation, handle: handle as Served["handle"] };
}

/** Serves several operations that take the same input and do the same. */
export function onEach<O extends Operation>(
  operations: readonly O[],
  handle: (input: InputOf<O>, call: Call) => Reply,
): Served[] {
  return operations.map((operation) => on(operation, handle));
}

/** A noun's operations. */
export type Service = readonly Served[];
