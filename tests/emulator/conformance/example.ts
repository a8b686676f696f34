import * as v from "valibot";
import type { Operation } from "../../../src/api/operation.ts";
import type { Scene } from "./scene.ts";

/** What an example sends: the operation's input, and who sends it. */
export interface Sent {
  readonly input?: unknown;
  /** What stands in the query of a call that takes one beside its body. */
  readonly query?: Readonly<Record<string, string>>;
  /** What stands behind the project's id in the authorization; a call of the management API has the management key. */
  readonly token?: string | undefined;
  /** The project, where it is not the emulator's first one. */
  readonly project?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How an operation is called so that it succeeds, and what it gives back. */
export interface Example {
  readonly operation: Operation;
  /** What it gives back, each member named; what is no success says so by {@link Refusal}, what sends on by {@link Redirect}. */
  readonly reply: v.GenericSchema | Refusal | Redirect;
  /** Makes the state that the call needs by calls of the API itself, then says what is to be sent. */
  readonly prepare: (scene: Scene) => Promise<Sent>;
}

/** The one answer of an operation that cannot succeed in an emulator, and why it cannot. */
export interface Refusal {
  readonly status: number;
  readonly errorCode: string;
  readonly why: string;
}

export function isRefusal(reply: Example["reply"]): reply is Refusal {
  return "errorCode" in reply;
}

/** What sends a browser on, in place of a reply. */
export interface Redirect {
  /** The address but for its query. */
  readonly to: string;
  /** Members of the query, in any order. */
  readonly members: readonly string[];
}

export function isRedirect(reply: Example["reply"]): reply is Redirect {
  return "members" in reply;
}

/** The status of an example's answer. */
export function statusOf({ reply }: Example): number {
  return isRefusal(reply) ? reply.status : isRedirect(reply) ? 303 : 200;
}

/** The examples of a noun. */
export type Examples = readonly Example[];

type InputMaker = (scene: Scene) => unknown;

/** An operation that needs nothing but input; a function makes it where something must be there first. */
export function example(
  operation: Operation,
  reply: Example["reply"],
  input: InputMaker = () => ({}),
): Example {
  return { operation, reply, prepare: async (scene) => ({ input: await input(scene) }) };
}

/** An operation that is called with a token, in a project of its own or with headers. */
export function sending(
  operation: Operation,
  reply: Example["reply"],
  prepare: (scene: Scene) => Sent | Promise<Sent>,
): Example {
  return { operation, reply, prepare: async (scene) => prepare(scene) };
}
