import * as v from "valibot";
import { Failure } from "../failure.ts";
import { JsonSyntaxError, parseJson } from "../json/parse.ts";
import { isJsonObject, type Json } from "../json/value.ts";
import { isWithin, type Effect, type Operation } from "./operation.ts";
import { Redactor } from "./redact.ts";
import { send, type Reply, type Request, type TransportSettings } from "./transport.ts";

export { Redactor };

/** Query values or body members of a call; what is undefined is not sent. */
export type Input = Readonly<Record<string, unknown>>;

/** Calls the API. */
export interface Api {
  /**
   * Makes a call and gives back its reply as the server sent it, numbers as they were spelled. Without `input` no body is sent.
   *
   * @throws {Failure} "server" for an error reply, "bad_reply" for one that is not what the operation promises, "network" and
   * "timeout" when there is none.
   */
  call(operation: Operation, input?: Input): Promise<Json>;
  /** The same with a body made by the caller, and a reply of bytes that nothing has parsed: for bodies of many megabytes. */
  exchange(operation: Operation, body: string | Uint8Array): Promise<Uint8Array>;
  /**
   * The same with the reply's bytes handed on as they arrive.
   *
   * @param begin is asked for what takes them: once, and again for each reply that was cut off and is asked for anew.
   */
  receive(operation: Operation, body: string | Uint8Array, begin: () => Receiver): Promise<void>;
  /** Remembers a secret, to be masked in everything that is shown. */
  keepSecret(secret: string): void;
}

/** Takes the bytes of a reply. */
export interface Receiver {
  take(part: Uint8Array): void;
  /** All of them were taken. */
  end(): void;
}

/**
 * An API client over the network. Calls with a stronger effect than `limit` are not sent: that one asks for them is a fault of this
 * program, and it stands here, under every command, so that no command can forget it.
 */
export function connect(settings: TransportSettings, limit: Effect): Api {
  const { redactor } = settings;
  async function exchange(
    operation: Operation,
    path: string,
    body: string | Uint8Array | undefined,
    sink?: Request["sink"],
  ): Promise<Reply> {
    if (!isWithin(operation.effect, limit)) {
      throw new Error(
        `refused ${operation.noun}.${operation.verb}: its effect is "${operation.effect}" where at most "${limit}" is allowed`,
      );
    }
    const reply = await send(settings, {
      method: operation.method,
      path,
      body,
      idempotent: operation.idempotent,
      secretOutput: operation.secretOutput ?? [],
      sink,
    });
    if (reply.status < 200 || reply.status > 299) throw serverFailure(reply);
    return reply;
  }
  /** With a body that was made elsewhere: what is secret in it has to be found before it is shown. */
  function exchangeBytes(
    operation: Operation,
    body: string | Uint8Array,
    sink?: Request["sink"],
  ): Promise<Reply> {
    if (settings.debug !== undefined) redactor.addFrom(jsonOf(body), operation.secretInput ?? []);
    return exchange(operation, operation.path, body, sink);
  }
  /** Lets no failure repeat a secret: a server may echo what was sent to it. */
  async function discreet<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof Failure) error.message = redactor.redact(error.message);
      throw error;
    }
  }
  const api: Api = {
    async call(operation, given) {
      const input = given ?? {};
      const { path, rest } = fillPath(operation.path, input);
      redactor.addFrom(input, operation.secretInput ?? []);
      const asQuery = operation.method === "GET" || operation.method === "DELETE";
      const query = asQuery ? queryOf(rest) : "";
      const hasBody = !asQuery && operation.input !== undefined && given !== undefined;
      const reply = await exchange(operation, path + query, hasBody ? JSON.stringify(rest) : undefined);
      const content = parseReply(reply);
      if (operation.output === undefined) return content ?? {};
      if (content === undefined) throw badReply(reply, "an empty body");
      redactor.addFrom(content, operation.secretOutput ?? []);
      checkReply(operation, content, reply);
      return content;
    },
    async exchange(operation, body) {
      const reply = await exchangeBytes(operation, body);
      if (operation.output !== undefined) rejectForeign(reply);
      return reply.bytes;
    },
    async receive(operation, body, begin) {
      let gate = new ObjectGate(begin);
      const sink = () => {
        gate = new ObjectGate(begin);
        return (part: Uint8Array) => gate.take(part);
      };
      // What --debug shows of a reply is looked for in the whole of it.
      const reply = await exchangeBytes(operation, body, settings.debug === undefined ? sink : undefined);
      gate.take(reply.bytes);
      if (!gate.end()) throw foreign(reply, gate.head);
    },
    keepSecret: (secret) => redactor.add(secret),
  };
  return {
    ...api,
    call: (operation, input) => discreet(api.call(operation, input)),
    exchange: (operation, body) => discreet(api.exchange(operation, body)),
    receive: (operation, body, begin) => discreet(api.receive(operation, body, begin)),
  };
}

function jsonOf(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** Puts the members named in the path into it, and gives back what is left. */
function fillPath(path: string, input: Input): { path: string; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = { ...input };
  if (!path.includes("{")) return { path, rest };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const content = rest[name];
    delete rest[name];
    return encodeURIComponent(String(content));
  });
  return { path: filled, rest };
}

/** `?a=1&b=2`, keys sorted, form-encoded; empty when there is nothing. */
function queryOf(input: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const key of Object.keys(input).sort())
    if (input[key] !== undefined) query.append(key, String(input[key]));
  return query.size === 0 ? "" : `?${query}`;
}

/** The JSON of a reply; undefined for an empty body. @throws {Failure} "bad_reply" for what is not JSON. */
function parseReply(reply: Reply): Json | undefined {
  if (reply.bytes.length === 0) return undefined;
  const text = new TextDecoder().decode(reply.bytes);
  if (text.trim() === "") return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badReply(reply, describe(reply, text));
    throw error;
  }
}

/** A quick look at a large reply that is parsed elsewhere: it must at least begin as an object does. */
function rejectForeign(reply: Reply): void {
  if (!beginsObject(reply.bytes)) throw foreign(reply, reply.bytes);
}

function foreign(reply: Reply, bytes: Uint8Array): Failure {
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD));
  return badReply(reply, bytes.length === 0 ? "an empty body" : describe(reply, head));
}

/** How many bytes of a reply are looked at to tell what it is. */
const HEAD = 400;

function beginsObject(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, HEAD)).trimStart().startsWith("{");
}

/** Lets the bytes of a reply pass to who takes them once it is known that they begin as an object does. */
class ObjectGate {
  /** The first bytes, as long as they have not passed. */
  head: Uint8Array = new Uint8Array(0);
  private readonly begin: () => Receiver;
  private receiver: Receiver | undefined;

  constructor(begin: () => Receiver) {
    this.begin = begin;
  }

  take(part: Uint8Array): void {
    if (this.receiver !== undefined) return this.receiver.take(part);
    if (this.head.length >= HEAD) return;
    this.head = Buffer.concat([this.head, part]);
    if (!beginsObject(this.head)) return;
    this.receiver = this.begin();
    this.receiver.take(this.head);
    this.head = new Uint8Array(0);
  }

  /** Ends it. Gives back whether it was an object. */
  end(): boolean {
    this.receiver?.end();
    return this.receiver !== undefined;
  }
}

/** What came in place of JSON: its type and first words, without control characters. */
function describe(reply: Reply, text: string): string {
  const type = reply.contentType === "" ? "no type" : reply.contentType;
  const words = text
    .replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ")
    .trim()
    .slice(0, 60);
  return `${type} that is not JSON: "${words}${text.length > 60 ? "…" : ""}"`;
}

function badReply(reply: Reply, what: string): Failure {
  return new Failure(`The server's reply cannot be used: status ${reply.status} with ${what}`, {
    code: "bad_reply",
    status: reply.status,
    hint: "Check that DESCOPE_BASE_URL names the Descope API and that no proxy answers in its place.",
  });
}

function checkReply(operation: Operation, content: Json, reply: Reply): void {
  // The schema library takes lists, and numbers that are kept as they were spelled, for objects.
  if (!isJsonObject(content)) throw badReply(reply, "a body that is not an object");
  const schema = operation.output?.();
  if (schema === undefined) return;
  const checked = v.safeParse(schema, content);
  if (checked.success) return;
  const issue = checked.issues[0];
  // Built from the place and the kind alone: the issue's own message repeats the value, which may be secret.
  const place = v.getDotPath(issue) ?? "";
  const found = issue.received;
  const where = place === "" ? "the reply" : `"${place}"`;
  throw badReply(
    reply,
    `a body in which ${where} is ${found === "undefined" ? "missing" : `not ${issue.expected ?? "valid"}`}`,
  );
}

/** Puts an error reply into the words that the vendor's tools use: `[code] description: message [Status-Code:n]`. */
function serverFailure(reply: Reply): Failure {
  const { status } = reply;
  const content = errorBody(reply);
  const text = (key: string) => (typeof content?.[key] === "string" ? (content[key] as string) : "");
  const errorCode = text("errorCode");
  if (errorCode === "") {
    const what = status >= 300 && status < 400 ? "a redirect, which is never followed" : summary(reply);
    return new Failure(`[G020002] Invalid server response: ${what} [Status-Code:${status}]`, {
      code: "server",
      status,
      errorCode: "G020002",
      hint: hintFor(status, ""),
    });
  }
  const description = text("errorDescription") === "" ? "Server error" : text("errorDescription");
  const message = text("errorMessage");
  const seconds =
    errorCode === "E130429" && /^\d+$/.test(reply.retryAfter ?? "") ? `Retry-After:${reply.retryAfter} ` : "";
  return new Failure(
    `[${errorCode}] ${description}${message === "" ? "" : `: ${message}`} [${seconds}Status-Code:${status}]`,
    {
      code: "server",
      status,
      errorCode,
      hint: hintFor(status, errorCode),
    },
  );
}

function errorBody(reply: Reply): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(reply.bytes));
    return isJsonObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function summary(reply: Reply): string {
  if (reply.bytes.length === 0) return "an empty body";
  return describe(reply, new TextDecoder().decode(reply.bytes.subarray(0, 400))).replace(
    " that is not JSON",
    "",
  );
}

function hintFor(status: number, errorCode: string): string | undefined {
  if (errorCode === "E011008") return "Check the project id; a key works in its own company only.";
  if (status === 401) return "Check DESCOPE_MANAGEMENT_KEY, and that it may be used with this project.";
  if (status === 403) return "The management key lacks the permission for this.";
  if (status === 429) return "The rate limit is reached: wait, then try again.";
  if (status >= 300 && status < 400) return "Check that DESCOPE_BASE_URL names the API itself.";
  if (status >= 500) return "The service has a problem: try again in a while.";
  return undefined;
}
