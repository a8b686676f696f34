/** One request as a scripted server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | null;
  readonly headers: Headers;
  /** The body as JSON, undefined without one. */
  readonly body: unknown;
  readonly text: string;
}

/** What the server says to one request. Default status 200. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the answer. */
  readonly delay?: number;
}

export interface ScriptedServer extends Disposable {
  readonly url: string;
  readonly seen: Seen[];
  /** Fails when a request came that no answer was written for. */
  verify(): void;
}

/**
 * A server on the loopback with answers written beforehand: by "METHOD /path", one for all requests or a list that is used up one by
 * one (its last entry stays). What nobody expected is answered with 599 and fails `verify`.
 */
export function scriptedServer(
  answers: Readonly<Record<string, Answer | readonly Answer[]>>,
): ScriptedServer {
  const seen: Seen[] = [];
  const unexpected: string[] = [];
  const left = new Map(Object.entries(answers).map(([key, value]) => [key, [value].flat() as Answer[]]));
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const url = new URL(request.url);
      const text = await request.text();
      seen.push({
        method: request.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        authorization: request.headers.get("authorization"),
        headers: request.headers,
        body: text === "" ? undefined : (JSON.parse(text) as unknown),
        text,
      });
      const key = `${request.method} ${url.pathname}`;
      const queue = left.get(key) ?? left.get("*");
      if (queue === undefined) {
        unexpected.push(key);
        return Response.json({ errorCode: "TEST", errorDescription: `unexpected ${key}` }, { status: 599 });
      }
      const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? {};
      if (answer.delay !== undefined) await Bun.sleep(answer.delay);
      const body = answer.raw ?? JSON.stringify(answer.body ?? {});
      return new Response(body as Bun.BodyInit, {
        status: answer.status ?? 200,
        headers: { "content-type": "application/json", ...answer.headers },
      });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    seen,
    verify() {
      if (unexpected.length > 0) throw new Error(`nobody expected ${unexpected.join(", ")}`);
    },
    [Symbol.dispose]: () => void server.stop(true),
  };
}
