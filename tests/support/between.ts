/** A call that is on its way to a server. */
export interface Passing {
  /** The path of its URL. */
  readonly path: string;
  /** Its body as JSON. */
  readonly body: { readonly files: Record<string, unknown> };
  /** Lets it reach the server, with another body where one is given, and gives back the answer. */
  forward(body?: unknown): Promise<Response>;
}

/** Something between a client and a server that has its own mind about what passes. */
export interface Between extends AsyncDisposable {
  readonly url: string;
  /** The last words of the paths that passed, in order. */
  readonly calls: string[];
  /** What becomes of a call; replaced at will. */
  behave: (passing: Passing) => Promise<Response>;
}

/** Stands in front of a server; by default it lets everything pass. */
export function between(target: string): Between {
  const calls: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      calls.push(pathname.split("/").at(-1) ?? "");
      const text = await request.text();
      return self.behave({
        path: pathname,
        body: JSON.parse(text === "" ? "{}" : text) as Passing["body"],
        async forward(body) {
          const sent = body === undefined ? text : JSON.stringify(body);
          const answer = await fetch(target + pathname + search, {
            method: request.method,
            headers: {
              authorization: request.headers.get("authorization") ?? "",
              "content-type": "application/json",
            },
            ...(sent === "" ? {} : { body: sent }),
          });
          return new Response(await answer.arrayBuffer(), {
            status: answer.status,
            headers: { "content-type": answer.headers.get("content-type") ?? "application/json" },
          });
        },
      });
    },
  });
  const self: Between = {
    url: `http://127.0.0.1:${server.port}`,
    calls,
    behave: (passing) => passing.forward(),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
  return self;
}
