import type * as v from "valibot";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a call does to the project, for dry runs, questions and retries. */
export type Effect =
  /** Changes nothing. */
  | "read"
  /** Creates or changes something. */
  | "write"
  /** Deletes something, or makes a secret useless. */
  | "destroy";

const BY_STRENGTH: readonly Effect[] = ["read", "write", "destroy"];

/** The strongest of some effects; of none, "read". */
export function strongest(effects: readonly Effect[]): Effect {
  return BY_STRENGTH.findLast((effect) => effects.includes(effect)) ?? "read";
}

/** True when `effect` does no more than `limit` does. */
export function isWithin(effect: Effect, limit: Effect): boolean {
  return BY_STRENGTH.indexOf(effect) <= BY_STRENGTH.indexOf(limit);
}

/**
 * One call of the Descope API, declared once: the client sends it, the command tree lists it, the emulator routes and checks by
 * it and reports its coverage from it.
 */
export interface Operation<
  I extends v.GenericSchema = v.GenericSchema,
  O extends v.GenericSchema = v.GenericSchema,
> {
  /** The thing it works on, as in Descope's SDKs: "User", "Tenant". */
  readonly noun: string;
  /** What it does with it: "Create", "LoadAll". */
  readonly verb: string;
  readonly method: Method;
  /** With `{name}` for a part that the caller fills in. */
  readonly path: string;
  /** Other versions of the path that take and give the same; only the emulator looks at them. */
  readonly olderPaths?: readonly string[];
  /** True for a call that works on the company and needs no project. */
  readonly company?: boolean;
  /** True for a call that needs no authorization: what it works on stands in its path or its body. */
  readonly open?: boolean;
  /** True for a management call that a token of a user or an application may make too, for whoever it is of. */
  readonly byToken?: boolean;
  /** True for a call that an access key makes: "<project id>:<access key>". */
  readonly byAccessKey?: boolean;
  /** True where the body may be a form as well, as browsers and OAuth clients send it. */
  readonly form?: boolean;
  /** True where what is wrong is said in OAuth's form (RFC 6749, section 5.2), not in Descope's. */
  readonly oauth?: boolean;
  /** True for a POST that takes a query beside its body. */
  readonly query?: boolean;
  readonly effect: Effect;
  /** True where sending it twice ends as sending it once does, so that an unclear failure may be repeated. Reads always are. */
  readonly idempotent: boolean;
  /** The request: query values of a GET or DELETE, the JSON body of the others. Absent where nothing is sent. A thunk, for start-up. */
  readonly input?: () => I;
  /** The reply as the caller reads it. Absent where the body is not looked at beyond being JSON or empty. */
  readonly output?: () => O;
  /**
   * Dotted paths of secrets in the request (`password`, `users.*.password`), masked wherever they appear. `*` is any member or item, `**`
   * any number of them, `a|b` either, `a*` all that begin so.
   */
  readonly secretInput?: readonly string[];
  /** The same in the reply. */
  readonly secretOutput?: readonly string[];
  /** How to get the whole of a long list. */
  readonly paging?: Paging;
}

/** A list that comes in pages counted from 0. */
export interface Paging {
  /** The member of the request that holds the page size. */
  readonly size: string;
  /** The member of the request that holds the page number. */
  readonly page: string;
  /** The member of the reply that holds the items. */
  readonly items: string;
  /** What tells one item from another, to drop repeats when pages move underneath. */
  readonly identity: string;
  /** The largest page that is asked for. */
  readonly largest: number;
}

/** What a request says by members that several operations share. */
export type MembersOf<T extends () => v.ObjectEntries> = v.InferOutput<
  v.ObjectSchema<ReturnType<T>, undefined>
>;

/** Declares an operation. Reads are idempotent unless said otherwise; the rest are not. */
export function operation<I extends v.GenericSchema, O extends v.GenericSchema>(
  declaration: Omit<Operation<I, O>, "idempotent"> & { readonly idempotent?: boolean },
): Operation<I, O> {
  return { idempotent: declaration.effect === "read", ...declaration };
}
