import type * as v from "valibot";
import { strongest, type Effect, type Operation } from "../api/operation.ts";
import type { Context } from "./context.ts";
import type { ArgumentSchema, FlagSchema } from "./flags.ts";
import type { Result } from "./result.ts";
import type { ProjectSource } from "../config/settings.ts";

/** Where a command takes its project and key from, and so what its requests carry. */
export type Connection =
  | ProjectSource
  /** The projects that the command's values name (`project:P…/sign-in`), reached by {@link Context.connect}; none may be. */
  | "named"
  /** No request, no variables. */
  | "none";

export type ArgumentSchemas = Record<string, ArgumentSchema>;
export type FlagSchemas = Record<string, FlagSchema>;
type Values<S extends Record<string, v.GenericSchema>> = { [K in keyof S]: v.InferOutput<S[K]> };

export interface CommandOf<A extends ArgumentSchemas, F extends FlagSchemas> {
  /** More than the one line of the route table, for the command's own help. */
  readonly description?: string;
  /** The calls that it makes, from the operation table. Its requests may have no stronger effect than these have. */
  readonly operations?: readonly Operation[];
  /** Default: "project" where there are operations, "none" where there are none. */
  readonly connection?: Connection;
  readonly args?: A;
  readonly flags?: F;
  /** Command lines that a user can copy. At least one. */
  readonly examples: readonly [string, ...string[]];
  /**
   * Set on commands that destroy something: the question that is asked on a terminal (never in scripts), which also gives the
   * command its `--force` flag.
   */
  readonly confirm?: (args: Values<A>, flags: Values<F>) => string;
  /** Its last arguments are the words of another program (`emulator exec -- COMMAND`): any number of them. */
  readonly rest?: { readonly name: string; readonly about: string };
  /** Set on commands that print a text for another program, which has no other form: they do not take `--json`. */
  readonly json?: false;
  /** Does the work. It never prints and never ends the process. */
  run(
    context: Context,
    args: Values<A>,
    flags: Values<F> & { readonly rest: readonly string[] },
  ): Promise<Result>;
}

/** A command of any shape, as the dispatcher sees it. */
export type Command = CommandOf<ArgumentSchemas, FlagSchemas>;

/** Declares a command. Everything that the program knows of it (parsing, help, completion, the tree) comes from here. */
export function command<const A extends ArgumentSchemas = {}, const F extends FlagSchemas = {}>(
  declaration: CommandOf<A, F>,
): Command {
  return declaration as unknown as Command;
}

/** What kind of project and key a command needs. */
export function connectionOf(declared: Command): Connection {
  return declared.connection ?? (declared.operations === undefined ? "none" : "project");
}

/** The strongest effect that a command's requests may have: of one that only reads, the client refuses every other call. */
export function effectOf(declared: Command): Effect {
  return strongest((declared.operations ?? []).map(({ effect }) => effect));
}
