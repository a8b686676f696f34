import { parseJson } from "../../json/parse.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import type { Operation } from "../../api/operation.ts";
import type { EmulatorClock } from "../clock.ts";
import type { Incoming, Interceptor } from "../requests/server.ts";
import { isDropped, isLike } from "./faults.ts";
import { CONTROL_PATH } from "./operations.ts";

/** A request as it is kept; what of it is secret is masked when it is read. */
interface Entry {
  readonly number: number;
  readonly incoming: Incoming;
  readonly time: number;
  readonly status: number;
  readonly error: Json | undefined;
}

/** A request as tests read it. */
export interface Request {
  /** Counts up from 1. */
  readonly number: number;
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The project that its authorization names. */
  readonly project: string;
  /** Which call it was ("User Create"); empty where it is none that is served. */
  readonly operation: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the body; its text where it is none; absent where there was none. */
  readonly body?: Json;
  /** Of the reply; 0 where the connection was cut in its place. */
  readonly status: number;
  /** The body of an error reply. */
  readonly error?: Json;
}

export interface RequestQuery {
  readonly method?: string | null | undefined;
  /** `*` stands for anything. */
  readonly path?: string | null | undefined;
  readonly status?: string | null | undefined;
  readonly project?: string | null | undefined;
  /** Only those with a higher number. */
  readonly since?: string | null | undefined;
}

/** So many requests are kept, the latest. */
const KEPT = 1000;

/** Longer bodies are not kept: a thousand of them would fill the memory. */
const LONGEST = 64 * 1024;

/** What was asked of the emulator, for tests that assert on it. */
export class Journal {
  private readonly clock: EmulatorClock;
  private readonly find: (method: string, path: string) => Operation | undefined;
  private entries: Entry[] = [];
  private count = 0;

  /** @param find gives the operation that answers a path. */
  constructor(clock: EmulatorClock, find: (method: string, path: string) => Operation | undefined) {
    this.clock = clock;
    this.find = find;
  }

  /** What stands around requests, and keeps them. */
  readonly interceptor: Interceptor = async (incoming, next) => {
    if (incoming.path.startsWith(CONTROL_PATH)) return next();
    const number = ++this.count;
    const time = this.clock.now();
    const response = await next();
    const status = isDropped(response) ? 0 : response.status;
    const isText =
      status >= 400 && response.headers.get("content-type")?.startsWith("application/json") === true;
    const error = isText ? await response.text() : undefined;
    const kept = incoming.body.length > LONGEST ? { ...incoming, body: TOO_LONG } : incoming;
    this.entries.push({
      number,
      incoming: kept,
      time,
      status,
      error: error === undefined ? undefined : json(error),
    });
    if (this.entries.length > KEPT * 2) this.entries = this.entries.slice(-KEPT);
    return error === undefined ? response : new Response(error, { status, headers: response.headers });
  };

  /** Those that fit, the oldest first. */
  read(query: RequestQuery): Request[] {
    return this.entries
      .slice(-KEPT)
      .filter(({ number, incoming, status }) => {
        if (query.method && query.method.toUpperCase() !== incoming.method) return false;
        if (query.path && !isLike(query.path, incoming.path)) return false;
        if (query.status && Number(query.status) !== status) return false;
        if (query.project && projectOf(incoming) !== query.project) return false;
        return !query.since || number > Number(query.since);
      })
      .sort((a, b) => a.number - b.number)
      .map((entry) => this.shown(entry));
  }

  clear(): void {
    this.entries = [];
  }

  private shown({ number, incoming, time, status, error }: Entry): Request {
    const { method, path, query, headers, body } = incoming;
    const operation = this.find(method, path);
    const content = body === "" ? undefined : json(body);
    return {
      number,
      time,
      method,
      path,
      query: masked(Object.fromEntries(query), operation?.secretInput ?? []) as Record<string, string>,
      project: projectOf(incoming),
      operation: operation === undefined ? "" : `${operation.noun} ${operation.verb}`,
      headers: maskedHeaders(headers),
      ...(content === undefined ? {} : { body: masked(content, operation?.secretInput ?? []) }),
      status,
      ...(error === undefined ? {} : { error }),
    };
  }
}

const TOO_LONG = "(too long to be kept)";
const MASK = "***";

function json(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    // A form: its secrets are masked by name, as members are.
    return /^[^\s{["]+=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : text;
  }
}

function projectOf({ headers }: Incoming): string {
  return /^bearer\s+(P[^\s:]*)/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
}

function maskedHeaders(headers: Headers): Record<string, string> {
  const out: Record<string, string> = {};
  headers.forEach((content, name) => {
    if (name === "authorization") out[name] = maskedAuthorization(content);
    else out[name] = name === "cookie" ? content.replaceAll(/=[^;]*/g, `=${MASK}`) : content;
  });
  return out;
}

/** The scheme and the project stay, for they say who asked. */
function maskedAuthorization(content: string): string {
  const shown = /^\S+(?:\s+P[^\s:]*)?/.exec(content)?.[0] ?? "";
  if (shown === content) return content;
  return shown.includes(" ") ? `${shown}:${MASK}` : `${shown} ${MASK}`;
}

/** Names of members that hold secrets, in whichever call. */
const SECRET = /password|secret|cleartext|token$|jwt|^code$|assertion|pendingref|privatekey|^seed$/i;

/** The content with secrets masked: at the paths that the operation names, and by what members are called. */
function masked(content: Json, paths: readonly string[]): Json {
  return mask(
    content,
    paths.map((path) => path.split(".")),
  );
}

function mask(content: Json, paths: readonly (readonly string[])[]): Json {
  if (paths.some((path) => path.length === 0)) return MASK;
  const below = (name: string) =>
    paths.filter(([step]) => step === "*" || step === name).map((path) => path.slice(1));
  if (Array.isArray(content)) return content.map((item, index) => mask(item, below(String(index))));
  if (!isJsonObject(content)) return content;
  return Object.fromEntries(
    Object.entries(content).map(([name, member]) =>
      SECRET.test(name) && (typeof member === "string" || isJsonObject(member))
        ? [name, MASK]
        : [name, mask(member, below(name))],
    ),
  );
}
