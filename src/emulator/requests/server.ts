import { Failure, systemReason } from "../../failure.ts";
import type { Operation } from "../../api/operation.ts";
import { isJsonObject } from "../../json/value.ts";
import { authorize } from "./access.ts";
import { EmulatorError, errorBody, projectNotFound, scimErrorBody } from "../error.ts";
import { inOAuthForm } from "../oauth/error.ts";
import { parseBody, readBody } from "./request-body.ts";
import type { Match, Router } from "./router.ts";
import { HttpReply, type Call, type Reply } from "../service.ts";
import { validate } from "./validate.ts";
import type { World } from "../world.ts";

/** A request as it came, read whole. */
export interface Incoming {
  readonly method: string;
  /** With one slash at the start, however many came. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
  /** The address of the caller; empty where it is not known. */
  readonly remoteAddress: string;
}

/**
 * Stands around the handling of every request: it may answer in its place, or look at the answer (faults, the journal, the
 * emulator's own paths). The first of a list is the outermost.
 */
export type Interceptor = (incoming: Incoming, next: () => Promise<Response>) => Promise<Response>;

export interface ServerOptions {
  readonly world: World;
  readonly router: Router;
  readonly interceptors: readonly Interceptor[];
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Listens. @throws {Failure} "configuration" when the port is taken or the host is not this machine's. */
export function serve(options: ServerOptions): Bun.Server<undefined> {
  const { host, port } = options;
  try {
    return Bun.serve({
      hostname: host,
      port,
      // Longer bodies are refused with a reply that says why; the server's own limit would cut them without one.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      idleTimeout: 60,
      development: false,
      // Out of development two servers may otherwise listen on one port, and each gets some of the requests.
      reusePort: false,
      fetch: (request, server) => receive(options, request, server),
      error: () => failureResponse(internalError()),
    });
  } catch (error) {
    throw listenFailure(error, host, port);
  }
}

function listenFailure(error: unknown, host: string, port: number): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === "EADDRINUSE") {
    return new Failure(`Port ${port} of ${host} is taken`, {
      code: "configuration",
      hint: "Name another one, or --port 0 for any that is free.",
    });
  }
  if (typeof code !== "string") return error;
  const reason = LISTEN_REASONS[code] ?? systemReason(error);
  return new Failure(`Cannot listen on port ${port} of ${host}: ${reason}`, {
    code: "configuration",
    hint: "Check --host and --port.",
  });
}

const LISTEN_REASONS: Readonly<Record<string, string>> = {
  EINVAL: "that is no address of this machine",
  EADDRNOTAVAIL: "that is no address of this machine",
  ENOTFOUND: "that name has no address",
  EACCES: "this user may not listen there",
};

async function receive(
  options: ServerOptions,
  request: Request,
  server: Bun.Server<undefined>,
): Promise<Response> {
  const { method, headers } = request;
  const origin = headers.get("origin");
  if (method === "OPTIONS" && origin !== null) return withCors(new Response(null, { status: 204 }), headers);
  let response: Response;
  try {
    const url = new URL(request.url);
    const incoming: Incoming = {
      method,
      path: url.pathname.replace(/^\/+/, "/"),
      query: url.searchParams,
      headers,
      body: await readBody(request),
      remoteAddress: server.requestIP(request)?.address ?? "",
    };
    response = await intercepted(options, incoming, 0);
  } catch (error) {
    response = refusal(options.world, { method, path: new URL(request.url).pathname }, error);
  }
  return origin === null ? response : withCors(response, headers);
}

function intercepted(options: ServerOptions, incoming: Incoming, index: number): Promise<Response> {
  const interceptor = options.interceptors[index];
  if (interceptor === undefined) return Promise.resolve(answer(options, incoming));
  return interceptor(incoming, () => intercepted(options, incoming, index + 1));
}

function answer({ world, router }: ServerOptions, incoming: Incoming): Response {
  try {
    return operate(world, router.match(incoming.method, incoming.path), incoming);
  } catch (error) {
    return refusal(world, incoming, error);
  }
}

/** An error as a reply. What is none of its own is a fault of the emulator: what it is goes to standard error, and to nobody else. */
function refusal(
  world: World,
  { method, path }: { readonly method: string; readonly path: string },
  error: unknown,
): Response {
  const body = path.startsWith("/scim/") ? scimErrorBody : errorBody;
  if (error instanceof EmulatorError) return failureResponse(error, body);
  world.warn(
    `A fault in the emulator itself, at a ${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return failureResponse(internalError(), body);
}

/**
 * Does what a request asks for: authorization, check of its input, and the work, whole or not at all.
 *
 * @throws {EmulatorError} for a request that is refused.
 */
export function operate(world: World, { served, path }: Match, incoming: Incoming): Response {
  const { operation, handle } = served;
  const headers = new Headers({ "content-type": "application/json" });
  const header = incoming.headers.get("authorization");
  const access = authorize(world, operation, header, incoming.path, incoming.remoteAddress);
  const input = checkedInput(operation, incoming, path);
  if (input instanceof HttpReply) return responseOf(input, headers);
  const call: Call = {
    world,
    get project() {
      if (access.project === undefined) throw projectNotFound(access.authorization.project);
      return access.project;
    },
    authorization: access.authorization,
    actorId: access.actorId,
    remoteAddress: incoming.remoteAddress,
    userAgent: incoming.headers.get("user-agent") ?? "",
    header: (name) => incoming.headers.get(name),
    setHeader: (name, content) => headers.append(name, content),
  };
  const reply = world.clock.atOneMoment(() =>
    world.store.transaction(() => settled(() => handle(input as never, call))),
  );
  if (reply instanceof EmulatorError) throw reply;
  if (!(reply instanceof HttpReply)) return new Response(JSON.stringify(reply), { headers });
  return responseOf(reply, headers);
}

function responseOf(reply: HttpReply, headers: Headers): Response {
  for (const [name, content] of Object.entries(reply.headers)) headers.set(name, content);
  return new Response(reply.body, { status: reply.status, headers });
}

/**
 * The input of an operation, checked; the refusal of one that is wrong, where the operation has a form of its own for it.
 *
 * @throws {EmulatorError} for one that is wrong anywhere else.
 */
function checkedInput(
  operation: Operation,
  incoming: Incoming,
  path: Readonly<Record<string, string>>,
): object {
  const check = () => validate(operation, inputOf(operation, incoming, path)) as object;
  return operation.oauth === true ? inOAuthForm(check) : check();
}

/** What `handle` gives back, or the error that it throws where what was written before it stays. */
function settled(handle: () => Reply): Reply {
  try {
    return handle();
  } catch (error) {
    if (error instanceof EmulatorError && error.keeps) return error;
    throw error;
  }
}

/**
 * The input of an operation: the query of a GET or DELETE, the body of the others, with the query where the operation takes both;
 * and the open parts of the path.
 */
function inputOf(
  operation: Operation,
  { method, query, headers, body }: Incoming,
  path: Readonly<Record<string, string>>,
): unknown {
  if (method === "GET" || method === "DELETE") return { ...membersOf(query), ...path };
  const isForm =
    operation.form === true &&
    /^application\/x-www-form-urlencoded\b/i.test(headers.get("content-type") ?? "");
  const content = isForm ? membersOf(new URLSearchParams(body)) : parseBody(body);
  if (!isJsonObject(content)) return content;
  return { ...content, ...(operation.query === true ? membersOf(query) : {}), ...path };
}

/** The members of a query or form; one that comes several times is a list. */
function membersOf(members: URLSearchParams): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const name of new Set(members.keys())) {
    const all = members.getAll(name);
    out[name] = all.length === 1 ? (all[0] as string) : all;
  }
  return out;
}

function internalError(): EmulatorError {
  return new EmulatorError(
    500,
    "EMULATOR_FAULT",
    "This is a fault in the emulator itself",
    "The emulator's standard error says what happened",
  );
}

/** An error as a reply. */
export function failureResponse(
  error: EmulatorError,
  body: (error: EmulatorError) => Record<string, unknown> = errorBody,
): Response {
  const headers: Record<string, string> = {};
  if (error.retryAfter !== undefined) headers["retry-after"] = String(error.retryAfter);
  return Response.json(body(error), { status: error.status, headers });
}

/** Lets pages of any origin call: an emulator is there for whatever is being developed. */
function withCors(response: Response, request: Headers): Response {
  const origin = request.get("origin") ?? "*";
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-allow-credentials", "true");
  response.headers.set("access-control-expose-headers", "retry-after, www-authenticate");
  response.headers.append("vary", "origin");
  const wanted = request.get("access-control-request-headers");
  if (wanted !== null) response.headers.set("access-control-allow-headers", wanted);
  if (request.has("access-control-request-method")) {
    response.headers.set("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE");
    response.headers.set("access-control-max-age", "600");
  }
  return response;
}
