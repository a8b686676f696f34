import { Failure } from "../failure.ts";
import type { Clock } from "../clock.ts";
import { authorization, type Credentials } from "./credentials.ts";
import type { Redactor } from "./redact.ts";
import { MAX_REPEATS, mayRepeat, parseRetryAfter, repeatDelay } from "./retry.ts";

export interface TransportSettings {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  /** For one call with all its repeats, in milliseconds. */
  readonly timeout: number;
  /** True only where the user turned verification off in so many words. */
  readonly insecure: boolean;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Takes lines of `--debug`, already redacted. */
  readonly debug?: ((line: string) => void) | undefined;
}

export interface Request {
  readonly method: string;
  /** Path with its query, from the slash on. */
  readonly path: string;
  /** JSON text or bytes; absent for none. */
  readonly body?: string | Uint8Array | undefined;
  /** Whether it may be sent again when it is not known what became of it. */
  readonly idempotent: boolean;
  /**
   * Takes the body of a good reply part by part, in place of its bytes. It is asked for anew at each attempt: what an earlier one has
   * taken is to be forgotten.
   */
  readonly sink?: (() => (part: Uint8Array) => void) | undefined;
  /** Paths of secrets in the reply, masked in what `--debug` shows; see {@link Operation.secretOutput}. */
  readonly secretOutput: readonly string[];
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
  readonly bytes: Uint8Array;
}

/**
 * Sends one request and reads its whole reply, of any status. It repeats what is safe to repeat, follows no redirect, always
 * verifies certificates and keeps to one deadline.
 *
 * @throws {Failure} "network" or "timeout" when there is no reply.
 */
export async function send(settings: TransportSettings, request: Request): Promise<Reply> {
  const deadline = settings.clock.now() + settings.timeout;
  for (let attempt = 0; ; attempt++) {
    const remaining = deadline - settings.clock.now();
    if (remaining <= 0) throw timedOut(settings, request);
    let wait: number;
    try {
      const reply = await sendOnce(settings, request, remaining);
      if (attempt >= MAX_REPEATS || !mayRepeat(reply.status, request.idempotent)) return reply;
      wait = repeatDelay(attempt, parseRetryAfter(reply.retryAfter, settings.clock.now()), Math.random());
      // The server asks for more time than there is: its answer is the better news.
      if (settings.clock.now() + wait >= deadline) return reply;
      settings.debug?.(`  repeated in ${Math.round(wait)} ms: status ${reply.status}`);
    } catch (error) {
      if (error instanceof SinkFailure) throw error.reason;
      if (isTimeout(error)) throw timedOut(settings, request);
      const cause = networkCause(error);
      wait = repeatDelay(attempt, undefined, Math.random());
      const mayFollow = cause.neverArrived || request.idempotent;
      if (!cause.passing || !mayFollow || attempt >= MAX_REPEATS || settings.clock.now() + wait >= deadline) {
        throw new Failure(`${request.method} ${settings.baseUrl}${pathOnly(request.path)}: ${cause.words}`, {
          code: "network",
          hint: cause.hint,
        });
      }
      settings.debug?.(`  repeated in ${Math.round(wait)} ms: ${cause.words}`);
    }
    await settings.clock.sleep(wait);
  }
}

async function sendOnce(settings: TransportSettings, request: Request, remaining: number): Promise<Reply> {
  const url = settings.baseUrl + request.path;
  const headers: Record<string, string> = {
    authorization: authorization(settings.credentials),
    "x-descope-project-id": settings.credentials.project,
    "user-agent": settings.userAgent,
    accept: "application/json",
  };
  if (request.method !== "GET" && request.method !== "DELETE") headers["content-type"] = "application/json";
  const started = settings.clock.now();
  if (settings.debug !== undefined) showRequest(settings, request, url, headers);
  const { body } = request;
  const isLarge = body instanceof Uint8Array && body.length > PART;
  if (isLarge) headers["content-length"] = String(body.length);
  const response = await fetch(url, {
    method: request.method,
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(Math.max(1, Math.ceil(remaining))),
    // Bun prints the authorization header when a certain variable is set, unless told not to.
    verbose: false,
    tls: { rejectUnauthorized: !settings.insecure },
    ...(body === undefined ? {} : { body: (isLarge ? inParts(body) : body) as Bun.BodyInit }),
    ...(isLoopback(new URL(url).hostname) ? { proxy: false as const } : {}),
  });
  const bytes = await bodyOf(response, request.sink);
  const reply: Reply = {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    retryAfter: response.headers.get("retry-after"),
    bytes,
  };
  if (settings.debug !== undefined)
    showReply(settings, request, response, bytes, settings.clock.now() - started);
  return reply;
}

/** How much of a large body is handed over at a time. */
const PART = 1 << 20;

/** A body of many megabytes in parts: the runtime copies what it is given, and would copy the whole before it sends the first byte. */
async function* inParts(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += PART) yield body.subarray(at, at + PART);
}

async function bodyOf(response: Response, sink: Request["sink"]): Promise<Uint8Array> {
  if (sink === undefined || response.status !== 200 || response.body === null) return response.bytes();
  const take = inSink(sink);
  for await (const part of response.body) inSink(() => take(part));
  return new Uint8Array();
}

function inSink<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new SinkFailure(error);
  }
}

/** What takes a body has failed, and not the network. */
class SinkFailure {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/** How much of a body `--debug` shows. */
const DEBUG_BODY = 10_000;

function showRequest(
  settings: TransportSettings,
  request: Request,
  url: string,
  headers: Record<string, string>,
): void {
  const show = (line: string) => settings.debug?.(settings.redactor.redact(line));
  show(`> ${request.method} ${url}`);
  for (const [name, content] of Object.entries(headers)) show(`> ${name}: ${content}`);
  if (request.body !== undefined) show(`> ${bodyText(settings, request.body)}`);
}

function showReply(
  settings: TransportSettings,
  request: Request,
  response: Response,
  bytes: Uint8Array,
  took: number,
): void {
  const text = new TextDecoder().decode(bytes);
  try {
    settings.redactor.addFrom(JSON.parse(text), request.secretOutput);
  } catch {
    // Not JSON: there are no paths in it, and what is known to be secret is masked by value.
  }
  const show = (line: string) => settings.debug?.(settings.redactor.redact(line));
  show(`< ${response.status} in ${Math.round(took)} ms`);
  for (const [name, content] of response.headers)
    show(`< ${name}: ${name === "set-cookie" ? "[redacted]" : content}`);
  if (bytes.length > 0) show(`< ${bodyText(settings, text)}`);
}

function bodyText(settings: TransportSettings, body: string | Uint8Array): string {
  const whole = settings.redactor.redact(typeof body === "string" ? body : new TextDecoder().decode(body));
  return whole.length <= DEBUG_BODY ? whole : `${whole.slice(0, DEBUG_BODY)}… (${whole.length} characters)`;
}

/** True for this machine's own addresses, which never go through a proxy. */
function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    host === "::1" ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}

function pathOnly(path: string): string {
  return path.replace(/\?.*$/s, "");
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
}

function timedOut(settings: TransportSettings, request: Request): Failure {
  const seconds = settings.timeout / 1000;
  return new Failure(
    `${request.method} ${settings.baseUrl}${pathOnly(request.path)}: no answer within ${seconds} s`,
    {
      code: "timeout",
      hint: request.idempotent
        ? "Try again, or allow more time with --timeout."
        : "It is not known whether the request was carried out: look before you repeat it. --timeout allows more time.",
    },
  );
}

interface NetworkCause {
  readonly words: string;
  readonly hint?: string;
  /** It may go better in a moment. */
  readonly passing: boolean;
  /** It is certain that the server did not see the request. */
  readonly neverArrived: boolean;
}

const CERTIFICATE_HINT =
  "The server's certificate is not trusted. Behind a company proxy, name its CA file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS.";

/** Puts an error of `fetch` into words of our own: its own messages advise what would print secrets. */
function networkCause(error: unknown): NetworkCause {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  const host = "Check DESCOPE_BASE_URL, the network and the proxy settings.";
  switch (code) {
    case "ECONNREFUSED":
    case "ConnectionRefused":
      return { words: "the connection was refused", hint: host, passing: true, neverArrived: true };
    case "ENOTFOUND":
      return { words: "the host name is not known", hint: host, passing: false, neverArrived: true };
    case "EAI_AGAIN":
      return {
        words: "the host name cannot be looked up just now",
        hint: host,
        passing: true,
        neverArrived: true,
      };
    case "ECONNRESET":
    case "ConnectionClosed":
    case "EPIPE":
      return {
        words: "the connection was cut before the reply was complete",
        hint: "If the server speaks plain HTTP, its address starts with http://. Otherwise look whether the request was carried out.",
        passing: true,
        neverArrived: false,
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ENETDOWN":
      return { words: "the network is not reachable", hint: host, passing: true, neverArrived: true };
    case "CERT_HAS_EXPIRED":
      return {
        words: "the server's certificate has expired",
        hint: CERTIFICATE_HINT,
        passing: false,
        neverArrived: true,
      };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        words: "the server's certificate is for another host",
        hint: CERTIFICATE_HINT,
        passing: false,
        neverArrived: true,
      };
    case "UnsupportedProxyProtocol":
      return {
        words: "the proxy in the environment is of a kind that is not supported",
        hint: "HTTP and HTTPS proxies are.",
        passing: false,
        neverArrived: true,
      };
    case "ERR_PROXY_TUNNEL":
      return {
        words: "the proxy refused the connection",
        hint: "Check HTTPS_PROXY.",
        passing: false,
        neverArrived: true,
      };
    case "EPROTO":
      return { words: "the server does not speak TLS here", hint: host, passing: false, neverArrived: true };
  }
  if (/CERT|SIGNATURE|ISSUER|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return {
      words: `the server's certificate cannot be verified (${code})`,
      hint: CERTIFICATE_HINT,
      passing: false,
      neverArrived: true,
    };
  }
  return {
    words: `the request failed${code === "" ? "" : ` (${code})`}`,
    hint: host,
    passing: false,
    neverArrived: false,
  };
}
