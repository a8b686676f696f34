/** A small GitHub on the loopback: comments, issues and pull requests of one repository, as REST and GraphQL serve them. */

export interface Note {
  readonly id: string;
  readonly number: number;
  readonly author: string;
  body: string;
  /** How often it was edited. */
  edits: number;
}

export interface Issue {
  readonly number: number;
  readonly author: string;
  title: string;
  body: string;
  state: "open" | "closed";
  edits: number;
}

export interface PullRequest {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  title: string;
  body: string;
  state: "open" | "closed";
  edits: number;
}

export interface FakeGithub extends Disposable {
  readonly url: string;
  readonly repository: string;
  readonly comments: Note[];
  readonly issues: Issue[];
  readonly pulls: PullRequest[];
  /** What nobody expected. */
  readonly unexpected: string[];
}

/** Who speaks with which token. What `READ_ONLY` may not do is refused as GitHub refuses it. */
export const TOKEN = "ghs_tokenOfTheJob";
export const READ_ONLY = "ghs_tokenOfAFork";
export const BOT = "github-actions";
/** Comments and issues come in pages of this many, so that tests need few. */
const PAGE = 2;

/** What the scripts send: a query of GraphQL, or an issue, pull request or comment. */
interface Sent {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, string | number | null>>;
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly state: string;
}

export function fakeGithub(tls?: { readonly cert: string; readonly key: string }): FakeGithub {
  const repository = "acme/site";
  const state: FakeGithub = {
    url: "",
    repository,
    comments: [],
    issues: [],
    pulls: [],
    unexpected: [],
    [Symbol.dispose]: () => void server.stop(true),
  };
  let last = 100;
  const server = Bun.serve({
    port: 0,
    hostname: tls === undefined ? "127.0.0.1" : "localhost",
    ...(tls === undefined ? {} : { tls }),
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      const token = /^(?:token|Bearer) (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      if (token !== TOKEN && token !== READ_ONLY)
        return Response.json({ message: "Bad credentials" }, { status: 401 });
      const text = await request.text();
      const body = JSON.parse(text === "" ? "{}" : text) as Sent;
      const path = pathname.replace(/^\/api(\/v3)?/, "").replace(/^\//, "");
      const what = `${request.method} ${path}`;
      const denied =
        token === READ_ONLY && request.method !== "GET" && !String(body.query ?? "").startsWith("query");
      if (denied)
        return Response.json({ message: "Resource not accessible by integration" }, { status: 403 });
      if (what === "POST graphql") return graphql(body);
      const at = new RegExp(`^(\\w+) repos/${repository}/(issues|pulls)(?:/(\\d+))?(/comments)?$`).exec(what);
      if (at !== null) {
        const [, method, kind, number, comments] = at;
        if (method === "POST" && number !== undefined && comments !== undefined) {
          const note = {
            id: `IC_${++last}`,
            number: Number(number),
            author: BOT,
            body: body.body as string,
            edits: 0,
          };
          if (note.body.length > 65_536)
            return Response.json({ message: "Body is too long" }, { status: 422 });
          state.comments.push(note);
          return Response.json({ html_url: `https://github.example/${note.id}` }, { status: 201 });
        }
        if (method === "POST" && number === undefined && kind === "issues") {
          const issue: Issue = {
            number: ++last,
            author: BOT,
            title: body.title,
            body: body.body,
            state: "open",
            edits: 0,
          };
          state.issues.push(issue);
          return Response.json(issue, { status: 201 });
        }
        if (method === "POST" && number === undefined && kind === "pulls") {
          const pull: PullRequest = {
            number: ++last,
            head: body.head,
            base: body.base,
            title: body.title,
            body: body.body,
            state: "open",
            edits: 0,
          };
          state.pulls.push(pull);
          return Response.json(pull, { status: 201 });
        }
        if (method === "PATCH" && number !== undefined) {
          const list: (Issue | PullRequest)[] = kind === "issues" ? state.issues : state.pulls;
          const found = list.find((one) => one.number === Number(number));
          if (found === undefined) return Response.json({ message: "Not Found" }, { status: 404 });
          for (const key of ["title", "body", "state"] as const)
            if (body[key] !== undefined) found[key] = body[key] as never;
          found.edits++;
          return Response.json({ ...found, html_url: `https://github.example/${number}` });
        }
        if (method === "GET" && kind === "pulls" && number === undefined) {
          const found = state.pulls.filter(
            (one) =>
              one.state === searchParams.get("state") &&
              `acme:${one.head}` === searchParams.get("head") &&
              one.base === searchParams.get("base"),
          );
          return Response.json(found);
        }
      }
      state.unexpected.push(what);
      return Response.json({ message: "Not Found" }, { status: 404 });
    },
  });

  /** Answers the queries that the scripts send; a server of GitHub's would take any. */
  function graphql({ query, variables }: Sent): Response {
    const given = variables ?? {};
    if (String(query).includes("updateIssueComment")) {
      const note = state.comments.find(({ id }) => id === given.id);
      if (note === undefined || note.author !== BOT)
        return Response.json({ data: null, errors: [{ message: "not yours" }] });
      note.body = String(given.body);
      note.edits++;
      return Response.json({
        data: { updateIssueComment: { issueComment: { url: `https://github.example/${note.id}` } } },
      });
    }
    if (`${given.owner}/${given.name}` !== repository)
      return Response.json({ data: { repository: null }, errors: [{ message: "no such repository" }] });
    const isComments = String(query).includes("comments(");
    const all = isComments
      ? state.comments.filter(({ number }) => number === given.number)
      : state.issues.filter((issue) => issue.state === "open").reverse();
    const from = given.endCursor === undefined || given.endCursor === null ? 0 : Number(given.endCursor);
    const connection = {
      nodes: all.slice(from, from + PAGE).map((one) => ({ ...one, viewerDidAuthor: one.author === BOT })),
      pageInfo: { hasNextPage: from + PAGE < all.length, endCursor: String(from + PAGE) },
    };
    return Response.json({
      data: {
        repository: isComments ? { pullRequest: { comments: connection } } : { issues: connection },
      },
    });
  }

  return Object.assign(state, { url: String(server.url).replace(/\/$/, "") });
}
